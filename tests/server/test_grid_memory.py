"""A grid of a million rows passes through the server's memory in parts, whichever way it goes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import numpy as np
import psutil
import pyarrow as pa
import pytest

from .arrow import ARROW
from .memory import MEGABYTE, growth

BATCH_ROWS, BATCHES = 16_384, 61
ROWS = BATCH_ROWS * BATCHES
MAX_GROWTH = 60 * MEGABYTE

TEXT_BYTES, TEXT_BATCHES = 50, 8


def batch() -> pa.RecordBatch:
    """Make 16,384 rows of 20 columns: floats, integers, texts, booleans."""
    numbers = range(BATCH_ROWS)
    arrays = [pa.array([n / (place + 7) for n in numbers]) for place in range(10)]
    arrays += [pa.array([n * place for n in numbers]) for place in range(5)]
    arrays += [pa.array([f"{place} of {n % 99}" for n in numbers]) for place in range(4)]
    arrays += [pa.array([n % 3 == 0 for n in numbers])]
    return pa.RecordBatch.from_arrays(arrays, names=[f"column {n}" for n in range(len(arrays))])


def texts() -> pa.RecordBatch:
    """Make 16,384 rows of 20 columns of texts, that pack badly: 17 MB."""
    random = np.random.default_rng(0)
    ends = pa.py_buffer(np.arange(BATCH_ROWS + 1, dtype=np.int32) * TEXT_BYTES)
    letters = (random.integers(97, 123, BATCH_ROWS * TEXT_BYTES, np.uint8) for _ in range(20))
    arrays = [pa.StringArray.from_buffers(BATCH_ROWS, ends, pa.py_buffer(x)) for x in letters]
    return pa.RecordBatch.from_arrays(arrays, names=[f"column {n}" for n in range(20)])


def pieces(rows: pa.RecordBatch, batches: int) -> Iterator[bytes]:
    """Write a stream of so many batches as it is read."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        for _ in range(batches):
            writer.write_batch(rows)
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()


def as_json(rows: pa.RecordBatch, repeats: int) -> Iterator[bytes]:
    """Write the body that makes a grid of the same rows again and again, a column at a time."""
    yield b'{"data": {"cols": {'
    for place, (name, array) in enumerate(zip(rows.schema.names, rows.columns, strict=True)):
        yield b"," * (place > 0) + json.dumps(name).encode() + b': {"data": ['
        values = json.dumps(array.to_pylist()).encode()[1:-1]
        for repeat in range(repeats):
            yield b"," * (repeat > 0) + values
        yield b"]}"
    yield b"}}}"


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
    fid = create(api, batch(), 2)
    create_of(api, as_json(batch(), 2), "application/json")
    for accept in ("application/json", "text/csv", ARROW):
        read_all(api, f"/v2/grids/{fid}/content", accept)
    read_all(api, f"/v2/grids/{fid}/col", "application/json")
    return api, psutil.Process(server._process.pid)


def create(api, rows: pa.RecordBatch, batches: int) -> str:
    return create_of(api, pieces(rows, batches), ARROW)


def create_of(api, body: Iterator[bytes], content_type: str) -> str:
    headers = {"Content-Type": content_type}
    answer = api.request("POST", "/v2/grids", data=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["file"]["fid"]


def test_a_million_rows_are_written_read_and_downloaded_in_parts(own):
    api, process = own
    grown = {}
    with growth(process) as grown["create"]:
        fid = create(api, batch(), BATCHES)
    assert api.meta(fid)["row_count"] == ROWS
    path = f"/v2/grids/{fid}/content"
    with growth(process) as grown["Arrow"]:
        assert read_all(api, path, ARROW) > ROWS * 50
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
            data=pieces(batch(), BATCHES),
            headers={"Content-Type": ARROW},
        )
    with growth(process) as grown["rows that move"]:
        edits = {"delete": [[ROWS // 2, ROWS // 2 + 1]], "insert": [{"before": 0, "rows": [[]]}]}
        assert api.expect(200, "PATCH", path, json=edits).json()["row_count"] == ROWS
    with growth(process) as grown["create of JSON"]:
        assert api.meta(create_of(api, as_json(batch(), BATCHES), "application/json"))["row_count"]
    told = {name: f"{seen.most / MEGABYTE:.0f} MB" for name, seen in grown.items()}
    assert all(seen.most < MAX_GROWTH for seen in grown.values()), told


@pytest.mark.sqlite  # psycopg holds what is read once more
def test_memory_stays_under_three_times_the_largest_chunk_in_flight(own):
    """A chunk in flight is 16,384 rows of all columns; these are large beside all else."""
    api, process = own
    rows = texts()
    grown = {}
    with growth(process) as grown["create"]:
        fid = create(api, rows, TEXT_BATCHES)
    path = f"/v2/grids/{fid}/content"
    for accept in (ARROW, "application/json", "text/csv"):
        with growth(process) as grown[accept]:
            assert read_all(api, path, accept) > TEXT_BATCHES * rows.nbytes / 2
    with growth(process) as grown["replace"]:
        body, headers = pieces(rows, TEXT_BATCHES), {"Content-Type": ARROW}
        api.expect(200, "PUT", path, data=body, headers=headers)
    with growth(process) as grown["create of JSON"]:
        create_of(api, as_json(rows, TEXT_BATCHES), "application/json")
    told = {name: f"{seen.most / rows.nbytes:.1f} chunks" for name, seen in grown.items()}
    assert all(seen.most < 3 * rows.nbytes for seen in grown.values()), told
