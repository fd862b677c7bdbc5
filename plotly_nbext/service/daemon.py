"""The service's own side: step into the background, hold the folder, say where it is."""

from __future__ import annotations

import math
import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plotly_nbext import __version__
from plotly_nbext.errors import ServiceError
from plotly_nbext.service.locks import lease
from plotly_nbext.service.state import USERNAME, ServiceInfo, remove_state, write_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Duty", "on_duty"]

IDLE_VARIABLE = "PLOTLY_NBEXT_IDLE_TIMEOUT"
IDLE_SECONDS = 3600.0

PORT_FILE = "port"
MAX_PORT = 2**16 - 1


@dataclass(frozen=True)
class Duty:
    """What a process has to do to be the local service.

    Attributes
    ----------
    username, api_key : str
        The account that it gives to the user's notebooks; a new key each time.
    proof : str
        The secret with which it answers a challenge (see ``probe``).
    port : int
        Where it listens, if that is free: as the last time, so that the addresses of pages stay
        good while it comes and goes; 0, for any, the first time.
    idle_timeout : float or None
        Seconds without a request after which it ends; None for never.
    publish : Callable[[str, tuple[str, ...]], None]
        To be called when it answers, with its address and the hosts that it lets figures load
        from; lets its starter go.
    """

    username: str
    api_key: str = field(repr=False)
    proof: str = field(repr=False)
    port: int
    idle_timeout: float | None
    publish: Callable[[str, tuple[str, ...]], None]


@contextmanager
def on_duty(home: Path) -> Iterator[Duty]:
    """Be the local service of a state folder, from here to the end of the block.

    The process forks, and what was called ends: with exit code 0 when the service is published,
    with 1 when it ended before. What starts threads is to be imported inside the block.

    Raises
    ------
    ServiceError
        Another server holds the folder, or an environment variable is wrong.
    """
    report = _step_into_background()
    duty = Duty(
        username=USERNAME,
        api_key=secrets.token_hex(20),
        proof=secrets.token_hex(32),
        port=_port_of_last_time(home),
        idle_timeout=_idle_timeout(),
        publish=lambda url, hosts: _publish(home, duty, url, hosts, report),
    )
    with lease(home):
        try:
            yield duty
        finally:
            remove_state(home)


def _publish(
    home: Path, duty: Duty, url: str, hosts: tuple[str, ...], report: Callable[[], None]
) -> None:
    info = ServiceInfo(
        url=url,
        pid=os.getpid(),
        version=__version__,
        username=duty.username,
        api_key=duty.api_key,
        proof=duty.proof,
        allowed_hosts=hosts,
    )
    write_state(home, info)
    (home / PORT_FILE).write_text(str(urlsplit(url).port))
    report()


def _port_of_last_time(home: Path) -> int:
    """Return the port that the service had, or 0 if there was none."""
    try:
        port = int((home / PORT_FILE).read_text())
    except (OSError, ValueError):
        return 0
    return port if 0 < port <= MAX_PORT else 0


def _step_into_background() -> Callable[[], None]:
    read_end, write_end = os.pipe()
    if os.fork():
        os.close(write_end)
        os._exit(0 if os.read(read_end, 1) else 1)  # nothing to read: the child has ended
    os.close(read_end)

    def report() -> None:
        with suppress(BrokenPipeError):  # the starter was interrupted; the service is here to stay
            os.write(write_end, b"1")
        os.close(write_end)

    return report


def _idle_timeout() -> float | None:
    text = os.environ.get(IDLE_VARIABLE, str(IDLE_SECONDS))
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ServiceError(
            f"{IDLE_VARIABLE} is {text!r}; it takes a number of seconds, or 0 for never."
        )
    return seconds or None
