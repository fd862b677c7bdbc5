import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { keysOf } from "./toolbar.js";

/**
 * The bar that finds text. Enter finds the next, Shift+Enter the one before, Escape closes it.
 *
 * @param {object} on
 * @param {(text: string, isBackwards: boolean, goesOn: () => boolean) => Promise<boolean>} on.find
 *   Whether it was found. A search that takes long asks between its parts whether it goes on.
 * @param {() => void} on.close
 */
export function findBar({ find, close }) {
  const field = element("input", { type: "search", "aria-label": "Find", placeholder: "Find" });
  const said = element("span", { className: "pnx-said", role: "status" });
  let searches = 0;
  const go = async (/** @type {boolean} */ isBackwards) => {
    searches += 1;
    const search = searches;
    said.textContent = "";
    if (!field.value) return;
    const goesOn = () => {
      if (search === searches) said.textContent = "Searching…";
      return search === searches;
    };
    const isFound = await find(field.value, isBackwards, goesOn);
    if (search === searches) said.textContent = isFound ? "" : "Not found.";
  };
  const end = () => {
    searches += 1;
    made.hidden = true;
    close();
  };
  const quiet = "pnx-quiet";
  const made = element(
    "div",
    { className: "pnx-find", role: "search", hidden: true },
    field,
    button(
      { label: "Previous", icon: icon("up"), keys: keysOf("Shift+Enter"), className: quiet },
      () => go(true),
    ),
    button({ label: "Next", icon: icon("down"), keys: "Enter", className: quiet }, () => go(false)),
    said,
    button({ label: "Close", icon: icon("close"), keys: "Escape", className: quiet }, end),
  );
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") go(event.shiftKey);
    else if (event.key === "Escape") end();
    else return;
    event.preventDefault();
  });
  return {
    element: made,
    again: go,
    open() {
      made.hidden = false;
      field.focus();
      field.select();
    },
  };
}
