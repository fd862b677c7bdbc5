"""``/v2/pushes``: grids that several senders bring in parts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from plotly_nbext.server.openapi.files import WRITABLE, wrapped
from plotly_nbext.server.openapi.parts import (
    ARROW,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    NO_CONTENT,
    Node,
    arrow_fields,
    body,
    example,
    json_answer,
    operation,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import COUNT, fields

__all__ = ["push_paths"]

PREFIX: Final = "/v2/pushes"
NAME: Final = "00f1d8a3c5b94e7f8a6b2c1d0e9f8a7b"


def push_paths() -> dict[str, Node]:
    """Describe the resource."""
    push = _name("push", "The push: a random number that its sender made.")
    part = _name("part", "The part: one more such number.")
    whole, of_part = f"{PREFIX}/{{push}}", f"{PREFIX}/{{push}}/{{part}}"
    paths = {whole: {"post": _finish(), "delete": _drop()}, of_part: {"put": _put_part()}}
    described = resource("pushes", paths)
    described[whole]["parameters"] = [push]
    described[of_part]["parameters"] = [push, part]
    return described


def _name(name: str, description: str) -> Node:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "example": NAME,
    }


def _put_part() -> Node:
    kept = fields("What was kept.", ["row_count"], {"row_count": COUNT}, additionalProperties=False)
    return operation(
        "put-part",
        "Send a part",
        "The rows of an Arrow stream wait aside, for a day, until their push is finished. A part "
        "of the same name takes the place of the one before. Parts may be sent at once and in any "
        "order, by several senders and to several servers of one database. Ours.",
        {200: json_answer("It is kept.", kept)},
        request={"required": True, "content": {ARROW: {"schema": arrow_fields({})}}},
        access="user",
        refused=[415],
    )


def _finish() -> Node:
    said: dict[str, Node] = {
        "parts": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The parts, in the order of their rows. Those that are not named "
            "are dropped.",
        },
        "columns": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The columns, in their order. Those that are not named are dropped. "
            "A column of several types gets one that all of its values fit.",
        },
        "fid": {
            "type": ["string", "null"],
            "description": "The grid that is there; by default a new one is made, as "
            "`filename`, `parent` and the rest say.",
        },
        "append": {
            "type": "boolean",
            "description": "Whether the rows follow those of the grid. By default they take "
            "their place: columns of the same names keep their uids, others come and go.",
        },
    }
    sent = fields("What to make of the parts.", ["parts", "columns"], said | WRITABLE)
    return operation(
        "finish",
        "Make a grid of the parts",
        "All at once or not at all: until then nothing is seen of a push, and afterwards nothing "
        "is left of it but the grid. Ours.",
        {
            200: json_answer("The metadata of the grid that was there.", ref("Grid")),
            201: json_answer("A new grid.", wrapped("Grid")),
        },
        takes=[IF_MATCH, IDEMPOTENCY_KEY],
        request=body(
            sent,
            example("A grid of nothing", {"parts": [], "columns": []}, HTTPStatus.CREATED),
            example(
                "A part that was not sent",
                {"parts": [NAME], "columns": ["x"]},
                HTTPStatus.BAD_REQUEST,
            ),
        ),
        access="user",
        refused=[404],
    )


def _drop() -> Node:
    return operation(
        "drop",
        "Drop a push",
        "Its parts are deleted, and those that are still on their way are refused. Ours.",
        {204: NO_CONTENT},
        access="user",
        refused=[400],
    )
