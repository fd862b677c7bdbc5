"""Loading and unloading the extension and the accessor, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

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
    slow = {"pandas", "numpy", "plotly", "requests", "ipywidgets", "anywidget", "sqlalchemy"}
    load = "ip.run_line_magic('load_ext', 'plotly_nbext')"
    code = f"{load}; print(sorted({slow} & set(sys.modules)))"
    assert run(SHELL + code) == ["[]"]


def test_frames_have_the_accessor_whether_pandas_comes_before_or_after():
    load = "ip.run_line_magic('load_ext', 'plotly_nbext')"
    use = "import pandas; print(pandas.DataFrame().plotly_grid.push.__name__)"
    assert run(SHELL + load + "\n" + use) == ["push"]
    assert run(SHELL + "import pandas\n" + load + "\n" + use) == ["push"]


def test_looking_whether_pandas_is_installed_does_not_lose_the_accessor():
    code = """
from importlib.util import find_spec
ip.run_line_magic('load_ext', 'plotly_nbext')
assert find_spec("pandas") is not None
import pandas
print(hasattr(pandas.DataFrame, "plotly_grid"))
print(type(pandas.__loader__).__module__, type(pandas.__spec__.loader).__module__)
"""
    assert run(SHELL + code) == ["True", "_frozen_importlib_external _frozen_importlib_external"]


def test_reloading_leaves_nothing_double_and_unloading_nothing_at_all():
    code = """
import pandas

def ours():
    return sorted(
        [type(part).__name__ for part in ip.configurables if "plotly" in type(part).__module__]
        + [name for name in ip.magics_manager.registry if name in ("GridMagics", "RenderMagics")]
        + [f"%{name}" for name in ip.magics_manager.magics["line"] if "plotly" in name]
        + [f"%%{name}" for name in ip.magics_manager.magics["cell"] if "plotly" in name]
        + [str(key) for key in ip.display_formatter.mimebundle_formatter.deferred_printers]
        + ["accessor"] * hasattr(pandas.DataFrame, "plotly_grid")
        + [type(finder).__name__ for finder in sys.meta_path if "plotly" in type(finder).__module__]
    )

before = ours()
ip.run_line_magic("load_ext", "plotly_nbext")
once = ours()
ip.run_line_magic("reload_ext", "plotly_nbext")
print(ours() == once, len(once), len(set(once)))
ip.run_line_magic("unload_ext", "plotly_nbext")
print(ours() == before == [])
"""
    assert run(SHELL + code) == ["True 9 7", "True"]


def test_unloading_before_pandas_is_imported_takes_the_accessor_back_too():
    code = """
ip.run_line_magic("load_ext", "plotly_nbext")
ip.run_line_magic("unload_ext", "plotly_nbext")
import pandas
print(hasattr(pandas.DataFrame, "plotly_grid"))
"""
    assert run(SHELL + code) == ["False"]


def test_the_accessor_needs_no_ipython():
    code = """
import sys
from plotly_nbext.notebook import accessor
accessor.install()
accessor.install()
import pandas
print(pandas.DataFrame.plotly_grid.__name__, "IPython" in sys.modules)
"""
    assert run(code) == ["PlotlyGridAccessor False"]
