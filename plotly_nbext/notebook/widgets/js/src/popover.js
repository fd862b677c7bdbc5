import { focused, zoomOf } from "./dom.js";
import { placed } from "./geometry.js";

/** @typedef {Element | {x: number, y: number}} Anchor An element, or a point of the window. */

/**
 * Open an element above everything else, next to what it belongs to. It closes with Escape, with a
 * press elsewhere, or by its `hidePopover`, and then is gone.
 *
 * @param {HTMLElement} root Of the widget: styles and shortcuts are its own.
 * @param {Anchor} anchor
 * @param {HTMLElement} content
 * @param {() => void} [onClose]
 */
export function openPopover(root, anchor, content, onClose) {
  const opener = focused(root);
  content.popover = "auto";
  content.classList.add("pnx-popover");
  // Near its opener it is next in the order of focus, too.
  root.append(content);
  content.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    const hadFocus = content.contains(focused(root)) || document.activeElement === document.body;
    content.remove();
    if (hadFocus && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    onClose?.();
  });
  content.addEventListener("keydown", (event) => event.stopPropagation());
  content.showPopover();
  const edge =
    anchor instanceof Element
      ? anchor.getBoundingClientRect()
      : new DOMRect(anchor.x, anchor.y, 0, 0);
  const { width, height } = content.getBoundingClientRect();
  const { left, top } = placed(edge, { width, height }, { width: innerWidth, height: innerHeight });
  const zoom = zoomOf(content);
  content.style.left = `${left / zoom}px`;
  content.style.top = `${top / zoom}px`;
}
