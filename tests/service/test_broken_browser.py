"""A browser that does not work: the cell says at once which one, and what the program said."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

import plotly_nbext as pn
from plotly_nbext import BrowserNotFound, service

from ..conftest import Server, start_server, stop_server

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURE = {"data": [{"y": [1, 3, 2]}]}
HINT = (
    "Correct PLOTLY_NBEXT_BROWSER or `unset PLOTLY_NBEXT_BROWSER` (in a notebook: "
    "`del os.environ['PLOTLY_NBEXT_BROWSER']`), then run `plotly-nbext stop`: "
    "the local service keeps the environment it was started in."
)

# It says its version and ends, as a browser that runs out of memory; the next is a good one.
SHORT_LIVED = """\
#!{python}
import os, pathlib, sys
try:
    pathlib.Path(__file__).with_name("first").touch(exist_ok=False)
except FileExistsError:
    os.execv("{chromium}", ["{chromium}", *sys.argv[1:]])
os.read(3, 65536)
os.write(4, b'{{"id": 1, "result": {{}}}}\\0')
"""


@pytest.fixture
def browser(home: Path, tmp_path: Path, monkeypatch) -> Callable[[str], Path]:
    """Have the local service take a program for its browser."""

    def install(text: str) -> Path:
        program = tmp_path / "chromium"
        program.write_text(text)
        program.chmod(0o755)
        monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(program))
        return program

    return install


def test_a_browser_that_does_not_start_is_named_at_once_with_its_last_words(browser, caplog):
    broken = "echo 'libnss3.so: cannot open shared object file' >&2; exit 127"
    program = browser(f"#!/bin/sh\necho >> $0.starts; {broken}\n")
    with pytest.raises(BrowserNotFound) as failed:
        pn.render(FIGURE)
    assert str(failed.value).splitlines() == [
        f"{program} does not start: it ended.",
        "Its last words:",
        "libnss3.so: cannot open shared object file",
        HINT,
    ]
    assert Path(f"{program}.starts").read_text() == "\n"
    assert "asking again" not in caplog.text


def test_a_program_that_is_no_browser_and_says_nothing_is_named(browser):
    program = browser("#!/bin/sh\nexit 1\n")
    with pytest.raises(BrowserNotFound, match=f"^{program} does not start: it ended and said noth"):
        pn.render(FIGURE)


def test_other_clients_are_told_not_to_try_again(browser):
    browser("#!/bin/sh\nexit 1\n")
    info = service.ensure()
    answer = requests.post(
        f"{info.url}/v2/images",
        json={"figure": FIGURE},
        auth=(info.username, info.api_key),
        headers={"Plotly-Client-Platform": "Python 0.2"},
    )
    assert answer.status_code == 400  # all of them repeat what is answered 5xx
    assert answer.json()["errors"][0]["code"] == "BROWSER_NOT_FOUND"
    assert "Retry-After" not in answer.headers


def test_a_server_for_others_keeps_what_the_browser_said_in_its_log(browser, tmp_path):
    program = browser("#!/bin/sh\necho 'libnss3.so: cannot open' >&2; exit 127\n")
    data = tmp_path / "data"
    process, url = start_server(data)
    server = Server(url, data, data / "server.log", "alice", "")
    try:
        with pytest.raises(BrowserNotFound) as failed:
            server.client("alice", server.add_user("alice")).render(FIGURE)
    finally:
        stop_server(process)
    assert str(failed.value) == "The server has no browser that works; its log tells why."
    log = server.log.read_text()
    assert f"{program} does not start: it ended." in log
    assert "libnss3.so: cannot open" in log
    assert HINT in log


def test_a_browser_that_worked_and_was_lost_is_tried_once_more(browser, chromium, caplog):
    browser(SHORT_LIVED.format(python=sys.executable, chromium=chromium))
    with caplog.at_level(logging.WARNING, "plotly_nbext"):
        assert pn.render(FIGURE).data.startswith(b"\x89PNG")
    assert caplog.messages == [
        "127.0.0.1 is busy (503): asking again in 1 s. Interrupt the kernel to stop."
    ]


def test_a_browser_that_is_mended_is_used_without_a_new_start(browser, chromium):
    program = browser("#!/bin/sh\nexit 1\n")
    with pytest.raises(BrowserNotFound):
        pn.render(FIGURE)
    program.unlink()
    program.symlink_to(chromium)
    assert pn.render(FIGURE).data.startswith(b"\x89PNG")
