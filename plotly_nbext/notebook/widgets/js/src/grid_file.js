/** @import { Column } from "./grid_source.js" */
/** @import { Anchor } from "./popover.js" */

import { writeClipboard } from "./clipboard.js";
import { Cursor } from "./cursor.js";
import { button, element } from "./dom.js";
import { EmbeddedCells } from "./embedded_cells.js";
import { findBar } from "./find_bar.js";
import { GridSource } from "./grid_source.js";
import { GridTable } from "./grid_table.js";
import { icon } from "./icons.js";
import { actionOf } from "./keys.js";
import { openMenu } from "./menu.js";
import { pointing } from "./pointer.js";
import { resizing } from "./resizing.js";
import { HEADER, select, selectAll, selectWhole } from "./selection.js";
import { count, statusLine } from "./status_line.js";
import { keysOf } from "./toolbar.js";
import { Widths, measurer } from "./widths.js";

/**
 * What a file that `GridView.to_html` wrote says of its grid.
 *
 * @typedef {object} Description
 * @property {string} label
 * @property {Column[]} columns
 * @property {number} row_count Of the rows that are in it.
 */

const description = document.getElementById("grid-description");
const root = document.getElementById("grid");
if (description?.textContent && root) show(root, JSON.parse(description.textContent));

/**
 * A table to read, to search and to copy from; what it shows is in the page itself.
 *
 * @param {HTMLElement} root Holds the first rows, for where no script runs.
 * @param {Description} grid
 */
function show(root, { label, columns, row_count: rowCount }) {
  const cells = new EmbeddedCells([...document.querySelectorAll("script.grid-column")]);
  const size = { rows: rowCount, columns: columns.length };
  const widths = new Widths(measurer(root), ({ type }) => type);
  const source = new GridSource(async (area) => ({ columns: cells.shown(area) }), {
    change: () => table.draw(),
    tile(area, tile) {
      tile.columns.forEach((texts, i) => {
        const column = columns[area.columns[0] + i];
        if (column && widths.fit(column, texts)) table.resetWidths();
      });
    },
  });
  let area = { rows: [0, 0], columns: [0, 0] };
  const table = new GridTable(source, widths, {
    label,
    role: "grid",
    attributes: { "aria-multiselectable": "true", "aria-readonly": "true" },
    header: ({ name, type }) => [name, type],
    beforeDraw() {
      area = cursor.area;
    },
    look: (row, x) => cursor.look(row, x, /** @type {any} */ (area)),
    onDraw() {
      cursor.drawn();
      root.setAttribute("aria-busy", String(status.update(table)));
    },
  });
  const status = statusLine(source, { retry: () => table.draw() });
  const selected = element("span");
  status.element.append(selected);
  const cursor = new Cursor(
    table,
    () => size,
    () => {
      const { rows, columns } = cursor.area;
      const text = `${count(rows[1] - rows[0], "row")} × ${count(columns[1] - columns[0], "column")}`;
      selected.textContent = cursor.isOne ? "" : `${text} selected`;
    },
  );

  const said = element("div", { className: "pnx-unseen", role: "status" });
  const problem = element("span", { className: "pnx-problem", role: "alert" });
  /** @param {string[]} [names] */
  const copy = async (names) => {
    problem.textContent = "";
    try {
      await writeClipboard(root, cells.copied(cursor.area, names));
      said.textContent = "Copied.";
    } catch (error) {
      problem.textContent = /** @type {Error} */ (error).message;
    }
    cursor.focus();
  };
  const copyWithNames = () => copy(columns.map(({ name }) => name));
  /** @param {"rows" | "columns"} kind */
  const widenTo = (kind) => {
    const { anchor, head } = cursor.selection;
    cursor.set(selectWhole(kind, anchor, head), { reveal: false });
  };
  const find = findBar({
    async find(text, isBackwards) {
      const place = cells.find(text, cursor.active, size, isBackwards);
      if (place) cursor.set(select(place));
      return place !== undefined;
    },
    close: () => cursor.focus(),
  });
  const actions = {
    copy: () => copy(),
    selectAll: () => cursor.set(selectAll(size), { reveal: false }),
    selectRows: () => widenTo("rows"),
    selectColumns: () => widenTo("columns"),
    find: find.open,
    findNext: () => find.again(false),
    findPrevious: () => find.again(true),
    /** @param {Anchor} [anchor] */
    menu(anchor = table.cellAt(cursor.active) ?? table.element) {
      const items = [
        { label: "Copy", run: actions.copy, keys: keysOf("Mod+c") },
        { label: "Copy with names", run: copyWithNames },
      ];
      const seek = { label: "Find", run: find.open, keys: keysOf("Mod+f") };
      openMenu(root, anchor, "Cells", [items, [seek]]);
    },
  };
  const toolbar = element(
    "div",
    { className: "pnx-toolbar", role: "group", "aria-label": "Grid" },
    element(
      "div",
      {},
      button({ label: "Find", text: "Find", icon: icon("find"), keys: keysOf("Mod+f") }, find.open),
      button({ label: "Copy", text: "Copy", keys: keysOf("Mod+c") }, actions.copy),
      button({ label: "Copy with names", text: "Copy with names" }, copyWithNames),
    ),
  );

  table.element.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    const act = action && actions[/** @type {keyof typeof actions} */ (action)];
    if (act) act();
    else if (action || !cursor.moveBy(event)) return;
    event.preventDefault();
  });
  const stage = element("div", { className: "pnx-stage" }, table.element);
  stage.addEventListener("focusin", () => stage.classList.add("pnx-used"), { once: true });
  const none = () => {};
  pointing(stage, {
    table,
    source,
    cursor,
    actions: { menu: actions.menu, edit: none, rename: none, moveColumn: none },
    isReadOnly: () => true,
  });
  resizing(table, (x, width) => {
    const column = columns[x];
    if (!column) return;
    widths.chosen[column.uid] = width;
    table.resetWidths();
    table.draw();
  });
  source.reset(columns, rowCount);
  root.setAttribute("aria-busy", "true");
  status.element.append(problem);
  root.replaceChildren(toolbar, find.element, stage, status.element, said);
  if (rowCount === 0) cursor.set(select({ row: HEADER, x: 0 }), { reveal: false });
}
