"""What can be done with every file, as each of its resources describes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.server.image_request import MIME_TYPES
from plotly_nbext.server.openapi.images import IMAGE_ANSWERS
from plotly_nbext.server.openapi.parts import (
    ARROW,
    IF_MATCH,
    IF_NONE_MATCH,
    JSON,
    NO_CONTENT,
    NOT_MODIFIED,
    PREFER_CHECKED,
    SHARE_KEY,
    Node,
    answer,
    body,
    example,
    json_answer,
    operation,
    query,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import NAMING, PLACING, VISIBILITY, fields

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "INLINE",
    "PARENT",
    "USER",
    "VALUES",
    "WINDOW",
    "WRITABLE",
    "file_actions",
    "file_paths",
    "wrapped",
]

TAG: Final = "files"

USER: Final = query(
    "user", "Whose files; the caller's own by default.", {"type": "string"}, example="henrietta"
)
PARENT: Final = query(
    "parent",
    "The number of the folder that `path` starts from; home by default.",
    {"type": "string", "pattern": "^-?[0-9]+$"},
)
COPIED: Final = {"world_readable": VISIBILITY["world_readable"]}
INLINE: Final = [
    query(
        "inline_data",
        "Of a plot: whether the values of each reference stand beside it.",
        {"type": "string", "enum": ["true", "false"]},
    ),
    query("map_data", "Taken and not looked at: some clients send it.", {"type": "string"}),
]
WINDOW: Final = [
    query("start", "Of a grid: the first row, from 0. Ours.", {"type": "integer", "minimum": 0}),
    query("stop", "Of a grid: the row to stop before. Ours.", {"type": "integer", "minimum": 0}),
    query(
        "cols",
        "Of a grid: the uids of some columns, with commas. An Arrow stream has them in this "
        "order. Ours.",
        {"type": "array", "items": ref("Uid"), "minItems": 1, "uniqueItems": True},
        style="form",
        explode=False,
    ),
]
VALUES: Final = {
    "text/csv": {"schema": {"type": "string"}},
    ARROW: {
        "schema": {
            "type": "string",
            "contentMediaType": ARROW,
            "description": "An Arrow IPC stream. Under the key `plotly_nbext`, its schema's "
            "metadata has an object as JSON text: the grid's `revision`, `row_count` and "
            "`metadata`, and the `uids` of the columns.",
        }
    },
}
CONTENT: Final = {"anyOf": [ref("Content"), ref("Figure")]}
WRITABLE: Final = NAMING | PLACING | VISIBILITY


def wrapped(schema: str) -> Node:
    """Describe the answer to what makes a file."""
    return fields(
        "The new file.",
        ["file", "warnings"],
        {"file": ref(schema), "warnings": ref("Warnings")},
        additionalProperties=False,
    )


def file_actions(
    tag: str,
    noun: str,
    schema: str,
    *,
    writable: dict[str, Node] = WRITABLE,
    retrieve: Node | None = None,
) -> dict[str, Node]:
    """Describe what a resource shares with the others.

    Parameters
    ----------
    tag : str
        The resource: the last part of its path.
    noun : str
        What its files are called in a sentence.
    schema : str
        The name of what its answers hold.
    writable : dict
        The members of the body that changes one.
    retrieve : dict, optional
        Describes GET in place of what is usual.
    """
    meta = json_answer("Its metadata.", ref(schema))
    prefix = f"/v2/{tag}"
    fid = prefix + "/{fid}"
    return {
        f"{prefix}/lookup": {"get": _lookup(noun, "Grid" if schema == "Grid" else "File")},
        fid: {
            "get": retrieve
            or operation(
                "retrieve",
                f"Describe a {noun}",
                "What it is, whose it is, and where; its values have an address of their own.",
                {200: meta},
                takes=[SHARE_KEY],
            ),
            "put": _update("update", f"Update a {noun}", noun, meta, writable),
            "patch": _update("partial-update", f"Update a {noun} in part", noun, meta, writable),
            "delete": operation(
                "destroy",
                f"Put a {noun} in the trash",
                "The same as `POST …/trash`, but for the answer.",
                {204: NO_CONTENT},
                takes=[IF_MATCH],
                access="user",
            ),
        },
        f"{fid}/path": {
            "get": operation(
                "path",
                f"Tell where a {noun} lies",
                "From its owner's home; for others from below the last folder that they may not "
                "read.",
                {200: json_answer("The path.", ref("Path"))},
                takes=[SHARE_KEY],
            )
        },
        f"{fid}/sources": {
            "get": operation(
                "sources",
                f"List what a {noun} draws on",
                "The files that it references, as far as whoever asks may read them.",
                {200: json_answer("The files.", ref("Files"))},
                takes=[SHARE_KEY],
            )
        },
        f"{fid}/copy": {"post": _copy(noun, schema)},
        f"{fid}/star": {
            "post": operation(
                "star",
                f"Star a {noun}",
                "Whoever may read it may star it. Doing it again changes nothing.",
                {200: meta},
                takes=[SHARE_KEY],
                access="user",
            ),
            "delete": operation(
                "unstar",
                f"Take the star from a {noun}",
                "One's own only, also from what one may no longer read; no error where there is "
                "none.",
                {204: NO_CONTENT},
                takes=[SHARE_KEY],
                access="user",
            ),
        },
        f"{fid}/drop_reference": {"post": _drop_reference(noun, meta)},
        f"{fid}/trash": {
            "post": operation(
                "trash",
                f"Put a {noun} in the trash",
                "From then on it is found by nobody and its name is free; its owner can restore "
                "it. A folder takes along what lies in it. Doing it again changes nothing.",
                {200: meta},
                takes=[IF_MATCH],
                access="user",
            )
        },
        f"{fid}/restore": {
            "post": operation(
                "restore",
                f"Take a {noun} out of the trash",
                "It comes back as it was, with what it took along. Where its name has been given "
                "to another file meanwhile, it stays in the trash: 400. Restoring what is not in "
                "the trash changes nothing.",
                {200: meta},
                takes=[IF_MATCH],
                access="user",
                refused=[400],
            )
        },
        f"{fid}/permanent_delete": {
            method: operation(
                name,
                f"Delete a {noun} for good{how}",
                "It has to be in the trash: 400 otherwise. Nothing brings it back.",
                {204: NO_CONTENT},
                takes=[IF_MATCH],
                access="user",
                refused=[400],
            )
            for method, name, how in (
                ("delete", "permanent-delete", ""),
                ("post", "permanent-delete-by-post", ", by POST"),
            )
        },
    }


def file_paths() -> dict[str, Node]:
    """Describe ``/v2/files``."""
    fid = f"/v2/{TAG}/{{fid}}"
    content = operation(
        "content",
        "Read the content of a grid or plot",
        "As its own resource answers. A folder has none: 404.",
        {
            200: answer(
                "The content.",
                {JSON: {"schema": CONTENT}, **VALUES},
                "ETag",
                "Preference-Applied",
            ),
            304: NOT_MODIFIED,
        },
        takes=[*WINDOW, *INLINE, IF_NONE_MATCH, SHARE_KEY, PREFER_CHECKED],
    )
    image = operation(
        "image",
        "Draw a plot",
        "With its data, of the layout's size if no other is asked for. What is no plot has none: "
        "404.",
        IMAGE_ANSWERS,
        takes=[
            IF_NONE_MATCH,
            query(
                "format", "`png` by default. Ours.", {"type": "string", "enum": [*MIME_TYPES, ""]}
            ),
            query(
                "width",
                "In CSS pixels; what is no number above 0 is as if left out.",
                {"type": "string"},
            ),
            query("height", "Likewise.", {"type": "string"}),
            query("scale", "Likewise: pixels of the image a CSS pixel.", {"type": "string"}),
            SHARE_KEY,
        ],
        refused=[400, 503],
    )
    return resource(
        TAG,
        {
            **file_actions(TAG, "file", "File"),
            f"{fid}/content": {"get": content},
            f"{fid}/image": {"get": image},
        },
    )


def _copy(noun: str, schema: str) -> Node:
    copied = fields("Where the copy goes, and who may read it.", [], NAMING | PLACING | COPIED)
    return operation(
        "copy",
        f"Copy a {noun}",
        "Whoever may read it may copy it, to a place of their own: by default the folder where "
        "it lies if it is theirs, else their home. The copy has the same name or, where that is "
        "taken, the next free one; it is private. A grid's copy notes where it came from as its "
        "`source_fid`, a plot's draws on the same grids. Of someone else's folder what is private "
        "is left out, as `warnings` tells.",
        {201: json_answer("The copy.", wrapped(schema))},
        takes=[SHARE_KEY],
        request=body(
            copied,
            example("Beside it", {}, HTTPStatus.CREATED),
            example("Elsewhere", {"filename": "copy", "parent_path": "copies"}, HTTPStatus.CREATED),
            required=False,
        ),
        access="user",
    )


def _drop_reference(noun: str, meta: Node) -> Node:
    dropped = fields("What not to draw on.", ["fid"], {"fid": ref("Fid")})
    return operation(
        "drop-reference",
        f"Free a {noun} from another file",
        "From then on it no longer references the file. A plot keeps the values that it drew from "
        "there: of a reference to several columns that are not all there it drew none. No error "
        "where it never did.",
        {200: meta},
        request=body(
            dropped,
            example("A grid", {"fid": "henrietta:99"}),
            example("What is no fid", {"fid": "99"}, HTTPStatus.BAD_REQUEST),
        ),
        access="user",
    )


def _update(name: str, summary: str, noun: str, meta: Node, writable: dict[str, Node]) -> Node:
    return operation(
        name,
        summary,
        "PUT and PATCH are the same: what is left out stays as it is, and what is named is "
        "replaced, `metadata` as a whole.",
        {200: meta},
        takes=[IF_MATCH],
        request=body(
            fields("What to write.", [], writable),
            *_examples(noun),
        ),
        access="user",
    )


def _examples(noun: str) -> Iterable[Node]:
    renamed: dict[str, Any] = {"filename": f"my new and unique {noun} name", "parent": 932}
    yield example("Rename and move it", renamed)
    published = {"parent": -1, "world_readable": True, "metadata": '{"content": "a copy"}'}
    yield example("Publish it, and note something", published)
    yield example("A folder that is none", {"parent": 404}, HTTPStatus.BAD_REQUEST)


def _lookup(noun: str, schema: str) -> Node:
    return operation(
        "lookup",
        f"Find a {noun} by its path",
        "Names with `/` between them, from the home of `user` or from the folder `parent`.",
        {
            200: json_answer(
                "Its metadata; with `exists=true` only whether it is there.",
                {"anyOf": [ref(schema), ref("Exists")]},
            )
        },
        takes=[
            query(
                "path",
                "Where it lies; 100 names are the most.",
                {"type": "string"},
                required=True,
                example="sales/2026",
            ),
            PARENT,
            USER,
            query(
                "exists",
                "Whether to tell only if there is such a file, which is 200 either way.",
                {"type": "string", "enum": ["true", "false"]},
            ),
            SHARE_KEY,
        ],
        refused=[404],
    )
