/** @import { AnyModel } from "@anywidget/types" */
/** @import { GridModel } from "./grid_model.js" */
/** @import { Actions } from "./actions.js" */

import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { written } from "./keys.js";
import { count } from "./status_line.js";

export const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform);

/** @param {string} keys */
export const keysOf = (keys) => written(keys, IS_MAC);

/**
 * The buttons above the table, and what is said of what they did.
 *
 * @param {AnyModel<GridModel>} model
 * @param {Actions} actions
 * @param {() => boolean} isBeingTyped Whether there will be something to save.
 * @param {Element} said
 */
export function toolbar(model, actions, isBeingTyped, said) {
  const number = element("span", { className: "pnx-count" });
  const save = button(
    { text: "Save", keys: keysOf("Mod+s"), className: "pnx-save" },
    actions.save,
  );
  save.append(number);
  const undo = button({ label: "Undo", icon: icon("undo") }, actions.undo);
  const redo = button({ label: "Redo", icon: icon("redo") }, actions.redo);
  const revert = button({ text: "Revert" }, () => actions.revert(revert));
  revert.setAttribute("aria-haspopup", "menu");
  const addColumn = button({ label: "Add column", text: "Column", icon: icon("column") }, () => {
    actions.addColumn(addColumn);
  });
  const editing = [
    element("div", { role: "group", "aria-label": "Changes" }, save, revert, undo, redo),
    element(
      "div",
      { role: "group", "aria-label": "Add" },
      button({ label: "Add row", text: "Row", icon: icon("row") }, actions.addRow),
      addColumn,
    ),
  ];
  const find = button(
    { text: "Find", icon: icon("find"), keys: keysOf("Mod+f") },
    actions.find,
  );
  const filter = button({ text: "Filter", icon: icon("filter") }, () => {
    actions.filter(filter);
  });
  const more = button({ label: "More", icon: icon("more") }, () => actions.cellMenu(more));
  more.setAttribute("aria-haspopup", "menu");
  const made = element(
    "div",
    { className: "pnx-toolbar", role: "group", "aria-label": "Grid" },
    ...editing,
    said,
    element("div", { role: "group", "aria-label": "View" }, find, filter, more),
  );

  return {
    element: made,
    update() {
      for (const group of editing) group.hidden = model.get("read_only");
      const total = model.get("pending").total ?? 0;
      number.textContent = total > 999 ? "999+" : String(total || "");
      save.disabled = total === 0 && !isBeingTyped();
      save.setAttribute("aria-label", total ? `Save ${count(total, "change")}` : "Save");
      revert.disabled = total === 0;
      for (const [made, name, keys] of /** @type {const} */ ([
        [undo, "undo", "Mod+z"],
        [redo, "redo", "Mod+Shift+z"],
      ])) {
        const label = model.get(`${name}_label`);
        const word = name === "undo" ? "Undo" : "Redo";
        made.disabled = !label;
        made.setAttribute("aria-label", label ? `${word}: ${label}` : word);
        made.title = `${word}${label ? `: ${label}` : ""} (${keysOf(keys)})`;
      }
    },
  };
}
