"""Make sure of a browser: the one that is here, else one that is downloaded or installed.

What counts as a browser that works is the renderer's business; the caller hands its trial over.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import socket
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext.errors import BrowserNotFound, PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["SetupError", "install"]

VARIABLE = "PLOTLY_NBEXT_BROWSER"

# seconds
NETWORK_TIMEOUT = 30
PACKAGE_TIMEOUT = 900


class SetupError(PlotlyNbextError):
    """A browser can't be fetched, or none that was fetched works."""


def install(try_out: Callable[[], str], say: Callable[[str], None]) -> None:
    """Find a browser that works, or get one.

    Parameters
    ----------
    try_out : Callable[[], str]
        Finds a browser, has it draw, and tells how that went; raises BrowserNotFound.
    say : Callable[[str], None]
        Told of each step in a line.

    Raises
    ------
    SetupError
        Nothing worked; the hint says what a person can do.
    BrowserNotFound
        Another browser would be no answer: the user named this one, or set it a condition.
    """
    for get in (_take_what_is_here, _download_chrome, _install_chromium):
        downloaded = None
        try:
            downloaded = get(say)
            say(try_out())
        except BrowserNotFound as error:
            if error.hint != BrowserNotFound.HINT:
                raise
            say(error.message)
            if downloaded and str(downloaded) not in error.message:
                _uncover(downloaded, try_out, say)
        except SetupError as error:
            say(error.message)
        else:
            return
    raise SetupError(
        "No browser that works could be found or installed.",
        hint="Install Chrome, Chromium or Edge as this machine does it "
        "(Debian, Ubuntu: `sudo apt-get install chromium`), "
        f"or name one in the environment variable {VARIABLE}.",
    )


def _uncover(program: Path, try_out: Callable[[], str], say: Callable[[str], None]) -> None:
    """Try a browser by its name, where one that does not work is found before it."""
    os.environ[VARIABLE] = str(program)
    try:
        say(try_out())
    except BrowserNotFound as error:
        say(error.message)
    else:
        raise SetupError(
            "The browser that was downloaded works, but another that doesn't is found first.",
            hint=f"Remove that one, or `export {VARIABLE}={shlex.quote(str(program))}` "
            "and run `plotly-nbext stop`.",
        )
    finally:
        del os.environ[VARIABLE]


def _take_what_is_here(say: Callable[[str], None]) -> None:
    say("Looking for Chrome, Chromium or Edge.")


def _download_chrome(say: Callable[[str], None]) -> Path:
    from choreographer.cli import get_chrome_sync

    say("Downloading Chrome for Testing (about 180 MB).")
    try:
        with _network_timeout():
            return Path(get_chrome_sync())
    except (OSError, RuntimeError, ValueError) as error:  # offline, no build for this machine, …
        raise SetupError(f"Chrome for Testing can't be downloaded: {error}") from None


def _install_chromium(say: Callable[[str], None]) -> None:
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    family = {system.get("ID"), *system.get("ID_LIKE", "").split()}
    if not family & {"debian", "ubuntu"}:
        raise SetupError("The package chromium is only installed on Debian and Ubuntu.")
    if os.geteuid() == 0:
        rights = []
    elif shutil.which("sudo"):
        rights = ["sudo", "-n"]
    else:
        raise SetupError("The package chromium can only be installed by root.")
    say("Installing the package chromium with apt-get.")
    # sudo passes no environment on
    apt_get = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    with suppress(SetupError):  # one broken source of packages does not spoil the others
        _run([*apt_get, "update"])
    _run([*apt_get, "install", "--no-install-recommends", "chromium"])
    with suppress(SetupError):  # needed where ordinary users may make no namespaces
        _run([*apt_get, "install", "chromium-sandbox"])


def _run(command: list[str]) -> None:
    """Run a command; raise SetupError with its last words if it fails."""
    words = shlex.join(command)
    try:
        done = subprocess.run(
            command,
            check=False,
            timeout=PACKAGE_TIMEOUT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise SetupError(f"{words} didn't end within {PACKAGE_TIMEOUT} seconds.") from None
    except OSError as error:
        raise SetupError(f"{words} can't be run: {error.strerror}.") from None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise SetupError("\n  ".join([f"{words} failed ({done.returncode}):", *last]))


@contextmanager
def _network_timeout() -> Iterator[None]:
    """Give up on a network that swallows packets; the download itself sets no time limit."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(NETWORK_TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
