"""``/v2/grids``: what grids have beyond other files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from plotly_nbext.server.openapi.edits import patch_content
from plotly_nbext.server.openapi.files import VALUES, WINDOW, WRITABLE, file_actions, wrapped
from plotly_nbext.server.openapi.parts import (
    ARROW,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    JSON,
    NO_CONTENT,
    NOT_MODIFIED,
    PREFER_CHECKED,
    SHARE_KEY,
    Node,
    answer,
    arrow_fields,
    body,
    example,
    header,
    json_answer,
    operation,
    query,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import fields

__all__ = ["grid_paths"]

TAG: Final = "grids"
PREFIX: Final = "/v2/grids"

MADE_FROM: Final[dict[str, Node]] = WRITABLE | {
    name: {"type": ["string", "null"], "description": description}
    for name, description in {
        "source_fid": "The fid of the grid that this one was made from.",
        "source_url": "The address that the data came from.",
        "source_referer": "The address of a page that tells more about `source_url`.",
    }.items()
}

CREATED: Final = fields(
    "A new grid.",
    ["data"],
    {
        "data": {
            "anyOf": [ref("GridData"), {"type": "string", "contentMediaType": JSON}],
            "description": "Its columns: `GridData`, or a string that holds it as JSON.",
        },
    }
    | MADE_FROM,
)

FINGERPRINTS: Final[dict[str, Node]] = {
    "fingerprints": {
        "type": "object",
        "description": "What the values of columns are to be known by, by the columns' names: the "
        "grid tells it as long as the values are these.",
        "additionalProperties": ref("Fingerprint"),
    }
}

SAID: Final[dict[str, Node]] = {
    "cols": {
        "type": "array",
        "items": ref("ColumnChange"),
        "description": "`order` and `fingerprint` of the columns, as many as the stream has.",
    }
}

PREFER: Final = header(
    "Prefer",
    "With `return=minimal`, `Appended` is answered, many times sooner than all that is known of "
    "the grid. Ours.",
    {"type": "string"},
)

COLUMNS: Final[list[Node]] = [
    {"type": "array", "items": ref("ColumnChange")},
    {"type": "string", "contentMediaType": JSON},
]


def grid_paths() -> dict[str, Node]:
    """Describe ``/v2/grids``."""
    fid = PREFIX + "/{fid}"
    return resource(
        TAG,
        {
            PREFIX: {"post": _create()},
            f"{PREFIX}/upload": {"post": _upload()},
            **file_actions(TAG, "grid", "Grid"),
            f"{fid}/content": {
                "get": _content(),
                "put": _put_content(),
                "patch": patch_content(),
            },
            f"{fid}/row": {"post": _append_rows()},
            f"{fid}/col": {
                "get": _get_columns(),
                "put": _put_columns(),
                "post": _post_columns(),
                "delete": _delete_columns(),
            },
        },
    )


def _create() -> Node:
    columns = {
        "first column": {"data": ["a", "b", "c"], "order": 0},
        "second column": {"data": [1, 2, 3], "order": 1},
    }
    return operation(
        "create",
        "Create a grid",
        "Only `data` is required. Columns come in the order of their `order`, those without one "
        "as they are written; they may differ in length. Values may be any JSON and keep their "
        "type.\n\n"
        "An Arrow stream has the columns in place of `data`, of the types null, bool, integer, "
        "float, string, timestamp and `arrow.json` (the canonical extension type, over strings). "
        "It may be packed, and 16,384 rows make a good record batch: a stream of very many batches "
        "with fewer than 64 rows each is refused. A grid has 16,384 columns at most.",
        {201: json_answer("The new grid.", wrapped("Grid"), "Accept-Post")},
        takes=[IDEMPOTENCY_KEY],
        request=body(
            CREATED,
            example("Two columns", {"data": {"cols": columns}}, HTTPStatus.CREATED),
            example(
                "data as a string, in a folder",
                {
                    "data": '{"cols": {"first": {"data": [1, 2, 3], "order": 0}}}',
                    "parent": 932,
                    "filename": "new grid",
                },
                HTTPStatus.CREATED,
            ),
            example(
                "What was imported from somewhere",
                {
                    "data": {"cols": {"price": {"data": [9.5, None, 12], "order": 0}}},
                    "parent_path": "imports/prices",
                    "metadata": {"currency": "EUR"},
                    "source_url": "https://example.com/prices.csv",
                    "source_referer": "https://example.com/prices",
                },
                HTTPStatus.CREATED,
            ),
            example("No data", {"filename": "nothing"}, HTTPStatus.BAD_REQUEST),
            arrow=arrow_fields(MADE_FROM | FINGERPRINTS),
        ),
        access="user",
    )


def _upload() -> Node:
    option = {"type": "string"}
    names = {
        "filename": "X-File-Name",
        "world_readable": "Plotly-World-Readable",
        "parent": "Plotly-Parent",
        "parent_path": "Plotly-Parent-Path",
    }
    return operation(
        "upload",
        "Upload a file",
        "csv, tsv, txt, json, xlsx, xls, ods, parquet, or a zip archive of these: as the body, or "
        "as the one file of a multipart form, whose other fields then stand for the headers. A "
        "file with one table becomes a grid, one with several a folder of grids; `filetype` tells "
        "which. Files over a limit are refused whole.",
        {201: json_answer("The new file.", {"anyOf": [wrapped("Grid"), wrapped("File")]})},
        takes=[
            header(
                names["filename"],
                "What the file is called. Its extension is the first guess at its format. "
                "Characters beyond Latin-1 are percent-encoded.",
                option,
                example="prices.csv",
            ),
            header(
                names["world_readable"],
                "Whether anyone may read what is made; false by default.",
                {"type": "string", "enum": ["true", "false"]},
            ),
            header(
                names["parent"],
                "The number of the folder to put it in.",
                {"type": "string", "pattern": "^-?[0-9]+$"},
            ),
            header(names["parent_path"], "The path of the folder to put it in.", option),
        ],
        request={
            "required": True,
            "content": {
                "application/octet-stream": {"example": "day,price\n2026-01-02,9.5"},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "file": {
                                "description": "The file, under any name.",
                                "type": "string",
                                "contentMediaType": "application/octet-stream",
                            }
                        }
                        | {
                            name: {"type": "string", "description": f"As `{known}`."}
                            for name, known in names.items()
                        },
                    }
                },
            },
        },
        access="user",
    )


def _content() -> Node:
    return operation(
        "content",
        "Read a grid's values",
        "JSON; or CSV where `Accept` names `text/csv` and not JSON: a header and the rows, an "
        "empty cell for null; or an Arrow stream where `Accept` names it. `start` and `stop` ask "
        "for some rows only, `cols` for some columns.",
        {
            200: answer(
                "The values.",
                {JSON: {"schema": ref("Content")}, **VALUES},
                "ETag",
                "Preference-Applied",
            ),
            304: NOT_MODIFIED,
        },
        takes=[*WINDOW, IF_NONE_MATCH, SHARE_KEY, PREFER_CHECKED],
    )


def _put_content() -> Node:
    sent = arrow_fields(
        {
            "metadata": ref("Metadata"),
            "kept": {
                "type": "array",
                "items": ref("Uid"),
                "description": "Columns that stay with their values, and are not sent.",
            },
            "order": {
                "type": ["array", "null"],
                "items": {"type": "string"},
                "description": "The names of all columns that there will be. By default those that "
                "stay come first, and then the stream's.",
            },
        }
        | FINGERPRINTS
    )
    return operation(
        "put-content",
        "Replace a grid's values",
        "The columns of an Arrow stream take the place of those that are there, all at once or "
        "not at all. A column of the same name keeps its uid; others come and go. Ours.",
        {200: json_answer("The grid's metadata.", ref("Grid"))},
        takes=[IF_MATCH, IDEMPOTENCY_KEY],
        request={"required": True, "content": {ARROW: {"schema": sent}}},
        access="user",
        refused=[415],
    )


def _append_rows() -> Node:
    rows = fields(
        "Rows to append.",
        ["rows"],
        {
            "rows": {
                "anyOf": [
                    {"type": "array", "items": {"type": "array"}},
                    {"type": "string", "contentMediaType": JSON},
                ],
                "description": "Rows of values, one a column in the columns' order. Shorter rows "
                "end in nulls; longer ones are refused.",
            },
            "metadata": ref("Metadata"),
        },
    )
    return operation(
        "append-rows",
        "Append rows",
        "All of them or none. Columns that are shorter than others are filled up with nulls "
        "first. A `metadata` beside the rows replaces the grid's together with them; that is "
        "ours.\n\n"
        "The columns of an Arrow stream go to those of the same names, which are all to be there; "
        "what the stream has none for gets nulls.",
        {
            201: json_answer(
                "The grid's metadata, `row_count` among it, or a part.",
                {"anyOf": [ref("Grid"), ref("Appended")]},
                "Accept-Post",
                "Preference-Applied",
            )
        },
        takes=[IF_MATCH, IDEMPOTENCY_KEY, PREFER],
        request=body(
            rows,
            example("Three rows", {"rows": [[1, 0.5], [2, 0.1], [3, 0.7]]}, HTTPStatus.CREATED),
            example("As a string", {"rows": "[[1, 0.5]]"}, HTTPStatus.CREATED),
            example("More values than columns", {"rows": [[1, 2, 3]]}, HTTPStatus.BAD_REQUEST),
            arrow=arrow_fields({"metadata": ref("Metadata")}),
        ),
        access="user",
    )


def _uid(*, required: bool) -> Node:
    return query(
        "uid",
        "The columns' uids, with commas.",
        {"type": "array", "items": ref("Uid"), "minItems": 1, "uniqueItems": True},
        style="form",
        explode=False,
        required=required,
        example=["e3a9dd"],
    )


def _get_columns() -> Node:
    return operation(
        "get-columns",
        "Read columns",
        "With their values, in the order of the uids; without `uid` all of them. A uid that the "
        "grid does not have is refused with 400.",
        {
            200: json_answer(
                "The columns.", _columns("Column"), "Accept-Post", "ETag", "Preference-Applied"
            ),
            304: NOT_MODIFIED,
        },
        takes=[_uid(required=False), IF_NONE_MATCH, SHARE_KEY, PREFER_CHECKED],
    )


def _put_columns() -> Node:
    changes = fields(
        "What to write.",
        ["cols"],
        {"cols": {"anyOf": COLUMNS, "description": "As many as uids, in their order."}},
    )
    return operation(
        "put-columns",
        "Change columns",
        "Writes `data`, `name` or `order` of the columns that `uid` names: the first of `cols` "
        "belongs to the first uid, and so on. The uids stay. An Arrow stream has as many columns, "
        "with all their values and the names that they will have.",
        {200: json_answer("The columns, without their values.", _columns("Column"), "Accept-Post")},
        takes=[_uid(required=True), IF_MATCH, IDEMPOTENCY_KEY],
        request=body(
            changes,
            example("New values and name", {"cols": '[{"data": [0, 1], "name": "new name"}]'}),
            example("As an array", {"cols": [{"data": [0, 1], "order": 1}]}),
            example(
                "Two columns for one uid",
                {"cols": '[{"data": [0, 1]}, {"data": ["a", "b"]}]'},
                HTTPStatus.BAD_REQUEST,
            ),
            arrow=arrow_fields(SAID),
        ),
        access="user",
    )


def _post_columns() -> Node:
    new = fields(
        "Columns to add.",
        ["cols"],
        {
            "cols": {
                "anyOf": COLUMNS,
                "description": "A string that holds an array as JSON, each with `name` and "
                "`data`. A bare array is refused, as Chart Studio's documentation has it, unless "
                "the server was started with `--accept-cols-arrays`.",
            }
        },
    )
    columns = [{"name": "col name 1", "data": [0, 1]}, {"name": "col name 2", "data": [9, 9]}]
    return operation(
        "post-columns",
        "Add columns",
        "Each goes to its `order`, or last. A name that another column has is refused.",
        {201: json_answer("The new columns only.", _columns("ColumnName"), "Accept-Post")},
        takes=[IF_MATCH, IDEMPOTENCY_KEY],
        request=body(
            new,
            example(
                "Two columns",
                {
                    "cols": '[{"name": "col name 1", "data": [0, 1]}, '
                    '{"name": "col name 2", "data": [9, 9]}]'
                },
                HTTPStatus.CREATED,
            ),
            example("An array", {"cols": columns}, HTTPStatus.BAD_REQUEST),
            arrow=arrow_fields(SAID),
        ),
        access="user",
    )


def _delete_columns() -> Node:
    return operation(
        "delete-columns",
        "Delete columns",
        "With their values; those that stay move up.",
        {204: NO_CONTENT},
        takes=[_uid(required=True), IF_MATCH],
        access="user",
    )


def _columns(schema: str) -> Node:
    return fields(
        "Columns.",
        ["cols"],
        {"cols": {"type": "array", "items": ref(schema)}},
        additionalProperties=False,
    )
