"""What the tests of the server share: callers of its HTTP interface, and servers of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import uuid4
from xml.etree.ElementTree import canonicalize

import pytest
import requests

from plotly_nbext.server.store import Database, users
from tests.databases import databases

from . import documented

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = "python 5.24.1"


class Api(requests.Session):
    """One caller of one server: base URL, credentials (or none) and client header.

    Redirects are not followed: a client such as curl would not follow them either. Whatever is
    answered has to be as the server's OpenAPI document has it.
    """

    def __init__(self, url: str, username: str | None = None, api_key: str | None = None) -> None:
        super().__init__()
        self.trust_env = False  # no ~/.netrc, no proxy
        self.url = url.rstrip("/")
        self.username = username
        self.api_key = api_key
        if username is not None:
            self.auth = (username, api_key)
        self.headers["Plotly-Client-Platform"] = PLATFORM

    def request(self, method, url, **options):
        options = {"timeout": 120, "allow_redirects": False} | options
        response = super().request(method, self.url + url, **options)
        documented.check(response, body=not options.get("stream"))
        return response

    def expect(self, status: int, method: str, path: str, **options) -> requests.Response:
        """Send a request that has to be answered with this status."""
        response = self.request(method, path, **options)
        seen = f"{method} {path}: {response.status_code} {response.text[:500]}"
        assert response.status_code == status, seen
        return response

    def refused(self, status: int, method: str, path: str, **options) -> dict:
        """Send a request that has to be refused; give the first error of its body."""
        response = self.expect(status, method, path, **options)
        assert response.headers["Content-Type"] == "application/json"
        body = response.json()
        assert set(body) >= {"errors", "detail"}
        assert body["errors"]
        for error in body["errors"]:
            assert set(error) == {"code", "message", "path", "field"}
            assert isinstance(error["code"], str)
            assert isinstance(error["message"], str)
        assert body["detail"] == body["errors"][0]["message"]
        return body["errors"][0]

    def grid(self, columns: dict | None = None, **fields) -> dict:
        """Create a grid of these columns (name to values), in this order; give its ``file``."""
        columns = {"x": [1, 2], "y": [3, 4]} if columns is None else columns
        cols = {name: {"data": data, "order": i} for i, (name, data) in enumerate(columns.items())}
        body = {"data": {"cols": cols}} | fields
        return self.expect(201, "POST", "/v2/grids", json=body).json()["file"]

    def plot(self, figure: dict | None = None, **fields) -> dict:
        """Create a plot; give its ``file``."""
        figure = {"data": [{"y": [1, 3, 2]}], "layout": {}} if figure is None else figure
        body = {"figure": figure} | fields
        return self.expect(201, "POST", "/v2/plots", json=body).json()["file"]

    def folder(self, path: str) -> dict:
        """Create a folder; give its ``file``."""
        return self.expect(201, "POST", "/v2/folders", json={"path": path}).json()["file"]

    def meta(self, fid: str) -> dict:
        return self.expect(200, "GET", f"/v2/grids/{fid}").json()

    def content(self, fid: str, **params) -> dict[str, dict]:
        """Give the columns of a grid's content, by name."""
        return self.expect(200, "GET", f"/v2/grids/{fid}/content", params=params).json()["cols"]

    def table(self, fid: str) -> dict[str, list]:
        """Give a grid's columns, name to values, by ``order``, which has to be 0…n-1."""
        cols = sorted(self.content(fid).items(), key=lambda item: item[1]["order"])
        assert [col["order"] for _, col in cols] == list(range(len(cols)))
        return {name: col["data"] for name, col in cols}

    def uids(self, fid: str) -> dict[str, str]:
        """Give the uid of each column, by name, in the order of the grid's metadata."""
        return {col["name"]: col["uid"] for col in self.meta(fid)["cols"]}


class OwnServer:
    """A server process that one test has to itself."""

    def __init__(self, data: Path, options: tuple[str, ...]) -> None:
        self.data = data
        self._log = data.with_suffix(".log")
        self._options = options
        self._environment = os.environ | {"PLOTLY_NBEXT_HOME": str(data.with_suffix(".home"))}
        self._output = ""
        self.start()

    def start(self) -> None:
        """Start the process; after :meth:`stop`, anew and maybe on another port."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("serve", "--port", "0", *self._options),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._environment,
            )
        ready = next((line for line in self._process.stdout if " serving http" in line), None)
        assert ready is not None, self._log.read_text()
        self.url = ready.split()[-1]
        self._output += ready

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "plotly_nbext", *arguments, *databases.options(self.data)]

    def user(self) -> Api:
        name = f"u{uuid4().hex[:12]}"
        location = databases.location(self.data)
        with closing(Database(location)) as database, database.write() as connection:
            return Api(self.url, name, users.add(connection, name))

    def rotate_key(self, username: str) -> Api:
        """Give a user another key, from a process of its own."""
        command = self._command("user", "rotate-key", username)
        rotated = subprocess.run(
            command, capture_output=True, text=True, check=True, env=self._environment
        )
        return Api(self.url, username, rotated.stdout.splitlines()[-1])

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End the process without letting it end anything."""
        self._process.kill()
        self._process.wait(timeout=60)

    def stop(self) -> str:
        """End the process; give all that it has written to stdout and stderr."""
        if self._process.poll() is None:
            self._process.terminate()
            with self._process.stdout as stdout:
                self._output += stdout.read()
            self._process.wait(timeout=60)
        return self._output + self._log.read_text()


@pytest.fixture(scope="session")
def new_user(server):
    """Make a caller who is a user that nobody else has."""

    def make() -> Api:
        name = f"u{uuid4().hex[:12]}"
        return Api(server.url, name, server.add_user(name))

    return make


@pytest.fixture
def api(new_user):
    """A fresh user."""
    with new_user() as caller:
        yield caller


@pytest.fixture
def other(new_user):
    """A second fresh user, who owns nothing of the first's."""
    with new_user() as caller:
        yield caller


@pytest.fixture
def anonymous(server):
    """A caller without credentials."""
    with Api(server.url) as caller:
        yield caller


@pytest.fixture
def serve(tmp_path):
    """Start servers with options of their own; they end with the test."""
    servers = []

    def start(*options: str) -> OwnServer:
        servers.append(OwnServer(tmp_path / f"data{len(servers)}", options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def drawing():
    """Render a figure to the text of its SVG, without what plotly.js makes up at random.

    That is one id of the figure, and the order of attributes; the ids of traces are random too
    where a figure does not give them ``uid``.
    """

    def draw(caller: Api, figure: dict) -> str:
        body = {"figure": figure, "format": "svg"}
        svg = caller.expect(200, "POST", "/v2/images", json=body).content
        text = canonicalize(svg.decode())
        random_id = re.search(r'id="defs-([0-9a-f]{6})"', text)[1]
        # it may consist of digits, as a coordinate does behind its point
        return re.sub(rf"(?<![\d.]){random_id}", "figure", text)

    return draw
