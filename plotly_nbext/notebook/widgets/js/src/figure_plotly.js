/** @import { Experimental } from "@anywidget/types" */

import { askForBytes } from "./kernel.js";

/** Where all views of a page find what one of them has loaded: promises by plotly's version. */
const LOADED = Symbol.for("plotly_nbext.plotly.js");

/**
 * plotly.js as a module (`_plotly_js.py` tells what it exports), which the kernel sends once for a
 * page.
 *
 * @param {Experimental} commands
 * @param {string} version
 * @returns {Promise<any>}
 */
export function plotlyOf(commands, version) {
  /** @type {Record<string, Promise<any>>} */
  const loaded = (/** @type {any} */ (globalThis)[LOADED] ??= {});
  // Where another view failed, this one tries again.
  const others = loaded[version] ?? Promise.reject();
  return (loaded[version] = others.catch(() => load(commands)));
}

/** @param {Experimental} commands */
async function load(commands) {
  if (!("DecompressionStream" in globalThis)) throw new Error("The browser is too old.");
  const [, [packed]] = await askForBytes(commands, "_plotly_js", {});
  const bytes = new Blob([/** @type {DataView<ArrayBuffer>} */ (packed)]).stream();
  const script = new Response(bytes.pipeThrough(new DecompressionStream("gzip")));
  const type = "text/javascript";
  const url = URL.createObjectURL(new Blob([await script.blob()], { type }));
  try {
    return await import(url);
  } catch {
    throw new Error("The page lets no script in.");
  } finally {
    URL.revokeObjectURL(url);
  }
}
