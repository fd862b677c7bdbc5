"""Find, start and stop the local service."""

from __future__ import annotations

import os
import signal
import site
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from plotly_nbext import __version__, settings
from plotly_nbext.errors import ServiceError
from plotly_nbext.service import private
from plotly_nbext.service.locks import leased, turn
from plotly_nbext.service.probe import answers
from plotly_nbext.service.state import ServiceInfo, read_state

__all__ = ["ensure", "find", "stop"]

COMMAND = "service"
LOG = "service.log"
LOG_TAIL_LINES = 12
POLL = 0.05
# seconds
START_PATIENCE = 60.0
HOLDER_PATIENCE = 15.0
TERMINATE_PATIENCE = 10.0
KILL_PATIENCE = 5.0
TURN_PATIENCE = START_PATIENCE + HOLDER_PATIENCE + TERMINATE_PATIENCE + KILL_PATIENCE


def find(home: Path | None = None) -> ServiceInfo | None:
    """Find the local service, proved to be alive and to be itself.

    Parameters
    ----------
    home : Path, optional
        The state folder; :func:`plotly_nbext.settings.home` without one.

    Returns
    -------
    ServiceInfo or None
        None when no service answers.
    """
    info = read_state(home or settings.home())
    return info if info and answers(info) else None


def ensure(home: Path | None = None) -> ServiceInfo:
    """Find the local service, or start it.

    However many processes ask at once, one service is started. One of another version of
    plotly_nbext is replaced.

    Parameters
    ----------
    home : Path, optional
        The state folder; :func:`plotly_nbext.settings.home` without one.

    Raises
    ------
    ServiceError
        It can't be started; the message has the last lines of its log.
    """
    home = home or settings.home()
    info = find(home)
    if info and info.version == __version__:
        return info
    with turn(home, patience=TURN_PATIENCE):
        info = _proved_holder(home)
        if info and info.version != __version__:
            _end(home, info)
            info = None
        elif info is None and leased(home):
            raise _unproved_holder(home)
        return info or _start(home)


def stop(home: Path | None = None) -> bool:
    """Stop the local service; requests that it has begun are answered first.

    Returns
    -------
    bool
        Whether there was one.

    Raises
    ------
    ServiceError
        It can't be ended.
    """
    home = home or settings.home()
    with turn(home, patience=TURN_PATIENCE):
        if read_state(home) is None or not leased(home):
            return False
        info = _proved_holder(home)
        if info:
            _end(home, info)
        elif leased(home):
            raise _unproved_holder(home)
        return True


def _proved_holder(home: Path) -> ServiceInfo | None:
    """Wait for the server that holds the folder, which may start, be busy or end just now."""
    deadline = time.monotonic() + HOLDER_PATIENCE
    while leased(home) and time.monotonic() < deadline:
        if info := find(home):
            return info
        time.sleep(POLL)
    return None


def _unproved_holder(home: Path) -> ServiceError:
    state = read_state(home)
    if state is None:
        return ServiceError(
            f"A server that is not the local service uses the state folder {home}.",
            hint="Stop that `plotly-nbext serve`, or connect to it with plotly_nbext.connect().",
        )
    return ServiceError(
        f"The local service (process {state.pid}) doesn't answer.",
        hint=f"`kill -9 {state.pid}` ends it; what it has acknowledged is on disk.",
    )


def _end(home: Path, info: ServiceInfo) -> None:
    """End a service that has just been proved, so that its process is surely its own."""
    for number, patience in (
        (signal.SIGTERM, TERMINATE_PATIENCE),
        (signal.SIGKILL, KILL_PATIENCE),
    ):
        with suppress(ProcessLookupError):
            os.kill(info.pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not leased(home):
                return
            time.sleep(POLL)
    raise ServiceError(
        f"The local service (process {info.pid}) can't be ended.",
        hint=f"`kill -9 {info.pid}` ends it; what it has acknowledged is on disk.",
    )


def _start(home: Path) -> ServiceInfo:
    """Start the service's process; it steps into the background when it answers."""
    log = home / LOG
    try:
        if log.exists():
            log.replace(log.with_suffix(".log.1"))  # a run's log each, of two runs
        with (
            private.create(log) as output,
            subprocess.Popen(
                # -P: a json.py in the working folder is nothing to us
                [sys.executable, "-P", "-m", "plotly_nbext", COMMAND],
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # outlives the notebook, and its Ctrl-C
                umask=0o077,
            ) as process,
        ):
            try:
                process.wait(START_PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
    except OSError as error:
        raise ServiceError(
            f"The local service can't be started: {error.strerror or error}.",
            hint=f"`plotly-nbext doctor` looks for what is missing; its folder is {home}.",
        ) from None
    # the one just started, or one that was quicker because its starter was killed half-way
    info = _proved_holder(home)
    if info is None:
        tail = log.read_text("utf-8", "replace").splitlines()[-LOG_TAIL_LINES:]
        raise ServiceError(
            "\n".join(["The local service didn't start. The end of its log:", *tail]),
            hint=f"The whole log is {log}; `plotly-nbext doctor` looks for what is missing.",
        )
    return info


def _environment(home: Path) -> dict[str, str]:
    """Let the service, which runs in another folder, import this same package."""
    package_root = str(Path(__file__).resolve().parents[2])
    search = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [str(Path(path).resolve()) for path in search if path]
    # site-packages must not come before the standard library
    if package_root not in {*paths, *site.getsitepackages(), site.getusersitepackages()}:
        paths.append(package_root)
    environment = {**os.environ, "PLOTLY_NBEXT_HOME": str(home)}
    if paths:
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment
