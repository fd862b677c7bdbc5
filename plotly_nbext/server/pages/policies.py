"""What the browser is told to refuse.

Figures, names and values are anyone's, and the reader's browser holds the key of their account for
this server. A page runs the scripts of the server and nothing else. A figure is drawn in a document
of its own that the browser keeps apart (``sandbox``: an origin that is nobody's) and that reaches
neither this server nor any other, whatever plotly.js might let through.
"""

from __future__ import annotations

from typing import Final

__all__ = ["BARE", "DATA", "FIGURE", "PAGE", "SANDBOX"]

SANDBOX: Final = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
"""A figure may draw, save itself as an image, and open what its reader clicks in a new window."""

BARE: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""A page that anyone may frame."""

PAGE: Final = f"{BARE}; frame-src 'self'; frame-ancestors 'none'"

FIGURE: Final = (
    f"sandbox {SANDBOX}; default-src 'none'; "
    # plotly.js compiles its shaders with eval: without it, WebGL traces are blank without an error
    "script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src data: blob:; "
    "worker-src blob:; base-uri 'none'; form-action 'none'"
)

DATA: Final = "sandbox; default-src 'none'"
"""Data that is opened in a window of its own."""
