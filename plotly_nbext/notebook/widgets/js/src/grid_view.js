/** @import { RenderProps } from "@anywidget/types" */
/** @import { Column } from "./grid_source.js" */

import { element } from "./dom.js";
import { GridSource } from "./grid_source.js";
import { gridTable } from "./grid_table.js";

/** @typedef {{path: string, columns: Column[], row_count: number, _revision: number}} GridModel */

/** @param {RenderProps<GridModel>} props */
function render({ model, el, experimental, signal }) {
  const root = element("div", { className: "pnx pnx-grid", "data-lm-suppress-shortcuts": true });
  el.append(root);
  /** @type {() => void} */
  let stop = () => {};
  const show = () => {
    stop();
    stop = showGrid(root, model, experimental);
  };
  model.on("change:_revision", show);
  signal?.addEventListener("abort", () => {
    model.off("change:_revision", show);
    stop();
  });
  show();
}

/**
 * Fill the root with the grid as the model has it now.
 *
 * @param {HTMLElement} root
 * @param {RenderProps<GridModel>["model"]} model
 * @param {RenderProps<GridModel>["experimental"]} experimental
 * @returns {() => void} Ends what was started.
 */
function showGrid(root, model, experimental) {
  const path = model.get("path");
  const columns = model.get("columns");
  const rowCount = model.get("row_count");
  const source = new GridSource({ columns, rowCount }, experimental, () => table.draw());
  const position = element("span", { className: "pnx-position" });
  const problem = element("span", { className: "pnx-problem", role: "alert" });
  const again = element("button", { type: "button", textContent: "Try again", hidden: true });
  again.addEventListener("click", () => {
    source.retry();
    table.draw();
  });

  const table = gridTable(source, {
    label: path,
    onDraw(first, last) {
      const { failure, isLoading } = source;
      root.setAttribute("aria-busy", String(isLoading));
      problem.textContent = failure?.message ?? "";
      again.hidden = !failure;
      position.textContent = isLoading ? "Loading…" : rowCount ? `rows ${first}–${last}` : "";
    },
  });

  const size = `${count(rowCount, "row")} × ${count(columns.length, "column")}`;
  root.replaceChildren(
    table,
    element(
      "div",
      { className: "pnx-footer" },
      element("strong", {}, path),
      size,
      position,
      problem,
      again,
    ),
  );
  root.setAttribute("aria-busy", "true");
  position.textContent = "Loading…";

  // Columns need a size to be drawn: the cell may still be out of the page, or folded.
  const resized = new ResizeObserver(() => table.clientWidth && table.draw());
  resized.observe(table);
  return () => resized.disconnect();
}

/**
 * @param {number} number
 * @param {string} noun
 */
function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

export default { render };
