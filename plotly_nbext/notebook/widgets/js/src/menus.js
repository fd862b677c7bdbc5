/** @import { Actions } from "./actions.js" */
/** @import { Filter, Sort } from "./grid_model.js" */
/** @import { Column } from "./grid_source.js" */
/** @import { Item } from "./menu.js" */

import { kindOf } from "./grid_source.js";
import { keysOf } from "./toolbar.js";

const NUMBERS = new Set(["integer", "number", "duration"]);
const MOMENTS = new Set(["date", "datetime"]);

/**
 * What can be done with the selected cells.
 *
 * @param {Actions} actions
 * @param {boolean} isReadOnly
 * @param {number} many How many rows are selected.
 * @returns {Item[][]}
 */
export function cellGroups(actions, isReadOnly, many) {
  const rows = many === 1 ? "row" : `${many} rows`;
  /** @param {...Item} items */
  const editing = (...items) => (isReadOnly ? [] : items);
  return [
    [
      ...editing(
        { label: "Edit", run: actions.edit, keys: "Enter" },
        { label: "Cut", run: actions.cut, keys: keysOf("Mod+x") },
      ),
      { label: "Copy", run: actions.copy, keys: keysOf("Mod+c") },
      { label: "Copy with names", run: actions.copyWithNames },
      ...editing(
        { label: "Paste", run: actions.paste, keys: keysOf("Mod+v") },
        { label: "Clear", run: actions.clear, keys: "Delete" },
        { label: "Fill down", run: actions.fill, keys: keysOf("Mod+d"), disabled: many < 2 },
      ),
    ],
    editing(
      { label: `Insert ${rows} above`, run: actions.insertAbove },
      { label: `Insert ${rows} below`, run: actions.insertBelow },
      { label: `Delete ${rows}`, run: actions.deleteRows },
    ),
    [
      { label: "Column…", run: () => actions.columnMenu(), keys: keysOf("Alt+ArrowDown") },
      { label: "Read again from the server", run: actions.refresh },
    ],
  ];
}

/**
 * What can be done with a column.
 *
 * @param {Actions} actions
 * @param {Column} column
 * @param {{isReadOnly: boolean, many: number, sort: Sort[], filters: Filter[]}} state With how many columns are selected.
 * @returns {Item[][]}
 */
export function columnGroups(actions, column, { isReadOnly, many, sort, filters }) {
  const { uid } = column;
  const [up, down] = orders(kindOf(column));
  /** @param {string} word @param {boolean} [isMore] */
  const sorting = (word, isMore) => [
    { label: `${word} ${up}`, run: () => actions.sortBy(uid, false, isMore) },
    { label: `${word} ${down}`, run: () => actions.sortBy(uid, true, isMore) },
  ];
  /** @param {string} what @param {"sort" | "filters"} key */
  const removing = (what, key) => {
    const rest = { sort, filters }[key].filter(({ column }) => column !== uid);
    const run = () => actions.arrange({ [key]: rest });
    return rest.length < { sort, filters }[key].length ? [{ label: `Remove ${what}`, run }] : [];
  };
  const unsort = removing("sort", "sort");
  const isOther = sort.length > 0 && unsort.length === 0;
  const [left, right] = ["Left", "Right"].map((way) => keysOf(`Alt+Shift+Arrow${way}`));
  const editing = [
    { label: "Rename", run: actions.rename, keys: "F2" },
    { label: "Move left", run: actions.moveLeft, keys: left },
    { label: "Move right", run: actions.moveRight, keys: right },
    { label: `Delete ${many === 1 ? "column" : `${many} columns`}`, run: actions.deleteColumns },
  ];
  return [
    [...sorting("Sort"), ...(isOther ? sorting("Then", true) : []), ...unsort],
    [
      { label: "Filter…", run: () => actions.filter() },
      ...removing("filter", "filters"),
      { label: "Summary", run: () => actions.summarize() },
    ],
    isReadOnly ? [] : editing,
    [
      { label: "Wider", run: actions.wider, keys: keysOf("Alt+ArrowRight"), stays: true },
      { label: "Narrower", run: actions.narrower, keys: keysOf("Alt+ArrowLeft"), stays: true },
      { label: "Fit to its cells", run: () => actions.fit() },
    ],
  ];
}

/**
 * @param {string} kind
 * @returns {[string, string]}
 */
function orders(kind) {
  if (NUMBERS.has(kind)) return ["smallest first", "largest first"];
  if (MOMENTS.has(kind)) return ["earliest first", "latest first"];
  return ["A to Z", "Z to A"];
}
