"""``/v2/images``: a figure becomes an image."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from plotly_nbext.server.image_request import MIME_TYPES
from plotly_nbext.server.openapi.parts import (
    IF_NONE_MATCH,
    NOT_MODIFIED,
    Node,
    answer,
    body,
    example,
    header,
    operation,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import fields

__all__ = ["IMAGE_ANSWERS", "image_paths"]

IMAGE_ANSWERS: Final[dict[int, Node]] = {
    200: answer(
        "The image.",
        {
            mime_type: {"schema": {"type": "string", "contentMediaType": mime_type}}
            for mime_type in MIME_TYPES.values()
        },
        "ETag",
        "Plotly-Warnings",
    ),
    304: NOT_MODIFIED,
}

IMAGE: Final = fields(
    "The image that is wanted.",
    ["figure"],
    {
        "figure": ref("FigureSent"),
        "format": {
            "description": "`png` by default.",
            "anyOf": [{"enum": [*MIME_TYPES, ""]}, {"type": "null"}],
        },
        "width": {
            "description": "In CSS pixels: a number above 0, or a string of one. Anything else is "
            "as if left out: the layout's width unless that says `autosize`, else 700.",
        },
        "height": {"description": "Likewise; 500 where neither has one."},
        "scale": {"description": "Likewise: pixels of the image a CSS pixel. 1 by default."},
        "encoded": {
            "description": "Whether to answer a data-URI, as text, in place of the image; a "
            "`Flag`. False by default.",
        },
    },
)


def image_paths() -> dict[str, Node]:
    """Describe ``/v2/images``."""
    figure = {"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 700}}
    create = operation(
        "create",
        "Draw a figure",
        "Answers with the image of a figure in the format and size that are asked for. A figure "
        "that plotly.js can't draw is refused with 400 and its words: the same figure fails "
        "again. References to grids are read with the rights of whoever asks; a figure with some "
        "has the limits of a plot's. `NaN` and `Infinity`, which JSON does not have, are read as "
        "null.\n\nWhat was drawn before is not drawn again: the image of an equal request is kept "
        "for a while. With `If-None-Match` it is not sent again either; that POST honours it, with "
        "304, is ours.",
        IMAGE_ANSWERS,
        takes=[
            IF_NONE_MATCH,
            header(
                "Plotly-Client-Platform",
                "What sends the request, such as `python 5.24.1`. Has to be there.",
                {"type": "string"},
                required=True,
                example="curl",
            ),
        ],
        request=body(
            IMAGE,
            example("A png", {"figure": figure, "format": "png", "encoded": False}),
            example("A data-URI", {"figure": figure, "format": "svg", "encoded": True}),
            example(
                "Of some size",
                {"figure": figure, "format": "jpeg", "width": 300, "height": 200, "scale": 2},
            ),
            example("The figure as a string", {"figure": '{"data": [{"y": [1, 2]}]}'}),
            example("No traces and no layout", {"figure": {"data": []}}, HTTPStatus.BAD_REQUEST),
            example(
                "An unknown format", {"figure": figure, "format": "bmp"}, HTTPStatus.BAD_REQUEST
            ),
        ),
        access="user",
        refused=[500, 503],
    )
    return resource("images", {"/v2/images": {"post": create}})
