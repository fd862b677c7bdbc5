/** @import { RenderProps } from "@anywidget/types" */
/** @import { GridModel } from "./grid_model.js" */
/** @import { Area } from "./selection.js" */

import { gridActions } from "./actions.js";
import { arrangementBar } from "./arrangement_bar.js";
import { commandsOf } from "./commands.js";
import { Cursor } from "./cursor.js";
import { debounce } from "./debounce.js";
import { element, focused } from "./dom.js";
import { Drafts } from "./drafts.js";
import { Editor } from "./editor.js";
import { findBar } from "./find_bar.js";
import { Grid } from "./grid.js";
import { GridSource } from "./grid_source.js";
import { GridTable } from "./grid_table.js";
import { headers } from "./headers.js";
import { icon } from "./icons.js";
import { ask } from "./kernel.js";
import { kernelTiles } from "./kernel_tiles.js";
import { listening } from "./keyboard.js";
import { notices } from "./notices.js";
import { patience } from "./patience.js";
import { pointing } from "./pointer.js";
import { resizing } from "./resizing.js";
import { HEADER, select, selectionOf } from "./selection.js";
import { hideStandIn } from "./stand_in.js";
import { count, statusLine } from "./status_line.js";
import { toolbar } from "./toolbar.js";
import { followTheme } from "./theme.js";
import { Widths, measurer } from "./widths.js";

/** A cell of a notebook is no higher than this. */
const MOST_ROWS = 12;

/** How long a selection rests before Python is told, in milliseconds. */
const QUIET = 150;

/** What takes longer is seen to be under way, in milliseconds. */
const SLOW = 150;

/** What takes longer has words, in milliseconds. */
const VERY_SLOW = 4000;

/** How long what was said is to be read, in milliseconds. */
const SAID = 5000;

/** What is to be known before the cell is run again. */
const LOSES = " Unsaved changes are lost then.";

/** What changes the rows or columns that there are. */
const SHAPE = /** @type {const} */ (["columns", "row_count", "view", "arrangement"]);

/** @param {RenderProps<GridModel>} props */
function render({ model, el, signal }) {
  if (signal?.aborted) return;
  const root = element("div", { className: "pnx pnx-grid", "data-lm-suppress-shortcuts": true });
  const said = element("span", { className: "pnx-said", role: "status" });
  const over = new AbortController();
  const { signal: end } = over;
  signal?.addEventListener("abort", () => over.abort());
  el.append(root);
  const widths = new Widths(measurer(root), ({ type, uid }) => `${type} ${uid}`);
  widths.chosen = model.get("widths");
  const drafts = new Drafts(() => updateBar());
  const kernel = commandsOf(model, end);
  const waiting = element("span", { role: "status" });
  const waits = patience((isLong) => {
    waiting.textContent = isLong ? "Waiting for the kernel…" : "";
  }, VERY_SLOW);
  /** @param {string} command @param {object} [message] */
  const send = (command, message = {}) =>
    waits.during(ask(kernel, command, message)).catch((error) => {
      const isUnsaved = model.get("pending").total || grid.isBeingTyped;
      if (isUnsaved && error.name === "GoneError") error.message += LOSES;
      throw error;
    });
  const source = new GridSource(kernelTiles(model, send), {
    change: () => table.draw(),
    tile(area, { columns }) {
      columns.forEach((texts, i) => {
        const column = source.columns[area.columns[0] + i];
        if (column && widths.fit(column, texts)) table.resetWidths();
      });
    },
  });
  source.overlay = (row, x) => drafts.get({ row, x })?.text;

  const grid = new Grid();
  const actions = gridActions(grid);
  const header = headers(
    () => model.get("arrangement"),
    (uid, anchor) => {
      const x = source.columns.findIndex((column) => column.uid === uid);
      cursor.set(select({ row: HEADER, x }), { focus: true });
      actions.columnMenu(anchor);
    },
  );
  /** @type {Area} The selection, once per draw. */
  let area = { rows: [0, 0], columns: [0, 0] };
  const table = new GridTable(source, widths, {
    get label() {
      return model.get("path");
    },
    role: "grid",
    get attributes() {
      return {
        "aria-multiselectable": "true",
        "aria-readonly": String(model.get("read_only")),
      };
    },
    mostRows: MOST_ROWS,
    header,
    beforeDraw() {
      area = cursor.area;
    },
    look(row, x) {
      const draft = drafts.get({ row, x });
      const look = cursor.look(row, x, area, draft);
      if (row === HEADER || x < 0) return row === HEADER ? withOrder(look, x) : look;
      const about = source.about(row, x);
      if (draft?.view !== undefined && about && about.view >= draft.view) {
        drafts.delete(draft);
        table.draw();
      }
      return about?.mark ? { ...look, is: `${look.is} ${about.mark}` } : look;
    },
    onDraw() {
      cursor.drawn();
      editor.follow();
      const [shown, total] = [model.get("row_count"), model.get("total_rows")];
      const rows =
        shown < total ? `${shown.toLocaleString("en")} of ${count(total, "row")}` : undefined;
      const isBusy = status.update(table, rows);
      root.setAttribute("aria-busy", String(isBusy));
      empty.hidden = shown > 0;
      empty.textContent =
        total > 0 ? "No rows pass the filters." : `No ${grid.size.columns ? "rows" : "columns"} yet.`;
    },
  });

  /** @param {import("./grid_table.js").Look} look @param {number} x */
  const withOrder = (look, x) => {
    const { sort, filters } = model.get("arrangement");
    const { uid, name } = source.columns[x] ?? {};
    const order = sort[0]?.column === uid ? sort[0] : undefined;
    const isFiltered = filters.some(({ column }) => column === uid);
    const attributes = {
      ...look.attributes,
      "aria-label": isFiltered ? `${name}, filtered` : (name ?? ""),
      ...(order && { "aria-sort": order.descending ? "descending" : "ascending" }),
    };
    return { ...look, attributes };
  };

  const isOtherSelection = () =>
    JSON.stringify(model.get("selection")) !== JSON.stringify(cursor.area);
  const tell = debounce(() => {
    if (!isOtherSelection()) return;
    model.set("selection", cursor.area);
    model.save_changes();
  }, QUIET);
  const hush = debounce(() => said.replaceChildren(), SAID);
  const selected = element("span", { className: "pnx-selected-size" });
  const cursor = new Cursor(
    table,
    () => grid.size,
    () => {
      const { rows, columns } = cursor.area;
      const text = `${count(rows[1] - rows[0], "row")} × ${count(columns[1] - columns[0], "column")}`;
      selected.textContent = cursor.isOne ? "" : `${text} selected`;
      tell.soon();
    },
  );
  const editor = new Editor(table, (...left) => {
    actions.leftEditor(...left);
    updateBar();
  });
  const find = findBar({ find: actions.findText, close: actions.focus });
  const bar = toolbar(model, actions, () => grid.isBeingTyped, said);
  const notes = notices(model, actions);
  const arrangement = arrangementBar(model, actions);
  const status = statusLine(source, { retry: () => table.draw() });
  const title = element("strong");
  status.element.prepend(title);
  status.element.append(selected, waiting);
  const empty = element("div", { className: "pnx-empty", hidden: true });
  const stage = element("div", { className: "pnx-stage" }, table.element, editor.element, empty);
  const working = patience((isLong) => {
    root.classList.toggle("pnx-working", isLong);
    waiting.textContent = isLong ? "Working…" : "";
  }, SLOW);
  grid.parts = {
    root,
    model,
    source,
    table,
    widths,
    cursor,
    editor,
    drafts,
    find,
    ask(command, message) {
      said.replaceChildren();
      root.dataset.command = command;
      const answer = send(command, message);
      // It is over when it is seen.
      working.during(answer.finally(() => table.element.flush()));
      return answer;
    },
    complain: notes.say,
    say(text) {
      said.replaceChildren(icon("done"), text);
      hush.soon();
    },
  };

  resizing(
    table,
    (x, width, isOver) => {
      actions.resize(x, width);
      if (isOver) actions.resized();
    },
    actions.fit,
  );
  stage.addEventListener("input", () => updateBar());
  stage.addEventListener("focusin", () => stage.classList.add("pnx-used"), { once: true });
  pointing(stage, { table, source, cursor, actions, isReadOnly: () => grid.isReadOnly });
  listening(root, table.element, grid, actions);

  let shape = "";
  /** Follow what the kernel says the grid is. */
  const sync = () => {
    const [columns, rowCount] = [model.get("columns"), model.get("row_count")];
    const uids = columns.map(({ uid }) => uid);
    const isNow = JSON.stringify([rowCount, uids, model.get("arrangement")]);
    // What was typed is of a row and a column that are elsewhere now.
    if (isNow !== shape) drafts.clear();
    shape = isNow;
    source.reset(columns, rowCount);
    cursor.refit();
    if (model.get("selection").rows) tell.soon();
    table.resetWidths();
    table.draw();
  };
  let isSyncing = false;
  const soon = () => {
    if (isSyncing) return;
    isSyncing = true;
    queueMicrotask(() => {
      isSyncing = false;
      sync();
    });
  };
  /** @param {...() => void} changes */
  const keepFocus = (...changes) => {
    const before = focused(root);
    for (const change of changes) change();
    // A button that is no longer there, or can't be pressed, would take the focus along.
    const isGone = before?.matches(":disabled, [hidden] *, [hidden]") || !before?.isConnected;
    if (before && isGone) cursor.focus();
  };
  const updateBar = () => keepFocus(bar.update);
  const update = () => {
    keepFocus(bar.update, notes.update, arrangement.update);
    title.textContent = model.get("path");
  };
  const onWidths = () => {
    widths.chosen = model.get("widths");
    table.resetWidths();
    table.draw();
  };
  const onSelection = () => {
    const chosen = selectionOf(model.get("selection"), grid.size);
    if (!chosen || !isOtherSelection()) return;
    stage.classList.add("pnx-used");
    // While somebody selects in another view of the grid, this one stays where it is scrolled to.
    cursor.set(chosen, { reveal: !document.querySelector(".pnx-grid:focus-within") });
  };

  root.append(bar.element, find.element, notes.element, arrangement.element, stage);
  root.append(status.element);
  sync();
  update();

  const unfollow = followTheme(root);
  const showStandIn = hideStandIn(root, ".pnx-rows");
  /** @type {[string, () => void][]} */
  const listeners = [
    ...SHAPE.map((name) => /** @type {[string, () => void]} */ ([`change:${name}`, soon])),
    ["change", update],
    ["change:widths", onWidths],
    ["change:selection", onSelection],
  ];
  for (const [name, listener] of listeners) model.on(name, listener);
  end.addEventListener("abort", () => {
    for (const [name, listener] of listeners) model.off(name, listener);
    unfollow();
    showStandIn();
    tell.cancel();
    hush.cancel();
    cursor.stop();
    table.stop();
  });
  return () => over.abort();
}

export default { render };
