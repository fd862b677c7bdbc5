"""What can be done with files, the files that it is done with, and those who ask for it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from string import Template
from typing import NamedTuple

import requests

from .arrow import ARROW, stream

RESOURCES = {"grid": "grids", "plot": "plots", "fold": "folders"}
NEW_CELL = {"cells": {"$uid": {"rows": [0], "values": [5]}}}
NEW_COLUMN = {"cols": '[{"name": "new", "data": [1]}]'}


class Action(NamedTuple):
    """What can be done with a file; its path and body are templates of what the file is called.

    A body of bytes is an Arrow stream, and sent as it is.
    """

    kind: str
    success: int
    method: str
    path: str
    body: dict | bytes | None = None


class Case(NamedTuple):
    """An action upon a file of a type."""

    filetype: str
    action: Action

    def __str__(self) -> str:
        return f"{self.filetype} {self.action.method} {self.action.path}"


def actions_of_a_file(resource: str) -> list[Action]:
    """Give what each resource does with its files."""
    file, name = f"/v2/{resource}/$owner:$id", {"filename": "renamed $id"}
    return [
        Action("read", 200, "GET", file),
        Action("read", 200, "GET", f"{file}/path"),
        Action("read", 200, "GET", f"{file}/sources"),
        Action("find", 200, "GET", f"/v2/{resource}/lookup?user=$owner&path=file $id"),
        Action("copy", 201, "POST", f"{file}/copy", {}),
        Action("star", 200, "POST", f"{file}/star"),
        Action("star", 204, "DELETE", f"{file}/star"),
        Action("write", 200, "PATCH", file, name),
        Action("write", 200, "PUT", file, name),
        Action("trash", 200, "POST", f"{file}/trash"),
        Action("destroy", 204, "DELETE", file),
        Action("restore", 200, "POST", f"{file}/restore"),
        Action("purge", 204, "DELETE", f"{file}/permanent_delete"),
        Action("purge", 204, "POST", f"{file}/permanent_delete"),
    ]


def drop_reference(resource: str) -> Action:
    path = f"/v2/{resource}/$owner:$id/drop_reference"
    return Action("write", 200, "POST", path, {"fid": "$owner:0"})


ONLY = {
    "grid": [
        Action("read", 200, "GET", "/v2/grids/$owner:$id/content"),
        Action("read", 200, "GET", "/v2/grids/$owner:$id/content?start=0&stop=1"),
        Action("read", 200, "GET", "/v2/files/$owner:$id/content"),
        Action("read", 200, "GET", "/v2/grids/$owner:$id/col"),
        Action("read", 200, "GET", "/v2/grids/$owner:$id/col?uid=$uid"),
        Action("write", 200, "PUT", "/v2/grids/$owner:$id/content", stream({"z": [5]})),
        Action("write", 200, "PATCH", "/v2/grids/$owner:$id/content", NEW_CELL),
        Action("write", 201, "POST", "/v2/grids/$owner:$id/row", {"rows": [[5]]}),
        Action("write", 201, "POST", "/v2/grids/$owner:$id/col", NEW_COLUMN),
        Action("write", 200, "PUT", "/v2/grids/$owner:$id/col?uid=$uid", {"cols": [{"data": [5]}]}),
        Action("write", 204, "DELETE", "/v2/grids/$owner:$id/col?uid=$uid"),
        drop_reference("grids"),
        drop_reference("files"),
        Action("read", 200, "GET", "/~$owner/$id.csv"),
        Action("read", 200, "GET", "/~$owner/$id.embed"),
    ],
    "plot": [
        Action("read", 200, "GET", "/v2/plots/$owner:$id/content"),
        Action("read", 200, "GET", "/v2/plots/$owner:$id/content?inline_data=true"),
        Action("read", 200, "GET", "/v2/files/$owner:$id/content"),
        Action("read", 200, "GET", "/v2/files/$owner:$id/image"),
        Action("write", 200, "PATCH", "/v2/plots/$owner:$id", {"figure": {"data": [{"y": [5]}]}}),
        drop_reference("plots"),
        drop_reference("files"),
        Action("read", 200, "GET", "/~$owner/$id.png"),
        Action("read", 200, "GET", "/~$owner/$id.embed"),
    ],
    "fold": [drop_reference("folders"), drop_reference("files")],
}
DATA = [
    Action("read", 200, "GET", "/~$owner/$id.json"),
    Action("read", 200, "GET", "/~$owner/$id/.json"),
]
PAGE = [Action("read", 200, "GET", "/~$owner/$id/")]
CASES = [
    Case(filetype, action)
    for filetype, resource in RESOURCES.items()
    for action in [
        *actions_of_a_file(resource),
        *actions_of_a_file("files"),
        *ONLY[filetype],
        *PAGE,
        *(DATA if filetype != "fold" else []),
    ]
]


@dataclass(frozen=True)
class File:
    """A file that something is done with; one that is missing has an id that nobody gave."""

    owner: str
    number: int
    uid: str
    share_key: str
    visibility: str

    @property
    def fid(self) -> str:
        return f"{self.owner}:{self.number}"

    def fill(self, text: str) -> str:
        """Put what the file is called where its placeholders are."""
        return Template(text).substitute(owner=self.owner, id=self.number, uid=self.uid)


class World:
    """The files of one owner, and all who ask for them."""

    def __init__(self, new_user, api_class, missing: int = 99_999) -> None:
        self.missing = missing
        self.owner, self.other = new_user(), new_user()
        self.anonymous = api_class(self.owner.url)
        self.bad = api_class(self.owner.url, self.owner.username, "wrong")
        self._files: dict[tuple[str, str], File] = {}

    def new(self, filetype: str, visibility: str) -> File:
        """Create a file; it is called ``file NUMBER``."""
        if visibility == "missing":
            return File(self.owner.username, self.missing, "e3a9dd", "x" * 32, visibility)
        if filetype == "grid":
            file = self.owner.grid({"x": [1], "y": [2]})
        elif filetype == "plot":
            file = self.owner.plot()
        else:
            file = self.owner.folder(f"folder {time.monotonic_ns()}")
        number = int(file["fid"].split(":")[1])
        # the key of what is private did open it once; what is trashed was open to everyone
        for shared in [True, False] if visibility == "private" else [visibility != "public"]:
            change = {
                "filename": f"file {number}",
                "share_key_enabled": shared,
                "world_readable": visibility in {"public", "trashed"},
            }
            meta = self.owner.expect(200, "PATCH", f"/v2/files/{file['fid']}", json=change).json()
        uid = file["cols"][0]["uid"] if filetype == "grid" else ""
        if visibility == "trashed":
            self.owner.expect(200, "POST", f"/v2/files/{file['fid']}/trash")
        return File(self.owner.username, number, uid, meta["share_key"], visibility)

    def kept(self, filetype: str, visibility: str) -> File:
        """Give a file that tests share who only read."""
        key = (filetype, visibility)
        if key not in self._files:
            self._files[key] = self.new(*key)
        return self._files[key]

    def send(self, who: str, action: Action, file: File) -> requests.Response:
        caller, key = {
            "owner": (self.owner, None),
            "other": (self.other, None),
            "anonymous": (self.anonymous, None),
            "with-key": (self.anonymous, file.share_key),
            "other-with-key": (self.other, file.share_key),
            "wrong-key": (self.anonymous, file.share_key[::-1]),
            "bad-key": (self.bad, None),
        }[who]
        return ask(caller, action, file, share_key=key)

    def state(self, file: File) -> dict | None:
        """Give what a refused request may not change, also of a file in the trash."""
        if file.visibility == "missing":
            return None
        path = f"/v2/files/{file.fid}"
        if file.visibility == "trashed":
            self.owner.expect(200, "POST", f"{path}/restore")
        meta = self.owner.expect(200, "GET", path).json()
        if file.visibility == "trashed":
            self.owner.expect(200, "POST", f"{path}/trash")
        others = {"stars", "views", "referencers", "date_modified", "revision"}
        return {name: value for name, value in meta.items() if name not in others}


def ask(caller, action: Action, file: File, headers=None, **params) -> requests.Response:
    """Ask for an action upon a file."""
    headers = {} if headers is None else headers
    body = action.body
    if isinstance(body, bytes):
        headers |= {"Content-Type": ARROW}
    elif body is not None:
        body = file.fill(json.dumps(body))
        headers |= {"Content-Type": "application/json"}
    path = file.fill(action.path)
    return caller.request(action.method, path, params=params, headers=headers, data=body)
