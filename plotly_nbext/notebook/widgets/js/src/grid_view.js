/** @import { RenderProps } from "@anywidget/types" */
/** @import { Column } from "./grid_source.js" */

import { element } from "./dom.js";
import { showGrid } from "./grid_panel.js";
import { ask } from "./kernel.js";

/** A cell of a notebook is no higher than this. */
const MOST_ROWS = 12;

/** @typedef {{path: string, columns: Column[], row_count: number, _revision: number}} GridModel */

/** @param {RenderProps<GridModel>} props */
function render({ model, el, experimental, signal }) {
  const root = element("div", { className: "pnx pnx-grid", "data-lm-suppress-shortcuts": true });
  el.append(root);

  const fetchRows = async (/** @type {number} */ start, /** @type {number} */ stop) => {
    /** @type {{columns: (string | null)[][]}} */
    const answer = await ask(experimental, "_rows", { start, stop });
    return answer.columns;
  };

  /** @type {() => void} */
  let stop = () => {};
  const show = () => {
    stop();
    const label = model.get("path");
    const [columns, rowCount] = [model.get("columns"), model.get("row_count")];
    const shown = showGrid(root, { label, columns, rowCount, mostRows: MOST_ROWS }, fetchRows);
    shown.footer.prepend(element("strong", {}, label));
    stop = shown.stop;
  };
  model.on("change:_revision", show);
  signal?.addEventListener("abort", () => {
    model.off("change:_revision", show);
    stop();
  });
  show();
}

export default { render };
