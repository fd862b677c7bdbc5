"""What can be done with a file of any type: described, found, changed, copied, starred, trashed ….

``/v2/grids``, ``/v2/plots``, ``/v2/folders`` and ``/v2/files`` share these actions; the first
three know files of their own type only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from plotly_nbext.errors import NotFoundError
from plotly_nbext.server.auth import (
    may_read,
    may_write,
    readable,
    readable_at,
    require_user,
    writable,
)
from plotly_nbext.server.bodies import as_bool, as_int, bad_request, read_fields
from plotly_nbext.server.copies import copy_file
from plotly_nbext.server.references import drop_reference
from plotly_nbext.server.representation import created, file_metas, path_of
from plotly_nbext.server.responses import JSONResponse
from plotly_nbext.server.routes.endpoint import (
    base_url,
    check_match,
    parent_of,
    reading,
    writable_meta,
    writing,
)
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store import files, popularity, references, trash
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.routing import Route

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord

__all__ = ["FileEndpoints"]

FID = r"[^:/\s]+:(0|[1-9][0-9]*)"


@dataclass(frozen=True)
class FileEndpoints:
    """The actions of one resource.

    Attributes
    ----------
    filetype : str or None
        The type of file that the resource knows; None for all.
    describe : callable
        Makes the metadata that its answers hold.
    """

    filetype: str | None
    describe: Callable[[Connection, FileRecord, Caller, str], dict[str, Any]]

    def routes(
        self, prefix: str, retrieve: Callable[[Request], Awaitable[Response]] | None = None
    ) -> list[Route]:
        """List the routes; ``retrieve`` takes the place of the action of that name."""
        fid = prefix + "/{fid}"
        return [
            resource(f"{prefix}/lookup", GET=self.lookup),
            resource(
                fid,
                GET=retrieve or self.retrieve,
                PUT=self.update,
                PATCH=self.update,
                DELETE=self.destroy,
            ),
            resource(f"{fid}/path", GET=self.path),
            resource(f"{fid}/copy", POST=self.copy),
            resource(f"{fid}/star", POST=self.star, DELETE=self.unstar),
            resource(f"{fid}/sources", GET=self.sources),
            resource(f"{fid}/drop_reference", POST=self.drop_reference),
            resource(f"{fid}/trash", POST=self.trash),
            resource(f"{fid}/restore", POST=self.restore),
            # Julia's client posts it
            resource(
                f"{fid}/permanent_delete",
                DELETE=self.permanent_delete,
                POST=self.permanent_delete,
            ),
        ]

    async def retrieve(self, request: Request) -> Response:
        """GET …/FID: the metadata."""

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = readable(connection, caller, request.path_params["fid"], self.filetype)
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await reading(request, answer))

    async def path(self, request: Request) -> Response:
        """GET …/FID/path: where the file lies, from its owner's home folder.

        To others it begins below the first folder that is not for them to see.
        """

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = readable(connection, caller, request.path_params["fid"], self.filetype)
            return {"path": path_of(connection, caller, record)}

        return JSONResponse(await reading(request, answer))

    async def update(self, request: Request) -> Response:
        """PATCH and PUT …/FID: write metadata; fields that are left out stay as they are."""
        fields = await read_fields(request)

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], self.filetype)
            check_match(request, record)
            values = writable_meta(fields)
            values["parent"] = parent_of(connection, record.owner, fields, default=record.parent)
            record = files.change(connection, record, **values)
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await writing(request, answer))

    async def copy(self, request: Request) -> Response:
        """POST …/FID/copy: into a folder of the caller's, by default under the same name; 201.

        The copy is private, unless ``world_readable`` says otherwise: then what lies in a folder
        is as public as it was. Of someone else's folder only that is copied which the caller may
        see, and a warning says so whether or not there is more.
        """
        fields = await read_fields(request)

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            owner = require_user(caller)
            fid = request.path_params["fid"]
            original = readable(connection, caller, fid, self.filetype, kept=True)
            owns = may_write(caller, original)
            copy = copy_file(
                connection,
                original,
                owner=owner,
                parent=parent_of(
                    connection, owner, fields, default=original.parent if owns else HOME
                ),
                filename=fields.get("filename"),
                world_readable=as_bool(fields.get("world_readable") or False, "world_readable"),
            )
            warnings = (
                [f"Whatever of {original.filename!r} is private to its owner was not copied."]
                if original.filetype == files.FOLDER and not owns
                else []
            )
            return created(self.describe(connection, copy, caller, base_url(request)), warnings)

        return JSONResponse(await writing(request, answer, grows="by more"), 201)

    async def star(self, request: Request) -> Response:
        """POST …/FID/star: give it the caller's star; doing it twice is no error."""

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            username = require_user(caller)
            record = readable(connection, caller, request.path_params["fid"], self.filetype)
            popularity.star(connection, record, username)
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await writing(request, answer))

    async def unstar(self, request: Request) -> Response:
        """DELETE …/FID/star: take the caller's star away; no error if there is none; 204.

        It can be taken also from a file that the caller may no longer see.
        """

        def answer(connection: Connection, caller: Caller) -> None:
            fid = request.path_params["fid"]
            if not popularity.unstar(connection, fid, require_user(caller), self.filetype):
                readable(connection, caller, fid, self.filetype)

        await writing(request, answer)
        return Response(status_code=204)

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
        if not isinstance(dropped, str) or not re.fullmatch(FID, dropped):
            raise bad_request(
                f"fid must be the fid of a file, such as 'alice:88', not {dropped!r}.", "fid"
            )

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = writable(connection, caller, request.path_params["fid"], self.filetype)
            record = drop_reference(connection, record, dropped)
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await writing(request, answer))

    async def destroy(self, request: Request) -> Response:
        """DELETE …/FID: to the trash; 204."""

        def answer(connection: Connection, caller: Caller) -> None:
            record = writable(connection, caller, request.path_params["fid"], self.filetype)
            check_match(request, record)
            trash.trash(connection, record)

        await writing(request, answer)
        return Response(status_code=204)

    async def trash(self, request: Request) -> Response:
        """POST …/FID/trash: recoverable; doing it twice is no error."""
        return await self._to_or_from_trash(request, trash.trash)

    async def restore(self, request: Request) -> Response:
        """POST …/FID/restore: out of the trash; doing it twice is no error."""
        return await self._to_or_from_trash(request, trash.restore)

    async def permanent_delete(self, request: Request) -> Response:
        """DELETE …/FID/permanent_delete: from the trash, for good; 204."""

        def answer(connection: Connection, caller: Caller) -> None:
            trash.remove(connection, self._as_seen(connection, caller, request))

        await writing(request, answer)
        return Response(status_code=204)

    async def lookup(self, request: Request) -> Response:
        """GET …/lookup?path=[&parent=][&user=][&exists=]: find a file by its path.

        Whoever may see the file finds it, even if the folders on the way are private.
        """
        query = request.query_params
        path = query.get("path", "").strip("/")
        if not path:
            raise bad_request("path is required: '/'-delimited, from the parent.", "path")
        parent = as_int(query["parent"], "parent") if query.get("parent") else HOME
        only_exists = as_bool(query.get("exists", "false"), "exists")

        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            owner = query.get("user") or require_user(caller)
            try:
                record = readable_at(
                    connection, caller, path, owner=owner, parent=parent, filetype=self.filetype
                )
            except NotFoundError:
                if only_exists:
                    return {"path": path, "parent": parent, "exists": False}
                raise
            if only_exists:
                return {"path": path, "parent": parent, "exists": True}
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await reading(request, answer))

    async def _to_or_from_trash(
        self, request: Request, move: Callable[[Connection, FileRecord], FileRecord]
    ) -> Response:
        def answer(connection: Connection, caller: Caller) -> dict[str, Any]:
            record = move(connection, self._as_seen(connection, caller, request))
            return self.describe(connection, record, caller, base_url(request))

        return JSONResponse(await writing(request, answer))

    def _as_seen(self, connection: Connection, caller: Caller, request: Request) -> FileRecord:
        fid = request.path_params["fid"]
        record = writable(connection, caller, fid, self.filetype, trashed=True)
        check_match(request, record)
        return record
