"""Reading uploads in child processes, a few at a time."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import sys
from typing import TYPE_CHECKING

import msgspec
from anyio import CancelScope

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.uploads.limits import CPU_SECONDS, MEMORY_BYTES, WALL_SECONDS
from plotly_nbext.server.uploads.spool import OUTCOME, Job, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.server.metrics import Metrics

__all__ = ["Parser"]

AT_ONCE = 2
CHILD = "plotly_nbext.server.uploads.child"

logger = logging.getLogger("plotly_nbext.server")


class Parser:
    """Reads the files of a server's uploads.

    Parameters
    ----------
    metrics : Metrics
        Whom to tell how it went.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._metrics = metrics

    async def parse(self, folder: Path, job: Job) -> Outcome:
        """Read the body in a folder; the spool is then beside it.

        Raises
        ------
        ValidationError
            400: it can't be read; the message says why.
        OSError
            The disk has no room for what was read.
        """
        async with self._turns:
            ended = await _run(folder, job)
        if ended == errno.ENOSPC:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        outcome = _outcome(folder)
        if outcome is None:
            logger.warning("a file could not be read: the reader ended with %s", ended)
            refusal = (
                f"The file can't be read within {MEMORY_BYTES:,} bytes of memory and "
                f"{CPU_SECONDS} seconds: it is damaged, or holds more than it seems."
            )
        elif outcome.failure:
            logger.warning("a file could not be read: %s", outcome.failure)
            refusal = "The file can't be read: it is damaged, or unlike others of its kind."
        else:
            refusal = outcome.refusal
        is_read = outcome is not None and not refusal
        self._metrics.count("uploads", outcome="read" if is_read else "refused")
        if outcome is None or refusal:
            raise ValidationError(refusal, status_code=400)
        return outcome


async def _run(folder: Path, job: Job) -> int | None:
    """Run the child to its end and return its exit code; None if it took too long."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=folder,
        env=_environment(),
        start_new_session=True,
    )
    try:
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        process.stdin.write(msgspec.json.encode(job) + b"\n")
        async with asyncio.timeout(WALL_SECONDS):
            return await process.wait()
    except TimeoutError:
        return None
    finally:
        with CancelScope(shield=True):
            if process.returncode is None:
                process.kill()
            await process.wait()


def _environment() -> dict[str, str]:
    """Say where the code is, and nothing else; threads would reserve memory that they don't use."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }


def _outcome(folder: Path) -> Outcome | None:
    try:
        return msgspec.json.decode((folder / OUTCOME).read_bytes(), type=Outcome)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
