/** @import { AnyModel } from "@anywidget/types" */

/**
 * What an image is asked to be. A width or height of null is the figure's own.
 *
 * @typedef {object} Wanted
 * @property {string} format
 * @property {number | null} width In CSS pixels.
 * @property {number | null} height In CSS pixels.
 * @property {number | null} scale
 */

/**
 * What `image` holds.
 *
 * @typedef {object} Shown
 * @property {Wanted} wanted What it was asked to be.
 * @property {number} version Of the figure; it grows.
 * @property {string} mime
 * @property {number} width In CSS pixels.
 * @property {number} height In CSS pixels.
 * @property {string} file What it is called when it is saved.
 */

/**
 * @typedef {Wanted & {
 *   alt: string,
 *   image: DataView,
 *   error: {type?: string, message?: string},
 *   warnings: string[],
 *   _busy: boolean,
 *   _preview: DataView,
 *   _shown: Shown,
 * }} FigureModel
 */

const FIELDS = /** @type {const} */ (["format", "width", "height", "scale"]);

/**
 * Whether the kernel makes, or is about to make, another image than the one it last sent.
 *
 * @param {AnyModel<FigureModel>} model
 */
export function isRendering(model) {
  if (model.get("_busy")) return true;
  if (model.get("error").message) return false;
  const { wanted } = model.get("_shown");
  return FIELDS.some((field) => wanted[field] !== model.get(field));
}
