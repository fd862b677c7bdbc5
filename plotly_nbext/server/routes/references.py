"""What a file references, and how it stops: a plot draws on grids, a grid has a source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plotly_nbext.server.auth import Caller, may_read, readable, writable
from plotly_nbext.server.bodies import bad_request, read_fields
from plotly_nbext.server.references import inline_references
from plotly_nbext.server.representation import file_metas
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import base_url, reading, writing
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, plots, references
from plotly_nbext.server.store.files import PLOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["ReferenceEndpoints"]


@dataclass(frozen=True)
class ReferenceEndpoints:
    """The actions of one resource that are about references.

    Attributes
    ----------
    filetype : str or None
        The type of file that the resource knows; None for all.
    describe : callable
        Makes the metadata that its answers hold.
    """

    filetype: str | None
    describe: Callable[[Connection, FileRecord, Caller, str], dict[str, Any]]

    def routes(self, prefix: str) -> list[Route]:
        """List the routes."""
        return [
            resource(prefix + "/{fid}/sources", GET=self.sources),
            resource(prefix + "/{fid}/drop_reference", POST=self.drop_reference),
        ]

    async def sources(self, request: Request) -> Response:
        """GET …/FID/sources: the files that it references, as far as the caller may read them."""

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = readable(connection, caller, request.path_params["fid"], self.filetype)
            found = references.referenced_by(connection, [record])[record.id]
            shown = [source for source in found if may_read(caller, source)]
            metas = file_metas(connection, shown, caller, base_url(request))
            return {"results": metas, "count": len(metas)}

        return JSONResponse(await reading(request, answer))

    async def drop_reference(self, request: Request) -> Response:
        """POST …/FID/drop_reference: no longer reference ``fid``; no error if it never did."""
        dropped = (await read_fields(request)).get("fid")
        if not isinstance(dropped, str) or not re.fullmatch(r"[^:/\s]+:[0-9]+", dropped):
            raise bad_request(
                f"fid must be the fid of a file, such as 'alice:88', not {dropped!r}.", "fid"
            )

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], self.filetype)
            record = _drop(connection, record, dropped)
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await writing(request, answer))


def _drop(connection: Connection, record: FileRecord, fid: str) -> FileRecord:
    """Make a file stand without another; a plot keeps the values that it has from there."""
    referenced = files.find(connection, fid, trashed=True)
    if referenced is not None:
        references.drop(connection, record, referenced)
    if record.filetype != PLOT:
        return record
    figure = plots.figure(connection, record)
    inlined = inline_references(connection, Caller(record.owner), figure, fid)
    if inlined == figure:
        return record
    plots.replace(connection, record, inlined)
    return files.change(connection, record)
