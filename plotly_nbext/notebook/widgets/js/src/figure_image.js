/** @import { AnyModel } from "@anywidget/types" */
/** @import { FigureModel } from "./figure_model.js" */

import { element } from "./dom.js";

/**
 * The image, and the link that saves it.
 *
 * @param {AnyModel<FigureModel>} model
 */
export function figureImage(model) {
  const image = element("img", { className: "pnx-image" });
  const download = element("a", { className: "pnx-download", textContent: "Download" });
  /** @type {DataView | undefined} The bytes that are shown, or about to be. */
  let current;
  /** @type {string[]} Addresses of the blobs in use. */
  let urls = [];

  const load = async () => {
    const bytes = model.get("image");
    const shown = model.get("_shown");
    if (bytes === current || !shown.mime) return;
    current = bytes;
    const preview = model.get("_preview");
    const file = address(bytes, shown.mime);
    const picture = preview.byteLength > 0 ? address(preview, "image/png") : file;
    // The old image stays until the new one can be painted.
    const next = new Image();
    next.src = picture;
    await next.decode().catch(() => {});
    if (current !== bytes) {
      revoke([file, picture]);
      return;
    }
    revoke(urls);
    urls = [file, picture];
    image.src = picture;
    image.width = shown.width;
    download.href = file;
    download.download = `figure.${shown.wanted.format}`;
    download.title = `${shown.wanted.format.toUpperCase()}, ${size(bytes.byteLength)}`;
  };

  return {
    element: image,
    download,
    stop: () => revoke(urls),
    update() {
      image.alt = model.get("alt");
      image.hidden = !model.get("show_image");
      load();
    },
  };
}

/**
 * @param {DataView} bytes
 * @param {string} type
 */
function address(bytes, type) {
  return URL.createObjectURL(new Blob([/** @type {DataView<ArrayBuffer>} */ (bytes)], { type }));
}

/** @param {string[]} urls */
function revoke(urls) {
  for (const url of urls) URL.revokeObjectURL(url);
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
