/** @import { GridTable } from "./grid_table.js" */
/** @import { Place } from "./selection.js" */

import { element, zoomOf } from "./dom.js";

/**
 * How the editor was left: by a step to another cell, by Save, by going elsewhere, or by Escape.
 *
 * @typedef {"down" | "up" | "next" | "previous" | "save" | "away" | "escape"} Way
 */

/**
 * @typedef {object} Opening
 * @property {Place} place
 * @property {string} label What a screen reader calls it.
 * @property {string} text
 * @property {string} [error] Why the text can't stay.
 * @property {boolean} [isTyped] The next character takes the place of the text.
 * @property {Promise<string | undefined>} [whole] All of the text, when it is here.
 */

/** How much room what is wrong with a text needs, in pixels; grid_view.css says the same. */
const ROOM = { below: 90, beside: 280 };

/**
 * A text as a field ends its lines.
 *
 * @param {string} text
 */
const inLines = (text) => text.replaceAll(/\r\n?/g, "\n");

/** The field in which a cell is edited; it lies over the cell. */
export class Editor {
  element;
  /** @type {Place | undefined} */
  place;
  #field = element("textarea", { rows: 1, spellcheck: false, autocapitalize: "off" });
  #problem = element("div", { className: "pnx-wrong", role: "alert" });
  #original = "";
  #table;
  #onClose;

  /**
   * @param {GridTable} table
   * @param {(place: Place, text: string | undefined, way: Way) => void} onClose Called with the text
   *   that was typed, unless there is nothing to be changed.
   */
  constructor(table, onClose) {
    this.#table = table;
    this.#onClose = onClose;
    // Over plain HTTP there is no crypto.randomUUID.
    this.#problem.id = `pnx-wrong-${Math.random().toString(36).slice(2)}`;
    this.#field.setAttribute("aria-describedby", this.#problem.id);
    this.element = element("div", { className: "pnx-editor", hidden: true });
    this.element.append(this.#field, this.#problem);
    this.#field.addEventListener("keydown", (event) => this.#onKey(event));
    this.#field.addEventListener("input", () => this.#refuse(""));
    this.#field.addEventListener("blur", () => {
      // Another window may be in front for a moment.
      if (document.hasFocus()) this.#leave("away");
    });
  }

  /** @param {Opening} opening */
  open({ place, label, text, error = "", isTyped = false, whole }) {
    const field = this.#field;
    this.place = place;
    this.#original = inLines(text);
    field.value = isTyped ? "" : text;
    // What is typed at the end of a part would take the place of the whole.
    field.readOnly = whole !== undefined && !isTyped && text.endsWith("…");
    field.setAttribute("aria-label", label);
    this.element.hidden = false;
    this.#refuse(error);
    this.follow();
    field.focus({ preventScroll: true });
    if (error) field.select();
    else field.setSelectionRange(field.value.length, field.value.length);
    whole?.then((all) => {
      if (this.place !== place || all === undefined) return;
      field.readOnly = false;
      const { isChanged } = this;
      this.#original = inLines(all);
      if (isChanged || all === text) return;
      field.value = all;
      this.#grow();
    });
  }

  /** Whether there is a text to be taken over. */
  get isChanged() {
    return this.place !== undefined && this.#field.value !== this.#original;
  }

  close() {
    this.place = undefined;
    this.element.hidden = true;
  }

  /** Lie where the cell is now. */
  follow() {
    if (!this.place) return;
    const cell = this.#table.cellAt(this.place);
    const stage = this.element.parentElement;
    const { style } = this.element;
    // Out of view it keeps the focus, and what is typed.
    style.opacity = cell ? "1" : "0";
    if (!cell || !stage) return;
    const [box, around] = [cell.getBoundingClientRect(), stage.getBoundingClientRect()];
    const pixels = (/** @type {number} */ length) => `${length / zoomOf(stage)}px`;
    style.left = pixels(box.left - around.left);
    style.top = pixels(box.top - around.top);
    const seen = around.right - Math.max(box.left, around.left);
    style.minWidth = pixels(Math.min(box.width, seen));
    style.maxWidth = pixels(seen);
    style.setProperty("--pnx-room", pixels(around.bottom - box.top));
    const [above, below] = [box.top - around.top, around.bottom - box.bottom];
    this.element.classList.toggle("pnx-above", below < ROOM.below && below < above);
    const shift = Math.max(around.left, Math.min(box.left, around.right - ROOM.beside)) - box.left;
    style.setProperty("--pnx-shift", pixels(shift));
    this.element.dataset["is"] = cell.dataset["is"]?.includes("right") ? "right" : "";
    this.#grow();
  }

  /** @param {string} error */
  #refuse(error) {
    this.#problem.textContent = error;
    this.#field.setAttribute("aria-invalid", String(error !== ""));
    this.element.classList.toggle("pnx-refused", error !== "");
    this.#grow();
  }

  #grow() {
    const field = this.#field;
    field.style.width = "0";
    field.style.height = "0";
    field.style.width = `${field.scrollWidth + 4}px`;
    field.style.height = `${field.scrollHeight}px`;
  }

  /** @param {Way} way */
  #leave(way) {
    const { place } = this;
    if (!place) return;
    const { value } = this.#field;
    const isRefused = this.#problem.textContent !== "";
    // What was refused stays at its cell, and is tried again only by who means it.
    const isNew = this.isChanged || (isRefused && way !== "away");
    this.close();
    this.#onClose(place, isNew && way !== "escape" ? value : undefined, way);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    if (key === "Enter" && (altKey || ctrlKey || metaKey)) {
      this.#field.setRangeText("\n", this.#field.selectionStart, this.#field.selectionEnd, "end");
      this.#refuse("");
    } else if (key === "Enter") this.#leave(shiftKey ? "up" : "down");
    else if (key === "Tab") this.#leave(shiftKey ? "previous" : "next");
    else if (key === "Escape") this.#leave("escape");
    else if ((ctrlKey || metaKey) && key === "s") this.#leave("save");
    else return;
    event.preventDefault();
  }
}
