"""Files as the API shows them: the metadata of the files, grids and plots endpoints."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

import msgspec

from plotly_nbext.server.auth import may_read, may_write
from plotly_nbext.server.store import files, grids, listing, paths, plots, popularity, references
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileHead, FileRecord
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = [
    "appended",
    "column_meta",
    "created",
    "file_meta",
    "file_metas",
    "grid_meta",
    "is_appended",
    "path_of",
    "plot_meta",
    "trail",
]

ENDPOINTS = {files.GRID: "grids", files.PLOT: "plots", files.FOLDER: "folders"}


def file_meta(
    connection: Connection, record: FileRecord, caller: Caller, base_url: str
) -> dict[str, Any]:
    """Describe a file of any type.

    Parameters
    ----------
    base_url : str
        The address the client used, for the links.
    """
    return file_metas(connection, [record], caller, base_url)[0]


def file_metas(
    connection: Connection, records: Sequence[FileRecord], caller: Caller, base_url: str
) -> list[dict[str, Any]]:
    """Describe files of any type, as :func:`file_meta` does one."""
    folders = _known_folders(connection, records, caller)
    subfolders = listing.subfolder_counts(connection, records, caller.username)
    stars = popularity.stars_of(connection, records)
    views = popularity.views_of(connection, records)
    referencers = references.referencer_fids(connection, records, caller.username)
    referenced = references.referenced_fids(connection, records, caller.username)
    return [
        _own_meta(record, caller, base_url, folders[record.id])
        | {
            "subfolder_count": subfolders.get(record.id),
            "stars": _results(*stars[record.id]),
            "views": views[record.id],
            "referencers": referencers[record.id],
            "references": referenced[record.id],
        }
        for record in records
    ]


def grid_meta(
    connection: Connection, record: FileRecord, caller: Caller, base_url: str
) -> dict[str, Any]:
    """Describe a grid: a file's metadata, its columns by order, and its first values."""
    columns = grids.list_columns(connection, record)
    return file_meta(connection, record, caller, base_url) | {
        "preview": {column.name: column.preview for column in columns},
        "cols": [column_meta(column) | {"length": column.length} for column in columns],
    }


def appended(record: FileHead) -> dict[str, Any]:
    """Describe what appended rows change of a grid, from its record alone."""
    return {
        "fid": record.fid,
        "row_count": record.row_count,
        "revision": record.revision,
        "date_modified": _milliseconds(record.modified),
    }


def is_appended(meta: dict[str, Any]) -> bool:
    """Tell whether a description is all that :func:`appended` gives."""
    return "filename" not in meta


def plot_meta(
    connection: Connection, record: FileRecord, caller: Caller, base_url: str
) -> dict[str, Any]:
    """Describe a plot: a file's metadata, and its figure as it was sent."""
    figure = msgspec.Raw(plots.figure(connection, record))
    return file_meta(connection, record, caller, base_url) | {"figure": figure}


def column_meta(column: ColumnRecord) -> dict[str, Any]:
    """Describe a column within its grid, with its fingerprint if a client of ours gave it one."""
    meta = {"name": column.name, "uid": column.uid}
    return meta if column.fingerprint is None else meta | {"fingerprint": column.fingerprint}


def created(meta: dict[str, Any], warnings: Sequence[str] = ()) -> dict[str, Any]:
    """Wrap metadata as the answer to what makes a file, the one place where it is wrapped."""
    return {"file": meta, "warnings": [*warnings]}


def path_of(connection: Connection, caller: Caller, record: FileRecord) -> str:
    """Spell the path of a file: from home for its owner, for others as far up as they may look."""
    folders = trail(connection, caller, record)
    return "/".join(["", *(folder.filename for folder in folders), record.filename])


def trail(connection: Connection, caller: Caller, record: FileRecord) -> list[FileRecord]:
    """List the folders that a file lies in, the outermost first, up to one that is kept secret."""
    above = paths.folders_above(connection, record)
    return [*takewhile(lambda folder: may_read(caller, folder), above)][::-1]


def _known_folders(
    connection: Connection, records: Sequence[FileRecord], caller: Caller
) -> dict[int, int | None]:
    """Give the folder of each file, by the file's id; None if the caller must not know of it."""
    others = [record for record in records if not may_write(caller, record)]
    hidden = {
        file_id
        for file_id, folder in files.folders_of(connection, others).items()
        if not may_read(caller, folder)
    }
    return {record.id: None if record.id in hidden else record.parent for record in records}


def _own_meta(
    record: FileRecord, caller: Caller, base_url: str, folder: int | None
) -> dict[str, Any]:
    web_url = f"{base_url}/~{record.owner}/{record.idlocal}"
    owns = may_write(caller, record)
    parent = HOME if folder is None else folder
    parent_url = (
        f"{base_url}/v2/folders/home?user={record.owner}"
        if parent == HOME
        else f"{base_url}/v2/folders/{record.owner}:{parent}"
    )
    endpoint = ENDPOINTS[record.filetype]
    image_urls = {"default": f"{web_url}.png"} if record.filetype == files.PLOT else {}
    meta = {
        "creation_time": f"{record.created.isoformat(timespec='microseconds')}Z",
        "comments": _results(),
        "parented": folder is not None,
        "embed_url": f"{web_url}.embed",
        "fid": record.fid,
        "filename": record.filename,
        "filetype": record.filetype,
        "img_url": image_urls.get("default", ""),
        "image_urls": image_urls,
        "api_urls": {
            "files": f"{base_url}/v2/files/{record.fid}",
            endpoint: f"{base_url}/v2/{endpoint}/{record.fid}",
            "parent": parent_url,
        },
        "owner": record.owner,
        "parent": parent,
        "preview": {},
        "title": "",
        "web_url": f"{web_url}/",
        "world_readable": record.world_readable,
        "date_modified": _milliseconds(record.modified),
        "collaborators": _results(),
        "refresh_interval": None,
        "organize_view_url": f"{web_url}/",
        "current_user_permission": "own" if owns else "read",
        "is_theme": None,
        "is_template": None,
        "metadata": record.metadata,
        "parent_id": parent,
    }
    if record.filetype == files.GRID:
        meta |= {"row_count": record.row_count, "revision": record.revision}
    sources = {
        "source_fid": record.source_fid,
        "source_url": record.source_url,
        "source_referer": record.source_referer,
    }
    meta |= {name: source for name, source in sources.items() if source is not None}
    if owns:
        meta |= {
            "deleted": record.trashed,
            "share_key": record.share_key,
            "share_key_enabled": record.share_key_enabled,
        }
    return meta


def _results(results: Sequence[str] = (), count: int = 0) -> dict[str, Any]:
    return {"results": results, "count": count}


def _milliseconds(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"
