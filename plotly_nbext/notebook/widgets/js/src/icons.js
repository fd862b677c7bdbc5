const SVG = "http://www.w3.org/2000/svg";

/** Lines on a ground of 16 × 16. */
const PATHS = {
  undo: "M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6",
  redo: "M10 3l3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10",
  row: "M2.5 3.5h11v4h-11zM8 10v4M6 12h4",
  column: "M3.5 2.5v11h4v-11zM10 8h4M12 6v4",
  find: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3 13.5 13.5",
  filter: "M2.5 3.5h11L9.5 8.5v4l-3 1v-5z",
  more: "M8 3.6v.1M8 7.95v.1M8 12.3v.1",
  down: "M4 6l4 4 4-4",
  done: "M3 8.5l3.5 3.5L13 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  up: "M4 10l4-4 4 4",
  ascending: "M8 13V3M4.5 6.5 8 3l3.5 3.5",
  descending: "M8 3v10M4.5 9.5 8 13l3.5-3.5",
};

/**
 * A small picture, in the colour of the text around it. It says nothing to a screen reader.
 *
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const svg = lines(PATHS[name]);
  if (name === "more") svg.style.strokeWidth = "2.2";
  return svg;
}

/**
 * The same of a path of one's own.
 *
 * @param {string} d
 */
export function lines(d) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("pnx-icon");
  svg.append(path);
  return svg;
}
