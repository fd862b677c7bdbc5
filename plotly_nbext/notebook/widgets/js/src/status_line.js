/** @import { GridSource } from "./grid_source.js" */
/** @import { GridTable } from "./grid_table.js" */

import { element } from "./dom.js";

/**
 * The line below a table: its size, the rows in view, and why some of them are missing.
 *
 * @param {GridSource} source
 * @param {object} on
 * @param {() => void} on.retry
 */
export function statusLine(source, { retry }) {
  const size = element("span");
  const position = element("span", { className: "pnx-position", textContent: "Loading…" });
  const problem = element("span", { className: "pnx-problem", role: "alert" });
  const again = element("button", { type: "button", textContent: "Try again", hidden: true });
  again.addEventListener("click", () => {
    source.retry();
    retry();
  });
  return {
    element: element("div", { className: "pnx-footer" }, size, position, problem, again),

    /** @param {GridTable} table As it was just drawn. @param {string} [rows] What to call them. */
    update(table, rows = count(source.rowCount, "row")) {
      const { failure, isLoading, rowCount, columns } = source;
      write(size, `${rows} × ${count(columns.length, "column")}`);
      write(problem, failure?.message ?? "");
      again.hidden = !failure || failure.name === "GoneError";
      const seen = rowCount ? `rows ${table.corner.row}–${table.lastRow}` : "";
      write(position, isLoading && !failure ? "Loading…" : seen);
      return isLoading && !failure;
    },
  };
}

/**
 * @param {number} number
 * @param {string} noun
 */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * @param {Element} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
