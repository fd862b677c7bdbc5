/** A figure without what it may not load. */

import { FigureError, isObject } from "./figure.js";
import { quote, short } from "./web.js";

const CARTO = "https://basemaps.cartocdn.com/gl";
const DARK_MATTER = `${CARTO}/dark-matter-gl-style/style.json`;
const POSITRON = `${CARTO}/positron-gl-style/style.json`;
const VOYAGER = `${CARTO}/voyager-gl-style/style.json`;

/** The styles that plotly.js loads by name. */
const STYLES = new Map([
  ["basic", VOYAGER],
  ["streets", VOYAGER],
  ["outdoors", VOYAGER],
  ["light", POSITRON],
  ["dark", DARK_MATTER],
  ["carto-positron", POSITRON],
  ["carto-darkmatter", DARK_MATTER],
  ["carto-voyager", VOYAGER],
  ["carto-positron-nolabels", `${CARTO}/positron-nolabels-gl-style/style.json`],
  ["carto-darkmatter-nolabels", `${CARTO}/dark-matter-nolabels-gl-style/style.json`],
  ["carto-voyager-nolabels", `${CARTO}/voyager-nolabels-gl-style/style.json`],
]);

const SATELLITE = [
  "https://server.arcgisonline.com",
  "https://tilemaps.icgc.cat",
  "https://geoserveis.icgc.cat",
];

/** The styles that plotly.js holds itself, by name, and whose tiles they show. */
const TILES = new Map([
  ["open-street-map", ["https://tile.openstreetmap.org"]],
  ["satellite", SATELLITE],
  ["satellite-streets", SATELLITE],
]);

const DEFAULT_STYLE = "basic";

/** The style that needs nothing: as it names no glyphs, texts are drawn in local fonts. */
const white = () => ({
  version: 8,
  sources: {},
  layers: [{ id: "white-bg", type: "background", paint: { "background-color": "#FFFFFF" } }],
});

/** The parts of a style that hold no address; each other is taken for one, as sprite and glyphs. */
const PLAIN = new Set([
  ...["version", "id", "name", "metadata", "state", "transition", "sources", "layers"],
  ...["center", "centerAltitude", "zoom", "bearing", "pitch", "roll"],
  ...["light", "sky", "fog", "projection", "terrain"],
]);

/** The parts of a style's source that hold addresses, and what is used of a TileJSON. */
const ADDRESSES = ["url", "urls", "tiles", "data"];
const TILE_JSON = ["tiles", "minzoom", "maxzoom", "bounds", "scheme", "encoding", "attribution"];
const TILED = new Set(["raster", "raster-dem", "vector"]);

const GEOJSON_TRACE = /^(choropleth|scattergeo)/;
const MAP_TRACE = /^(?:scatter|choropleth|density)(map(?:box)?)$/;
const MAP = /^map(box)?\d*$/;

/** Change each object in what should be a list of them. */
async function each(items, change) {
  if (!Array.isArray(items)) return items;
  return await Promise.all(items.map((item, i) => (isObject(item) ? change(item, i) : item)));
}

/** What stands beside an address in a sprite or a font face. */
const BESIDE = new Set(["id", "unicode-range"]);

/** Return all that could be an address in a value, however deep. */
function addresses(value) {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => (BESIDE.has(key) ? [] : addresses(part)));
}

/**
 * Return a figure as it may be drawn; what it was made of is unchanged.
 *
 * What goes is told to the web; where nothing would be left to draw, a FigureError says so.
 */
export async function permitted({ data, layout, config }, web) {
  const filter = new Filter(web);
  const traces = await each(data, (trace, i) => filter.trace(trace, trace.type, `data[${i}]`));
  const rest = await filter.layout(layout, "layout");
  return { data: traces, layout: await filter.mapsWithoutStyle(traces, rest), config };
}

class Filter {
  #web;

  constructor(web) {
    this.#web = web;
  }

  async trace(trace, type, path) {
    const { geojson } = trace;
    if (typeof geojson !== "string" || !GEOJSON_TRACE.test(type)) return trace;
    if (!this.#web.permits(geojson)) {
      throw new FigureError(
        `${path}.geojson is ${this.#web.refusal(geojson)}. Put the GeoJSON itself there.`,
      );
    }
    try {
      return { ...trace, geojson: await this.#web.loadJSON(geojson) };
    } catch (error) {
      throw new FigureError(`${path}.geojson can't be loaded: ${error.message}.`);
    }
  }

  async layout(layout, path) {
    const kept = { ...layout };
    if ("images" in layout) {
      kept.images = await each(layout.images, (image, i) =>
        this.#image(image, `${path}.images[${i}]`),
      );
    }
    if (isObject(layout.imagedefaults)) {
      kept.imagedefaults = await this.#image(layout.imagedefaults, `${path}.imagedefaults`);
    }
    for (const [key, map] of Object.entries(layout)) {
      if (MAP.test(key) && isObject(map)) kept[key] = await this.#map(map, `${path}.${key}`);
    }
    if (isObject(layout.template)) {
      kept.template = await this.#template(layout.template, `${path}.template`);
    }
    return kept;
  }

  /** Give each map of the traces a style where it has none, as plotly.js would load one. */
  async mapsWithoutStyle(traces, layout) {
    const kept = { ...layout };
    const template = layout.template?.layout ?? {};
    for (const { type, subplot } of traces) {
      const kind = MAP_TRACE.exec(type)?.[1];
      if (!kind) continue;
      const defaults = layout.template?.data?.[type];
      const named = [subplot, ...(Array.isArray(defaults) ? defaults : []).map((t) => t?.subplot)];
      const id = named.find((name) => MAP.test(name)) ?? kind;
      if (kept[id]?.style ?? template[id]?.style ?? template[kind]?.style) continue;
      kept[id] = { ...kept[id], style: await this.#style(DEFAULT_STYLE, `layout.${id}.style`) };
    }
    return kept;
  }

  async #template(template, path) {
    const kept = { ...template };
    if (isObject(template.layout)) {
      kept.layout = await this.layout(template.layout, `${path}.layout`);
    }
    if (isObject(template.data)) {
      kept.data = { ...template.data };
      for (const [type, traces] of Object.entries(template.data)) {
        kept.data[type] = await each(traces, (trace, i) =>
          this.trace(trace, type, `${path}.data.${type}[${i}]`),
        );
      }
    }
    return kept;
  }

  async #image(image, path) {
    const source = String(image.source ?? "");
    if (!source || /^data:/.test(source)) return image;
    try {
      if (this.#web.permits(source)) {
        return { ...image, source: await this.#web.loadImage(source) };
      }
      this.#web.warn(`${path}.source is ${this.#web.refusal(source)}: the image is left out.`);
    } catch (error) {
      this.#web.warn(`${path}.source can't be loaded: ${error.message}. The image is left out.`);
    }
    return { ...image, source: undefined, visible: false };
  }

  async #map(map, path) {
    const kept = { ...map };
    if ((map.style ?? null) !== null) kept.style = await this.#style(map.style, `${path}.style`);
    if ("layers" in map) {
      kept.layers = await each(map.layers, (layer, i) =>
        this.#layer(layer, `${path}.layers[${i}]`),
      );
    }
    if (isObject(map.layerdefaults)) {
      kept.layerdefaults = this.#layer(map.layerdefaults, `${path}.layerdefaults`);
    }
    return kept;
  }

  #layer(layer, path) {
    const forbidden = isObject(layer.source) ? undefined : this.#forbidden(layer.source);
    if (forbidden === undefined) return layer;
    this.#web.warn(`${path}.source is ${this.#web.refusal(forbidden)}: the layer is left out.`);
    return { ...layer, source: undefined, visible: false };
  }

  async #style(style, path) {
    if (isObject(style)) return await this.#styleObject(style, path);
    const name = typeof style === "string" ? style : DEFAULT_STYLE; // as plotly.js takes it
    if (name === "white-bg") return white();
    const address = STYLES.get(name) ?? TILES.get(name) ?? name;
    const forbidden = this.#forbidden(address);
    const what = address === name ? path : `${path} ${quote(name)}`;
    try {
      if (forbidden === undefined) {
        if (TILES.has(name)) return name;
        return await this.#styleObject(await this.#web.loadJSON(address), path);
      }
      this.#web.warn(`${what} is ${this.#web.refusal(forbidden)}: the map is drawn on white.`);
    } catch (error) {
      this.#web.warn(`${what} can't be loaded: ${error.message}. The map is drawn on white.`);
    }
    return white();
  }

  async #styleObject(style, path) {
    const kept = { ...style };
    for (const [key, value] of Object.entries(style)) {
      const forbidden = PLAIN.has(key) ? undefined : this.#forbidden(value);
      if (forbidden === undefined) continue;
      this.#web.warn(`${path}.${short(key)} is ${this.#web.refusal(forbidden)}: it is left out.`);
      delete kept[key];
    }
    if (!isObject(style.sources)) return kept;
    const sources = [];
    const gone = new Set();
    for (const [name, source] of Object.entries(style.sources)) {
      try {
        sources.push([name, await this.#source(source)]);
      } catch (error) {
        if (!(error instanceof FigureError)) throw error;
        gone.add(name);
        this.#web.warn(
          `${path}.sources.${short(name)} ${error.message}. What is drawn of it is left out.`,
        );
      }
    }
    kept.sources = Object.fromEntries(sources);
    if (Array.isArray(style.layers)) {
      kept.layers = style.layers.filter((layer) => !gone.has(layer?.source));
    }
    if (gone.has(style.terrain?.source)) delete kept.terrain;
    return kept;
  }

  /** Return a source of a style, its TileJSON loaded; throw a FigureError that says why not. */
  async #source(source) {
    if (!isObject(source)) return source;
    const named = ADDRESSES.map((part) => source[part]).filter((value) => !isObject(value));
    const forbidden = this.#forbidden(named);
    if (forbidden !== undefined) throw new FigureError(`is ${this.#web.refusal(forbidden)}`);
    const { url, ...rest } = source;
    if (!TILED.has(source.type) || typeof url !== "string") return source;
    let tiles;
    try {
      tiles = await this.#web.loadJSON(url);
    } catch (error) {
      throw new FigureError(`can't be loaded: ${error.message}`);
    }
    const used = TILE_JSON.filter((part) => part in tiles).map((part) => [part, tiles[part]]);
    return await this.#source({ ...Object.fromEntries(used), ...rest });
  }

  /** Return the first address in a value, however deep, that may not be loaded. */
  #forbidden(value) {
    return addresses(value).find((address) => !this.#web.permits(address));
  }
}
