"""Frames that go through a grid, as JSON and as Arrow, and what it means that they came back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from plotly_nbext.columns import Table, decode_arrow, decode_frame, encode_frame
from plotly_nbext.columns.wire import JSON, cast

if TYPE_CHECKING:
    from collections.abc import Callable


def _json_columns(table: Table) -> list[tuple[str, Any]]:
    # the standard library reads what any server and client would
    return [(column.name, json.loads(column.data)) for column in table.columns]


def _arrow_columns(table: Table) -> list[tuple[str, Any]]:
    stream = pa.BufferOutputStream()
    arrow = table.to_arrow()
    with pa.ipc.new_stream(stream, arrow.schema) as writer:
        writer.write_table(arrow, max_chunksize=2)
    read = pa.ipc.open_stream(stream.getvalue()).read_all()
    return list(zip(read.column_names, read.columns, strict=True))


def _untyped_columns(table: Table) -> list[tuple[str, Any]]:
    # as the server keeps what once came as JSON
    return [(column.name, cast(column.array, JSON)) for column in table.columns]


FORMS = {"json": _json_columns, "arrow": _arrow_columns, "arrow.json": _untyped_columns}


def _schema(table: Table) -> dict[str, Any]:
    return json.loads(json.dumps(table.schema, allow_nan=False))


def _wire(values: Any) -> list[Any]:
    frame = pd.DataFrame({"x": values})
    (column,) = encode_frame(frame, index=False).columns
    return json.loads(column.data)


def _exactly(value: Any) -> Any:
    """Say what == does not: 1 is not True or 1.0, -0.0 is not 0.0."""
    return type(value), repr(value) if isinstance(value, float | list | dict) else value


def _assert_same(actual: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(actual, expected, check_exact=True, check_freq=True)
    for position in range(expected.shape[1]):
        ours, theirs = actual.iloc[:, position], expected.iloc[:, position]
        if theirs.dtype == object:
            present = theirs.notna().to_numpy()
            assert list(map(_exactly, ours[present])) == list(map(_exactly, theirs[present]))
            assert list(map(type, ours)) == list(map(type, theirs))
        elif theirs.dtype.kind == "f":
            np.testing.assert_array_equal(np.signbit(_floats(ours)), np.signbit(_floats(theirs)))


def _floats(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    return series.to_numpy(dtype=np.longdouble, na_value=1.0)


@pytest.fixture(scope="session", params=FORMS)
def sent(request: pytest.FixtureRequest) -> Callable[[Table], list[tuple[str, Any]]]:
    """Send the columns of a table as JSON text, as Arrow's record batches, and as JSON in these."""
    return FORMS[request.param]


@pytest.fixture(scope="session")
def decode(sent: Callable[[Table], list[tuple[str, Any]]]) -> Callable[[Table], pd.DataFrame]:
    """Make a frame of a table that was sent."""
    return lambda table: decode_frame(sent(table), _schema(table))


@pytest.fixture(scope="session")
def through_grid(decode: Callable[[Table], pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Send a frame and make it again."""
    return lambda frame, **options: decode(encode_frame(frame, **options))


@pytest.fixture(scope="session")
def arrow_through_grid(sent: Callable[[Table], list[tuple[str, Any]]]) -> Callable[[Any], pa.Table]:
    """Send any table that speaks Arrow and make an Arrow table of it again."""

    def through(frame: Any) -> pa.Table:
        table = encode_frame(frame)
        return decode_arrow(sent(table), _schema(table))

    return through


@pytest.fixture(scope="session")
def wire() -> Callable[[Any], list[Any]]:
    """Give the wire values of one column."""
    return _wire


@pytest.fixture(scope="session")
def assert_same() -> Callable[[pd.DataFrame, pd.DataFrame], None]:
    """Compare two frames to the last bit, type and sign."""
    return _assert_same


@pytest.fixture(scope="session")
def distinct_nan() -> pd.Series[Any]:
    """A Float64 column in which NaN, NA and the infinities are four different things."""
    data = np.array([1.5, np.nan, 0, np.inf, -np.inf])
    missing = np.array([False, False, True, False, False])
    return pd.Series(pd.arrays.FloatingArray(data, missing))
