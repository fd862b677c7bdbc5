/** @import { Grid } from "./grid.js" */

import { readClipboard, writeClipboard } from "./clipboard.js";
import { select } from "./selection.js";

/**
 * What is done with the selected cells and their rows.
 *
 * @param {Grid} grid
 */
export function cellActions(grid) {
  /** @param {boolean} header */
  const copy = async (header) => {
    const { root, cursor, complain, say } = grid.parts;
    const answer = await grid.send("_copy", { ...cursor.area, header });
    if (answer?.text === undefined) return false;
    try {
      await writeClipboard(root, answer.text);
      say("Copied.");
      return true;
    } catch (error) {
      complain(/** @type {Error} */ (error));
      return false;
    }
  };

  const clear = () => grid.change("_clear", grid.parts.cursor.area);

  /** @param {string} text */
  const pasteText = async (text) => {
    // An image has none, and would empty the cells.
    if (!text) return;
    const { area, isOne } = grid.parts.cursor;
    const [row, column] = [area.rows[0], area.columns[0]];
    const message = { row, column, text, ...(!isOne && area) };
    grid.look(await grid.change("_paste", message));
  };

  /** @param {number} at @param {number} many */
  const insertRows = async (at, many) => {
    if (!(await grid.change("_insert_rows", { at, count: many }))) return;
    const { cursor } = grid.parts;
    const x = cursor.selection.kind === "rows" ? 0 : grid.x;
    cursor.set(select({ row: at, x }), { focus: true });
  };

  return {
    copy: () => copy(false),
    copyWithNames: () => copy(true),
    async cut() {
      if (await copy(false)) await clear();
    },
    async paste() {
      try {
        await pasteText(await readClipboard());
      } catch (error) {
        grid.parts.complain(/** @type {Error} */ (error));
      }
    },
    pasteText,
    clear,
    fill: () => grid.change("_fill", grid.parts.cursor.area),

    addRow: () => insertRows(grid.size.rows, 1),
    insertAbove() {
      const [start, stop] = grid.parts.cursor.area.rows;
      return insertRows(start, stop - start);
    },
    insertBelow() {
      const [start, stop] = grid.parts.cursor.area.rows;
      return insertRows(stop, stop - start);
    },
    deleteRows: () => grid.change("_delete_rows", { rows: grid.parts.cursor.area.rows }),
  };
}
