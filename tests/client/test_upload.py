"""Files sent to the server as they are: what of them is read, shown and said."""

from __future__ import annotations

import io
import re
import threading
import tracemalloc
import warnings
import zipfile
from contextlib import contextmanager, redirect_stderr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal
from pyarrow import parquet

from plotly_nbext import ApiError, NotFoundError, PlotlyNbextWarning, ValidationError
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client, Folder, Grid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CSV = "month,total\nJan,1.5\nFeb,\n"
FRAME = pd.DataFrame({"month": ["Jan", "Feb"], "total": [1.5, None]})


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "sales 2026.csv"
    path.write_text(CSV)
    return path


@contextmanager
def taking(
    status: int, *, reads: bool = True, after: threading.Event | None = None
) -> Iterator[tuple[Client, list[dict[str, Any]]]]:
    """Run a server that takes uploads of any size, and notes how they came."""
    uploads: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            left = int(self.headers["Content-Length"])
            uploads.append(dict(self.headers.items()))
            while reads and left:
                left -= len(self.rfile.read(min(left, 65536)))
            if after:
                assert after.wait(60)
            body = b'{"file": {"fid": "alice:1", "filename": "big", "filetype": "grid"}}'
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{http.server_port}"
        yield Client(lambda: Account(url, "alice", "key")), uploads
        http.shutdown()


class Slow(io.BytesIO):
    """A file on a slow disk."""

    name = "slow.csv"

    def read(self, size: int | None = -1, /) -> bytes:
        threading.Event().wait(0.15)
        return super().read(min(size or 1000, 1000))


def test_a_file_becomes_a_grid_of_its_name(client: Client, csv):
    grid = client.upload(csv)
    assert isinstance(grid, Grid)
    assert grid.path == "sales 2026.csv"
    assert not grid.world_readable
    assert_frame_equal(client.pull("sales 2026.csv"), FRAME)
    assert client.grid(grid.fid).row_count == 2


@pytest.mark.parametrize("form", ["text", "open file", "bytes with a name"])
def test_a_file_is_uploaded_in_any_of_its_forms(client: Client, csv, form):
    if form == "text":
        grid = client.upload(str(csv))
    elif form == "open file":
        with csv.open("rb") as file:
            grid = client.upload(file)
            assert not file.closed
    else:
        grid = client.upload(io.BytesIO(csv.read_bytes()), "sales 2026.csv")
    assert grid.name == "sales 2026.csv"
    assert isinstance(grid, Grid)
    assert_frame_equal(grid.to_frame(), FRAME)


def test_the_types_of_a_parquet_file_come_back(client: Client, tmp_path):
    days = pa.array([0, None], pa.date32())
    table = pa.table({"day": days, "x": pa.array([0.1, None], pa.float32()), "l": [[1], None]})
    parquet.write_table(table, tmp_path / "t.parquet")
    grid = client.upload(tmp_path / "t.parquet")
    assert client.pull(grid, as_="arrow").equals(table)
    assert [str(dtype) for dtype in grid.to_frame().dtypes] == [
        "date32[day][pyarrow]",
        "float[pyarrow]",
        "list<element: int64>[pyarrow]",
    ]


def test_what_can_only_be_read_is_uploaded(client: Client):
    class Pipe:
        def __init__(self) -> None:
            self.read = io.BytesIO(CSV.encode()).read

        def __iter__(self) -> Iterator[bytes]:
            return iter(self.read, b"")

    grid = client.upload(Pipe(), "sales.csv")
    assert_frame_equal(client.pull(grid), FRAME)


def test_a_name_and_a_folder_may_be_of_any_letters(client: Client, csv):
    grid = client.upload(csv, "日本/100% Größe.csv", parent="año & más", world_readable=True)
    assert grid.path == "año & más/日本/100% Größe.csv"
    found = client.grid(grid.path)
    assert (found.fid, found.world_readable) == (grid.fid, True)


def test_several_tables_become_a_folder_of_grids(client: Client, tmp_path):
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
    folder = client.upload(path, parent="archives")
    assert isinstance(folder, Folder)
    assert [file.name for file in folder.list()] == ["a.csv", "b.csv"]
    assert_frame_equal(client.pull("archives/both.zip/b.csv"), FRAME)


def test_what_the_server_says_of_a_file_is_shown_at_the_user_s_line(client: Client, tmp_path):
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
        archive.writestr("photo.jpg", b"\xff\xd8\xff\xe0 no table")
    with pytest.warns(PlotlyNbextWarning, match=r"photo\.jpg") as caught:
        client.upload(path)
    assert {warning.filename for warning in caught} == {__file__}


def test_a_file_that_is_no_table_is_refused_and_nothing_is_left(client: Client, tmp_path):
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(ValidationError):
        client.upload(path)
    assert client.list() == []


def test_a_name_that_is_taken_is_refused(client: Client, csv):
    client.upload(csv)
    with pytest.raises(ValidationError, match=f"'{csv.name}' already(?s:.*)another name"):
        client.upload(csv)
    assert len(client.list()) == 1


@pytest.mark.parametrize(
    ("file", "field", "message"),
    [
        ("missing.csv", "file", "'missing.csv' can't be read: No such file"),
        ("/", "file", "can't be read: Is a directory"),
        (b"a,b", "file", "must be a path or a file object, not bytes"),
        (io.StringIO("a,b"), "file", "open as text"),
        (io.BytesIO(b"a,b"), "name", "has no name"),
    ],
)
def test_what_can_not_be_uploaded_is_refused_by_name(client: Client, file, field, message):
    with pytest.raises(ValidationError, match=message) as refused:
        client.upload(file)
    assert refused.value.field == field


def test_a_large_file_is_never_whole_in_memory(tmp_path, capsys):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with taking(201) as (client, uploads):
        tracemalloc.start()
        try:
            client.upload(path)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert uploads[0]["Content-Length"] == "200000000"
    assert uploads[0]["X-File-Name"] == "big.csv"
    assert peak < 5_000_000


def test_a_bar_is_shown_when_it_takes_long_and_is_gone_at_the_end(terminal, capsys):
    with taking(201) as (client, _), redirect_stderr(terminal):
        client.upload(Slow(b"x" * 20_000))
        shown = terminal.getvalue()
        assert "slow.csv" in shown
        assert "19.5k" in shown
        assert "the server reads it" in shown
        assert shown.endswith("\r")
        client.upload(Slow(b"x" * 20_000), progress=False)
        client.upload(Slow(b"x" * 2000))
        assert terminal.getvalue() == shown
        assert capsys.readouterr() == ("", "")


def test_a_bar_tells_how_long_the_server_reads_what_was_sent_at_once(csv):
    shown = threading.Event()
    told: set[str] = set()

    class Shown(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            told.update(re.findall(r"\[(\d\d:\d\d), the server reads it\]", text))
            if len(told) == 3:
                shown.set()
            return super().write(text)

    with taking(201, after=shown) as (client, _), redirect_stderr(Shown()) as err:
        client.upload(csv)
    assert "sales 2026.csv: 100%" in err.getvalue()
    assert len(told) >= 3
    assert err.getvalue().endswith("\r")


@pytest.mark.parametrize("status", [429, 503])
def test_an_upload_is_sent_once_whatever_becomes_of_it(csv, status):
    with taking(status) as (client, uploads), pytest.raises(ApiError) as refused:
        client.upload(csv)
    assert refused.value.status_code == status
    assert len(uploads) == 1


def test_an_upload_that_is_refused_at_once_is_told_as_such(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with taking(413, reads=False) as (client, _), pytest.raises(ValidationError) as refused:
        client.upload(path)
    assert refused.value.status_code == 413


def test_an_interrupted_upload_leaves_nothing_and_the_next_one_works(client: Client, csv):
    class Interrupted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100_000:
                raise KeyboardInterrupt
            return super().read(size)

    with pytest.raises(KeyboardInterrupt):
        client.upload(Interrupted(b"a,b\n" * 100_000), "cut.csv")
    with pytest.raises(NotFoundError):
        client.grid("cut.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_frame_equal(client.upload(csv).refresh().to_frame(), FRAME)
