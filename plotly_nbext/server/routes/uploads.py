"""``/v2/grids/upload``: a file of tables becomes a grid, or a folder of grids."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from anyio import CancelScope

from plotly_nbext.errors import ApiError
from plotly_nbext.server.auth import identify, readable, require_user
from plotly_nbext.server.bodies import as_bool
from plotly_nbext.server.representation import created, file_meta, grid_meta
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url, parent_of, writing
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import FOLDER, GRID, MAX_FILENAME
from plotly_nbext.server.store.grids import ColumnText
from plotly_nbext.server.store.schema import CHUNK_ROWS
from plotly_nbext.server.uploads.receive import receive
from plotly_nbext.server.uploads.spool import BODY, SPOOL, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.uploads.spool import Span, Table

__all__ = ["routes"]

T = TypeVar("T")


def routes(path: str) -> list[Route]:
    """List the routes."""
    return [resource(path, POST=upload)]


async def upload(request: Request) -> Response:
    """POST /v2/grids/upload: read the file that is the body, or a form's; 201.

    It lies in a folder of its own until it is read, and no transaction is open meanwhile.
    """
    require_user(await identify(request))
    state = request.app.state
    with state.upload_folders.new() as name:
        folder = Path(name)
        said = await receive(request, folder / BODY, state.config.max_upload_bytes)
        world_readable = as_bool(said.get("world_readable", False), "world_readable")
        filename = said.get("filename") or None
        reading = state.parser.parse(folder, Job(filename or "", CHUNK_ROWS))
        outcome = await _while_connected(request, reading)
        warnings = [*outcome.warnings]

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            owner = require_user(caller)
            make = partial(files.create, connection, owner=owner, world_readable=world_readable)
            parent = parent_of(connection, owner, said)
            with (folder / SPOOL).open("rb") as spool:
                if len(outcome.tables) == 1:
                    grid = make(filetype=GRID, filename=filename, parent=parent)
                    grids.load_columns(connection, grid, _columns(outcome.tables[0], spool))
                    grid = readable(connection, caller, grid.fid)
                    return grid_meta(connection, grid, caller, base_url(request))
                top = make(filetype=FOLDER, filename=filename, parent=parent)
                tree = _Tree(make, top.idlocal, warnings)
                for table in outcome.tables:
                    grids.load_columns(connection, tree.grid(table.path), _columns(table, spool))
            return file_meta(connection, top, caller, base_url(request))

        meta = await writing(request, answer)
    return JSONResponse(created(meta, warnings), 201)


async def _while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Give work up once the client has gone away: they will send the file again."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ApiError("The client has gone away.", status_code=400)
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        with CancelScope(shield=True):
            await asyncio.wait({working, leaving})


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _columns(table: Table, spool: BinaryIO) -> list[ColumnText]:
    return [
        ColumnText(column.name, column.length, column.preview, _texts(column.chunks, spool))
        for column in table.columns
    ]


def _texts(spans: Sequence[Span], spool: BinaryIO) -> Iterator[bytes]:
    for span in spans:
        spool.seek(span.offset)
        yield spool.read(span.size)


class _Tree:
    """A new folder, and the folders and grids in it; their names are made to fit it.

    Parameters
    ----------
    make : callable
        Makes a file, by its filetype, filename and parent.
    root : int
        The folder's idlocal.
    warnings : list of str
        Where to tell of names that didn't fit.
    """

    def __init__(self, make: Callable[..., FileRecord], root: int, warnings: list[str]) -> None:
        self._make = make
        self._root = root
        self._warnings = warnings
        self._folders: dict[tuple[str, ...], int] = {}
        self._taken: set[tuple[int, str]] = set()

    def grid(self, path: Sequence[str]) -> FileRecord:
        """Make a grid at a path."""
        *folders, name = path
        return self._file(GRID, self._folder(tuple(folders)), name)

    def _folder(self, path: tuple[str, ...]) -> int:
        if not path:
            return self._root
        if path not in self._folders:
            made = self._file(FOLDER, self._folder(path[:-1]), path[-1])
            self._folders[path] = made.idlocal
        return self._folders[path]

    def _file(self, filetype: str, parent: int, name: str) -> FileRecord:
        fitting = name.replace("/", "-").strip()[:MAX_FILENAME] or "Sheet"
        if fitting in {".", ".."} or (parent, fitting) in self._taken:
            candidates = (_numbered(fitting, number) for number in count(2))
            fitting = next(each for each in candidates if (parent, each) not in self._taken)
        if fitting != name:
            self._warnings.append(f"{name!r} is now named {fitting!r}.")
        self._taken.add((parent, fitting))
        return self._make(filetype=filetype, filename=fitting, parent=parent)


def _numbered(name: str, number: int) -> str:
    suffix = f" ({number})"
    return name[: MAX_FILENAME - len(suffix)] + suffix
