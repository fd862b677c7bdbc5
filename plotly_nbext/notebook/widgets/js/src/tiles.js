/** Of one tile: a screen is a few of them, so that little is fetched that is not in view. */
const ROWS = 16;
const COLUMNS = 8;

/** Of so many tiles what lies ahead is fetched at once. */
const AHEAD = 3;

/** By more rows between two draws a reader does not go on but leap. */
const LEAP = 2 * ROWS;

/** @typedef {import("./selection.js").Area} Area */

/**
 * How a grid is cut into tiles, which are numbered row by row.
 *
 * @param {number} rowCount
 * @param {number} columnCount
 * @param {number} [mostColumns] Of one tile.
 */
export function tiling(rowCount, columnCount, mostColumns = COLUMNS) {
  const columns = Math.max(1, Math.min(mostColumns, columnCount));
  const across = Math.max(1, Math.ceil(columnCount / columns));
  const down = Math.ceil(rowCount / ROWS);

  return {
    /**
     * The rectangle that holds some tiles.
     *
     * @param {number[]} tiles
     * @returns {Area}
     */
    area(tiles) {
      const ys = tiles.map((tile) => Math.floor(tile / across));
      const xs = tiles.map((tile) => tile % across);
      return { rows: span(ys, ROWS, rowCount), columns: span(xs, columns, columnCount) };
    },

    /**
     * @param {number} row
     * @param {number} x
     */
    tileOf: (row, x) => Math.floor(row / ROWS) * across + Math.floor(x / columns),

    /**
     * The tiles of a rectangle, and those that come next when it goes on as it went.
     *
     * @param {[number, number]} rowSpan
     * @param {[number, number]} columnSpan
     * @param {{down: number, right: number}} way How far it went, in rows and columns.
     * @returns {{shown: number[], next: number[][], isSteady: boolean}}
     */
    around([y0, y1], [x0, x1], way) {
      const ys = [Math.floor(y0 / ROWS), Math.floor((y1 - 1) / ROWS)];
      const xs = [Math.floor(x0 / columns), Math.floor((x1 - 1) / columns)];
      const tiles = (/** @type {number[]} */ ys, /** @type {number[]} */ xs) =>
        range(ys, down).flatMap((y) => range(xs, across).map((x) => y * across + x));
      const next = way.right
        ? beside(xs, way.right, 1).map((xs) => tiles(ys, xs))
        : beside(ys, way.down, AHEAD).map((ys) => tiles(ys, xs));
      const far = Math.max(Math.abs(way.down) / LEAP, Math.abs(way.right) / columns);
      return { shown: tiles(ys, xs), next, isSteady: far > 0 && far <= 1 };
    },
  };
}

/**
 * @param {number[]} places
 * @param {number} size Of a tile.
 * @param {number} count
 * @returns {[number, number]}
 */
const span = (places, size, count) => [
  Math.min(...places) * size,
  Math.min(count, (Math.max(...places) + 1) * size),
];

/**
 * What lies beside a range: ahead, and behind. The nearest comes first.
 *
 * @param {number[]} range
 * @param {number} way
 * @param {number} count
 */
function beside([first = 0, last = 0], way, count) {
  const sides = [
    [last + 1, last + count],
    [first - count, first - 1],
  ];
  return way < 0 ? sides.reverse() : sides;
}

/**
 * @param {number[]} range The first and the last, which may be none of those that there are.
 * @param {number} count
 */
function range([first = 0, last = 0], count) {
  const start = Math.max(0, first);
  const length = Math.max(0, Math.min(count - 1, last) + 1 - start);
  return Array.from({ length }, (_, i) => start + i);
}
