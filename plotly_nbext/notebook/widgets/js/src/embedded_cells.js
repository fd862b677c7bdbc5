/** @import { Area, Place } from "./selection.js" */

import { cellText } from "./json_values.js";

/** @typedef {(string | null)[]} Texts */

/** The cells of a grid that are in the page itself, as one JSON text per column. */
export class EmbeddedCells {
  #texts;
  /** @type {Map<number, Texts>} The columns that somebody has looked at. */
  #read = new Map();

  /** @param {readonly {textContent: string | null}[]} texts */
  constructor(texts) {
    this.#texts = texts;
  }

  /**
   * @param {number} x
   * @returns {Texts}
   */
  column(x) {
    const read = this.#read.get(x) ?? JSON.parse(this.#texts[x]?.textContent ?? "[]");
    this.#read.set(x, read);
    return read;
  }

  /**
   * What is shown of some cells, one list per column.
   *
   * @param {Area} area
   */
  shown({ rows, columns }) {
    return range(columns).map((x) => this.column(x).slice(...rows).map(cellText));
  }

  /**
   * Cells as tab-separated text, as Excel and Sheets copy and paste it.
   *
   * @param {Area} area
   * @param {string[]} [names] To be written above them.
   */
  copied({ rows, columns }, names) {
    const texts = range(columns).map((x) => this.column(x));
    const lines = range(rows).map((row) => texts.map((column) => quoted(column[row] ?? "")));
    const head = names ? [names.slice(...columns).map(quoted)] : [];
    // An empty line would be no row.
    return [...head, ...lines].map((cells) => cells.join("\t") || '""').join("\n");
  }

  /**
   * The next cell that has a text, row by row, and after the last from the first on.
   *
   * @param {string} text Capital or small.
   * @param {Place} from
   * @param {{rows: number, columns: number}} size
   * @param {boolean} isBackwards
   * @returns {Place | undefined}
   */
  find(text, from, { rows, columns }, isBackwards) {
    const wanted = text.toLowerCase();
    const step = isBackwards ? -1 : 1;
    const cells = rows * columns;
    const start = Math.max(0, from.row) * columns + from.x;
    for (let away = 1; away <= cells; away++) {
      const at = (start + step * away + cells) % cells;
      const place = { row: Math.floor(at / columns), x: at % columns };
      const cell = this.column(place.x)[place.row] ?? "";
      if (cell.toLowerCase().includes(wanted)) return place;
    }
    return undefined;
  }
}

/** @param {[number, number]} span */
const range = ([start, stop]) => Array.from({ length: stop - start }, (_, i) => start + i);

/** @param {string} text */
const quoted = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
