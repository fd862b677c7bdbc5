/** @import { GridModel } from "./grid_model.js" */
/** @import { Column } from "./grid_source.js" */

import { button, element } from "./dom.js";
import { icon } from "./icons.js";

/**
 * What makes the headers of columns: a name with a menu, and below it the type and the uid.
 *
 * @param {() => GridModel["arrangement"]} arrangement
 * @param {(uid: string, anchor: Element) => void} openMenu
 * @returns {(column: Column) => [Node, Node]} The same nodes until there is something else to read.
 */
export function headers(arrangement, openMenu) {
  /** @type {Map<string, {read: string, nodes: [Node, Node]}>} By uid. */
  const made = new Map();

  return (column) => {
    const { uid, name, type, state } = column;
    const { sort, filters } = arrangement();
    const at = sort.findIndex((each) => each.column === uid);
    const isFiltered = filters.some((each) => each.column === uid);
    const read = JSON.stringify([column, at, sort[at], sort.length, isFiltered]);
    const before = made.get(uid);
    if (before?.read === read) return before.nodes;

    const text = element("span", { className: "pnx-name", textContent: name, title: name });
    text.classList.toggle("pnx-changed", Boolean(state));
    const signs = element("span", { className: "pnx-signs" });
    if (sort[at]) signs.append(icon(sort[at].descending ? "descending" : "ascending"));
    if (sort[at] && sort.length > 1) signs.append(String(at + 1));
    if (isFiltered) signs.append(icon("filter"));
    const label = `Menu of ${name}`;
    const open = button({ label, icon: icon("down"), className: "pnx-open" }, () => {
      openMenu(uid, open);
    });
    open.tabIndex = -1;
    open.setAttribute("aria-haspopup", "menu");
    const id = element("span", { className: "pnx-uid", title: `The uid of ${name}: ${uid}` });
    if (state !== "new") id.textContent = uid;
    /** @type {[Node, Node]} */
    const nodes = [
      element("div", { className: "pnx-head" }, text, signs, open),
      element("div", { className: "pnx-head pnx-detail" }, element("span", {}, type), id),
    ];
    made.set(uid, { read, nodes });
    return nodes;
  };
}
