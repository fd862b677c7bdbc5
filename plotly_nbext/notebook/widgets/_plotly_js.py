"""plotly.js as a module for the page."""

from __future__ import annotations

import functools
import gzip
from typing import Final

from plotly_nbext.notebook.plotly_js import installed

__all__ = ["plotly_js", "plotly_version"]

# As it is, plotly.js would hand itself to the page's module loader, if there is one, and take the
# place of the page's own `Plotly`. Its style is the document's, which doesn't reach into a shadow
# tree, where marimo shows widgets.
BEFORE: Final = b"""\
const define = undefined, exports = {}, module = { exports };
const pages = Object.getOwnPropertyDescriptor(globalThis, "Plotly");
"""
AFTER: Final = b"""
;if (pages) Object.defineProperty(globalThis, "Plotly", pages);
else delete globalThis.Plotly;
export default module.exports;

const dressed = new WeakSet([document]);
export function dress(root) {
  const style = document.getElementById("plotly.js-style-global");
  if (dressed.has(root) || !style) return;
  dressed.add(root);
  const copy = document.createElement("style");
  copy.textContent = Array.from(style.sheet.cssRules, ({ cssText }) => cssText).join(" ");
  root.append(copy);
}
"""


def plotly_version() -> str:
    """Name the version of the installed plotly package."""
    import plotly

    return str(plotly.__version__)


@functools.cache
def plotly_js() -> bytes:
    """Read the installed plotly.js as an ES module that leaves no trace in the page.

    Returns
    -------
    bytes
        Compressed by gzip; its default export is ``Plotly``, and ``dress`` brings the style of
        figures into a shadow tree.
    """
    return gzip.compress(BEFORE + installed() + AFTER, compresslevel=6, mtime=0)
