/** @import { Column, FetchTile } from "./grid_source.js" */

import { rowStep } from "./geometry.js";
import { GridSource } from "./grid_source.js";
import { GridTable } from "./grid_table.js";
import { resizing } from "./resizing.js";
import { stopAfterKey } from "./scrolling.js";
import { statusLine } from "./status_line.js";
import { Widths, inReason, measurer } from "./widths.js";

/**
 * A table to read, and below it a line that tells its size, the rows in view, and what went wrong.
 *
 * @param {HTMLElement} root Is filled with both, and busy while rows are on their way.
 * @param {{label: string, columns: Column[], rowCount: number}} grid
 * @param {FetchTile} fetchTile
 */
export function showGrid(root, { label, columns, rowCount }, fetchTile) {
  const widths = new Widths(measurer(root), ({ type }) => type);
  const source = new GridSource(fetchTile, {
    // The server has one answer for all columns.
    mostColumns: Infinity,
    change: () => table.draw(),
    tile(area, tile) {
      tile.columns.forEach((texts, i) => {
        const column = columns[area.columns[0] + i];
        if (column && widths.fit(column, texts)) table.resetWidths();
      });
    },
  });
  const table = new GridTable(source, widths, {
    label,
    role: "table",
    header: ({ name, type }) => [name, type],
    onDraw: () => root.setAttribute("aria-busy", String(status.update(table))),
  });
  const status = statusLine(source, { retry: () => table.draw() });
  source.reset(columns, rowCount);

  const scroller = table.element;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", label);
  scroller.addEventListener("keydown", (event) => scrollByKey(table, rowCount, event));
  resizing(table, (x, width) => {
    const column = columns[x];
    if (!column) return;
    widths.chosen[column.uid] = inReason(width);
    table.resetWidths();
    table.draw();
  });
  root.setAttribute("aria-busy", "true");
  root.replaceChildren(scroller, status.element);
}

/**
 * @param {GridTable} table
 * @param {number} rowCount
 * @param {KeyboardEvent} event
 */
function scrollByKey({ element, rowsInView }, rowCount, event) {
  if (event.altKey || event.metaKey || event.shiftKey) return;
  const end = element.scrollHeight - element.clientHeight;
  const row = rowStep({ top: element.scrollTop, end, rowCount, rowsInView });
  const { scrollTop: top } = element;
  const stop = stopAfterKey(event.key, { top, end, row, screen: row * rowsInView });
  if (stop === undefined) return;
  event.preventDefault();
  element.scrollTop = stop;
}
