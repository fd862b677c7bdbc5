"""The server's description of itself: complete, valid, and with examples that work.

That it is true of every answer is checked wherever the tests of this folder get one: see
``documented``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from requests import Response

from plotly_nbext.server.app import create_app
from plotly_nbext.server.config import ServerConfig
from plotly_nbext.server.openapi import document
from plotly_nbext.server.store import Database
from tests.databases import databases

from .arrow import ARROW, stream
from .conftest import Api
from .documented import JSON, PAGES, check, follow, methods_of

DOCUMENT = document()
RAW = "application/octet-stream"
STREAMED = {"grids-put-columns": {"renamed": [5, 6]}, "grids-post-columns": {"z": [5, 6]}}


def operations() -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
    """List path, method, description and parameters of all operations."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parameters = item.get("parameters", []) + operation.get("parameters", [])
                yield path, method.upper(), operation, [follow(each) for each in parameters]


@dataclass(frozen=True)
class Example:
    """A request of the document, and the status that it promises."""

    tag: str
    operation: str
    method: str
    path: str
    parameters: dict[str, dict[str, Any]]
    content_type: str | None
    body: bytes
    status: int


def examples() -> Iterator[pytest.param]:
    """List the examples of the document."""
    for path, method, operation, parameters in operations():
        shown = {place: {} for place in ("path", "query", "header")}
        for parameter in parameters:
            if "example" in parameter:
                shown[parameter["in"]][parameter["name"]] = parameter["example"]
        content = operation.get("requestBody", {"content": {}})["content"]
        success = next(int(status) for status in operation["responses"] if status < "300")
        bodies = [
            (JSON, json.dumps(example["value"]).encode(), example["x-status"])
            for example in content.get(JSON, {}).get("examples", {}).values()
        ]
        if RAW in content:
            bodies.append((RAW, content[RAW]["example"].encode(), success))
        if ARROW in content:
            columns = STREAMED.get(operation["operationId"], {"x": [1, 2], "y": [3, 4]})
            bodies.append((ARROW, stream(columns, {}), success))
        for number, (kind, body, status) in enumerate(bodies or [(None, b"", success)], 1):
            name = f"{operation['operationId']}-{number}-{status}"
            told = Example(
                operation["tags"][0],
                operation["operationId"],
                method,
                path,
                shown,
                kind,
                body,
                status,
            )
            yield pytest.param(told, id=name)


@pytest.fixture
def world(api):
    """Make what the examples speak of, and give what each of their names stands for."""

    def make(tag: str, operation: str) -> dict[str, str]:
        folder = api.folder("sales")
        place = {"filename": "2026", "parent": int(folder["fid"].partition(":")[2])}
        grid = api.grid({"x": [1, 2], "y": [3, 4]}, **place if tag in {"grids", "files"} else {})
        uid = grid["cols"][0]["uid"]
        figure = {"data": [{"xsrc": f"{grid['fid']}:{uid}"}]}
        fids = {"grids": grid["fid"], "files": grid["fid"]}
        if tag == "plots" or operation == "files-image":
            fids[tag] = api.plot(figure, **place if tag == "plots" else {})["fid"]
        if tag == "folders":
            fids["folders"] = api.folder("sales/2026")["fid"]
        parent = api.folder("elsewhere")["fid"].partition(":")[2]
        return {
            "henrietta:88:e3a9dd": f"{grid['fid']}:{uid}",
            "henrietta:88": fids.get(tag, grid["fid"]),
            "henrietta:99": grid["fid"],
            "henrietta": api.username,
            "e3a9dd": uid,
            "932": parent,
        }

    return make


def test_every_route_is_described_by_its_methods_and_nothing_else(tmp_path, anonymous):
    with closing(Database(databases.location(tmp_path))) as database:
        routes = create_app(ServerConfig(data=tmp_path), database).routes
    paths = {route.path for route in routes if not PAGES.match(route.path)}
    assert paths == set(DOCUMENT["paths"])
    for path in paths:
        answer = anonymous.expect(200, "OPTIONS", path.replace("{fid}", "someone:1"))
        allowed = set(answer.headers["Allow"].split(", "))
        assert allowed == methods_of(DOCUMENT["paths"][path]), path


def test_the_document_is_valid_openapi(anonymous):
    answered = anonymous.expect(200, "GET", "/openapi.json").json()
    assert answered == DOCUMENT
    OpenAPIV31SpecValidator(answered).validate()


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does():
    named = [operation["operationId"] for _, _, operation, _ in operations()]
    assert len(named) == len(set(named))
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for _, _, operation, parameters in operations():
        assert set(operation["tags"]) <= tags
        assert operation["summary"]
        assert operation["description"]
        assert all(parameter["description"] for parameter in parameters)


def test_nothing_is_described_that_nothing_uses():
    text = json.dumps(DOCUMENT)
    spoken_of = {"MethodNotAllowed"}  # by the introduction, as any address may answer it
    for kind, components in DOCUMENT["components"].items():
        for name in components:
            used = f'"#/components/{kind}/{name}"' in text or f'"{name}": []' in text
            assert used or name in spoken_of, f"{kind}/{name}"


@pytest.mark.parametrize("example", list(examples()))
def test_the_example_is_answered_as_promised(api, world, example):
    names = world(example.tag, example.operation)

    def told(text: str) -> str:
        return re.sub("|".join(names), lambda name: names[name[0]], text)

    path = told(example.path.format_map(example.parameters["path"]))
    if path.endswith("/permanent_delete"):
        api.expect(200, "POST", path.replace("permanent_delete", "trash"))
    query = {
        name: told(",".join(value) if isinstance(value, list) else value)
        for name, value in example.parameters["query"].items()
    }
    headers = example.parameters["header"] | {"Content-Type": example.content_type}
    body = example.body if example.content_type == ARROW else told(example.body.decode()).encode()
    api.expect(example.status, example.method, path, params=query, headers=headers, data=body)


def test_each_operation_with_a_body_shows_one():
    for path, method, operation, _ in operations():
        for kind, content in operation.get("requestBody", {"content": {}})["content"].items():
            if kind in {JSON, RAW}:
                assert content.get("examples") or content.get("example"), (method, path)


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PATCH"])
@pytest.mark.parametrize("path", ["/v2/users/current", "/v2/grids", "/v2/grids/someone:1/row"])
def test_what_an_address_does_not_know_is_405_with_what_it_knows(anonymous, method, path):
    error = anonymous.refused(405, method, path)
    assert error["code"] == "METHOD_NOT_ALLOWED"


def body_with(**members: Any) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response._content = json.dumps(response.json() | members).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda response: setattr(response, "status_code", 202), id="status"),
        pytest.param(lambda response: response.headers.update(Allow=""), id="header"),
        pytest.param(lambda response: response.headers.pop("X-Request-Id"), id="no header"),
        pytest.param(
            lambda response: response.headers.update({"Content-Type": "text/plain"}),
            id="media type",
        ),
        pytest.param(body_with(fid=88), id="wrong type"),
        pytest.param(body_with(surprise=True), id="unknown member"),
        pytest.param(lambda response: setattr(response, "_content", b"{}"), id="no members"),
        pytest.param(
            lambda response: setattr(response.request, "body", b'{"filename": 5}'), id="request"
        ),
    ],
)
def test_what_is_not_documented_fails_the_test_that_met_it(api, change):
    path = f"/v2/grids/{api.grid()['fid']}"
    response = api.expect(200, "PATCH", path, json={"filename": "renamed"})
    check(response)
    change(response)
    with pytest.raises(AssertionError):
        check(response)


class Page(HTMLParser):
    """The anchors of a page, and all that it refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.anchors.append(value)
            if name in {"href", "src"}:
                self.links.add(value)


@pytest.fixture(scope="module")
def docs(server):
    with Api(server.url) as anyone:
        return anyone.expect(200, "GET", "/docs")


def test_the_page_tells_of_every_operation_and_shape(docs):
    page = Page(docs.text)
    for path, _, operation, _ in operations():
        assert operation["operationId"] in page.anchors
        assert path in page.text
        assert operation["summary"] in page.text
    assert set(DOCUMENT["components"]["schemas"]) <= set(page.anchors)


def test_the_page_s_links_lead_somewhere_and_none_leaves_the_server(docs, anonymous):
    page = Page(docs.text)
    assert len(page.anchors) == len(set(page.anchors))
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.anchors, link
        else:
            anonymous.expect(200, "GET", link)


def test_the_page_runs_nothing(docs):
    assert "script" not in Page(docs.text).tags
    assert "style=" not in docs.text
    policy = docs.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert not any(rule.startswith("script-src") for rule in policy)
