/** @import { RenderProps } from "@anywidget/types" */
/** @import { FigureModel } from "./figure_model.js" */

import { element } from "./dom.js";
import { figureControls } from "./figure_controls.js";
import { figureImage } from "./figure_image.js";
import { isRendering } from "./figure_model.js";

/** @param {RenderProps<FigureModel>} props */
function render({ model, el, signal }) {
  const controls = figureControls(model);
  const image = figureImage(model);
  const busy = element("span", { className: "pnx-busy", role: "status" });
  const problem = element("div", { className: "pnx-problem", role: "alert" });
  const missing = element("div", { className: "pnx-missing", role: "status" });
  const root = element(
    "div",
    { className: "pnx pnx-figure", "data-lm-suppress-shortcuts": true },
    element("div", { className: "pnx-toolbar" }, controls.element, image.download, busy),
    problem,
    image.element,
    missing,
  );
  el.append(root);

  // All of the view follows from the model, whoever changed it.
  const update = () => {
    controls.update();
    image.update();
    const rendering = isRendering(model);
    root.setAttribute("aria-busy", String(rendering));
    busy.textContent = rendering ? "Rendering…" : "";
    problem.textContent = model.get("error").message ?? "";
    missing.textContent = model.get("warnings").join("\n");
  };
  model.on("change", update);
  signal?.addEventListener("abort", () => {
    model.off("change", update);
    controls.stop();
    image.stop();
  });
  update();
}

export default { render };
