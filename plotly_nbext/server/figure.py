"""Figures as they are sent: an object with data and layout, or a JSON-encoded string of one.

A figure is passed on as the bytes that came, so that its numbers stay as they are: only the
outermost members are looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError
from plotly_nbext.server.bodies import bad_request, value_of

__all__ = ["Figure", "Layout", "check_size", "decode_figure"]

MAX_BYTES = 100_000_000
MAX_NESTED = 2_000_000

# R writes an empty object as []
_NOTHING = re.compile(rb"null|\[\s*\]")


class _Members(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    layout: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Size(msgspec.Struct):
    width: msgspec.Raw = msgspec.Raw(b"null")
    height: msgspec.Raw = msgspec.Raw(b"null")
    autosize: msgspec.Raw = msgspec.Raw(b"false")


@dataclass(frozen=True)
class Layout:
    """What a layout says of the figure's size."""

    width: Any = None
    height: Any = None
    autosize: Any = False


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes
    ----------
    text : bytes
        Its JSON text.
    layout : Layout or None
        The size that it asks for; None without a layout.
    has_traces : bool
        Whether there is something in its data.
    """

    text: bytes
    layout: Layout | None
    has_traces: bool

    @classmethod
    def read(cls, sent: msgspec.Raw | msgspec.UnsetType, *, keep_too_large: bool = False) -> Self:
        """Read the field ``figure`` of a request.

        Of one that is a string, NaN and Infinity become null; beside them, a number that is too
        large is refused, or kept if asked.

        Raises
        ------
        ValidationError
            400: there is none, or it is not a figure.
        """
        text = b"null" if isinstance(sent, msgspec.UnsetType) else bytes(sent)
        if text == b"null":
            raise bad_request("figure is required: an object with data and layout.", "figure")
        # some clients send the figure as a JSON-encoded string
        if text.startswith(b'"'):
            text = _unquoted(text, keep_too_large=keep_too_large)
        return cls.parse(text)

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Look at the JSON text of a figure.

        Raises
        ------
        ValidationError
            400: it is not an object, its data not an array, or its layout not an object.
        """
        try:
            members = msgspec.json.decode(text, type=_Members)
            layout = _layout(members.layout)
        except msgspec.ValidationError:
            raise bad_request("figure must be an object with data and layout.", "figure") from None
        except RecursionError:
            raise bad_request("figure is nested too deeply.", "figure") from None
        data = memoryview(members.data)  # no copy of what may be long
        has_traces = not _NOTHING.fullmatch(data)
        if has_traces and data[0] != ord("["):
            raise bad_request("figure.data must be an array of traces.", "figure.data")
        return cls(text, layout, has_traces)


def check_size(text: bytes) -> None:
    """Refuse what is too much to be read: a figure that is kept, or that draws on grids.

    An array or object takes many times the memory of its text, so that their number is limited too.

    Raises
    ------
    ApiError
        413: the figure is too long, or has too many parts.
    """
    if len(text) > MAX_BYTES:
        raise ApiError(
            f"The figure is longer than {MAX_BYTES:,} bytes.", status_code=413, field="figure"
        )
    # brackets in strings count too, of which no figure has as many
    if text.count(b"[") + text.count(b"{") > MAX_NESTED:
        raise ApiError(
            f"The figure has more than {MAX_NESTED:,} arrays and objects.",
            status_code=413,
            field="figure",
        )


def decode_figure(text: bytes, *, keep_too_large: bool = False) -> dict[str, Any]:
    """Read all of a figure; of one that is not to be kept, numbers that are too large too.

    Raises
    ------
    ValidationError
        400: it holds what can't be kept, such as nesting without end.
    """
    try:
        # it is told again as a member of a member
        content: dict[str, Any] = json.loads(
            text, max_depth=json.MAX_DEPTH - 10, keep_too_large=keep_too_large
        )
    except ValueError as error:
        raise bad_request(f"figure can't be read: {error}", "figure") from None
    return content


def _layout(sent: msgspec.Raw | msgspec.UnsetType) -> Layout | None:
    if isinstance(sent, msgspec.UnsetType):
        return None
    text = bytes(sent)
    if _NOTHING.fullmatch(text):
        return Layout()
    try:
        size = msgspec.json.decode(text, type=_Size)
    except msgspec.ValidationError:
        raise bad_request("figure.layout must be an object.", "figure.layout") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise bad_request(f"figure.layout can't be read: {error}", "figure.layout") from None
    return Layout(
        width=value_of(size.width, "figure.layout.width"),
        height=value_of(size.height, "figure.layout.height"),
        autosize=value_of(size.autosize, "figure.layout.autosize"),
    )


def _unquoted(quoted: bytes, *, keep_too_large: bool) -> bytes:
    """Take a figure out of a JSON-encoded string."""
    try:
        text: str = json.loads(quoted)
        inner = text.encode()
        try:
            msgspec.json.decode(inner, type=msgspec.Raw)
        except (msgspec.DecodeError, RecursionError):
            return json.dumps(json.loads(inner, keep_too_large=keep_too_large))
    except ValueError as error:
        raise bad_request(f"figure is a string that can't be read: {error}", "figure") from None
    return inner
