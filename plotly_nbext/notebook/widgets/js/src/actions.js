/** @import { Grid } from "./grid.js" */
/** @import { Anchor } from "./popover.js" */

import { cellActions } from "./cell_actions.js";
import { columnActions } from "./column_actions.js";
import { openMenu } from "./menu.js";
import { cellGroups, columnGroups } from "./menus.js";
import { HEADER, select, selectAll, selectWhole } from "./selection.js";
import { count } from "./status_line.js";
import { typingActions } from "./typing_actions.js";

/** @typedef {ReturnType<typeof gridActions>} Actions */

/**
 * What can be done with a grid, by keys, by the pointer, from menus and from the toolbar.
 *
 * @param {Grid} grid
 */
export function gridActions(grid) {
  const unsaved = () => grid.parts.model.get("pending").total ?? 0;
  const store = async (force = "") => {
    const answer = await grid.change("_save", { force });
    if (!answer) return;
    const { cursor, drafts, say } = grid.parts;
    const { refused } = drafts;
    if (refused) {
      cursor.set(select(refused.place));
      typing.edit();
    }
    say(`${refused ? "All else is saved." : "Saved."} ${answer.said ?? ""}`);
  };
  const save = async () => {
    // What is on its way is there before.
    if (unsaved() > 0 || grid.isBeingTyped) await store();
  };
  const typing = typingActions(grid, save);

  /** @param {"rows" | "columns"} kind */
  const widenTo = (kind) => {
    const { cursor } = grid.parts;
    const { anchor, head } = cursor.selection;
    cursor.set(selectWhole(kind, anchor, head), { reveal: false });
  };

  const actions = {
    ...typing,
    ...cellActions(grid),
    ...columnActions(grid),

    edit() {
      if (grid.parts.cursor.active.row === HEADER) actions.columnMenu();
      else typing.edit();
    },

    focus: () => grid.parts.cursor.focus(),
    leave: () => {},
    up: () => grid.parts.cursor.step("up"),
    next: () => grid.parts.cursor.step("next"),
    previous: () => grid.parts.cursor.step("previous"),
    selectAll: () => grid.parts.cursor.set(selectAll(grid.size), { reveal: false }),
    selectRows: () => widenTo("rows"),
    selectColumns: () => widenTo("columns"),

    undo: async () => grid.look(await grid.change("_undo")),
    redo: async () => grid.look(await grid.change("_redo")),
    save,
    rebase: () => store("rebase"),
    refresh: () => grid.send("_refresh"),
    /** @param {Anchor} anchor */
    revert(anchor) {
      const label = `Drop ${count(unsaved(), "change")}`;
      const drop = { label, run: () => grid.change("_revert") };
      openMenu(grid.parts.root, anchor, "Revert", [[drop]]);
    },

    find: () => grid.parts.find.open(),
    findNext: () => grid.parts.find.again(false),
    findPrevious: () => grid.parts.find.again(true),
    /** @param {string} text @param {boolean} backwards @param {() => boolean} goesOn */
    async findText(text, backwards, goesOn) {
      const row = Math.max(0, grid.parts.cursor.active.row);
      const asked = { text, row, column: grid.column()?.uid, backwards };
      let answer = await grid.send("_find", asked);
      // What takes long is answered in parts, so that the grid scrolls between them.
      while (answer?.more && goesOn()) {
        answer = await grid.send("_find", { ...asked, more: answer.more });
      }
      grid.look(answer);
      return answer?.row !== undefined;
    },

    /** @param {Anchor} [anchor] */
    menu(anchor) {
      const isName = grid.parts.cursor.active.row === HEADER;
      return isName ? actions.columnMenu(anchor) : actions.cellMenu(anchor);
    },

    /** @param {Anchor} [anchor] */
    async cellMenu(anchor) {
      const { root, cursor } = grid.parts;
      const at = anchor ?? (await grid.anchorAt(cursor.active));
      const { rows, columns } = cursor.area;
      const many = rows[1] - rows[0];
      const title = `${count(many, "row")} × ${count(columns[1] - columns[0], "column")}`;
      openMenu(root, at, title, cellGroups(actions, grid.isReadOnly, many));
    },

    /** @param {Anchor} [anchor] */
    async columnMenu(anchor) {
      const { root, cursor, model } = grid.parts;
      const column = grid.column();
      if (!column) return;
      const at = anchor ?? (await grid.anchorAt({ row: HEADER, x: grid.x }));
      const [start, stop] = cursor.area.columns;
      const many = cursor.selection.kind === "columns" ? stop - start : 1;
      const state = { isReadOnly: grid.isReadOnly, many, ...model.get("arrangement") };
      openMenu(root, at, column.name, columnGroups(actions, column, state));
    },
  };
  return actions;
}
