"""Valid samples made invalid: what hypothesis changes in bytes, in texts and in JSON."""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EXAMPLES", "ODD", "ODD_TEXTS", "changed_bytes", "changed_json", "examples", "json_text"]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))

MOST_CHANGES = 4

# where sizes, offsets and counts go wrong
EDGES = [0, 1, -1, 2, 7, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**24, 2**31 - 1, -(2**31)]
WIDE_EDGES = [*EDGES, 2**31, 2**32 - 1, 2**40, 2**62, 2**63 - 1, -(2**63)]

ODD_TEXTS = [
    "",
    " ",
    "\0",
    "\n\r",
    "é",
    "\N{GRINNING FACE}",
    "\u202e",
    "\ud800",
    "..",
    "../../etc/passwd",
    "a/b//c/",
    "%2e%2e%2f",
    "%00",
    "${jndi:x}",
    "=1+1",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "-1",
    "1e999",
    "NaN",
    "null",
    "0x10",
    "9" * 30,
    "true",
    "x" * 5_000,
    "local:1",
    "local:999999999999999999999",
    "__proto__",
    "\ufeff",
    "{",
    "[[[",
]

ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    0.5,
    -0.0,
    2**31,
    2**53 + 1,
    2**63,
    -(2**70),
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    [],
    {},
    [[]],
    [None],
    [[], {}],
    {"": []},
    {"a": {"a": {"a": None}}},
    *ODD_TEXTS,
]


def examples(share: float = 1.0) -> settings:
    """Take so many examples, as a share of what is asked for."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def changed_bytes(draw: st.DrawFn, samples: Sequence[bytes]) -> bytes:
    """Flip, cut, splice, repeat and overwrite some of a sample; now and then leave it."""
    data = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, MOST_CHANGES))):
        start = draw(st.integers(0, len(data)))
        size = draw(st.integers(0, 16) | st.integers(0, len(data) - start))
        match draw(st.sampled_from(["flip", "cut", "splice", "repeat", "number", "end", "any"])):
            case "flip" if start < len(data):
                data[start] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del data[start : start + size]
            case "splice":
                other = draw(st.sampled_from(samples))
                begin = draw(st.integers(0, len(other)))
                data[start : start + size] = other[begin : begin + draw(st.integers(0, 4_096))]
            case "repeat":
                data[start:start] = data[start : start + size] * draw(st.integers(1, 20))
            case "number":
                form, values = draw(
                    st.sampled_from([("<i", EDGES), ("<q", WIDE_EDGES), (">i", EDGES)])
                )
                value = draw(st.sampled_from(values))
                value = max(value, -(2 ** (struct.calcsize(form) * 8 - 1)))
                if value >= 2 ** (struct.calcsize(form) * 8 - 1):
                    value = -1
                number = struct.pack(form, value)
                data[start : start + len(number)] = number
            case "end":
                del data[start:]
            case _:
                data[start : start + size] = draw(st.binary(max_size=32))
    return bytes(data)


@st.composite
def changed_json(draw: st.DrawFn, samples: Sequence[Any]) -> Any:
    """Make something else of one thing or a few within a sample."""
    value = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 3))):
        value = draw(_one_changed(value))
    return value


def _one_changed(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, str) and value.startswith(("[", "{")):
        try:
            inner = json.loads(value)
        except ValueError:
            return _other(value)
        return _one_changed(inner).map(lambda new: json_text(new).decode("utf-8", "surrogatepass"))
    if not isinstance(value, dict | list) or not value:
        return _other(value)
    places = [*value] if isinstance(value, dict) else range(len(value))
    return st.one_of(
        st.sampled_from(places).flatmap(
            lambda at: _one_changed(value[at]).map(lambda new: _with(value, at, new))
        ),
        st.sampled_from(places).map(lambda at: _without(value, at)),
        st.sampled_from(places).map(lambda at: _twice(value, at)),
        _other(value),
    )


def _other(value: Any) -> st.SearchStrategy[Any]:
    deep = st.integers(1, 3_000).map(_Deep)
    return st.one_of(
        st.sampled_from(ODD),
        st.sampled_from(ODD),
        st.text(max_size=20),
        st.integers(),
        st.just([value]),
        st.just({"x": value}),
        st.just([value] * 50),
        deep,
    )


class _Deep:
    """Arrays in arrays: more than Python writes by itself."""

    def __init__(self, depth: int) -> None:
        self.depth = depth

    def __repr__(self) -> str:
        return f"_Deep({self.depth})"


def json_text(value: Any) -> bytes:
    """Write JSON text, with NaN, halves of surrogate pairs and nesting as deep as it is."""
    deep = {}

    def written(node: Any) -> Any:
        key = f"@deep{len(deep)}@"
        deep[key] = node.depth
        return key

    text = json.dumps(value, default=written)
    for key, depth in deep.items():
        text = text.replace(f'"{key}"', "[" * depth + "]" * depth)
    return text.encode("utf-8", "surrogatepass")


def _with(value: Any, at: Any, new: Any) -> Any:
    changed = value.copy()
    changed[at] = new
    return changed


def _without(value: Any, at: Any) -> Any:
    changed = value.copy()
    del changed[at]
    return changed


def _twice(value: Any, at: Any) -> Any:
    if isinstance(value, dict):
        return {**value, f"{at}2": value[at]}
    return [*value[: at + 1], *value[at:]]
