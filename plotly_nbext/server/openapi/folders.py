"""``/v2/folders``: where files lie."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from plotly_nbext.server.openapi.files import USER, file_actions, wrapped
from plotly_nbext.server.openapi.parts import (
    SHARE_KEY,
    Node,
    body,
    example,
    json_answer,
    operation,
    query,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import PLACING, VISIBILITY, fields
from plotly_nbext.server.store.listing import ORDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FILETYPE", "ORDER_BY", "PAGING", "folder_paths"]

TAG: Final = "folders"
PREFIX: Final = "/v2/folders"

OF_OTHERS: Final = "Of others only what is public."

_ORDER: Final = f"-?({'|'.join(ORDERS)})"

PAGING: Final = [
    query("page", "Which page, from 1.", {"type": "integer", "minimum": 1}),
    query(
        "page_size",
        "Files a page; 50 by default, 500 at most.",
        {"type": "integer", "minimum": 1},
    ),
]
ORDER_BY: Final = query(
    "order_by",
    f"What to order by: {', '.join(f'`{name}`' for name in ORDERS)}, or several with commas, each "
    "at most once, a `-` before it in reverse. By `filename` if nothing is said.",
    {
        "type": "string",
        "pattern": f"^{_ORDER}(,{_ORDER})*$",
    },
    example="filetype,-date_modified",
)
FILETYPE: Final = query(
    "filetype",
    "Only files of this type. May be repeated.",
    {"type": "array", "items": ref("Filetype")},
)

NAMED: Final = query(
    "s",
    "Only files with this in their name, or in the name of a column; as `q` of a search.",
    {"type": "string"},
)

LISTING: Final = [*PAGING, ORDER_BY, FILETYPE, NAMED]

NEW: Final = fields(
    "The folders to make.",
    [],
    {
        "path": {
            "type": ["string", "null"],
            "description": "A name, or up to 100 with `/` between them.",
        },
        "name": {"type": ["string", "null"], "description": "The same, as MATLAB's client has it."},
    }
    | PLACING
    | {"world_readable": VISIBILITY["world_readable"]},
)


def folder_paths() -> dict[str, Node]:
    """Describe ``/v2/folders``."""
    contents = operation(
        "retrieve",
        "Describe a folder, and list what lies in it",
        "What whoever asks may not read is not among it, nor counted.",
        {200: json_answer("The folder.", ref("Folder"))},
        takes=[*LISTING, SHARE_KEY],
    )
    return resource(
        TAG,
        {
            PREFIX: {"post": _create()},
            f"{PREFIX}/home": {
                "get": _list("home", "List a home folder", f"What lies there. {OF_OTHERS}", [USER])
            },
            f"{PREFIX}/all": {
                "get": _list("all", "List all files", f"Wherever they lie. {OF_OTHERS}", [USER])
            },
            f"{PREFIX}/shared": {
                "get": _list(
                    "shared",
                    "List what is shared",
                    "What others share with the caller: nothing yet.",
                )
            },
            f"{PREFIX}/starred": {
                "get": _list(
                    "starred",
                    "List what is starred",
                    "What the caller starred, and may still read.",
                    [query("user", "Only what belongs to this user.", {"type": "string"})],
                )
            },
            f"{PREFIX}/trashed": {
                "get": _list(
                    "trashed",
                    "List the trash",
                    "The caller's. What a folder took along is in it, and not in the list.",
                )
            },
            **file_actions(TAG, "folder", "File", retrieve=contents),
        },
    )


def _create() -> Node:
    return operation(
        "create",
        "Create folders",
        "Makes those of a path that are missing, and answers with the innermost. Where there is "
        "nothing to make, the answer is 400.",
        {201: json_answer("The new folder.", wrapped("File"))},
        request=body(
            NEW,
            example("Folders in each other", {"path": "some/new/folder"}, HTTPStatus.CREATED),
            example("In another folder", {"path": "inner", "parent": 932}, HTTPStatus.CREATED),
            example("No path", {}, HTTPStatus.BAD_REQUEST),
        ),
        access="user",
    )


def _list(name: str, summary: str, description: str, takes: Sequence[Node] = ()) -> Node:
    return operation(
        name,
        summary,
        description,
        {200: json_answer("One page of it.", ref("Home"))},
        takes=[*takes, *LISTING],
        # of no user in particular, these are the lists of whoever asks
        access="reader" if USER in takes else "user",
        refused=[404],
    )
