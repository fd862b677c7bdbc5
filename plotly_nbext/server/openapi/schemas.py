"""The shapes of what is sent and answered, each under its name."""

from __future__ import annotations

from typing import Final

from plotly_nbext.server.openapi.parts import Node, ref

__all__ = ["COUNT", "NAMING", "PLACING", "SCHEMAS", "VISIBILITY", "fields"]

TEXT: Final[Node] = {"type": "string"}
FLAG: Final[Node] = {"type": "boolean"}
COUNT: Final[Node] = {"type": "integer", "minimum": 0}
ADDRESS: Final[Node] = {"type": "string", "format": "uri"}
MOMENT: Final[Node] = {"type": "string", "format": "date-time"}
NOTHING: Final[Node] = {"type": "null", "description": "Always null."}


def fields(
    description: str, required: list[str], properties: dict[str, Node], **more: object
) -> Node:
    """Describe an object by its members."""
    node: Node = {"type": "object", "description": description, "properties": properties}
    return node | ({"required": required} if required else {}) | more


def _closed(description: str, base: str, properties: dict[str, Node]) -> Node:
    """Extend a shape by members, past which there are none."""
    more = {"properties": properties, "required": list(properties)} if properties else {}
    return {
        "type": "object",
        "description": description,
        "allOf": [ref(base)],
        **more,
        "unevaluatedProperties": False,
    }


def _list(description: str, items: Node) -> Node:
    return {"type": "array", "description": description, "items": items}


def _told(node: Node, description: str) -> Node:
    return node | {"description": description}


NAMING: Final[dict[str, Node]] = {
    "filename": {
        "type": ["string", "null"],
        "maxLength": 100,
        "description": "A name that no other file of the folder has, without `/`. Left out, the "
        "server finds one.",
    },
    "metadata": ref("Metadata"),
}

PLACING: Final[dict[str, Node]] = {
    "parent": {
        "anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}],
        "description": "The number of the folder to lie in (88 of `henrietta:88`), -1 for home.",
    },
    "parent_path": {
        "type": ["string", "null"],
        "description": "The path of the folder to lie in, such as `sales/2026`, from `parent` "
        "where that is given too, else from home. Folders that are missing are made; 100 names "
        "are the most.",
    },
}

VISIBILITY: Final[dict[str, Node]] = {
    "world_readable": {
        "anyOf": [ref("Flag"), {"type": "null"}],
        "description": "Whether anyone may read the file. False for a new one.",
    },
    "share_key_enabled": {
        "anyOf": [ref("Flag"), {"type": "null"}],
        "description": "Whether whoever has the file's `share_key` may read it.",
    },
}

_PARTS: Final[dict[str, Node]] = {
    "Fid": {
        "type": "string",
        "description": "A file's id: its owner's name and its number there, counted from 0.",
        "pattern": r"^[^:/\s]+:(0|[1-9][0-9]{0,17})$",
        "examples": ["henrietta:88"],
    },
    "Uid": {
        "type": "string",
        "description": "A column's id within its grid. It survives changes of the column.",
        "pattern": "^[0-9a-f]{6}$",
        "examples": ["e3a9dd"],
    },
    "Fingerprint": {
        "type": "string",
        "maxLength": 128,
        "description": "What a client called the values that it wrote to a column: to be compared "
        "with what it would write now. It is gone with any other change of them.",
    },
    "Filetype": {
        "type": "string",
        "description": "`grid`, `plot`, or `fold` for a folder.",
        "enum": ["grid", "plot", "fold"],
    },
    "Flag": {
        "description": "True or false. Old clients send them as strings; answers never hold such.",
        "anyOf": [
            {"type": "boolean"},
            {"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1)$"},
            {"type": "integer", "enum": [0, 1]},
        ],
    },
    "Metadata": {
        "description": "Whatever the owner wants to keep with a file: an object, or a string that "
        "holds one as JSON. What is sent replaces what was there; null leaves it.",
        "anyOf": [
            {"type": "object"},
            {"type": "string", "contentMediaType": "application/json"},
            {"type": "null"},
        ],
        "examples": [{"source": "till 3"}, '{"source": "till 3"}'],
    },
    "Form": {
        "type": "object",
        "description": "The fields of the JSON form. Those that are not strings are JSON text.",
        "additionalProperties": {"type": "string"},
    },
    "Values": {
        "type": "array",
        "description": "A column's values, any JSON. Numbers keep their digits; what is not a "
        "number (NaN, Infinity) becomes null.",
    },
    "Counted": fields(
        "Names, and how many they are.",
        ["results", "count"],
        {"results": {"type": "array", "items": TEXT}, "count": COUNT},
        additionalProperties=False,
    ),
}

_ERRORS: Final[dict[str, Node]] = {
    "Error": fields(
        "Why a request was refused: the same in `errors` and in `detail`, for some clients read "
        "one and some the other.",
        ["errors", "detail"],
        {
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": fields(
                    "One reason.",
                    ["code", "message", "path", "field"],
                    {
                        "code": _told(TEXT, "For programs, such as `NOT_FOUND`."),
                        "message": _told(TEXT, "For people."),
                        "path": NOTHING,
                        "field": {
                            "type": ["string", "null"],
                            "description": "The field, parameter or header that is wrong.",
                        },
                    },
                    additionalProperties=False,
                ),
            },
            "detail": _told(TEXT, "The first message."),
        },
        additionalProperties=False,
        examples=[
            {
                "errors": [
                    {
                        "code": "BAD_REQUEST",
                        "message": "Sorry, a file named 'sales' already exists",
                        "path": None,
                        "field": "filename",
                    }
                ],
                "detail": "Sorry, a file named 'sales' already exists",
            }
        ],
    ),
}

_META: Final[dict[str, Node]] = {
    "fid": ref("Fid"),
    "filename": _told(TEXT, "Its name in its folder."),
    "filetype": ref("Filetype"),
    "owner": _told(TEXT, "The username of whom it belongs to."),
    "parent": _told({"type": "integer", "minimum": -1}, "The folder's number, -1 for home."),
    "parent_id": _told({"type": "integer", "minimum": -1}, "The same as `parent`."),
    "world_readable": _told(FLAG, "Whether anyone may read it."),
    "current_user_permission": {
        "type": "string",
        "enum": ["own", "read"],
        "description": "What whoever asks may do with it.",
    },
    "metadata": {"type": "object", "description": "Whatever the owner keeps with it."},
    "creation_time": _told(MOMENT, "When it was made, in UTC to the microsecond."),
    "date_modified": _told(MOMENT, "When it was last changed, in UTC to the millisecond."),
    "web_url": _told(ADDRESS, "Its web page."),
    "embed_url": _told(ADDRESS, "The page without anything around it, for frames."),
    "organize_view_url": _told(ADDRESS, "Where it is shown among other files."),
    "img_url": _told(TEXT, "The image of a plot; empty for others."),
    "image_urls": {
        "type": "object",
        "description": "The images of a plot by their kind.",
        "additionalProperties": ADDRESS,
    },
    "api_urls": {
        "type": "object",
        "description": "Addresses here: of itself, among all files and among its kind, and of "
        "its `parent`.",
        "additionalProperties": ADDRESS,
        "required": ["files", "parent"],
    },
    "preview": {
        "type": "object",
        "description": "Of a grid: the first ten values of each column as strings, by its name.",
        "additionalProperties": {"type": "array", "items": TEXT, "maxItems": 10},
    },
    "references": _list("The files that it draws on.", ref("Fid")),
    "referencers": _list("The files that draw on it.", ref("Fid")),
    "views": _told(COUNT, "How often its web page was shown."),
    "stars": _told(ref("Counted"), "Who starred it."),
    "comments": _told(ref("Counted"), "Always none."),
    "collaborators": _told(ref("Counted"), "Always none."),
    "title": _told(TEXT, "Always empty."),
    "parented": _told(FLAG, "False where its folder is not for whoever asks; then `parent` is -1."),
    "subfolder_count": {
        "type": ["integer", "null"],
        "description": "Of a folder: how many folders lie in it.",
    },
    "refresh_interval": NOTHING,
    "is_theme": NOTHING,
    "is_template": NOTHING,
}

_SOMETIMES: Final[dict[str, Node]] = {
    "row_count": _told(COUNT, "Of a grid: the length of its longest column."),
    "revision": _told(COUNT, "Of a grid: counts its changes; see `If-Match`."),
    "source_fid": _told(TEXT, "The grid that it was copied from."),
    "source_url": _told(TEXT, "Where its data came from."),
    "source_referer": _told(TEXT, "The page that `source_url` was found on."),
    "deleted": _told(FLAG, "For its owner: whether it is in the trash."),
    "share_key": _told(TEXT, "For its owner: by which others may read it."),
    "share_key_enabled": _told(FLAG, "For its owner: whether they may."),
}

_FILES: Final[dict[str, Node]] = {
    "Meta": fields("What all files tell of themselves.", list(_META), _META | _SOMETIMES),
    "File": _closed("A file of any type.", "Meta", {}),
    "Grid": _closed(
        "A grid: a table of columns.",
        "Meta",
        {"cols": _list("Its columns, in their order.", ref("ColumnName"))},
    ),
    "Plot": _closed("A plot: a figure.", "Meta", {"figure": ref("Figure")}),
    "Folder": _closed("A folder, and its files.", "Meta", {"children": ref("Page")}),
    "Home": fields(
        "A page of a user's files.",
        ["owner", "children"],
        {"owner": _told(TEXT, "The user."), "children": ref("Page")},
        additionalProperties=False,
    ),
    "Page": fields(
        "One page of a list of files, and the addresses of others.",
        ["count", "first", "previous", "next", "last", "results"],
        {
            "count": _told(COUNT, "How many files the whole list has."),
            "first": _told(ADDRESS, "The first page."),
            "previous": {"type": ["string", "null"], "description": "The page before this one."},
            "next": {"type": ["string", "null"], "description": "The page after this one."},
            "last": _told(ADDRESS, "The last page."),
            "results": {"type": "array", "items": ref("File")},
        },
        additionalProperties=False,
    ),
    "Path": fields(
        "Where a file lies.",
        ["path"],
        {"path": _told(TEXT, "From its owner's home, such as `/sales/2026`.")},
        additionalProperties=False,
    ),
    "Exists": fields(
        "Whether there is a file.",
        ["path", "parent", "exists"],
        {"path": TEXT, "parent": {"type": "integer"}, "exists": FLAG},
        additionalProperties=False,
    ),
    "Files": fields(
        "Files, and how many they are.",
        ["results", "count"],
        {"results": {"type": "array", "items": ref("File")}, "count": COUNT},
        additionalProperties=False,
    ),
    "Appended": fields(
        "A grid, in short, to which rows were appended.",
        ["fid", "row_count", "revision", "date_modified"],
        {
            "fid": ref("Fid"),
            "row_count": COUNT,
            "revision": COUNT,
            "date_modified": _told(MOMENT, "When they were, in UTC to the millisecond."),
        },
        additionalProperties=False,
    ),
    "Warnings": _list("What went otherwise than one may think.", TEXT),
}

_COLUMNS: Final[dict[str, Node]] = {
    "ColumnName": fields(
        "A column, without its values.",
        ["name", "uid"],
        {
            "name": TEXT,
            "uid": ref("Uid"),
            "length": _told(COUNT, "How many values it has, where a grid is told of."),
            "fingerprint": ref("Fingerprint"),
        },
        additionalProperties=False,
    ),
    "Column": fields(
        "A column.",
        ["name", "uid", "order"],
        {
            "name": TEXT,
            "uid": ref("Uid"),
            "order": _told(COUNT, "Its place, from 0."),
            "fingerprint": ref("Fingerprint"),
            "data": ref("Values"),
        },
        additionalProperties=False,
    ),
    "Content": fields(
        "A grid's values.",
        ["cols"],
        {
            "cols": {
                "type": "object",
                "description": "The columns, by name.",
                "additionalProperties": fields(
                    "A column.",
                    ["data", "order", "uid"],
                    {"data": ref("Values"), "order": COUNT, "uid": ref("Uid")},
                    additionalProperties=False,
                ),
            }
        },
        additionalProperties=False,
    ),
    "ColumnChange": fields(
        "What to write of a column; what is left out stays as it is.",
        [],
        {
            "name": {"type": ["string", "null"]},
            "data": {"description": "Its values: an array, or one value for a grid of one row."},
            "order": {
                "anyOf": [COUNT, {"type": "string", "pattern": "^[0-9]+$"}, {"type": "null"}],
                "description": "Its place among the others, from 0.",
            },
            "fingerprint": {
                "anyOf": [ref("Fingerprint"), {"type": "null"}],
                "description": "What `data` is to be known by. Ours.",
            },
        },
    ),
    "GridData": fields(
        "The columns of a new grid.",
        ["cols"],
        {
            "cols": {
                "description": "By name: `data`, and `order` where the place matters.",
                "anyOf": [
                    {"type": "object", "additionalProperties": ref("ColumnChange")},
                    {"type": "string", "contentMediaType": "application/json"},
                ],
            },
            "metadata": ref("Metadata"),
        },
    ),
}

_FIGURES: Final[dict[str, Node]] = {
    "Figure": {
        "type": "object",
        "description": "A figure of plotly.js. An attribute that ends in `src`, such as `xsrc`, "
        "may reference a grid's column: `henrietta:88:e3a9dd`, several uids with commas.",
        "properties": {
            "data": {"description": "The traces."},
            "layout": {"description": "Axes, titles, colors."},
            "frames": {"description": "The steps of an animation."},
        },
        "examples": [{"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 700}}],
    },
    "FigureSent": {
        "description": "A figure, or a string that holds one as JSON. Arrays may be lists or "
        "typed arrays in base64 (`bdata`, `dtype`).",
        "anyOf": [
            ref("Figure"),
            {"type": "string", "contentMediaType": "application/json"},
        ],
    },
}

SCHEMAS: Final[dict[str, Node]] = _PARTS | _ERRORS | _FILES | _COLUMNS | _FIGURES
