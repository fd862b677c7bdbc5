"""The document as a page for people: HTML and style sheets alone, in the other pages' look."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from plotly_nbext.server.openapi.document import document
from plotly_nbext.server.openapi.parts import ARROW, JSON
from plotly_nbext.server.pages import assets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.server.openapi.parts import Node
    from plotly_nbext.server.pages.addresses import Addresses

__all__ = ["page"]


@dataclass(frozen=True)
class Field:
    """A parameter of a request, or a member of an object."""

    name: str
    where: str
    required: bool
    schema: Node
    description: str


@dataclass(frozen=True)
class Answer:
    """What may come back."""

    status: str
    phrase: str
    description: str
    contents: dict[str, Node]


@dataclass(frozen=True)
class Example:
    """A request as a command line."""

    summary: str
    command: str


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    credentials: str
    fields: list[Field]
    answers: list[Answer]
    examples: list[Example]


def page(base_url: str, addresses: Addresses) -> str:
    """Write the page.

    Parameters
    ----------
    base_url : str
        The address that the reader used, by which the examples ask the server.
    addresses : Addresses
        Where the style sheets are.
    """
    described = document()
    operations: dict[str, list[Operation]] = {tag["name"]: [] for tag in described["tags"]}
    for path, item in described["paths"].items():
        for method, node in item.items():
            if method != "parameters":
                made = _operation(base_url, path, method, node, item.get("parameters", []))
                operations[node["tags"][0]].append(made)
    schemas = {
        name: (node, list(_members(node)))
        for name, node in described["components"]["schemas"].items()
    }
    return (
        _templates()
        .get_template("docs.html")
        .render(document=described, operations=operations, schemas=schemas, addresses=addresses)
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("plotly_nbext.server.openapi"),
                PackageLoader("plotly_nbext.server.pages"),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["asset"] = assets.address
    environment.filters.update(kind=_kind, prose=_prose)
    return environment


def _operation(base_url: str, path: str, method: str, node: Node, shared: list[Node]) -> Operation:
    parameters = [_resolved(parameter) for parameter in (*shared, *node.get("parameters", []))]
    schemes = node["security"] if "security" in node else document()["security"]
    credentials = "required" if {} not in schemes else "optional"
    return Operation(
        anchor=node["operationId"],
        method=method.upper(),
        path=path,
        summary=node["summary"],
        description=node["description"],
        credentials=credentials if schemes else "not needed",
        fields=[
            *(
                Field(
                    parameter["name"],
                    parameter["in"],
                    parameter.get("required", False),
                    parameter["schema"],
                    parameter["description"],
                )
                for parameter in parameters
            ),
            *_sent(node.get("requestBody", {"content": {}})["content"]),
        ],
        answers=[
            Answer(
                status,
                HTTPStatus(int(status)).phrase,
                answer["description"],
                {kind: content["schema"] for kind, content in answer.get("content", {}).items()},
            )
            for status, answer in (
                (status, _resolved(answer)) for status, answer in node["responses"].items()
            )
        ],
        examples=list(_examples(base_url, path, method, node, parameters)),
    )


def _examples(
    base_url: str, path: str, method: str, node: Node, parameters: list[Node]
) -> Iterator[Example]:
    shown = {
        place: {
            parameter["name"]: parameter["example"]
            for parameter in parameters
            if parameter["in"] == place and "example" in parameter
        }
        for place in ("path", "query", "header")
    }
    query = "&".join(f"{name}={_in_query(value)}" for name, value in shown["query"].items())
    address = base_url + path.format_map(shown["path"]) + ("?" + query if query else "")
    words = ["curl"]
    if method != "get":
        words += ["-X", method.upper()]
    if node.get("security", document()["security"]):
        words += ["-u", "$USERNAME:$API_KEY"]
    for name, value in shown["header"].items():
        words += ["-H", f"{name}: {value}"]
    bodies: dict[str, Node] = node.get("requestBody", {"content": {}})["content"]
    if not bodies:
        yield Example("", _command([*words, address]))
    for media_type, body in bodies.items():
        told = [*words, "-H", f"Content-Type: {media_type}", address, "--data-binary"]
        if "example" in body:
            yield Example("", _command([*told, body["example"]]))
        for example in body.get("examples", {}).values():
            text = json.dumps(example["value"], ensure_ascii=False)
            yield Example(example["summary"], _command([*told, text]))


def _command(words: list[str]) -> str:
    # the credentials are the reader's shell's to fill in
    return " ".join(f'"{word}"' if word.startswith("$") else shlex.quote(word) for word in words)


def _in_query(value: Any) -> str:
    return quote(",".join(value) if isinstance(value, list) else str(value), safe=",/:")


def _resolved(node: Node) -> Node:
    """Follow a reference to a component."""
    while "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = document()["components"][kind][name]
    return node


def _sent(contents: dict[str, Node]) -> Iterator[Field]:
    """List the members of a body: of JSON, where others say the same, or of what else there is."""
    for media_type, content in contents.items():
        if "schema" in content:
            where = {JSON: "body", ARROW: "metadata"}.get(media_type, "form")
            yield from (replace(member, where=where) for member in _members(content["schema"]))
            return


def _members(schema: Node) -> Iterator[Field]:
    """List the members of an object, those of the shapes that it extends not among them."""
    resolved = _resolved(schema)
    for name, member in resolved.get("properties", {}).items():
        required = name in resolved.get("required", [])
        description = member.get("description") or _resolved(member).get("description", "")
        yield Field(name, "", required, member, description)


def _prose(text: str) -> Markup:
    """Write what the descriptions use of Markdown: paragraphs, and `code`."""
    paragraphs = [
        Markup("").join(
            Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
            for number, part in enumerate(paragraph.split("`"))
        )
        for paragraph in text.strip().split("\n\n")
    ]
    return Markup("").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs)


def _kind(schema: Node) -> Markup:
    """Name a type in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#{0}">{0}</a>').format(name)
    for values in ("enum", "const"):
        if values in schema:
            listed = schema[values] if values == "enum" else [schema[values]]
            return Markup(", ").join(
                Markup("<code>{}</code>").format(json.dumps(value)) for value in listed
            )
    if "anyOf" in schema:
        return Markup(" or ").join(_kind(option) for option in schema["anyOf"])
    if "properties" in schema:
        members = (
            Markup("<code>{}</code>: {}").format(name, _kind(member))
            for name, member in schema["properties"].items()
        )
        return Markup("{{{}}}").format(Markup(", ").join(members))
    kinds = schema.get("type", "any")
    within = schema.get("items") or schema.get("additionalProperties")
    if within:
        return Markup("{} of {}").format(kinds, _kind(within))
    return escape(kinds if isinstance(kinds, str) else " or ".join(kinds))
