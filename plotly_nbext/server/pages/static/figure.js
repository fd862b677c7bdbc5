/**
 * Draws the figure that is in this document, which the browser keeps apart from everything else: it
 * has no origin and no network.
 */
"use strict";

(() => {
  /** What a figure may configure; the rest is the reader's business, or reaches for the network. */
  const CONFIG = ["locale", "locales", "typesetMath", "scrollZoom", "doubleClick"];

  /** What plotly.js says when it can't fetch outlines or tiles. */
  const OFFLINE = /topojson|Map error/;

  const plot = document.getElementById("plot");
  const state = document.getElementById("state");

  /** One part of a figure; R writes an empty one as []. */
  const section = (value) => (Array.isArray(value) ? {} : (value ?? {}));

  /**
   * Fit a figure to the window: it is as wide and high as it asks for, else fills it. One that is
   * too wide is made narrower, one that is too high is scrolled.
   */
  function fitted({ width, height, autosize, ...layout }) {
    if (!autosize && width > 0) plot.style.maxWidth = `${width}px`;
    if (!autosize && height > 0) plot.style.height = `${height}px`;
    return { ...layout, autosize: true };
  }

  async function draw() {
    const script = document.getElementById("figure");
    const { data, layout, frames, config } = JSON.parse(script.textContent);
    script.remove();
    const allowed = Object.entries(section(config)).filter(([key]) => CONFIG.includes(key));
    await Plotly.newPlot(plot, {
      data: data ?? [],
      layout: fitted(section(layout)),
      frames: frames ?? [],
      config: { ...Object.fromEntries(allowed), responsive: true, displaylogo: false },
    });
    document.documentElement.style.background = plot._fullLayout.paper_bgcolor;
  }

  function explain(error) {
    const said = error?.message ?? String(error);
    const reason = OFFLINE.test(said) ? " (what draws figures here has no network)" : "";
    state.textContent = `The figure can't be drawn: ${said}${reason}`;
    state.className = "problem";
  }

  draw().then(() => state.replaceChildren(), explain);
})();
