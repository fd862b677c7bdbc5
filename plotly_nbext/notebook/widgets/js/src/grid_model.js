/** @import { Column } from "./grid_source.js" */
/** @import { Area, Span } from "./selection.js" */

/**
 * What the kernel answered that went wrong.
 *
 * @typedef {{type?: string, message?: string}} Problem
 */

/** @typedef {{column: string, descending: boolean}} Sort */
/** @typedef {{column: string, op: string, value: string | string[] | null}} Filter */

/**
 * What Python and the page know of a grid, see `GridView` in Python.
 *
 * @typedef {object} GridModel
 * @property {string} path
 * @property {Column[]} columns As they are shown.
 * @property {{view: number, rows: number, columns: (string | null)[][]}} head The texts of the first cells, as
 *   they were in a view.
 * @property {number} row_count Of the rows that are shown.
 * @property {number} total_rows
 * @property {boolean} read_only
 * @property {number} view Grows whenever what was fetched is no longer true.
 * @property {{sort: Sort[], filters: Filter[]}} arrangement
 * @property {{total?: number}} pending What Save would send, in numbers.
 * @property {string} undo_label
 * @property {string} redo_label
 * @property {boolean} stale
 * @property {Problem & {can_rebase?: boolean}} conflict
 * @property {Problem} error
 * @property {Partial<Area>} selection
 * @property {Record<string, number>} widths By uid.
 */

/**
 * A part of the answer to a command, see `GridView` in Python.
 *
 * @typedef {object} Answer
 * @property {number} view
 * @property {number} [row]
 * @property {string} [column]
 * @property {string} [text]
 * @property {Span} [rows]
 * @property {Span} [columns]
 * @property {number} [more] A search that is not at its end.
 * @property {string} [said] What is to be known of a save.
 */

/**
 * @typedef {object} Summary
 * @property {number} count
 * @property {number} nulls
 * @property {number} [distinct]
 * @property {string} [min]
 * @property {string} [max]
 * @property {string} [mean]
 * @property {{start: string, stop: string, count: number}[]} [histogram]
 * @property {{value: string, count: number}[]} [frequent]
 */

/** How the operators of filters are written. */
export const OPERATORS = [
  "=",
  "≠",
  "<",
  "≤",
  ">",
  "≥",
  "contains",
  "is empty",
  "is not empty",
  "one of",
];

/** Operators that compare with nothing. */
export const ALONE = new Set(["is empty", "is not empty"]);

/** What may be typed into a column that is added. */
export const KINDS = [
  "text",
  "number",
  "integer",
  "boolean",
  "date",
  "datetime",
  "duration",
  "anything",
];
