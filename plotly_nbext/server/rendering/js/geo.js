/** Maps: coastlines, countries and subunits, which plotly.js fetches as it needs them. */

/** Where the outlines are: those of Natural Earth up to plotly.js 3.0, those of the UN since. */
export function topojsonURL() {
  const source = /^(2|3\.0)\./.test(Plotly.version) ? "natural-earth" : "un";
  return `${location.origin}/static/topojson/${source}/`;
}
