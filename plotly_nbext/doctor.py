"""``plotly-nbext doctor``: what is here, what is missing, and the command that mends it."""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import stat
import sys
import warnings
from dataclasses import dataclass
from importlib import metadata, util
from typing import TYPE_CHECKING

from plotly_nbext import __version__, accounts, service, settings
from plotly_nbext.accounts import servers
from plotly_nbext.errors import BrowserNotFound, PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from plotly_nbext.accounts import Account
    from plotly_nbext.service import ServiceInfo

__all__ = ["DEMO_MODULES", "Finding", "examine", "listed"]

DEMO_MODULES = ("ipykernel", "nbclient", "nbconvert")


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes
    ----------
    text : str
        What was found, in plain words.
    mend : str or None
        The command that mends it; None when all is well.
    required : bool
        Whether something does not work as long as it isn't mended.
    """

    text: str
    mend: str | None = None
    required: bool = True

    def __str__(self) -> str:
        return f"✗ {self.text}\n    → {self.mend}" if self.mend else f"✓ {self.text}"


def examine() -> Iterator[Finding]:
    """Look at everything that the package needs, cheapest first."""
    yield Finding(f"Python {platform.python_version()}: {sys.executable}")
    yield _packages()
    yield from _state_folder()
    yield from _local_service()
    yield from _server()
    yield _browser()
    yield _eps()
    yield _demo()


def listed(hosts: Sequence[str]) -> str:
    """Put the hosts that are allowed into words."""
    return ", ".join(hosts) or "none"


def _packages() -> Finding:
    own = f"plotly_nbext {__version__}"
    try:
        requirements = metadata.requires("plotly_nbext") or []
    except metadata.PackageNotFoundError:
        return Finding(f"{own} is not installed, only found", "pip install plotly_nbext")
    names = [
        match.group()
        for line in requirements
        if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))
    ]
    versions = {name: _version(name) for name in sorted(names)}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        return Finding(f"{own} lacks {', '.join(missing)}", f"pip install {' '.join(missing)}")
    return Finding(f"{own}, " + ", ".join(f"{name} {versions[name]}" for name in versions))


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _state_folder() -> Iterator[Finding]:
    try:
        home = settings.home()
    except PlotlyNbextError as error:
        yield Finding(error.message, "export PLOTLY_NBEXT_HOME=… with a folder of your own")
        return
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(f"State folder {home} can't be written", f"chmod u+rwx '{home}'")
        return
    yield from _open_files(home)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        servers.at("")  # tells of a list that is broken
    yield from _told(caught)
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        text = f"State folder {home} is open to others ({mode:04o})"
        yield Finding(text, f"chmod 700 '{home}'", required=False)
    else:
        yield Finding(f"State folder {home}, yours alone ({mode:04o})")


def _open_files(home: Path) -> Iterator[Finding]:
    """Find files with keys, or with data, that others may read."""
    for path in sorted(home.iterdir()) if stat.S_IMODE(home.stat().st_mode) & 0o011 else ():
        if path.is_file() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            text = f"{path} is open to others ({mode:04o})"
            yield Finding(text, f"chmod 600 '{path}'", required=False)


def _local_service() -> Iterator[Finding]:
    try:
        info = service.find()
    except PlotlyNbextError as error:
        yield Finding(error.message, "plotly-nbext status")
        return
    if info is None:
        yield Finding("Local service: not running; it starts on first use")
    else:
        yield Finding(f"Local service {info.version}: {info.url}, process {info.pid}")
        yield _rendering(info)
    yield _allowed_hosts(info)


def _rendering(info: ServiceInfo) -> Finding:
    """Have the running service draw: it keeps the environment that it was started in."""
    from plotly_nbext.client import Client

    account = accounts.Account(info.url, info.username, info.api_key)
    figure = {"data": [], "layout": {"title": {"text": secrets.token_hex()}}}  # in no cache
    try:
        Client(lambda: account).render(figure, width=100, height=100, progress=False, warn=False)
    except PlotlyNbextError as error:
        text = f"The local service draws nothing: {error.message}"
        return Finding(text, error.hint or "plotly-nbext stop, and it starts anew on use")
    return Finding("The local service draws: it has a browser that works")


def _server() -> Iterator[Finding]:
    """Tell which server is used, and why, and what is wrong with the files that may name one."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        findings = [*_used_server()]
    yield from _told(caught)
    yield from findings


def _told(caught: list[warnings.WarningMessage]) -> Iterator[Finding]:
    for warning in caught:
        said, _, command = str(warning.message).partition(" Run: ")
        yield Finding(said, command or "correct that file, or remove it", required=False)


def _used_server() -> Iterator[Finding]:
    try:
        target, account = accounts.find_target(), accounts.resolve()
    except PlotlyNbextError as error:
        yield Finding(error.message, error.hint)
        return
    if target is None:
        yield Finding("Server: the local service, as no other one is named")
    elif account is None:
        yield Finding(f"Server: the local service, named by {target.named_by}")
    else:
        yield Finding(f"Server: {account.url} as {account.username}, named by {target.named_by}")
        yield _signed_in(account)


def _signed_in(account: Account) -> Finding:
    """Ask the server who we are: nothing else tells whether it takes the key."""
    from plotly_nbext.client import Client

    try:
        seen = Client(lambda: account).whoami()
    except PlotlyNbextError as error:
        return Finding(error.message, error.hint or f"look at what {account.url} is")
    return Finding(f"The server knows you as {seen}")


def _allowed_hosts(info: ServiceInfo | None) -> Finding:
    try:
        from plotly_nbext.server.config import HOSTS_VARIABLE, hosts_of_environment

        named = hosts_of_environment()
    except ImportError as error:
        return _not_loaded(error)
    except PlotlyNbextError as error:
        return Finding(error.message, error.hint)
    hosts = named if info is None else info.allowed_hosts
    text = f"Allowed hosts: {listed(hosts)}"
    if named and set(named) != set(hosts):  # without the variable, a notebook may have set it
        text += f"; {HOSTS_VARIABLE} names others than when the service was started"
        return Finding(text, "plotly-nbext stop", required=False)
    return Finding(text)


def _browser() -> Finding:
    try:
        from plotly_nbext.server.rendering import sandbox, trial

        tried = trial.try_out()
    except ImportError as error:
        return _not_loaded(error)
    except BrowserNotFound as error:
        return Finding(error.message, error.hint)
    # root has chosen to be root
    mend = tried.lack.mend if tried.lack and tried.lack is not sandbox.FOR_ROOT else None
    return Finding(str(tried), mend, required=False)


def _eps() -> Finding:
    program = shutil.which("pdftops")
    if program:
        return Finding(f"eps is written by poppler: {program}")
    return Finding(
        "No eps without poppler's pdftops", "apt-get install poppler-utils", required=False
    )


def _not_loaded(error: ImportError) -> Finding:
    return Finding(f"The server can't be loaded: {error}", "pip install plotly_nbext")


def _demo() -> Finding:
    missing = [name for name in DEMO_MODULES if util.find_spec(name) is None]
    if missing:
        text = f"`plotly-nbext demo` lacks {', '.join(missing)}"
        return Finding(text, 'pip install "plotly_nbext[demo]"', required=False)
    return Finding("`plotly-nbext demo` has what it needs: " + ", ".join(DEMO_MODULES))
