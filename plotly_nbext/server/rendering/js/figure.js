/** Figures as they come: bytes that should be JSON of what plotly.js can draw. */

import { topojsonURL } from "./geo.js";
import { mentionsMath } from "./math.js";

/** What a figure may configure; the rest is about interaction, or reaches for the network. */
const CONFIG = ["locale", "locales", "typesetMath"];

/** The side of the largest canvas that WebGL surely has, in pixels. */
const MAX_GL_SIDE = 8192;

/** The pixels of a canvas for which WebGL surely has the memory: some 70 bytes each, twice. */
const MAX_GL_PIXELS = 1 << 24;

const decoder = new TextDecoder("utf-8", { fatal: true });

export class FigureError extends Error {}

/** What is a figure's own data, in which null may mean something. */
const OWN = new Set(["customdata", "geojson", "hovertext", "meta", "source", "text"]);

/** Return an error in words that say of a figure what the browser says of its own stack. */
export function inWords(error) {
  const tooDeep = error instanceof RangeError && /call stack/.test(error.message);
  return tooDeep ? new FigureError("The figure is nested too deeply.") : error;
}

export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Name the kind of a JSON value. */
export function kind(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : `a ${typeof value}`;
}

function decode(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FigureError("The figure is not UTF-8.");
  }
}

/** Read a figure and check the form that plotly.js takes for granted. */
export function parse(bytes) {
  const text = decode(bytes);
  let figure;
  try {
    figure = JSON.parse(text);
  } catch (error) {
    throw new FigureError(`The figure is not JSON: ${error.message}`);
  }
  if (!isObject(figure)) {
    throw new FigureError(`The figure must be an object, not ${kind(figure)}.`);
  }
  const traces = figure.data ?? [];
  if (!Array.isArray(traces)) {
    throw new FigureError(`The figure's "data" must be a list of traces, not ${kind(traces)}.`);
  }
  const data = traces.map((trace, i) => section(trace, `data[${i}]`));
  const config = section(figure.config ?? {}, "config");
  if (!mentionsMath(text)) config.typesetMath = false;
  return { data, layout: section(figure.layout ?? {}, "layout"), config };
}

/** One part of a figure; R writes an empty one as []. */
function section(value, name) {
  if (Array.isArray(value) && value.length === 0) return {};
  if (!isObject(value)) {
    throw new FigureError(`The figure's "${name}" must be an object, not ${kind(value)}.`);
  }
  dropNulls(value);
  return value;
}

/** Drop the members that are null, as R writes what isn't there: plotly.js trips over some. */
function dropNulls(section) {
  const open = [];
  for (let container = section; container; container = open.pop()) {
    if (Array.isArray(container)) {
      for (const item of container) {
        if (typeof item !== "object") break; // numbers or texts, perhaps very many
        if (item) open.push(item); // in a list, null is a gap
      }
    } else {
      for (const [key, value] of Object.entries(container)) {
        if (value === null) delete container[key];
        else if (typeof value === "object" && !OWN.has(key)) open.push(value);
      }
    }
  }
}

/** What plotly.js is to be configured with. */
export function plotConfig(config, { width, height, scale }) {
  const allowed = CONFIG.filter((key) => key in config).map((key) => [key, config[key]]);
  return {
    ...Object.fromEntries(allowed),
    topojsonURL: topojsonURL(),
    plotGlPixelRatio: Math.min(
      2 * scale,
      MAX_GL_SIDE / Math.max(width, height),
      Math.sqrt(MAX_GL_PIXELS / (width * height)),
    ),
  };
}
