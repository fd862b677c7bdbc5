import { Pages, rowsPerPage } from "./pages.js";

/** How long a page may take before the cells that wait for it are shown empty. */
const GRACE = 60;

/** How long the first page may take: column widths are taken from it. */
const FIRST_PAGE_PATIENCE = 90_000;

/** @typedef {{name: string, type: string}} Column */
/** @typedef {string | null | undefined} Cell Text, null, or not here yet. */
/**
 * @typedef {(start: number, stop: number) => Promise<(string | null)[][]>} FetchRows
 *   Gets the texts of some rows, one list per column.
 */

/** The rows of a grid as pages that are fetched when they are shown. */
export class GridSource {
  /** @type {Pages<(string | null)[][]>} */
  #pages;
  #pageSize;
  #isFirst = true;
  /** @type {number[]} The pages of the rows last asked for. */
  #shown = [];
  /** @type {Set<number>} Those of them that were handed out empty. */
  #late = new Set();

  /**
   * @param {object} grid
   * @param {Column[]} grid.columns
   * @param {number} grid.rowCount
   * @param {FetchRows} fetchRows
   * @param {() => void} redraw Called when rows that were handed out empty have come or failed.
   */
  constructor({ columns, rowCount }, fetchRows, redraw) {
    this.columns = columns;
    this.rowCount = rowCount;
    this.#pageSize = rowsPerPage(columns.length);
    const onChange = () => {
      const settled = [...this.#late].filter((page) => this.#pages.isSettled(page));
      for (const page of settled) this.#late.delete(page);
      if (settled.length > 0) redraw();
    };
    const fetchPage = (/** @type {number} */ page) => {
      const start = page * this.#pageSize;
      return fetchRows(start, Math.min(rowCount, start + this.#pageSize));
    };
    this.#pages = new Pages(fetchPage, { onChange });
  }

  /** The error that keeps some of the rows last asked for from being here, if one does. */
  get failure() {
    return this.#pages.failure(this.#shown);
  }

  /** Whether some of the rows last asked for are still on their way. */
  get isLoading() {
    return this.#late.size > 0;
  }

  /** Let what failed be asked for again. */
  retry() {
    this.#pages.retry();
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
    if (x1 <= x0 || y1 <= y0) return Array.from({ length: x1 - x0 }, () => []);
    const first = Math.floor(y0 / this.#pageSize);
    const last = Math.floor((y1 - 1) / this.#pageSize);
    this.#shown = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const neighbours = [last + 1, first - 1].filter(
      (page) => page >= 0 && page * this.#pageSize < this.rowCount,
    );
    this.#pages.want([...this.#shown, ...neighbours]);
    await this.#pages.settled(this.#shown, this.#isFirst ? FIRST_PAGE_PATIENCE : GRACE);
    this.#isFirst = false;
    this.#late = new Set(
      this.#shown.filter((page) => this.#late.has(page) || !this.#pages.isSettled(page)),
    );
    const { length } = this.columns.slice(x0, x1);
    return Array.from({ length }, (_, x) =>
      Array.from({ length: y1 - y0 }, (_, y) => this.#cell(x0 + x, y0 + y)),
    );
  }

  /**
   * @param {number} column
   * @param {number} row
   * @returns {Cell}
   */
  #cell(column, row) {
    const page = this.#pages.get(Math.floor(row / this.#pageSize));
    // A grid that became shorter on the server has pages with fewer rows.
    return page && (page[column]?.[row % this.#pageSize] ?? null);
  }
}
