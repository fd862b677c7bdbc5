/** The web, of which a figure gets what is allowed, host by host. */

import { FigureError, isObject } from "./figure.js";
import { quote, short, warn } from "./words.js";

/** How long a host may take to answer, in milliseconds. */
const PATIENCE = 10_000;

const CORS = "its host can't be reached, sends it elsewhere, or keeps it from other sites (CORS)";
const SLOW = `its host takes longer than ${PATIENCE / 1000} seconds`;
const NO_IMAGE = "it is no image that the browser can read";

/** Where plotly.js has the symbols of maps from. */
const SYMBOLS = "https://cdn.jsdelivr.net";

/** What stands before an address that a map's workers leave to the page, whose fetch is bounded. */
const RELAYED = "page+";
export const relayed = (address) => (/^https?:/i.test(address) ? RELAYED + address : address);

const PIXEL =
  "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

const download = window.fetch.bind(window);

function parse(text) {
  try {
    return new URL(text, location.href);
  } catch {
    return null;
  }
}

/** Let the browser do the tasks that wait. */
async function turn() {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}

/** Tell whether an address is one of a host, this page's own left out. */
const isRemote = (url) => /^(https?|wss?):$/.test(url?.protocol) && url.origin !== location.origin;

/** Answer for what can't be loaded with as much as nothing, of the kind that was asked for. */
async function nothing(accept) {
  if (/image/.test(accept)) return await download(PIXEL);
  return new Response(/json/.test(accept) ? "{}" : new ArrayBuffer(0));
}

/**
 * What one figure has of the web.
 *
 * It tells the warnings about all that the figure reaches for in vain: what it is asked for, and
 * what the browser itself blocks meanwhile.
 */
export class Web {
  /** Whether the figure depends on what was, or could have been, loaded. */
  used = false;

  #origins;
  #warnings;
  #blocked = new Set();
  #slow = new Set();
  #lost = new Map();
  #notice = ({ blockedURI }) => {
    const url = parse(blockedURI);
    if (isRemote(url)) this.#blocked.add(url.origin);
  };

  constructor(origins, warnings) {
    this.#origins = new Set(origins);
    this.#warnings = warnings;
    performance.clearResourceTimings();
    document.addEventListener("securitypolicyviolation", this.#notice);
    window.fetch = (resource, options) => this.#fetch(new Request(resource, options));
  }

  /** Be done with the figure: say what its maps lack, and what the browser blocked. */
  async end() {
    window.fetch = download;
    for (const [what, { length }] of Map.groupBy(this.#lost.values(), (reason) => reason)) {
      const parts = length === 1 ? "A part of a map" : `${length} parts of maps`;
      this.warn(`${parts} can't be loaded ${what}. What was to be drawn of it is left out.`);
    }
    await turn(); // the browser tells of what it has blocked in a task of its own
    document.removeEventListener("securitypolicyviolation", this.#notice);
    const loaded = performance.getEntriesByType("resource").map(({ name }) => parse(name));
    this.used ||= loaded.some((url) => isRemote(url) && this.#origins.has(url.origin));
    for (const origin of this.#blocked) {
      const told = this.#warnings.some((warning) => warning.includes(`(${origin})`));
      if (told) continue;
      const such = origin === SYMBOLS ? " (such as the marker.symbol of a map)" : "";
      this.warn(`Something in the figure${such} is ${this.#where(origin)}: it is left out.`);
    }
  }

  warn(sentence) {
    warn(this.#warnings, sentence);
  }

  /** Tell whether an address may be loaded: one within the figure, or of an allowed host. */
  permits(address) {
    const url = parse(address);
    if (url?.protocol === "data:") return true;
    const permitted = isRemote(url) && this.#origins.has(url.origin);
    this.used ||= permitted;
    return permitted;
  }

  /** Say in half a sentence why an address may not be loaded. */
  refusal(address) {
    const url = parse(address);
    if (isRemote(url)) return this.#where(url.origin);
    if (url?.protocol === "file:") return `a file (${quote(address)}), and none is read`;
    return `${quote(address)}, which is no address on the web`;
  }

  /** Load an allowed address; throw a FigureError that continues "…, but". */
  async #load(address, asked = new AbortController().signal) {
    const { origin } = parse(address);
    if (this.#slow.has(origin)) throw new FigureError(SLOW);
    const patience = AbortSignal.timeout(PATIENCE);
    const signal = AbortSignal.any([asked, patience]);
    try {
      const response = await download(address, { credentials: "omit", signal });
      if (!response.ok) throw new FigureError(`its host answers ${response.status}`);
      return await response.blob();
    } catch (error) {
      if (error instanceof FigureError || asked.aborted) throw error;
      if (!patience.aborted) throw new FigureError(CORS);
      this.#slow.add(origin); // the rest of it is not waited for
      throw new FigureError(SLOW);
    }
  }

  /** Load for plotly.js, whose maps fail whole, or wait for ever, when a part of them does. */
  async #fetch(request) {
    const address = request.url.startsWith(RELAYED)
      ? request.url.slice(RELAYED.length)
      : request.url;
    const url = parse(address);
    if (!isRemote(url)) return await download(request);
    const accept = request.headers.get("accept");
    try {
      if (this.permits(address)) {
        const blob = await this.#load(address, request.signal);
        if (/image/.test(accept)) await this.#decoded(blob);
        return new Response(blob);
      }
      this.#blocked.add(url.origin);
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      this.#lost.set(address, `from ${url.origin}: ${error.message}`);
    }
    return await nothing(accept);
  }

  async loadJSON(address) {
    const blob = await this.#load(address);
    const value = await new Response(blob).json().catch(() => null);
    if (!isObject(value)) throw new FigureError("it is no JSON object");
    return value;
  }

  /** Load an image and return it as a data: URI. */
  async loadImage(address) {
    const blob = await this.#load(address);
    const source = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(blob);
    });
    return await this.checkedImage(source);
  }

  /** Return the data: URI of an image that the browser can read; throw a FigureError for others. */
  async checkedImage(source) {
    const image = new Image();
    image.src = source;
    try {
      await image.decode();
    } catch {
      throw new FigureError(NO_IMAGE);
    }
    return source;
  }

  async #decoded(blob) {
    try {
      (await createImageBitmap(blob)).close();
    } catch {
      throw new FigureError(NO_IMAGE);
    }
  }

  #where(origin) {
    return `on the web (${origin}), and not allowed here (--allow-host, PLOTLY_NBEXT_ALLOW_HOSTS)`;
  }
}
