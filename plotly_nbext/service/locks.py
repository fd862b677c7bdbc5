"""Two locks on a state folder, both let go by the kernel when their holder dies.

The *turn* is held for as long as it takes to start or stop the local service. The *lease* is held
by a server for its whole life: one SQLite database has one server.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from plotly_nbext.errors import ServiceError
from plotly_nbext.service.state import read_state, remove_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["lease", "leased", "turn"]

LEASE = "server.lock"
TURN = "service.lock"
# longer than the glimpse of `leased`, so that nobody takes a look for a holder
LEASE_PATIENCE = 1.0


@contextmanager
def turn(home: Path, *, patience: float) -> Iterator[None]:
    """Be the only process that starts or stops the local service.

    Raises
    ------
    ServiceError
        Another process had the turn for all of `patience` seconds, or the folder can't be written.
    """
    with _locked(home / TURN, patience) as locked:
        if not locked:
            raise ServiceError(
                f"Another process has been starting or stopping the local service in {home} "
                f"for {patience:.0f} seconds.",
                hint="Try again; `plotly-nbext status` says how it is.",
            )
        yield


@contextmanager
def lease(folder: Path) -> Iterator[None]:
    """Be the only server on a data folder.

    Raises
    ------
    ServiceError
        Another server is, or the folder can't be written.
    """
    with _locked(folder / LEASE, LEASE_PATIENCE) as locked:
        if not locked:
            raise ServiceError(
                f"{_holder(folder)} uses the data folder {folder} already.",
                hint="Stop it (`plotly-nbext stop` if it is the local service), "
                "or name another folder with --data.",
            )
        remove_state(folder)  # whoever wrote it is gone
        yield


def leased(folder: Path) -> bool:
    """Tell whether a server is on the folder, be it starting, serving or stopping."""
    with _locked(folder / LEASE, patience=0) as locked:
        return not locked


def _holder(folder: Path) -> str:
    info = read_state(folder)
    return f"The local service (process {info.pid})" if info else "Another server"


@contextmanager
def _locked(path: Path, patience: float) -> Iterator[bool]:
    from filelock import FileLock, Timeout  # 40 ms, for those who start or stop only

    lock = FileLock(path, timeout=patience, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        pass  # the caller says what that means
    except OSError as error:
        raise ServiceError(
            f"The folder {path.parent} can't be written: {error.strerror}.",
            hint="Name another one: in PLOTLY_NBEXT_HOME, or with --data for `plotly-nbext serve`.",
        ) from None
    try:
        yield lock.is_locked
    finally:
        lock.release()
