/** The web, of which a figure gets what the server's operator has allowed. */

import { FigureError, isObject } from "./figure.js";

/** How much of a figure's own words a sentence repeats, in characters. */
const QUOTE = 60;

/** How many warnings one figure gets, and how long each may be. */
const MANY = 50;
const LONGEST = 400;

const CORS = "its host can't be reached, sends it elsewhere, or keeps it from other sites (CORS)";

/** Cut a text of the figure to what a sentence bears. */
export const short = (text, length = QUOTE) =>
  text.length > length ? `${text.slice(0, length)}…` : text;

export const quote = (text) => JSON.stringify(short(text));

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
  #notice = ({ blockedURI }) => {
    const url = parse(blockedURI);
    if (isRemote(url)) this.#blocked.add(url.origin);
  };

  constructor(origins, warnings) {
    this.#origins = new Set(origins);
    this.#warnings = warnings;
    performance.clearResourceTimings();
    document.addEventListener("securitypolicyviolation", this.#notice);
  }

  /** Be done with the figure: say what the browser blocked. */
  async end() {
    await turn(); // the browser tells of what it has blocked in a task of its own
    document.removeEventListener("securitypolicyviolation", this.#notice);
    const loaded = performance.getEntriesByType("resource").map(({ name }) => parse(name));
    this.used ||= loaded.some((url) => isRemote(url) && this.#origins.has(url.origin));
    for (const origin of this.#blocked) {
      const told = this.#warnings.some((warning) => warning.includes(`(${origin})`));
      if (!told) this.warn(`Something in the figure is ${this.#where(origin)}: it is left out.`);
    }
  }

  warn(sentence) {
    if (this.#warnings.length < MANY) this.#warnings.push(short(sentence, LONGEST));
    else if (this.#warnings.length === MANY) this.#warnings.push("There is more that is missing.");
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
  async load(address) {
    let response;
    try {
      response = await fetch(address, { credentials: "omit" });
    } catch {
      throw new FigureError(CORS);
    }
    if (!response.ok) throw new FigureError(`its host answers ${response.status}`);
    return response;
  }

  async loadJSON(address) {
    const response = await this.load(address);
    const value = await response.json().catch(() => null);
    if (!isObject(value)) throw new FigureError("it is no JSON object");
    return value;
  }

  /** Load an image and return it as a data: URI. */
  async loadImage(address) {
    const blob = await (await this.load(address)).blob();
    const source = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(blob);
    });
    const image = new Image();
    image.src = source;
    try {
      await image.decode();
    } catch {
      throw new FigureError("it is no image that the browser can read");
    }
    return source;
  }

  #where(origin) {
    return `on the web (${origin}), which this server's operator has not allowed`;
  }
}
