"""What can go wrong with a rendering, by whose fault it is."""

from __future__ import annotations

__all__ = ["CommandRefused", "PageCrashed", "PageLost", "RenderError", "RendererUnavailable"]


class RenderError(Exception):
    """The figure can't be drawn, and trying again gives the same: plotly.js's own words."""


class RendererUnavailable(Exception):  # noqa: N818 - the public name
    """The figure could not be drawn now; the same request may work later."""


class PageLost(Exception):  # noqa: N818 - reads as what happened
    """A page's browser died or was killed; this never leaves the package."""


class PageCrashed(PageLost):
    """A page died in a browser that is well: what it drew is to blame, or a lack of memory."""


class CommandRefused(Exception):  # noqa: N818 - reads as what happened
    """The browser answered a command with an error; this never leaves the package."""
