"""LaTeX looks as plotly.js shows it with MathJax as its makers ship it, tex-svg.js.

They differ where ours is meant to: of a link nothing but its text is drawn, < and > are themselves
in chemistry and in text, where plotly.js makes macros of them, a label may come twice, as plotly.js
has some formulas typeset twice, and what is wrong is said in red, where theirs is a black box.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from tests.server.rendering.gallery.compare import SIZE, Stock, assert_same
from tests.server.rendering.gallery.figures import figure
from tests.server.rendering.support import draw, pages, started

from .environments import FOLDER, MATHJAX

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.rendering import Renderer

pytestmark = [pytest.mark.peers, pytest.mark.asyncio(loop_scope="module")]

# of tex-svg.js of npm's mathjax 3.2.2
SHA256 = "d4295dc33744836935c1399feece5159577b34c5c8ffb9f1c6324cd82e03a882"

LOADED = """new Promise((done, failed) => {
    window.MathJax = CONFIG;
    const script = document.createElement("script");
    script.src = "/mathjax/tex-svg.js";
    script.onload = () => MathJax.startup.promise.then(() => done(null), failed);
    script.onerror = failed;
    document.head.append(script);
})"""

# on in ours; theirs has to be told
MORE = ["cases", "centernot", "colortbl", "empheq", "gensymb", "mathtools", "upgreek"]

FORMULAS = [
    "E = mc^2",
    r"x < y > z \le w",
    r"50\,\% \$ \# \&",
    r"\alpha\beta\gamma \Gamma\Omega \varepsilon \infty \partial \nabla \hbar",
    # fractions, roots, sums
    r"\frac{\sum_{i=1}^n x_i}{\sqrt{2\pi}}",
    r"\sqrt[3]{x} + \tfrac12 + \dfrac{a}{b} + {a \over b} + \binom{n}{k}",
    r"\int_0^\infty e^{-x^2}\,dx \quad \lim_{n\to\infty} \quad \prod_{i}^{n} \quad \oint \iint",
    r"\displaystyle\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}",
    r"\mathbf{x}\cdot\vec{v} \hat{n} \dot{q} \overline{ab} \widetilde{xyz} \not=",
    r"\left( \frac{a}{b} \right] \left\| \vec{x} \right\| \bigl\langle \Big\}",
    r"\overbrace{a+b}^{n} \underbrace{x}_{y} \stackrel{a}{b} \xrightarrow[below]{above}",
    r"\operatorname{sinc} x \mathop{\rm sin} \arcsin \max_x",
    # matrices and alignments
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \begin{vmatrix} a & b \\ c & d \end{vmatrix}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\begin{align} a &= b \\ c &= d \end{align}",
    r"\begin{array}{|c|r|} \hline a & b \\ \hline c & ddd \\ \hline \end{array}",
    r"\begin{cases} 1 & x > 0 \\ 2 & \text{otherwise} \end{cases}",
    r"a \\ b",
    # text and alphabets
    r"\text{größer als } 5\,\mathrm{m\,s^{-1}}",
    r"\text{日本} \mathrm{日本}",
    r"\textbf{bold \textit{x}} \textsf{sans} \texttt{tt} \mbox{box}",
    r"\mathcal{L} \mathfrak{g} \mathscr{F} \mathsf{T} \mathtt{t} \mathbb{R} \bf x \it y \rm z",
    r"\Large x \small y \tiny z \Huge w",
    # colours and boxes
    r"\color{red} x + y",
    r"\color{red}{x} \textcolor{blue}{y} \definecolor{own}{RGB}{1,2,3} \color{own} z",
    r"\textcolor[RGB]{1,200,3}{y} \textcolor{ForestGreen}{y} \textcolor{#123456}{z}",
    r"\colorbox{yellow}{y} \fcolorbox{red}{yellow}{y} \boxed{x} \fbox{x} \rule{1em}{2em}",
    r"\bbox[yellow, 2px, border: 1px solid red]{x} \phantom{x} y",
    r"\enclose{circle}{x} \cancel{x} \bcancel{y}",
    # macros
    r"\newcommand{\mean}[1]{\overline{#1}} \def\half{\tfrac12} \mean{x} \half",
    r"\nope x",
    # packages that MathJax loads when they are used
    r"\ce{H2O} \ce{SO4^2-} \pu{123 kJ/mol} \ce{^{227}_{90}Th+}",
    r"\boldsymbol{\alpha} \braket{\phi | \psi} \unicode{x263A} \verb|x_1|",
    r"\Newextarrow{\toto}{5,5}{0x21C9} \toto{x}",
    r"\begin{prooftree} \AxiomC{A} \UnaryInfC{B} \end{prooftree}",
    r"\require{physics} \dv{f}{x} \abs{x} \ket{\psi}",
    r"\require{ams} \require{mhchem} 6 \div 3",
    r"\style{color: red}{z} \class{c}{y} \cssId{d}{x}",
    r"x \tag{1}",
]

OF_MORE_PACKAGES = [
    r"\begin{numcases}{x} a & b \end{numcases}",
    r"\centernot\rightarrow",
    r"\begin{array}{c} \cellcolor{red} x \end{array}",
    r"\begin{empheq}[left={x=\empheqlbrace}]{align} a \end{empheq}",
    r"20\,\celsius \ohm \degree",
    r"\coloneqq \begin{dcases} 1 \\ 2 \end{dcases}",
    r"\upalpha",
]

MEANT = [
    (r"\ce{2H2 + O2 -> 2H2O}", r"\ce{2H2 + O2 → 2H2O}"),
    (r"\ce{A <=> B}", r"\ce{A ⇌ B}"),
    (r"\text{a<b>c}", r"\text{a}\unicode{x3C}\text{b}\unicode{x3E}\text{c}"),
    (r"\href{https://example.org}{x}", "x"),
    (r"\eqref{a}", r"\text{(???)}"),
    (r"x \tag{a} \label{a}", r"x \tag{a}"),
]


def files() -> dict[str, bytes]:
    """The files of MathJax, by their addresses."""
    folders = list((FOLDER / MATHJAX).glob("lib/*/site-packages/*/static/mathjax"))
    if len(folders) != 1:
        pytest.fail("There is no MathJax: run tests/peers/install.py first.")
    scripts = folders[0].rglob("*.js")
    return {f"/mathjax/{file.relative_to(folders[0])}": file.read_bytes() for file in scripts}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer() -> AsyncIterator[Renderer]:
    """The renderer whose pictures are looked at."""
    async with started(browsers=1) as shared:
        yield shared


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def other() -> AsyncIterator[Renderer]:
    """A renderer whose browser has pages with MathJax."""
    served = files()
    assert hashlib.sha256(served["/mathjax/tex-svg.js"]).hexdigest() == SHA256
    async with started(browsers=1) as keeper:
        await keeper.warm()
        keeper._assets._scripts.update(served)
        yield keeper


async def opened(keeper: Renderer, **config: Any) -> Stock:
    """A page with plotly.js, and MathJax configured so."""
    (page,) = pages(keeper)
    config["startup"] = {"typeset": False}
    script = LOADED.replace("CONFIG", json.dumps(config))
    return await Stock.open(page, keeper._assets.port, script)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stock(other: Renderer) -> Stock:
    """Stock plotly.js with MathJax as it comes."""
    return await opened(other)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stock_with_more(other: Renderer) -> Stock:
    """Stock plotly.js with MathJax that has loaded more packages."""
    loader = {"load": [f"[tex]/{name}" for name in MORE]}
    return await opened(other, loader=loader, tex={"packages": {"[+]": MORE}})


def everywhere(formula: str) -> dict[str, Any]:
    """A figure with a formula wherever one may stand, in several sizes and colours."""
    text = f"${formula}$"
    axis = {"title": {"text": text}, "tickvals": [1], "ticktext": [text]}
    notes = [
        {"text": text, "x": 1, "y": 2, "font": {"color": "teal", "size": 20}},
        {"text": text, "x": 0, "y": 1, "textangle": -30, "bgcolor": "gold", "bordercolor": "red"},
    ]
    trace = {"y": [1, 3, 2], "name": text, "showlegend": True}
    title = {"text": text, "font": {"color": "rgb(90, 20, 160)"}, "x": 0.1}
    layout = {"title": title, "xaxis": axis, "yaxis": axis, "annotations": notes}
    return {"data": [trace], "layout": layout}


@pytest.mark.parametrize("formula", FORMULAS)
async def test_a_formula_looks_as_mathjax_has_it(renderer, stock, formula):
    shown = everywhere(formula)
    assert_same(await draw(renderer, shown, **SIZE), await stock.image(shown))


@pytest.mark.parametrize("formula", OF_MORE_PACKAGES)
async def test_what_is_on_here_looks_as_where_it_is_loaded(renderer, stock_with_more, formula):
    shown = everywhere(formula)
    assert_same(await draw(renderer, shown, **SIZE), await stock_with_more.image(shown))


@pytest.mark.parametrize(("formula", "same"), MEANT)
async def test_where_a_formula_looks_otherwise_it_is_as_meant(renderer, stock, formula, same):
    ours = await draw(renderer, everywhere(formula), **SIZE)
    assert_same(ours, await stock.image(everywhere(same)))
    with pytest.raises(AssertionError, match="pixels differ"):
        assert_same(ours, await stock.image(everywhere(formula)))


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("scale", [0.7, 1, 2.5])
async def test_formulas_of_a_figure_look_so_in_any_size(renderer, stock, format, scale):
    shown, size = figure("LaTeX"), SIZE | {"scale": scale}
    ours = await draw(renderer, shown, format, **size)
    assert_same(ours, await stock.image(shown, format, **size))


async def test_definitions_hold_for_the_figure_there_too(renderer, stock):
    first = {"y": [1, 2, 3], "name": r"$\def\foo{abc}x$", "showlegend": True}
    shown = {"data": [first], "layout": {"xaxis": {"title": {"text": r"$\foo y$"}}}}
    assert_same(await draw(renderer, shown, **SIZE), await stock.image(shown))
