/** @import { Column, GridSource } from "./grid_source.js" */
/** @import { RegularTable } from "./regular_table.js" */
/** @import { Place } from "./selection.js" */
/** @import { Widths } from "./widths.js" */

import { Attributes } from "./attributes.js";
import { keepKeys } from "./dom.js";
import { kindOf } from "./grid_source.js";
import { HEADER_ROWS, ROW_HEIGHT, clamp, leftToReveal, topToReveal } from "./geometry.js";
import { interceptOffsets, newRegularTable, setColumnWidths } from "./regular_table.js";
import { HEADER } from "./selection.js";
import { scaleWheel } from "./wheel.js";

const SCROLLBAR = 16;

/** How far out of view a table is when it is first drawn. */
const NEAR = "200px";

/** There is room for so many rows, so that what is said of none of them is seen. */
const FEWEST = 3;

/** All rows are of one height: a text of several lines is shown in one. */
const BREAK = /\r\n?|\n/g;

const RIGHT = new Set(["integer", "number", "duration"]);

/** @param {Column} column */
const isRight = (column) => RIGHT.has(kindOf(column));

/**
 * How a cell looks, and what a screen reader is told of it, besides its text.
 *
 * @typedef {{is?: string, attributes?: Record<string, string>}} Look
 */

/**
 * @typedef {object} Face
 * @property {string} label What a screen reader calls the table.
 * @property {"grid" | "table"} role
 * @property {Record<string, string>} [attributes] Of the table.
 * @property {number} [mostRows] No more rows are in view; it may be made less high by styles.
 * @property {(column: Column, x: number) => [Node | string, Node | string]} header Its two rows.
 * @property {(row: number, x: number) => Look} [look] The header's row is -1; a row number's x is -1.
 * @property {() => void} [beforeDraw]
 * @property {() => void} [onDraw]
 */

/**
 * A table that shows a source of any length, with names and types above and row numbers at the left.
 *
 * While it is drawn nothing is measured, and nothing is written that is there already: layout runs
 * once a frame.
 */
export class GridTable {
  /** @type {RegularTable} */
  element;
  /** The row and the column that are drawn first. */
  corner = { row: 0, x: 0 };
  #source;
  #widths;
  #face;
  /** @type {number[]} Of all columns, as they were last drawn. */
  #columnWidths = [];
  #rowNumbersWidth = 0;
  #areWidthsKnown = false;
  #attributes = new Attributes();
  /** How much of it is seen, so that nobody has to ask the layout. */
  #view = { width: 0, height: 0 };
  #mostInView = 0;
  /** The column that stays in view, until somebody scrolls. */
  #revealed = -1;
  /** By how much the first column is scrolled. */
  #offset = "";
  #observer;
  /** Whether it was ever about to be seen: until then nothing is asked for. */
  #isNear = false;
  #nearness;

  /**
   * @param {GridSource} source
   * @param {Widths} widths
   * @param {Face} face
   */
  constructor(source, widths, face) {
    this.#source = source;
    this.#widths = widths;
    this.#face = face;
    this.element = newRegularTable();
    keepKeys(this.element);
    this.element.setDataListener((x0, y0, x1, y1) => this.#respond(x0, y0, x1, y1));
    this.element.addStyleListener(() => this.decorate());
    this.element.addEventListener("pointerover", ({ target }) => {
      if (target instanceof HTMLTableCellElement) explainIfClipped(target);
    });
    for (const press of ["pointerdown", "wheel"]) {
      this.element.addEventListener(press, () => (this.#revealed = -1));
    }
    scaleWheel(this.element, () => ({
      rowCount: source.rowCount,
      rowsInView: this.#exactRowsInView,
    }));
    // Columns need a size to be drawn: the table may still be out of the page, or folded.
    this.#observer = new ResizeObserver(() => {
      this.#view = { width: this.element.clientWidth, height: this.element.clientHeight };
      if (this.#view.width === 0) return;
      this.#fitHeight();
      this.draw();
    });
    this.#observer.observe(this.element);
    this.#nearness = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        this.#isNear = true;
        this.#nearness.disconnect();
        this.draw();
      },
      { rootMargin: NEAR },
    );
    this.#nearness.observe(this.element);
  }

  stop() {
    this.#observer.disconnect();
    this.#nearness.disconnect();
  }

  /** How many rows are wholly in view. */
  get rowsInView() {
    return Math.max(1, Math.floor(this.#exactRowsInView));
  }

  get #exactRowsInView() {
    return this.#view.height / ROW_HEIGHT - HEADER_ROWS;
  }

  /** The last row that is drawn. */
  get lastRow() {
    return this.corner.row + (this.element.querySelector("tbody")?.rows.length ?? 0) - 1;
  }

  /** Draw what the source has now. */
  draw() {
    this.#fitHeight();
    return this.element.isConnected && this.#isNear ? this.element.draw() : Promise.resolve();
  }

  /** Forget the widths of columns: they are asked for with the next draw. */
  resetWidths() {
    this.#areWidthsKnown = false;
  }

  /**
   * The cell that shows a place, if it is drawn.
   *
   * @param {Place} place
   */
  cellAt({ row, x }) {
    const section = this.element.querySelector(row === HEADER ? "thead" : "tbody");
    const line = section?.rows[row === HEADER ? 0 : row - this.corner.row];
    return x < this.corner.x ? undefined : line?.cells[1 + x - this.corner.x];
  }

  /**
   * The place that is shown where an event happened. A row number has an x of -1.
   *
   * @param {EventTarget | null} target
   * @returns {Place | undefined}
   */
  placeOf(target) {
    const cell = target instanceof Element ? target.closest("td, th") : null;
    const line = cell?.parentElement;
    if (!(cell instanceof HTMLTableCellElement) || !(line instanceof HTMLTableRowElement)) return;
    if (!this.element.contains(cell)) return undefined;
    const x = cell.cellIndex === 0 ? -1 : this.corner.x + cell.cellIndex - 1;
    const isHeader = line.parentElement?.tagName === "THEAD";
    return { row: isHeader ? HEADER : this.corner.row + line.sectionRowIndex, x };
  }

  /**
   * Scroll so far that a place is wholly in view, which is seen with the next frame.
   *
   * @param {Place} place
   */
  reveal({ row, x }) {
    const { element } = this;
    const { rowCount } = this.#source;
    if (row !== HEADER) {
      const end = element.scrollHeight - element.clientHeight;
      const rowsInView = this.#exactRowsInView;
      const top = topToReveal(row, { top: element.scrollTop, end, rowCount, rowsInView });
      if (top !== element.scrollTop) element.scrollTop = top;
    }
    this.#revealed = x;
    const width = this.#view.width - this.#rowNumbersWidth;
    const left = leftToReveal(x, this.#columnWidths, { left: element.scrollLeft, width });
    if (left !== element.scrollLeft) element.scrollLeft = left;
  }

  /**
   * What regular-table wants to know of a rectangle of the grid.
   *
   * @param {number} x0
   * @param {number} y0
   * @param {number} x1
   * @param {number} y1
   * @returns {Promise<import("regular-table/dist/esm/types").DataResponse>}
   */
  async #respond(x0, y0, x1, y1) {
    const source = this.#source;
    const [xEnd, yEnd] = [Math.min(x1, source.columns.length), Math.min(y1, source.rowCount)];
    const data = await source.cells(x0, y0, xEnd, yEnd);
    this.#applyWidths();
    const columns = source.columns.slice(x0, xEnd);
    return {
      num_columns: source.columns.length,
      num_rows: source.rowCount,
      num_row_headers: 1,
      num_column_headers: HEADER_ROWS,
      row_height: ROW_HEIGHT,
      // Two columns of one name are two columns.
      column_header_merge_depth: 0,
      merge_headers: "column",
      column_headers: columns.map((column, i) => {
        return /** @type {any[]} */ (this.#face.header(column, x0 + i));
      }),
      row_headers: Array.from({ length: Math.max(0, yEnd - y0) }, (_, row) => [String(y0 + row)]),
      // Its types know no undefined, its code takes it for an empty cell.
      data: /** @type {(string | null)[][]} */ (
        data.map((cells) => cells.map((text) => text?.replaceAll(BREAK, "↵") ?? text))
      ),
    };
  }

  #applyWidths() {
    if (this.#areWidthsKnown) return;
    this.#areWidthsKnown = true;
    if (this.#offset === "") interceptOffsets(this.element, (x, y) => this.#shift(x, y));
    const { columns, rowCount } = this.#source;
    const isLater = this.#columnWidths.length > 0;
    this.#columnWidths = columns.map((column) => this.#widths.of(column));
    this.#rowNumbersWidth = this.#widths.ofRowNumbers(rowCount);
    setColumnWidths(this.element, [this.#rowNumbersWidth, ...this.#columnWidths]);
    this.#fitHeight();
    // The widths are learned on the way: the scroll bar, and what is to be in view, are others now.
    if (!isLater) return;
    this.draw().then(() => {
      if (this.#revealed >= 0) this.reveal({ row: HEADER, x: this.#revealed });
    });
  }

  /** Be as high as the rows, and the scroll bar below them, need. */
  #fitHeight() {
    const { mostRows = 10_000 } = this.#face;
    const rows = clamp(this.#source.rowCount, FEWEST, mostRows);
    // What was filtered away leaves its room, so that the page below stays where it is.
    this.#mostInView = Math.max(this.#mostInView, rows);
    const width = this.#columnWidths.reduce((sum, each) => sum + each, this.#rowNumbersWidth);
    const bar = width > this.#view.width ? SCROLLBAR : 0;
    const height = `${(HEADER_ROWS + this.#mostInView) * ROW_HEIGHT + bar}px`;
    if (this.element.style.height !== height) this.element.style.height = height;
  }

  /**
   * Parts of a row or column that are scrolled away go below the headers, which stay.
   *
   * @param {string} x
   * @param {string} y
   */
  #shift(x, y) {
    const table = this.element.querySelector("table");
    const body = table?.tBodies[0];
    if (body) body.style.transform = y ? `translateY(-${y})` : "";
    if (!table || x === this.#offset) return;
    this.#offset = x;
    table.style.transform = `translateX(-${x})`;
    for (const { cells } of table.rows) this.#holdBack(cells[0]);
  }

  /** @param {HTMLElement | undefined} cell In the column of row numbers. */
  #holdBack(cell) {
    const transform = `translateX(${this.#offset})`;
    if (cell && cell.style.transform !== transform) cell.style.transform = transform;
  }

  /** Give the cells that are drawn their looks and their places in the whole table. */
  decorate() {
    const table = this.element.querySelector("table");
    const [head, body] = [table?.tHead, table?.tBodies[0]];
    if (!table || !head || !body) return;
    this.#face.beforeDraw?.();
    const { label, role, attributes } = this.#face;
    const { columns, rowCount } = this.#source;
    this.#attributes.set(table, {
      role,
      "aria-label": label,
      "aria-rowcount": String(HEADER_ROWS + rowCount),
      "aria-colcount": String(1 + columns.length),
      ...attributes,
    });
    const first = this.element.getMeta(head.rows[0]?.cells[1]);
    const x0 = first?.type === "column_header" ? first.x : 0;
    const top = this.element.getMeta(body.rows[0]?.cells[0]);
    const y0 = top?.type === "row_header" ? top.y : 0;
    this.corner = { row: y0, x: x0 };
    for (const line of head.rows) {
      for (const [i, cell] of [...line.cells].entries()) this.#decorateHeader(cell, x0 + i - 1, i);
    }
    for (const [j, line] of [...body.rows].entries()) {
      this.#attributes.set(line, { "aria-rowindex": String(1 + HEADER_ROWS + y0 + j) });
      for (const [i, cell] of [...line.cells].entries()) {
        if (i === 0) this.#decorateRowNumber(cell, y0 + j);
        else this.#decorateCell(cell, y0 + j, x0 + i - 1);
      }
    }
    this.#face.onDraw?.();
  }

  /**
   * @param {HTMLTableCellElement} cell
   * @param {number} x
   * @param {number} i
   */
  #decorateHeader(cell, x, i) {
    const column = i === 0 ? undefined : this.#source.columns[x];
    const width = `${i === 0 ? this.#rowNumbersWidth : this.#columnWidths[x]}px`;
    if (cell.style.width !== width) cell.style.width = width;
    const isName = cell.parentElement?.previousElementSibling === null;
    const { is = "", attributes } = (isName && column && this.#face.look?.(HEADER, x)) || {};
    this.#attributes.set(cell, {
      scope: "col",
      "aria-colindex": i === 0 ? "1" : String(2 + x),
      "data-is": column && isRight(column) ? `right ${is}` : is,
      ...attributes,
    });
  }

  /**
   * @param {HTMLTableCellElement} cell
   * @param {number} row
   */
  #decorateRowNumber(cell, row) {
    const { is = "", attributes } = this.#face.look?.(row, -1) ?? {};
    this.#holdBack(cell);
    this.#attributes.set(cell, {
      scope: "row",
      "aria-colindex": "1",
      "data-is": is,
      ...attributes,
    });
  }

  /**
   * @param {HTMLTableCellElement} cell
   * @param {number} row
   * @param {number} x
   */
  #decorateCell(cell, row, x) {
    const value = this.element.getMeta(cell)?.value;
    const { is = "", attributes } = this.#face.look?.(row, x) ?? {};
    const column = this.#source.columns[x];
    if (attributes?.["title"] === undefined && cell.title) cell.removeAttribute("title");
    const side = column && isRight(column) ? "right " : "";
    const state = value === undefined ? "late " : value === null ? "null " : "";
    this.#attributes.set(cell, {
      "aria-colindex": String(2 + x),
      "data-is": side + state + is,
      ...(value === null && { "aria-label": "null" }),
      ...attributes,
    });
  }
}

/** @param {HTMLTableCellElement} cell */
function explainIfClipped(cell) {
  if (!cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? "";
}
