"""`df.plotly_grid`, of pandas and polars, as a script and a cell have it."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys

import dask.dataframe as dd
import pandas as pd
import polars as pl
import pytest
from numpydoc.validate import validate

import plotly_nbext
from plotly_nbext import api
from plotly_nbext.client import Client
from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.notebook.accessor import PlotlyGridAccessor

METHODS = ["diff", "pull", "push", "view"]
SALES = {"month": ["Jan", "Feb"], "total": [4, 2]}
INSTALLED = [pd.DataFrame, pd.Series, pl.DataFrame, pl.LazyFrame, pl.Series]
OF_DASK = [dd.DataFrame, dd.Series]


@pytest.fixture(autouse=True)
def session(client, monkeypatch):
    """Let the calls of the session go to the client's server."""
    monkeypatch.setattr(api, "_current", client)


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_a_frame_is_pushed_compared_and_pulled_in_its_own_library(library, client):
    frame = library.DataFrame(SALES)
    grid = frame.plotly_grid.push("sales/2026", metadata={"unit": "kg"})
    assert repr(grid) == "Grid('sales/2026', 2 rows × 2 columns)"
    assert not frame.plotly_grid.diff("sales/2026")
    assert frame.plotly_grid.diff("sales/2026", metadata={}).metadata_changed
    back = frame.plotly_grid.pull("sales/2026")
    assert type(back) is library.DataFrame
    assert back.equals(frame)
    assert frame[:1].plotly_grid.pull(grid).equals(frame)


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_a_series_is_a_frame_of_one_column(library):
    series = library.DataFrame(SALES)["total"]
    grid = series.plotly_grid.push("totals")
    assert list(grid) == ["total"]
    assert grid["total"].data == [4, 2]
    back = series.plotly_grid.pull("totals")
    assert type(back) is library.DataFrame
    assert back["total"].equals(series)
    assert not series.plotly_grid.diff("totals")
    assert ">4</td>" in series.plotly_grid.view()._repr_mimebundle_()[0]["text/html"]


def test_the_index_of_a_series_is_kept():
    series = pd.Series([4, 2], index=pd.Index(["Jan", "Feb"], name="month"), name="total")
    assert list(series.plotly_grid.push("totals")) == ["month", "total"]
    pd.testing.assert_frame_equal(series.plotly_grid.pull("totals"), series.to_frame())


def test_a_frame_of_dask_is_pushed_and_pulled_as_one(client):
    frame = dd.from_pandas(pd.DataFrame(SALES), npartitions=2)
    grid = frame.plotly_grid.push("sales/2026", metadata={"unit": "kg"})
    assert repr(grid) == "Grid('sales/2026', 2 rows × 2 columns)"
    back = frame.plotly_grid.pull("sales/2026", chunksize=1)
    assert type(back) is dd.DataFrame
    pd.testing.assert_frame_equal(back.compute(), frame.compute())
    assert frame["total"].plotly_grid.push("totals")["total"].data == [4, 2]
    assert plotly_nbext.pull(grid, "dask")["total"].sum().compute() == 6
    with pytest.raises(ValidationError, match="never in one place"):
        frame.plotly_grid.diff("sales/2026")
    with pytest.raises(ValidationError, match="of Dask can only be pushed") as told:
        frame.plotly_grid.view()
    assert ".head()" in told.value.hint


@pytest.mark.parametrize("kind", OF_DASK, ids=lambda kind: kind.__name__)
def test_the_frames_of_dask_have_the_accessor_and_its_help(kind):
    assert kind.plotly_grid is PlotlyGridAccessor


@pytest.mark.parametrize("call", METHODS)
def test_a_lazy_frame_says_to_collect_it_first(call, client):
    lazy = pl.LazyFrame(SALES)
    arguments = [] if call == "view" else ["sales"]
    with pytest.raises(ValidationError, match="not LazyFrame") as told:
        getattr(lazy.plotly_grid, call)(*arguments)
    assert told.value.hint == "Call its .collect()."
    assert client.list() == []


def test_a_column_may_be_called_what_a_method_is():
    frame = pd.DataFrame({"collect": [1], "to_frame": [2]})
    frame.plotly_grid.push("odd")
    assert frame.plotly_grid.pull("odd").equals(frame)


def test_a_frame_of_a_subclass_is_one_of_pandas():
    class Table(pd.DataFrame):
        pass

    frame = Table(SALES)
    frame.plotly_grid.push("sales")
    assert type(frame.plotly_grid.pull("sales")) is pd.DataFrame


def test_a_frame_does_not_remember_its_grid():
    frame = pd.DataFrame(SALES)
    frame.plotly_grid.push("sales")
    parts = [frame, frame.head(1), frame.copy(), pd.concat([frame, frame]), frame["total"]]
    assert [part.attrs for part in parts] == [{}] * len(parts)
    with pytest.raises(TypeError, match="name"):
        frame.head(1).plotly_grid.push()
    frame.head(1).plotly_grid.push("first")
    assert len(plotly_nbext.grid("sales")) == 2


def test_a_dry_run_tells_what_would_change_and_changes_nothing(client):
    frame = pd.DataFrame(SALES)
    told = frame.plotly_grid.push("sales", dry_run=True)
    assert isinstance(told, plotly_nbext.Difference)
    assert client.list() == []
    frame.plotly_grid.push("sales")
    later = pd.DataFrame({"month": ["Feb", "Mar"], "total": [3, 5]})
    upsert = {"mode": "upsert", "key": "month"}
    assert later.plotly_grid.push("sales", dry_run=True, **upsert) == later.plotly_grid.diff(
        "sales", **upsert
    )
    assert frame.plotly_grid.pull("sales").equals(frame)


def test_there_is_no_grid_to_pull():
    with pytest.raises(NotFoundError, match="There is no grid 'none'"):
        pd.DataFrame(SALES).plotly_grid.pull("none")


def test_push_takes_what_the_client_takes():
    own = inspect.signature(PlotlyGridAccessor.push).parameters
    ours = {name: (each.kind, each.default) for name, each in own.items() if name != "self"}
    for push in (Client.push, plotly_nbext.push):
        rest = inspect.signature(push).parameters
        theirs = {name: (each.kind, each.default) for name, each in rest.items()}
        assert ours == {
            name: each for name, each in theirs.items() if name not in {"self", "frame"}
        }
    compared = inspect.signature(PlotlyGridAccessor.diff).parameters
    for name in compared:
        assert compared[name].default == own[name].default
    pulled = inspect.signature(PlotlyGridAccessor.pull).parameters
    given = set(inspect.signature(Client.pull).parameters) - {"as_"}
    assert set(pulled) == given


@pytest.mark.parametrize("kind", INSTALLED, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_kind_of_frame_has_the_accessor_and_its_help(kind):
    assert kind.plotly_grid is PlotlyGridAccessor
    assert "plotly_grid" in dir(kind({"a": [1]}) if "Frame" in kind.__name__ else kind([1]))


@pytest.mark.parametrize("name", METHODS)
def test_the_help_is_complete_and_its_examples_do_what_they_say(name):
    method = getattr(PlotlyGridAccessor, name)
    path = f"{PlotlyGridAccessor.__module__}.{PlotlyGridAccessor.__name__}.{name}"
    wanted = {"GL08", "PR01", "PR02", "PR03", "PR07", "RT01", "SS01", "EX01"}
    assert not [error for error in validate(path)["errors"] if error[0] in wanted]
    (examples,) = doctest.DocTestFinder(recurse=False).find(method, name)
    assert examples.examples
    assert "+SKIP" not in examples.docstring
    examples.globs.update(pd=pd)
    report: list[str] = []
    doctest.DocTestRunner().run(examples, out=report.append)
    assert not report, "".join(report)


def test_a_second_import_a_reload_and_an_unload_warn_of_nothing():
    code = """
import importlib, sys, warnings
warnings.simplefilter("error")
import dask.dataframe, pandas, polars
import plotly_nbext
kinds = [pandas.DataFrame, pandas.Series, polars.DataFrame, polars.LazyFrame, polars.Series]
kinds += [dask.dataframe.DataFrame, dask.dataframe.Series]
from plotly_nbext.notebook import accessor, additions, frames
additions.install()
importlib.reload(accessor)
importlib.reload(frames)
importlib.reload(additions).install()
importlib.reload(plotly_nbext)
print({hasattr(kind, "plotly_grid") for kind in kinds})
additions.remove()
additions.remove()
print({hasattr(kind, "plotly_grid") for kind in kinds})
print([name for kind in kinds for name in kind._accessors if "plotly" in name])
additions.install()
print({kind.plotly_grid for kind in kinds} == {accessor.PlotlyGridAccessor})
print("IPython" in sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ran.stdout.split("\n")[:-1], ran.stderr) == (
        ["{True}", "{False}", "[]", "True", "False"],
        "",
    )


def test_the_help_of_a_cell_is_the_docstring(kernel):
    kernel.run("import pandas as pd\nframe = pd.DataFrame({'a': [1]})")
    for name in METHODS:
        kernel.run(f"help = get_ipython().inspector.info(frame.plotly_grid.{name})['docstring']")
        assert (
            kernel.value("help.strip().splitlines()[0]")
            == (inspect.getdoc(getattr(PlotlyGridAccessor, name)) or "").partition("\n")[0]
        )
