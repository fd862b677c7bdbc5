"""Servers that our client meets where no one runs ours as it is.

One answers as Chart Studio's own did. It is written from what was recorded of that server: JSON
only; Django REST framework's errors and throttling; no windows, no counts of rows, no revisions;
`cols` as a string; one name one file. Another one is ours, but knows nothing of Arrow.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import secrets
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from plotly_nbext.client import Client

KEY = "a-key-that-nobody-may-see"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
FOLD, GRID, PLOT = "fold", "grid", "plot"
TYPES = {"grids": GRID, "plots": PLOT, "folders": FOLD, "files": None}

Answer = tuple[int, Any]


class Refusal(Exception):  # noqa: N818 - an answer
    """An answer that is no success."""

    def __init__(self, status: int, body: Any) -> None:
        self.answer = status, body


def error(status: int, message: str) -> Refusal:
    listed = {"code": "UNKNOWN", "message": message, "path": None, "field": None}
    return Refusal(status, {"errors": [listed], "detail": message})


@dataclass
class ChartStudio:
    """The files of one user, and what was asked for."""

    url: str = ""
    files: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    throttled: list[float] = field(default_factory=list)
    """The seconds to name in the next answers, in place of doing what is asked."""
    image_headers: dict[str, str] = field(default_factory=dict)
    """What is sent with images, which that server did not."""
    lost: str = ""
    """The next request that matches is done, and its answer is lost on the way."""

    def client(self) -> Client:
        from plotly_nbext.accounts import Account
        from plotly_nbext.client import Client

        return Client(lambda: Account(self.url, "alice", KEY))

    def count(self, pattern: str) -> int:
        """How many of the requests match."""
        return sum(re.search(pattern, line) is not None for line in self.asked)

    # --- requests ---------------------------------------------------------------------------------

    def answer(
        self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes
    ) -> Answer:
        token = base64.b64encode(f"alice:{KEY}".encode()).decode()
        if headers.get("Authorization") != f"Basic {token}":
            raise error(401, "Bad API key")
        if self.throttled:
            wait = self.throttled.pop(0)
            words = f"Request was throttled. Expected available in {wait} seconds."
            raise error(429, words)
        resource, *rest = path.removeprefix("/v2/").split("/")
        name = "_".join([method.lower(), resource, *("fid" if ":" in p else p for p in rest)])
        fid = [self._file(part, resource) for part in rest if ":" in part]
        for action in (name, re.sub("^([a-z]+)_(grids|plots|folders|files)_", r"\1_any_", name)):
            if hasattr(self, action):
                kind = TYPES.get(resource)
                if name == "post_grids_upload":
                    return self.post_grids_upload(headers, body)
                fields = json.loads(body) if body else {}
                return getattr(self, action)(*fid, kind=kind, query=query, fields=fields)
        raise error(404, "Not found.")

    def get_users_current(self, **_: Any) -> Answer:
        return 200, {"username": "alice"}

    def post_images(self, fields: dict[str, Any], **_: Any) -> Answer:
        if not fields.get("figure"):
            raise Refusal(400, {"figure": ["This field is required."]})
        return 200, PNG

    def post_folders(self, fields: dict[str, Any], **_: Any) -> Answer:
        parent, made = -1, None
        for name in fields["path"].strip("/").split("/"):
            there = self._child(parent, name)
            made = None if there else self._add(FOLD, name, parent)
            parent = self._number(there or made or {})
        if made is None:
            raise error(400, f"Sorry, a folder named '{fields['path']}' already exists")
        return 201, {"file": self._meta(made)}

    def post_grids(self, fields: dict[str, Any], **_: Any) -> Answer:
        if "data" not in fields:
            raise Refusal(400, {"data": ["This field is required."]})
        cols = sorted(fields["data"]["cols"].items(), key=lambda item: item[1]["order"])
        file = self._create(GRID, fields)
        file["cols"] = [
            {"name": name, "uid": secrets.token_hex(3), "data": col["data"]} for name, col in cols
        ]
        return 201, {"file": self._meta(file, cols=True), "warnings": []}

    def post_grids_upload(self, headers: Any, body: bytes) -> Answer:
        rows = list(csv.reader(io.StringIO(body.decode())))
        cols = [
            {"name": name, "uid": secrets.token_hex(3), "data": [row[place] for row in rows[1:]]}
            for place, name in enumerate(rows[0])
        ]
        name, parent = unquote(headers["X-File-Name"]), int(headers.get("Plotly-Parent", -1))
        file = self._add(GRID, name, parent)
        file["cols"] = cols
        return 201, {"file": self._meta(file, cols=True)}

    def post_plots(self, fields: dict[str, Any], **_: Any) -> Answer:
        file = self._create(PLOT, fields)
        file["figure"] = fields["figure"]
        return 201, {"file": self._meta(file) | {"figure": file["figure"]}, "warnings": []}

    def get_any_lookup(self, kind: str | None, query: dict[str, str], **_: Any) -> Answer:
        parent, found = -1, None
        for name in query["path"].strip("/").split("/"):
            found = self._child(parent, name)
            if found is None:
                raise error(404, "Not found.")
            parent = self._number(found)
        if found is None or kind not in (None, found["filetype"]):
            raise error(404, "Not found.")
        return 200, self._meta(found, cols=kind == GRID)

    def get_any_fid(self, file: dict[str, Any], kind: str | None, **_: Any) -> Answer:
        return 200, self._meta(file, cols=kind == GRID)

    def get_any_fid_path(self, file: dict[str, Any], **_: Any) -> Answer:
        names = [file["filename"]]
        while file["parent"] != -1:
            file = self.files[file["parent"]]
            names.append(file["filename"])
        return 200, {"path": "/" + "/".join(reversed(names))}

    def patch_any_fid(
        self, file: dict[str, Any], kind: str | None, fields: dict[str, Any], **_: Any
    ) -> Answer:
        fields = {**fields, "parent": self._parent(fields, file["parent"])}
        fields.pop("parent_path", None)
        file.update(fields)
        return 200, self._meta(file, cols=kind == GRID)

    def post_any_fid_trash(self, file: dict[str, Any], **_: Any) -> Answer:
        file["deleted"] = True
        return 200, self._meta(file)

    def post_any_fid_restore(self, file: dict[str, Any], **_: Any) -> Answer:
        file["deleted"] = False
        return 200, self._meta(file)

    def delete_any_fid_permanent_delete(self, file: dict[str, Any], **_: Any) -> Answer:
        del self.files[self._number(file)]
        return 204, None

    def get_grids_fid_content(self, file: dict[str, Any], **_: Any) -> Answer:
        return 200, {
            "cols": {
                col["name"]: {"data": col["data"], "order": place, "uid": col["uid"]}
                for place, col in enumerate(file["cols"])
            }
        }

    def post_grids_fid_row(self, file: dict[str, Any], fields: dict[str, Any], **_: Any) -> Answer:
        for row in fields["rows"]:
            for col, value in zip(file["cols"], row, strict=True):
                col["data"].append(value)
        return 201, "rows"

    def get_grids_fid_col(self, file: dict[str, Any], query: dict[str, str], **_: Any) -> Answer:
        wanted = self._cols(file, query) if "uid" in query else file["cols"]
        return 200, {"cols": [col | {"order": file["cols"].index(col)} for col in wanted]}

    def post_grids_fid_col(self, file: dict[str, Any], fields: dict[str, Any], **_: Any) -> Answer:
        cols = [{"uid": secrets.token_hex(3)} | col for col in self._sent_cols(fields)]
        file["cols"] += cols
        return 201, {"cols": [{"name": col["name"], "uid": col["uid"]} for col in cols]}

    def put_grids_fid_col(
        self, file: dict[str, Any], fields: dict[str, Any], query: dict[str, str], **_: Any
    ) -> Answer:
        orders = {col["uid"]: place for place, col in enumerate(file["cols"])}
        for col, change in zip(self._cols(file, query), self._sent_cols(fields), strict=True):
            orders[col["uid"]] = change.pop("order", orders[col["uid"]])
            col.update(change)
        file["cols"].sort(key=lambda col: orders[col["uid"]])
        return 200, {"cols": self._cols(file, query)}

    def delete_grids_fid_col(self, file: dict[str, Any], query: dict[str, str], **_: Any) -> Answer:
        gone = self._cols(file, query)
        file["cols"] = [col for col in file["cols"] if col not in gone]
        return 204, None

    def get_plots_fid_content(self, file: dict[str, Any], **_: Any) -> Answer:
        return 200, file["figure"]

    def get_folders_home(self, query: dict[str, str], **_: Any) -> Answer:
        return 200, {"children": self._page(-1, query)}

    def get_folders_fid(self, file: dict[str, Any], query: dict[str, str], **_: Any) -> Answer:
        return 200, self._meta(file) | {"children": self._page(self._number(file), query)}

    # --- files ------------------------------------------------------------------------------------

    def _file(self, fid: str, resource: str) -> dict[str, Any]:
        file = self.files.get(int(fid.partition(":")[2]))
        if file is None or TYPES[resource] not in (None, file["filetype"]):
            raise error(404, "Not found.")
        return file

    def _child(self, parent: int, name: str) -> dict[str, Any] | None:
        for file in self.files.values():
            if (file["parent"], file["filename"], file["deleted"]) == (parent, name, False):
                return file
        return None

    def _number(self, file: dict[str, Any]) -> int:
        return next(number for number, there in self.files.items() if there is file)

    def _parent(self, fields: dict[str, Any], default: int = -1) -> int:
        if "parent_path" not in fields:
            return int(fields.get("parent", default))
        _, meta = self.get_any_lookup(FOLD, {"path": fields["parent_path"]})
        return int(meta["fid"].partition(":")[2])

    def _create(self, filetype: str, fields: dict[str, Any]) -> dict[str, Any]:
        parent = self._parent(fields)
        if self._child(parent, fields["filename"]):
            raise error(409, f"Sorry, a file named '{fields['filename']}' already exists")
        file = self._add(filetype, fields["filename"], parent)
        file.update({key: fields[key] for key in ("metadata", "world_readable") if key in fields})
        return file

    def _add(self, filetype: str, name: str, parent: int) -> dict[str, Any]:
        file = {"filetype": filetype, "filename": name, "parent": parent, "deleted": False}
        number = max(self.files, default=-1) + 1
        self.files[number] = file | {"metadata": {}, "world_readable": True}
        return self.files[number]

    def _meta(self, file: dict[str, Any], *, cols: bool = False) -> dict[str, Any]:
        number = self._number(file)
        meta = {
            "creation_time": "2020-05-12T08:36:11.620860Z",
            "date_modified": "2020-05-12T08:36:11.634Z",
            "fid": f"alice:{number}",
            "owner": "alice",
            "references": [],
            "referencers": [],
            "stars": {"results": [], "count": 0},
            "views": 3,
            "web_url": f"{self.url}/~alice/{number}/",
        }
        meta |= {key: value for key, value in file.items() if key not in ("cols", "figure")}
        if cols:
            meta["cols"] = [{"name": col["name"], "uid": col["uid"]} for col in file["cols"]]
        return meta

    def _cols(self, file: dict[str, Any], query: dict[str, str]) -> list[dict[str, Any]]:
        found = {col["uid"]: col for col in file["cols"]}
        try:
            return [found[uid] for uid in query["uid"].split(",")]
        except KeyError as unknown:
            raise error(400, f"There is no column {unknown}.") from None

    def _sent_cols(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        if not isinstance(fields["cols"], str):
            raise Refusal(400, {"cols": ["Not a valid string."]})
        return json.loads(fields["cols"])

    def _page(self, parent: int, query: dict[str, str]) -> dict[str, Any]:
        page, size = int(query.get("page", 1)), min(int(query.get("page_size", 50)), 100)
        there = [
            self._meta(file)
            for file in self.files.values()
            if file["parent"] == parent and not file["deleted"]
        ]
        more = f"{self.url}/v2/folders/…?page={page + 1}" if len(there) > page * size else None
        return {
            "count": len(there),
            "next": more,
            "results": there[(page - 1) * size : page * size],
        }


@pytest.fixture
def chart_studio() -> Iterator[ChartStudio]:
    """A server like Chart Studio's own, with nothing on it."""
    studio = ChartStudio()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            split = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(split.query).items()}
            with lock:
                studio.asked.append(f"{self.command} {unquote(self.path)}")
                try:
                    status, content = studio.answer(
                        self.command, unquote(split.path), query, self.headers, body
                    )
                except Refusal as refused:
                    status, content = refused.answer
                if studio.lost and re.search(studio.lost, studio.asked[-1]):
                    studio.lost, self.close_connection = "", True
                    return
            is_image = isinstance(content, bytes)
            sent = b"" if status == 204 else content if is_image else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "image/png" if is_image else "application/json")
            self.send_header("Vary", "Accept")
            for name, value in studio.image_headers.items() if is_image else ():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - http.server's

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, daemon=True).start()
        studio.url = f"http://127.0.0.1:{http.server_port}"
        yield studio
        http.shutdown()


class WithoutArrow:
    """An ASGI application that offers no Arrow and refuses to hear or speak it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", []))
        spoken = headers.get(b"content-type", b"") + headers.get(b"accept", b"")
        is_ours = scope.get("method") == "PUT" and scope["path"].endswith("/content")
        if b"arrow" in spoken or is_ours:
            await send({"type": "http.response.start", "status": 415, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_less(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [item for item in message["headers"] if item[0] != b"accept-post"]
                message = message | {"headers": kept}
            await send(message)

        await self.app(scope, receive, send_less)


@pytest.fixture(scope="session")
def json_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Client]]:
    """A server of ours that knows nothing of Arrow: gives a client of the user of a name."""
    import uvicorn

    from plotly_nbext.accounts import Account
    from plotly_nbext.client import Client
    from plotly_nbext.server.app import create_app
    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.server.store import Database, users

    data: Path = tmp_path_factory.mktemp("json-server")
    with closing(Database(data)) as database:
        app = WithoutArrow(create_app(ServerConfig(data=data, cache_bytes=0), database))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]

        def client_of(name: str) -> Client:
            with database.write() as connection:
                key = users.add(connection, name)
            return Client(lambda: Account(f"http://127.0.0.1:{port}", name, key))

        yield client_of
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def json_client(json_server: Callable[[str], Client]) -> Client:
    """A client of a server of ours that knows nothing of Arrow, as a fresh user."""
    return json_server(f"user-{secrets.token_hex(4)}")
