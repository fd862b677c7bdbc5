"""What the operations of the document are made of.

The refusals of an operation follow from what it takes: who takes a body may be sent one that is
too long, who takes ``If-Match`` may be too late, and what changes something takes room. So each is
described once, here.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from plotly_nbext.server.arrow_body import ARROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "ARROW",
    "HEADERS",
    "IDEMPOTENCY_KEY",
    "IF_MATCH",
    "IF_NONE_MATCH",
    "JSON",
    "NOT_MODIFIED",
    "NO_CONTENT",
    "PARAMETERS",
    "PREFER_CHECKED",
    "REFUSALS",
    "SHARE_KEY",
    "Node",
    "answer",
    "arrow_fields",
    "body",
    "example",
    "header",
    "json_answer",
    "operation",
    "query",
    "ref",
    "resource",
]

Node: TypeAlias = dict[str, Any]
"""A part of the document."""

Access: TypeAlias = Literal["open", "reader", "user"]
"""Who may ask: credentials aren't looked at, are optional, or are required."""

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"

ALWAYS: Final = ("Allow", "X-Request-Id")


def ref(name: str, kind: str = "schemas") -> Node:
    """Refer to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def query(name: str, description: str, schema: Node, **more: Any) -> Node:
    """Describe a parameter of the query."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def header(name: str, description: str, schema: Node, **more: Any) -> Node:
    """Describe a header of the request."""
    return {"name": name, "in": "header", "description": description, "schema": schema, **more}


def example(summary: str, value: Any, status: HTTPStatus = HTTPStatus.OK) -> Node:
    """Show a body, and by which status it is answered; the tests send it."""
    return {
        "summary": f"{summary} → {status.value} {status.phrase}",
        "value": value,
        "x-status": status.value,
    }


def body(schema: Node, *examples: Node, required: bool = True, arrow: Node | None = None) -> Node:
    """Describe a request body: JSON, the same fields as a form, and an Arrow stream if it may be.

    ``arrow`` is what :func:`arrow_fields` makes.
    """
    named = {f"example{number}": node for number, node in enumerate(examples, 1)}
    return {
        "required": required,
        "content": {
            JSON: {"schema": schema, "examples": named},
            FORM: {"schema": ref("Form")},
            **({ARROW: {"schema": arrow}} if arrow else {}),
        },
    }


def arrow_fields(properties: dict[str, Node]) -> Node:
    """Describe an Arrow stream by the fields beside its columns."""
    return {
        "type": "object",
        "description": "An Arrow IPC stream. What is not a column's values is an object, as JSON "
        "text under the key `plotly_nbext` of its schema's metadata, or not there.",
        "properties": properties,
    }


def answer(description: str, content: dict[str, Node], *headers: str) -> Node:
    """Describe a success; ``headers`` are names of components."""
    return {
        "description": description,
        "headers": {name: ref(name, "headers") for name in (*ALWAYS, *headers)},
        "content": content,
    }


def json_answer(description: str, schema: Node, *headers: str) -> Node:
    """Describe a success that is JSON."""
    return answer(description, {JSON: {"schema": schema}}, *headers)


NO_CONTENT: Final = {
    "description": "Done.",
    "headers": {name: ref(name, "headers") for name in ALWAYS},
}

NOT_MODIFIED: Final = {
    "description": "It is what `If-None-Match` names.",
    "headers": {name: ref(name, "headers") for name in (*ALWAYS, "ETag")},
}


def operation(
    name: str,
    summary: str,
    description: str,
    answers: dict[int, Node],
    *,
    takes: Sequence[Node] = (),
    request: Node | None = None,
    access: Access = "reader",
    refused: Iterable[int] = (),
) -> Node:
    """Describe one method of one path.

    Parameters
    ----------
    name : str
        What the operation is called within its resource.
    summary, description : str
        In a line; and what one has to know.
    answers : dict
        Status → success.
    takes : sequence
        Parameters of the query and headers.
    request : dict, optional
        The body, as :func:`body` makes it.
    access : {"open", "reader", "user"}
        Who may ask.
    refused : iterable of int
        Refusals beyond those that follow from the rest.
    """
    # a server that ends, or whose database is away, can say so to anyone
    statuses = {403, 503, *refused}
    if access != "open":
        statuses |= {401, 429}
    if any(_can_be_wrong(parameter) for parameter in takes):
        statuses.add(400)
    if request is not None:
        statuses |= {400, 408, 413}
    if IF_MATCH in takes:
        statuses.add(412)
    if IDEMPOTENCY_KEY in takes:
        statuses.add(422)
    described: Node = {"operationId": name, "summary": summary, "description": description}
    if takes:
        described["parameters"] = list(takes)
    if request is not None:
        described["requestBody"] = request
    if access != "user":
        described["security"] = [] if access == "open" else [{}, {"basic": []}, {"bearer": []}]
    described["responses"] = {
        str(status): ref(REFUSALS[status][0], "responses") for status in sorted(statuses)
    } | {str(status): node for status, node in answers.items()}
    return described


def _can_be_wrong(parameter: Node) -> bool:
    """Tell whether a parameter can be refused: of some any string will do, or none."""
    name = parameter.get("$ref", "").rpartition("/")[2]
    described = PARAMETERS.get(name, parameter)
    return bool(described.get("required")) or described["schema"] != {"type": "string"}


def resource(tag: str, paths: dict[str, Node]) -> dict[str, Node]:
    """Put the operations of some paths under a tag; those of a file know its fid, and 404."""
    for path, item in paths.items():
        for method, described in item.items():
            if method != "get":
                described["responses"]["507"] = ref(REFUSALS[507][0], "responses")
            described["operationId"] = f"{tag}-{described['operationId']}"
            described["tags"] = [tag]
            if "{fid}" in path:
                described["responses"]["404"] = ref("NotFound", "responses")
                described["responses"]["500"] = ref("Damaged", "responses")
            described["responses"] = dict(sorted(described["responses"].items()))
        if "{fid}" in path:
            item["parameters"] = [ref("fid", "parameters")]
    return paths


SHARE_KEY: Final = ref("share_key", "parameters")
IF_MATCH: Final = ref("If-Match", "parameters")
IF_NONE_MATCH: Final = ref("If-None-Match", "parameters")
IDEMPOTENCY_KEY: Final = ref("Idempotency-Key", "parameters")
PREFER_CHECKED: Final = ref("Prefer", "parameters")

PARAMETERS: Final[dict[str, Node]] = {
    "fid": {
        "name": "fid",
        "in": "path",
        "required": True,
        "description": "The file's id: its owner's name and its number there. The colon may be "
        "sent as it is or as `%3A`.",
        "schema": ref("Fid"),
        "example": "henrietta:88",
    },
    "share_key": query(
        "share_key",
        "The `share_key` of a file whose `share_key_enabled` is true: whoever has it may read "
        "that file, signed in or not.",
        {"type": "string"},
    ),
    "If-Match": header(
        "If-Match",
        "The `revision` that the file is believed to be at, in quotes, or several with commas "
        "between them. When it is at another, nothing is changed and the answer is 412. `*` is "
        "any. Not part of Chart Studio's interface.",
        {"type": "string"},
    ),
    "Idempotency-Key": header(
        "Idempotency-Key",
        "Makes a request safe to repeat: one with the same key and all else the same, within a "
        "day, is answered as the first was, and done once. Each request needs a key of its own, "
        "such as a random UUID: with another's it is 422. Not part of Chart Studio's interface.",
        {"type": "string", "pattern": "^[!-~]{1,255}$"},
    ),
    "Prefer": header(
        "Prefer",
        "With `checked`, all of the answer is read before it begins: values that are damaged, or "
        "can't be read else, are told by its status; they break off an answer that has begun. "
        "Ours.",
        {"type": "string"},
    ),
    "If-None-Match": header(
        "If-None-Match",
        "The `ETag` of what is at hand, or several with commas between them: the answer is 304 "
        "where it would be one of them, and no image is drawn for it. `*` is any; of images, one "
        "that is at the server's hand. Not part of Chart Studio's interface.",
        {"type": "string"},
    ),
}

HEADERS: Final[dict[str, Node]] = {
    "Allow": {
        "description": "The methods of this address.",
        "required": True,
        "schema": {"type": "string", "examples": ["GET, HEAD, OPTIONS"]},
    },
    "X-Request-Id": {
        "description": "What the server's log calls this request.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    },
    "ETag": {
        "description": "Of content, the file's revision, as `If-Match` takes it, but for a grid's "
        "as CSV or Arrow, which have tags of their own; of an image, a weak tag that is another "
        "when anything is that the image depends on: figure, data, size, format, `encoded`, "
        "plotly.js, the browser and its fonts. An image has none when it shows what was loaded "
        "from the web, or when the browser or a font was changed under a running server, up to its "
        "next start.",
        "schema": {"type": "string", "examples": ['"3"', 'W/"4f0c…"']},
    },
    "Accept-Post": {
        "description": "What a body may be. `OPTIONS` tells it without one.",
        "required": True,
        "schema": {"type": "string", "const": f"{JSON}, {ARROW}"},
    },
    "Preference-Applied": {
        "description": "What was done of what `Prefer` asked for.",
        "schema": {"type": "string", "enum": ["return=minimal", "checked"]},
    },
    "Plotly-Warnings": {
        "description": "What is missing in the image, and what would mend it: a JSON array of "
        "sentences, in ASCII. Left out when nothing is missing; cut, with the number of the "
        "others as its last sentence, where there is too much for a header.",
        "schema": {"type": "string", "examples": ['["layout.images[0].source is on the web …"]']},
    },
    "WWW-Authenticate": {
        "description": "How to sign in.",
        "required": True,
        "schema": {"type": "string", "examples": ['Basic realm="plotly_nbext"']},
    },
    "Retry-After": {
        "description": "Seconds after which the same request may succeed.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
}

REFUSALS: Final[dict[int, tuple[str, str, tuple[str, ...]]]] = {
    400: (
        "BadRequest",
        "Something in the request is wrong; `field` names it. The same request fails again.",
        (),
    ),
    401: (
        "Unauthorized",
        "The API key is wrong, or there are no credentials where some are needed.",
        ("WWW-Authenticate",),
    ),
    403: (
        "Forbidden",
        "Whoever asks may read the file but not change it; or a web page of another origin asks.",
        (),
    ),
    404: (
        "NotFound",
        "There is no such thing, or none that whoever asks may know of.",
        (),
    ),
    405: (
        "MethodNotAllowed",
        "The address does not know this method. `Allow` lists those that it knows.",
        ("Allow",),
    ),
    408: ("RequestTimeout", "The rest of the body did not come within a minute.", ()),
    412: (
        "PreconditionFailed",
        "The file is no longer at the revision that `If-Match` names; nothing was changed.",
        (),
    ),
    413: ("TooLarge", "The body is longer than the server takes.", ()),
    415: ("UnsupportedMediaType", "The body is of a kind that is not taken here.", ()),
    422: (
        "KeyReused",
        "The `Idempotency-Key` is that of another request; nothing was changed.",
        (),
    ),
    429: (
        "Throttled",
        "More was asked for than is allowed in some time. `Retry-After` tells when to ask again.",
        ("Retry-After",),
    ),
    500: (
        "Damaged",
        "What is asked for is damaged in the server's database; the rest can be read.",
        (),
    ),
    503: (
        "Unavailable",
        "The server can't do it now. `Retry-After` tells when to try again.",
        ("Retry-After",),
    ),
    507: (
        "InsufficientStorage",
        "There is no room left on the server's disk; nothing was changed.",
        (),
    ),
}
