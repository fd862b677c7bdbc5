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
    lasting : bool
        Whether the same figure makes the same image for ever: one that shows what was loaded from
        the web does not, and is not to be kept.
    """

    image: bytes
    warnings: tuple[str, ...] = ()
    lasting: bool = True
