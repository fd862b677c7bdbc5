/** What a plot may not carry into an image file. */

import { warn } from "./words.js";

/** What no XML holds: control characters and noncharacters. */
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** What a style loads from, save a part of the image itself, or may hide such a thing in. */
const LOADING =
  /\b(?:url\((?!\s*["']?#)|(?:-webkit-)?(?:image|image-set|cross-fade)\(|src\(|(?:var|env|attr)\()|\\/i;

/** Remove from the styles of texts what a reader's browser would load. */
export function withoutAddresses(plot) {
  for (const element of plot.querySelectorAll('text [style*="("]')) {
    const { style } = element;
    const loading = [...style].filter(
      (name) => name.startsWith("--") || LOADING.test(style.getPropertyValue(name)),
    );
    if (!loading.length && !LOADING.test(element.getAttribute("style"))) continue;
    for (const name of loading) style.removeProperty(name);
    element.setAttribute("style", style.cssText); // without what is no style at all
  }
}

const codePoint = (character) =>
  `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Return an SVG that is XML; add to the warnings what had to go. */
export function asXML(svg, warnings) {
  const gone = new Set(svg.match(NOT_XML));
  if (!gone.size) return svg;
  const named = [...gone].map(codePoint).join(", ");
  warn(warnings, `The figure's text holds what no image file can: ${named}. It is left out.`);
  return svg.replace(NOT_XML, "");
}
