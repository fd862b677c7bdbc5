"""What most endpoints do: know the caller, and answer from one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from anyio.to_thread import run_sync

from plotly_nbext.errors import ApiError
from plotly_nbext.server import auth
from plotly_nbext.server.bodies import announced, as_bool, as_int, as_object, bad_request
from plotly_nbext.server.conditional import is_as_seen
from plotly_nbext.server.connected import undone_if_gone, while_connected
from plotly_nbext.server.store import paths, users
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from anyio import CapacityLimiter
    from sqlalchemy import Connection
    from starlette.requests import Request

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.commits import Commits
    from plotly_nbext.server.store.files import FileHead

__all__ = ["base_url", "check_match", "parent_of", "reading", "writable_meta", "writing"]

T = TypeVar("T")

Growth: TypeAlias = Literal["by its body", "by more"]


async def reading(
    request: Request,
    answer: Callable[[Connection, Caller], T],
    lane: CapacityLimiter | None = None,
) -> T:
    """Run ``answer`` in a thread, in a transaction that reads."""
    return await _within(request, request.app.state.database.read, answer, lane)


async def writing(
    request: Request,
    answer: Callable[[Connection, Caller], T],
    *,
    short: bool = False,
    grows: Growth | None = None,
) -> T:
    """Run ``answer`` in a thread, in a transaction that writes: all of it or nothing is kept.

    It is undone if the caller has gone before the commit, who can't know what became of it.

    Parameters
    ----------
    short : bool
        Whether it takes about as long as a commit: then one commit will do for all that wait, gone
        or not.
    grows : str, optional
        By how much its user has more afterwards, which may be too much.
    """
    state = request.app.state

    def within_quota(connection: Connection, caller: Caller) -> T:
        result = answer(connection, caller)
        if grows and caller.username is not None:
            size = announced(request) if grows == "by its body" else None
            state.quotas.check(connection, caller.username, size)
        return result

    if short:
        commits: Commits = state.commits
        return await commits.make(
            lambda connection: within_quota(connection, auth.caller_of(request, connection)),
            line=request.url.path,
        )

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with state.database.write() as connection, undone_if_gone(connection):
            yield connection

    def answer_alone(connection: Connection, caller: Caller) -> T:
        # before what it changes is looked at; where one writes at a time, it is alone already
        owner = None if state.database.one_writer else caller.username
        if owner is not None and not users.lock(connection, owner):
            raise auth.bad_key()  # was removed since the key was looked at
        return within_quota(connection, caller)

    async def in_line() -> T:
        # one user's changes wait for each other anyway
        async with state.lanes.line(auth.secret_of(request)):
            return await _within(request, transaction, answer_alone, state.lanes.writing)

    return await while_connected(request, in_line())


async def _within(
    request: Request,
    transaction: Callable[[], AbstractContextManager[Connection]],
    answer: Callable[[Connection, Caller], T],
    lane: CapacityLimiter | None,
) -> T:
    def run() -> T:
        with transaction() as connection:
            return answer(connection, auth.caller_of(request, connection))

    return await run_sync(run, limiter=lane)


def check_match(request: Request, record: FileHead) -> None:
    """Refuse to change what is no longer as the caller saw it; ``If-Match`` is ours.

    Raises
    ------
    ApiError
        412: the header names another revision than the file's.
    """
    if not is_as_seen(request, record.revision):
        seen = request.headers["if-match"]
        raise ApiError(
            f"{record.fid} is at revision {record.revision}, no longer at {seen}.", status_code=412
        )


def base_url(request: Request) -> str:
    """Return the address that the client used."""
    return str(request.base_url).rstrip("/")


def parent_of(
    connection: Connection, owner: str, fields: Mapping[str, Any], default: int = HOME
) -> int:
    """Find the folder that ``parent`` and ``parent_path`` name; the path is made where missing."""
    parent = fields.get("parent")
    folder = default if parent in (None, "") else as_int(parent, "parent")
    path = fields.get("parent_path")
    if path in (None, ""):
        return folder
    if not isinstance(path, str):
        raise bad_request(f"parent_path must be a string, not {path!r}.", "parent_path")
    # a path alone starts at home, wherever the file lies now
    start = HOME if parent in (None, "") else folder
    return paths.ensure_folders(connection, owner, start, path)[0]


def writable_meta(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Pick the fields of a body that a file's owner may write, but for its place."""
    values: dict[str, Any] = {}
    if fields.get("filename") is not None:
        values["filename"] = fields["filename"]
    for name in ("world_readable", "share_key_enabled"):
        if fields.get(name) is not None:
            values[name] = as_bool(fields[name], name)
    if fields.get("metadata") is not None:
        values["metadata"] = as_object(fields["metadata"], "metadata")
    return values
