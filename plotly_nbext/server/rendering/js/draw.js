/** A figure becomes an SVG, as plotly.js draws it. */

import { asXML, withoutAddresses } from "./clean.js";
import { FigureError, inWords, plotConfig } from "./figure.js";
import { warnOfFonts } from "./glyphs.js";
import { prepareMath, warnOfLostText, warnOfMath } from "./math.js";
import { warnOfPlaces } from "./places.js";
import { hasLostWebGL, settle, withoutScenes } from "./still.js";
import { quote, warnOfTraces } from "./words.js";

/** The side of the smallest figure that plotly.js draws as asked, in CSS pixels. */
const MIN_SIDE = 10;

/** What plotly.js says of any map that it can't draw, and what may be the matter with it. */
const MAP_ERROR = /Map(box)? error/;
const MAP_REASON =
  " (A part of its style or layers is not valid;" +
  " or it has texts, and its style names no glyphs for them, which older plotly.js needs.)";

/** The page can't draw WebGL any more, whatever the figure: another page may. */
export class WebGLLost extends Error {
  message = "The browser has no WebGL, or lost it drawing this figure.";
}

/** Take a plot away, also one that plotly.js could not make whole, nor can take apart. */
function discard(plot) {
  try {
    Plotly.purge(plot);
  } catch (error) {
    console.warn(error);
  }
  plot.remove();
}

/** Tell of traces whose type plotly.js doesn't know. */
function warnOfTypes({ data, _fullData }, warnings) {
  const unknown = _fullData.filter(({ index, type }) => (data[index].type ?? type) !== type);
  const sentences = unknown.map(({ index, type }) => {
    const asked = quote(data[index].type);
    return `data[${index}].type ${asked} is not known: it is drawn as ${type}.`;
  });
  warnOfTraces(warnings, sentences, "Types that are not known");
}

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
    warnOfTypes(plot, warnings);
    warnOfPlaces(plot, warnings);
    warnOfFonts(plot, warnings);
    warnOfLostText(plot, warnings);
    withoutAddresses(plot);
    const svg = Plotly.Snapshot.toSVG(plot, "svg", scale);
    if (hasLostWebGL(plot)) throw new WebGLLost();
    return svg;
  } catch (error) {
    // a map asks for a context of its own, and says in words that there is none
    throw hasLostWebGL(plot) || /WebGL/.test(error?.message) ? new WebGLLost() : error;
  } finally {
    discard(plot);
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
    return asXML(svg, warnings);
  } catch (error) {
    if (error instanceof WebGLLost) throw error;
    if (inWords(error) !== error) throw inWords(error);
    const said = error?.message ?? String(error);
    const reason = MAP_ERROR.test(said) ? MAP_REASON : "";
    throw new FigureError(`plotly.js could not draw the figure: ${said}${reason}`);
  }
}
