"""Loading and unloading the extension and the accessor, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

SHELL = """
import sys
from IPython.core.interactiveshell import InteractiveShell
ip = InteractiveShell.instance()
"""


def run(code: str) -> list[str]:
    """Run Python with every warning as an error and return the lines that it prints."""
    command = [sys.executable, "-W", "error::UserWarning", "-c", code]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split("\n")[:-1]


def test_loading_imports_nothing_that_is_slow():
    slow = {"pandas", "polars", "pyarrow", "numpy", "plotly", "requests", "ipywidgets"}
    slow |= {"anywidget", "sqlalchemy"}
    load = "ip.run_line_magic('load_ext', 'plotly_nbext')"
    code = f"{load}; print(sorted({slow} & set(sys.modules)))"
    assert run(SHELL + code) == ["[]"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_have_the_accessor_whether_their_library_comes_before_or_after(library):
    load = "ip.run_line_magic('load_ext', 'plotly_nbext')"
    use = f"import {library} as lib; frame = lib.DataFrame({{'x': [1]}})\n"
    use += "print(frame.plotly_grid.push.__name__, frame.plotly_grid.diff.__name__)"
    assert run(SHELL + load + "\n" + use) == ["push diff"]
    assert run(SHELL + f"import {library}\n" + load + "\n" + use) == ["push diff"]


def test_plotly_has_the_renderer_whether_it_comes_before_or_after():
    load = "ip.run_line_magic('load_ext', 'plotly_nbext')"
    use = "import plotly.io as pio; print('chart_studio' in pio.renderers)"
    assert run(SHELL + load + "\n" + use) == ["True"]
    assert run(SHELL + "import plotly.io; plotly.io.renderers\n" + load + "\n" + use) == ["True"]
    assert run("import plotly_nbext; " + use) == ["True"]


def test_figures_are_made_without_the_renderers_which_are_slow_to_import():
    code = """
ip.run_line_magic("load_ext", "plotly_nbext")
import plotly.graph_objects as go
go.Figure(go.Scatter(y=[1])).to_dict()
print("plotly.io._renderers" in sys.modules, "plotly_nbext.notebook.renderer" in sys.modules)
"""
    assert run(SHELL + code) == ["False False"]


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("pandas", "hasattr(module.DataFrame, 'plotly_grid')"),
        ("polars", "hasattr(module.DataFrame, 'plotly_grid')"),
        ("plotly.io._renderers", "'chart_studio' in module.renderers"),
    ],
)
def test_looking_whether_a_library_is_installed_does_not_lose_what_it_gets(name, is_there):
    code = f"""
from importlib import import_module
from importlib.util import find_spec
ip.run_line_magic("load_ext", "plotly_nbext")
assert find_spec({name!r}) is not None
module = import_module({name!r})
print({is_there})
print(type(module.__loader__).__module__, type(module.__spec__.loader).__module__)
"""
    assert run(SHELL + code) == ["True", "_frozen_importlib_external _frozen_importlib_external"]


def test_reloading_leaves_nothing_double_and_unloading_nothing_at_all():
    code = """
import pandas
import polars

def is_ours(function):
    return function.__module__.startswith("plotly_nbext")

def heard():
    return [each for calls in ip.events.callbacks.values() for each in calls]

def ours():
    return sorted(
        [type(part).__name__ for part in ip.configurables if "plotly" in type(part).__module__]
        + [name for name in ip.magics_manager.registry if name in ("PlotlyGrid", "PlotlyRender")]
        + [f"%{name}" for name in ip.magics_manager.magics["line"] if "plotly" in name]
        + [f"%%{name}" for name in ip.magics_manager.magics["cell"] if "plotly" in name]
        + [str(key) for key in ip.display_formatter.ipython_display_formatter.deferred_printers]
        + [each.__qualname__ for each in heard() if is_ours(each)]
        + [each.__name__ for each in ip.Completer.custom_matchers if is_ours(each)]
        + [lib.__name__ for lib in (pandas, polars) if hasattr(lib.DataFrame, "plotly_grid")]
        + [name for name in polars.DataFrame._accessors if "plotly" in name]
        + [type(finder).__name__ for finder in sys.meta_path if "plotly" in type(finder).__module__]
    )

before = ours()
ip.run_line_magic("load_ext", "plotly_nbext")
once = ours()
ip.run_line_magic("reload_ext", "plotly_nbext")
print(ours() == once, len(once) - len(set(once)))
ip.run_line_magic("unload_ext", "plotly_nbext")
print(ours() == before == [])
from plotly_nbext.notebook.magics import PlotlyGrid, PlotlyRender
print(hasattr(PlotlyRender.plotly_render, "getdoc"), hasattr(PlotlyGrid.plotly_grid, "getdoc"))
"""
    assert run(SHELL + code) == ["True 3", "True", "False False"]


def test_unloading_before_libraries_are_imported_takes_what_they_get_back_too():
    code = """
ip.run_line_magic("load_ext", "plotly_nbext")
ip.run_line_magic("unload_ext", "plotly_nbext")
import pandas
import polars
import plotly.io as pio
print(*(hasattr(lib.DataFrame, "plotly_grid") for lib in (pandas, polars)))
print("chart_studio" in pio.renderers)
"""
    assert run(SHELL + code) == ["False False", "False"]


def test_a_library_that_can_t_be_imported_says_so_itself():
    code = """
import plotly_nbext
from plotly_nbext.notebook.on_import import when_imported
when_imported("no_such_library", print)
try:
    import no_such_library
except ModuleNotFoundError as error:
    print(error)
"""
    assert run(code) == ["No module named 'no_such_library'"]


def test_a_grid_that_a_function_gives_is_a_table_where_plotly_nbext_was_only_imported(fresh_kernel):
    ran = fresh_kernel.run(
        "import pandas as pd, plotly_nbext\n"
        "def pushed():\n"
        "    return plotly_nbext.push(pd.DataFrame({'x': [1, 2]}), 'sales')\n"
        "pushed()"
    )
    assert "application/vnd.jupyter.widget-view+json" in ran.widget
    assert "<table" in ran.widget["text/html"]
    assert not ran.of("execute_result")
    fresh_kernel.run("%load_ext plotly_nbext")
    fresh_kernel.run("%unload_ext plotly_nbext")
    assert fresh_kernel.run("pushed()").result["text/plain"].startswith("Grid(")


GRIDS = "plotly_nbext.client.grid.Grid"


@pytest.mark.parametrize(
    ("has_kernel", "cell", "is_table"),
    [
        (True, "import plotly_nbext", True),
        (True, "from plotly_nbext.client import Client", True),
        (True, "%load_ext plotly_nbext", True),
        (True, "import plotly_nbext\n%load_ext plotly_nbext\n%unload_ext plotly_nbext", False),
        (False, "import plotly_nbext", False),
        (False, "%load_ext plotly_nbext", True),
    ],
)
def test_a_grid_is_a_table_in_every_kernel_and_elsewhere_when_that_was_asked_for(
    has_kernel, cell, is_table
):
    code = f"""
if {has_kernel}:
    ip.kernel = object()
ip.run_cell({cell!r}).raise_error()
displays = ip.display_formatter.ipython_display_formatter
print({GRIDS!r} in displays)
print(sorted({{"pandas", "anywidget", "numpy", "requests"}} & set(sys.modules)))
"""
    if cell.startswith("from"):
        assert run(SHELL + code)[0] == str(is_table)
    else:
        assert run(SHELL + code) == [str(is_table), "[]"]


def test_the_accessor_needs_no_ipython():
    code = """
import sys
import plotly_nbext
import pandas
print(pandas.DataFrame.plotly_grid.__name__, "IPython" in sys.modules)
"""
    assert run(code) == ["PlotlyGridAccessor False"]
