/** @import { Grid } from "./grid.js" */
/** @import { Filter, GridModel, Summary } from "./grid_model.js" */
/** @import { Anchor } from "./popover.js" */

import { columnForm, filterForm, summaryPanel } from "./panels.js";
import { openPopover } from "./popover.js";
import { HEADER, select } from "./selection.js";
import { inReason } from "./widths.js";

/** How much one stroke makes a column wider, in pixels. */
const WIDER = 16;

/**
 * What is done with columns: their order, their widths, and what they say of which rows are shown.
 *
 * @param {Grid} grid
 */
export function columnActions(grid) {
  /** @param {Record<string, number>} widths */
  const setWidths = (widths) => {
    const { model, table } = grid.parts;
    grid.parts.widths.chosen = widths;
    model.set("widths", widths);
    table.resetWidths();
    table.draw();
  };

  /** @param {number} x @param {number} width */
  const resize = (x, width) => {
    const column = grid.column(x);
    if (!column) return;
    const { chosen } = grid.parts.widths;
    setWidths({ ...chosen, [column.uid]: inReason(width) });
  };

  /** The widths are as they are to stay. */
  const resized = () => grid.parts.model.save_changes();

  /** @param {number} by */
  const widen = (by) => {
    const column = grid.column();
    if (column) resize(grid.x, grid.parts.widths.of(column) + by);
    resized();
  };

  /** @param {number} to @param {number} [x] */
  const moveColumn = async (to, x = grid.x) => {
    const column = grid.column(x);
    if (!column || to < 0 || to >= grid.size.columns || to === x) return;
    if (!(await grid.change("_move", { column: column.uid, to }))) return;
    const { cursor } = grid.parts;
    cursor.set(select({ row: cursor.active.row, x: to }));
  };

  /** @param {Partial<GridModel["arrangement"]>} changed */
  const arrangement = (changed) => ({ ...grid.parts.model.get("arrangement"), ...changed });

  /** @param {Partial<GridModel["arrangement"]>} changed */
  const arrange = (changed) => grid.send("_arrange", arrangement(changed));

  return {
    resize,
    resized,
    wider: () => widen(WIDER),
    narrower: () => widen(-WIDER),

    /** @param {number} [x] */
    fit(x = grid.x) {
      const { source, table, widths } = grid.parts;
      const column = grid.column(x);
      if (!column) return;
      const shown = [];
      for (let row = table.corner.row; row <= table.lastRow; row++) shown.push(source.cell(row, x));
      widths.fit(
        column,
        shown.map((text) => text ?? null),
        true,
      );
      const { [column.uid]: _, ...others } = widths.chosen;
      setWidths(others);
      resized();
    },

    moveColumn,
    moveLeft: () => moveColumn(grid.x - 1),
    moveRight: () => moveColumn(grid.x + 1),

    /** @param {Anchor} anchor */
    addColumn(anchor) {
      const { root, cursor } = grid.parts;
      const at = grid.size.columns;
      const form = columnForm(async (name, kind) => {
        const wrong = await grid.request("_add_column", { name, kind, at });
        if (wrong === undefined) cursor.set(select({ row: 0, x: at }), { focus: true });
        return wrong;
      });
      openPopover(root, anchor, form);
      form.querySelector("input")?.focus();
    },

    deleteColumns() {
      const { source, cursor } = grid.parts;
      const columns = source.columns.slice(...cursor.area.columns).map(({ uid }) => uid);
      return grid.change("_delete_columns", { columns });
    },

    arrange,

    /** @param {string} uid @param {boolean} descending @param {boolean} [isMore] */
    sortBy(uid, descending, isMore) {
      const others = isMore ? arrangement({}).sort.filter(({ column }) => column !== uid) : [];
      const sort = [...others, { column: uid, descending }];
      return arrange({ sort });
    },

    /** @param {Anchor} [anchor] */
    async filter(anchor) {
      const { root, source, cursor } = grid.parts;
      const at = anchor ?? (await grid.anchorAt({ row: HEADER, x: grid.x }));
      const uid = grid.column()?.uid;
      const { filters } = arrangement({});
      const before = filters.find(({ column }) => column === uid);
      const form = filterForm(source.columns, uid, before, async (/** @type {Filter} */ filter) => {
        const others = filters.filter((each) => each !== before || each.column !== filter.column);
        const changed = arrangement({ filters: [...others, filter] });
        const wrong = await grid.request("_arrange", changed);
        if (wrong === undefined) cursor.set(select({ row: 0, x: grid.x }));
        return wrong;
      });
      openPopover(root, at, form);
      form.querySelector("textarea")?.focus();
    },

    async summarize() {
      const column = grid.column();
      const { root, cursor } = grid.parts;
      const anchor = await grid.anchorAt({ row: HEADER, x: grid.x });
      const summary = column && (await grid.send("_summary", { column: column.uid }));
      if (!summary) return;
      const panel = summaryPanel(column, /** @type {Summary} */ (/** @type {unknown} */ (summary)));
      openPopover(root, anchor, panel, () => cursor.focus());
      panel.focus();
    },
  };
}
