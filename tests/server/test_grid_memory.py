"""A grid of a million rows passes through the server's memory in parts, whichever way it goes."""

from __future__ import annotations

import io
from collections.abc import Iterator

import psutil
import pyarrow as pa
import pytest

from .arrow import ARROW
from .memory import MEGABYTE, growth

BATCH_ROWS, BATCHES = 16_384, 61
ROWS = BATCH_ROWS * BATCHES
MAX_GROWTH = 60 * MEGABYTE


def batch() -> pa.RecordBatch:
    """Make 16,384 rows of 20 columns: floats, integers, texts, booleans."""
    numbers = range(BATCH_ROWS)
    arrays = [pa.array([n / (place + 7) for n in numbers]) for place in range(10)]
    arrays += [pa.array([n * place for n in numbers]) for place in range(5)]
    arrays += [pa.array([f"{place} of {n % 99}" for n in numbers]) for place in range(4)]
    arrays += [pa.array([n % 3 == 0 for n in numbers])]
    return pa.RecordBatch.from_arrays(arrays, names=[f"column {n}" for n in range(len(arrays))])


def pieces(batches: int) -> Iterator[bytes]:
    """Write a stream of so many of them as it is read."""
    rows, sink = batch(), io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        for _ in range(batches):
            writer.write_batch(rows)
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()


def read_all(api, path: str, accept: str) -> int:
    """Take an answer in parts, and count its bytes."""
    with api.request("GET", path, headers={"Accept": accept}, stream=True) as answer:
        assert answer.status_code == 200
        return sum(map(len, answer.iter_content(1 << 20)))


@pytest.fixture
def own(serve):
    """A server of one's own, in which everything was done once."""
    server = serve("--browsers", "1")
    api = server.user()
    fid = create(api, 2)
    for accept in ("application/json", "text/csv", ARROW):
        read_all(api, f"/v2/grids/{fid}/content", accept)
    read_all(api, f"/v2/grids/{fid}/col", "application/json")
    return api, psutil.Process(server._process.pid)


def create(api, batches: int) -> str:
    answer = api.request("POST", "/v2/grids", data=pieces(batches), headers={"Content-Type": ARROW})
    assert answer.status_code == 201, answer.text
    return answer.json()["file"]["fid"]


def test_a_million_rows_are_written_read_and_downloaded_in_parts(own):
    api, process = own
    grown = {}
    with growth(process) as grown["create"]:
        fid = create(api, BATCHES)
    assert api.meta(fid)["row_count"] == ROWS
    path = f"/v2/grids/{fid}/content"
    with growth(process) as grown["Arrow"]:
        assert read_all(api, path, ARROW) > ROWS * 15 * 8
    with growth(process) as grown["JSON"]:
        assert read_all(api, path, "application/json") > ROWS * 100
    with growth(process) as grown["columns as JSON"]:
        assert read_all(api, f"/v2/grids/{fid}/col", "application/json") > ROWS * 100
    with growth(process) as grown["CSV"]:
        assert read_all(api, f"{path}?stop=200000", "text/csv") > 200_000 * 100
    with growth(process) as grown["windows"]:
        for start in range(0, ROWS, ROWS // 7):
            assert len(api.content(fid, start=start, stop=start + 100)) == 20
    with growth(process) as grown["replace"]:
        api.expect(
            200,
            "PUT",
            path,
            data=pieces(BATCHES),
            headers={"Content-Type": ARROW},
        )
    told = {name: f"{seen.most / MEGABYTE:.0f} MB" for name, seen in grown.items()}
    assert all(seen.most < MAX_GROWTH for seen in grown.values()), told
