"""Values as people read them.

Numbers have all of their digits but where a cell shows them, moments a space where ISO 8601 has a
T, and durations are hours:minutes:seconds, which Excel and Sheets take for such; anything else is
JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from plotly_nbext.columns import durations, json, wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.notebook.sheet.kinds import Kind

__all__ = ["MOST_CHARACTERS", "cut", "shown_texts", "text_array", "text_of", "texts_of"]

MOST_CHARACTERS: Final = 200
# of a number that is shown
MOST_DIGITS: Final = 12


def text_of(value: Any, kind: Kind) -> str:
    """Write a JSON value other than null."""
    if not isinstance(value, str):
        return json.dumps(value).decode()
    if kind.name == "datetime":
        return value.replace("T", " ", 1)
    return _clock(value) if kind.name == "duration" else value


def texts_of(array: pa.Array, kind: Kind) -> list[str | None]:
    """Write the values of an array; None for null."""
    if pa.types.is_string(array.type) and kind.name not in {"datetime", "duration"}:
        texts: list[str | None] = array.to_pylist()
        return texts
    if _is_bare(array.type):  # what JSON has no quotes or brackets for
        if not len(array):
            return []
        parts = wire.to_json(array)[1:-1].decode().split(",")
        return [None if part == "null" else part for part in parts]
    return [None if value is None else text_of(value, kind) for value in wire.to_values(array)]


def text_array(array: pa.Array, kind: Kind) -> pa.Array:
    """Write the values of an array, as another one."""
    if pa.types.is_integer(array.type) or pa.types.is_boolean(array.type):
        return array.cast(pa.string())
    if pa.types.is_string(array.type) and kind.name not in {"datetime", "duration"}:
        return array
    return pa.array(texts_of(array, kind), pa.string())


def cut(text: str | None) -> str | None:
    """Shorten a text to what a cell can show."""
    if text is None or len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[: MOST_CHARACTERS - 1]}…"


def shown_texts(texts: Sequence[str | None], kind: Kind) -> list[str | None]:
    """Shorten the texts of a column to what cells can show."""
    if kind.name == "number":
        return [text and _rounded(text) for text in texts]
    return [cut(text) for text in texts]


def _rounded(text: str) -> str:
    """Write a fraction with few digits: where it is cut, its exponent would go."""
    if len(text) <= MOST_DIGITS or not _FRACTION.fullmatch(text):
        return text
    short = f"{float(text):.{MOST_DIGITS}g}"
    return short if len(short) < len(text) else text


_FRACTION: Final = re.compile(r"-?\d+\.(?!0$)\d+([eE][-+]?\d+)?|-?\d+[eE]-\d+")


def _is_bare(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_null(kind)
    )


def _clock(text: str) -> str:
    """Write a duration as a clock does; what is none stays as it is."""
    if not _DURATION.fullmatch(text):
        return text
    nanoseconds = durations.read(text)
    seconds, below = divmod(abs(nanoseconds), 10**9)
    fraction = f".{below:09}".rstrip("0") if below else ""
    sign = "-" if nanoseconds < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


_DURATION: Final = re.compile(r"P-?\d+DT\d+H\d+M\d+(?:\.\d{1,9})?S")
