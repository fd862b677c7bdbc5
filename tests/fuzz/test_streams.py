"""Arrow streams that are changed anywhere: a grid with what they hold, or a refusal in words."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..server.arrow import ARROW, as_json, stream
from .changes import changed_bytes, examples
from .test_requests import headers_of

pytestmark = pytest.mark.fuzz


def table() -> pa.Table:
    return pa.table(
        {
            "i": pa.array([1, None, 3], pa.int64()),
            "small": pa.array([1, 2, 3], pa.uint8()),
            "f": pa.array([0.5, float("nan"), None]),
            "half": pa.array([0.5, None, 1.5], pa.float16()),
            "s": pa.array(["a", "", None]),
            "large": pa.array(["a", "b", "c"], pa.large_string()),
            "b": pa.array([True, None, False]),
            "j": as_json([{"a": [1]}, None, [1, "x"]]),
            "t": pa.array([datetime(2020, 1, 1), None, None], pa.timestamp("us")),
            "z": pa.array([datetime(2020, 1, 1, tzinfo=UTC)] * 3, pa.timestamp("ns", "UTC")),
            "n": pa.nulls(3),
        }
    )


def refused() -> pa.Table:
    """Make a table of types that no grid has, or that are made into others."""
    return pa.table(
        {
            "dictionary": pa.array(["a", "b", "a"]).dictionary_encode(),
            "list": pa.array([[1], [], None]),
            "struct": pa.array([{"a": 1}, None, {"a": 2}]),
            "decimal": pa.array([Decimal("1.5")] * 3),
            "duration": pa.array([timedelta(1)] * 3),
            "binary": pa.array([b"\xff", b"", None]),
            "view": pa.array(["a", "b", "c"], pa.string_view()),
            "runs": pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]),
        }
    )


def with_dictionaries() -> bytes:
    sink = io.BytesIO()
    one = pa.table({"d": pa.array(["a", "b"]).dictionary_encode()})
    other = pa.table({"d": pa.array(["c", "b"]).dictionary_encode()})
    with pa.ipc.new_stream(sink, one.schema) as writer:
        writer.write_table(one)
        writer.write_table(other)
    return sink.getvalue()


STREAMS = [
    stream(table()),
    stream(table(), {"filename": None, "cols": [{}] * 11}),
    stream(table(), compression="lz4"),
    stream(table(), compression="zstd"),
    stream(table(), rows=1),
    stream({"x": list(range(3_000))}, compression="lz4"),
    *(stream(refused().select([name])) for name in refused().column_names),
    with_dictionaries(),
]


@examples(3)
@given(st.data())
def test_no_stream_breaks_it(server, data):
    body = data.draw(changed_bytes(STREAMS))
    method, path = data.draw(
        st.sampled_from(
            [
                ("POST", "/v2/grids"),
                ("POST", "/v2/grids"),
                ("POST", f"/v2/grids/{server.streamed}/row"),
                ("POST", f"/v2/grids/{server.streamed}/col"),
                ("PUT", f"/v2/grids/{server.streamed}/content"),
                ("PUT", f"/v2/pushes/{uuid.uuid4().hex}/{uuid.uuid4().hex}"),
            ]
        )
    )
    headers = headers_of(server.api) | {"Content-Type": ARROW}
    response = server.send(method, path, data=body, headers=headers)
    if response.status_code == 201 and path == "/v2/grids":
        fid = response.json()["file"]["fid"]
        read_back(server, f"/v2/grids/{fid}/content")
        server.send("DELETE", f"/v2/grids/{fid}", headers=headers_of(server.api))
    elif response.ok and "pushes" not in path:
        read_back(server, f"/v2/grids/{server.streamed}/content?stop=100")
    elif response.ok:
        server.send("DELETE", path.rpartition("/")[0], headers=headers_of(server.api))


def read_back(server, path):
    """Read what was taken, in each of its forms: nothing that is kept may be unreadable."""
    for accept in ("application/json", ARROW):
        headers = headers_of(server.api) | {"Accept": accept}
        response = server.send("GET", path, headers=headers)
        assert response.status_code == 200
        if accept == ARROW:
            pa.ipc.open_stream(response.content).read_all().validate(full=True)
        else:
            response.json()


@pytest.fixture(autouse=True)
def _grid(server):
    server.streamed = server.api.grid()["fid"]
