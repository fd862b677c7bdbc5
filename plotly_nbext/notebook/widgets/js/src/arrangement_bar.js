/** @import { AnyModel } from "@anywidget/types" */
/** @import { Filter, GridModel, Sort } from "./grid_model.js" */
/** @import { Actions } from "./actions.js" */

import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { ALONE } from "./grid_model.js";

/**
 * Which rows are shown, and in which order; each of the reasons can be taken away.
 *
 * @param {AnyModel<GridModel>} model
 * @param {Actions} actions
 */
export function arrangementBar(model, actions) {
  const made = element("div", {
    className: "pnx-arrangement",
    role: "group",
    "aria-label": "Filters and order",
  });
  let shown = "";
  return {
    element: made,
    update() {
      const { sort, filters } = model.get("arrangement");
      const names = new Map(model.get("columns").map(({ uid, name }) => [uid, name]));
      const state = JSON.stringify([sort, filters, [...names]]);
      if (state === shown) return;
      shown = state;
      const chips = [
        ...filters.map((filter) => {
          const rest = filters.filter((each) => each !== filter);
          return chip(filterText(filter, names), () => actions.arrange({ filters: rest }));
        }),
        ...sort.map((order) => {
          const rest = sort.filter((each) => each !== order);
          return chip(sortText(order, names), () => actions.arrange({ sort: rest }));
        }),
      ];
      made.hidden = chips.length === 0;
      made.replaceChildren(...chips);
    },
  };

  /**
   * @param {string} text
   * @param {() => void} remove
   */
  function chip(text, remove) {
    const drop = { label: `Remove: ${text}`, icon: icon("close"), className: "pnx-quiet" };
    return element(
      "span",
      { className: "pnx-chip" },
      element("span", {}, text),
      button(drop, remove),
    );
  }
}

/**
 * @param {Filter} filter
 * @param {Map<string, string>} names
 */
export function filterText({ column, op, value }, names) {
  const name = names.get(column) ?? column;
  if (ALONE.has(op)) return `${name} ${op}`;
  return `${name} ${op} ${Array.isArray(value) ? value.join(", ") : value}`;
}

/**
 * @param {Sort} sort
 * @param {Map<string, string>} names
 */
function sortText({ column, descending }, names) {
  return `${descending ? "↓" : "↑"} ${names.get(column) ?? column}`;
}
