/** A figure becomes an SVG, as plotly.js draws it. */

import { FigureError, plotConfig } from "./figure.js";

/** How long plotly.js itself waits for a moving camera, in milliseconds. */
const CAMERA_DELAY = 500;

/** The side of the smallest figure that plotly.js draws as asked, in CSS pixels. */
const MIN_SIDE = 10;

/** What plotly.js says when it can't fetch outlines or tiles. */
const OFFLINE = /topojson|Map error/;

/** Bring the cameras of 3D scenes to rest, as plotly.js's fixed wait does, without the wait. */
async function settle(fullLayout) {
  let delay = fullLayout._has("map") ? CAMERA_DELAY : 0;
  if (fullLayout._has("gl3d")) {
    try {
      for (const id of fullLayout._subplots.gl3d) {
        const { camera } = fullLayout[id]._scene.glplot;
        camera.view.recalcMatrix(camera.view.lastT());
        camera.tick = () => true;
      }
    } catch {
      delay = CAMERA_DELAY; // a plotly.js with other internals
    }
  }
  await new Promise((resolve) => setTimeout(resolve, delay));
}

/** Do what plotly.js's own toImage does up to the SVG, save its wait for 3D. */
async function toSVG({ data, layout, config }, scale) {
  const plot = document.createElement("div");
  plot.style.position = "absolute";
  plot.style.left = "-5000px";
  document.body.append(plot);
  try {
    await Plotly.newPlot(plot, data, layout, { ...config, _exportedPlot: true, staticPlot: true });
    Plotly.Snapshot.getRedrawFunc(plot)();
    await settle(plot._fullLayout);
    return Plotly.Snapshot.toSVG(plot, "svg", scale);
  } finally {
    Plotly.purge(plot);
    plot.remove();
  }
}

/** Draw a figure and return its SVG; add to the warnings what is missing in it. */
export async function draw({ data, layout, config }, asked, warnings) {
  const { width, height } = asked;
  if (Math.min(width, height) < MIN_SIDE) {
    throw new FigureError(
      `A figure is at least ${MIN_SIDE} × ${MIN_SIDE} pixels, not ${width} × ${height}.`,
    );
  }
  // the other formats are scaled when they are made of the SVG
  const scale = asked.format === "svg" ? asked.scale : 1;
  const figure = {
    data,
    layout: { ...layout, width, height },
    config: plotConfig(config, asked),
  };
  try {
    if (Plotly.Snapshot?.toSVG) return await toSVG(figure, scale);
    const options = { format: "svg", width, height, scale, imageDataOnly: true };
    return await Plotly.toImage(figure, options);
  } catch (error) {
    const said = error?.message ?? String(error);
    const reason = OFFLINE.test(said) ? " (what draws the figure has no network)" : "";
    throw new FigureError(`plotly.js could not draw the figure: ${said}${reason}`);
  }
}
