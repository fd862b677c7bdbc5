/** @import { Way } from "./editor.js" */
/** @import { Grid } from "./grid.js" */
/** @import { Place } from "./selection.js" */

import { HEADER, select } from "./selection.js";

/**
 * What is done by typing: into a cell, or into the header of a column, whose name it is.
 *
 * @param {Grid} grid
 * @param {() => void} save
 */
export function typingActions(grid, save) {
  /** @param {Place} place @param {boolean} [isTyped] */
  const edit = (place, isTyped) => {
    const { source, drafts, editor, table, ask } = grid.parts;
    const column = grid.column(place.x);
    if (grid.isReadOnly || !column || place.row >= source.rowCount) return;
    const draft = drafts.get(place);
    const isName = place.row === HEADER;
    const asked = !isName && !draft && ask("_cell", { row: place.row, column: column.uid });
    table.reveal(place);
    editor.open({
      place,
      label: isName ? `Name of ${column.name}` : `${column.name}, row ${place.row}`,
      text: draft?.text ?? (isName ? column.name : (source.cell(place.row, place.x) ?? "")),
      error: draft?.error,
      isTyped,
      whole: asked
        ? asked.then(
            ({ text }) => text,
            () => undefined,
          )
        : undefined,
    });
  };

  /**
   * Give a cell, or a column, what was typed.
   *
   * @param {Place} place
   * @param {string} text
   */
  const enter = async (place, text) => {
    const { ask, cursor, drafts, editor, table } = grid.parts;
    const column = grid.column(place.x);
    if (!column) return;
    const draft = drafts.set({ place, text });
    table.draw();
    try {
      const { view } = await (place.row === HEADER
        ? ask("_rename", { column: column.uid, name: text })
        : ask("_set", { row: place.row, column: column.uid, text }));
      draft.view = view;
      if (place.row === HEADER) drafts.delete(draft);
    } catch (error) {
      if (drafts.get(place) !== draft) return;
      draft.error = /** @type {Error} */ (error).message;
      // Who is writing elsewhere is not called back: the cell stays marked.
      if (!editor.place && cursor.hasFocus) {
        cursor.set(select(place));
        edit(place);
      }
    }
    table.draw();
  };

  return {
    edit: () => edit(grid.parts.cursor.active),
    rename: () => edit({ row: HEADER, x: grid.x }),

    /** What is typed begins to take the place of what is in the active cell. */
    type() {
      const { active } = grid.parts.cursor;
      if (active.row !== HEADER) edit(active, true);
    },

    /**
     * The editor was left.
     *
     * @param {Place} place
     * @param {string | undefined} text
     * @param {Way} way
     */
    leftEditor(place, text, way) {
      const { cursor, drafts, table } = grid.parts;
      if (text !== undefined) enter(place, text);
      else if (way === "escape") {
        drafts.delete(drafts.get(place));
        table.draw();
      }
      if (way === "away") return;
      cursor.focus();
      if (way === "save") save();
      else if (way !== "escape") cursor.step(way);
    },
  };
}
