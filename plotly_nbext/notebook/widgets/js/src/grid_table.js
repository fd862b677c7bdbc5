/** @import { GridSource } from "./grid_source.js" */
/** @import { RegularTable } from "./regular_table.js" */

import { keepKeys } from "./dom.js";
import { newRegularTable } from "./regular_table.js";
import { stopAfterKey } from "./scrolling.js";

/** In CSS pixels; grid_view.css says the same. */
const ROW_HEIGHT = 24;
const HEADER_ROWS = 2;
const SCROLLBAR = 16;

const NUMERIC = new Set(["integer", "number"]);

/**
 * A table that shows a source of any length, with names and types above, row numbers at the
 * left, table roles and keyboard scrolling.
 *
 * @param {GridSource} source
 * @param {object} options
 * @param {string} options.label What a screen reader calls the table.
 * @param {number} [options.mostRows] No more rows are in view; it may be made less high by styles.
 * @param {(first: number, last: number) => void} options.onDraw Called with the rows in view.
 */
export function gridTable(source, { label, mostRows = 10_000, onDraw }) {
  const table = newRegularTable();
  keepKeys(table);
  table.setAttribute("role", "region");
  table.setAttribute("aria-label", label);
  const rows = HEADER_ROWS + Math.min(source.rowCount, mostRows);
  table.style.height = `${rows * ROW_HEIGHT + SCROLLBAR}px`;
  table.setDataListener((x0, y0, x1, y1) => respond(source, x0, y0, x1, y1));
  table.addStyleListener(() => {
    decorate(table, source, label);
    onDraw(...rowsInView(table));
  });
  table.addEventListener("keydown", (event) => scrollByKey(table, source.rowCount, event));
  table.addEventListener("pointerover", ({ target }) => {
    if (target instanceof HTMLTableCellElement) explainIfClipped(target);
  });
  return table;
}

/**
 * What regular-table wants to know of a rectangle of the grid.
 *
 * @param {GridSource} source
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @returns {Promise<import("regular-table/dist/esm/types").DataResponse>}
 */
async function respond(source, x0, y0, x1, y1) {
  const data = await source.cells(x0, y0, x1, y1);
  return {
    num_columns: source.columns.length,
    num_rows: source.rowCount,
    num_row_headers: 1,
    num_column_headers: HEADER_ROWS,
    // Two columns of one name are two columns.
    column_header_merge_depth: 0,
    merge_headers: "row",
    column_headers: source.columns.slice(x0, x1).map(({ name, type }) => [name, type]),
    row_headers: Array.from({ length: y1 - y0 }, (_, row) => [String(y0 + row)]),
    // Its types know no undefined, its code takes it for an empty cell.
    data: /** @type {(string | null)[][]} */ (data),
  };
}

/**
 * Give the cells that were just drawn their looks and their places in the whole table.
 *
 * @param {RegularTable} table
 * @param {GridSource} source
 * @param {string} label
 */
function decorate(table, source, label) {
  const inner = table.querySelector("table");
  inner?.setAttribute("aria-label", label);
  inner?.setAttribute("aria-rowcount", String(HEADER_ROWS + source.rowCount));
  inner?.setAttribute("aria-colcount", String(1 + source.columns.length));
  for (const cell of /** @type {NodeListOf<HTMLTableCellElement>} */ (
    table.querySelectorAll("th, td")
  )) {
    const meta = table.getMeta(cell);
    if (!meta) continue;
    const x = meta.type === "body" || meta.type === "column_header" ? meta.x : -1;
    cell.setAttribute("aria-colindex", String(2 + x));
    cell.classList.toggle("pnx-numeric", NUMERIC.has(source.columns[x]?.type ?? ""));
    if (cell.tagName === "TH") {
      cell.scope = meta.type === "row_header" ? "row" : "col";
    } else {
      decorateValue(cell, meta.value);
    }
    if (meta.type === "row_header") {
      cell.parentElement?.setAttribute("aria-rowindex", String(1 + HEADER_ROWS + meta.y));
    }
  }
}

/**
 * @param {HTMLTableCellElement} cell
 * @param {unknown} value
 */
function decorateValue(cell, value) {
  cell.classList.toggle("pnx-late", value === undefined);
  cell.classList.toggle("pnx-null", value === null);
  if (value === null) cell.setAttribute("aria-label", "null");
  else cell.removeAttribute("aria-label");
  cell.removeAttribute("title");
}

/**
 * The first and the last row that are drawn.
 *
 * @param {RegularTable} table
 * @returns {[number, number]}
 */
function rowsInView(table) {
  const headers = table.querySelectorAll("tbody th");
  const [first, last] = [headers[0], headers[headers.length - 1]].map((header) => {
    const meta = header instanceof HTMLElement ? table.getMeta(header) : undefined;
    return meta?.type === "row_header" ? meta.y : 0;
  });
  return [first ?? 0, last ?? 0];
}

/**
 * @param {RegularTable} table
 * @param {number} rowCount
 * @param {KeyboardEvent} event
 */
function scrollByKey(table, rowCount, event) {
  if (event.altKey || event.metaKey || event.shiftKey) return;
  const screen = table.clientHeight - HEADER_ROWS * ROW_HEIGHT;
  const end = table.scrollHeight - table.clientHeight;
  // A browser's elements end at some height, so that one row of very many is lower than it looks.
  const row = end / Math.max(1, rowCount - screen / ROW_HEIGHT);
  const stop = stopAfterKey(event.key, {
    top: table.scrollTop,
    end,
    row,
    screen: row * Math.floor(screen / ROW_HEIGHT),
  });
  if (stop === undefined) return;
  event.preventDefault();
  table.scrollTop = stop;
}

/** @param {HTMLTableCellElement} cell */
function explainIfClipped(cell) {
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? "";
}
