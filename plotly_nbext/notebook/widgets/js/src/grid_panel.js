/** @import { Column, FetchRows } from "./grid_source.js" */

import { element } from "./dom.js";
import { GridSource } from "./grid_source.js";
import { gridTable } from "./grid_table.js";

/**
 * A table, and below it a line that tells its size, the rows in view, and what went wrong.
 *
 * @param {HTMLElement} root Is filled with both, and busy while rows are on their way.
 * @param {object} grid
 * @param {string} grid.label What a screen reader calls the table.
 * @param {Column[]} grid.columns
 * @param {number} grid.rowCount
 * @param {number} [grid.mostRows] The table is no higher than so many rows.
 * @param {FetchRows} fetchRows
 * @returns {{footer: HTMLElement, stop: () => void}} The line, and what ends that which was started.
 */
export function showGrid(root, { label, columns, rowCount, mostRows }, fetchRows) {
  const source = new GridSource({ columns, rowCount }, fetchRows, () => table.draw());
  const position = element("span", { className: "pnx-position" });
  const problem = element("span", { className: "pnx-problem", role: "alert" });
  const again = element("button", { type: "button", textContent: "Try again", hidden: true });
  again.addEventListener("click", () => {
    source.retry();
    table.draw();
  });

  const table = gridTable(source, {
    label,
    mostRows,
    onDraw(first, last) {
      const { failure, isLoading } = source;
      root.setAttribute("aria-busy", String(isLoading));
      problem.textContent = failure?.message ?? "";
      again.hidden = !failure;
      position.textContent = isLoading ? "Loading…" : rowCount ? `rows ${first}–${last}` : "";
    },
  });

  const size = `${count(rowCount, "row")} × ${count(columns.length, "column")}`;
  const footer = element("div", { className: "pnx-footer" }, size, position, problem, again);
  root.replaceChildren(table, footer);
  root.setAttribute("aria-busy", "true");
  position.textContent = "Loading…";

  // Columns need a size to be drawn: the table may still be out of the page, or folded.
  const resized = new ResizeObserver(() => table.clientWidth && table.draw());
  resized.observe(table);
  return { footer, stop: () => resized.disconnect() };
}

/**
 * @param {number} number
 * @param {string} noun
 */
function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
