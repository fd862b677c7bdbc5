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

from plotly_nbext.server.arrow_body import ARROW, MAX_BYTES, ArrowBody
from plotly_nbext.server.auth import identify, require_user
from plotly_nbext.server.bodies import (
    PART_BYTES,
    beside,
    form_as_json,
    is_form,
    known,
    parse_fields,
    received,
)
from plotly_nbext.server.json_body import JsonBody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection
    from pathlib import Path

    from starlette.requests import Request

__all__ = ["GridBody", "grid_body", "is_arrow"]

MAX_WHOLE_BYTES: Final = 100_000_000


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
    encoded : collection of str
        Which fields of a long body were JSON-encoded strings; they are not any more.
    """

    fields: dict[str, Any]
    digest: str
    table: ArrowBody | None = None
    encoded: Collection[str] = ()


def is_arrow(request: Request) -> bool:
    """Tell whether a body is an Arrow stream, by its ``Content-Type``."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == ARROW


@asynccontextmanager
async def grid_body(
    request: Request, *, early: bool = False, whole: bool = False
) -> AsyncIterator[GridBody]:
    """Read the body of a user's request; a long one lies on disk until the context ends.

    The values of columns in long JSON are ``SpooledValues`` then.

    Parameters
    ----------
    early : bool
        As for :func:`~plotly_nbext.server.bodies.read_json`.
    whole : bool
        Whether JSON is read into memory, up to a tenth of what a body may else be.

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
    if is_arrow(request):
        require_user(await identify(request))
        async with _spool(request) as file:

            def write(part: bytes) -> None:
                digest.add(part)
                file.write(part)

            async for part in received(request, MAX_BYTES):
                await run_in_threadpool(write, part)
            table = await run_in_threadpool(ArrowBody, file)
            yield GridBody(table.fields, digest.text, table)
        return
    await known(request, early=early)
    most: int = request.app.state.config.limits.body_bytes
    parts = received(request, min(most, MAX_WHOLE_BYTES) if whole else most)
    begun, more = await anext(parts, b""), await anext(parts, b"")
    if whole or not more:
        text = b"".join([begun, more, *[part async for part in parts]])
        if is_form(request, text):
            text = form_as_json(text)
        digest.add(text)
        yield GridBody(await beside(parse_fields, text), digest.text)
        return
    async with _spool(request) as file:
        body = JsonBody(file)

        def feed(part: bytes) -> None:
            digest.add(part)
            body.feed(part)

        async for part in _as_json(request, begun, more, parts):
            await run_in_threadpool(feed, part)
        fields = await run_in_threadpool(body.fields)
        yield GridBody(fields, digest.text, encoded=body.encoded)


async def _as_json(
    request: Request, begun: bytes, more: bytes, parts: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    """Give a long body in parts; a form has to be read as a whole."""
    if is_form(request, begun):
        form = b"".join([begun, more, *[part async for part in parts]])
        text = await run_in_threadpool(form_as_json, form)
        for start in range(0, len(text), PART_BYTES):
            yield text[start : start + PART_BYTES]
        return
    yield begun
    yield more
    async for part in parts:
        yield part


def _open(folder: Path | None) -> BinaryIO:
    return cast("BinaryIO", TemporaryFile(dir=folder))


@asynccontextmanager
async def _spool(request: Request) -> AsyncIterator[BinaryIO]:
    """Make a file without a name: it is gone with the process that has it open."""
    folder = request.app.state.config.data
    file = await run_in_threadpool(_open, folder)
    try:
        yield file
    finally:
        with CancelScope(shield=True):
            # which frees its blocks on the disk
            await run_sync(file.close)


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
