/** A figure without what it may not load. */

import { FigureError, inWords, isObject } from "./figure.js";
import { relayed } from "./web.js";
import { quote, short } from "./words.js";

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
const MAP = /^(map(?:box)?)\d*$/;

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
  const filter = new Filter(web, data, layout);
  try {
    const traces = await each(data, (trace, i) => filter.trace(trace, `data[${i}]`));
    return { data: traces, layout: await filter.layout(layout, "layout"), config };
  } catch (error) {
    throw inWords(error);
  }
}

/** Tell whether plotly.js knows a type of map; that of 4 has none for layout.mapbox. */
const isKnown = (type) => !/mapbox$/.test(type) || type in Plotly.PlotSchema.get().traces;

/** Return the ids of the maps that plotly.js makes for some traces. */
function mapsOf(traces, template) {
  const made = new Set();
  for (const { type, subplot } of traces) {
    const kind = MAP_TRACE.exec(type)?.[1];
    if (!kind || !isKnown(type)) continue;
    const own = (id) => MAP.exec(id)?.[1] === kind;
    const defaults = template?.data?.[type];
    const named = Array.isArray(defaults) && defaults.length ? defaults : [{}];
    const ids = own(subplot) ? [subplot] : named.map((trace) => trace?.subplot);
    for (const id of ids) made.add(own(id) ? id : kind);
  }
  return made;
}

class Filter {
  #web;
  #types;

  /** The paths of the maps that are drawn, and those that their styles are from. */
  #maps = new Set();
  #styled = new Set();

  /** The ids of the maps that plotly.js makes although nothing is on them. */
  #bare;

  constructor(web, traces, { template, ...layout }) {
    this.#web = web;
    this.#types = new Set(traces.map(({ type }) => type));
    const drawn = mapsOf(
      traces.filter(({ visible }) => visible !== false),
      template,
    );
    this.#bare = [...mapsOf(traces, template)].filter((id) => !drawn.has(id));
    for (const id of drawn) {
      const [, kind] = MAP.exec(id);
      const maps = new Map([
        [`layout.${id}`, layout[id]],
        [`layout.template.layout.${id}`, template?.layout?.[id]],
        [`layout.template.layout.${kind}`, template?.layout?.[kind]],
      ]);
      for (const path of maps.keys()) this.#maps.add(path);
      const [styled] = [...maps].find(([, map]) => map?.style) ?? [`layout.${id}`];
      this.#styled.add(styled);
    }
  }

  async trace(trace, path) {
    const { geojson, type, visible } = trace;
    if (typeof geojson !== "string" || !GEOJSON_TRACE.test(type)) return trace;
    if (visible === false) return { ...trace, geojson: undefined };
    if (!this.#web.permits(geojson)) {
      throw new FigureError(
        `${path}.geojson is ${this.#web.refusal(geojson)}. Put the GeoJSON itself there.`,
      );
    }
    try {
      return { ...trace, geojson: await this.#web.loadJSON(geojson) };
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      throw new FigureError(`${path}.geojson can't be loaded: ${error.message}.`);
    }
  }

  /** A template's trace, which is no trace of the figure: it is never what can't be drawn. */
  async #traceDefaults(trace, type, path) {
    try {
      return { ...(await this.trace({ ...trace, type }, path)), type: trace.type };
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      this.#web.warn(error.message);
      return { ...trace, geojson: undefined };
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
    for (const key of Object.keys(layout).filter((name) => MAP.test(name))) delete kept[key];
    if (path === "layout") {
      for (const id of this.#bare) kept[id] = { ...layout[id], style: white(), layers: [] };
    }
    for (const place of this.#maps) {
      const key = place.slice(path.length + 1);
      if (place !== `${path}.${key}` || !MAP.test(key)) continue;
      if (key in layout || this.#styled.has(place)) kept[key] = await this.#map(layout[key], place);
    }
    if (isObject(layout.template)) {
      kept.template = await this.#template(layout.template, `${path}.template`);
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
        if (!this.#types.has(type)) continue;
        kept.data[type] = await each(traces, (trace, i) =>
          this.#traceDefaults(trace, type, `${path}.data.${type}[${i}]`),
        );
      }
    }
    return kept;
  }

  async #image(image, path) {
    const { source, visible } = image;
    if (!source) return image;
    if (visible === false) return { ...image, source: undefined };
    try {
      if (typeof source !== "string") throw new FigureError("it is no text");
      if (/^data:/i.test(source)) {
        await this.#web.checkedImage(source);
        return image;
      }
      if (this.#web.permits(source)) {
        return { ...image, source: await this.#web.loadImage(source) };
      }
      this.#web.warn(`${path}.source is ${this.#web.refusal(source)}: the image is left out.`);
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      this.#web.warn(`${path}.source can't be loaded: ${error.message}. The image is left out.`);
    }
    return { ...image, source: undefined, visible: false };
  }

  async #map(map, path) {
    const { style, ...kept } = isObject(map) ? map : {};
    if (this.#styled.has(path)) {
      kept.style = await this.#style(style || DEFAULT_STYLE, `${path}.style`);
    }
    if (kept.layers) {
      kept.layers = await each(kept.layers, (layer, i) =>
        this.#layer(layer, `${path}.layers[${i}]`),
      );
    }
    if (isObject(kept.layerdefaults)) {
      kept.layerdefaults = await this.#layer(kept.layerdefaults, `${path}.layerdefaults`);
    }
    return kept;
  }

  async #layer(layer, path) {
    const { source, sourcetype = "geojson", visible } = layer;
    if (isObject(source)) return layer;
    if (visible === false) return { ...layer, source: undefined };
    const forbidden = this.#forbidden(source);
    try {
      if (forbidden === undefined) return { ...layer, source: await this.#loaded(source, sourcetype, path) };
      this.#web.warn(`${path}.source is ${this.#web.refusal(forbidden)}: the layer is left out.`);
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      this.#web.warn(`${path}.source can't be loaded: ${error.message}. The layer is left out.`);
    }
    return { ...layer, source: undefined, visible: false };
  }

  /** Load what a layer shows, save its tiles. */
  async #loaded(source, type, path) {
    const isMapbox = path.includes("mapbox");
    if (Array.isArray(source)) return (await this.#source({ type, tiles: source }, isMapbox)).tiles;
    if (typeof source !== "string" || !source) return source;
    if (type === "geojson") return await this.#web.loadJSON(source);
    if (type === "image") return await this.#web.loadImage(source);
    const tiles = await this.#source({ type, url: source }, isMapbox);
    return `data:application/json,${encodeURIComponent(JSON.stringify(tiles))}`;
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
      if (!(error instanceof FigureError)) throw error;
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
        sources.push([name, await this.#source(source, path.includes("mapbox"))]);
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
  async #source(source, isMapbox) {
    if (!isObject(source)) return source;
    const named = ADDRESSES.map((part) => source[part]).filter((value) => !isObject(value));
    const forbidden = this.#forbidden(named);
    if (forbidden !== undefined) throw new FigureError(`is ${this.#web.refusal(forbidden)}`);
    const { url, ...rest } = source;
    const { type, data, tiles: addresses } = source;
    const loads = type === "geojson" ? data : TILED.has(type) && url;
    if (typeof loads !== "string") {
      const isRelayed = type === "vector" && !isMapbox && Array.isArray(addresses);
      return isRelayed ? { ...source, tiles: addresses.map(relayed) } : source;
    }
    let loaded;
    try {
      loaded = await this.#web.loadJSON(loads);
    } catch (error) {
      if (!(error instanceof FigureError)) throw error;
      throw new FigureError(`can't be loaded: ${error.message}`);
    }
    if (type === "geojson") return { ...source, data: loaded };
    const used = TILE_JSON.filter((part) => part in loaded).map((part) => [part, loaded[part]]);
    return await this.#source({ ...Object.fromEntries(used), ...rest }, isMapbox);
  }

  /** Return the first address in a value, however deep, that may not be loaded. */
  #forbidden(value) {
    return addresses(value).find((address) => !this.#web.permits(address));
  }
}
