"""Figures that are too much: of numbers, of parts, of time, of memory."""

from __future__ import annotations

from . import too_dense, too_far, too_fine, too_long, too_many

__all__ = ["BOMBS", "EXTREMES"]

BOMBS = {
    **too_many.BOMBS,
    **too_long.BOMBS,
    **too_fine.BOMBS,
    **too_far.BOMBS,
    **too_dense.BOMBS,
}
"""By name."""

EXTREMES = [
    {"width": 20_000, "height": 20_000, "scale": 1},
    {"width": 300, "height": 200, "scale": 1_000},
    {"width": 1_000_000_000, "height": 10, "scale": 1},
    {"width": 16_384, "height": 16_384, "scale": 1},
    {"width": 300, "height": 200, "scale": 0.0001},
    {"width": 0, "height": 0, "scale": 1},
    {"width": -300, "height": 200, "scale": 1},
]
"""Sizes that no image can have, or hardly."""
