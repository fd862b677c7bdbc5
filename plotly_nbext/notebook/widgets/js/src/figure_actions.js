/** @import { Shown } from "./figure_model.js" */

import { button, element } from "./dom.js";
import { lines } from "./icons.js";

const COPY = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";
const DOWNLOAD = "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11";

/**
 * What is done with the image: it is copied, or saved as a file.
 *
 * @param {HTMLImageElement} image
 * @param {(words: string) => void} say What has been done.
 * @param {(words: string) => void} complain
 */
export function figureActions(image, say, complain) {
  /** @type {{bytes: DataView, shown: Shown} | undefined} */
  let file;
  const copy = button({ text: "Copy", icon: lines(COPY) }, async () => {
    if (!file) return;
    try {
      await navigator.clipboard.write([new ClipboardItem(forms(image, file))]);
      say("Copied as PNG");
    } catch {
      complain("The browser does not let this page copy images. Download it instead.");
    }
  });
  const download = element(
    "a",
    { className: "pnx-download", onclick: () => say(`Downloading ${download.download}`) },
    lines(DOWNLOAD),
    element("span", {}, "Download"),
  );
  return {
    elements: [copy, download],
    /** @param {{url: string, bytes: DataView, shown: Shown}} rendered */
    update(rendered) {
      file = rendered;
      download.href = rendered.url;
      download.title = download.download = rendered.shown.file;
    },
  };
}

/**
 * The image in the forms that others paste: pixels, and the text of an SVG.
 *
 * @param {HTMLImageElement} image
 * @param {{bytes: DataView, shown: Shown}} file
 */
function forms(image, { bytes, shown }) {
  const own = new Blob([/** @type {DataView<ArrayBuffer>} */ (bytes)], { type: shown.mime });
  // Safari wants to be promised what takes a while.
  /** @type {Record<string, Blob | Promise<Blob>>} */
  const all = { "image/png": shown.mime === "image/png" ? own : painted(image) };
  if (shown.mime === "image/svg+xml") all["text/plain"] = own.slice(0, own.size, "text/plain");
  return all;
}

/**
 * @param {HTMLImageElement} image
 * @returns {Promise<Blob>}
 */
function painted(image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  return canvas.convertToBlob();
}
