"""What the server's OpenAPI document says, held against what was sent and answered."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonschema_rs import ValidationError, Validator, validator_for
from requests import PreparedRequest, Response

from plotly_nbext.server.openapi import document

JSON = "application/json"

# pages for people and what they load; they are no part of the API
PAGES = re.compile("/~|/static/|/$")


def check(response: Response, *, body: bool = True) -> None:
    """Assert that the document knows an answer, and the request where that was accepted.

    ``body`` is false where the answer's is yet to be read.
    """
    request = response.request
    path = re.sub("/{2,}", "/", unquote(urlsplit(request.url).path)).rstrip("/") or "/"
    if PAGES.match(path):
        return
    told = f"{request.method} {path} answered {response.status_code}"
    item = next((item for pattern, item in _paths() if pattern.fullmatch(path)), {})
    if "Allow" in response.headers:
        assert set(response.headers["Allow"].split(", ")) == methods_of(item), f"{told}, Allow"
    method = "get" if request.method == "HEAD" else request.method.lower()
    if method not in item:
        _check_refused_method(item, response, told)
        return
    answers = item[method]["responses"]
    assert str(response.status_code) in answers, f"{told}: not documented"
    _check_answer(answers[str(response.status_code)], response, told, body=body)
    if response.ok:
        _check_request(item[method], request, told)


def methods_of(item: dict[str, Any]) -> set[str]:
    """Give the methods of a path: those that are described, and those that come with them."""
    described = {method.upper() for method in item} - {"PARAMETERS"}
    return described | {"OPTIONS"} | ({"HEAD"} if "GET" in described else set())


def follow(node: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to a component."""
    while "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = document()["components"][kind][name]
    return node


def validate(schema: dict[str, Any], value: Any, told: str) -> None:
    """Assert that a value is as a schema of the document has it."""
    try:
        _validator(json.dumps(schema)).validate(value)
    except ValidationError as error:
        raise AssertionError(f"{told}: {error}") from None


@cache
def _validator(schema: str) -> Validator:
    # the schemas of the document refer to each other by their places in it
    return validator_for(json.loads(schema) | {"components": document()["components"]})


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """List the paths, those without parameters first, as they are matched."""
    paths = sorted(document()["paths"].items(), key=lambda path: path[0].count("{"))
    return [
        (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), item) for path, item in paths
    ]


def _check_refused_method(item: dict[str, Any], response: Response, told: str) -> None:
    if response.request.method == "OPTIONS" and item:
        assert response.status_code == 200, told
        assert "Allow" in response.headers, told
        return
    names = {403: "Forbidden", 405 if item else 404: "MethodNotAllowed" if item else "NotFound"}
    assert response.status_code in names, f"{told}: not documented"
    _check_answer(
        document()["components"]["responses"][names[response.status_code]],
        response,
        told,
        body=True,
    )


def _check_answer(answer: dict[str, Any], response: Response, told: str, *, body: bool) -> None:
    answer = follow(answer)
    for name, node in answer.get("headers", {}).items():
        header = follow(node)
        if name in response.headers:
            validate(header["schema"], response.headers[name], f"{told}, {name}")
        else:
            assert not header.get("required"), f"{told} without the header {name}"
    if response.request.method == "HEAD" or not body:
        return
    content = answer.get("content", {})
    if not content:
        assert response.content == b"", told
        return
    media_type = response.headers["Content-Type"].partition(";")[0]
    assert media_type in content, f"{told} with {media_type}: not documented"
    if media_type == JSON:
        validate(content[JSON]["schema"], _loads(response.content), told)


def _check_request(operation: dict[str, Any], request: PreparedRequest, told: str) -> None:
    content_type = request.headers.get("Content-Type", "").partition(";")[0]
    if (
        isinstance(request.body, str | bytes)
        and request.body
        and content_type == JSON
        and "requestBody" in operation
    ):
        schema = operation["requestBody"]["content"][JSON]["schema"]
        validate(schema, _loads(request.body), f"{told}, and its body")


def _loads(text: bytes | str) -> Any:
    # no schema looks at the digits of a number, and Python reads only some thousands of them
    return json.loads(text, parse_int=float)
