/** @import { AnyModel } from "@anywidget/types" */
/** @import { FetchTile, Mark } from "./grid_source.js" */
/** @import { GridModel } from "./grid_model.js" */

/**
 * What fetches tiles from the kernel. It can't be stopped there, so that the signal is of no use.
 *
 * The first cells came with the model: they are asked for only when they may be others.
 *
 * @param {AnyModel<GridModel>} model
 * @param {(command: string, message: object) => Promise<any>} ask
 * @returns {FetchTile}
 */
export function kernelTiles(model, ask) {
  return async ({ rows: [start, stop], columns: [x0, x1] }, columns) => {
    const [view, head] = [model.get("view"), model.get("head")];
    if (view === head.view && stop <= head.rows && x1 <= head.columns.length) {
      return { view, columns: head.columns.slice(x0, x1).map((texts) => texts.slice(start, stop)) };
    }
    const uids = columns.map(({ uid }) => uid);
    const answer = await ask("_rows", { start, stop, columns: uids, view });
    /** @type {[number, number, Mark][]} */
    const marks = answer.marks;
    return { ...answer, marks: new Map(marks.map(([row, x, mark]) => [`${row},${x0 + x}`, mark])) };
  };
}
