"""The body of a request that writes a grid: JSON as Chart Studio has it, or an Arrow stream."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from anyio import CancelScope
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from plotly_nbext.errors import ApiError
from plotly_nbext.server.arrow_body import ARROW, ArrowBody
from plotly_nbext.server.auth import identify, require_user
from plotly_nbext.server.bodies import MAX_BODY_BYTES, bad_request, beside, parse_fields, read_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request

__all__ = ["GridBody", "grid_body", "is_arrow"]

WRITE_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class GridBody:
    """What a request says.

    Attributes
    ----------
    fields : dict
        Its fields; of an Arrow stream, those beside the columns.
    digest : str
        The same for the same body at the same address; empty where no ``Idempotency-Key`` asks.
    table : ArrowBody, optional
        The columns of an Arrow stream.
    """

    fields: dict[str, Any]
    digest: str
    table: ArrowBody | None = None


def is_arrow(request: Request) -> bool:
    """Tell whether a body is an Arrow stream, by its ``Content-Type``."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == ARROW


@asynccontextmanager
async def grid_body(request: Request, *, early: bool = False) -> AsyncIterator[GridBody]:
    """Read the body of a user's request; an Arrow stream lies on disk until the context ends.

    Parameters
    ----------
    early : bool
        As for :func:`~plotly_nbext.server.bodies.read_json`.

    Raises
    ------
    AuthError
        401: the caller is nobody.
    ApiError
        413: the body is longer than the server takes.
    ValidationError
        400: it can't be read.
    """
    digest = _Digest(request)
    if not is_arrow(request):
        body = await read_json(request, early=early)
        digest.add(body)
        yield GridBody(await beside(parse_fields, body), digest.text)
        return
    require_user(await identify(request))
    file = await run_in_threadpool(_open, request.app.state.config.data)
    try:
        await _spool(request, file, digest)
        table = await run_in_threadpool(ArrowBody, file)
        yield GridBody(table.fields, digest.text, table)
    finally:
        with CancelScope(shield=True):
            # which frees its blocks on the disk
            await run_sync(file.close)


def _open(folder: Path | None) -> BinaryIO:
    """Make a file without a name: it is gone with the process that has it open."""
    return cast("BinaryIO", TemporaryFile(dir=folder))


async def _spool(request: Request, file: BinaryIO, digest: _Digest) -> None:
    """Write a body to disk while it comes."""

    def write(data: bytes) -> None:
        digest.add(data)
        file.write(data)

    announced = request.headers.get("content-length", "")
    # what is announced is refused before it is read
    _check_size(int(announced) if announced.isdecimal() else 0)
    received, waiting, size = 0, [], 0
    try:
        async for data in request.stream():
            received += len(data)
            _check_size(received)
            waiting.append(data)
            size += len(data)
            if size >= WRITE_BYTES:
                await run_in_threadpool(write, b"".join(waiting))
                waiting, size = [], 0
    except ClientDisconnect:
        raise bad_request("The body ends before its end.") from None
    await run_in_threadpool(write, b"".join(waiting))


def _check_size(size: int) -> None:
    if size > MAX_BODY_BYTES:
        raise ApiError(f"The body is longer than {MAX_BODY_BYTES:,} bytes.", status_code=413)


class _Digest:
    """What tells a request from another with the same key; nothing where none is given."""

    def __init__(self, request: Request) -> None:
        self._hash = None
        if "idempotency-key" in request.headers:
            address = f"{request.method} {request.url.path}?{request.url.query}\n"
            self._hash = hashlib.sha256(address.encode())

    def add(self, data: bytes) -> None:
        """Take the next part of the body."""
        if self._hash is not None:
            self._hash.update(data)

    @property
    def text(self) -> str:
        """All that was taken."""
        return self._hash.hexdigest() if self._hash is not None else ""
