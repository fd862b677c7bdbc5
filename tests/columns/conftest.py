"""Frames that go through a grid, as JSON text, and what it means that they came back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from plotly_nbext.columns import Table, decode_frame, encode_frame

if TYPE_CHECKING:
    from collections.abc import Callable


def _decode(table: Table) -> pd.DataFrame:
    # the standard library reads what any server and client would
    columns = [(column.name, json.loads(column.data)) for column in table.columns]
    return decode_frame(columns, json.loads(json.dumps(table.schema, allow_nan=False)))


def _through_grid(frame: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return _decode(encode_frame(frame, **options))


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


@pytest.fixture(scope="session")
def decode() -> Callable[[Table], pd.DataFrame]:
    """Make a frame of a table, by way of JSON text."""
    return _decode


@pytest.fixture(scope="session")
def through_grid() -> Callable[..., pd.DataFrame]:
    """Send a frame to JSON text and back."""
    return _through_grid


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
