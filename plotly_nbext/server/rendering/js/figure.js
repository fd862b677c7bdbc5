/** Figures as they come: bytes that should be JSON of what plotly.js can draw. */

/** What a figure may configure; the rest is about interaction, or reaches for the network. */
const CONFIG = ["locale", "locales", "typesetMath"];

/** The side of the largest canvas that WebGL surely has, in pixels. */
const MAX_GL_SIDE = 8192;

const decoder = new TextDecoder("utf-8", { fatal: true });

export class FigureError extends Error {}

const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Name the kind of a JSON value. */
function kind(value) {
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
  const data = figure.data ?? [];
  if (!Array.isArray(data)) {
    throw new FigureError(`The figure's "data" must be a list of traces, not ${kind(data)}.`);
  }
  data.forEach((trace, i) => {
    if (!isObject(trace)) {
      throw new FigureError(`The figure's "data[${i}]" must be an object, not ${kind(trace)}.`);
    }
  });
  return { data, layout: section(figure, "layout"), config: section(figure, "config") };
}

/** One part of a figure; R writes an empty one as []. */
function section(figure, name) {
  const value = figure[name] ?? {};
  if (Array.isArray(value) && value.length === 0) return {};
  if (!isObject(value)) {
    throw new FigureError(`The figure's "${name}" must be an object, not ${kind(value)}.`);
  }
  return value;
}

/** What plotly.js is to be configured with. */
export function plotConfig(config, { width, height, scale }) {
  const allowed = CONFIG.filter((key) => key in config).map((key) => [key, config[key]]);
  return {
    ...Object.fromEntries(allowed),
    plotGlPixelRatio: Math.min(2 * scale, MAX_GL_SIDE / Math.max(width, height)),
  };
}
