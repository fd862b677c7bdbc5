"""A server whose temporary files and processes are in sight, and uploads to it."""

from __future__ import annotations

import io
import time
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import uuid4

import psutil
import pytest

from plotly_nbext.server.store import Database, users
from tests.databases import databases

from ..conftest import Api, OwnServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATH = "/v2/grids/upload"


class Uploader(Api):
    """A user who uploads files."""

    def upload(self, content: bytes, name: str | None = None, **headers: str) -> dict:
        """Upload a file that has to be taken; give the whole answer."""
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        if name is not None:
            headers["X-File-Name"] = name
        return self.expect(201, "POST", PATH, data=content, headers=headers).json()

    def uploaded(self, content: bytes, name: str | None = None) -> dict[str, list]:
        """Upload a file of one table; give its columns."""
        file = self.upload(content, name)["file"]
        assert file["filetype"] == "grid"
        return self.table(file["fid"])

    def not_uploaded(self, content: bytes, name: str | None = None, status: int = 400) -> str:
        """Upload a file that has to be refused; give the message."""
        headers = {} if name is None else {"X-File-Name": name}
        return self.refused(status, "POST", PATH, data=content, headers=headers)["message"]

    def names(self, folder: str = "home") -> dict[str, dict]:
        """Give what lies in a folder, by name."""
        listed = self.expect(200, "GET", f"/v2/folders/{folder}").json()["children"]["results"]
        return {file["filename"]: file for file in listed}


class Site:
    """A server of its own, and what it leaves on this machine."""

    def __init__(self, folder: Path) -> None:
        self._temporary = folder / "tmp"
        self._temporary.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TMPDIR", str(self._temporary))
            self.server = OwnServer(folder / "data", ("--max-upload-mb", "40"))
        self.process = psutil.Process(self.server._process.pid)

    def user(self) -> Uploader:
        name = f"u{uuid4().hex[:12]}"
        location = databases.location(self.server.data)
        with closing(Database(location)) as database, database.write() as connection:
            return Uploader(self.server.url, name, users.add(connection, name))

    def readers(self) -> list[psutil.Process]:
        """List the processes that read uploads."""
        found = []
        for child in self.process.children(recursive=True):
            try:
                if "plotly_nbext.server.uploads.child" in child.cmdline():
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def files(self) -> list[str]:
        """List the temporary files of uploads, which lie beside the database if that is a file."""
        beside = self.server.data / "plotly-nbext-uploads"
        return [str(path) for path in (*beside.glob("*"), *self._temporary.glob("plotly-nbext-*"))]

    def assert_clean(self) -> None:
        """Check that no upload has left anything, within a few seconds."""
        until(lambda: not self.readers() and not self.files())


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for what has to come about soon."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("site"))
    yield made
    made.server.stop()


@pytest.fixture
def api(site):
    """A fresh user of the module's server."""
    with site.user() as caller:
        yield caller
    site.assert_clean()


def archive(**members: bytes) -> bytes:
    """Zip some files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()
