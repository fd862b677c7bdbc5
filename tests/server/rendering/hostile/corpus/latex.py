"""Mathematics: TeX is a programming language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cases import ANY, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases", "formula"]

WEB = "http://evil.test"

FORMULAS = {
    "link": rf"\href{{{WEB}/href}}{{x}}",
    "link to a script": r"\href{javascript:alert(1)}{x}",
    "link, mixed case": r"\href{ jAvAscript:alert(1)}{x}",
    "link to data": r"\href{data:text/html,<script>alert(1)</script>}{x}",
    "require": r"\require{html}\require{physics}x",
    "require an address": rf"\require{{{WEB}/require}}x",
    "require up": r"\require{../../hostile}x",
    "require own": r"\require{[tex]/hostile}x",
    "unicode": rf"\unicode[url({WEB}/font.woff2)]{{x263a}}",
    "unicode, wrong": r"\unicode{999999999999}\unicode{-1}\unicode[x,y;z]{x}",
    "style": rf"\style{{background:url({WEB}/style.svg)}}{{x}}",
    "style closed": rf"\style{{}}*{{background:url({WEB}/rule.svg)}}{{x}}",
    "class": r"\class{gtitle plot js-plotly-plot}{x}",
    "id": r"\cssId{hostile}{x}\cssId{x onload=alert(1)}{x}",
    "data": r"\data{onload=alert(1)}{x}\data{src=x}{y}",
    "graphics": rf"\includegraphics{{{WEB}/graphics.svg}}",
    "box": rf"\bbox[background:url({WEB}/bbox.svg);border:9px]{{x}}",
    "colour": rf"\color{{url({WEB}/color.svg)}}{{x}}\textcolor{{red;background:url({WEB}/b)}}{{x}}",
    "markup": rf"\text{{<img src={WEB}/text.svg onerror=alert(1)>}}<image href={WEB}/i.svg>",
    "tip": r"\texttip{x}{<script>alert(1)</script>}\toggle{x}{y}\endtoggle",
    "html": rf"\htmlData{{x=y}}{{x}}\htmlStyle{{background:url({WEB}/hs.svg)}}{{x}}",
    "attributes": rf"\mmlToken{{mi}}[href={WEB}/mml,style=background:url({WEB}/m),onload=x]{{x}}",
    "enclose": r"\enclose{circle}[mathcolor=url(x),onload=y]{x}",
    "macro for all": r"\gdef\alpha{hostile}\alpha",
    "command for all": r"\newcommand{\beta}{hostile}\renewcommand{\alpha}{hostile}\alpha",
    "let for all": r"\let\alpha=\beta\let\frac=\sqrt\let\left=\right x",
    "global let": r"\global\let\alpha=\beta\global\def\frac#1#2{hostile}x",
    "environment for all": r"\newenvironment{matrix}{hostile}{}\begin{matrix}x\end{matrix}",
    "operator for all": r"\DeclareMathOperator{\sin}{hostile}\sin",
    "delimiter for all": r"\DeclarePairedDelimiter{\alpha}{(}{)}x",
    "colour for all": r"\definecolor{red}{rgb}{0,1,0}\color{red}x",
    "font for all": r"\bf\Huge\scriptscriptstyle x",
    "label for all": r"\tag{1}\label{a}\ref{a}\eqref{b}x",
    "group without end": r"{{{{{{\begin{matrix}\left(",
    "end without group": r"}}}}\end{matrix}\right)",
    "wrong command": r"\hostile\undefined\csname x\endcsname",
    "wrong dimensions": r"\rule{1e9em}{1e9em}\hspace{1e30pt}\kern-1e30pt\raise1e30em{x}",
    "nested": "{" * 500 + "x" + "}" * 500,
    "nested fractions": r"\frac{1}{" * 60 + "x" + "}" * 60,
    "characters of its own": "\u0000\u0008\ud800\U0001f4a9",
    "comment": r"x%\n",
    "input": r"\input{/SECRETS/secret.svg}\openin0=/etc/passwd\read0 to\x\write18{id}",
}

LEAVES_A_MARK = [name for name in FORMULAS if name.endswith("for all")]


def formula(tex: str) -> dict:
    """A figure with a formula in its title, in ticks and in its legend."""
    text = f"${tex}$"
    return {
        "data": [{"y": [1, 2], "name": text}, {"y": [2, 3], "name": r"$\gamma$"}],
        "layout": {
            "title": {"text": text},
            "annotations": [{"text": text, "x": 0.5, "y": 1.5}],
            "xaxis": {"tickvals": [0, 1], "ticktext": [text, r"$\delta$"]},
        },
    }


def cases() -> Iterator[Case]:
    """Each formula, as TeX and where markup looks like it."""
    for name, tex in FORMULAS.items():
        yield Case("mathematics", name, formula(tex), ANY)
    for delimiter in ("$$", "$$$", r"\(", r"\["):
        markup = f"{delimiter}<a href='javascript:alert(1)'>x</a>{delimiter}"
        figure = {"data": [{"y": [1]}], "layout": {"title": {"text": markup}}}
        yield Case("mathematics", f"markup in {delimiter}", figure, ANY)
