"""The examples of the docstrings do what they say."""

from __future__ import annotations

import doctest

import pandas as pd
import pytest
from numpydoc.validate import validate

import plotly_nbext
from plotly_nbext import api, moving

COMPLETE = {"GL08", "PR01", "PR02", "PR03", "PR07", "RT01", "SS01"}


@pytest.mark.parametrize("name", ["export_to", "import_from"])
def test_the_examples_run(name, client, tmp_path, monkeypatch):
    client.push(pd.DataFrame({"day": ["mon", "tue"], "total": [5, 6]}), "sales/2026")
    monkeypatch.setattr(api, "_current", client)
    monkeypatch.chdir(tmp_path)
    function = getattr(moving, name)
    runner = doctest.DocTestRunner()
    (example,) = doctest.DocTestFinder().find(function, name, globs={"plotly_nbext": plotly_nbext})
    assert runner.run(example).failed == 0
    assert runner.tries > 0


@pytest.mark.parametrize("name", [*moving.__all__])
def test_the_docstring_is_complete(name):
    found = validate(
        f"plotly_nbext.moving.{getattr(moving, name).__module__.rpartition('.')[2]}.{name}"
    )
    assert not [(code, text) for code, text in found["errors"] if code in COMPLETE - {"PR01"}]


def test_options_are_read_without_anything_heavy():
    import subprocess
    import sys

    code = (
        "import sys, plotly_nbext.moving.command;"
        "print([name for name in ('pandas', 'pyarrow', 'requests', 'tqdm') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
