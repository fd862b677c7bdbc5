"""``PATCH /v2/grids/FID/content``: how a grid is edited."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from plotly_nbext.server.openapi.parts import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    JSON,
    Node,
    body,
    example,
    json_answer,
    operation,
    ref,
)
from plotly_nbext.server.openapi.schemas import COUNT, fields

__all__ = ["patch_content"]

_VALUES: Final[Node] = {"type": "array", "description": "JSON values."}


def patch_content() -> Node:
    """Describe it."""
    cells = {"e3a9dd": {"rows": [1], "values": [20]}}
    return operation(
        "patch-content",
        "Edit a grid",
        "Cells, rows and columns at once, all of it or nothing. Rows are told by the numbers that "
        "they have before; `revision` is one higher afterwards. A body has 100 MB at most. Columns "
        "that are shorter than others are filled up with nulls where rows come or go. Ours.",
        {200: json_answer("The grid's metadata.", ref("Grid"))},
        takes=[IF_MATCH, IDEMPOTENCY_KEY],
        request=body(
            _schema(),
            example("A cell", {"cells": cells}),
            example(
                "A row goes, and two come before the last one",
                {"delete": [[0, 1]], "insert": [{"before": 1, "rows": [[5, 6], [7]]}]},
            ),
            example(
                "The first column gets another name, and a new one takes the other's place",
                {
                    "cols": [
                        {"uid": "e3a9dd", "name": "first"},
                        {"name": "new", "data": ["a", None]},
                    ]
                },
            ),
            example("All at once", {"cells": cells, "delete": [[0, 1]], "metadata": {"by": "me"}}),
            example("No such row", {"delete": [[1, 9]]}, HTTPStatus.BAD_REQUEST),
        ),
        access="user",
        refused=[415],
    )


def _schema() -> Node:
    return fields(
        "What to change; what is left out stays as it is.",
        [],
        {
            "cells": _or_text(
                {
                    "type": "object",
                    "description": "By the uids of columns.",
                    "additionalProperties": fields(
                        "Cells of a column.",
                        ["rows", "values"],
                        {
                            "rows": {
                                "type": "array",
                                "items": COUNT,
                                "description": "Their rows, ascending.",
                            },
                            "values": _VALUES,
                        },
                    ),
                }
            ),
            "delete": _or_text(
                {
                    "type": "array",
                    "description": "Ranges of rows, ascending: the first one, and the one after "
                    "the last.",
                    "items": {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2},
                }
            ),
            "insert": _or_text(
                {
                    "type": "array",
                    "description": "Rows to insert, by their places, ascending.",
                    "items": fields(
                        "Rows that follow each other.",
                        ["before", "rows"],
                        {
                            "before": COUNT
                            | {
                                "description": "The row that they come before; `row_count` for the "
                                "end."
                            },
                            "rows": {
                                "type": "array",
                                "items": {"type": "array"},
                                "description": "Values of the columns that there are before, by "
                                "their order. Shorter rows end in nulls.",
                            },
                        },
                    ),
                }
            ),
            "cols": _or_text(
                {
                    "type": "array",
                    "description": "All columns that there will be, by their order. Those that are "
                    "there and not named are deleted with their values.",
                    "items": fields(
                        "A column.",
                        ["name"],
                        {
                            "uid": {
                                "anyOf": [ref("Uid"), {"type": "null"}],
                                "description": "None for a new one.",
                            },
                            "name": {"type": "string"},
                            "data": {
                                "type": ["array", "null"],
                                "description": "Of a new one: a value for each row that there "
                                "will be; nulls without it.",
                            },
                        },
                    ),
                }
            ),
            "metadata": ref("Metadata"),
        },
    )


def _or_text(node: Node) -> Node:
    """Allow null, and a string that holds what is described as JSON."""
    return {"anyOf": [node, {"type": "string", "contentMediaType": JSON}, {"type": "null"}]}
