/** In CSS pixels; grid_view.css says the same. */
export const ROW_HEIGHT = 26;
export const HEADER_ROWS = 2;

/** The least room between a popover and the edge of the window. */
const MARGIN = 8;

/**
 * Where a scroller is, and how much of its rows it shows.
 *
 * A browser's elements end at some height: beyond it many rows share a pixel, and a row is lower in
 * the scroller than it is on the screen.
 *
 * @typedef {object} Scroller
 * @property {number} top Where it is.
 * @property {number} end The farthest that it goes.
 * @property {number} rowCount
 * @property {number} rowsInView
 */

/**
 * How far the scroller goes from one row to the next, in pixels.
 *
 * @param {Scroller} scroller
 */
export function rowStep({ end, rowCount, rowsInView }) {
  return rowCount > rowsInView ? end / (rowCount - rowsInView) : ROW_HEIGHT;
}

/**
 * Where the scroller has to be for a row to be wholly in view, as near as it can.
 *
 * @param {number} row
 * @param {Scroller} scroller
 */
export function topToReveal(row, scroller) {
  const step = rowStep(scroller);
  const first = Math.floor(row * step);
  const last = Math.ceil((row + 1 - scroller.rowsInView) * step);
  const top = first < scroller.top ? first : Math.max(scroller.top, last);
  return Math.max(0, Math.min(scroller.end, top));
}

/**
 * Where the scroller has to be for a column to be wholly in view, as near as it can; its left edge
 * comes before its right.
 *
 * @param {number} x
 * @param {number[]} widths Of all columns.
 * @param {{left: number, width: number}} scroller Where it is, and how much of the columns it shows.
 */
export function leftToReveal(x, widths, { left, width }) {
  const start = widths.slice(0, x).reduce((sum, each) => sum + each, 0);
  const end = start + (widths[x] ?? 0);
  return Math.min(start, Math.max(left, end - width));
}

/**
 * Where a popover goes: below what it belongs to, or above it where there is more room, and inside
 * of the window.
 *
 * @param {{left: number, right: number, top: number, bottom: number}} anchor
 * @param {{width: number, height: number}} popover
 * @param {{width: number, height: number}} window
 * @returns {{left: number, top: number}}
 */
export function placed(anchor, popover, window) {
  const below = anchor.bottom + 2;
  const above = anchor.top - 2 - popover.height;
  const fitsBelow = below + popover.height <= window.height - MARGIN;
  const top = fitsBelow || above < MARGIN ? below : above;
  return {
    left: clamp(anchor.left, MARGIN, window.width - MARGIN - popover.width),
    top: clamp(top, MARGIN, window.height - MARGIN - popover.height),
  };
}

/**
 * @param {number} value
 * @param {number} least Wins where there is no room.
 * @param {number} most
 */
export function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
