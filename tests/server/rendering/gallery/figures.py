"""The gallery: figures whose pictures have to be those of plotly.js."""

from __future__ import annotations

import json
import os
from typing import Any

from . import layouts, traces

__all__ = ["GALLERY", "SCALES", "figure", "size_of", "types_shown"]

GALLERY = {"traces": traces.FIGURES, "layouts": layouts.FIGURES}

SCALES = [1, 1.5] if os.environ.get("GALLERY") == "all" else [1]
"""Test files have some figures in other scales; with GALLERY=all, all of them are drawn in two."""


def figure(name: str) -> dict[str, Any]:
    """A figure of the gallery as clients send it."""
    (found,) = (room[name] for room in GALLERY.values() if name in room)
    return json.loads(found.to_json())


def size_of(shown: dict[str, Any]) -> dict[str, int]:
    """The size in which a figure hangs: small, unless it says otherwise."""
    layout = shown["layout"]
    return {"width": layout.get("width", 400), "height": layout.get("height", 300)}


def types_shown() -> set[str]:
    """The types of all traces that hang here."""
    return {
        trace.type for room in GALLERY.values() for shown in room.values() for trace in shown.data
    }
