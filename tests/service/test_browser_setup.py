"""`install-browser`: the browser that is here, else a download, else the system's package."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import trial

# In a process of its own: where Chrome for Testing goes is settled when choreographer is imported.
INSTALL = """
import platform, sys
from pathlib import Path
from plotly_nbext.errors import BrowserNotFound, PlotlyNbextError
from plotly_nbext.server.rendering import page, trial
from plotly_nbext.service import browser_setup

system, browser = sys.argv[1:]
platform.freedesktop_os_release = lambda: {"ID": system}

def find():
    if not Path(browser).exists():
        raise BrowserNotFound
    return Path(browser)

page.find_browser = trial.find_browser = find

try:
    browser_setup.install(lambda: str(trial.try_out()), print)
except PlotlyNbextError as error:
    sys.exit(str(error))
"""

# What was downloaded lies ready, as there is no network.
DOWNLOADED = """
import sys
from choreographer import cli
from plotly_nbext.cli import main

cli.get_chrome_sync = lambda: sys.argv[1]
sys.exit(main(["install-browser"]))
"""


@pytest.fixture
def machine(chromium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a network, whose package manager installs into `bin`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    script(programs / "sudo", 'shift; exec "$@"')
    script(
        programs / "apt-get",
        f'echo "$DEBIAN_FRONTEND $@" >> {tmp_path}/asked\n'
        f'[ "$4" != chromium ] || ln -s {chromium} {programs}/chromium',
    )
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.delenv("PLOTLY_NBEXT_BROWSER", raising=False)
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def install(machine: Path, system: str = "debian") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", INSTALL, system, str(machine / "bin" / "chromium")],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_a_browser_that_is_here_draws_and_is_named(command, chromium):
    done = command("install-browser")
    assert done.returncode == 0, done.stderr
    looking, found = done.stdout.splitlines()
    assert looking == "Looking for Chrome, Chromium or Edge."
    assert found.endswith(f": {chromium}")
    assert any(name in found for name in ("Chrom", "Edge"))
    assert "works, " in found
    assert done.stderr == ""


def test_without_browser_or_network_the_systems_package_is_installed_once(machine):
    first = install(machine)
    assert first.returncode == 0, first.stderr
    said = first.stdout.splitlines()
    assert said[1] == "No Chromium, Chrome or Edge was found to render with."
    assert said[3].startswith("Chrome for Testing can't be downloaded: ")
    assert said[4] == "Installing the package chromium with apt-get."
    assert " works, " in said[5]
    assert said[5].endswith(f": {machine}/bin/chromium")
    asked = (machine / "asked").read_text()
    assert asked.splitlines() == [
        "noninteractive -y update",
        "noninteractive -y install --no-install-recommends chromium",
        "noninteractive -y install chromium-sandbox",
    ]

    second = install(machine)
    assert second.returncode == 0
    assert second.stdout.splitlines() == [said[0], said[5]]
    assert (machine / "asked").read_text() == asked


def test_a_browser_that_does_not_start_is_not_taken_for_one(machine, chromium):
    broken = script(machine / "bin" / "chromium", "echo 'libnss3.so: cannot open' >&2; exit 127")
    script(machine / "bin" / "apt-get", f"rm -f {broken}; ln -s {chromium} {broken}")
    done = install(machine)
    assert done.returncode == 0, done.stderr
    assert "libnss3.so: cannot open" in done.stdout


def test_a_download_that_another_browser_hides_is_named_with_what_uses_it(
    chromium, command, machine
):
    hidden = script(machine / "chrome", f'exec {chromium} "$@"')
    script(machine / "bin" / "chromium-headless-shell", "exit 3")
    done = subprocess.run(
        [sys.executable, "-c", DOWNLOADED, hidden],
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 1, done.stdout
    assert "chromium-headless-shell does not start" in done.stdout
    assert f": {hidden}" in done.stdout
    assert "another that doesn't is found first" in done.stderr
    assert f"`export PLOTLY_NBEXT_BROWSER={hidden}`" in done.stderr
    assert not (machine / "asked").exists()


def test_when_nothing_works_a_person_is_told_what_to_do(machine):
    script(machine / "bin" / "apt-get", "echo 'E: Unable to locate package' >&2; exit 100")
    done = install(machine)
    assert done.returncode == 1
    assert "E: Unable to locate package" in done.stdout
    assert "Install Chrome, Chromium or Edge" in done.stderr
    assert "PLOTLY_NBEXT_BROWSER" in done.stderr


def test_the_package_manager_of_another_system_is_left_alone(machine):
    done = install(machine, system="fedora")
    assert done.returncode == 1
    assert not (machine / "asked").exists()
    assert "only installed on Debian and Ubuntu" in done.stdout


def test_a_browser_that_the_user_named_is_never_passed_over(command, machine, monkeypatch):
    broken = script(machine / "bin" / "mine", "exit 3")
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(broken))
    done = command("install-browser")
    assert done.returncode == 1
    said, hint = done.stderr.splitlines()
    assert said == f"plotly-nbext: {broken} does not start: it ended and said nothing."
    assert "unset PLOTLY_NBEXT_BROWSER" in hint
    assert done.stdout.splitlines() == ["Looking for Chrome, Chromium or Edge."]
    assert not (machine / "asked").exists()


def test_no_browser_is_fetched_where_a_setting_is_what_is_wrong(command, machine, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_SANDBOX", "maybe")
    done = command("install-browser")
    assert done.returncode == 1
    assert "PLOTLY_NBEXT_SANDBOX is 'maybe'" in done.stderr
    assert done.stdout.splitlines() == ["Looking for Chrome, Chromium or Edge."]
    assert not (machine / "asked").exists()


def test_a_browser_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.page.START_TIMEOUT", 0.2)
    program = script(tmp_path / "chromium", "exec sleep 60")
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(program))
    with pytest.raises(
        BrowserNotFound,
        match=f"^{program} draws no figure.*does not start: it took longer than 0.2",
    ):
        trial.try_out()


def test_a_browser_that_starts_and_does_not_draw_is_given_up(chromium, tmp_path, monkeypatch):
    """It reaches nothing, not even the page that draws."""
    monkeypatch.setattr("plotly_nbext.server.rendering.page.START_TIMEOUT", 10)
    program = script(
        tmp_path / "chromium", f'exec {chromium} "$@" --host-rules="MAP * 127.0.0.1:9"'
    )
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(program))
    with pytest.raises(BrowserNotFound, match=f"{program} draws no figure"):
        trial.try_out()


def test_a_browser_that_does_not_tell_its_version_is_named_by_its_program(
    chromium, tmp_path, monkeypatch
):
    program = script(tmp_path / "brave", f'[ "$1" != --version ] && exec {chromium} "$@"')
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(program))
    assert trial.try_out().version == "brave"


def test_trying_a_browser_out_leaves_nothing_behind(monkeypatch):
    with tempfile.TemporaryDirectory() as scratch:  # short: Chromium has a socket in it
        monkeypatch.setattr(tempfile, "tempdir", scratch)
        trial.try_out()
        assert list(Path(scratch).iterdir()) == []


def test_no_browser_is_an_error_of_its_own():
    assert "install-browser" in str(BrowserNotFound())
