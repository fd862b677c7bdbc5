"""JSON text ⇄ Python values, exactly.

Chart Studio's data is plain JSON, so a number must survive as it is: integers of any size (orjson
turns those beyond 64 bits into floats), floats to the last bit. What some programs write although
JSON has no such thing is read (``NaN``, ``Infinity`` → None, a byte order mark) or refused (half a
surrogate pair, which no UTF-8 text can hold).
"""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "LONE_SURROGATE",
    "MAX_CELL_DEPTH",
    "MAX_DEPTH",
    "dumps",
    "dumps_lines",
    "loads",
    "loads_lines",
]

MAX_DEPTH = 200
MAX_CELL_DEPTH = MAX_DEPTH - 10  # a request has some levels around a cell

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_BOM = "\ufeff"
_QUOTE, _OPENING, _CLOSING = b'"{}'
_BRACKET_TO_BRACE = ord("[") ^ ord("{")  # and "]" to "}"
_BLOCK_BYTES = 1 << 20
_TOO_DEEP = f"the JSON is nested too deeply: more than {MAX_DEPTH} lists and objects in each other"
LONE_SURROGATE = "the text holds half a surrogate pair, which is not valid Unicode"


def loads(data: bytes | str, *, max_depth: int = MAX_DEPTH, keep_too_large: bool = False) -> Any:
    """Read JSON text.

    Parameters
    ----------
    data : bytes or str
        The text; bytes are UTF-8. A byte order mark before it is passed over.
    max_depth : int
        How many lists and objects may be in each other.
    keep_too_large : bool
        Whether a number that is too large, such as ``1e400``, is kept as its text: a msgspec.Raw,
        which :func:`dumps` writes as it came.

    Returns
    -------
    Any
        Its value. ``NaN`` and ``Infinity`` are read as None.

    Raises
    ------
    ValueError
        If this is not JSON, or holds what can't be kept: a float that no double can hold, an
        integer of more digits than Python reads, half a surrogate pair, bytes that are not UTF-8.
        The message is fit for a user.
    """
    try:
        value = msgspec.json.decode(data)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except (msgspec.MsgspecError, UnicodeError):
        value = _loads_slowly(data, keep_too_large=keep_too_large)
    _check_depth(data, max_depth)
    return value


def loads_lines(data: bytes) -> list[Any]:
    """Read what :func:`dumps_lines` wrote: the values of a column.

    Raises
    ------
    ValueError
        If this is not JSON as it writes it.
    """
    try:
        values = _DECODER.decode_lines(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    _check_depth(data, MAX_CELL_DEPTH)
    return values


def dumps(value: Any) -> bytes:
    """Write a value as compact JSON.

    Parameters
    ----------
    value : Any
        Dicts, lists, strings, numbers, booleans and None; and msgspec.Raw, which is JSON text.

    Returns
    -------
    bytes
        UTF-8. Integers of any size are exact; NaN and the infinities become ``null``.

    Raises
    ------
    TypeError
        If JSON has no form for a value.
    ValueError
        If a string holds half a surrogate pair, or the nesting is too deep.
    """
    return _written(_ENCODER.encode, value)


def dumps_lines(values: list[Any]) -> bytes:
    """Write values as :func:`dumps` does, each with a newline after it (and with none inside)."""
    return _written(_ENCODER.encode_lines, values)


def _written(encode: Callable[[Any], bytes], value: Any) -> bytes:
    try:
        return encode(value)
    except UnicodeEncodeError:
        raise ValueError(LONE_SURROGATE) from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def _check_depth(data: bytes | str, max_depth: int) -> None:
    """Refuse what others could no longer read: parsers have limits, and they differ."""
    text = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if text.count(b"[") + text.count(b"{") > max_depth and _depth(text) > max_depth:
        raise ValueError(_TOO_DEEP)


def _depth(text: bytes) -> int:
    """Tell how many lists and objects there are in each other, of texts that are valid."""
    import numpy as np  # many times as fast as a walk through the values, and rarely needed

    if b"\\" in text:  # so that each quote begins or ends a string
        text = text.replace(rb"\\", b"  ").replace(rb"\"", b"  ")
    deepest = depth = within = 0
    for start in range(0, len(text), _BLOCK_BYTES):
        characters = np.frombuffer(text[start : start + _BLOCK_BYTES], np.uint8)
        quotes = (characters == _QUOTE).view(np.uint8)
        inside = np.bitwise_xor.accumulate(quotes) ^ within
        within = inside[-1]
        braces = characters | _BRACKET_TO_BRACE
        braces = braces[((braces == _OPENING) | (braces == _CLOSING)) & (inside == 0)]
        depths = depth + np.cumsum(np.where(braces == _OPENING, 1, -1))
        if depths.size:
            deepest, depth = max(deepest, int(depths.max())), int(depths[-1])
    return deepest


def _loads_slowly(data: bytes | str, *, keep_too_large: bool) -> Any:
    """Read what msgspec refuses; the standard library's messages also say where the fault is."""
    try:
        text = data.removeprefix(_BOM) if isinstance(data, str) else data.decode("utf-8-sig")
        value = json.loads(
            text,
            parse_constant=lambda _: None,
            parse_float=_or_text(_double) if keep_too_large else _double,
            parse_int=_or_text(_integer) if keep_too_large else _integer,
        )
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except UnicodeDecodeError as error:
        raise ValueError(f"the JSON is not UTF-8: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from None
    # json.loads lets half a surrogate pair through; writing it finds one anywhere, keys included
    dumps(value)
    return value


def _or_text(read: Callable[[str], float]) -> Callable[[str], float | msgspec.Raw]:
    def number(text: str) -> float | msgspec.Raw:
        try:
            return read(text)
        except ValueError:
            return msgspec.Raw(text.encode())

    return number


def _double(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:40]} is too large for a float")
    return number


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(
            f"the integer {text[:40]}… has {len(text.lstrip('-')):,} digits; "
            f"{sys.get_int_max_str_digits():,} are the most"
        ) from None
