"""The browser runs in its sandbox where the machine lets it, and says so where not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import sandbox

from .support import SCATTER, draw, started

PROGRAM = Path(__file__).with_name("ordinary_user.py")
UNPRIVILEGED = [
    *("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"),
    # the tests and their Python may lie where only root can read
    *("--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--"),
]
PNG = b"\x89PNG".hex()


def as_ordinary_user(*arguments: str) -> subprocess.CompletedProcess[str]:
    rights = UNPRIVILEGED if os.geteuid() == 0 else []
    return subprocess.run(
        [*rights, sys.executable, PROGRAM, *arguments],
        env=os.environ | {"HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def said_by(done: subprocess.CompletedProcess[str]) -> dict:
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said.pop("user") != 0
    return said


@pytest.fixture(autouse=True)
def _nobody_insists(monkeypatch):
    monkeypatch.delenv(sandbox.VARIABLE, raising=False)


def test_an_ordinary_users_browser_runs_in_its_sandbox_where_the_machine_lets_it():
    done = as_ordinary_user()
    said = said_by(done)
    assert said["image"] == PNG
    if said["namespaces"]:  # else it is up to the browser's helper
        assert said["sandboxed"]
        assert done.stderr == ""
    # what the kernel says of the process in which the figure was drawn
    assert said["isolated"] == said["sandboxed"]
    assert said["filtered"] or not said["sandboxed"]


def test_a_figure_is_drawn_where_the_machine_denies_the_sandbox_and_the_log_says_so_once():
    done = as_ordinary_user("confined")
    said = said_by(done)
    assert said["image"] == PNG
    assert not said["namespaces"]
    assert not said["sandboxed"]
    assert done.stderr.count("The browser runs without its sandbox") == 1
    assert "chromium-sandbox" in done.stderr


def test_who_insists_on_the_sandbox_gets_no_figure_without_it(monkeypatch):
    monkeypatch.setenv(sandbox.VARIABLE, "required")
    said = said_by(as_ordinary_user("confined"))
    assert "PLOTLY_NBEXT_SANDBOX is 'required'" in said["error"]
    assert "chromium-sandbox" in said["error"]


def test_who_insists_on_the_sandbox_and_gets_it_has_figures(monkeypatch):
    usual = said_by(as_ordinary_user())
    monkeypatch.setenv(sandbox.VARIABLE, "required")
    said = said_by(as_ordinary_user())
    if usual["sandboxed"]:
        assert said == usual
    else:  # this machine gives it to nobody
        assert "PLOTLY_NBEXT_SANDBOX is 'required'" in said["error"]


async def test_root_who_insists_on_the_sandbox_gets_no_figure(monkeypatch):
    monkeypatch.setenv(sandbox.VARIABLE, "required")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    async with started(browsers=1) as renderer:
        with pytest.raises(BrowserNotFound, match="none for root"):
            await draw(renderer, SCATTER)


async def test_a_wish_that_is_none_is_named(monkeypatch):
    monkeypatch.setenv(sandbox.VARIABLE, "maybe")
    async with started(browsers=1) as renderer:
        with pytest.raises(BrowserNotFound, match="is 'maybe'; it takes 'required'"):
            await draw(renderer, SCATTER)


@pytest.mark.parametrize(
    "said",
    [
        "FATAL:zygote_host_impl_linux.cc:130] No usable sandbox! If this is a Debian system, …",
        "The setuid sandbox is not running as root. Common causes:",
        "Failed to move to new namespace: PID namespaces supported, but failed: errno = …",
    ],
)
def test_what_chromium_says_without_a_sandbox_is_understood(said):
    known = sandbox.Sandbox()
    assert not known.learn("libnss3.so: cannot open shared object file")
    assert known.learn(f"…\n{said}\n…")
    assert known.lack


def test_the_doctor_says_that_the_sandbox_is_missing_and_what_gives_it(monkeypatch):
    found = said_by(as_ordinary_user("confined", "doctor"))
    assert "works, without its sandbox (this machine denies it to ordinary" in found["text"]
    assert found["mend"].startswith("sudo apt-get install chromium-sandbox")
    assert not found["required"]  # figures are drawn all the same

    monkeypatch.setenv(sandbox.VARIABLE, "required")
    assert said_by(as_ordinary_user("confined", "doctor"))["required"]
