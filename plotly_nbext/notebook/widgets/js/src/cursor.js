/** @import { Draft } from "./drafts.js" */
/** @import { Look } from "./grid_table.js" */
/** @import { GridTable } from "./grid_table.js" */
/** @import { Area, Place, Selection, Size } from "./selection.js" */
/** @import { Stroke } from "./keys.js" */

import { debounce } from "./debounce.js";
import { focused } from "./dom.js";
import { isFar } from "./keys.js";
import { HEADER, areaOf, extend, move, select, within } from "./selection.js";

/** How long a scroll must rest before the focus goes to where its cell is now, in milliseconds. */
const REST = 120;

/** The cells that are selected, and the focus, which is at one of them. */
export class Cursor {
  selection = select({ row: 0, x: 0 });
  /** Where a run of Tabs has begun: Enter goes back there, one row below. */
  #runStart = /** @type {number | undefined} */ (undefined);
  #table;
  #size;
  #onChange;
  #settle;
  /** @type {EventTarget | null} What had the focus last. */
  #last = null;

  /**
   * @param {GridTable} table
   * @param {() => Size} size
   * @param {() => void} onChange
   */
  constructor(table, size, onChange) {
    this.#table = table;
    this.#size = size;
    this.#onChange = onChange;
    this.#settle = debounce(() => this.#followCell(), REST);
    table.element.addEventListener("focusin", ({ target }) => {
      this.#last = target;
    });
  }

  stop() {
    this.#settle.cancel();
  }

  /** What is typed into, and has the focus. @returns {Place} */
  get active() {
    return this.selection.anchor;
  }

  /** @returns {Area} */
  get area() {
    return areaOf(this.selection, this.#size());
  }

  /** Whether nothing but one cell is selected. */
  get isOne() {
    const { rows, columns } = this.area;
    return rows[1] - rows[0] === 1 && columns[1] - columns[0] === 1;
  }

  get hasFocus() {
    return this.#table.element.contains(focused(this.#table.element));
  }

  /**
   * Select, and bring the end of it into view.
   *
   * @param {Selection} selection
   * @param {object} [options]
   * @param {boolean} [options.reveal]
   * @param {boolean} [options.focus] Take the focus, too, wherever it is.
   */
  set(selection, { reveal = true, focus = this.hasFocus } = {}) {
    this.selection = within(selection, this.#size());
    if (reveal) this.#table.reveal(this.selection.head);
    this.#table.decorate();
    if (focus) this.focus();
    this.#onChange();
  }

  /** Stay within what there is. */
  refit() {
    this.selection = within(this.selection, this.#size());
  }

  /**
   * Go where a key leads.
   *
   * @param {Stroke} stroke
   * @returns {boolean} Whether it leads anywhere.
   */
  moveBy(stroke) {
    const from = stroke.shiftKey ? this.selection.head : this.active;
    const size = { ...this.#size(), screen: Math.max(1, this.#table.rowsInView - 1) };
    const place = move(from, { key: stroke.key, far: isFar(stroke) }, size);
    if (!place) return false;
    this.#runStart = undefined;
    if (stroke.shiftKey) {
      // Only whole columns are selected from their names.
      if (this.selection.kind !== "columns") place.row = Math.max(0, place.row);
      this.set(extend(this.selection, place));
    } else {
      this.set(select(place));
    }
    return true;
  }

  /**
   * Go on after something was typed, or by Tab.
   *
   * @param {"down" | "up" | "next" | "previous"} way
   * @returns {boolean} Whether there was somewhere to go.
   */
  step(way) {
    const { row, x } = this.active;
    const size = this.#size();
    const isSideways = way === "next" || way === "previous";
    const start = isSideways ? (this.#runStart ?? x) : undefined;
    const place = {
      down: { row: row + 1, x: this.#runStart ?? x },
      up: { row: row - 1, x },
      next: { row, x: x + 1 },
      previous: { row, x: x - 1 },
    }[way];
    const isThere = place.x >= 0 && place.x < size.columns && place.row >= HEADER;
    if (isThere) this.set(select(place));
    this.#runStart = start;
    return isThere;
  }

  /** Put the focus at the active cell, or where it will be drawn. */
  focus() {
    this.#openDoor();
    const cell = this.#table.cellAt(this.active);
    (cell ?? this.#table.element).focus({ preventScroll: true });
  }

  /** Let Tab get into the table at the active cell, or, while that is not drawn, at the whole. */
  #openDoor() {
    const host = this.#table.element;
    const cell = this.#table.cellAt(this.active);
    if (!cell) {
      if (host.tabIndex !== 0) host.tabIndex = 0;
      return;
    }
    if (focused(host) === host) cell.focus({ preventScroll: true });
    // With an index of -1 the whole tree would be passed by.
    host.removeAttribute("tabindex");
  }

  /** After a draw: the active cell may now be another element. */
  drawn() {
    const host = this.#table.element;
    const cell = this.#table.cellAt(this.active);
    this.#openDoor();
    if (this.hasFocus && focused(host) !== cell) this.#settle.soon();
    // With a cell that is no longer drawn the focus would be lost.
    const isLost = this.#last instanceof Element && !this.#last.isConnected;
    if (isLost && document.activeElement === document.body) this.focus();
  }

  #followCell() {
    if (this.hasFocus) this.focus();
  }

  /**
   * What the cells look like.
   *
   * @param {number} row
   * @param {number} x
   * @param {Area} area
   * @param {Draft} [draft] What was typed into it.
   * @returns {Look}
   */
  look(row, x, area, draft) {
    const inRow = row >= area.rows[0] && row < area.rows[1];
    const inColumn = x >= area.columns[0] && x < area.columns[1];
    if (x < 0) return inRow ? LIT : NO_LOOK;
    const isActive = row === this.active.row && x === this.active.x;
    if (row === HEADER) return isActive ? ACTIVE : inColumn ? LIT_STOP : STOP;
    if (!draft)
      return isActive ? (inRow && inColumn ? BOTH : ACTIVE) : inRow && inColumn ? SELECTED : STOP;
    const { is, attributes } = isActive ? BOTH : STOP;
    if (!draft.error) return { is: `${is} draft`, attributes };
    const problem = { "aria-invalid": "true", title: draft.error };
    return { is: `${is} wrong`, attributes: { ...attributes, ...problem } };
  }
}

const KEPT = { "data-lm-suppress-shortcuts": "true" };
/** @type {Look} */
const NO_LOOK = {};
const LIT = { is: "lit" };
const STOP = { is: "", attributes: { tabindex: "-1", ...KEPT } };
const LIT_STOP = { ...STOP, is: "lit" };
const SELECTED = { is: "selected", attributes: { ...STOP.attributes, "aria-selected": "true" } };
const ACTIVE = { is: "active", attributes: { tabindex: "0", ...KEPT } };
const BOTH = { is: "active", attributes: { ...ACTIVE.attributes, "aria-selected": "true" } };
