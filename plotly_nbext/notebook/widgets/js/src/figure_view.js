/** @import { RenderProps } from "@anywidget/types" */
/** @import { FigureModel } from "./figure_model.js" */

import { commandsOf } from "./commands.js";
import { debounce } from "./debounce.js";
import { button, element } from "./dom.js";
import { figureActions } from "./figure_actions.js";
import { figureControls } from "./figure_controls.js";
import { figureImage } from "./figure_image.js";
import { figureInteractive } from "./figure_interactive.js";
import { isRendering } from "./figure_model.js";
import { figureWords } from "./figure_words.js";
import { hideStandIn } from "./stand_in.js";
import { followTheme } from "./theme.js";

/** How long it is said what has been done, in milliseconds. */
const SAID = 4000;
/** After how long it may be that nobody renders. */
const LONG = 20_000;

/** @param {RenderProps<FigureModel>} props */
function render({ model, el, signal }) {
  const status = element("span", { className: "pnx-status", role: "status" });
  const problem = element("div", { className: "pnx-problem", role: "alert" });
  const missing = element("div", { className: "pnx-missing", role: "status" });
  /** What was done last, and what could not be. */
  let done = "";
  let refused = "";
  let wasRendering = false;
  let isLate = false;
  const forgetting = debounce(() => say(), SAID);
  const waiting = debounce(() => {
    isLate = true;
    update();
  }, LONG);

  const say = (was = "", wasNot = "") => {
    done = was;
    refused = wasNot;
    if (done) forgetting.soon();
    update();
  };

  const controls = figureControls(model);
  const words = figureWords(model);
  const image = figureImage(model, (file) => actions.update(file));
  const actions = figureActions(
    image.element,
    say,
    (problem) => say("", problem),
  );
  const interactive = figureInteractive(model, commandsOf(model, signal), (problem) =>
    say("", problem),
  );
  const asImage = button({ text: "Image" }, () => {
    interactive.stop();
    update();
  });
  const asFigure = button({ text: "Interactive" }, () => {
    if (!interactive.isOn()) interactive.start();
    update();
  });
  const root = element(
    "div",
    { className: "pnx pnx-figure", "data-lm-suppress-shortcuts": true },
    element(
      "div",
      { className: "pnx-toolbar", role: "group", "aria-label": "Figure" },
      element("div", { className: "pnx-switch", role: "group", "aria-label": "Show" }, asImage, asFigure),
      controls.element,
      element("div", { className: "pnx-actions" }, ...actions.elements, words.opener),
    ),
    words.row,
    problem,
    element("div", { className: "pnx-stage" }, image.element, interactive.element, status),
    missing,
  );
  const stopFollowing = followTheme(root);
  el.append(root);
  const showStandIn = hideStandIn(root, "img, svg");

  // All of the view follows from the model and what is said above, whoever changed it.
  function update() {
    if (signal?.aborted) return;
    const isOn = interactive.isOn();
    const isDrawn = isOn && !interactive.element.hidden;
    controls.update();
    words.update();
    interactive.update();
    image.update(isDrawn);
    asImage.setAttribute("aria-pressed", String(!isOn));
    asFigure.setAttribute("aria-pressed", String(isOn));
    const isLoading = interactive.isLoading();
    const rendering = isRendering(model);
    if (rendering !== wasRendering) {
      wasRendering = rendering;
      isLate = false;
      if (rendering) waiting.soon();
      else waiting.cancel();
    }
    root.setAttribute("aria-busy", String(rendering || isLoading));
    const rendered = isLate ? "Still rendering. Is the kernel running?" : "Rendering…";
    status.textContent = isLoading ? "Loading…" : rendering ? rendered : done;
    problem.textContent = [model.get("error").message, refused].filter(Boolean).join("\n");
    missing.textContent = model.get("warnings").join("\n");
  }

  model.on("change", update);
  signal?.addEventListener("abort", () => {
    model.off("change", update);
    for (const part of [controls, image, interactive]) part.stop();
    forgetting.cancel();
    waiting.cancel();
    stopFollowing();
    showStandIn();
  });
  update();
}

export default { render };
