/**
 * Where a scroller stops after a key, in pixels from its top, or undefined when the key is not
 * about scrolling up or down.
 *
 * @param {string} key
 * @param {object} scroller
 * @param {number} scroller.top Where it is now.
 * @param {number} scroller.end The farthest that it goes.
 * @param {number} scroller.row How far one row is.
 * @param {number} scroller.screen How far one screen is.
 */
export function stopAfterKey(key, { top, end, row, screen }) {
  // Past a few hundred thousand rows one row is less than a pixel, and a key must still move.
  const step = Math.max(1, row);
  const stop = {
    ArrowDown: top + step,
    ArrowUp: top - step,
    PageDown: top + Math.max(step, screen - row),
    PageUp: top - Math.max(step, screen - row),
    Home: 0,
    End: end,
  }[key];
  return stop === undefined ? undefined : Math.max(0, Math.min(end, stop));
}
