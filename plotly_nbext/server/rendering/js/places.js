/** The places of maps that plotly.js finds by name: what it doesn't find, it passes over. */

import { isObject, kind } from "./figure.js";
import { listed, quote, warnOfTraces } from "./words.js";

const COUNTRIES = new Set(["ISO-3", "country names"]);

const isPlaced = ({ geojson, fOut, lonlat }) =>
  Boolean(geojson ?? fOut) || Number.isFinite(lonlat?.[0]);

const write = (place) =>
  quote(Array.isArray(place) || isObject(place) ? kind(place) : String(place));

/** Whether a place is of a kind that no map has: plotly.js drops it as it does what is blank. */
function isNoName(place, { geojson }) {
  if (place === null || place === undefined || typeof place === "string") return false;
  return typeof place !== "number" || !geojson;
}

/** Say why a trace's places are not found, and what may mend it. */
function reason({ locationmode, featureidkey, geo: id }, geo, names) {
  if (!geo || locationmode === "geojson-id") {
    return `its geojson has no Polygon or MultiPolygon whose ${quote(featureidkey)} is ${names}.`;
  }
  const lack = `the map has no ${names}, by the locationmode ${quote(locationmode)}`;
  if (!COUNTRIES.has(locationmode)) return `${lack}.`;
  if (geo.scope !== "world") return `${lack}, in the scope ${quote(geo.scope)} of layout.${id}.`;
  if (geo.resolution === 50) return `${lack}.`;
  return `${lack}. Smaller countries are there with the resolution 50 of layout.${id}.`;
}

/** Return the places that a trace's map lacks; that of one continent need not have all. */
function lacking(points, trace, geo) {
  const noNames = points.map((_, i) => trace.locations[i]).filter((it) => isNoName(it, trace));
  const named = points.filter(({ loc }) => loc !== undefined && loc !== null);
  const lost = named.filter((point) => !isPlaced(point)).map(({ loc }) => loc);
  const isPart = geo && geo.scope !== "world" && COUNTRIES.has(trace.locationmode);
  return [...new Set(isPart && lost.length < named.length ? noNames : noNames.concat(lost))];
}

/** Tell of the places that a plot's maps don't have. */
export function warnOfPlaces({ calcdata, _fullLayout }, warnings) {
  const sentences = [];
  for (const points of calcdata) {
    const { trace } = points[0];
    if (!trace.locations) continue;
    const geo = _fullLayout[trace.geo];
    const places = lacking(points, trace, geo);
    if (!places.length) continue;
    const why = reason(trace, geo, listed(places, write));
    sentences.push(`data[${trace.index}].locations: ${why}`);
  }
  warnOfTraces(warnings, sentences, "Locations that are not found");
}
