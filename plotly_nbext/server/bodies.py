"""Request bodies as three generations of clients send them.

JSON, or form fields whose values are JSON-encoded strings; booleans as ``true``, ``"true"`` or
``"True"``. What can't be understood is refused by the name of its field.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError, ValidationError
from plotly_nbext.server.auth import has_credentials, identify, require_user

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

__all__ = [
    "BODY_DEPTH",
    "PART_BYTES",
    "announced",
    "as_bool",
    "as_int",
    "as_object",
    "bad_request",
    "beside",
    "decode",
    "form_as_json",
    "is_form",
    "is_short",
    "known",
    "parse_fields",
    "read_fields",
    "read_json",
    "received",
    "unjson",
    "value_of",
]

T = TypeVar("T")

PART_BYTES = 1 << 20
SHORT_BYTES = 16_384
# what is told again later lies deeper in the answer than in the request
BODY_DEPTH = json.MAX_DEPTH - 10
MAX_INT = 2**31 - 1
FORM = "application/x-www-form-urlencoded"


def bad_request(message: str, field: str | None = None) -> ValidationError:
    """Make a 400 that names its field."""
    return ValidationError(message, status_code=400, field=field)


async def received(request: Request, most: int | None = None) -> AsyncIterator[bytes]:
    """Receive a body in parts of a megabyte or more, the last of the rest; none is empty.

    Parameters
    ----------
    most : int, optional
        How many bytes it may have; by default what the operator says of JSON.

    Raises
    ------
    ApiError
        413: it is longer than the server takes; what is announced is refused before it is read.
    """
    most = request.app.state.config.limits.body_bytes if most is None else most
    _check_size(announced(request) or 0, most)
    length, waiting, size = 0, [], 0
    try:
        async for data in request.stream():
            length += len(data)
            _check_size(length, most)
            waiting.append(data)
            size += len(data)
            if size >= PART_BYTES:
                yield b"".join(waiting)
                waiting, size = [], 0
    except ClientDisconnect:  # nobody is told, nor is it a fault of the server's for its log
        raise bad_request("The body ends before its end.") from None
    if size:
        yield b"".join(waiting)


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise ApiError(
            f"The body is longer than {most:,} bytes: send fewer columns or rows at a time.",
            status_code=413,
        )


async def read_json(request: Request, *, early: bool = False) -> bytes:
    """Read the body of a user's request as JSON text, which a form is made into.

    Parameters
    ----------
    early : bool
        Whether a short body may be read before it is known who the user is; the transaction in
        which its request is answered will tell.

    Raises
    ------
    AuthError
        401: the caller is nobody, and nothing is read for them.
    ApiError
        413: the body is longer than the server takes.
    """
    await known(request, early=early)
    # joined once, where a bytearray is copied with each of its growths and then again
    body = b"".join([part async for part in received(request)])
    return form_as_json(body) if is_form(request, body) else body


async def known(request: Request, *, early: bool) -> None:
    """Refuse who is nobody with 401; as for :func:`read_json`."""
    if not (early and has_credentials(request) and is_short(request)):
        require_user(await identify(request))


def is_form(request: Request, begun: bytes) -> bool:
    """Tell whether a body is a form, by its beginning too: some clients label JSON as one."""
    content_type = request.headers.get("content-type", "")
    is_json = begun.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    return content_type.startswith(FORM) and not is_json


def form_as_json(body: bytes) -> bytes:
    """Make JSON text of a form, whose values are strings.

    Raises
    ------
    ValidationError
        400: it is no form.
    """
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError:
        raise bad_request("The body is not a form: field=value&field=value …") from None
    return json.dumps(dict(fields))


async def read_fields(request: Request) -> dict[str, Any]:
    """Read a body as named fields, as :func:`read_json` does; an empty one has none."""
    return await beside(parse_fields, await read_json(request))


async def beside(read: Callable[[bytes], T], body: bytes) -> T:
    """Read a long body in a thread; a short one is read before a thread is found for it."""
    return read(body) if len(body) <= SHORT_BYTES else await run_in_threadpool(read, body)


def announced(request: Request) -> int | None:
    """Tell how long a request says that its body is, if it does."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None


def is_short(request: Request) -> bool:
    """Tell whether a body is so short that to wait for a thread takes longer than to read it."""
    length = announced(request)
    return length is not None and length <= SHORT_BYTES


def parse_fields(body: bytes) -> dict[str, Any]:
    """Read JSON text as named fields.

    Raises
    ------
    ValidationError
        400: it is not a JSON object.
    """
    if not body.strip():
        return {}
    try:
        fields = _loads(body)
    except ValueError as error:
        raise bad_request(f"The body can't be read: {error}") from None
    if not isinstance(fields, dict):
        raise bad_request(f"The body must be a JSON object, not {_kind(fields)}.")
    return fields


def decode(body: bytes, kind: type[T], *, keep_too_large: bool = False) -> T:
    """Read a body as members that stay the text that came: a dict of msgspec.Raw, or a struct.

    NaN and Infinity, which some encoders write, become null; beside them, a number that is too
    large is refused, or kept if asked.

    Raises
    ------
    ValidationError
        400: it is not a JSON object.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:
        content = json.loads(body, keep_too_large=keep_too_large)
    except ValueError as error:
        raise bad_request(f"The body can't be read: {error}") from None
    if not isinstance(content, dict):
        raise bad_request(f"The body must be a JSON object, not {_kind(content)}.")
    return msgspec.json.decode(json.dumps(content), type=kind)


def value_of(member: msgspec.Raw, field: str) -> Any:
    """Read a member that :func:`decode` gave; a number that is too large is no number: None."""
    try:
        return msgspec.json.decode(member)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_request(f"{field} can't be read: {error}", field) from None


def unjson(value: Any, field: str) -> Any:
    """Decode a field that may be sent as a JSON-encoded string."""
    if not isinstance(value, str):
        return value
    try:
        return _loads(value)
    except ValueError as error:
        raise bad_request(f"{field} is a string that can't be read: {error}", field) from None


def as_object(value: Any, field: str) -> dict[str, Any]:
    """Take an object, or a JSON-encoded string of one; null is an empty one."""
    decoded = unjson(value, field) if value not in (None, "") else {}
    if not isinstance(decoded, dict):
        raise bad_request(f"{field} must be an object, not {_kind(decoded)}.", field)
    return decoded


def as_bool(value: Any, field: str) -> bool:
    """Take a boolean in any of the forms that clients send."""
    if isinstance(value, bool):
        return value
    lowered = str(value).lower()
    if lowered in {"true", "1", "false", "0"}:
        return lowered in {"true", "1"}
    raise bad_request(f"{field} must be true or false, not {value!r}.", field)


def as_int(value: Any, field: str) -> int:
    """Take a whole number, or a string of one; no id, row or place is beyond 32 bits."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,4000}", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-MAX_INT, min(value, MAX_INT))
    raise bad_request(f"{field} must be a whole number, not {value!r}.", field)


def _loads(text: bytes | str) -> Any:
    return json.loads(text, max_depth=BODY_DEPTH)


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
