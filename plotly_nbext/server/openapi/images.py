"""``/v2/images``: a figure becomes an image."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from plotly_nbext.server.image_request import MIME_TYPES
from plotly_nbext.server.openapi.parts import (
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

__all__ = ["image_paths"]

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
    image: Node = {
        mime_type: {"schema": {"type": "string", "contentMediaType": mime_type}}
        for mime_type in MIME_TYPES.values()
    }
    create = operation(
        "create",
        "Draw a figure",
        "Answers with the image of a figure in the format and size that are asked for. A figure "
        "that plotly.js can't draw is refused with 400 and its words: the same figure fails "
        "again. References to grids are read with the rights of whoever asks; a figure with some "
        "has the limits of a plot's.",
        {200: answer("The image.", image)},
        takes=[
            header(
                "Plotly-Client-Platform",
                "What sends the request, such as `python 5.24.1`. Has to be there.",
                {"type": "string"},
                required=True,
                example="curl",
            )
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
        refused=[503],
    )
    return resource("images", {"/v2/images": {"post": create}})
