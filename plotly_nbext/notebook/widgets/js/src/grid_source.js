import { debounce } from "./debounce.js";
import { Pages } from "./pages.js";
import { tiling } from "./tiles.js";

/**
 * How long rows may take before the cells that wait for them are shown empty, in milliseconds; until
 * then the table shows those of before. Where nobody answers it still has to scroll.
 */
const PATIENCE = 300;
const GRACE = 40;

/** How long a leap has to be over before what is near is fetched too, in milliseconds. */
const REST = 100;

/**
 * @typedef {object} Column
 * @property {string} uid
 * @property {string} name
 * @property {string} type What is shown of its type.
 * @property {string} [kind] What its values are, if that is said in another word.
 * @property {"" | "new" | "renamed"} [state]
 */
/** @param {Column} column */
export const kindOf = ({ type, kind = type }) => kind;

/** @typedef {string | null | undefined} Cell Text, null, or not here yet. */
/** @typedef {"edited" | "new"} Mark */
/**
 * The texts of some cells, one list per column, and the marks of some of them by `row,x`.
 *
 * @typedef {object} Tile
 * @property {(string | null)[][]} columns
 * @property {number} [view] What was true when it was made.
 * @property {Map<string, Mark>} [marks]
 */
/** @typedef {import("./selection.js").Area} Area */
/** @typedef {(area: Area, columns: Column[], signal: AbortSignal) => Promise<Tile>} FetchTile */

/** The cells of a grid as tiles that are fetched when they are shown. */
export class GridSource {
  /** @type {Column[]} */
  columns = [];
  rowCount = 0;
  /**
   * What is shown in place of a cell, if anything is.
   *
   * @type {((row: number, x: number) => string | undefined) | undefined}
   */
  overlay;
  /** @type {Pages<Tile & {area: Area}>} */
  #tiles;
  #tiling = tiling(0, 0);
  /** @type {number[]} The tiles of the cells last asked for. */
  #shown = [];
  /** @type {number[][]} Those beside them. */
  #next = [];
  /** Whether some of the cells last asked for are still on their way. */
  isLoading = false;
  #isWaiting = false;
  /** Whether nothing came while it was waited for. */
  #isSlow = false;
  #rest = debounce(() => this.#wantAll(), REST);
  #corner = { x: 0, y: 0 };
  #mostColumns;

  /**
   * @param {FetchTile} fetchTile
   * @param {object} on
   * @param {() => void} on.change Called when cells that are shown have come, or failed.
   * @param {(area: Area, tile: Tile) => void} [on.tile] Called with each tile.
   * @param {number} [on.mostColumns] Of one tile.
   */
  constructor(fetchTile, { change, tile: onTile = () => {}, mostColumns }) {
    this.#mostColumns = mostColumns;
    const fetch = async (/** @type {number[]} */ numbers, /** @type {AbortSignal} */ signal) => {
      const area = this.#tiling.area(numbers);
      const columns = this.columns.slice(...area.columns);
      const tile = await fetchTile(area, columns, signal);
      onTile(area, tile);
      return { ...tile, area };
    };
    const onChange = (/** @type {number[]} */ numbers) => {
      this.#isSlow = false;
      // Who waits draws what has come.
      if (!this.#isWaiting && numbers.some((each) => this.#shown.includes(each))) change();
    };
    this.#tiles = new Pages(fetch, { onChange });
  }

  /**
   * Say what the grid is now.
   *
   * @param {Column[]} columns
   * @param {number} rowCount
   */
  reset(columns, rowCount) {
    const names = (/** @type {Column[]} */ list) => list.map(({ uid }) => uid).join("\n");
    const isOther = names(columns) !== names(this.columns);
    this.columns = columns;
    this.rowCount = rowCount;
    this.#tiling = tiling(rowCount, columns.length, this.#mostColumns);
    if (isOther) this.#tiles.clear();
    else this.#tiles.refresh();
  }

  /** The error that keeps some of the cells last asked for from being here, if one does. */
  get failure() {
    return this.#tiles.failure(this.#shown);
  }

  /** Let what failed be asked for again. */
  retry() {
    this.#tiles.retry();
  }

  /**
   * A rectangle of cells, one list per column; undefined where they are late.
   *
   * @param {number} x0
   * @param {number} y0
   * @param {number} x1
   * @param {number} y1
   * @returns {Promise<Cell[][]>}
   */
  async cells(x0, y0, x1, y1) {
    // Asked for its shape alone.
    if (x1 <= x0 || y1 <= y0) return Array.from({ length: Math.max(0, x1 - x0) }, () => []);
    const way = { down: y0 - this.#corner.y, right: x0 - this.#corner.x };
    this.#corner = { x: x0, y: y0 };
    const { shown, next, isSteady } = this.#tiling.around([y0, y1], [x0, x1], way);
    [this.#shown, this.#next] = [shown, next];
    if (isSteady) this.#wantAll();
    else this.#tiles.want([shown]);
    this.#rest.soon();
    const isLate = (/** @type {number} */ tile) => !this.#tiles.isSettled(tile);
    if (shown.some(isLate)) {
      this.#isWaiting = true;
      await this.#tiles.settled(shown, this.#isSlow ? GRACE : PATIENCE);
      this.#isWaiting = false;
    }
    this.isLoading = shown.some(isLate);
    this.#isSlow ||= this.isLoading;
    const { length } = this.columns.slice(x0, x1);
    return Array.from({ length }, (_, x) =>
      Array.from({ length: y1 - y0 }, (_, y) => this.cell(y0 + y, x0 + x)),
    );
  }

  #wantAll() {
    // What is beside is fetched in one piece again when the nearest of it is missing.
    const next = this.#next.filter(([first = 0]) => !this.#tiles.isSettled(first));
    this.#tiles.want([this.#shown, ...next]);
  }

  /**
   * @param {number} row
   * @param {number} x
   * @returns {Cell}
   */
  cell(row, x) {
    const over = this.overlay?.(row, x);
    if (over !== undefined) return over;
    const tile = this.#find(row, x);
    if (!tile) return undefined;
    const { rows, columns } = tile.area;
    // A grid that became shorter on the server has tiles with fewer rows.
    return tile.columns[x - columns[0]]?.[row - rows[0]] ?? null;
  }

  /**
   * What is true of a cell that is here.
   *
   * @param {number} row
   * @param {number} x
   * @returns {{mark?: Mark, view: number} | undefined}
   */
  about(row, x) {
    const tile = this.#find(row, x);
    return tile && { mark: tile.marks?.get(`${row},${x}`), view: tile.view ?? 0 };
  }

  /**
   * What holds a cell, if it is here.
   *
   * @param {number} row
   * @param {number} x
   */
  #find(row, x) {
    return this.#tiles.get(this.#tiling.tileOf(row, x));
  }
}
