/** An SVG becomes an image file. */

import { FigureError } from "./figure.js";

const sheet = document.getElementById("sheet");

/** Take what was printed last off the sheet. */
export function clear() {
  sheet.replaceChildren();
}

/** Load an SVG as an image, in which no script and no network is, and use it. */
async function load(svg, use) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
  const image = new Image();
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new FigureError("The figure makes an SVG that is not valid."));
      image.src = url;
    });
    return use(image);
  } finally {
    URL.revokeObjectURL(url);
  }
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
  await load(svg, (image) => context.drawImage(image, 0, 0, width * scale, height * scale));
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, `image/${format}`));
  if (!blob) {
    throw new FigureError(
      `The browser can't write ${canvas.width} × ${canvas.height} pixels as ${format}.`,
    );
  }
  return blob.arrayBuffer();
}

/** Lay an SVG on the sheet, to be printed by the browser itself, which makes the PDF. */
export async function layOut(svg, { width, height, scale }) {
  // Chromium stretches an image to whole pixels, so it gets one; the page is cut to size later.
  const [right, bottom] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const frame =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${bottom}" ` +
    `viewBox="0 0 ${right / scale} ${bottom / scale}">${svg}</svg>`;
  sheet.append(await load(frame, (image) => image));
}
