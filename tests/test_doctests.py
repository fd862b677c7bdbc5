"""The docstrings of what is public: complete, and with examples that do what they say.

The examples have what a reader of them has: pandas and plotly, a client of a server of their own,
the frame ``sales``, which is also the grid ``sales/2026``, a figure ``fig``, and a new folder.
"""

from __future__ import annotations

import doctest
import inspect
import secrets
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.express as px
import pytest
from numpydoc.validate import validate

import plotly_nbext
from plotly_nbext import api

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "plotly_nbext"
SELDOM = {"load_ipython_extension", "unload_ipython_extension"}  # IPython calls them

# by numpydoc's names: no docstring; a parameter, or what it means, that is missing; one too many,
# or in another order; no return value; no summary
COMPLETE = {"GL08", "PR01", "PR02", "PR03", "PR07", "RT01", "SS01"}

# how the package's own modules and widgets make and mend what users hold
INNER = {"create", "found", "of_new", "set_state", "take", "update_to"}


def _public() -> Iterator[tuple[str, Any]]:
    """Name each public function and class, and the methods and properties of classes."""
    for name in plotly_nbext.__all__:
        if name == "__version__":
            continue
        thing = getattr(plotly_nbext, name)
        yield name, thing
        if inspect.isclass(thing):
            for member in sorted(set(dir(thing))):
                if not member.startswith("_") and _is_ours(found := _static(thing, member)):
                    yield f"{name}.{member}", found


def _static(thing: type, member: str) -> Any:
    found = inspect.getattr_static(thing, member)
    return getattr(found, "__func__", found)  # of a class method


def _is_ours(member: Any) -> bool:
    function = member.fget if isinstance(member, property) else member
    return inspect.isfunction(function) and function.__module__.startswith(PACKAGE)


PUBLIC = {name: thing for name, thing in _public() if name.rpartition(".")[2] not in INNER}
CALLED = {
    name: thing
    for name, thing in PUBLIC.items()
    if not isinstance(thing, property) and name not in SELDOM
}
# what several classes inherit is one
ONCE = {id(thing): name for name, thing in reversed(PUBLIC.items())}
EXAMPLES = [
    (name, example)
    for name in sorted(ONCE.values())
    for example in doctest.DocTestFinder(recurse=False).find(PUBLIC[name], name)
    if example.examples
]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_the_docstring_tells_what_goes_in_and_what_comes_out(name):
    wanted = COMPLETE - {"PR01"} if _tells_elsewhere(PUBLIC[name]) else COMPLETE
    found = validate(f"{PACKAGE}.{name}")["errors"]
    assert not [(code, text) for code, text in found if code in wanted]


def _tells_elsewhere(thing: Any) -> bool:
    """Whether what a class takes is told by its attributes, or by the class that it is one of."""
    is_class = inspect.isclass(thing)
    return is_class and (is_dataclass(thing) or "__init__" not in vars(thing))


@pytest.mark.parametrize("name", sorted(CALLED))
def test_what_is_called_has_an_example(name):
    doc = inspect.getdoc(CALLED[name]) or ""
    assert ">>> " in doc


@pytest.fixture
def surroundings(server, tmp_path, monkeypatch) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(api, "_current", None)
    username = f"reader-{secrets.token_hex(4)}"
    account = {
        "API_DOMAIN": server.url,
        "USERNAME": username,
        "API_KEY": server.add_user(username),
    }
    for name, value in account.items():
        monkeypatch.setenv(f"PLOTLY_{name}", value)
    client = plotly_nbext.connect()
    sales = pd.DataFrame({"day": ["mon", "tue"], "total": [5, 6]})
    return {
        "plotly_nbext": plotly_nbext,
        "pd": pd,
        "px": px,
        "client": client,
        "sales": sales,
        "grid": client.push(sales, "sales/2026"),
        "fig": px.bar(sales, x="day", y="total"),
    }


@pytest.mark.parametrize("example", [pytest.param(each, id=name) for name, each in EXAMPLES])
def test_the_example_does_what_it_says(example, surroundings):
    example.globs.update(surroundings)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=report.append)
    assert not report, "".join(report)


def test_examples_of_the_package_are_run():
    assert not [name for name, each in EXAMPLES if "+SKIP" in each.docstring]
