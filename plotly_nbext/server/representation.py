"""Files as the API shows them: the metadata of the grids and files endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.server.auth import may_write
from plotly_nbext.server.store import files, grids
from plotly_nbext.server.store.schema import HOME

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from plotly_nbext.server.auth import Caller
    from plotly_nbext.server.store.files import FileRecord
    from plotly_nbext.server.store.grids import ColumnRecord

__all__ = ["column_meta", "created", "describe_file", "file_meta", "grid_meta"]

ENDPOINTS = {files.GRID: "grids", files.FOLDER: "folders"}


def file_meta(record: FileRecord, caller: Caller, base_url: str) -> dict[str, Any]:
    """Describe a file of any type.

    Parameters
    ----------
    base_url : str
        The address the client used, for the links.
    """
    web_url = f"{base_url}/~{record.owner}/{record.idlocal}"
    owns = may_write(caller, record)
    parent_url = (
        f"{base_url}/v2/folders/home?user={record.owner}"
        if record.parent == HOME
        else f"{base_url}/v2/folders/{record.owner}:{record.parent}"
    )
    endpoint = ENDPOINTS[record.filetype]
    meta = {
        "creation_time": f"{record.created.isoformat(timespec='microseconds')}Z",
        "comments": _empty(),
        "parented": True,
        "embed_url": f"{web_url}.embed",
        "fid": record.fid,
        "filename": record.filename,
        "filetype": record.filetype,
        "img_url": "",
        "image_urls": {},
        "api_urls": {
            "files": f"{base_url}/v2/files/{record.fid}",
            endpoint: f"{base_url}/v2/{endpoint}/{record.fid}",
            "parent": parent_url,
        },
        "owner": record.owner,
        "parent": record.parent,
        "preview": {},
        "referencers": [],
        "references": [],
        "title": "",
        "views": 0,
        "web_url": f"{web_url}/",
        "world_readable": record.world_readable,
        "date_modified": _milliseconds(record.modified),
        "stars": _empty(),
        "collaborators": _empty(),
        "subfolder_count": None,
        "refresh_interval": None,
        "organize_view_url": f"{web_url}/",
        "current_user_permission": "own" if owns else "read",
        "is_theme": None,
        "is_template": None,
        "metadata": record.metadata,
        "parent_id": record.parent,
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


def describe_file(
    _connection: Connection, record: FileRecord, caller: Caller, base_url: str
) -> dict[str, Any]:
    """Describe a file of any type to :class:`~plotly_nbext.server.routes.files.FileEndpoints`."""
    return file_meta(record, caller, base_url)


def grid_meta(
    connection: Connection, record: FileRecord, caller: Caller, base_url: str
) -> dict[str, Any]:
    """Describe a grid: a file's metadata, its columns by order, and its first values."""
    columns = grids.list_columns(connection, record)
    return file_meta(record, caller, base_url) | {
        "preview": {column.name: column.preview for column in columns},
        "cols": [column_meta(column) for column in columns],
    }


def column_meta(column: ColumnRecord) -> dict[str, Any]:
    """Describe a column within its grid."""
    return {"name": column.name, "uid": column.uid}


def created(meta: dict[str, Any]) -> dict[str, Any]:
    """Wrap metadata as the answer to what makes a file, the one place where it is wrapped."""
    return {"file": meta, "warnings": []}


def _empty() -> dict[str, Any]:
    return {"results": [], "count": 0}


def _milliseconds(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"
