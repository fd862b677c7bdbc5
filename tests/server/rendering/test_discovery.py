"""Which browser is found, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering.discovery import VARIABLE, find_browser

from .support import SCATTER, draw, started


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine on which only the programs that the test installs are found."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    module = "choreographer.browsers.chromium"
    downloaded = tmp_path / "downloaded" / "chrome"
    monkeypatch.setattr(f"{module}._is_exe", lambda path: Path(path).is_relative_to(tmp_path))
    monkeypatch.setattr(f"{module}.get_chrome_download_path", lambda **_: downloaded)
    monkeypatch.setattr(f"{module}.get_old_chrome_download_path", lambda: None)

    def install(name: str) -> Path:
        program = downloaded if name == "downloaded" else tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        return program

    return install


def test_without_a_browser_the_error_says_what_to_run(machine):
    with pytest.raises(BrowserNotFound, match="plotly-nbext install-browser"):
        find_browser()


def test_each_browser_gives_way_to_a_better_one(machine):
    for name in (
        "downloaded",
        "microsoft-edge",
        "chromium",
        "google-chrome",
        "chromium-headless-shell",
    ):
        program = machine(name)
        assert find_browser() == program


def test_the_variable_is_taken_before_all_others(machine, monkeypatch):
    machine("chromium-headless-shell")
    named = machine("downloaded")
    monkeypatch.setenv(VARIABLE, str(named))
    assert find_browser() == named


def test_the_variable_may_name_a_program_on_the_path(machine, monkeypatch):
    program = machine("brave-browser")
    monkeypatch.setenv(VARIABLE, "brave-browser")
    assert find_browser() == program


@pytest.mark.parametrize("value", ["/nowhere/chromium", "/tmp", "no-such-program"])
def test_a_variable_that_names_no_program_is_an_error_that_names_it(machine, monkeypatch, value):
    machine("chromium")
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(BrowserNotFound, match=f"{VARIABLE}.*{value}"):
        find_browser()


async def test_rendering_without_a_browser_says_so_and_works_once_there_is_one(monkeypatch):
    async with started(browsers=1) as renderer:
        with monkeypatch.context() as broken:
            broken.setenv(VARIABLE, "/nowhere/chromium")
            with pytest.raises(BrowserNotFound):
                await renderer.warm()
            with pytest.raises(BrowserNotFound):
                await draw(renderer, SCATTER)
        assert await draw(renderer, SCATTER)
