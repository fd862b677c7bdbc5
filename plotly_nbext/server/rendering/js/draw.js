/** A figure becomes an SVG, as plotly.js draws it. */

import { FigureError, plotConfig } from "./figure.js";
import { warnOfFonts } from "./glyphs.js";
import { prepareMath, warnOfMath } from "./math.js";
import { settle, withoutScenes } from "./still.js";

/** The side of the smallest figure that plotly.js draws as asked, in CSS pixels. */
const MIN_SIDE = 10;

/** What plotly.js says of any map that it can't draw. */
const MAP_ERROR = /Map error/;

/** Do what plotly.js's own toImage does up to the SVG, save its fixed wait. */
async function toSVG({ data, layout, config }, scale, warnings) {
  const options = { ...config, _exportedPlot: true, staticPlot: true };
  const plot = document.createElement("div");
  plot.style.position = "absolute";
  plot.style.left = "-5000px";
  document.body.append(plot);
  try {
    await withoutScenes(() => Plotly.newPlot(plot, data, layout, options));
    Plotly.Snapshot.getRedrawFunc(plot)();
    await settle(plot._fullLayout);
    warnOfFonts(plot, warnings);
    return Plotly.Snapshot.toSVG(plot, "svg", scale);
  } finally {
    Plotly.purge(plot);
    plot.remove();
  }
}

/** Make the SVG in our own way, or in plotly.js's where it has other internals. */
async function makeSVG(figure, { width, height }, scale, warnings) {
  if (Plotly.Snapshot?.toSVG) return await toSVG(figure, scale, warnings);
  const options = { format: "svg", width, height, scale, imageDataOnly: true };
  return await Plotly.toImage(figure, options);
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
  const math = config.typesetMath ?? true;
  if (math) await prepareMath();
  try {
    const svg = await makeSVG(figure, asked, scale, warnings);
    if (math) warnOfMath(warnings);
    return svg;
  } catch (error) {
    const said = error?.message ?? String(error);
    const reason = MAP_ERROR.test(said) ? " (A part of its style or layers is not valid.)" : "";
    throw new FigureError(`plotly.js could not draw the figure: ${said}${reason}`);
  }
}
