"""What travels as Arrow: what of it is sent, asked for, repeated, shown and interrupted."""

from __future__ import annotations

import io
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, redirect_stderr, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from plotly_nbext import ServiceError, ValidationError
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client, arrow_form

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "n": rng.integers(0, 10**9, 40_000),
            "x": rng.normal(size=40_000),
            "s": pd.Series([f"value {n}" for n in range(40_000)]),
        }
    )


@pytest.fixture
def sent(monkeypatch, client: Client) -> list[tuple[str, int]]:
    """What the client sends: the method and path, and the length of the body."""
    found: list[tuple[str, int]] = []
    request = client._session._request

    def counting(account: Any, method: str, path: str, take: Any, **content: Any) -> Any:
        data = content["data"]
        if data is not None and not isinstance(data, bytes):
            pieces = list(data)
            content["data"], data = iter(pieces), b"".join(pieces)
        found.append((f"{method} {path}", len(data or b"")))
        return request(account, method, path, take, **content)

    monkeypatch.setattr(client._session, "_request", counting)
    return found


def lengths(sent: list[tuple[str, int]], method: str) -> list[int]:
    return [length for line, length in sent if line.startswith(method)]


# --- what is asked --------------------------------------------------------------------------------


def test_a_server_is_asked_once_whether_it_takes_arrow(client: Client, frame, sent):
    grid = client.push(frame, "asked")
    grid.append(frame.head(1))
    client.pull(grid)
    assert len(lengths(sent, "OPTIONS")) == 1


def test_a_server_that_offers_none_is_asked_once_too_and_spoken_to_in_json(json_client, frame):
    asked: list[str] = []
    json_client._session._requests().hooks["response"].append(
        lambda response, **_: asked.append(f"{response.status_code} {response.request.method}")
    )
    grid = json_client.push(frame, "asked")
    json_client.push(frame.assign(n=1), "asked")
    assert_frame_equal(json_client.pull(grid), frame.assign(n=1))
    assert [line for line in asked if "OPTIONS" in line] == ["200 OPTIONS"]
    assert not [line for line in asked if line.startswith("415")]


# --- what is sent ---------------------------------------------------------------------------------


def test_replace_sends_only_the_columns_that_changed(client: Client, frame, sent):
    grid = client.push(frame, "sales")
    before = {column.name: column.uid for column in grid.columns}
    (whole,) = lengths(sent, "POST /grids")
    changed = frame.assign(x=frame["x"] + 1)[["s", "x", "n"]]
    again = client.push(changed, "sales")
    assert lengths(sent, "PUT") == [pytest.approx(8 * 40_000, rel=0.1)]
    assert whole > 2.5 * 8 * 40_000
    assert again.fid == grid.fid
    assert {column.name: column.uid for column in again.columns} == before
    assert_frame_equal(client.pull("sales"), changed)


def test_replace_with_what_is_there_sends_nothing(client: Client, frame, sent):
    revision = client.push(frame, "sales", metadata={"by": "me"}).revision
    client.push(frame, "sales")
    assert lengths(sent, "PUT") == lengths(sent, "PATCH") == []
    assert client.grid("sales").revision == revision
    client.push(frame, "sales", metadata={"by": "you"})
    assert [length < 10_000 for length in lengths(sent, "PUT")] == [True]
    assert client.grid("sales").metadata == {"by": "you"}
    assert_frame_equal(client.pull("sales"), frame)


@pytest.mark.parametrize("change", ["append", "one row", "another client", "upsert"])
def test_replace_sends_what_others_changed_meanwhile(client: Client, frame, change):
    grid = client.push(frame, "sales")
    if change == "append":
        grid.append(frame.head(2000))
    elif change == "one row":
        grid.append(frame.head(1))
    elif change == "upsert":
        grid.upsert(frame.head(1).assign(x=7.0), key="n")
    else:
        cols = b'{"cols": "[{\\"data\\": [1, 2]}]"}'
        uid = grid["x"].uid
        client._session.send("PUT", f"/grids/{grid.fid}/col", query={"uid": uid}, body=cols)
    assert_frame_equal(client.push(frame, "sales").to_frame(), frame)


def test_a_column_that_was_cut_from_a_longer_one_has_the_fingerprint_of_its_own(
    client: Client, frame, sent
):
    table = pa.Table.from_pandas(frame, preserve_index=False).slice(30_000)
    client.push(table, "cut")
    whole = {name: table[name].to_pylist() for name in table.column_names}
    client.push(pa.table(whole), "cut")
    # types that are written otherwise, but no values
    assert sum(lengths(sent, "PUT")) < 2000


def test_a_server_elsewhere_is_sent_compressed_streams(client: Client, sent, monkeypatch):
    frame = pd.DataFrame({"x": np.zeros(100_000)})
    monkeypatch.setattr("plotly_nbext.client.session.is_loopback", lambda _: False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert_frame_equal(client.pull(client.push(frame, "far")), frame)
    assert lengths(sent, "POST /grids")[0] < 80_000


def test_many_rows_are_appended_as_a_stream_and_a_few_as_rows(client: Client, frame, sent):
    grid = client.push(frame, "sales")
    grid.append(frame.head(3)).append(frame.head(5000))
    few, many = lengths(sent, "POST /grids/")
    assert few < 1000
    assert many > 100_000
    expected = pd.concat([frame, frame.head(3), frame.head(5000)], ignore_index=True)
    assert_frame_equal(client.pull("sales"), expected)


def test_an_append_is_one_request(client: Client, sent):
    grid = client.push(pd.DataFrame({"x": [1]}), "log")
    sent.clear()
    for number in range(5):
        grid.append(pd.DataFrame({"x": [number]}))
    assert [line for line, _ in sent] == [f"POST /grids/{grid.fid}/row"] * 5
    assert grid.row_count == 6


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("mode", ["append", "upsert, all new", "upsert"])
def test_rows_and_facts_are_one_request(client: Client, frame, sent, mode, few):
    frame = frame.assign(id=range(len(frame)))
    client.push(frame.head(10), "log", metadata={"by": "me"})
    rows = frame.head(2000) if mode == "upsert" else frame.tail(2000)
    rows = rows.head(3) if few else rows
    sent.clear()
    key = {"key": "id"} if mode.startswith("upsert") else {}
    grid = client.push(rows, "log", mode=mode.partition(",")[0], metadata={"of": 2026}, **key)
    assert len([line for line, _ in sent if not line.startswith("GET")]) == 1
    assert grid.metadata == client.grid("log").metadata == {"of": 2026}
    assert grid.row_count == (max(len(rows), 10) if mode == "upsert" else len(rows) + 10)


def test_an_append_to_a_grid_that_others_changed_is_to_what_it_is_by_now(client: Client):
    old = client.push(pd.DataFrame({"x": [1], "y": ["a"]}), "shared")
    client.push(pd.DataFrame({"y": ["a"], "z": [1.5]}), "shared")
    old.append(pd.DataFrame({"z": [2.5], "y": ["b"]}))
    expected = pd.DataFrame({"y": ["a", "b"], "z": [1.5, 2.5]})
    assert_frame_equal(client.pull("shared"), expected)


# --- more than pandas -----------------------------------------------------------------------------


TABLE = pa.table(
    {
        "n": pa.array([1, None, 3], pa.int32()),
        "s": pa.array(["a", "", None]),
        "t": pa.array([0, 1, None], pa.timestamp("us", "Europe/Paris")),
    }
)


@pytest.mark.parametrize("kind", ["table", "batch", "reader", "polars", "duckdb"])
def test_any_table_of_arrow_is_pushed_without_pandas(client: Client, kind):
    made = {
        "table": lambda: TABLE,
        "batch": lambda: TABLE.to_batches()[0],
        "reader": TABLE.to_reader,
        "polars": lambda: pl.DataFrame(TABLE),
        "duckdb": lambda: duckdb.from_arrow(TABLE.select(["n", "s"])),
    }[kind]
    grid = client.push(made(), kind)
    assert [column.name for column in grid.columns][:2] == ["n", "s"]
    grid.append(made())
    pulled = client.pull(kind, "arrow")
    assert pulled["n"].to_pylist() == [1, None, 3] * 2
    assert pulled["s"].to_pylist() == ["a", "", None] * 2
    if kind in {"table", "batch", "reader"}:
        assert pulled.schema.types == TABLE.schema.types


def test_a_stream_that_can_be_read_once_is_pushed_though_the_change_is_made_anew(client: Client):
    grid = client.push(TABLE, "once")
    client.grid("once").set_metadata({"changed": "meanwhile"})
    grid.append(TABLE.to_reader())
    assert client.pull("once", "arrow").num_rows == 6


def test_a_grid_is_pulled_as_polars_and_as_arrow(client: Client, frame):
    grid = client.push(frame, "sales")
    assert client.pull(grid, as_="polars").equals(pl.from_pandas(frame))
    assert client.pull("sales", as_="arrow").to_pydict() == frame.to_dict("list")
    with pytest.raises(ValidationError, match="as_ must be one of pandas, polars, arrow"):
        client.pull(grid, as_="numpy")


def test_polars_that_is_missing_is_named_with_how_to_get_it(client: Client, frame, monkeypatch):
    grid = client.push(frame.head(1), "sales")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ValidationError, match="pip install polars") as refused:
        client.pull(grid, as_="polars")
    assert refused.value.field == "as_"


@pytest.mark.parametrize("what", [pa.array([1]), [1], None])
def test_what_is_no_table_is_refused_as_such(client: Client, what):
    with pytest.raises(ValidationError, match=f"not {type(what).__name__}"):
        client.push(what, "none")


@pytest.mark.parametrize(
    "what",
    [
        pa.chunked_array([[1]]),
        pl.DataFrame({"x": pl.Series([1], dtype=pl.Int128)}),
    ],
)
def test_what_arrow_cannot_read_is_refused_with_its_reason(client: Client, what):
    with pytest.raises(ValidationError, match=r"gives no table.*(non-struct|_pli128)") as refused:
        client.push(what, "none")
    assert refused.value.field == "frame"
    assert not client.exists("none")


# --- what is lost on the way ----------------------------------------------------------------------


class Proxy:
    """A way to a server that loses the answer to a request, or cuts it."""

    def __init__(self, url: str) -> None:
        self.lose = b""
        """The next request that begins so is done, and its answer is lost."""
        self.cut = 0
        """So many bytes of the next answer get through."""
        self.requests: list[bytes] = []
        split = urlsplit(url)
        self._target = split.hostname, split.port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            threading.Thread(target=self._forward, args=(near, far), daemon=True).start()
            threading.Thread(target=self._answer, args=(near, far), daemon=True).start()

    def _forward(self, near: socket.socket, far: socket.socket) -> None:
        while data := self._received(near):
            if data.split(b" ")[0] in {b"GET", b"POST", b"PUT", b"OPTIONS"}:
                self.requests.append(data.split(b"\r\n")[0])
            far.sendall(data)
        self._end(near, far)

    def _answer(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):  # a client that has enough closes its end
            while data := self._received(far):
                if self.lose and self.requests[-1].startswith(self.lose):
                    self.lose = b""
                    break
                if self.cut and len(data) > 1000:
                    near.sendall(data[: self.cut])
                    self.cut = 0
                    break
                near.sendall(data)
        self._end(near, far)

    @staticmethod
    def _end(*ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):  # the other thread may have been faster
                end.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _received(end: socket.socket) -> bytes:
        try:
            return end.recv(1 << 20)
        except OSError:
            return b""

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def proxy(client: Client) -> Iterator[Proxy]:
    proxy = Proxy(client.url)
    yield proxy
    proxy.close()


@pytest.fixture
def proxied(client: Client, proxy: Proxy) -> Client:
    account = client._session.account
    return Client(lambda: Account(proxy.url, account.username, account.api_key))


@pytest.mark.parametrize("rows", [1, 5000])
def test_rows_whose_answer_was_lost_are_appended_once(client, proxied, proxy, frame, rows):
    grid = proxied.push(frame, "log")
    proxy.lose = b"POST"
    grid.append(frame.head(rows))
    assert len([line for line in proxy.requests if b"/row" in line]) == 2
    assert client.pull("log").shape[0] == 40_000 + rows


def test_a_grid_whose_answer_was_lost_is_made_once(client, proxied, proxy, frame):
    proxied.whoami()
    proxy.lose = b"POST"
    grid = proxied.push(frame, "new", mode="create")
    assert grid.fid == client.grid("new").fid
    assert len(client.list()) == 1


def test_a_replacement_whose_answer_was_lost_is_done(client, proxied, proxy, frame):
    grid = proxied.push(frame, "sales")
    proxy.lose = b"PUT"
    changed = frame.assign(x=0.5)
    assert proxied.push(changed, "sales").fid == grid.fid
    assert_frame_equal(client.pull("sales"), changed)


def test_columns_whose_answer_was_lost_are_added_once(client, proxied, proxy, frame):
    grid = proxied.push(frame[["n"]], "sales")
    proxy.lose = b"PUT"
    grid.add_columns(frame[["x"]])
    assert_frame_equal(client.pull("sales"), frame[["n", "x"]])


def test_text_of_another_client_is_text_in_polars_and_arrow(client: Client):
    body = b'{"filename": "theirs", "data": {"cols": {"a": {"data": ["x", null], "order": 0},'
    body += b'"b": {"data": [1, "1"], "order": 1}}}}'
    client._session.send("POST", "/grids", body=body)
    assert client.pull("theirs", "polars")["a"].to_list() == ["x", None]
    assert client.pull("theirs", "arrow")["a"].to_pylist() == ["x", None]
    assert client.pull("theirs")["b"].tolist() == [1, "1"]


def test_content_that_is_cut_short_is_asked_for_again(proxied, proxy, frame):
    grid = proxied.push(frame, "sales")
    proxy.cut = 500
    assert_frame_equal(grid.to_frame(), frame)
    assert len([line for line in proxy.requests if b"/content" in line]) == 2


def test_a_connection_serves_many_pulls(proxied, proxy, frame):
    grid = proxied.push(frame, "sales")
    before = threading.active_count()
    for _ in range(20):
        grid.head()
    assert threading.active_count() <= before + 2


@pytest.mark.parametrize("answer", [b"", b"{}", b"\xff\xff\xff\xff\x10\0\0\0"])
def test_what_is_no_arrow_stream_is_no_crash(client: Client, frame, monkeypatch, answer):
    with pytest.raises(ServiceError, match="no Arrow stream"):
        arrow_form._read(io.BytesIO(answer), print)


def stream_of(array: pa.Array, metadata: dict[bytes, bytes]) -> bytes:
    sink = io.BytesIO()
    batch = pa.RecordBatch.from_arrays([array], names=["x"])
    with pa.ipc.new_stream(sink, batch.schema.with_metadata(metadata)) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


@pytest.mark.parametrize("ends", [(0, 5, 1 << 30), (0, 5, 3), (0, -5, 5)])
def test_texts_that_lie_elsewhere_than_in_the_stream_are_not_read(ends):
    there = np.array([0, 5, 6], np.int32).tobytes()
    answer = stream_of(pa.array(["abcde", "f"]), {})
    assert there in answer
    answer = answer.replace(there, np.array(ends, np.int32).tobytes())
    with pytest.raises(ServiceError, match="no Arrow stream"):
        arrow_form._read(io.BytesIO(answer), print)


@pytest.mark.parametrize(
    "said", [{}, {arrow_form.FIELDS: b"{"}, {arrow_form.FIELDS: b"[]"}, {arrow_form.FIELDS: b"{}"}]
)
def test_a_stream_that_tells_nothing_of_its_grid_is_told(client: Client, monkeypatch, said):
    grid = client.push(pd.DataFrame({"x": [1]}), "points")
    table = pa.ipc.open_stream(stream_of(pa.array([1]), said)).read_all()
    monkeypatch.setattr(arrow_form, "_read", lambda *_: table)
    with pytest.raises(ServiceError, match="answered something else"):
        grid.to_frame()


def test_a_stream_that_is_cut_between_two_batches_is_no_shorter_grid(proxied, proxy, monkeypatch):
    """As one is behind a proxy of HTTP/1.0, where a lost connection looks like the end."""
    frame = pd.DataFrame({"x": np.arange(40_000)})
    grid = proxied.push(frame, "sales")
    read, cut = arrow_form._read, []

    def of_one_batch(answer: Any, advance: Any) -> pa.Table:
        if cut:
            return read(answer, advance)
        stream, sink = pa.ipc.open_stream(answer), io.BytesIO()
        pa.ipc.new_stream(sink, stream.schema).write_batch(stream.read_next_batch())
        cut.append(sink.getvalue())
        return read(io.BytesIO(cut[0]), advance)

    monkeypatch.setattr(arrow_form, "_read", of_one_batch)
    assert_frame_equal(grid.to_frame(), frame)
    assert len(cut) == 1
    assert len([line for line in proxy.requests if b"/content" in line]) == 2


# --- what is shown, and what is interrupted -------------------------------------------------------


@contextmanager
def slow_sending(client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the pieces of a body go out slowly."""
    request = client._session._request

    def slowly(account: Any, method: str, path: str, take: Any, **content: Any) -> Any:
        data = content["data"]
        if data is not None and not isinstance(data, bytes):

            def pieces() -> Iterator[bytes]:
                for piece in data:
                    threading.Event().wait(0.5)
                    yield piece

            content["data"] = pieces()
        return request(account, method, path, take, **content)

    monkeypatch.setattr(client._session, "_request", slowly)
    yield


@pytest.mark.parametrize("shown", [True, False])
def test_a_push_of_more_than_a_second_shows_how_far_it_is(
    client, frame, monkeypatch, terminal, shown
):
    with slow_sending(client, monkeypatch), redirect_stderr(terminal):
        client.push(frame, "folder/slow", progress=shown)
    assert ("folder/slow:" in terminal.getvalue()) is shown
    assert ("rows/s" in terminal.getvalue()) is shown


def test_what_is_slow_writes_no_bar_into_a_file(client: Client, frame, monkeypatch, capfd):
    with slow_sending(client, monkeypatch):
        client.push(frame, "slow")
    assert capfd.readouterr().err == ""


def test_what_is_quick_shows_nothing(client: Client, frame, terminal):
    with redirect_stderr(terminal):
        client.pull(client.push(frame, "quick"))
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("shown", [True, False])
def test_a_pull_of_more_than_a_second_shows_how_far_it_is(
    client, frame, monkeypatch, terminal, shown
):
    client.push(frame, "folder/slow")
    read = arrow_form._Watched.read
    pauses = iter([0.6] * 4)

    def slowly(self: Any, size: int = -1) -> bytes:
        threading.Event().wait(next(pauses, 0))
        return read(self, size)

    monkeypatch.setattr(arrow_form._Watched, "read", slowly)
    with redirect_stderr(terminal):
        assert_frame_equal(client.pull("folder/slow", progress=shown), frame)
    assert ("folder/slow:" in terminal.getvalue()) is shown
    assert ("/40.0k [00:" in terminal.getvalue()) is shown
    assert terminal.getvalue().endswith("\r" if shown else "")


PUSHING = """
import sys
import numpy as np
import pandas as pd
from plotly_nbext.client import Client, arrow_form
from plotly_nbext.accounts import Account

url, username, api_key = sys.argv[1:]
client = Client(lambda: Account(url, username, api_key))
frame = pd.DataFrame({"x": np.arange(2_000_000.0), "y": 1.5})
send = client._session._request

def slowly(account, method, path, take, **content):
    if method in ("PUT", "POST") and not isinstance(content["data"], bytes):
        import time
        def pieces(data):
            for number, piece in enumerate(data):
                yield piece
                print("sent", flush=True)
                time.sleep(0.05)
        content["data"] = pieces(content["data"])
    return send(account, method, path, take, **content)

client._session._request = slowly
mode, name = sys.stdin.readline().split()
try:
    client.push(frame, name, mode=mode)
except KeyboardInterrupt:
    client._session._request = send
    print("interrupted", len(client.pull("old")), flush=True)
"""


@pytest.mark.parametrize("name", ["old", "new"])
@pytest.mark.parametrize("mode", ["replace", "append"])
def test_an_interrupted_push_leaves_what_was_there(client: Client, mode, name):
    old = pd.DataFrame({"x": [1.0, 2.0], "y": [np.inf, 4.0]})
    grid = client.push(old, "old")
    account = client._session.account
    process = subprocess.Popen(
        [sys.executable, "-c", PUSHING, account.url, account.username, account.api_key],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{mode} {name}\n")
    process.stdin.flush()
    for _ in range(5):
        assert process.stdout.readline() == "sent\n"
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert rest.splitlines()[-1] == "interrupted 2"
    assert process.returncode == 0
    assert_frame_equal(client.pull("old"), old)
    assert client.grid("old").revision == grid.revision
    assert client.exists("new") is False
    assert_frame_equal(client.push(old.head(1), "old").to_frame(), old.head(1))
