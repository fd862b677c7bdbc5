/**
 * Follow a pointer until it is released, or Escape is pressed.
 *
 * @param {PointerEvent} event That pressed it.
 * @param {(event: PointerEvent) => void} move
 * @param {(isDone: boolean) => void} end Told whether it was released.
 */
export function dragging({ pointerId }, move, end) {
  const over = new AbortController();
  const finish = (/** @type {boolean} */ isDone) => {
    over.abort();
    end(isDone);
  };
  for (const type of /** @type {const} */ (["pointermove", "pointerup", "pointercancel"])) {
    const follow = (/** @type {PointerEvent} */ event) => {
      if (event.pointerId !== pointerId) return;
      if (type === "pointermove") return move(event);
      finish(type === "pointerup");
    };
    window.addEventListener(type, follow, { signal: over.signal });
  }
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    finish(false);
  };
  window.addEventListener("keydown", escape, { capture: true, signal: over.signal });
}
