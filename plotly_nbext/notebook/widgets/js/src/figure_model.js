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
 * What `image` holds: what it was asked to be, and its mime type and size in CSS pixels. Empty
 * while the image is out of date.
 *
 * @typedef {{wanted: Wanted, mime: string, width: number, height: number}} Shown
 */

/**
 * @typedef {Wanted & {
 *   alt: string,
 *   show_image: boolean,
 *   image: DataView,
 *   error: {type?: string, message?: string},
 *   warnings: string[],
 *   _preview: DataView,
 *   _shown: Shown | Record<string, never>,
 * }} FigureModel
 */

const FIELDS = /** @type {const} */ (["format", "width", "height", "scale"]);

/**
 * Whether the kernel is making another image than the one it last sent.
 *
 * @param {AnyModel<FigureModel>} model
 */
export function isRendering(model) {
  if (model.get("error").message) return false;
  const { wanted } = model.get("_shown");
  return !wanted || FIELDS.some((field) => wanted[field] !== model.get(field));
}
