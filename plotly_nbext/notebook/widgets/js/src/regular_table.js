/*!
 * This file carries regular-table 0.9.2, https://github.com/finos/regular-table
 * Copyright (c) 2020, the Regular Table Authors
 * It was changed: methods that are not used here do nothing.
 * Apache License 2.0: the text is in regular-table.LICENSE beside the built file.
 */
import "regular-table";

import { zoomOf } from "./dom.js";
import { ROW_HEIGHT } from "./geometry.js";

/** @typedef {import("regular-table").RegularTableElement} RegularTable */

/**
 * Every widget on a page brings this module along, and only the first can register the element:
 * the others make theirs by its name, never by the class that they imported.
 */
export const newRegularTable = () => document.createElement("regular-table");

/**
 * Tell a table how wide its columns are, row headers first.
 *
 * By itself it measures each column when it is first drawn, which forces a layout in the middle of
 * a draw, and guesses the rest, so that the scroll bar is wrong. It measures what it is handed here
 * instead: as many "cells" as there are columns, of the widths that they will have.
 *
 * @param {RegularTable} table In the page.
 * @param {number[]} widths
 */
export function setColumnWidths(table, widths) {
  table.resetAutoSize();
  const { table_model: model } = /** @type {any} */ (table);
  const zoom = zoomOf(model.table);
  const cells = widths.map((width, key) => {
    const box = { width: width * zoom, height: ROW_HEIGHT * zoom };
    return [{ getBoundingClientRect: () => box }, { size_key: key }];
  });
  model.autosize_cells(cells, ROW_HEIGHT);
}

/**
 * Be told by how much of a row and a column a table is scrolled, in pixels.
 *
 * regular-table hands that to its cells as custom properties, which each of them inherits: with
 * every frame the style of every cell would be computed anew.
 *
 * @param {RegularTable} table In the page.
 * @param {(x: string, y: string) => void} onChange
 */
export function interceptOffsets(table, onChange) {
  const { style } = /** @type {any} */ (table).table_model.table;
  const offsets = { x: "", y: "" };
  style.setProperty = (/** @type {string} */ name, /** @type {string} */ value) => {
    const axis = name.endsWith("clip-x") ? "x" : name.endsWith("clip-y") ? "y" : undefined;
    if (!axis || offsets[axis] === value) return;
    offsets[axis] = value;
    onChange(offsets.x, offsets.y);
  };
  for (const name of [...style]) style.removeProperty(name);
}
