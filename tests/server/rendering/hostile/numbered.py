"""Figures that carry a number, and images from which it is read again."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from PIL import Image

__all__ = ["FORMATS", "figure", "number"]

FORMATS = ("png", "svg", "webp", "png", "jpeg", "png")
"""In turn; a PDF can't be read so easily."""

BITS = 16
SIDE = 10
ROOM = {"visible": False, "fixedrange": True}


def figure(number: int) -> dict[str, Any]:
    """A row of black and white squares, one a bit."""
    return {
        "data": [{"type": "scatter", "x": [number], "y": [0], "opacity": 0}],
        "layout": {
            "margin": dict.fromkeys("lrtb", 0),
            "xaxis": {**ROOM, "range": [0, BITS]},
            "yaxis": {**ROOM, "range": [0, 1]},
            "plot_bgcolor": "white",
            "meta": number,
            "shapes": [
                {"x0": bit, "x1": bit + 1, "y0": 0, "y1": 1, "line": {"width": 0},
                 "fillcolor": "black" if number >> bit & 1 else "white"}
                for bit in range(BITS)
            ],
        },
    }  # fmt: skip


SIZE = {"width": BITS * SIDE, "height": SIDE, "scale": 1}


def number(image: bytes, format: str) -> int:
    """Read the number of a figure from its image."""
    if format == "svg":
        fills = re.findall(rb'<path data-index="\d+"[^>]*?fill: rgb\((\d+),', image)
        assert len(fills) == BITS, image[:2000]
        return sum((fill == b"0") << bit for bit, fill in enumerate(fills))
    with Image.open(BytesIO(image)) as opened:
        assert opened.format == format.upper()
        assert opened.size == (BITS * SIDE, SIDE)
        grey = opened.convert("L")
        middles = [grey.getpixel((bit * SIDE + SIDE // 2, SIDE // 2)) for bit in range(BITS)]
    return sum((middle < 128) << bit for bit, middle in enumerate(middles))
