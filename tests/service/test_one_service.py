"""One local service for all of a user's processes, there when it is asked for."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

import plotly_nbext
from plotly_nbext import service
from plotly_nbext.errors import ServiceError
from plotly_nbext.service import lifecycle, locks, probe

from .conftest import answer_of, kill, runs, start_notebook, wait_until


def test_ten_notebooks_that_start_at_once_share_one_service(home):
    notebooks = [start_notebook() for _ in range(10)]
    answers = [answer_of(notebook) for notebook in notebooks]
    assert len({answer["pid"] for answer in answers}) == 1
    assert all(answer == answers[0] for answer in answers)
    assert service.find().pid == answers[0]["pid"]
    assert not (home / "service.log.1").exists()  # nor was a second one tried


def test_threads_of_one_notebook_share_one_service(home):
    found = []
    threads = [threading.Thread(target=lambda: found.append(service.ensure())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_service_outlives_the_notebook_that_started_it(home):
    notebook = start_notebook(start_new_session=True)
    answer = answer_of(notebook)
    with pytest.raises(ProcessLookupError):  # the notebook's whole process group has gone
        os.killpg(notebook.pid, signal.SIGKILL)
    assert service.ensure().pid == answer["pid"]


def test_ctrl_c_in_the_terminal_does_not_reach_the_service(home):
    info = service.ensure()
    assert os.getpgid(info.pid) != os.getpgid(os.getpid())
    assert os.getsid(info.pid) != os.getsid(os.getpid())


def test_there_is_no_service_before_it_is_asked_for(home):
    assert service.find() is None
    assert service.stop() is False


def test_stop_ends_the_service_and_a_later_call_starts_another(home):
    first = service.ensure()
    assert service.stop() is True
    wait_until(lambda: not runs(first.pid))
    assert service.find() is None
    assert not (home / "service.json").exists()
    second = service.ensure()
    assert second.pid != first.pid
    assert second.api_key != first.api_key


def test_an_address_stays_good_when_the_service_comes_back(home):
    first = service.ensure()
    service.stop()
    assert service.ensure().url == first.url


def test_a_service_whose_port_was_taken_meanwhile_has_another(home):
    first = service.ensure()
    service.stop()
    port = urlsplit(first.url).port
    with socket.create_server(("127.0.0.1", port)):
        assert service.ensure().url != first.url


@pytest.mark.parametrize("port", ["", "eighty", "-1", "70000"])
def test_a_damaged_note_of_the_port_keeps_no_service_from_starting(home, port):
    home.mkdir(exist_ok=True)
    (home / "port").write_text(port)
    assert urlsplit(service.ensure().url).port


def test_a_killed_service_is_replaced(home):
    for _ in range(3):
        info = service.ensure()
        kill(info)
        assert service.find() is None
    assert runs(service.ensure().pid)


def test_a_start_that_is_killed_half_way_does_not_stop_the_next(home):
    starter = start_notebook()
    wait_until((home / "service.log").exists)  # the service's process is being made
    starter.kill()
    starter.communicate()
    info = service.ensure()
    wait_until(lambda: _services(home) == [info.pid])


def test_notebooks_that_ask_while_the_service_is_killed_again_and_again_all_get_one(home):
    notebooks = [start_notebook() for _ in range(6)]
    for _ in range(3):
        kill(service.ensure())
    pids = {answer_of(notebook)["pid"] for notebook in notebooks}
    assert len(pids) <= 4
    info = service.ensure()
    wait_until(lambda: _services(home) == [info.pid])


def test_an_idle_service_ends_and_is_there_again_when_needed(home, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_IDLE_TIMEOUT", "0.5")
    first = service.ensure()
    wait_until(lambda: not runs(first.pid))
    assert not (home / "service.json").exists()
    assert service.ensure().pid != first.pid


def test_a_service_in_use_does_not_end_as_idle(home, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_IDLE_TIMEOUT", "2")
    info = service.ensure()
    asked = 0

    def asked_for_long() -> bool:
        nonlocal asked
        asked += 1
        assert service.find() == info
        return asked == 200  # 4 seconds and more

    wait_until(asked_for_long)


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf", ""])
def test_a_wrong_idle_timeout_is_named(home, monkeypatch, text):
    monkeypatch.setenv("PLOTLY_NBEXT_IDLE_TIMEOUT", text)
    with pytest.raises(ServiceError, match=f"PLOTLY_NBEXT_IDLE_TIMEOUT is {text!r}"):
        service.ensure()


@pytest.fixture
def older(tmp_path):
    """A folder that holds an older version of the package."""
    shutil.copytree(Path(plotly_nbext.__file__).parent, tmp_path / "older" / "plotly_nbext")
    module = tmp_path / "older" / "plotly_nbext" / "__init__.py"
    text = module.read_text("utf-8")
    module.write_text(text.replace(plotly_nbext.__version__, "0.0.1"), "utf-8")
    return tmp_path / "older"


def test_a_service_of_another_version_is_replaced(home, older):
    environment = {**os.environ, "PYTHONPATH": str(older)}
    first = answer_of(start_notebook(env=environment))
    assert first["version"] == "0.0.1"

    newer = service.ensure()
    assert newer.version == plotly_nbext.__version__
    assert not runs(first["pid"])
    assert service.ensure() == newer


def test_the_service_is_of_the_package_that_the_notebook_has_wherever_that_is(
    home, older, tmp_path
):
    project = tmp_path / "project"
    for folder in (home, project):
        folder.mkdir()
        for name in ("json", "select", "uvicorn"):
            (folder / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    code = f"import os, sys; sys.path.insert(0, {str(older)!r}); from plotly_nbext import service; "
    code += f"os.chdir({str(project)!r}); print(service.ensure().pid)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    started = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment
    )
    assert started.returncode == 0, started.stderr
    info = service.find()
    assert (info.pid, info.version) == (int(started.stdout), "0.0.1")
    assert psutil.Process(info.pid).cwd() == str(home)


def test_a_relative_search_path_means_the_same_to_the_service(home):
    package = Path(plotly_nbext.__file__).parents[1]
    answer = answer_of(start_notebook(cwd=package, env={**os.environ, "PYTHONPATH": "."}))
    search = psutil.Process(answer["pid"]).environ()["PYTHONPATH"].split(os.pathsep)
    assert str(package) in search
    assert "." not in search


def test_nothing_is_started_or_stopped_while_another_process_is_at_it(home, monkeypatch):
    home.mkdir()
    monkeypatch.setattr(lifecycle, "TURN_PATIENCE", 0.3)
    with locks.turn(home, patience=5):
        for use in (service.ensure, service.stop):
            with pytest.raises(ServiceError, match="Another process has been starting"):
                use()
    assert runs(service.ensure().pid)


def test_a_home_given_by_hand_has_a_service_of_its_own(home, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    mine, theirs = service.ensure(), service.ensure(other)
    try:
        assert mine.pid != theirs.pid
        assert service.find(other) == theirs
    finally:
        assert service.stop(other)
    assert service.find() == mine


def test_a_home_that_is_no_folder_is_named(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ServiceError, match=str(file)):
        service.ensure(file)


def test_a_service_that_cannot_start_shows_the_end_of_its_log(home):
    (home / "grids.db").mkdir(parents=True)  # a folder where the database should be
    with pytest.raises(ServiceError, match="unable to open database file") as caught:
        service.ensure()
    assert "service.log" in caught.value.hint
    assert len(str(caught.value).splitlines()) < 20


def test_a_server_started_by_hand_on_the_same_folder_is_left_alone_and_named(
    home, monkeypatch, command
):
    monkeypatch.setattr(lifecycle, "HOLDER_PATIENCE", 0.5)
    with subprocess.Popen(
        [sys.executable, "-m", "plotly_nbext", "serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout.readline().startswith("plotly-nbext serving http://127.0.0.1:")
        with pytest.raises(ServiceError, match="plotly-nbext serve"):
            service.ensure()
        assert server.poll() is None
        server.terminate()
    assert runs(service.ensure().pid)


def test_a_service_that_hangs_is_named_with_the_way_to_end_it(home, monkeypatch):
    info = service.ensure()
    monkeypatch.setattr(lifecycle, "HOLDER_PATIENCE", 0.5)
    monkeypatch.setattr(probe, "TIMEOUT", 0.2)
    psutil.Process(info.pid).suspend()
    try:
        for use in (service.ensure, service.stop):
            with pytest.raises(ServiceError, match=f"kill -9 {info.pid}"):
                use()
    finally:
        psutil.Process(info.pid).resume()
    monkeypatch.undo()
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(home))
    assert service.ensure() == info


def test_a_service_that_is_only_slow_is_waited_for(home, monkeypatch):
    info = service.ensure()
    monkeypatch.setattr(probe, "TIMEOUT", 0.1)
    process = psutil.Process(info.pid)
    process.suspend()
    threading.Timer(1, process.resume).start()
    assert service.ensure() == info


def _services(home: Path) -> list[int]:
    """Find the service processes of a home."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "cwd"])
        if (process.info["cmdline"] or [])[-2:] == ["plotly_nbext", "service"]
        and process.info["cwd"] == str(home)
    ]
