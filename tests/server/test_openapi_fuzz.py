"""Requests that nobody thought of, made from the document: each is answered as that says.

The files, columns and folders that the document's examples name exist here; without them nearly
all requests would end with 404.
"""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from plotly_nbext.server.openapi import document

from .arrow import ARROW, stream
from .conftest import Api

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

OWN = "henrietta:88"  # a file of one's own, of the type that the resource knows
GRID = "henrietta:99"
TRASHED = "henrietta:77"
PUBLIC, PRIVATE = "wonderwoman:1", "wonderwoman:2"  # someone else's
FOLDER = 932  # its number
OTHERS = [GRID, TRASHED, PUBLIC, PRIVATE]
UIDS = [["e3a9dd"], ["13df20", "e3a9dd"]]

NAMES = ["henrietta:88:e3a9dd", OWN, *OTHERS, "e3a9dd", "13df20", "henrietta"]

ODD = [
    None,
    True,
    0,
    -1,
    0.5,
    2**70,
    1e308,
    "",
    "\0",
    "é/..",
    "x" * 200,
    [],
    {},
    [[]],
    [None],
    {"": []},
]

SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.config.generation.update(with_security_parameters=False)
DRAWING = [SCHEMA["/v2/images"]["POST"], SCHEMA["/v2/files/{fid}/image"]["GET"]]
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
OPERATIONS = [operation for operation in OPERATIONS if operation not in DRAWING]


@schemathesis.serializer(ARROW)
def arrow_stream(_context, value):
    """Send what was made up beside two columns, or in place of a stream."""
    fields = value if isinstance(value, dict) else None
    return str(value).encode() if fields is None else stream({"x": [5, 6], "y": [7, 8]}, fields)


@SCHEMA.hook
def flatmap_path_parameters(context, path_parameters):
    if path_parameters and "fid" not in path_parameters:
        return st.just(path_parameters)
    real = st.sampled_from([OWN, OWN, OWN, *OTHERS]).map(lambda fid: {"fid": fid})
    return real | real | st.just(path_parameters)


@SCHEMA.hook
def flatmap_query(context, query):
    if not query or "uid" not in query:
        return st.just(query)
    real = st.sampled_from(UIDS).map(lambda uid: query | {"uid": uid})
    return real | real | st.just(query)


@SCHEMA.hook
def flatmap_headers(context, headers):
    matching = {"If-Match": "*"} if headers and "If-Match" in headers else {}
    return st.sampled_from([headers, (headers or {}) | matching])


@SCHEMA.hook
def flatmap_body(context, body):
    """Send the document's examples too, each with one of its members made into something else."""
    content = context.operation.definition.raw["requestBody"]["content"].get("application/json", {})
    examples = [example["value"] for example in content.get("examples", {}).values()]
    if not isinstance(body, dict) or not examples:
        return st.just(body)
    shown = st.sampled_from(examples)
    return shown.flatmap(one_changed) | shown | st.just(body)


def one_changed(value: Any) -> st.SearchStrategy[Any]:
    """Make something else of one thing within a value, or within the JSON that a string holds."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        return one_changed(json.loads(value)).map(json.dumps)
    if not isinstance(value, dict | list) or not value:
        return st.sampled_from(ODD)
    place = st.sampled_from([*value] if isinstance(value, dict) else range(len(value)))
    return place.flatmap(
        lambda at: (one_changed(value[at]) | st.sampled_from(ODD)).map(
            lambda new: with_item(value, at, new)
        )
    )


def with_item(value: Any, at: Any, new: Any) -> Any:
    changed = value.copy()
    changed[at] = new
    return changed


class World:
    """What the document's examples speak of, made when a request speaks of it."""

    def __init__(self, owner: Api, other: Api) -> None:
        self._owner = owner
        self._other = other
        self._known: dict[tuple[str, str], str] = {}

    def send(self, case: Case, caller: Api) -> None:
        """Send a request with what is real in place of the names, and check the answer."""
        tag = "plots" if case.path.endswith("/image") else case.operation.tags[0]
        for part in ("path_parameters", "query", "body"):
            setattr(case, part, self._told(getattr(case, part), tag))
        headers = {"Plotly-Client-Platform": "schemathesis"}
        response = case.call(base_url=caller.url, auth=caller.auth, headers=headers, timeout=60)
        if case.method not in {"GET", "HEAD", "OPTIONS"}:
            self._known.clear()
        case.validate_response(response, checks=CHECKS)

    def _told(self, value: Any, tag: str) -> Any:
        if isinstance(value, dict):
            return {name: self._told(member, tag) for name, member in value.items()}
        if isinstance(value, list):
            return [self._told(member, tag) for member in value]
        if value == FOLDER:
            return int(self._meant(str(FOLDER), tag))
        if isinstance(value, str):
            value = value.replace("%3A", ":")  # paths come with it
            return re.sub("|".join(NAMES), lambda name: self._meant(name[0], tag), value)
        return value

    def _meant(self, name: str, tag: str) -> str:
        if (name, tag) not in self._known:
            self._known[name, tag] = self._make(name, tag)
        return self._known[name, tag]

    def _make(self, name: str, tag: str) -> str:
        match name:
            case "henrietta":
                return self._owner.username
            case "henrietta:88:e3a9dd":
                fid = self._meant(GRID, tag)
                return f"{fid}:{self._owner.uids(fid)['x']}"
            case "932":
                return self._owner.folder(uuid4().hex)["fid"].partition(":")[2]
            case "e3a9dd" | "13df20":
                uids = self._owner.uids(self._meant(OWN, "grids"))
                return uids["x" if name == "e3a9dd" else "y"]
        owner = self._other if name in {PUBLIC, PRIVATE} else self._owner
        if name == GRID or tag in {"grids", "files"}:
            fid = owner.grid()["fid"]
        elif tag == "plots":
            fid = owner.plot()["fid"]
        else:
            fid = owner.folder(uuid4().hex)["fid"]
        if name == TRASHED:
            owner.expect(200, "POST", f"/v2/files/{fid}/trash")
        if name == PUBLIC:
            owner.expect(200, "PATCH", f"/v2/files/{fid}", json={"world_readable": True})
        return fid


@pytest.fixture(scope="module")
def owner(new_user):
    return new_user()


@pytest.fixture(scope="module")
def world(owner, new_user):
    return World(owner, new_user())


def cases(operation: APIOperation) -> st.SearchStrategy[Case]:
    """Make requests that the document allows, and some that it does not."""
    return st.sampled_from(GenerationMode).flatmap(operation.as_strategy)


def each(operations: list[APIOperation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", operations, ids=lambda operation: operation.label)


def repeat(count: int) -> settings:
    """Make so many requests of each operation, the same ones every time."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@each(OPERATIONS)
@repeat(7)
@given(data=st.data())
def test_a_user_is_answered_as_documented(world, owner, operation, data):
    world.send(data.draw(cases(operation)), owner)


@each(DRAWING)
@repeat(5)
@given(data=st.data())
def test_a_user_s_image_is_as_documented(world, owner, operation, data):
    world.send(data.draw(cases(operation)), owner)


@each(OPERATIONS)
@repeat(2)
@given(data=st.data())
def test_nobody_is_answered_as_documented(world, anonymous, operation, data):
    world.send(data.draw(cases(operation)), anonymous)
