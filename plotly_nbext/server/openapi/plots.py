"""``/v2/plots``: what plots have beyond other files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from plotly_nbext.server.figure import MAX_BYTES, MAX_NESTED
from plotly_nbext.server.openapi.files import INLINE, WRITABLE, file_actions, wrapped
from plotly_nbext.server.openapi.parts import (
    JSON,
    SHARE_KEY,
    Node,
    answer,
    body,
    example,
    json_answer,
    operation,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import fields
from plotly_nbext.server.references import MAX_BYTES as MAX_FILLED

__all__ = ["plot_paths"]

TAG: Final = "plots"
PREFIX: Final = "/v2/plots"

WITH_FIGURE: Final = {"figure": ref("FigureSent")} | WRITABLE


def plot_paths() -> dict[str, Node]:
    """Describe ``/v2/plots``."""
    content = operation(
        "content",
        "Read a plot's figure",
        "References stay as they are. With `inline_data=true` the values of each stand beside it: "
        "`x` beside `xsrc`. They are read with the rights of the plot's owner: who publishes a "
        "plot publishes what it draws. A reference that its owner can't read has no values. Values "
        f"of over {MAX_FILLED:,} bytes together are 400.",
        {200: answer("The figure.", {JSON: {"schema": ref("Figure")}}, "ETag")},
        takes=[*INLINE, SHARE_KEY],
    )
    return resource(
        TAG,
        {
            PREFIX: {"post": _create()},
            **file_actions(TAG, "plot", "Plot", writable=WITH_FIGURE),
            PREFIX + "/{fid}/content": {"get": content},
        },
    )


def _create() -> Node:
    drawn = {"data": [{"xsrc": "henrietta:88:e3a9dd", "y": [3, 1, 2]}]}
    unreadable = {"data": [{"xsrc": "henrietta:404:e3a9dd"}]}
    return operation(
        "create",
        "Create a plot",
        "Only `figure` is required. A reference in it that whoever asks can't read is refused, by "
        f"its place in the figure. A figure may have {MAX_BYTES:,} bytes and {MAX_NESTED:,} arrays "
        "and objects: more is 413.",
        {201: json_answer("The new plot.", wrapped("Plot"))},
        request=body(
            fields("A new plot.", ["figure"], WITH_FIGURE),
            example(
                "A line",
                {"figure": {"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 700}}},
                HTTPStatus.CREATED,
            ),
            example(
                "From a grid, in a folder",
                {"figure": drawn, "filename": "sales", "parent_path": "plots"},
                HTTPStatus.CREATED,
            ),
            example("Of a grid that is not there", {"figure": unreadable}, HTTPStatus.BAD_REQUEST),
        ),
        access="user",
    )
