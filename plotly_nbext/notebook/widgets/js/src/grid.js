/** @import { AnyModel } from "@anywidget/types" */
/** @import { Cursor } from "./cursor.js" */
/** @import { Drafts } from "./drafts.js" */
/** @import { Editor } from "./editor.js" */
/** @import { Answer, GridModel } from "./grid_model.js" */
/** @import { GridSource } from "./grid_source.js" */
/** @import { GridTable } from "./grid_table.js" */
/** @import { Anchor } from "./popover.js" */
/** @import { Place } from "./selection.js" */
/** @import { Widths } from "./widths.js" */

import { select, selectionOf } from "./selection.js";

/**
 * The parts of a widget that its actions work on.
 *
 * @typedef {object} Parts
 * @property {HTMLElement} root
 * @property {AnyModel<GridModel>} model
 * @property {GridSource} source
 * @property {GridTable} table
 * @property {Widths} widths
 * @property {Cursor} cursor
 * @property {Editor} editor
 * @property {Drafts} drafts
 * @property {{open: () => void, again: (isBackwards: boolean) => void}} find
 * @property {(command: string, message?: object) => Promise<any>} ask Throws what went wrong.
 * @property {(problem: {message?: string}) => void} complain
 * @property {(text: string) => void} say To a screen reader.
 */

/** A grid as its actions see it: the parts of the widget, and what all actions need of them. */
export class Grid {
  /** @type {Parts} They know the actions, and so come after them. */
  parts = /** @type {any} */ (undefined);

  get size() {
    const { source } = this.parts;
    return { rows: source.rowCount, columns: source.columns.length };
  }

  /** The column of the active cell. */
  get x() {
    return this.parts.cursor.active.x;
  }

  get isReadOnly() {
    return this.parts.model.get("read_only");
  }

  /** Whether something was typed that the kernel has not told us of. */
  get isBeingTyped() {
    const { editor, drafts } = this.parts;
    return editor.isChanged || drafts.size > 0;
  }

  column(x = this.x) {
    return this.parts.source.columns[x];
  }

  /**
   * Send a command; what goes wrong is said.
   *
   * @param {string} command
   * @param {object} [message]
   * @returns {Promise<Answer | undefined>}
   */
  async send(command, message) {
    const { ask, complain } = this.parts;
    try {
      const answer = await ask(command, message);
      complain({});
      return answer;
    } catch (error) {
      complain(/** @type {Error} */ (error));
      return undefined;
    }
  }

  /**
   * Send a command that changes the grid, unless it is to be read only.
   *
   * @param {string} command
   * @param {object} [message]
   */
  async change(command, message) {
    return this.isReadOnly ? undefined : this.send(command, message);
  }

  /**
   * Send a command for a form.
   *
   * @param {string} command
   * @param {object} message
   * @returns {Promise<string | undefined>} What is wrong.
   */
  async request(command, message) {
    try {
      await this.parts.ask(command, message);
      return undefined;
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  }

  /**
   * Go where an answer says that something happened.
   *
   * @param {Answer | undefined} answer
   */
  look(answer) {
    if (!answer) return;
    const { cursor, source, table } = this.parts;
    const area = selectionOf(answer, this.size);
    const x = source.columns.findIndex(({ uid }) => uid === answer.column);
    const { row = cursor.active.row } = answer;
    // What is longer than the view is seen from where it begins.
    if (area) cursor.set(area, { reveal: area.head.row - area.anchor.row < table.rowsInView });
    else if (answer.row !== undefined || x >= 0) cursor.set(select({ row, x: x < 0 ? this.x : x }));
  }

  /**
   * What a popover about a place belongs to: its cell, which is brought into view.
   *
   * @param {Place} place
   * @returns {Promise<Anchor>}
   */
  async anchorAt(place) {
    const { table } = this.parts;
    if (!table.cellAt(place)) {
      table.reveal(place);
      await table.element.flush();
    }
    return table.cellAt(place) ?? table.element;
  }
}
