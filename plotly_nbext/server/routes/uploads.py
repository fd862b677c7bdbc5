"""``/v2/grids/upload``: a file of tables becomes a grid, or a folder of grids."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from plotly_nbext.columns.schema import METADATA_KEY
from plotly_nbext.server.auth import identify, readable, require_user
from plotly_nbext.server.bodies import as_bool
from plotly_nbext.server.connected import while_connected
from plotly_nbext.server.representation import created, file_meta, grid_meta
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url, parent_of, writing
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.files import FOLDER, GRID, MAX_FILENAME
from plotly_nbext.server.store.grids import ColumnArrays
from plotly_nbext.server.store.schema import CHUNK_ROWS
from plotly_nbext.server.uploads.receive import receive
from plotly_nbext.server.uploads.spool import BODY, SPOOL, Job, read_span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.uploads.spool import Table

__all__ = ["routes"]


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
        outcome = await while_connected(request, reading)
        warnings = [*outcome.warnings]

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            owner = require_user(caller)
            make = partial(files.create, connection, owner=owner, world_readable=world_readable)
            parent = parent_of(connection, owner, said)
            with (folder / SPOOL).open("rb") as spool:
                if len(outcome.tables) == 1:
                    [table] = outcome.tables
                    metadata = _metadata(table)
                    grid = make(filetype=GRID, filename=filename, parent=parent, metadata=metadata)
                    grids.load_columns(connection, grid, _columns(table, spool))
                    grid = readable(connection, caller, grid.fid)
                    return grid_meta(connection, grid, caller, base_url(request))
                top = make(filetype=FOLDER, filename=filename, parent=parent)
                tree = _Tree(make, top.idlocal, warnings)
                for table in outcome.tables:
                    grid = tree.grid(table.path, _metadata(table))
                    grids.load_columns(connection, grid, _columns(table, spool))
            return file_meta(connection, top, caller, base_url(request))

        meta = await writing(request, answer, grows="by more")
    return JSONResponse(created(meta, warnings), 201)


def _metadata(table: Table) -> dict[str, Any]:
    return {} if table.schema is None else {METADATA_KEY: table.schema}


def _columns(table: Table, spool: BinaryIO) -> list[ColumnArrays]:
    return [
        ColumnArrays(
            column.name,
            column.length,
            column.preview,
            chunks=(read_span(spool, span) for span in column.chunks),
        )
        for column in table.columns
    ]


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

    def grid(self, path: Sequence[str], metadata: dict[str, Any]) -> FileRecord:
        """Make a grid at a path."""
        *folders, name = path
        return self._file(GRID, self._folder(tuple(folders)), name, metadata=metadata)

    def _folder(self, path: tuple[str, ...]) -> int:
        if not path:
            return self._root
        if path not in self._folders:
            made = self._file(FOLDER, self._folder(path[:-1]), path[-1])
            self._folders[path] = made.idlocal
        return self._folders[path]

    def _file(self, filetype: str, parent: int, name: str, **fields: Any) -> FileRecord:
        fitting = name.replace("/", "-").strip()[:MAX_FILENAME] or "Sheet"
        if fitting in {".", ".."} or (parent, fitting) in self._taken:
            candidates = (_numbered(fitting, number) for number in count(2))
            fitting = next(each for each in candidates if (parent, each) not in self._taken)
        if fitting != name:
            self._warnings.append(f"{name!r} is now named {fitting!r}.")
        self._taken.add((parent, fitting))
        return self._make(filetype=filetype, filename=fitting, parent=parent, **fields)


def _numbered(name: str, number: int) -> str:
    suffix = f" ({number})"
    return name[: MAX_FILENAME - len(suffix)] + suffix
