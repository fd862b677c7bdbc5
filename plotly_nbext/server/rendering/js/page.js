/**
 * The page that draws figures, one after the other.
 *
 * Each request is two messages: a text with what is asked ({format, width, height, scale}) and
 * the bytes of the figure's JSON. Each answer is a text, {error} or {warnings, web}, after which
 * come the bytes of the image; not those of a PDF, for which the figure lies ready to be printed.
 * `web` says whether the image depends on more than the figure.
 */

import allowed from "./allowed.js";
import { draw, WebGLLost } from "./draw.js";
import { clear, layOut, rasterize } from "./encode.js";
import { parse } from "./figure.js";
import { permitted } from "./forbidden.js";
import { Web } from "./web.js";
import { plain, short } from "./words.js";

/** How long an error may be, which may repeat the figure's own words, in characters. */
const LONGEST_ERROR = 2000;

async function encode(svg, asked) {
  if (asked.format === "svg") return new TextEncoder().encode(svg);
  return await (asked.format === "pdf" ? layOut : rasterize)(svg, asked);
}

/** Send an answer as JSON that every reader takes: not all do with half a character. */
function tell(answer) {
  const whole = (_, value) => (typeof value === "string" ? value.toWellFormed() : value);
  socket.send(JSON.stringify(answer, whole));
}

/** How many figures this page was given. */
let drawn = 0;

/** Draw a figure and answer; a page that is of no use any more closes its socket instead. */
async function render(bytes, asked) {
  clear();
  drawn += 1;
  const warnings = [];
  const web = new Web(allowed, warnings);
  try {
    const figure = await permitted(parse(bytes), web);
    const image = await encode(await draw(figure, asked, warnings), asked);
    await web.end();
    tell({ warnings, web: web.used });
    if (image) socket.send(image);
  } catch (error) {
    await web.end();
    if (error instanceof WebGLLost && drawn > 1) return socket.close(); // another page may do it
    const message = error?.message ?? String(error);
    tell({ error: plain(short(message, LONGEST_ERROR)) });
  }
}

let asked;
const socket = new WebSocket(`ws://${location.host}${location.pathname}`);
socket.binaryType = "arraybuffer";
socket.onmessage = async ({ data }) => {
  if (typeof data === "string") asked = JSON.parse(data);
  else await render(data, asked);
};
