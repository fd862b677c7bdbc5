"""LaTeX in a figure's text is typeset, in every format, and keeps to its own figure."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from .gallery.compare import assert_same, pixels
from .support import SCATTER, draw, drawn_by_plotly, evaluate, pages, started, titled

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORMULA = r"$\frac{\sum_{i=1}^n x_i}{\sqrt{2\pi}}$"
SVG = "{http://www.w3.org/2000/svg}"


async def warnings(renderer, figure: dict[str, Any]) -> tuple[str, ...]:
    body = json.dumps(figure).encode()
    drawn = await renderer.render(body, format="png", width=400, height=300, scale=1)
    return drawn.warnings


def everywhere(formula: str) -> dict[str, Any]:
    """A figure with a formula in its titles, its legend, its labels and an annotation."""
    title = {"text": formula}
    axis = {"title": title, "tickvals": [1], "ticktext": [formula]}
    note = {"text": formula, "x": 1, "y": 2, "showarrow": True}
    trace = {"y": [1, 3, 2], "name": formula, "showlegend": True}
    layout = {"title": title, "xaxis": axis, "yaxis": axis, "annotations": [note]}
    return {"data": [trace], "layout": layout}


@pytest.mark.parametrize(
    "formula",
    [FORMULA, r"$E = mc^2$", r"$x < y$", r"$\ce{2H2 + O2 -> 2H2O}$", r"$\frac{1$", r"$\nope$"],
)
async def test_a_formula_looks_as_plotly_draws_it_wherever_it_stands(renderer, formula):
    figure = everywhere(formula)
    ours = await draw(renderer, figure)
    assert_same(ours, await drawn_by_plotly(renderer, figure))
    plain = await draw(renderer, {**figure, "config": {"typesetMath": False}})
    assert (pixels(ours) != pixels(plain)).any()


async def test_without_typesetting_dollar_signs_are_dollar_signs(renderer):
    money = titled("from $5 to $10")
    typeset = await draw(renderer, money)
    assert_same(typeset, await drawn_by_plotly(renderer, money))
    plain = {**money, "config": {"typesetMath": False}}
    assert_same(await draw(renderer, plain), await drawn_by_plotly(renderer, plain))
    svg = (await draw(renderer, plain, "svg")).decode()
    assert ">from $5 to $10</text>" in svg


async def test_an_svg_with_latex_needs_no_fonts_and_nothing_else(renderer):
    svg = await draw(renderer, everywhere(FORMULA), "svg")
    formulas = ET.fromstring(svg).findall(f".//{SVG}svg")
    assert len(formulas) == 7
    for formula in formulas:
        assert formula.find(f".//{SVG}path") is not None
        assert formula.find(f".//{SVG}text") is None
    assert set(re.findall(r'href="(.)', svg.decode())) == {"#"}


async def test_a_pdf_with_latex_has_it_as_vectors(renderer):
    (page,) = PdfReader(io.BytesIO(await draw(renderer, titled(FORMULA), "pdf"))).pages
    assert "frac" not in page.extract_text()
    assert not list(page.images)
    plain = PdfReader(io.BytesIO(await draw(renderer, SCATTER, "pdf"))).pages[0]
    # the formula's letters are curves
    assert page.get_contents().get_data().count(b" c\n") > 300
    assert plain.get_contents().get_data().count(b" c\n") < 100


@pytest.mark.parametrize(
    "formula",
    [
        r"\begin{aligned} a &= b \\ c &= d \end{aligned} \iint \mathbb{R}",  # ams
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\begin{CD} A @>a>> B \end{CD}",
        r"\bbox[yellow, 2px, border: 1px solid red]{x}",
        r"\boldsymbol{\alpha}",
        r"\braket{\phi | \psi}",
        r"\cancel{x} \bcancel{y}",
        r"\centernot\rightarrow",
        r"\color{red}{x} \textcolor{blue}{y} \definecolor{own}{RGB}{1,2,3} \color{own} z",
        r"\enclose{circle}{x}",
        r"\Newextarrow{\toto}{5,5}{0x21C9} \toto{x}",
        r"20\,\celsius \ohm",  # gensymb
        r"\coloneqq \begin{dcases} 1 \\ 2 \end{dcases}",  # mathtools
        r"\ce{H2O} \ce{SO4^2-} \pu{123 kJ/mol}",
        r"\newcommand{\mean}[1]{\overline{#1}} \def\half{\tfrac12} \mean{x} \half",
        r"\unicode{x263A}",
        r"\upalpha",
        r"\verb|x_1|",
        r"\require{physics} \dv{f}{x} \abs{x} \ket{\psi}",
        r"\require{ams} \require{mhchem} 6 \div 3",
        r"\href{https://example.org}{x} \class{c}{y} \style{color: red}{z}",
        r"\text{größer als } 5\,\mathrm{m\,s^{-1}} \mathcal{L} \mathfrak{g} \mathscr{F} \mathsf{T}",
    ],
)
async def test_the_packages_that_people_use_are_there(renderer, formula):
    assert await warnings(renderer, titled(f"${formula}$")) == ()


@pytest.mark.parametrize(
    ("formula", "complaint"),
    [
        (r"\left( x", r"The LaTeX \left( x is not right: Extra \left or missing \right."),
        (r"\nope x", r"The LaTeX \nope x is not right: \nope is not defined."),
        (
            r"\require{tikz}",
            'The LaTeX \\require{tikz} is not right: There is no package "tikz" here.',
        ),
        (r"x^2^3", r"The LaTeX x^2^3 is not right: Double exponent: use braces to clarify."),
    ],
)
async def test_what_is_wrong_in_latex_is_told(renderer, formula, complaint):
    assert await warnings(renderer, titled(f"${formula}$")) == (complaint,)


async def test_what_is_told_of_latex_is_nothing_that_a_terminal_obeys(renderer):
    (told,) = await warnings(renderer, titled("$\\nope \x1b[31m\u202e x$"))
    assert told.isprintable()
    assert r"\u001b[31m" in told


async def test_many_mistakes_are_told_in_few_sentences(renderer):
    labels = {"tickvals": list(range(9)), "ticktext": [rf"$\nope_{i}$" for i in range(9)]}
    figure = {"data": [{"y": list(range(9))}], "layout": {"xaxis": labels}}
    told = await warnings(renderer, figure)
    assert len(told) == 4
    assert told[-1] == "Mistakes in the figure's LaTeX beyond these: 6."


async def test_a_label_is_no_mistake_where_plotly_has_a_formula_typeset_twice(renderer):
    formula = r"$x \tag{1} \label{b}$"
    note = {"text": formula, "showarrow": False}
    bar = {"type": "heatmap", "z": [[1, 2]], "colorbar": {"title": {"text": formula}}}
    drawn = await warnings(renderer, {"data": [bar], "layout": {"annotations": [note]}})
    assert drawn == ()


@pytest.mark.parametrize("text", ["From $5 to $10", r"$\alpha$ 日", r"$a$ and $b$", r"$a$<br>3 %"])
async def test_text_that_is_lost_beside_latex_is_told(renderer, text):
    note = {"text": text, "showarrow": False}  # typeset twice
    (told,) = await warnings(renderer, {**SCATTER, "layout": {"annotations": [note]}})
    assert told == (
        f'The figure\'s text "{text}" has text beside its LaTeX, of which nothing is drawn; '
        '"typesetMath": false in the figure\'s config leaves dollars alone.'
    )


async def test_many_lost_texts_are_told_in_one_sentence(renderer):
    labels = {"tickvals": [0, 1, 2], "ticktext": [f"{i}: $x_{i}$" for i in range(3)]}
    (told,) = await warnings(renderer, {**SCATTER, "layout": {"xaxis": labels}})
    assert '"0: $x_0$"' in told
    assert "nothing is drawn (and that of others: 2);" in told


@pytest.mark.parametrize("text", ["<b>$x$</b>", " $x$ ", "$$x$$", "costs $5"])
async def test_where_no_text_is_lost_none_is_told(renderer, text):
    assert await warnings(renderer, titled(text)) == ()
    plain = titled("From $5 to $10") | {"config": {"typesetMath": False}}
    assert await warnings(renderer, plain) == ()


async def test_definitions_hold_for_a_figure_and_are_unknown_to_the_next(renderer):
    reader = titled(r"$\secret \color{secret} x$")
    writer = {
        "data": [{"y": [1, 2], "name": r"$\def\secret{1234}\definecolor{secret}{RGB}{9,9,9}x$"}],
        "layout": {"title": {"text": r"$\secret$"}, "showlegend": True},
    }
    await warnings(renderer, writer)
    assert await warnings(renderer, reader) == (
        r"The LaTeX \secret \color{secret} x is not right: \secret is not defined.",
    )
    spoilt = titled(r"$\let\frac\nope \def\sqrt{x} \require{physics}x$")
    before = await draw(renderer, titled(FORMULA + r"$6 \div 3$"))
    await draw(renderer, spoilt)
    assert_same(await draw(renderer, titled(FORMULA + r"$6 \div 3$")), before)


@pytest.mark.parametrize(
    "formula",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\mmlToken{mi}[href='javascript:alert(1)']{x}",
        r"\style{fill: url(http://127.0.0.1:9/a)}{x}",
        r"\mmlToken{mi}[style='mask: url(http://127.0.0.1:9/a)']{x}",
        r"\bbox[fill: url(http://127.0.0.1:9/a)]{x}",
        r"\bbox[fill: \75rl(http://127.0.0.1:9/a)]{x}",
        r"\color{url(http://127.0.0.1:9/a)}{x}",
        r"\unicode{x263A}[url(http://127.0.0.1:9/a)]{x}",
        r"\def\x{\x\x}\x",
    ],
)
async def test_a_formula_refers_to_nothing_outside_of_the_image(renderer, formula):
    drawn = (await draw(renderer, titled(f"${formula}$"), "svg")).decode()
    svg = re.sub('data-unformatted="[^"]*"', "", drawn)  # plotly.js notes the text there
    assert "javascript" not in svg
    assert "127.0.0.1" not in svg


async def test_mathjax_is_loaded_with_the_first_formula():
    async with started(browsers=1) as fresh:
        await draw(fresh, titled("costs $5"))
        (page,) = pages(fresh)
        assert await evaluate(page, "typeof MathJax") == "undefined"
        await draw(fresh, titled(FORMULA))
        assert await evaluate(page, "MathJax.version") == "3.2.2"


async def test_nothing_stays_in_the_page_of_what_was_typeset(renderer):
    (page,) = pages(renderer)
    await draw(renderer, everywhere(FORMULA))
    before = await evaluate(page, 'document.querySelectorAll("*").length')
    for _ in range(3):
        await draw(renderer, everywhere(FORMULA))
    assert await evaluate(page, 'document.querySelectorAll("*").length') == before


async def test_an_escaped_dollar_sign_is_one_as_well(renderer):
    body = json.dumps(titled(FORMULA)).replace("$", "\\u0024").encode()
    assert_same(await draw(renderer, body), await draw(renderer, titled(FORMULA)))
