/** The places of maps that plotly.js finds by name: what it doesn't find, it passes over. */

import { listed, quote, short } from "./web.js";

/** How many traces are told of. */
const MANY = 10;

const COUNTRIES = new Set(["ISO-3", "country names"]);

const isPlaced = ({ geojson, fOut, lonlat }) =>
  Boolean(geojson ?? fOut) || Number.isFinite(lonlat?.[0]);

/** Say why a trace's places are not found, and what may mend it. */
function reason({ locationmode, featureidkey }, geo, names) {
  if (!geo || locationmode === "geojson-id") {
    return `its geojson has no area whose ${short(featureidkey)} is ${names}.`;
  }
  const smaller = COUNTRIES.has(locationmode) && geo.resolution !== 50;
  const advice = smaller ? " Smaller countries are there with the resolution 50 of layout.geo." : "";
  return `the map has no ${names}, by the locationmode ${quote(locationmode)}.${advice}`;
}

/** Tell of the places that a plot's maps don't have; a map of one continent need not have all. */
export function warnOfPlaces({ calcdata, _fullLayout }, warnings) {
  const sentences = [];
  for (const points of calcdata) {
    const { trace } = points[0];
    if (!trace.locations) continue;
    const geo = _fullLayout[trace.geo];
    const named = points.filter(({ loc }) => loc !== undefined && loc !== null);
    const lost = named.filter((point) => !isPlaced(point));
    const isPart = geo && geo.scope !== "world" && COUNTRIES.has(trace.locationmode);
    if (!lost.length || (isPart && lost.length < named.length)) continue;
    const names = listed([...new Set(lost.map(({ loc }) => loc))].map((loc) => quote(String(loc))));
    sentences.push(`data[${trace.index}].locations: ${reason(trace, geo, names)}`);
  }
  warnings.push(...sentences.slice(0, MANY));
}
