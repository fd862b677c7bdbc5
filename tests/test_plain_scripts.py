"""Scripts: what works where neither IPython nor widgets are installed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

NOTEBOOK_PACKAGES = ("IPython", "ipykernel", "ipywidgets", "anywidget", "traitlets", "comm")

WITHOUT = f"""
import sys

class NotInstalled:
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {NOTEBOOK_PACKAGES!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotInstalled())
"""


@pytest.fixture
def run(server, tmp_path):
    def run(script: str, *, fails: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a script as a user of the server, in a folder of its own."""
        env = {name: value for name, value in os.environ.items() if "PLOTLY" not in name.upper()}
        env |= {
            "PLOTLY_API_DOMAIN": server.url,
            "PLOTLY_USERNAME": server.username,
            "PLOTLY_API_KEY": server.api_key,
            "PLOTLY_NBEXT_HOME": str(tmp_path / "home"),
        }
        command = [sys.executable, "-W", "error:::plotly_nbext", "-c", WITHOUT + script]
        ran = subprocess.run(
            command, check=False, capture_output=True, text=True, env=env, cwd=tmp_path
        )
        assert (ran.returncode != 0) is fails, ran.stderr
        return ran

    return run


def test_a_script_pushes_pulls_and_compares_frames(run):
    script = """
import pandas as pd
import plotly_nbext

sales = pd.DataFrame({"day": ["mon", "tue"], "total": [5, 6]})
grid = sales.plotly_grid.push("scripts/sales")
assert plotly_nbext.pull("scripts/sales").equals(sales)
print(grid, sales.assign(total=7).plotly_grid.diff("scripts/sales"), sep="\\n")
"""
    assert run(script).stdout.splitlines() == [
        "Grid('scripts/sales', 2 rows × 2 columns)",
        "Difference('scripts/sales')",
        "  ~ column 'total': 2 values",
        "  ~ 2 rows",
    ]


def test_a_script_draws_figures_to_files(run, tmp_path):
    script = """
import plotly.express as px
import plotly_nbext

fig = px.bar(x=["mon", "tue"], y=[5, 6])
plotly_nbext.write_image(fig, "bars.pdf", width=300)
plotly_nbext.write_images([fig, fig], ["one.png", "two.svg"])
print(plotly_nbext.render(fig, "svg"))
"""
    run(script)
    starts = {"bars.pdf": b"%PDF", "one.png": b"\x89PNG", "two.svg": b"<svg"}
    for name, start in starts.items():
        assert (tmp_path / name).read_bytes().startswith(start)


def test_an_error_in_a_script_has_a_traceback_and_says_what_to_do(run):
    ran = run('import plotly_nbext\nplotly_nbext.pull("scripts/nothing")\n', fails=True)
    assert "Traceback (most recent call last)" in ran.stderr
    assert "plotly_nbext.errors.NotFoundError: There is no grid 'scripts/nothing'." in ran.stderr
