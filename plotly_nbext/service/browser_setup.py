"""Make sure of a browser: the one that is here, else one that is downloaded or installed.

What counts as found is the renderer's business; the caller hands its search over.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plotly_nbext.errors import BrowserNotFound, PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["VARIABLE", "BrowserFailed", "Trial", "install", "try_out"]

VARIABLE = "PLOTLY_NBEXT_BROWSER"

# seconds
START_TIMEOUT = 60
NETWORK_TIMEOUT = 30
PACKAGE_TIMEOUT = 900


class BrowserFailed(PlotlyNbextError):  # noqa: N818 - reads as what happened
    """A browser was found or fetched, and doesn't work.

    Parameters
    ----------
    message, hint : str
        As of every error.
    said : str
        All that the program said.
    """

    def __init__(self, message: str, *, hint: str | None = None, said: str = "") -> None:
        super().__init__(message, hint=hint)
        self.said = said


@dataclass(frozen=True)
class Trial:
    """How a browser started.

    Attributes
    ----------
    version : str
        Its name and version.
    sandboxed : bool
        Whether in its sandbox, which root does not get, nor an ordinary user everywhere.
    """

    version: str
    sandboxed: bool


def install(find: Callable[[], Path], say: Callable[[str], None]) -> Path:
    """Find a browser that starts, or get one.

    Parameters
    ----------
    find : Callable[[], Path]
        The renderer's search, which raises BrowserNotFound.
    say : Callable[[str], None]
        Told of each step in a line.

    Returns
    -------
    Path
        The browser that :func:`try_out` has started.

    Raises
    ------
    BrowserFailed
        Nothing worked; the hint says what a person can do.
    """
    for get in (_take_what_is_here, _download_chrome, _install_chromium):
        try:
            get(say)
            browser = find()
            trial = try_out(browser)
        except PlotlyNbextError as error:
            if os.environ.get(VARIABLE):  # the user's own choice: another browser is no answer
                raise BrowserFailed(error.message, hint=f"Correct or remove {VARIABLE}.") from None
            say(error.message if isinstance(error, BrowserNotFound) else str(error))
        else:
            say(f"{trial.version} starts: {browser}")
            return browser
    raise BrowserFailed(
        "No browser that starts could be found or installed.",
        hint="Install Chrome, Chromium or Edge as this machine does it "
        "(Debian, Ubuntu: `sudo apt-get install chromium`), "
        f"or name one in the environment variable {VARIABLE}.",
    )


def try_out(browser: Path) -> Trial:
    """Start a browser on an empty page, in its sandbox if it can.

    Raises
    ------
    BrowserFailed
        It doesn't start; the message has the end of what it said.
    """
    from plotly_nbext.server.rendering.sandbox import is_denied

    version = _run([str(browser), "--version"], START_TIMEOUT).strip()
    sandboxed = os.geteuid() != 0
    try:
        _show_page(browser, sandboxed=sandboxed)
    except BrowserFailed as error:
        if not (sandboxed and is_denied(error.said)):
            raise
        sandboxed = False
        _show_page(browser, sandboxed=sandboxed)
    return Trial(version, sandboxed)


def _show_page(browser: Path, *, sandboxed: bool) -> None:
    flags = ["--headless", "--no-first-run", "--disable-dev-shm-usage"]
    if not sandboxed:
        flags.append("--no-sandbox")
    # its last children may still write into the profile while that is removed
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [str(browser), *flags, f"--user-data-dir={profile}", "--dump-dom", "about:blank"]
        page = _run(command, START_TIMEOUT, TMPDIR=profile)
    if "<html" not in page:
        raise BrowserFailed(f"{browser} starts, but shows no page.")


def _take_what_is_here(say: Callable[[str], None]) -> None:
    say("Looking for Chrome, Chromium or Edge.")


def _download_chrome(say: Callable[[str], None]) -> None:
    from choreographer.cli import get_chrome_sync

    say("Downloading Chrome for Testing (about 180 MB).")
    try:
        with _network_timeout():
            get_chrome_sync()
    except (OSError, RuntimeError, ValueError) as error:  # offline, no build for this machine, …
        raise BrowserFailed(f"Chrome for Testing can't be downloaded: {error}") from None


def _install_chromium(say: Callable[[str], None]) -> None:
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    family = {system.get("ID"), *system.get("ID_LIKE", "").split()}
    if not family & {"debian", "ubuntu"}:
        raise BrowserFailed("The package chromium is only installed on Debian and Ubuntu.")
    if os.geteuid() == 0:
        rights = []
    elif shutil.which("sudo"):
        rights = ["sudo", "-n"]
    else:
        raise BrowserFailed("The package chromium can only be installed by root.")
    say("Installing the package chromium with apt-get.")
    # sudo passes no environment on
    apt_get = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    with suppress(BrowserFailed):  # one broken source of packages does not spoil the others
        _run([*apt_get, "update"], PACKAGE_TIMEOUT)
    _run([*apt_get, "install", "--no-install-recommends", "chromium"], PACKAGE_TIMEOUT)
    with suppress(BrowserFailed):  # needed where ordinary users may make no namespaces
        _run([*apt_get, "install", "chromium-sandbox"], PACKAGE_TIMEOUT)


def _run(command: list[str], timeout: float, **environment: str) -> str:
    """Return what a command prints; raise BrowserFailed with its last words if it fails."""
    words = shlex.join(command)
    try:
        done = subprocess.run(
            command,
            check=False,
            timeout=timeout,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise BrowserFailed(f"{words} didn't end within {timeout:.0f} seconds.") from None
    except OSError as error:
        raise BrowserFailed(f"{words} can't be run: {error.strerror}.") from None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        message = "\n  ".join([f"{words} failed ({done.returncode}):", *last])
        raise BrowserFailed(message, said=done.stderr)
    return done.stdout


@contextmanager
def _network_timeout() -> Iterator[None]:
    """Give up on a network that swallows packets; the download itself sets no time limit."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(NETWORK_TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
