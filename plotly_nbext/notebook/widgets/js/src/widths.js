/** @import { Column } from "./grid_source.js" */

import { clamp } from "./geometry.js";
import { kindOf } from "./grid_source.js";

const LEAST = 56;
const MOST = 320;
/** What a cell and a header have besides their text. */
const PADDING = 24;
const SIGNS = 16;

/**
 * A width that somebody may give a column.
 *
 * @param {number} width
 */
export const inReason = (width) => clamp(Math.round(width), 40, 1200);

/** How wide a column is before its values are here. */
const USUAL = { text: 140, category: 140, datetime: 170, anything: 140 };

/** So many of the longest texts of a column are measured. */
const SAMPLE = 3;

/**
 * How wide columns are: as wide as somebody made them, or as their name and first values need.
 */
export class Widths {
  /** @type {Map<string, number>} By uid. */
  #fitted = new Map();
  /** @type {Record<string, number>} By uid. */
  chosen = {};
  #measure;
  #detailOf;

  /**
   * @param {(text: string, isBold?: boolean) => number} measure The width of a text in pixels.
   * @param {(column: Column) => string} detailOf What stands below a name.
   */
  constructor(measure, detailOf) {
    this.#measure = measure;
    this.#detailOf = detailOf;
  }

  /** @param {Column} column */
  of(column) {
    const { uid } = column;
    const usual = USUAL[/** @type {keyof typeof USUAL} */ (kindOf(column))] ?? 96;
    return this.chosen[uid] ?? this.#fitted.get(uid) ?? Math.max(usual, this.#ofHeader(column));
  }

  /**
   * Fit a column to some of its texts. Once it was fitted it stays as it is, unless it is told to.
   *
   * @param {Column} column
   * @param {(string | null)[]} texts
   * @param {boolean} [isAnew]
   * @returns {boolean} Whether that changed its width.
   */
  fit(column, texts, isAnew = false) {
    if (this.#fitted.has(column.uid) && !isAnew) return false;
    const before = this.of(column);
    const lengths = (/** @type {string} */ a, /** @type {string} */ b) => b.length - a.length;
    const longest = texts
      .filter((text) => text !== null)
      .sort(lengths)
      .slice(0, SAMPLE);
    const widest = Math.max(0, ...longest.map((text) => this.#measure(text.slice(0, 80))));
    const width = Math.max(this.#ofHeader(column), widest + PADDING);
    this.#fitted.set(column.uid, Math.round(clamp(width, LEAST, MOST)));
    return this.of(column) !== before;
  }

  /** @param {Column} column */
  #ofHeader(column) {
    const name = this.#measure(column.name, true) + SIGNS;
    const widest = Math.max(name, this.#measure(this.#detailOf(column)));
    return Math.min(MOST * 0.75, Math.ceil(widest) + PADDING);
  }

  /**
   * The width of the column of row numbers.
   *
   * @param {number} rowCount
   */
  ofRowNumbers(rowCount) {
    return Math.ceil(Math.max(40, this.#measure("0".repeat(String(rowCount).length)) + PADDING));
  }
}

/**
 * What measures texts as an element of the page shows them.
 *
 * @param {Element} shown
 */
export function measurer(shown) {
  const pen = document.createElement("canvas").getContext("2d");
  let font = "";
  return (/** @type {string} */ text, isBold = false) => {
    if (!pen) return text.length * 8;
    if (!font) {
      const { fontSize, fontFamily } = getComputedStyle(shown);
      font = `${fontSize} ${fontFamily}`;
    }
    pen.font = isBold ? `600 ${font}` : font;
    return pen.measureText(text).width;
  };
}
