"""The body of an upload → a file on disk: raw, or one file field of a multipart form."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from plotly_nbext.errors import ApiError, ValidationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from starlette.requests import Request

__all__ = ["receive"]

_WRITE_BYTES = 1 << 20
_MAX_FIELDS = 20
# what a form may say, and the header that says the same
_HEADERS = {
    "filename": "x-file-name",
    "world_readable": "plotly-world-readable",
    "parent": "plotly-parent",
    "parent_path": "plotly-parent-path",
}


async def receive(request: Request, target: Path, max_bytes: int) -> dict[str, str]:
    """Write the file that a request sends to disk, while it comes.

    Parameters
    ----------
    request : Request
        The upload; its caller is known to be allowed to make it.
    target : Path
        Where the file goes.
    max_bytes : int
        The most that the body may have.

    Returns
    -------
    dict of str
        What the request says of the file, in headers or in fields of a form, which win:
        ``filename``, ``world_readable``, ``parent``, ``parent_path``.

    Raises
    ------
    ApiError
        413: the body is too long. 400: it is no form though it says so, or it ends too early.
    """
    said = {
        field: _header_text(request, header)
        for field, header in _HEADERS.items()
        if header in request.headers
    }
    try:
        if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            return await _receive_form(request, target, max_bytes, said)
        await _receive_raw(request, target, max_bytes)
    except ClientDisconnect:
        raise ValidationError("The body ends before its end.", status_code=400) from None
    return said


async def _receive_raw(request: Request, target: Path, max_bytes: int) -> None:
    waiting = bytearray()
    with target.open("wb") as file:
        async for data in _limited(request, max_bytes):
            waiting += data
            if len(waiting) >= _WRITE_BYTES:
                await run_in_threadpool(file.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(file.write, bytes(waiting))


async def _receive_form(
    request: Request, target: Path, max_bytes: int, said: dict[str, str]
) -> dict[str, str]:
    parser = MultiPartParser(
        request.headers, _limited(request, max_bytes), max_files=1, max_fields=_MAX_FIELDS
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise ValidationError(f"The form can't be read: {error.message}", status_code=400) from None
    try:
        sent = [value for value in form.values() if isinstance(value, UploadFile)]
        if not sent:
            raise ValidationError(
                "The form has no file: send it as a field with a filename.",
                status_code=400,
                field="file",
            )
        await run_in_threadpool(_copy, sent[0], target)
        fields = {
            field: value
            for field in _HEADERS
            if isinstance(value := form.get(field), str) and value
        }
        own_name = {"filename": sent[0].filename} if sent[0].filename else {}
        return own_name | said | fields
    finally:
        await form.close()


def _copy(source: UploadFile, target: Path) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(source.file, file, _WRITE_BYTES)


async def _limited(request: Request, max_bytes: int) -> AsyncGenerator[bytes]:
    """Read the body, and not more of it than there may be."""
    announced = request.headers.get("content-length", "")
    received = int(announced) if announced.isdecimal() else 0
    # what is announced is refused before it is read
    _check_size(received, max_bytes)
    received = 0
    async for data in request.stream():
        received += len(data)
        _check_size(received, max_bytes)
        yield data


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise ApiError(
            f"The file is too big: uploads may have {max_bytes:,} bytes.", status_code=413
        )


def _header_text(request: Request, name: str) -> str:
    """Read a header as UTF-8, percent-encoded or not, or as the latin-1 that headers are."""
    raw = request.headers[name].encode("latin-1")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
