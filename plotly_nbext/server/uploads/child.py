"""The process that reads a file: it may run out of memory or time, or abort, and nobody else does.

It is started with an empty environment in the upload's folder and told its job by a line of JSON
on stdin. Its stdin then stays open for as long as its parent lives.
"""

from __future__ import annotations

import errno
import gc
import os
import resource
import sys
import threading
import traceback
from pathlib import Path

import msgspec

from plotly_nbext.server.lean import keep_pandas_from_pyarrow
from plotly_nbext.server.uploads.limits import (
    CPU_SECONDS,
    MAX_RESULT_BYTES,
    MEMORY_BYTES,
    Unreadable,
)
from plotly_nbext.server.uploads.reader import read
from plotly_nbext.server.uploads.spool import BODY, OUTCOME, SPOOL, Job, Outcome, Spool

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def main() -> None:
    """Read the file, and leave the spool and the outcome beside it.

    Where the disk has no room for them, only the exit code can say so: it is ENOSPC.
    """
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MAX_RESULT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(limit)
        lower = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (lower, lower))
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # rows are lists without cycles, and many
    keep_pandas_from_pyarrow()
    try:
        Path(OUTCOME).write_bytes(msgspec.json.encode(_read(job)))
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        sys.exit(errno.ENOSPC)


def _read(job: Job) -> Outcome:
    try:
        with Path(SPOOL).open("wb") as file:
            spool = Spool(file, job.chunk_rows)
            read(Path(BODY), job.name, spool)
    except Unreadable as error:
        return Outcome(refusal=str(error))
    except MemoryError:
        return Outcome(
            refusal=f"Reading the file takes more than {MEMORY_BYTES:,} bytes of memory."
        )
    except Exception as error:  # whatever it is, the sender has an answer
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            return Outcome(refusal=f"There is no room for what is in the file: {error.strerror}.")
        # a message may quote the file, which is not for the log
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        where = ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
        return Outcome(failure=f"{type(error).__name__} at {where}")
    return Outcome(tables=spool.tables, warnings=spool.warnings)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # past its buffer, which is locked while it is read
    os._exit(1)


if __name__ == "__main__":
    main()
