/** @import { Anchor } from "./popover.js" */

import { element } from "./dom.js";
import { openPopover } from "./popover.js";

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {() => void} run
 * @property {string} [keys] What does the same.
 * @property {boolean} [disabled]
 * @property {boolean} [stays] The menu stays open, so that it can be done again.
 */

/**
 * Open a menu. Arrows, Home, End and first letters go through it.
 *
 * @param {HTMLElement} root
 * @param {Anchor} anchor
 * @param {string} label
 * @param {Item[][]} groups A line is drawn between two of them.
 */
export function openMenu(root, anchor, label, groups) {
  const menu = element("div", { className: "pnx-menu", role: "menu", "aria-label": label });
  for (const group of groups.filter(({ length }) => length > 0)) {
    if (menu.childElementCount > 0) menu.append(element("div", { role: "separator" }));
    menu.append(...group.map((item) => menuItem(menu, item)));
  }
  /** @type {HTMLButtonElement[]} */
  const items = [...menu.querySelectorAll("button")].filter(({ disabled }) => !disabled);
  menu.addEventListener("keydown", (event) => {
    const { key } = event;
    const at = items.findIndex((item) => item.matches(":focus"));
    const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    const next = {
      ArrowDown: after[0],
      ArrowUp: after.at(-2) ?? after[0],
      Home: items[0],
      End: items.at(-1),
    }[key];
    const isLetter = key.length === 1 && key !== " ";
    const starts = (/** @type {HTMLElement} */ { textContent }) =>
      textContent?.toLowerCase().startsWith(key.toLowerCase());
    (isLetter ? after.find(starts) : next)?.focus();
    if (key === "Tab") menu.hidePopover();
    if (next || isLetter || key === "Tab") event.preventDefault();
  });
  menu.addEventListener("pointermove", ({ target }) => {
    if (target instanceof Element) target.closest("button")?.focus({ preventScroll: true });
  });
  openPopover(root, anchor, menu);
  items[0]?.focus();
}

/**
 * @param {HTMLElement} menu
 * @param {Item} item
 */
function menuItem(menu, { label, run, keys, disabled = false, stays = false }) {
  const made = element(
    "button",
    { type: "button", role: "menuitem", tabIndex: -1, disabled },
    element("span", {}, label),
  );
  if (keys) made.append(element("kbd", {}, keys));
  made.addEventListener("click", () => {
    if (!stays) menu.hidePopover();
    run();
  });
  return made;
}
