"""What comes of a figure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Rendered"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """An image, and in what it differs from what was asked for.

    Attributes
    ----------
    image : bytes
        The image file's content.
    warnings : tuple of str
        What is missing in it, a sentence each: a character without a glyph, an image or tiles
        that the figure may not load.
    """

    image: bytes
    warnings: tuple[str, ...] = ()
