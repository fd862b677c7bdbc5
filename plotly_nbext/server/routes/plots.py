"""``/v2/plots``: figures that are kept, and drawn from grids as these are at the time.

What a plot has in common with other files is in :mod:`plotly_nbext.server.routes.files`. Its
references are read with the rights of its owner, whoever looks at it: to publish a plot is to
publish the data that it draws, and nothing else of the grids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from plotly_nbext.columns import json
from plotly_nbext.server.auth import Caller, readable, require_user, writable
from plotly_nbext.server.bodies import as_bool, decode, parse_fields, read_json
from plotly_nbext.server.figure import Figure, check_size, decode_figure
from plotly_nbext.server.references import find_references, plot_content, referenced_grids
from plotly_nbext.server.representation import created, file_meta, plot_meta
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import (
    base_url,
    check_match,
    parent_of,
    reading,
    writable_meta,
    writing,
)
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, plots, references
from plotly_nbext.server.store.files import PLOT

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.routing import Route

    from plotly_nbext.server.column_references import Reference
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["content", "routes"]


def routes(prefix: str) -> list[Route]:
    """List the routes."""
    return [
        resource(prefix, POST=create),
        # what finds a plot does not tell its figure
        resource(f"{prefix}/lookup", GET=FileEndpoints(PLOT, file_meta).lookup),
        *PlotEndpoints(PLOT, plot_meta).routes(prefix),
        resource(prefix + "/{fid}/content", GET=content),
    ]


class PlotEndpoints(FileEndpoints):
    """The actions of plots, of which to update one may replace its figure."""

    async def update(self, request: Request) -> Response:
        """PATCH and PUT /v2/plots/FID: write metadata and ``figure``; what is left out stays."""
        fields, figure = await run_in_threadpool(_change, await read_json(request))

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], PLOT)
            check_match(request, record)
            if figure is not None:
                plots.replace(connection, record, figure.text)
                figure.note_references(connection, record)
            values = writable_meta(fields)
            values["parent"] = parent_of(connection, record.owner, fields, default=record.parent)
            record = files.change(connection, record, **values)
            return plot_meta(connection, record, caller, base_url(request))

        return JSONResponse(await writing(request, answer, grows="by its body"))


async def create(request: Request) -> Response:
    """POST /v2/plots: keep ``figure``; 201."""
    fields, figure = await run_in_threadpool(_new, await read_json(request))

    def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
        owner = require_user(caller)
        values = writable_meta(fields)
        record = files.create(
            connection,
            owner=owner,
            filetype=PLOT,
            filename=values.pop("filename", None),
            parent=parent_of(connection, owner, fields),
            **values,
        )
        plots.create(connection, record, figure.text)
        figure.note_references(connection, record)
        return plot_meta(connection, record, caller, base_url(request))

    return JSONResponse(created(await writing(request, answer, grows="by its body")), 201)


async def content(request: Request) -> Response:
    """GET /v2/plots/FID/content[?inline_data=true]: the figure, with the data it references."""
    inline = as_bool(request.query_params.get("inline_data", "false"), "inline_data")

    def answer(connection: Connection, caller: Caller) -> Response:
        record = readable(connection, caller, request.path_params["fid"], PLOT)
        headers = {"Vary": "Accept"}
        if inline:
            figure = plot_content(connection, record)
        else:
            figure = plots.figure(connection, record)
            # as ``If-Match`` takes it; the data changes without the plot
            headers["ETag"] = f'"{record.revision}"'
        return Response(figure, media_type="application/json", headers=headers)

    return await reading(request, answer)


@dataclass(frozen=True)
class _Sent:
    """A figure that was sent: read once, and kept as the text that came."""

    text: bytes
    references: list[Reference]

    @classmethod
    def read(cls, sent: msgspec.Raw | msgspec.UnsetType) -> Self:
        figure = Figure.read(sent)
        check_size(figure.text)
        return cls(figure.text, find_references(decode_figure(figure.text)))

    def note_references(self, connection: Connection, plot: FileRecord) -> None:
        """Keep what a plot draws on, all of which its owner has to be able to read."""
        drawn_on = referenced_grids(connection, Caller(plot.owner), self.references)
        references.set_references(connection, plot, drawn_on)


def _new(body: bytes) -> tuple[dict[str, Any], _Sent]:
    fields, sent = _split(body)
    return fields, _Sent.read(sent)


def _change(body: bytes) -> tuple[dict[str, Any], _Sent | None]:
    fields, sent = _split(body)
    return fields, None if isinstance(sent, msgspec.UnsetType) else _Sent.read(sent)


def _split(body: bytes) -> tuple[dict[str, Any], msgspec.Raw | msgspec.UnsetType]:
    """Take the figure out of a body's fields, unread."""
    members = decode(body, dict[str, msgspec.Raw]) if body.strip() else {}
    figure = members.pop("figure", msgspec.UNSET)
    return parse_fields(json.dumps(members)), figure
