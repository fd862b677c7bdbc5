import { clamp } from "./geometry.js";

/** @typedef {{row: number, x: number}} Place A cell; the row -1 is the column's header. */
/** @typedef {{rows: number, columns: number}} Size Of what is shown. */
/** @typedef {[number, number]} Span From the first to after the last. */
/** @typedef {{rows: Span, columns: Span}} Area */
/**
 * A rectangle of cells. It grows from its anchor to its head, and the anchor is what is typed into.
 *
 * @typedef {object} Selection
 * @property {"cells" | "rows" | "columns"} kind Whether it is of whole rows or columns.
 * @property {Place} anchor
 * @property {Place} head
 */

/** The row of a column's header. */
export const HEADER = -1;

/**
 * One cell, or the whole column of a header.
 *
 * @param {Place} place
 * @returns {Selection}
 */
export function select(place) {
  return { kind: place.row === HEADER ? "columns" : "cells", anchor: place, head: place };
}

/**
 * The same selection, up to another place.
 *
 * @param {Selection} selection
 * @param {Place} head
 * @returns {Selection}
 */
export function extend({ kind, anchor }, head) {
  return { kind, anchor, head };
}

/**
 * Whole rows or columns between two places.
 *
 * @param {"rows" | "columns"} kind
 * @param {Place} anchor
 * @param {Place} [head]
 * @returns {Selection}
 */
export function selectWhole(kind, anchor, head = anchor) {
  return { kind, anchor, head };
}

/**
 * All cells.
 *
 * @param {Size} size
 * @returns {Selection}
 */
export function selectAll({ rows }) {
  return selectWhole("rows", { row: 0, x: 0 }, { row: Math.max(0, rows - 1), x: 0 });
}

/**
 * The cells of a selection, as far as there are any.
 *
 * @param {Selection} selection
 * @param {Size} size
 * @returns {Area}
 */
export function areaOf({ kind, anchor, head }, { rows, columns }) {
  return {
    rows: kind === "columns" ? [0, rows] : span(anchor.row, head.row, rows),
    columns: kind === "rows" ? [0, columns] : span(anchor.x, head.x, columns),
  };
}

/**
 * The selection of an area that somebody else has set, or undefined when there is nothing in it.
 *
 * @param {Partial<Area>} area
 * @param {Size} size
 * @returns {Selection | undefined}
 */
export function selectionOf({ rows, columns }, size) {
  if (!rows || !columns || rows[0] >= rows[1] || columns[0] >= columns[1]) return undefined;
  const anchor = { row: rows[0], x: columns[0] };
  const head = { row: rows[1] - 1, x: columns[1] - 1 };
  const isWhole = columns[0] === 0 && columns[1] >= size.columns && size.columns > 1;
  return { kind: isWhole ? "rows" : "cells", anchor, head };
}

/**
 * The selection where there are no longer as many rows and columns as before.
 *
 * @param {Selection} selection
 * @param {Size} size
 * @returns {Selection}
 */
export function within({ kind, anchor, head }, size) {
  return { kind, anchor: clipped(anchor, size), head: clipped(head, size) };
}

/**
 * Where a key leads from a place, or undefined when it leads nowhere.
 *
 * @param {Place} place
 * @param {{key: string, far: boolean}} stroke Whether Ctrl or Cmd was held.
 * @param {Size & {screen: number}} size With the number of rows that are in view.
 * @returns {Place | undefined}
 */
export function move({ row, x }, { key, far }, size) {
  const last = { row: size.rows - 1, x: size.columns - 1 };
  const place = {
    ArrowDown: { row: far ? last.row : row + 1, x },
    ArrowUp: { row: far ? Math.min(0, row) : row - 1, x },
    ArrowRight: { row, x: far ? last.x : x + 1 },
    ArrowLeft: { row, x: far ? 0 : x - 1 },
    PageDown: { row: row + size.screen, x },
    PageUp: { row: Math.max(Math.min(0, row), row - size.screen), x },
    Home: far ? { row: 0, x: 0 } : { row, x: 0 },
    End: far ? last : { row, x: last.x },
  }[key];
  return place && clipped(place, size);
}

/**
 * @param {Place} place
 * @param {Size} size
 * @returns {Place}
 */
function clipped({ row, x }, { rows, columns }) {
  return { row: clamp(row, HEADER, rows - 1), x: clamp(x, 0, columns - 1) };
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} count
 * @returns {Span}
 */
function span(a, b, count) {
  const start = clamp(Math.min(a, b), 0, count);
  return [start, clamp(Math.max(a, b) + 1, start, count)];
}
