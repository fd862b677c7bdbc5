"""What a cell that fails shows: one short error with what to do, and the rest by ``%tb``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import plotly_nbext
from tests.conftest import start_server, stop_server
from tests.service.conftest import kill

from .conftest import started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Server

    from .conftest import Kernel, Ran

KEY = "a-key-that-nobody-may-see"
OURS = os.path.dirname(plotly_nbext.__file__)  # noqa: PTH120 - as it would stand in a traceback

NO_SUCH_GRID = "plotly_nbext.grid('no/such/grid')"

# accepts, and interrupts the kernel in place of an answer
INTERRUPTING = """
import signal, socket, threading, plotly_nbext
listener = socket.create_server(("127.0.0.1", 0))
def interrupt():
    global connection
    connection, _ = listener.accept()
    connection.recv(65536)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
url = f"http://127.0.0.1:{listener.getsockname()[1]}"
"""


@pytest.fixture(scope="module")
def ready(kernel: Kernel) -> Kernel:
    (kernel.folder / "key").write_text(KEY)
    kernel.run("import plotly_nbext")
    return kernel


@pytest.fixture
def bare_kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel that may spoil its environment."""
    with started(tmp_path) as kernel:
        kernel.run("%load_ext plotly_nbext\nimport os, plotly_nbext")
        yield kernel


def shown(ran: Ran) -> str:
    """The one error of a cell, which is short."""
    error = ran.error
    text = "\n".join(error["traceback"])
    assert text == f"{error['ename']}: {error['evalue']}"
    assert ran.outputs == [("error", error)], "there is something beside the error"
    assert OURS not in text
    assert "Traceback" not in text
    assert len(text.splitlines()) <= 3, text
    return text


# --- short, and whole -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        NO_SUCH_GRID,
        "%plotly_grid pull no/such/grid",
        "%plotly_grid show no/such/grid",
        f"try:\n    1 / 0\nexcept ZeroDivisionError:\n    {NO_SUCH_GRID}",
        f"async def f():\n    {NO_SUCH_GRID}\nawait f()",
    ],
    ids=["call", "magic", "another magic", "while another is handled", "awaited"],
)
def test_a_failure_is_one_short_error(ready: Kernel, code: str) -> None:
    assert shown(ready.try_(code)).startswith("NotFoundError: There is no grid 'no/such/grid'.")


@pytest.mark.parametrize("mode", ["Context", "Plain", "Verbose"])
def test_tb_shows_the_whole_traceback_afterwards(ready: Kernel, mode: str) -> None:
    ready.try_(f"name = 'no/such/grid'\nplotly_nbext.grid(name)  # {mode}")
    ready.run(f"%xmode {mode}")
    try:
        (error,) = ready.try_("%tb").of("error")
    finally:
        ready.run("%xmode Context")
    text = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error["traceback"]))  # each word has its colour
    assert "plotly_nbext.grid(name)" in text
    assert os.path.join(OURS, "client") in text or "plotly_nbext/client" in text  # noqa: PTH118
    assert "There is no grid 'no/such/grid'" in text
    assert ready.value("get_ipython().InteractiveTB.mode") == "Context"


def test_tb_shows_what_was_being_handled_too(ready: Kernel) -> None:
    ready.try_(f"try:\n    1 / 0\nexcept ZeroDivisionError:\n    {NO_SUCH_GRID}")
    (error,) = ready.try_("%tb").of("error")
    text = "\n".join(error["traceback"])
    assert "ZeroDivisionError" in text
    assert "During handling" in text


def test_an_error_of_the_users_own_from_one_of_ours_is_shown_as_python_shows_it(
    ready: Kernel,
) -> None:
    code = (
        f"try:\n    {NO_SUCH_GRID}\nexcept Exception as error:\n    raise ValueError() from error"
    )
    error = ready.try_(code).error
    assert error["ename"] == "ValueError"
    text = "\n".join(error["traceback"])
    assert "There is no grid 'no/such/grid'" in text
    assert "direct cause" in text


def test_the_frames_are_there_for_the_debugger(ready: Kernel) -> None:
    ready.try_(NO_SUCH_GRID)
    code = "import sys, traceback\n"
    code += "[f.name for f in traceback.extract_tb(sys.last_value.__traceback__)]"
    assert "grid" in ready.run(code).result["text/plain"]


# --- secrets --------------------------------------------------------------------------------------


def test_a_refused_key_is_in_no_traceback_however_it_is_asked_for(
    ready: Kernel, server: Server
) -> None:
    ready.run(f"%xmode Verbose\nkey = open('key').read()\nurl = {server.url!r}")
    try:
        ran = ready.try_("plotly_nbext.connect(url, 'alice', key)")
        again = ready.try_("%tb")
        local = ready.run(
            "import traceback, sys\n"
            "found = traceback.TracebackException.from_exception(sys.last_value, "
            "capture_locals=True)\n"
            "print(''.join(line for frame in found.stack if 'plotly_nbext' in frame.filename "
            "for line in (frame.locals or {}).values()))"
        )
    finally:
        ready.run("%xmode Context")
    assert again.of("error")
    assert KEY not in json.dumps([ran.outputs, again.outputs])
    assert KEY not in local.text("stdout")


def test_the_key_is_not_in_the_frames_of_what_is_interrupted(ready: Kernel) -> None:
    import base64

    ready.run(f"%xmode Verbose\n{INTERRUPTING}")
    try:
        ran = ready.try_("plotly_nbext.connect(url, 'alice', open('key').read())")
        again = ready.try_("%tb")
    finally:
        ready.run("%xmode Context\nlistener.close()\nconnection.close()")
    assert ran.error["ename"] == "KeyboardInterrupt"
    told = json.dumps([ran.outputs, again.outputs])
    assert "session.py" in told
    assert "urllib3" not in told
    assert KEY not in told, told[max(0, told.index(KEY) - 900) : told.index(KEY) + 50]
    assert base64.b64encode(f"alice:{KEY}".encode()).decode() not in told


# --- what stops -----------------------------------------------------------------------------------


@pytest.fixture
def failing_notebook(tmp_path: Path) -> Path:
    import nbformat

    cells = ["import plotly_nbext", NO_SUCH_GRID, "print('never')"]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    path = tmp_path / "failing.ipynb"
    nbformat.write(notebook, path)
    return path


def test_nbconvert_stops_at_the_failing_cell_and_says_why(
    failing_notebook: Path, home: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", str(failing_notebook)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert "NotFoundError: There is no grid 'no/such/grid'." in done.stderr
    assert OURS not in done.stderr.rpartition(NO_SUCH_GRID)[2]


def test_papermill_stops_at_the_failing_cell_and_keeps_the_message(
    failing_notebook: Path, home: Path
) -> None:
    import papermill

    out = failing_notebook.with_name("out.ipynb")
    with pytest.raises(papermill.PapermillExecutionError) as raised:
        papermill.execute_notebook(failing_notebook, out, progress_bar=False)
    assert raised.value.ename == "NotFoundError"
    assert raised.value.evalue.startswith("There is no grid 'no/such/grid'.")
    written = json.loads(out.read_text())
    assert written["cells"][-1]["execution_count"] is None
    errors = [o for cell in written["cells"] for o in cell.get("outputs", []) if "ename" in o]
    assert [error["ename"] for error in errors] == ["NotFoundError"]


# --- what mends it --------------------------------------------------------------------------------


def test_a_service_that_was_killed_is_started_anew_by_the_next_cell(ready: Kernel) -> None:
    from plotly_nbext.service.state import read_state

    ready.run("import pandas as pd\nplotly_nbext.push(pd.DataFrame({'x': [1]}), 'kept')")
    info = read_state(ready.folder / "home")
    kill(info)
    assert ready.value("plotly_nbext.grid('kept').row_count") == 1
    assert read_state(ready.folder / "home").pid != info.pid


def test_a_state_folder_that_is_a_file_is_named_with_the_variable(bare_kernel: Kernel) -> None:
    (bare_kernel.folder / "file").touch()
    bare_kernel.run("os.environ['PLOTLY_NBEXT_HOME'] = os.path.abspath('file')")
    said = shown(bare_kernel.try_(NO_SUCH_GRID))
    assert f"{bare_kernel.folder}/file" in said
    assert "it is a file" in said
    assert "PLOTLY_NBEXT_HOME" in said


def test_a_service_that_does_not_start_says_so_with_the_last_line_of_its_log(
    bare_kernel: Kernel,
) -> None:
    bare_kernel.run("os.environ['PLOTLY_NBEXT_IDLE_TIMEOUT'] = 'soon'")
    said = shown(bare_kernel.try_(NO_SUCH_GRID))
    assert "PLOTLY_NBEXT_IDLE_TIMEOUT is 'soon'" in said
    assert "`plotly-nbext doctor`" in said


def test_a_browser_that_is_missing_is_mended_by_a_command(bare_kernel: Kernel) -> None:
    bare_kernel.run("os.environ['PLOTLY_NBEXT_BROWSER'] = '/nowhere/chromium'")
    figure = "%plotly_render {'data': [{'y': [1]}]}"
    said = shown(bare_kernel.try_(figure))
    assert said.startswith("BrowserNotFound: The environment variable PLOTLY_NBEXT_BROWSER names")
    assert "`unset PLOTLY_NBEXT_BROWSER`" in said


def test_a_browser_that_does_not_work_is_named_with_its_last_words(bare_kernel: Kernel) -> None:
    program = bare_kernel.folder / "chromium"
    program.write_text("#!/bin/sh\necho 'libnss3.so: cannot open' >&2\nexit 127\n")
    program.chmod(0o755)
    bare_kernel.run(f"os.environ['PLOTLY_NBEXT_BROWSER'] = {str(program)!r}")
    error = bare_kernel.try_("%plotly_render {'data': [{'y': [1]}]}").error
    assert error["ename"] == "BrowserNotFound"
    assert "libnss3.so: cannot open" in error["evalue"]
    assert OURS not in "".join(error["traceback"])


def test_a_wrong_key_is_mended_by_the_whole_command(ready: Kernel, server: Server) -> None:
    said = shown(ready.try_(f"plotly_nbext.connect({server.url!r}, 'alice', 'wrong')"))
    assert said.startswith("AuthError: Bad API key")
    assert f"`%plotly_grid login {server.url} -u alice`" in said


@pytest.mark.parametrize("host", ["https://api.plot.ly", "chart-studio.plotly.com."])
def test_the_closed_cloud_is_refused_with_what_to_use_instead(ready: Kernel, host: str) -> None:
    said = shown(ready.try_(f"plotly_nbext.connect({host!r}, 'alice', 'key')"))
    assert "closed on 2025-10-31" in said
    assert 'plotly_nbext.connect("local")' in said


def test_the_closed_cloud_in_the_environment_is_named_with_the_variable(
    bare_kernel: Kernel,
) -> None:
    bare_kernel.run("os.environ['PLOTLY_API_DOMAIN'] = 'https://api.plot.ly/'")
    said = shown(bare_kernel.try_(NO_SUCH_GRID))
    assert "closed on 2025-10-31" in said
    assert "PLOTLY_API_DOMAIN" in said


def test_the_closed_cloud_in_the_old_files_is_passed_over_with_one_line(
    bare_kernel: Kernel,
) -> None:
    folder = bare_kernel.folder / "no-plotly-files"
    folder.mkdir()
    (folder / ".config").write_text('{"plotly_api_domain": "https://api.plot.ly"}')
    ran = bare_kernel.run("plotly_nbext.render({'data': [{'y': [1]}]}).mime")
    assert ran.result["text/plain"] == "'image/png'"
    (line,) = ran.text("stderr").splitlines()
    assert line.startswith("In [")
    assert "api.plot.ly" in line
    assert "closed on 2025-10-31" in line


def test_a_server_that_is_down_says_so(ready: Kernel, tmp_path: Path) -> None:
    process, url = start_server(tmp_path / "data", "--accept-any-credentials")
    ready.run(f"other = plotly_nbext.connect({url!r}, 'alice', 'key')")
    try:
        stop_server(process)
        said = shown(ready.try_("other.whoami()"))
        assert said.startswith(f"ServiceError: The server {url} can't be reached: nothing listens")
    finally:
        ready.run("plotly_nbext.connect()")


def test_a_reference_that_leads_nowhere_names_the_attribute_and_the_columns(ready: Kernel) -> None:
    ready.run(
        "import pandas as pd\n"
        "grid = plotly_nbext.push(pd.DataFrame({'month': [1], 'total': [2]}), 'sales/2026')"
    )
    said = shown(ready.try_("%plotly_render {'data': [{'xsrc': f'{grid.fid}:ffffff', 'y': [1]}]}"))
    assert "data[0].xsrc" in said
    assert "'month'" in said
    assert "(field:" not in said


def test_a_grid_in_the_trash_is_told_with_what_restores_it(ready: Kernel) -> None:
    ready.run(
        "import pandas as pd\ngone = plotly_nbext.push(pd.DataFrame({'x': [1]}), 'gone').trash()"
    )
    fid = ready.value("gone.fid")
    said = shown(ready.try_("plotly_nbext.grid(gone.fid)"))
    assert f"{fid} is in the trash." in said
    assert f"`%plotly_grid restore {fid}`" in said


# --- warnings -------------------------------------------------------------------------------------


def test_a_warning_is_one_line_without_code_and_is_told_in_each_run_of_the_cell(
    ready: Kernel,
) -> None:
    code = "image = plotly_nbext.render({'data': [], 'layout': {'title': {'text': '\\ue000'}}})"
    for _ in range(2):
        (line,) = ready.run(code).text("stderr").splitlines()
        assert line.startswith("In [")
        assert "PlotlyNbextWarning: " in line
