/**
 * The page that draws figures, one after the other.
 *
 * Each request is two messages: a text with what is asked ({format, width, height, scale}) and
 * the bytes of the figure's JSON. Each answer is a text, {error} or {warnings}, after which come
 * the bytes of the image; not those of a PDF, for which the figure lies ready to be printed.
 */

import { draw } from "./draw.js";
import { clear, layOut, rasterize } from "./encode.js";
import { parse } from "./figure.js";

async function encode(svg, asked) {
  if (asked.format === "svg") return new TextEncoder().encode(svg);
  return await (asked.format === "pdf" ? layOut : rasterize)(svg, asked);
}

/** Draw a figure and answer. */
async function render(bytes, asked) {
  clear();
  const warnings = [];
  try {
    const image = await encode(await draw(parse(bytes), asked, warnings), asked);
    socket.send(JSON.stringify({ warnings }));
    if (image) socket.send(image);
  } catch (error) {
    socket.send(JSON.stringify({ error: error?.message ?? String(error) }));
  }
}

let asked;
const socket = new WebSocket(`ws://${location.host}${location.pathname}`);
socket.binaryType = "arraybuffer";
socket.onmessage = async ({ data }) => {
  if (typeof data === "string") asked = JSON.parse(data);
  else await render(data, asked);
};
