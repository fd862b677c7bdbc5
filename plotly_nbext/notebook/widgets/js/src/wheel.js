import { ROW_HEIGHT, clamp, rowStep } from "./geometry.js";

/** Some browsers' elements are no higher, in pixels: regular-table leaves it at that. */
const HIGHEST = 5_000_000;

/**
 * Have the wheel go by rows where many of them share a pixel: it would leap over screens of them.
 *
 * @param {HTMLElement} scroller
 * @param {() => {rowCount: number, rowsInView: number}} rows
 */
export function scaleWheel(scroller, rows) {
  // With parts of pixels, which the browser rounds away.
  let turned = 0;
  const onWheel = (/** @type {WheelEvent} */ event) => {
    const { rowCount, rowsInView } = rows();
    if (rowCount * ROW_HEIGHT < HIGHEST || event.ctrlKey || event.deltaY === 0) return;
    const { scrollTop: now, scrollHeight, clientHeight } = scroller;
    const end = scrollHeight - clientHeight;
    if (Math.abs(turned - now) > 1) turned = now;
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
    const part = rowStep({ top: now, end, rowCount, rowsInView }) / ROW_HEIGHT;
    const top = clamp(turned + event.deltaY * pixels * part, 0, end);
    // At its ends the wheel scrolls the page on.
    if (top === turned) return;
    event.preventDefault();
    turned = top;
    scroller.scrollTop = top;
    scroller.scrollLeft += event.deltaX;
  };
  scroller.addEventListener("wheel", onWheel, { passive: false });
}
