/** @import { Actions } from "./actions.js" */
/** @import { Grid } from "./grid.js" */

import { actionOf, typesText } from "./keys.js";
import { HEADER } from "./selection.js";

/** What is done wherever the focus is in the widget. */
const ANYWHERE = new Set(["save", "undo", "redo", "find", "findNext", "findPrevious"]);

/**
 * Do what keys say while no text is being typed.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} table In which most of them are ours.
 * @param {Grid} grid
 * @param {Actions} actions
 */
export function listening(root, table, grid, actions) {
  /** Escape was pressed: Tab leaves the table. */
  let isLeaving = false;

  /** @param {KeyboardEvent} event @returns {boolean} Whether it was for us. */
  const isOurs = (event) => {
    const { cursor } = grid.parts;
    const action = actionOf(event);
    const isTab = event.key === "Tab";
    // It is pressed before the Tab that it goes with.
    if (event.key === "Shift") return false;
    if (isTab && (isLeaving || grid.isReadOnly)) return false;
    isLeaving = action === "leave";
    if (isTab) return action === "next" ? actions.next() : actions.previous();
    if (event.key === "F2" && cursor.active.row === HEADER) {
      actions.rename();
      return true;
    }
    if (action) {
      actions[action]();
      return true;
    }
    if (cursor.moveBy(event)) return true;
    // The browser writes the character into the field that this opens, or what it is composed of.
    if (typesText(event) || ["Dead", "Process"].includes(event.key)) {
      event.stopPropagation();
      actions.type();
    }
    return false;
  };

  root.addEventListener("keydown", (event) => {
    const { target } = event;
    const isCell = table.contains(/** @type {Node} */ (target));
    if (!isCell && !ANYWHERE.has(actionOf(event) ?? "")) return;
    if ((isCell && target instanceof HTMLButtonElement) || !isOurs(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  table.addEventListener("paste", (event) => {
    event.preventDefault();
    actions.pasteText(event.clipboardData?.getData("text/plain") ?? "");
  });
}
