"""No route of the server is without a test of who may use it."""

from __future__ import annotations

import re
from contextlib import closing

import pytest

from plotly_nbext.server.app import create_app
from plotly_nbext.server.config import ServerConfig
from plotly_nbext.server.openapi import document
from plotly_nbext.server.store import Database
from tests.server.actions import CASES
from tests.server.arrow import ARROW, stream
from tests.server.conftest import Api

PLACEHOLDERS = {"$owner:$id": "{fid}", "$owner": "{username}", "$id": "{idlocal}"}

PUSH = "0" * 32

# what anybody may ask for, and what it tells to nobody in particular
OPEN = {
    "GET /healthz": 200,
    "GET /readyz": 200,
    "GET /metrics": 200,  # with --metrics and no token, which is for loopback alone
    "GET /v2": 200,
    "GET /v2/plot-schema": 200,
    "GET /v2/users/current": 200,
    "GET /v2/search?q=x": 200,
    "GET /openapi.json": 200,
    "GET /docs": 200,
    "GET /": 307,
    "GET /static/none/none": 404,
}

# what is done in somebody's name: nobody is refused, and so is a key that is over
IN_A_NAME = {
    "POST /v2/images": {"figure": {}},
    "POST /v2/grids": {"data": {"cols": {}}},
    "POST /v2/grids/upload": {},
    "POST /v2/plots": {"figure": {}},
    "POST /v2/folders": {"path": "x"},
    "GET /v2/folders/home": None,
    "GET /v2/folders/all": None,
    "GET /v2/folders/shared": None,
    "GET /v2/folders/starred": None,
    "GET /v2/folders/trashed": None,
    f"PUT /v2/pushes/{PUSH}/{PUSH}": stream({"x": [1]}),
    f"POST /v2/pushes/{PUSH}": {},
    f"DELETE /v2/pushes/{PUSH}": None,
}


def of_files() -> set[tuple[str, str]]:
    """Give the methods and paths of the matrix of tests/server/test_rights.py."""
    found = set()
    for case in CASES:
        path = case.action.path.partition("?")[0].rstrip("/")
        for placeholder, name in PLACEHOLDERS.items():
            path = path.replace(placeholder, name)
        found.add((case.action.method, path))
    return found


def paths_tested() -> set[str]:
    tested = {path for _, path in of_files()}
    for line in (*OPEN, *IN_A_NAME):
        path = line.split()[1].partition("?")[0]
        path = path.replace(PUSH, "{push}", 1).replace(PUSH, "{part}")
        tested.add(re.sub(r"^/static/.*", "/static/{digest}/{name}", path))
    return tested


def test_every_path_of_the_server_has_a_test_of_its_rights(tmp_path):
    with closing(Database(tmp_path)) as database:
        app = create_app(ServerConfig(data=tmp_path), database)
    served = {
        # the form with a slash before the ending is the same endpoint's
        route.path.replace("}/.", "}.")
        for route in app.routes
    }
    # a user's page tells what is public; see test_a_users_page_lists_their_files
    assert served - paths_tested() - {"/~{username}"} == set()


def test_every_method_upon_a_file_is_in_the_matrix_of_rights():
    described = {
        (method.upper(), path)
        for path, item in document()["paths"].items()
        for method in item
        if method != "parameters" and "{fid}" in path
    }
    assert described - of_files() == set()


@pytest.mark.parametrize(("line", "status"), OPEN.items())
def test_what_is_open_is_open(anonymous, line, status):
    method, path = line.split()
    assert anonymous.request(method, path).status_code == status


@pytest.mark.parametrize(("line", "body"), IN_A_NAME.items())
def test_nobody_does_what_is_done_in_a_name(api, anonymous, line, body):
    method, path = line.split()
    sent = {"json": body}
    if isinstance(body, bytes):
        sent = {"data": body, "headers": {"Content-Type": ARROW}}
    anonymous.refused(401, method, path, **sent)
    Api(api.url, api.username, "over").refused(401, method, path, **sent)
