"""What rendering gives: an image, which is saved and shows itself."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.client.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMATS", "MIMES", "Image", "format_named"]

MIMES: Final = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "eps": "application/postscript",
}
FORMATS: Final = tuple(MIMES)


@dataclass(frozen=True)
class Image:
    """A rendered figure; it shows itself in a notebook.

    Attributes
    ----------
    data : bytes
        The image file's content.
    mime : str
        Its type, such as ``image/png``.
    format : str
        ``png``, ``jpeg``, ``webp``, ``svg``, ``pdf`` or ``eps``.
    width, height : int
        In CSS pixels.
    scale : float
        Pixels of the image per CSS pixel.
    data_uri : str or None
        What the server answered when it was asked for ``encoded``.
    warnings : tuple of str
        What the server says is missing in it, and what would mend that.

    Examples
    --------
    >>> image = client.render({"data": [{"y": [5, 6]}]}, width=400)
    >>> image.width, image.height, image.mime
    (400, 500, 'image/png')
    """

    data: bytes = field(repr=False)
    mime: str
    format: str
    width: int
    height: int
    scale: float = 1.0
    data_uri: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()

    def save(self, path: str | Path) -> Path:
        """Write the image to a file, whole or not at all.

        Parameters
        ----------
        path : str or pathlib.Path
            Where to.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValidationError
            The file's folder is missing, or the file can't be written.

        Examples
        --------
        >>> image = client.render({"data": [{"y": [5, 6]}]}, "svg")
        >>> image.save("figure.svg").name
        'figure.svg'
        """
        return write_whole(path, self.data)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Show the image in a notebook."""
        del include, exclude
        text = f"<plotly image: {self.width}×{self.height} {self.format}>"
        content = self.data.decode() if self.format == "svg" else _base64(self.data)
        size = {"width": self.width, "height": self.height}
        return {self.mime: content, "text/plain": text}, {self.mime: size}


def format_named(name: str) -> str:
    """Find the format of a name: jpeg has two."""
    return "jpeg" if name == "jpg" else name


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
