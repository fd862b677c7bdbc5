/** @import { AnyModel } from "@anywidget/types" */
/** @import { FigureModel, Shown } from "./figure_model.js" */

import { element } from "./dom.js";

/**
 * The image, which changes when the next one can be painted.
 *
 * @param {AnyModel<FigureModel>} model
 * @param {(file: {url: string, bytes: DataView, shown: Shown}) => void} onFile
 */
export function figureImage(model, onFile) {
  const image = element("img", { className: "pnx-image" });
  /** @type {Shown | undefined} What is shown, or about to be. */
  let current;
  /** @type {string[]} Addresses of the blobs in use. */
  let urls = [];

  const load = async () => {
    const shown = model.get("_shown");
    if (shown === current) return;
    current = shown;
    const bytes = model.get("image");
    const preview = model.get("_preview");
    const file = address(bytes, shown.mime);
    const picture = preview.byteLength > 0 ? address(preview, "image/png") : file;
    const next = new Image();
    next.src = picture;
    await next.decode().catch(() => {});
    if (current !== shown) {
      revoke([file, picture]);
      return;
    }
    revoke(urls);
    urls = [file, picture];
    image.src = picture;
    image.width = shown.width;
    onFile({ url: file, bytes, shown });
  };

  return {
    element: image,
    stop() {
      current = undefined; // what is still being decoded is not kept
      revoke(urls);
    },
    /** @param {boolean} isHidden */
    update(isHidden) {
      image.alt = model.get("alt");
      image.hidden = isHidden;
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
