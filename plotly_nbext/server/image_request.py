"""What is to be rendered: the body of ``POST /v2/images``, its defaults and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import msgspec

from plotly_nbext.server.bodies import as_bool, bad_request, decode, value_of
from plotly_nbext.server.figure import Figure, Layout

__all__ = ["MIME_TYPES", "ImageRequest"]

MIME_TYPES: Final = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "eps": "application/postscript",
}

DEFAULT_WIDTH, DEFAULT_HEIGHT = 700, 500
MIN_SIDE = 10  # plotly.js draws smaller figures in a size of its own
MAX_SIDE = 16_384  # in pixels, as is the next: past them browsers fail to encode an image
MAX_PIXELS = 100_000_000
_BEYOND = 1e9

_NULL = msgspec.Raw(b"null")


class _Body(msgspec.Struct):
    figure: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    format: msgspec.Raw = _NULL
    width: msgspec.Raw = _NULL
    height: msgspec.Raw = _NULL
    scale: msgspec.Raw = _NULL
    encoded: msgspec.Raw = _NULL


@dataclass(frozen=True)
class ImageRequest:
    """What is to be rendered.

    Attributes
    ----------
    figure : bytes
        JSON text of the figure.
    format : str
        A key of :data:`MIME_TYPES`.
    width, height : int
        In CSS pixels: the body's, else the layout's unless it says ``autosize``, else 700 × 500.
    scale : float
        Pixels of the image per CSS pixel.
    encoded : bool
        Whether a data-URI is wanted in place of the image.
    """

    figure: bytes
    format: str
    width: int
    height: int
    scale: float
    encoded: bool

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read a body.

        Raises
        ------
        ValidationError
            400, by the name of the field that is wrong.
        """
        if not body.strip():
            raise bad_request("The body is empty: figure is required.", "figure")
        # what is drawn and not kept loses nothing: the browser reads such numbers as infinite
        fields = decode(body, _Body, keep_too_large=True)
        figure = Figure.read(fields.figure, keep_too_large=True)
        if not figure.has_traces and figure.layout is None:
            raise bad_request("figure has neither traces nor a layout.", "figure")
        return cls.of(
            figure,
            format=value_of(fields.format, "format"),
            width=value_of(fields.width, "width"),
            height=value_of(fields.height, "height"),
            scale=value_of(fields.scale, "scale"),
            encoded=as_bool(value_of(fields.encoded, "encoded") or False, "encoded"),
        )

    @classmethod
    def of(
        cls,
        figure: Figure,
        *,
        format: Any = None,  # noqa: A002 - the request's own name for it
        width: Any = None,
        height: Any = None,
        scale: Any = None,
        encoded: bool = False,
    ) -> Self:
        """Take a figure, and what was sent of how to render it.

        Raises
        ------
        ValidationError
            400, by the name of the field that is wrong.
        """
        layout = figure.layout
        if layout is None or layout.autosize:
            layout = Layout()
        wanted = cls(
            figure=figure.text,
            format=_format(format),
            width=_side(width) or _side(layout.width) or DEFAULT_WIDTH,
            height=_side(height) or _side(layout.height) or DEFAULT_HEIGHT,
            scale=_positive(scale) or 1.0,
            encoded=encoded,
        )
        _check_size(wanted.width, wanted.height, wanted.scale)
        return wanted


def _format(value: Any) -> str:
    if value in (None, ""):
        return "png"
    if not isinstance(value, str) or value not in MIME_TYPES:
        valid = ", ".join(MIME_TYPES)
        raise bad_request(f"format must be one of {valid}, not {value!r}.", "format")
    return value


def _positive(value: Any) -> float | None:
    """Read a number, also from a string; null, "", 0 and less mean that none was given."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return _BEYOND
    except (TypeError, ValueError):
        return None
    return min(number, _BEYOND) if number > 0 else None


def _side(value: Any) -> int | None:
    number = _positive(value)
    return round(number) if number is not None else None


def _check_size(width: int, height: int, scale: float) -> None:
    for field, side in (("width", width), ("height", height)):
        if side < MIN_SIDE:
            raise bad_request(f"{field} must be {MIN_SIDE} pixels or more, not {side}.", field)
        if side * scale > MAX_SIDE:
            raise bad_request(
                f"{field} {side} at scale {scale:g} is over {MAX_SIDE:,} pixels.", field
            )
        if side * scale < 1:
            raise bad_request(
                f"scale {scale:g} makes less than a pixel of the {field} {side}.", "scale"
            )
    if width * height * scale**2 > MAX_PIXELS:
        raise bad_request(
            f"{width} × {height} at scale {scale:g} is over {MAX_PIXELS:,} pixels.", "scale"
        )
