"""The whole document."""

from __future__ import annotations

from functools import cache
from typing import Final

import plotly_nbext
from plotly_nbext.server.openapi.files import file_paths
from plotly_nbext.server.openapi.folders import folder_paths
from plotly_nbext.server.openapi.grids import grid_paths
from plotly_nbext.server.openapi.images import image_paths
from plotly_nbext.server.openapi.parts import HEADERS, JSON, PARAMETERS, REFUSALS, Node, ref
from plotly_nbext.server.openapi.plots import plot_paths
from plotly_nbext.server.openapi.pushes import push_paths
from plotly_nbext.server.openapi.schemas import SCHEMAS
from plotly_nbext.server.openapi.server import search_paths, server_paths, user_paths

__all__ = ["document"]

DESCRIPTION: Final = """\
Figures as images and tables as grids: the second version of Chart Studio's API, on a server of \
your own.

A path may end in a slash or not, and slashes may be doubled. A body is JSON, or a form whose \
fields are JSON text. HEAD is answered as GET is, without the body; OPTIONS tells the methods in \
`Allow`, and any other method is 405, with `Allow`. What is not HTTP at all is 400 in plain text.

A new file is private. Its owner may do everything with it; others, signed in or not, may read it \
when it is public or when they have its share key. What they may not read is 404 for them, like \
what is not there.

People see a file at its `web_url`, and programs its data at the same address with `.csv`, \
`.json` or (of a plot) `.png` in place of the last slash. An image has the same headers there as \
here: `ETag`, which `If-None-Match` takes, and `Plotly-Warnings`.

Only what makes a file wraps its answer: `{"file": …, "warnings": []}`, with 201. Every refusal \
has the form of `Error`.
"""

TAGS: Final = {
    "images": "A figure becomes an image.",
    "grids": "Tables, whose columns a figure's traces may reference by `fid:uid`.",
    "pushes": "Grids that several senders bring in parts.",
    "plots": "Figures that are kept, and the grids that they draw on.",
    "folders": "Where files lie: each in one folder, or in its owner's home.",
    "files": "Files of any type: what grids, plots and folders have in common.",
    "search": "Files by what they are called.",
    "users": "Who is asking.",
    "server": "What the server tells of itself, and of figures.",
}


@cache
def document() -> Node:
    """Return the description of the server, by OpenAPI 3.1; not to be changed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "plotly_nbext",
            "version": plotly_nbext.__version__,
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"basic": []}, {"bearer": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": {
            **image_paths(),
            **grid_paths(),
            **push_paths(),
            **plot_paths(),
            **folder_paths(),
            **file_paths(),
            **search_paths(),
            **user_paths(),
            **server_paths(),
        },
        "components": {
            "securitySchemes": {
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The username, and the API key as the password. Where "
                    "`Authorization` belongs to a proxy, the same in `Plotly-Authorization`.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The API key alone.",
                },
            },
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": {
                name: {
                    "description": description,
                    "headers": {
                        header: ref(header, "headers") for header in (*headers, "X-Request-Id")
                    },
                    "content": {JSON: {"schema": ref("Error")}},
                }
                for name, description, headers in REFUSALS.values()
            },
            "schemas": SCHEMAS,
        },
    }
