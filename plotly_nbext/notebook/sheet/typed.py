"""What is typed into a cell ⇄ the value that it stands for.

Empty text is null. In a column of text what is typed is the text, and ``""`` (two quotes) is the
empty one. In a column of anything what is JSON is that, and other text is itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from plotly_nbext.columns import durations, json
from plotly_nbext.notebook.sheet.errors import CellError
from plotly_nbext.notebook.sheet.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from plotly_nbext.notebook.sheet.change import Column
    from plotly_nbext.notebook.sheet.kinds import Kind

__all__ = ["edit_text", "read_texts"]

# so many categories are named to somebody who typed another
MOST_CHOICES: Final = 12


def read_texts(texts: Sequence[str], column: Column) -> list[Any]:
    """Read what is typed into cells of a column.

    Parameters
    ----------
    texts : sequence of str
        The text of each cell.
    column : Column
        The column.

    Returns
    -------
    list
        JSON values, as the column's type writes them.

    Raises
    ------
    CellError
        One can't be in the column; its ``row`` is the place among *texts*.
    """
    kind = column.kind
    read = _READERS[kind.name]
    values = []
    for place, text in enumerate(texts):
        try:
            values.append(read(text, kind) if text else None)
        except ValueError as error:
            raise _refusal(text, place, column) from error
    try:
        return kind.fitted(values)
    except ValueError:
        place = _first_misfit(values, kind)
        raise _refusal(texts[place], place, column) from None


def edit_text(value: Any, kind: Kind) -> str:
    """Write a value as it is typed: :func:`read_texts` makes the same of it."""
    if value is None:
        return ""
    if kind.name == "text" and isinstance(value, str):
        return f'{value}""' if _is_quotes(value) else value
    if kind.name == "anything" and isinstance(value, str):
        return value if _is_itself(value, kind) else json.dumps(value).decode()
    return text_of(value, kind)


def _is_itself(text: str, kind: Kind) -> bool:
    """Tell whether a text is taken for no other JSON."""
    try:
        return text != "" and _anything(text, kind) == text
    except ValueError:
        return False


def _first_misfit(values: list[Any], kind: Kind) -> int:
    """Find the first value that doesn't fit, by halves."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            kind.fitted(values[low:middle])
        except ValueError:
            high = middle
        else:
            low = middle
    return low


def _refusal(text: str, place: int, column: Column) -> CellError:
    shown = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
    kind = column.kind
    return CellError(
        f"{shown!r} can't be in the column {column.name!r}: write {_right(kind, text)}.",
        column=column.uid,
        row=place,
    )


_MOST_CHARACTERS: Final = 60


def _right(kind: Kind, text: str) -> str:
    """Say what would be right in place of a text."""
    spec = kind.spec
    if kind.name == "category":
        names = [text_of(choice, kind) for choice in kind.choices]
        more = ["…"] if len(names) > MOST_CHOICES else []
        return f"one of {', '.join([*map(repr, names[:MOST_CHOICES]), *more])}"
    is_integer = re.fullmatch(_INTEGER, text.strip(), re.ASCII)
    if kind.name == "integer" and spec and is_integer and (limits := _limits(spec.dtype)):
        return f"an integer from {limits[0]} to {limits[1]}"
    if kind.name == "datetime" and kind.zone:
        return f"a moment such as 2026-01-31 14:30, in {kind.zone}, or with its offset"
    if kind.word in _EXAMPLES_OF_TEXT:
        return _EXAMPLES_OF_TEXT[kind.word]
    return _EXAMPLES[kind.name]


_EXAMPLES: Final = {
    "integer": "an integer such as 12",
    "number": "a number such as 12 or 0.5, with a point and without separators",
    "boolean": "true or false",
    "text": "a text",
    "date": "a date such as 2026-01-31",
    "datetime": "a moment such as 2026-01-31 14:30",
    "duration": "a duration such as 26:30:00 (hours, minutes, seconds) or 3 days",
    "anything": 'JSON such as 12, true, "text" or [1, 2]',
}

# whose kind is text, but that have to be of a type
_EXAMPLES_OF_TEXT: Final = {
    "time": "a time such as 14:30:00",
    "period": "a period such as 2026-01",
}


def _limits(dtype: str) -> tuple[int, int] | None:
    match = re.match(r"(u?)int(8|16|32|64)\b", dtype.lower())
    if match is None:
        return None
    bits = int(match[2])
    return (0, 2**bits - 1) if match[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _integer(text: str, _kind: Kind) -> int:
    return int(_matched(_INTEGER, text)[1])


_INTEGER: Final = r"([+-]?\d+)(?:\.0*)?"


def _number(text: str, _kind: Kind) -> float:
    return _finite(_matched(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text)[0])


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError("the number is too large")
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else number


def _boolean(text: str, _kind: Kind) -> bool:
    value = _BOOLEANS.get(text.strip().lower())
    if value is None:
        raise ValueError("it is neither")
    return value


_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _text(text: str, _kind: Kind) -> str:
    json.dumps(text)  # half a character can't be kept
    return text[:-2] if len(text) > 1 and _is_quotes(text) else text


def _is_quotes(text: str) -> bool:
    return not text.strip('"')


def _date(text: str, _kind: Kind) -> str:
    match = _matched(rf"({_DAY})(?:[ T]00?:00(?::00(?:\.0*)?)?)?", text)
    return pd.Timestamp(match[1]).date().isoformat()


def _datetime(text: str, kind: Kind) -> str:
    match = _matched(rf"({_DAY}(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d{{1,9}})?)?)?) ?({_OFFSET})?", text)
    moment = pd.Timestamp(match[1])
    if match[2]:
        if kind.zone is None and not (kind.spec and kind.spec.item):
            raise ValueError("the column has no time zone")
        moment = moment.tz_localize("UTC" if match[2] == "Z" else match[2])
        if kind.zone:
            moment = moment.tz_convert(kind.zone)
    elif kind.zone:
        # what pandas 2 raises of an hour that is not, or is twice, is no ValueError
        found: Any = moment.tz_localize(kind.zone, ambiguous="NaT", nonexistent="NaT")
        if found is pd.NaT:
            raise ValueError(f"{text!r} is no hour of {kind.zone}, or two")
        moment = found
    return moment.isoformat()


_DAY: Final = r"\d{4}-\d\d?-\d\d?"
_OFFSET: Final = r"Z|[+-]\d\d:\d\d(?::\d\d)?"


def _duration(text: str, _kind: Kind) -> str:
    if clock := re.fullmatch(r"(-?)(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?", text.strip()):
        sign, hours, minutes, seconds, fraction = clock.groups()
        whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)
        ticks = whole * 10**9 + int((fraction or "").ljust(9, "0"))
        return _written(-ticks if sign else ticks)
    if not re.search(r"[A-Za-z]", text):  # pandas takes a bare number for nanoseconds
        raise ValueError("it has no unit")
    return _written(pd.Timedelta(text).value)


def _written(nanoseconds: int) -> str:
    seconds, below = divmod(nanoseconds, 10**9)
    return durations.write(*divmod(seconds, 86_400), below)


def _category(text: str, kind: Kind) -> Any:
    for choice in kind.choices:
        if text == text_of(choice, kind):
            return choice
    raise ValueError("it is none of them")


def _anything(text: str, _kind: Kind) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        if text.lstrip()[:1] in {"{", "[", '"'}:
            raise
        return _checked(text)


def _checked(text: str) -> str:
    json.dumps(text)
    return text


def _matched(pattern: str, text: str) -> re.Match[str]:
    match = re.fullmatch(pattern, text.strip(), re.ASCII)
    if match is None:
        raise ValueError("it is written otherwise")
    return match


_READERS: Final[dict[str, Callable[[str, Kind], Any]]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "text": _text,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "category": _category,
    "anything": _anything,
}
