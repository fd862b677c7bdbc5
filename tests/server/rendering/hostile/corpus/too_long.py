"""Texts, formulas and nesting without end."""

from __future__ import annotations

from .bomb import Bomb, layout, many, title, trace
from .malformed import nested

__all__ = ["BOMBS"]

BOMBS = {
    "title": Bomb("long text", lambda: title("a" * 20_000_000)),
    "title of words": Bomb("long text", lambda: title("a " * 5_000_000)),
    "title of lines": Bomb("long text", lambda: title("a<br>" * 1_000_000)),
    "title of tags": Bomb("long text", lambda: title("<b>" * 1_000_000)),
    "title of open tags": Bomb("long text", lambda: title("<" * 5_000_000)),
    "title of attributes": Bomb(
        "long text", lambda: title('<span style="' + 'style="' * 1_000_000 + '">')
    ),
    "title of spaces": Bomb("long text", lambda: title("<a href" + " " * 2_000_000 + ">x</a>")),
    "title of dollars": Bomb("long text", lambda: title("$" * 3_000_000 + "x")),
    "title of entities": Bomb("long text", lambda: title("&" + "amp;" * 2_000_000)),
    "name": Bomb(
        "long text", lambda: {"data": [{"y": [1], "name": "a" * 10_000_000, "showlegend": True}]}
    ),
    "template of braces": Bomb(
        "long text",
        lambda: {"data": [{"y": [1], "mode": "text", "texttemplate": "%{a:" * 500_000}]},
    ),
    "template of percents": Bomb(
        "long text",
        lambda: {
            "data": [{"y": many(1, 1000), "mode": "text", "texttemplate": "%{y:.99f}" * 20_000}]
        },
    ),
    "path": Bomb(
        "long text", lambda: layout(shapes=[{"type": "path", "path": "M0,0" + "L1,1" * 2_000_000}])
    ),
    "dash": Bomb(
        "long text", lambda: trace("scatter", y=[1, 2], line={"dash": "1px," * 1_000_000 + "1px"})
    ),
    "dash of nothing": Bomb(
        "long text", lambda: trace("scatter", y=[1, 2], line={"dash": "0.0000001px,0.0000001px"})
    ),
    "colour": Bomb("long text", lambda: layout(paper_bgcolor="rgb(" + " " * 5_000_000 + "1")),
    "colour of digits": Bomb("long text", lambda: layout(paper_bgcolor="rgb(" + "1" * 3_000_000)),
    "number": Bomb("long text", lambda: b'{"data": [{"y": [%b]}]}' % (b"1" * 20_000_000)),
    "date": Bomb(
        "long text",
        lambda: {
            "data": [{"x": ["2026-01-01 " + "0" * 5_000_000], "y": [1]}],
            "layout": {"xaxis": {"type": "date"}},
        },
    ),
    "font": Bomb("long text", lambda: layout(font={"family": "a," * 3_000_000})),
    "nested markup": Bomb("long text", lambda: title("<b><i><sub>" * 5_000 + "x")),
    "macro of itself": Bomb("mathematics", lambda: title(r"$\def\x{\x}\x$")),
    "macro of two": Bomb("mathematics", lambda: title(r"$\def\x{\x\x}\x$")),
    "macro of many": Bomb(
        "mathematics",
        lambda: title(
            "$"
            r"\def\aa{xx}"
            + "".join(rf"\def\{chr(98 + i)}a{{\{chr(97 + i)}a\{chr(97 + i)}a}}" for i in range(24))
            + r"\ya$"
        ),
    ),
    "long formula": Bomb("mathematics", lambda: title("$" + "x+" * 300_000 + "$")),
    "deep formula": Bomb(
        "mathematics", lambda: title("$" + r"\sqrt{" * 20_000 + "}" * 20_000 + "$")
    ),
    "large matrix": Bomb(
        "mathematics",
        lambda: title(r"$\begin{matrix}" + ("x&" * 500 + r"\\") * 200 + r"\end{matrix}$"),
    ),
    "many formulas": Bomb(
        "mathematics", lambda: layout(annotations=[{"text": f"$x_{{{i}}}$"} for i in range(3_000)])
    ),
    "lists": Bomb("nesting", lambda: nested(3_000_000, "[", "]")),
    "objects": Bomb("nesting", lambda: nested(1_000_000, '{"a":', "}")),
}
