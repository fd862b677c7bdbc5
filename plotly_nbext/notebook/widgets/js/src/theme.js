/** What hosts say of their theme: JupyterLab, VS Code, Colab, marimo, Quarto and others. */
const DARK =
  '[data-jp-theme-light="false"], .vscode-dark, ' +
  ".vscode-high-contrast:not(.vscode-high-contrast-light), " +
  '[data-vscode-theme-kind="vscode-dark"], [data-vscode-theme-kind="vscode-high-contrast"], ' +
  '[theme="dark"], [data-theme="dark"], .dark, .quarto-dark';
const LIGHT =
  '[data-jp-theme-light="true"], .vscode-light, .vscode-high-contrast-light, ' +
  '[data-vscode-theme-kind$="-light"], [theme="light"], [data-theme="light"], .light, .quarto-light';

const WATCHED = ["class", "theme", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"];

/**
 * Follow the theme of the page around a widget, as it changes: also out of a shadow tree, and out of
 * a frame of the same origin. Where nobody says which it is, it is the reader's choice.
 *
 * @param {HTMLElement} root
 * @returns {() => void} What ends it.
 */
export function followTheme(root) {
  const pages = documentsAround(root);
  const update = () => {
    const tops = pages.flatMap(({ documentElement, body }) => [body, documentElement]);
    const told = tops.map((top) =>
      top.matches(DARK) ? "dark" : top.matches(LIGHT) ? "light" : "",
    );
    root.dataset["theme"] = told.find(Boolean) ?? "";
  };
  const observer = new MutationObserver(update);
  for (const { documentElement, body } of pages) {
    for (const top of [documentElement, body]) {
      observer.observe(top, { attributes: true, attributeFilter: WATCHED });
    }
  }
  update();
  return () => observer.disconnect();
}

/** @param {HTMLElement} root */
function documentsAround(root) {
  const pages = [root.ownerDocument];
  // There is no such element around a frame of another origin.
  for (
    let frame = window.frameElement;
    frame;
    frame = frame.ownerDocument.defaultView?.frameElement ?? null
  ) {
    pages.push(frame.ownerDocument);
  }
  return pages;
}
