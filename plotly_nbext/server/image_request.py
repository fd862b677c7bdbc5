"""The body of ``POST /v2/images``: its fields, defaults and limits.

The figure is passed on as the bytes that came: only the outermost members are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import msgspec

from plotly_nbext.columns import json
from plotly_nbext.server.bodies import as_bool, bad_request

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


class _Body(msgspec.Struct):
    figure: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    format: Any = None
    width: Any = None
    height: Any = None
    scale: Any = None
    encoded: Any = False


class _Figure(msgspec.Struct):
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    layout: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Layout(msgspec.Struct):
    width: Any = None
    height: Any = None
    autosize: Any = False


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
        fields = _decode(body)
        figure = _figure_text(fields.figure)
        layout = _check_figure(figure)
        if layout.autosize:
            layout = _Layout()
        width = _side(fields.width) or _side(layout.width) or DEFAULT_WIDTH
        height = _side(fields.height) or _side(layout.height) or DEFAULT_HEIGHT
        scale = _positive(fields.scale) or 1.0
        _check_size(width, height, scale)
        return cls(
            figure=figure,
            format=_format(fields.format),
            width=width,
            height=height,
            scale=scale,
            encoded=as_bool(fields.encoded or False, "encoded"),
        )


def _decode(body: bytes) -> _Body:
    if not body.strip():
        raise bad_request("The body is empty: figure is required.", "figure")
    try:
        return msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        # NaN and Infinity, which some encoders write, become null
        content = json.loads(body)
    except ValueError as error:
        raise bad_request(f"The body can't be read as JSON: {error}") from None
    if not isinstance(content, dict):
        raise bad_request("The body must be a JSON object with a figure.", "figure")
    return msgspec.json.decode(json.dumps(content), type=_Body)


def _figure_text(figure: msgspec.Raw | msgspec.UnsetType) -> bytes:
    if isinstance(figure, msgspec.UnsetType) or figure == b"null":
        raise bad_request("figure is required: an object with data and layout.", "figure")
    text = bytes(figure)
    if not text.startswith(b'"'):
        return text
    try:
        # some clients send the figure as a JSON-encoded string
        return json.dumps(json.loads(json.loads(text)))
    except ValueError as error:
        raise bad_request(f"figure is a string, but not JSON: {error}", "figure") from None


def _check_figure(text: bytes) -> _Layout:
    try:
        figure = msgspec.json.decode(text, type=_Figure)
    except msgspec.ValidationError:
        raise bad_request("figure must be an object with data and layout.", "figure") from None
    data = b"[]" if isinstance(figure.data, msgspec.UnsetType) else bytes(figure.data)
    layout = b"" if isinstance(figure.layout, msgspec.UnsetType) else bytes(figure.layout)
    if not data.startswith(b"[") and data != b"null":
        raise bad_request("figure.data must be an array of traces.", "figure.data")
    # R writes an empty object as []
    if layout in (b"", b"null", b"[]"):
        if not layout and (data == b"null" or not data.strip(b"[] \t\r\n")):
            raise bad_request("figure has neither traces nor a layout.", "figure")
        return _Layout()
    try:
        return msgspec.json.decode(layout, type=_Layout)
    except msgspec.ValidationError:
        raise bad_request("figure.layout must be an object.", "figure.layout") from None


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
    if width * height * scale**2 > MAX_PIXELS:
        raise bad_request(
            f"{width} × {height} at scale {scale:g} is over {MAX_PIXELS:,} pixels.", "scale"
        )
