/** @import { GridTable } from "./grid_table.js" */

import { zoomOf } from "./dom.js";
import { dragging } from "./dragging.js";
import { HEADER } from "./selection.js";

/** How near to a header's end the pointer has to be, in pixels. */
const REACH = 6;

/**
 * Let the end of each header be dragged.
 *
 * @param {GridTable} table
 * @param {(x: number, width: number, isOver: boolean) => void} onResize
 * @param {(x: number) => void} [onDoubleClick]
 */
export function resizing(table, onResize, onDoubleClick) {
  const scroller = table.element;

  /** @param {MouseEvent} event @returns {{x: number, width: number} | undefined} */
  const gripped = ({ target, clientX }) => {
    const place = table.placeOf(target);
    const cell = target instanceof Element && target.closest("th");
    if (!cell || place?.row !== HEADER || place.x < 0) return undefined;
    const { left, right, width } = cell.getBoundingClientRect();
    const zoom = zoomOf(scroller);
    if (right - clientX <= REACH) return { x: place.x, width: width / zoom };
    const before = cell.previousElementSibling?.getBoundingClientRect();
    return clientX - left < REACH && place.x > table.corner.x && before
      ? { x: place.x - 1, width: before.width / zoom }
      : undefined;
  };

  scroller.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) scroller.classList.toggle("pnx-resizing", Boolean(gripped(event)));
  });
  scroller.addEventListener("pointerdown", (event) => {
    const grip = event.button === 0 && gripped(event);
    if (!grip) return;
    // Nothing else is done with this press.
    event.preventDefault();
    event.stopImmediatePropagation();
    let { width } = grip;
    const move = (/** @type {PointerEvent} */ { clientX }) => {
      width = grip.width + (clientX - event.clientX) / zoomOf(scroller);
      onResize(grip.x, width, false);
    };
    dragging(event, move, (isDone) => {
      if (width !== grip.width) onResize(grip.x, isDone ? width : grip.width, true);
    });
  });
  scroller.addEventListener("dblclick", (event) => {
    const grip = gripped(event);
    if (!grip) return;
    event.stopImmediatePropagation();
    onDoubleClick?.(grip.x);
  });
}
