/**
 * The page that draws figures, one after the other.
 *
 * Each request is two messages: a text with what is asked ({format, width, height, scale}) and
 * the bytes of the figure's JSON. Each answer is one: the bytes of the image, or a text with
 * {error} or, when the figure lies ready on the sheet to be printed as PDF, {printable: true}.
 */
"use strict";

(() => {
  /** What a figure may configure; the rest is about interaction, or reaches for the network. */
  const CONFIG = ["locale", "locales", "typesetMath"];

  /** How long plotly.js itself waits for a moving camera, in milliseconds. */
  const CAMERA_DELAY = 500;

  /** The side of the largest canvas that WebGL surely has, in pixels. */
  const MAX_GL_SIDE = 8192;

  /** The side of the smallest figure that plotly.js draws as asked, in CSS pixels. */
  const MIN_SIDE = 10;

  /** What plotly.js says when it can't fetch outlines or tiles. */
  const OFFLINE = /topojson|Map error/;

  const sheet = document.getElementById("sheet");
  const decoder = new TextDecoder("utf-8", { fatal: true });

  class FigureError extends Error {}

  const isObject = (value) =>
    value !== null && typeof value === "object" && !Array.isArray(value);

  /** Name the kind of a JSON value. */
  function kind(value) {
    if (value === null) return "null";
    if (Array.isArray(value)) return "a list";
    return isObject(value) ? "an object" : `a ${typeof value}`;
  }

  function decode(bytes) {
    try {
      return decoder.decode(bytes);
    } catch {
      throw new FigureError("The figure is not UTF-8.");
    }
  }

  /** Read a figure and check the form that plotly.js takes for granted. */
  function parse(bytes) {
    const text = decode(bytes);
    let figure;
    try {
      figure = JSON.parse(text);
    } catch (error) {
      throw new FigureError(`The figure is not JSON: ${error.message}`);
    }
    if (!isObject(figure)) {
      throw new FigureError(`The figure must be an object, not ${kind(figure)}.`);
    }
    const data = figure.data ?? [];
    if (!Array.isArray(data)) {
      throw new FigureError(`The figure's "data" must be a list of traces, not ${kind(data)}.`);
    }
    data.forEach((trace, i) => {
      if (!isObject(trace)) {
        throw new FigureError(`The figure's "data[${i}]" must be an object, not ${kind(trace)}.`);
      }
    });
    return { data, layout: section(figure, "layout"), config: section(figure, "config") };
  }

  /** One part of a figure; R writes an empty one as []. */
  function section(figure, name) {
    const value = figure[name] ?? {};
    if (Array.isArray(value) && value.length === 0) return {};
    if (!isObject(value)) {
      throw new FigureError(`The figure's "${name}" must be an object, not ${kind(value)}.`);
    }
    return value;
  }

  function plotConfig(config, { width, height, scale }) {
    const allowed = CONFIG.filter((key) => key in config).map((key) => [key, config[key]]);
    return {
      ...Object.fromEntries(allowed),
      plotGlPixelRatio: Math.min(2 * scale, MAX_GL_SIDE / Math.max(width, height)),
    };
  }

  /** Bring the cameras of 3D scenes to rest, as plotly.js's fixed wait does, without the wait. */
  async function settle(fullLayout) {
    let delay = fullLayout._has("map") ? CAMERA_DELAY : 0;
    if (fullLayout._has("gl3d")) {
      try {
        for (const id of fullLayout._subplots.gl3d) {
          const { camera } = fullLayout[id]._scene.glplot;
          camera.view.recalcMatrix(camera.view.lastT());
          camera.tick = () => true;
        }
      } catch {
        delay = CAMERA_DELAY; // a plotly.js with other internals
      }
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
  }

  /** Do what plotly.js's own toImage does up to the SVG, save its wait for 3D. */
  async function toSVG({ data, layout, config }, scale) {
    const plot = document.createElement("div");
    plot.style.position = "absolute";
    plot.style.left = "-5000px";
    document.body.append(plot);
    try {
      await Plotly.newPlot(plot, data, layout, { ...config, _exportedPlot: true, staticPlot: true });
      Plotly.Snapshot.getRedrawFunc(plot)();
      await settle(plot._fullLayout);
      return Plotly.Snapshot.toSVG(plot, "svg", scale);
    } finally {
      Plotly.purge(plot);
      plot.remove();
    }
  }

  /** Draw a figure and return its SVG. */
  async function draw({ data, layout, config }, asked) {
    const { width, height } = asked;
    if (Math.min(width, height) < MIN_SIDE) {
      throw new FigureError(
        `A figure is at least ${MIN_SIDE} × ${MIN_SIDE} pixels, not ${width} × ${height}.`,
      );
    }
    // the other formats are scaled when they are made of the SVG
    const scale = asked.format === "svg" ? asked.scale : 1;
    const figure = {
      data,
      layout: { ...layout, width, height },
      config: plotConfig(config, asked),
    };
    try {
      if (Plotly.Snapshot?.toSVG) return await toSVG(figure, scale);
      const options = { format: "svg", width, height, scale, imageDataOnly: true };
      return await Plotly.toImage(figure, options);
    } catch (error) {
      const said = error?.message ?? String(error);
      const reason = OFFLINE.test(said) ? " (what draws the figure has no network)" : "";
      throw new FigureError(`plotly.js could not draw the figure: ${said}${reason}`);
    }
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

  async function rasterize(svg, { format, width, height, scale }) {
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

  /** Lay an SVG on the sheet, to be printed. */
  async function layOut(svg, { width, height, scale }) {
    // Chromium stretches an image to whole pixels, so it gets one; the page is cut to size later.
    const [right, bottom] = [Math.ceil(width * scale), Math.ceil(height * scale)];
    const frame =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${bottom}" ` +
      `viewBox="0 0 ${right / scale} ${bottom / scale}">${svg}</svg>`;
    sheet.append(await load(frame, (image) => image));
    return JSON.stringify({ printable: true });
  }

  async function render(bytes, asked) {
    sheet.replaceChildren();
    try {
      const svg = await draw(parse(bytes), asked);
      if (asked.format === "svg") return new TextEncoder().encode(svg);
      return await (asked.format === "pdf" ? layOut : rasterize)(svg, asked);
    } catch (error) {
      return JSON.stringify({ error: error?.message ?? String(error) });
    }
  }

  let asked;
  const socket = new WebSocket(`ws://${location.host}${location.pathname}`);
  socket.binaryType = "arraybuffer";
  socket.onmessage = async ({ data }) => {
    if (typeof data === "string") asked = JSON.parse(data);
    else socket.send(await render(data, asked));
  };
})();
