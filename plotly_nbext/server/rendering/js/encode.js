/** An SVG becomes an image file. */

import { FigureError } from "./figure.js";

/** Read base64; browsers of before 2025 have no way of their own that is fast. */
const decode =
  Uint8Array.fromBase64 ??
  ((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

const sheet = document.getElementById("sheet");

/** Take what was printed last off the sheet. */
export function clear() {
  sheet.replaceChildren();
}

/** Write an SVG as an address; loading a blob takes a way through another process. */
function address(svg) {
  return `data:image/svg+xml;charset=utf-8,${svg.replace(/[%#\t\n\r]/g, encodeURIComponent)}`;
}

/** Load an SVG as an image, in which no script and no network is. */
async function load(svg) {
  const image = new Image();
  await new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(new FigureError("The figure makes an SVG that is not valid."));
    image.src = address(svg);
  });
  return image;
}

/** Paint an SVG and return the bytes of the picture. */
export async function rasterize(svg, { format, width, height, scale }) {
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (format === "jpeg") {
    context.fillStyle = "white"; // it knows no transparency
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(await load(svg), 0, 0, width * scale, height * scale);
  // toBlob would wait until the browser has nothing else to do
  const [type, encoded] = canvas.toDataURL(`image/${format}`).split(",");
  if (!type.startsWith(`data:image/${format};`)) {
    throw new FigureError(
      `The browser can't write ${canvas.width} × ${canvas.height} pixels as ${format}.`,
    );
  }
  return decode(encoded);
}

/** Lay an SVG on the sheet, to be printed by the browser itself, which makes the PDF. */
export async function layOut(svg, { width, height, scale }) {
  // Chromium stretches an image to whole pixels, so it gets one; the page is cut to size later.
  const [right, bottom] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const frame =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${bottom}" ` +
    `viewBox="0 0 ${right / scale} ${bottom / scale}">${svg}</svg>`;
  sheet.append(await load(frame));
}
