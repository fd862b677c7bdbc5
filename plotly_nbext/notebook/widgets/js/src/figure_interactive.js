/** @import { AnyModel, Experimental } from "@anywidget/types" */
/** @import { FigureModel } from "./figure_model.js" */

import { element } from "./dom.js";
import { plotlyOf } from "./figure_plotly.js";
import { askForBytes } from "./kernel.js";

/**
 * What was done to a figure at once: values by path, and for traces which ones.
 *
 * @typedef {object} Step
 * @property {Record<string, unknown>} layout
 * @property {[Record<string, unknown>, number[]][]} traces
 */

/**
 * The figure as plotly.js draws it. What is done to it is done to the figure in Python.
 *
 * @param {AnyModel<FigureModel>} model
 * @param {Experimental} commands
 * @param {(problem?: string) => void} onChange It began to load, has loaded, or could not.
 */
export function figureInteractive(model, commands, onChange) {
  const plot = element("div", { className: "pnx-plot", hidden: true });
  let isOn = false;
  let isLoading = false;
  /** @type {any} What draws it, once it has. */
  let plotly;
  /** Of the figure that is drawn, as Python counts. */
  let version = -1;
  /** @type {Step[]} */
  let steps = [];
  let isDone = Promise.resolve();

  // One thing after the other: what is drawn, and what is done to it, are told apart by versions.
  const inTurn = (/** @type {() => Promise<void>} */ work) => {
    isDone = isDone.then(work).catch(({ message }) => {
      if (plotly || !isOn) return onChange(message);
      stop();
      onChange(`The figure can't be interactive here. ${message}`);
    });
  };

  async function draw() {
    if (!isOn || version >= model.get("_shown").version) return;
    const [answer, [text]] = await askForBytes(commands, "_figure", {});
    const { default: loaded, dress } = await plotlyOf(commands, answer.plotly);
    if (!isOn) return;
    const figure = JSON.parse(new TextDecoder().decode(text));
    plot.hidden = false;
    Object.assign(figure.layout, size(), { autosize: false });
    await loaded.react(plot, figure);
    version = answer.version;
    if (plotly) return;
    plotly = loaded;
    isLoading = false;
    dress(plot.getRootNode());
    const told = /** @type {any} */ (plot);
    told.on("plotly_relayout", (/** @type {any} */ layout) => tune(layout));
    told.on("plotly_restyle", (/** @type {any} */ traces) => tune({}, traces));
    told.on("plotly_update", (/** @type {any} */ { data, layout }) => tune(layout, data));
  }

  /** @param {Record<string, unknown>} layout @param {[Record<string, unknown>, number[]]} [traces] */
  function tune(layout, traces) {
    steps.push({ layout, traces: traces ? [traces] : [] });
    inTurn(async () => {
      if (steps.length === 0) return; // they went along with an earlier one
      const message = { steps };
      steps = [];
      const [answer] = await askForBytes(commands, "_tune", message);
      // Else it is the same, or others changed it in between and it is still to be fetched.
      if (answer.version === version + 1) version += 1;
    });
  }

  /** As large as the image, where there is room for it. */
  function size() {
    const { width, height } = model.get("_shown");
    return { width: Math.min(width, plot.clientWidth || width), height };
  }

  function stop() {
    isOn = isLoading = false;
    plot.hidden = true;
    // What is being drawn can't be stopped.
    inTurn(async () => {
      plotly?.purge(plot);
      plotly = undefined;
      version = -1;
    });
  }

  return {
    element: plot,
    stop,
    isOn: () => isOn,
    isLoading: () => isLoading,
    start() {
      isOn = isLoading = true;
      inTurn(async () => {
        await draw();
        onChange();
      });
    },
    update() {
      plot.setAttribute("aria-label", model.get("alt"));
      if (!plotly) return;
      inTurn(async () => {
        await draw();
        if (!plotly) return;
        const wanted = size();
        const { width, height } = /** @type {any} */ (plot).layout;
        if (width !== wanted.width || height !== wanted.height) await plotly.relayout(plot, wanted);
      });
    },
  };
}
