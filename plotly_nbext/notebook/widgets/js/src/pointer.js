/** @import { Cursor } from "./cursor.js" */
/** @import { GridSource } from "./grid_source.js" */
/** @import { GridTable } from "./grid_table.js" */
/** @import { Anchor } from "./popover.js" */
/** @import { Place } from "./selection.js" */

import { element, zoomOf } from "./dom.js";
import { dragging } from "./dragging.js";
import { HEADER_ROWS, ROW_HEIGHT } from "./geometry.js";
import { HEADER, extend, select, selectAll, selectWhole } from "./selection.js";

/** A press that moves less is a click, in pixels. */
const SLACK = 5;

/** How often a drag beyond the edge goes on, in milliseconds. */
const BEAT = 60;

/**
 * What is done from there.
 *
 * @typedef {object} Pointed
 * @property {() => unknown} edit
 * @property {() => unknown} rename
 * @property {(anchor?: Anchor) => unknown} menu
 * @property {(to: number, x?: number) => unknown} moveColumn
 */

/**
 * Select by pointer, open menus, and drag headers to where their columns are to be.
 *
 * @param {HTMLElement} stage What is around the table.
 * @param {object} parts
 * @param {GridTable} parts.table
 * @param {GridSource} parts.source
 * @param {Cursor} parts.cursor
 * @param {Pointed} parts.actions
 * @param {() => boolean} parts.isReadOnly
 */
export function pointing(stage, { table, source, cursor, actions, isReadOnly }) {
  const scroller = table.element;
  const line = element("div", { className: "pnx-drop", hidden: true });
  stage.append(line);

  const edge = (/** @type {number} */ x) => Math.min(Math.max(0, x), source.columns.length - 1);
  const bottom = () => Math.max(0, source.rowCount - 1);

  /** @param {Place} place @param {boolean} isMore */
  const choose = ({ row, x }, isMore) => {
    const { selection } = cursor;
    const isCorner = row === HEADER && x < 0;
    const kind = isCorner ? undefined : row === HEADER ? "columns" : x < 0 ? "rows" : "cells";
    const place = { row, x: Math.max(0, x) };
    if (kind === undefined) cursor.set(selectAll({ rows: source.rowCount, columns: 0 }), STILL);
    else if (isMore && selection.kind === kind) cursor.set(extend(selection, place), ACTIVE);
    else if (isMore && kind === "cells") cursor.set(extend(select(cursor.active), place), ACTIVE);
    else cursor.set(kind === "cells" ? select(place) : selectWhole(kind, place), ACTIVE);
  };

  scroller.addEventListener("mousedown", (event) => {
    // The focus goes where the selection says, and no text is selected.
    if (table.placeOf(event.target)) event.preventDefault();
  });
  scroller.addEventListener("pointerdown", (event) => {
    const place = table.placeOf(event.target);
    const isOnButton = event.target instanceof Element && event.target.closest("button");
    // A finger scrolls; its tap is a click.
    if (!place || isOnButton || event.button !== 0 || event.pointerType === "touch") return;
    const isName = place.row === HEADER && place.x >= 0 && !event.shiftKey;
    choose(place, event.shiftKey);
    if (isName && !isReadOnly()) dragColumn(event, place.x);
    else dragSelection(event);
  });
  scroller.addEventListener("click", (event) => {
    const place = table.placeOf(event.target);
    const isTap = /** @type {PointerEvent} */ (event).pointerType === "touch";
    if (place && isTap) choose(place, false);
  });
  scroller.addEventListener("dblclick", ({ target }) => {
    const place = table.placeOf(target);
    if (!place || place.x < 0 || (target instanceof Element && target.closest("button"))) return;
    if (place.row === HEADER) actions.rename();
    else actions.edit();
  });
  scroller.addEventListener("contextmenu", (event) => {
    const place = table.placeOf(event.target);
    if (!place) return;
    event.preventDefault();
    // JupyterLab would open its own above ours.
    event.stopPropagation();
    const { rows, columns } = cursor.area;
    const inRows = place.row === HEADER || (place.row >= rows[0] && place.row < rows[1]);
    const inColumns = place.x < 0 || (place.x >= columns[0] && place.x < columns[1]);
    const isWhole = (place.row === HEADER) === (cursor.selection.kind === "columns");
    if (!inRows || !inColumns || !isWhole) choose(place, false);
    // By the keyboard's menu key there is no point.
    const { clientX: x, clientY: y } = event;
    if (x || y) actions.menu({ x, y });
    else actions.menu();
  });

  /**
   * Select on, also beyond the edge, where the table scrolls along.
   *
   * @param {PointerEvent} event
   */
  function dragSelection(event) {
    let { clientX: x, clientY: y } = event;
    const goOn = () => {
      const box = scroller.getBoundingClientRect();
      const { head, kind } = cursor.selection;
      const isName = kind === "columns";
      const down = isName ? 0 : beyond(y, box.top + HEADER_ROWS * ROW_HEIGHT, box.bottom);
      const right = beyond(x, box.left, box.right);
      const root = /** @type {Document | ShadowRoot} */ (stage.getRootNode());
      const under = table.placeOf(root.elementFromPoint(x, y));
      let place = under && { row: isName ? HEADER : Math.max(0, under.row), x: edge(under.x) };
      if (down || right) {
        place = {
          row: isName ? HEADER : Math.min(bottom(), Math.max(0, head.row + down)),
          x: edge(head.x + right),
        };
      }
      if (!place || (place.row === head.row && place.x === head.x)) return;
      cursor.set(extend(cursor.selection, place), ACTIVE);
    };
    const beat = setInterval(goOn, BEAT);
    const move = (/** @type {PointerEvent} */ moved) => {
      ({ clientX: x, clientY: y } = moved);
      const { top, bottom, left, right } = scroller.getBoundingClientRect();
      if (y > top && y < bottom && x > left && x < right) goOn();
    };
    dragging(event, move, () => clearInterval(beat));
  }

  /**
   * @param {PointerEvent} event
   * @param {number} from
   */
  function dragColumn(event, from) {
    /** @type {number | undefined} The column before which it is dropped. */
    let before;
    const move = (/** @type {PointerEvent} */ { clientX }) => {
      if (before === undefined && Math.abs(clientX - event.clientX) < SLACK) return;
      const cells = [...(scroller.querySelector("thead")?.rows[0]?.cells ?? [])].slice(1);
      const boxes = cells.map((cell) => cell.getBoundingClientRect());
      const after = boxes.filter(({ left, width }) => clientX > left + width / 2).length;
      before = table.corner.x + after;
      const at = boxes[after]?.left ?? boxes.at(-1)?.right ?? 0;
      line.hidden = false;
      line.style.left = `${(at - stage.getBoundingClientRect().left) / zoomOf(stage)}px`;
    };
    dragging(event, move, (isDone) => {
      line.hidden = true;
      if (isDone && before !== undefined) {
        actions.moveColumn(before > from ? before - 1 : before, from);
      }
    });
  }
}

const ACTIVE = { focus: true };
const STILL = { focus: true, reveal: false };

/**
 * @param {number} at
 * @param {number} start
 * @param {number} end
 */
function beyond(at, start, end) {
  return at < start ? -1 : Number(at > end);
}
