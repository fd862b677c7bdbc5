/** The texts that are seen in a plot, each with the fonts that it asks for. */

/** Traces of which WebGL draws the texts, so that there are no elements of them. */
const DRAWN_BY_WEBGL = /^scatter(?:3d|gl|polargl|map|mapbox)$/;

/** Those on maps, whose fonts are named as map servers have them: any font here will do. */
const ON_MAP = /map/;
const ANY = "sans-serif";

/** What a template takes from elsewhere. */
const VARIABLE = /%\{[^}]*\}/g;

const { style } = document.createElement("span");

/** Write the names of fonts as the browser does, as elements have them. */
function normalized(family) {
  style.fontFamily = "";
  style.fontFamily = family;
  return style.fontFamily || ANY;
}

const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value);

/** Yield what an attribute has for the points, as texts with their numbers. */
function* each(value) {
  if (!isList(value)) yield [0, String(value ?? "")];
  else for (const [i, item] of value.entries()) yield [i, String(item ?? "")];
}

/** All but the letters that a legend has for traces with text, in the fonts of these. */
const ELEMENTS = "text:not(.legendpoints text), tspan:not(.legendpoints tspan)";

/** Texts with elements, which say how they look. */
function* ofElements(plot) {
  for (const element of plot.querySelectorAll(ELEMENTS)) {
    if (element.style.display === "none") continue; // the TeX of a formula
    for (const { nodeType, data } of element.childNodes) {
      if (nodeType === Node.TEXT_NODE) yield { text: data, asked: element.style.fontFamily, element };
    }
  }
}

/** The titles and labels of a scene's axes. */
function* ofScene({ labels, labelEnable, labelFont, ticks, tickEnable, tickFont }) {
  for (const axis of [0, 1, 2]) {
    if (labelEnable[axis]) yield { text: labels[axis], asked: normalized(labelFont[axis]) };
    if (!tickEnable[axis]) continue;
    const asked = normalized(tickFont[axis]);
    for (const { text } of ticks[axis]) yield { text: String(text), asked };
  }
}

/** The texts of a trace's points, but for what a template takes from elsewhere than its text. */
function* ofTrace({ type, text, texttemplate, textfont }) {
  const { family } = textfont;
  const named = isList(family) ? Array.from(family, normalized) : normalized(family);
  const fonts = ON_MAP.test(type) ? ANY : named;
  const font = (i) => (isList(fonts) ? (fonts[i] ?? ANY) : fonts);
  let takesText = !texttemplate;
  for (const [i, template] of each(texttemplate)) {
    takesText ||= template.includes("%{text");
    yield { text: template.replace(VARIABLE, ""), asked: font(i) };
  }
  if (takesText) for (const [i, item] of each(text)) yield { text: item, asked: font(i) };
}

/** The texts of the layers that a map has besides its traces. */
function* ofLayers({ layers }) {
  for (const { visible, type, symbol } of layers) {
    if (visible && type === "symbol") yield { text: symbol.text, asked: ANY };
  }
}

/** What of a plot is drawn by WebGL, but not by a map whose server has fonts of its own. */
function* ofWebGL({ _fullData, _fullLayout }) {
  const { gl3d = [], map = [] } = _fullLayout._subplots;
  const served = (id) => _fullLayout[id]?._subplot?.map?.getGlyphs?.();
  for (const id of gl3d) yield* ofScene(_fullLayout[id]._scene.axesOptions);
  for (const id of map) if (!served(id)) yield* ofLayers(_fullLayout[id]);
  for (const trace of _fullData) {
    if (!DRAWN_BY_WEBGL.test(trace.type) || trace.visible !== true) continue;
    if (trace.mode.includes("text") && !served(trace.subplot)) yield* ofTrace(trace);
  }
}

/**
 * Yield the texts that are seen in a plot: {text, asked, element}.
 *
 * `asked` are the names of fonts as the browser writes them; where there are none, the element has
 * them from those around it.
 */
export function* texts(plot) {
  for (const found of ofElements(plot)) if (found.text.trim()) yield found;
  for (const found of ofWebGL(plot)) if (found.text.trim()) yield found;
}
