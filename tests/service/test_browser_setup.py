"""`install-browser`: the browser that is here, else a download, else the system's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering.discovery import find_browser
from plotly_nbext.service import browser_setup

# In a process of its own: where Chrome for Testing goes is settled when choreographer is imported.
INSTALL = """
import platform, shutil, sys
from pathlib import Path
from plotly_nbext.errors import BrowserNotFound, PlotlyNbextError
from plotly_nbext.service import browser_setup

system, browser = sys.argv[1:]
platform.freedesktop_os_release = lambda: {"ID": system}

def find():
    if not Path(browser).exists():
        raise BrowserNotFound
    return Path(browser)

try:
    browser_setup.install(find, print)
except PlotlyNbextError as error:
    sys.exit(str(error))
"""


BROWSER = find_browser()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a network, whose package manager installs into `bin`."""
    programs = tmp_path / "bin"
    programs.mkdir()
    script(programs / "sudo", 'shift; exec "$@"')
    script(
        programs / "apt-get",
        f'echo "$DEBIAN_FRONTEND $@" >> {tmp_path}/asked\n'
        f'[ "$4" != chromium ] || ln -s {BROWSER} {programs}/chromium',
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


def test_a_browser_that_is_here_is_started_and_named(command):
    done = command("install-browser")
    assert done.returncode == 0, done.stderr
    looking, started = done.stdout.splitlines()
    assert looking == "Looking for Chrome, Chromium or Edge."
    assert started.endswith(f"starts: {BROWSER}")
    assert any(name in started for name in ("Chrom", "Edge"))


def test_without_browser_or_network_the_systems_package_is_installed_once(machine):
    first = install(machine)
    assert first.returncode == 0, first.stderr
    said = first.stdout.splitlines()
    assert said[1] == "No Chromium, Chrome or Edge was found to render with."
    assert said[3].startswith("Chrome for Testing can't be downloaded: ")
    assert said[4] == "Installing the package chromium with apt-get."
    assert said[5].endswith(f"starts: {machine}/bin/chromium")
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


def test_a_browser_that_does_not_start_is_not_taken_for_one(machine):
    broken = script(machine / "bin" / "chromium", "echo 'libnss3.so: cannot open' >&2; exit 127")
    script(machine / "bin" / "apt-get", f"rm -f {broken}; ln -s {BROWSER} {broken}")
    done = install(machine)
    assert done.returncode == 0, done.stderr
    assert "libnss3.so: cannot open" in done.stdout


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
    assert done.stderr.splitlines() == [
        f"plotly-nbext: {broken} --version failed (3):",
        "Correct or remove PLOTLY_NBEXT_BROWSER.",
    ]
    assert not (machine / "asked").exists()


def test_a_browser_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(browser_setup, "START_TIMEOUT", 0.2)
    with pytest.raises(browser_setup.BrowserFailed, match="didn't end within"):
        browser_setup.try_out(script(tmp_path / "chromium", "exec sleep 60"))


def test_trying_a_browser_out_leaves_nothing_behind(monkeypatch):
    with tempfile.TemporaryDirectory() as scratch:  # short: Chromium has a socket in it
        monkeypatch.setattr(tempfile, "tempdir", scratch)
        browser_setup.try_out(BROWSER)
        assert list(Path(scratch).iterdir()) == []


def test_a_program_that_is_no_browser_is_told_apart():
    program = shutil.which("true")
    with pytest.raises(browser_setup.BrowserFailed, match="shows no page"):
        browser_setup.try_out(program)


def test_no_browser_is_an_error_of_its_own():
    assert "install-browser" in str(BrowserNotFound())
