"""What TAB knows, and when: nothing is asked while one types, and no service is started for it."""

from __future__ import annotations

import contextlib
import socket

import pandas as pd
import pytest

from plotly_nbext.service import find

from ..other_servers import KEY
from .conftest import started

JOIN = (
    "import threading\n"
    "for thread in threading.enumerate():\n"
    "    if thread.name == 'plotly_nbext.completion':\n"
    "        thread.join()\n"
)
"""Waits for the look in the background."""

PUSH = (
    "import pandas as pd, plotly_nbext\n"
    "df = pd.DataFrame({'month': ['jan'], 'total': [1]})\n"
    "for name in ['sales/2026', 'sales/2027', 'totals']: plotly_nbext.push(df, name)\n"
    "plotly_nbext.push(df, 'gone').trash()\n"
)

LINES = (
    *("%plotly_grid pull |", "%plotly_grid pull sales/|", "%plotly_grid pull alice:|"),
    *("%plotly_grid restore |", "%plotly_grid push df totals --key |", "%plotly_grid ls |"),
    *("%plotly_render |", "%plotly_render df.|", "%plotly_grid push df --name s|"),
    *("%plotly_grid move totals |", "%plotly_grid show t|", "%plotly_grid pull nothing|"),
)


def paths(kernel, text):
    """What is offered beside the options."""
    return [each for each in kernel.complete(text)[0] if not each.startswith("--")]


def test_a_fresh_kernel_completes_the_paths_of_a_service_that_runs(tmp_path):
    with started(tmp_path) as first:
        first.run(PUSH)
        with started(tmp_path) as kernel:
            kernel.run("%load_ext plotly_nbext")
            kernel.run(JOIN)
            assert kernel.complete("%plotly_grid pull |")[0] == ["sales/", "totals"]
            assert kernel.complete("%plotly_grid pull sales/|")[0] == ["sales/2026", "sales/2027"]
            assert kernel.complete("%plotly_grid restore |")[0] == ["gone"]
            assert kernel.value("'plotly_nbext.api' in __import__('sys').modules") is False


def test_nothing_is_started_where_no_service_runs(fresh_kernel):
    fresh_kernel.run("%load_ext plotly_nbext")
    fresh_kernel.run("1 + 1")
    fresh_kernel.run(JOIN)
    for text in LINES:
        fresh_kernel.complete(text)
    assert paths(fresh_kernel, "%plotly_grid pull |") == []
    assert find(fresh_kernel.folder / "home") is None
    slow = {"pandas", "polars", "pyarrow", "plotly", "requests", "ipywidgets"}
    assert fresh_kernel.value(f"sorted({slow} & set(__import__('sys').modules))") == []


def test_the_local_service_s_files_are_not_those_of_a_server_that_the_environment_names(tmp_path):
    with started(tmp_path) as first:
        first.run(PUSH)
        with started(tmp_path) as kernel:
            kernel.run("import os; os.environ['PLOTLY_API_DOMAIN'] = 'http://127.0.0.1:9'")
            kernel.run("%load_ext plotly_nbext")
            kernel.run(JOIN)
            assert paths(kernel, "%plotly_grid pull |") == []


@pytest.fixture
def connected(chart_studio, tmp_path):
    with started(tmp_path) as kernel:
        kernel.run("%load_ext plotly_nbext")
        kernel.run(
            "import plotly_nbext\n"
            f"client = plotly_nbext.connect({chart_studio.url!r}, 'alice', {KEY!r})\n"
        )
        kernel.run(JOIN)
        yield kernel


def test_no_request_goes_out_while_one_types(connected, chart_studio):
    connected.run(PUSH)
    connected.run(JOIN)
    asked = len(chart_studio.asked)
    assert asked
    for text in LINES:
        connected.complete(text)
    assert connected.complete("%plotly_grid pull sal|") == (["sales/"], "sal")
    assert connected.complete("%plotly_grid pull sales/|")[0] == ["sales/2026", "sales/2027"]
    assert len(chart_studio.asked) == asked


def test_a_server_that_lists_nothing_is_no_error(connected, chart_studio):
    assert chart_studio.count("folders/all") == 1  # which it answers with 404
    ran = connected.run("1 + 1")
    assert [kind for kind, _ in ran.outputs] == ["execute_result"]
    assert paths(connected, "%plotly_grid pull |") == []


def test_an_account_is_looked_at_once(tmp_path, server):
    name = "looked-at"
    key = server.add_user(name)
    writer = server.client(name, key)
    frame = pd.DataFrame({"a": [1]})
    writer.push(frame, "before/one")
    with started(tmp_path) as kernel:
        kernel.run("%load_ext plotly_nbext")
        kernel.run(f"import plotly_nbext; plotly_nbext.connect({server.url!r}, {name!r}, {key!r})")
        kernel.run(JOIN)
        assert kernel.complete("%plotly_grid pull b|")[0] == ["before/"]
        writer.push(frame, "behind its back")
        for _ in range(2):
            kernel.run("1 + 1")
            kernel.run(JOIN)
        assert kernel.complete("%plotly_grid pull b|")[0] == ["before/"]
        kernel.run("%plotly_grid ls")
        assert kernel.complete("%plotly_grid pull b|")[0] == ["before/", '"behind its back"']


def test_what_was_seen_is_lost_on_another_server(connected):
    connected.run(PUSH)
    assert connected.complete("%plotly_grid pull |")[0] == ["sales/", "totals"]
    connected.run("client = None; del client; df = None")
    connected.run("plotly_nbext.connect()")
    connected.run(JOIN)
    assert paths(connected, "%plotly_grid pull |") == []


def test_unloading_takes_completion_away_and_reloading_adds_it_once(fresh_kernel):
    fresh_kernel.run("%load_ext plotly_nbext")
    fresh_kernel.run("%reload_ext plotly_nbext")
    matchers = "[m.matcher_identifier for m in get_ipython().Completer.custom_matchers]"
    looks = "sum('Look' in repr(c) for c in get_ipython().events.callbacks['post_run_cell'])"
    assert fresh_kernel.value(f"{matchers}, {looks}") == (["plotly_nbext.magics"], 1)
    assert fresh_kernel.complete("%plotly_grid pu|")[0] == ["push", "pull"]
    fresh_kernel.run("%unload_ext plotly_nbext")
    assert fresh_kernel.value(f"{matchers}, {looks}") == ([], 0)
    assert "--format" not in fresh_kernel.complete("%plotly_render x --f|")[0]


def test_no_cell_waits_for_the_look(tmp_path):
    """A server that never answers holds up nothing."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with started(tmp_path) as kernel:
            kernel.run("%load_ext plotly_nbext")
            kernel.run(
                "import plotly_nbext, plotly_nbext.api as api\n"
                "from plotly_nbext.accounts import Account\n"
                f"account = Account({url!r}, 'alice', 'key')\n"
                "api._current = plotly_nbext.Client(lambda: account)\n"
                "assert api._current.username == 'alice'\n"
            )
            assert kernel.value("2 + 2") == 4
            kernel.run("import threading")
            alive = "[t.is_alive() for t in threading.enumerate() if 'completion' in t.name]"
            assert kernel.value(alive) == [True]
            assert paths(kernel, "%plotly_grid pull |") == []
