/** @import { Place } from "./selection.js" */

/**
 * What was typed into a cell and is not yet, or can't be, the grid's.
 *
 * @typedef {object} Draft
 * @property {Place} place
 * @property {string} text
 * @property {string} [error] Why the grid can't have it.
 * @property {number} [view] What has to be true for the grid to show it itself.
 */

/** @param {Place} place */
const keyOf = ({ row, x }) => `${row},${x}`;

/** The texts that were typed and are on their way, or were refused. */
export class Drafts {
  /** @type {Map<string, Draft>} */
  #byPlace = new Map();
  #onChange;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  get size() {
    return this.#byPlace.size;
  }

  /** The first that was refused. */
  get refused() {
    return [...this.#byPlace.values()].find(({ error }) => error);
  }

  /** @param {Place} place */
  get(place) {
    return this.#byPlace.get(keyOf(place));
  }

  /** @param {Draft} draft */
  set(draft) {
    this.#byPlace.set(keyOf(draft.place), draft);
    this.#onChange();
    return draft;
  }

  /** @param {Draft} [draft] Unless another has taken its place. */
  delete(draft) {
    if (!draft || this.get(draft.place) !== draft) return;
    this.#byPlace.delete(keyOf(draft.place));
    this.#onChange();
  }

  /** Forget all: rows or columns are no longer where they were. */
  clear() {
    this.#byPlace.clear();
    this.#onChange();
  }
}
