"""Users, search, and what the server tells of itself."""

from __future__ import annotations

from typing import Final

from plotly_nbext.server.openapi.folders import FILETYPE, ORDER_BY, PAGING
from plotly_nbext.server.openapi.parts import (
    Node,
    answer,
    json_answer,
    operation,
    query,
    ref,
    resource,
)
from plotly_nbext.server.openapi.schemas import fields

__all__ = ["search_paths", "server_paths", "user_paths"]

ENDPOINTS: Final = (
    "files",
    "folders",
    "grids",
    "images",
    "plot-schema",
    "plots",
    "search",
    "users",
)


def user_paths() -> dict[str, Node]:
    """Describe ``/v2/users``."""
    user = fields(
        "A user.",
        ["username"],
        {"username": {"type": "string", "description": "Empty for nobody."}},
        additionalProperties=False,
    )
    current = operation(
        "current",
        "Tell who is asking",
        "By this clients sign in: wrong credentials are 401, none at all are nobody.",
        {200: json_answer("The user.", user)},
    )
    return resource("users", {"/v2/users/current": {"get": current}})


def search_paths() -> dict[str, Node]:
    """Describe ``/v2/search``."""
    search = operation(
        "search",
        "Find files by what they are called",
        "Files whose name has `q` in it, and grids with a column whose name has: one's own and "
        "public ones, none from the trash. Upper and lower case are the same; no character of `q` "
        "means anything but itself.",
        {200: json_answer("One page of what was found.", ref("Page"))},
        takes=[
            query(
                "q",
                "What to find.",
                {"type": "string", "minLength": 1},
                required=True,
                example="sales",
            ),
            query("user", "Only files of this user.", {"type": "string"}),
            *PAGING,
            ORDER_BY,
            FILETYPE,
        ],
        refused=[404],
    )
    return resource("search", {"/v2/search": {"get": search}})


def server_paths() -> dict[str, Node]:
    """Describe what the server tells of itself."""
    health = fields(
        "That the server answers.",
        ["status", "version"],
        {
            "status": {"const": "ok"},
            "version": {"type": "string", "description": "Of plotly_nbext."},
            "proof": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        },
        additionalProperties=False,
    )
    root = fields(
        "The addresses of the resources.",
        list(ENDPOINTS),
        {name: {"type": "string", "format": "uri"} for name in ENDPOINTS},
        additionalProperties=False,
    )
    plot_schema = fields(
        "What plotly.js knows of figures.",
        ["sha1", "modified", "schema"],
        {
            "sha1": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
            "modified": {"type": "boolean", "description": "Whether it is another than `sha1`."},
            "schema": {
                "type": ["object", "null"],
                "description": "As `Plotly.PlotSchema.get()` has it; null when not modified.",
            },
        },
        additionalProperties=False,
    )
    paths: dict[str, Node] = {
        "/v2": {
            "get": operation(
                "root",
                "List the resources",
                "Their addresses, by name.",
                {200: json_answer("The addresses.", root)},
                access="open",
            )
        },
        "/v2/plot-schema": {
            "get": operation(
                "plot-schema",
                "Describe figures",
                "Every attribute of every trace and of the layout, as the plotly.js knows them "
                "that draws the images.",
                {200: json_answer("The schema.", plot_schema)},
                takes=[query("sha1", "The `sha1` of the one that is known.", {"type": "string"})],
                access="open",
                refused=[400, 503],
            )
        },
        "/healthz": {
            "get": operation(
                "health",
                "Tell whether the server answers",
                "A local service also proves to be the one that is meant, by an HMAC of the "
                "challenge with a secret that only its owner's files hold.",
                {200: json_answer("It does.", health)},
                takes=[query("challenge", "Anything.", {"type": "string"})],
                access="open",
            )
        },
        "/readyz": {
            "get": operation(
                "ready",
                "Tell whether requests may be sent here",
                "For whoever spreads them over several servers. The server is not ready while its "
                "database does not answer, or has the tables of another version; while the "
                "cluster that draws its images is not connected; and from SIGTERM on.",
                {
                    200: json_answer("They may.", _readiness("ready")),
                    503: json_answer("They may not: `missing` says why.", _readiness("not ready")),
                },
                access="open",
            )
        },
        "/metrics": {
            "get": operation(
                "metrics",
                "Tell what happens here",
                "Counts and times of requests, images, chunks and errors since the server was "
                "started, for Prometheus. There are none (404) unless the operator has asked for "
                "them, who may have them require a bearer token of their own.",
                {200: answer("The metrics.", {"text/plain": {"schema": {"type": "string"}}})},
                access="open",
                refused=[401, 404],
            )
        },
        "/openapi.json": {
            "get": operation(
                "openapi",
                "Describe this server",
                "This document: OpenAPI 3.1.",
                {200: json_answer("The document.", {"type": "object"})},
                access="open",
            )
        },
        "/docs": {
            "get": operation(
                "docs",
                "Describe this server to people",
                "This document as a page.",
                {200: answer("The page.", {"text/html": {"schema": {"type": "string"}}})},
                access="open",
            )
        },
    }
    return resource("server", paths)


def _readiness(status: str) -> Node:
    return fields(
        "Whether the server can do its work.",
        ["status", "missing"],
        {
            "status": {"const": status},
            "missing": {
                "type": "object",
                "description": "What is missing, and why.",
                "properties": {
                    name: {"type": "string"} for name in ("database", "rendering", "server")
                },
                "additionalProperties": False,
            },
        },
        additionalProperties=False,
    )
