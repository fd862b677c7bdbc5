"""What rendering gives: an image, which is saved and shows itself."""

from __future__ import annotations

import base64
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from plotly_nbext.errors import ValidationError

__all__ = ["FORMATS", "MIMES", "Image", "check_folder", "format_named"]

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
        """Write the image to a file, whole or not at all, and return its path.

        Raises
        ------
        ValidationError
            The file's folder is missing.
        """
        path = Path(path).expanduser()
        check_folder(path)
        if path.exists() and not path.is_file():  # a pipe or a device
            path.write_bytes(self.data)
            return path
        file = path.resolve()
        draft = file.with_name(f".{secrets.token_hex(8)}.partial")
        try:
            draft.write_bytes(self.data)
            if file.exists():
                shutil.copymode(file, draft)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return path

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


def check_folder(path: Path) -> None:
    """Refuse a file in a folder that is missing.

    Raises
    ------
    ValidationError
        There is none.
    """
    if not path.parent.is_dir():
        raise ValidationError(f"There is no folder {str(path.parent)!r}.", field="path")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
