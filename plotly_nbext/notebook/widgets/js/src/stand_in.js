/** How hosts lay out the outputs of a cell: JupyterLab and Notebook 7, VS Code, Colab. */
const OUTPUT = ".jp-OutputArea-child, .output_container, .output_subarea";

/**
 * Hide the output before a widget's own, which is there for a saved notebook: see `StandIn` in Python.
 *
 * @param {HTMLElement} root Of the widget.
 * @param {string} content What is in it.
 * @returns {() => void} Shows it again.
 */
export function hideStandIn(root, content) {
  /** @type {HTMLElement | undefined} */
  let hidden;
  const hide = () => {
    // What other widgets hold, boxes and tabs, was not shown by itself.
    const own = root.closest(`${OUTPUT}, .jupyter-widgets`);
    const before = own?.matches(OUTPUT) && own.previousElementSibling;
    if (hidden?.isConnected || !(before instanceof HTMLElement)) return;
    if (!hidden && !before.querySelector(content)) return;
    hidden = before;
    hidden.style.display = "none";
    // A host may lay out anew what it shows otherwise, such as an SVG after a PNG.
    if (own?.parentNode) replaced.observe(own.parentNode, { childList: true });
  };
  const replaced = new MutationObserver(hide);
  // The widget may still be out of the page.
  const placed = new ResizeObserver(hide);
  placed.observe(root);
  return () => {
    placed.disconnect();
    replaced.disconnect();
    if (hidden) hidden.style.display = "";
  };
}
