/** @import { Column } from "./grid_source.js" */

import { showGrid } from "./grid_panel.js";
import { cellText, columnType, parseExactly } from "./json_values.js";

/**
 * What the server's page says of its grid.
 *
 * @typedef {object} Description
 * @property {string} label
 * @property {string} address Where the values are, as JSON.
 * @property {{name: string, uid: string}[]} columns
 * @property {number} row_count
 */

const description = document.getElementById("grid-description");
const root = document.getElementById("grid");
if (description?.textContent && root) show(root, JSON.parse(description.textContent));

/**
 * @param {HTMLElement} root
 * @param {Description} grid
 */
function show(root, { label, address, columns: described, row_count: rowCount }) {
  /** @type {Column[]} */
  const columns = described.map(({ name, uid }) => ({ uid, name, type: "empty" }));
  showGrid(root, { label, columns, rowCount }, async ({ rows }, wanted, signal) => {
    const byUid = await fetchValues(address, rows, signal);
    return {
      columns: wanted.map((column) => {
        // A column that was removed meanwhile has no values.
        const values = byUid.get(column.uid) ?? [];
        if (rows[0] === 0) column.type = columnType(values);
        return values.map(cellText);
      }),
    };
  });
}

/**
 * @param {string} address
 * @param {[number, number]} rows
 * @param {AbortSignal} signal
 * @returns {Promise<Map<string, unknown[]>>} The values of some rows by the uids of their columns.
 */
async function fetchValues(address, [start, stop], signal) {
  // The address of the page may hold credentials, which no address to fetch may.
  const url = new URL(address, location.origin);
  url.searchParams.set("start", String(start));
  url.searchParams.set("stop", String(stop));
  const response = await fetch(url, { signal }).catch(() => {
    throw new Error("The server can't be reached.");
  });
  if (!response.ok)
    throw new Error(`The server answered ${response.status}: ${await said(response)}`);
  const { cols } = parseExactly(await response.text());
  return new Map(Object.values(cols).map(({ uid, data }) => [uid, data]));
}

/** @param {Response} response */
async function said(response) {
  return response.json().then(
    ({ detail }) => String(detail),
    () => response.statusText,
  );
}
