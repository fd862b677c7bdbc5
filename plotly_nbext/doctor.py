"""``plotly-nbext doctor``: what is here, what is missing, and the command that mends it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
import sys
from dataclasses import dataclass
from importlib import metadata, util
from typing import TYPE_CHECKING

from plotly_nbext import __version__, service, settings
from plotly_nbext.errors import BrowserNotFound, PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    yield _server()
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
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        text = f"State folder {home} is open to others ({mode:04o})"
        yield Finding(text, f"chmod 700 '{home}'", required=False)
    else:
        yield Finding(f"State folder {home}, yours alone ({mode:04o})")


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
    yield _allowed_hosts(info)


def _server() -> Finding:
    """Tell which server is used, and why."""
    named = settings.named_server()
    if named is None:
        return Finding("Server: the local service, as no other one is named")
    try:
        account = settings.configured_account()
    except PlotlyNbextError as error:
        return Finding(error.message, error.hint)
    where = "the local service" if account is None else f"{account.url} as {account.username}"
    return Finding(f"Server: {where}, named by {named[1]}")


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
