"""Figures that are not what they should be."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from ..cases import ANY, Case, Refused, Warned

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases", "nested"]

NAN = base64.b64encode(b"\xff" * 64).decode()
EIGHT = base64.b64encode(bytes(range(64))).decode()

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"   ",
    "nulls": b"\x00" * 100,
    "cut off": b'{"data": [{"y": [1, 2',
    "two of them": b'{"data": []}{"data": []}',
    "invalid UTF-8": b'{"data": [{"name": "\xff\xfe"}]}',
    "overlong UTF-8": b'{"data": [{"name": "\xc0\xaf"}]}',
    "surrogates in UTF-8": b'{"data": [{"name": "\xed\xa0\x80"}]}',
    "UTF-16": '{"data": []}'.encode("utf-16"),
    "Python": b"{'data': [None, True]}",
    "functions": b'{"data": [function(){}]}',
    "comments": b'{"data": [/* x */]}',
    "a script": b'fetch("http://evil.test/")',
    "markup": b'<script src="http://evil.test/"></script>',
    "a message of the page": b'{"error": "x", "warnings": [], "format": "png"}x',
}

WRONG_KINDS: list[Any] = [None, True, 0, -1, 1e308, "", "x", [], [[]], {}, {"x": 1}, [None]]

ARRAYS: dict[str, Any] = {
    "unknown dtype": {"dtype": "hostile", "bdata": EIGHT},
    "dtype of objects": {"dtype": "__proto__", "bdata": EIGHT},
    "dtype of constructors": {"dtype": "constructor", "bdata": EIGHT},
    "dtype no string": {"dtype": {"toString": "f8"}, "bdata": EIGHT},
    "int64": {"dtype": "i8", "bdata": EIGHT},
    "length": {"dtype": "f8", "bdata": base64.b64encode(b"abc").decode()},
    "no base64": {"dtype": "f8", "bdata": "!!! not base64 !!!"},
    "no string": {"dtype": "f8", "bdata": [1, 2, 3]},
    "empty": {"dtype": "f8", "bdata": ""},
    "shape too large": {"dtype": "f8", "bdata": EIGHT, "shape": "1000000,1000000"},
    "shape beyond numbers": {"dtype": "f8", "bdata": EIGHT, "shape": "1e308,1e308"},
    "shape negative": {"dtype": "f8", "bdata": EIGHT, "shape": "-1,-8"},
    "shape no numbers": {"dtype": "f8", "bdata": EIGHT, "shape": "x,y"},
    "shape of three": {"dtype": "f8", "bdata": EIGHT, "shape": "2,2,2"},
    "shape of many": {"dtype": "f8", "bdata": EIGHT, "shape": "1," * 10_000 + "8"},
    "shape of a list": {"dtype": "f8", "bdata": EIGHT, "shape": [2, 4]},
    "not a number": {"dtype": "f8", "bdata": NAN},
    "not a number, 4": {"dtype": "f4", "bdata": NAN},
    "characters": {"dtype": "u1c", "bdata": EIGHT},
    "more keys": {"dtype": "f8", "bdata": EIGHT, "length": 1e9, "buffer": "x", "BYTES": 0},
    "mixed depth": [1, [2, [3, [4, [5]]]], None, {"x": 6}, "7"],
    "lists and objects": [[1, 2], {"0": 3, "1": 4}, "56", None, []],
    "rows of any length": [[1], [1, 2, 3], [], [None], [[1]]],
    "an object like a list": {"0": 1, "1": 2, "length": 2},
    "an object like a long list": {"0": 1, "length": 4294967295},
    "beyond numbers": [1e308, -1e308, 1e-320, -0.0, 9007199254740993],
    "texts of numbers": ["1e999", "0x10", "Infinity", "NaN", "1_000", "１２"],
    "dates beyond": ["9999999-01-01", "-9999-13-45", "2026-02-31 25:61", "1e9-01-01", "x"],
}

KINDS = ("scatter", "bar", "heatmap", "surface", "scattergl", "pie", "histogram", "box", "violin",
         "contour", "mesh3d", "isosurface", "cone", "sankey", "parcoords", "splom", "table",
         "scatterpolar", "treemap", "image", "ohlc", "carpet", "densitymap", "streamtube",
         "volume", "scatter3d", "histogram2d", "icicle", "waterfall", "indicator")  # fmt: skip

PLACES = ("x", "y", "z", "a", "b", "i", "value", "values", "labels", "parents", "dimensions",
          "text", "open", "isomin")  # fmt: skip


def nested(levels: int, opening: str, closing: str, inner: str = "1") -> bytes:
    """Write JSON of many levels."""
    deep = opening * levels + inner + closing * levels
    return b'{"data": [{"y": [1]}], "layout": {"meta": %b}}' % deep.encode()


def cases() -> Iterator[Case]:
    """Bodies, wrong kinds in all parts, arrays in all traces, and nesting."""
    for name, body in BODIES.items():
        expected = ANY if name == "a message of the page" else Refused("figure")
        yield Case("not a figure", name, body, expected)
    yield from _wrong_kinds()
    yield from _arrays()
    yield from _nesting()
    yield from _names()
    yield from _cuts()


def _wrong_kinds() -> Iterator[Case]:
    for part in ("data", "layout", "config", "frames"):
        for value in WRONG_KINDS:
            figure = {"data": [{"y": [1]}], part: value}
            yield Case("wrong kind", f"{part} {json.dumps(value)}", figure, ANY)
    parts = ("xaxis", "title", "images", "annotations", "shapes", "template", "map", "scene",
             "legend", "grid", "coloraxis", "updatemenus", "sliders", "meta", "margin")  # fmt: skip
    for part in parts:
        for value in WRONG_KINDS:
            layout = {part: value}
            name = f"layout.{part} {json.dumps(value)}"
            yield Case("wrong kind", name, {"data": [{"y": [1]}], "layout": layout}, ANY)


def _arrays() -> Iterator[Case]:
    for name, array in ARRAYS.items():
        for kind in KINDS:
            trace = dict.fromkeys(PLACES, array)
            figure = {
                "data": [{"type": kind, **trace, "marker": {"color": array, "size": array}}],
                "layout": {"map": {"style": "white-bg"}},
            }
            yield Case(f"array: {name}", kind, figure, ANY)


def _nesting() -> Iterator[Case]:
    for levels in (200, 5_000, 100_000):
        yield Case("deep nesting", f"lists, {levels}", nested(levels, "[", "]"), ANY)
        yield Case("deep nesting", f"objects, {levels}", nested(levels, '{"a":', "}"), ANY)
        deep = "[" * levels + "1" + "]" * levels
        for key in ("y", "customdata", "marker", "__proto__"):
            body = f'{{"data": [{{"{key}": {deep}}}]}}'.encode()
            yield Case("deep nesting", f"{key}, {levels}", body, ANY)
        template = '{"layout":{"template":' * levels + "1" + "}}" * levels
        body = f'{{"data": [], "layout": {{"template": {template}}}}}'.encode()
        yield Case("deep nesting", f"templates, {levels}", body, ANY)


def _names() -> Iterator[Case]:
    subplots = "xaxis", "map", "scene", "geo", "polar", "coloraxis", "legend"
    for name in subplots:
        for number in (
            "0",
            "01",
            "1e9",
            "99999999999",
            "-1",
            "__proto__",
            " 2",
            "2.5",
            "constructor",
        ):
            layout = {f"{name}{number}": {"domain": {"x": [0, 1]}}}
            trace = {
                "y": [1],
                "subplot": f"{name}{number}",
                "xaxis": f"x{number}",
                "scene": f"scene{number}",
            }
            figure = {"data": [trace], "layout": layout}
            yield Case("names of subplots", f"{name}{number}", figure, ANY)


def _cuts() -> Iterator[Case]:
    """Sentences that are cut within an emoji, of which half is no character."""
    line = {"y": [1, 3, 2]}
    for letters in (59, 60):
        text = "a" * letters + "😀" * 2000
        formula = {"title": {"text": f"$\\foo{{{text}}}$"}}
        figures = {
            "font": ({"data": [line], "layout": {"font": {"family": text}}}, Warned("aaa")),
            "formula": ({"data": [line], "layout": formula}, Warned("aaa")),
            "type": ({"data": [{"y": {"dtype": text, "bdata": "AAAA"}}]}, Refused("aaa")),
        }
        for part, (figure, expected) in figures.items():
            yield Case("cut in an emoji", f"{part} after {letters}", figure, expected)
