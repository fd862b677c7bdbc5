"""Who is asking, and what they may do.

HTTP Basic with an API key as the password (in ``Plotly-Authorization`` where ``Authorization``
belongs to a proxy), or the key as a Bearer token. A token of the hub that the server belongs to is
as good as a key, see :mod:`~plotly_nbext.server.hub`. A request without credentials is anonymous:
it may read what is public.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from plotly_nbext.errors import AuthError, PermissionDenied
from plotly_nbext.server.store import files, paths, users

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.datastructures import State
    from starlette.requests import Request

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.store.files import FileHead, FileRecord

__all__ = [
    "Caller",
    "bad_key",
    "caller_of",
    "has_credentials",
    "identify",
    "may_read",
    "may_write",
    "readable",
    "readable_at",
    "require_user",
    "secret_of",
    "writable",
    "writable_head",
]


@dataclass(frozen=True)
class Caller:
    """Whoever sent the request: a user (with a ``username``) or anonymous, maybe by share key."""

    username: str | None
    share_key: str | None = None


async def identify(request: Request) -> Caller:
    """Tell who sent a request.

    Raises
    ------
    AuthError
        There are credentials and they are wrong.
    """
    if has_credentials(request):
        return await run_in_threadpool(_identify, request)
    return _as(None, request)


def has_credentials(request: Request) -> bool:
    """Tell whether a request says who sent it; without, nobody has to be looked up."""
    return bool(_credentials(request))


def caller_of(request: Request, connection: Connection) -> Caller:
    """Tell who sent a request, as :func:`identify` does, in a transaction that answers it."""
    if not hasattr(request.state, "caller"):
        username = _username(request, connection)
        request.state.caller = _as(username, request)
    caller: Caller = request.state.caller
    return caller


def _identify(request: Request) -> Caller:
    with request.app.state.database.read() as connection:
        return caller_of(request, connection)


def _as(username: str | None, request: Request) -> Caller:
    return Caller(username, request.query_params.get("share_key"))


def _credentials(request: Request) -> str:
    headers = request.headers
    return headers.get("plotly-authorization") or headers.get("authorization", "")


def secret_of(request: Request) -> str:
    """Return the API key or the token that came with a request; empty for none, or a wrong form."""
    scheme, _, token = _credentials(request).partition(" ")
    match scheme.lower():
        case "basic":
            try:
                return _decode(token)[1]
            except AuthError:
                return ""
        case "bearer":
            return token.strip()
    return ""


def _username(request: Request, connection: Connection) -> str | None:
    state: State = request.app.state
    scheme, _, token = _credentials(request).partition(" ")
    match scheme.lower():
        case "basic":
            username, api_key = _decode(token)
            hub_user = _hub_user(request, connection)
            if hub_user is not None:
                if hub_user != username:
                    raise bad_key()
            elif state.config.accept_any_credentials:
                _welcome(state.database, connection, username, api_key)
            elif not users.verify(connection, username, api_key):
                raise bad_key()
            return username
        case "bearer":
            return _hub_user(request, connection) or _owner_of_key(connection, token.strip())
    return None


def _hub_user(request: Request, connection: Connection) -> str | None:
    """Return whose token came with a request, if it is one of the hub's."""
    found: str | Exception | None = getattr(request.state, "hub_user", None)
    if isinstance(found, Exception):
        raise found
    if found is not None and not users.exists(connection, found):
        raise bad_key()  # was removed since the hub was asked
    return found


def require_user(caller: Caller) -> str:
    """Return the caller's username.

    Raises
    ------
    AuthError
        The caller is anonymous.
    """
    if caller.username is None:
        raise AuthError("Authentication credentials were not provided.", status_code=401)
    return caller.username


def may_write(caller: Caller, file: FileHead) -> bool:
    """Tell whether the caller may change a file: its owner may."""
    return caller.username == file.owner


def may_read(caller: Caller, file: FileHead) -> bool:
    """Tell whether the caller may see a file: public, theirs, or shared by its key."""
    shared = file.share_key_enabled and compare_digest(
        (caller.share_key or "").encode(), file.share_key.encode()
    )
    return file.world_readable or shared or may_write(caller, file)


def readable(
    connection: Connection,
    caller: Caller,
    fid: str,
    filetype: str | None = None,
    *,
    kept: bool = False,
) -> FileRecord:
    """Return a file that the caller may see; no one changes it meanwhile if it is ``kept``.

    Raises
    ------
    NotFoundError
        There is none, it is of another type, in the trash, or not for the caller to know of.
    """
    find = files.kept_head if kept else files.head
    head = _find(connection, caller, fid, filetype, trashed=False, find=find)
    if not may_read(caller, head):
        raise files.not_found()
    return files.load(connection, head)


def readable_at(
    connection: Connection,
    caller: Caller,
    path: str,
    *,
    owner: str,
    parent: int,
    filetype: str | None = None,
) -> FileRecord:
    """Return a file that the caller may see, by its path.

    The file is what counts: a public one in a private folder is found by whoever knows its path,
    as by whoever knows its fid. A private folder, and what is not there, is not found.

    Raises
    ------
    NotFoundError
        As for :func:`readable`.
    """
    head = paths.at(connection, owner, parent, path)
    if head is None or filetype not in (None, head.filetype) or not may_read(caller, head):
        raise files.not_found()
    return files.load(connection, head)


def writable(
    connection: Connection,
    caller: Caller,
    fid: str,
    filetype: str | None = None,
    *,
    trashed: bool = False,
) -> FileRecord:
    """Return a file that the caller may change; one in the trash only when ``trashed`` is true.

    Raises
    ------
    NotFoundError
        As for :func:`readable`.
    AuthError
        The file may be read, and the caller is anonymous.
    PermissionDenied
        The file may be read, but not changed.
    """
    return files.load(connection, writable_head(connection, caller, fid, filetype, trashed=trashed))


def writable_head(
    connection: Connection,
    caller: Caller,
    fid: str,
    filetype: str | None = None,
    *,
    trashed: bool = False,
) -> FileHead:
    """Do as :func:`writable`, for a change that needs no more of the file."""
    # a stranger is refused, and neither waits for the owner's changes nor holds them up
    owns = caller.username == fid.partition(":")[0]
    find = files.locked_head if owns else files.head
    head = _find(connection, caller, fid, filetype, trashed=trashed, find=find)
    if may_write(caller, head):
        return head
    if head.trashed or not may_read(caller, head):
        raise files.not_found()
    require_user(caller)
    raise PermissionDenied("You do not have permission to perform this action.", status_code=403)


def _find(
    connection: Connection,
    caller: Caller,
    fid: str,
    filetype: str | None,
    *,
    trashed: bool,
    find: Callable[[Connection, str], FileHead | None] = files.head,
) -> FileHead:
    """Return what tells the rights; what is not there takes as long as what is not to be seen."""
    head = find(connection, fid)
    if head is None or filetype not in (None, head.filetype):
        raise files.not_found()
    if head.trashed and not trashed:
        raise files.InTrash() if may_write(caller, head) else files.not_found()
    return head


def _decode(token: str) -> tuple[str, str]:
    try:
        # some clients wrap the token at 76 characters
        decoded = base64.b64decode("".join(token.split()), validate=True)
    except (binascii.Error, ValueError):
        raise bad_key() from None
    username, colon, api_key = decoded.decode("latin-1").partition(":")
    # PostgreSQL takes no NUL, and nobody's name has one
    if not colon or "\0" in username:
        raise bad_key()
    return username, api_key


def _owner_of_key(connection: Connection, api_key: str) -> str:
    username = users.owner_of_key(connection, api_key)
    if username is None:
        raise bad_key()
    return username


def _welcome(database: Database, connection: Connection, username: str, api_key: str) -> None:
    """Make a user of whoever comes, for servers that accept any credentials."""
    if users.exists(connection, username):
        return
    if database.writes(connection):
        users.ensure(connection, username, api_key)
    else:
        with database.write() as writer:
            users.ensure(writer, username, api_key)


def bad_key() -> AuthError:
    """Make the one answer for a wrong key and for a user who is not there."""
    return AuthError("Bad API key", status_code=401)
