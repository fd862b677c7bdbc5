"""What other Chart Studio clients read: the contract's encoding table, value by value."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import encode_frame

UTC_5 = dt.timezone(dt.timedelta(hours=-5))


def objects(*values):
    return pd.Series(list(values), dtype=object)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1.5, np.nan, np.inf, -np.inf], [1.5, None, None, None], id="nan, inf"),
        pytest.param(objects(None, np.nan, pd.NaT, pd.NA), [None] * 4, id="None, NaN, NaT, NA"),
        pytest.param([1, 2**60], [1, 2**60], id="int"),
        pytest.param(np.array([2**64 - 1], "u8"), [2**64 - 1], id="uint64"),
        pytest.param(objects(2**70, -(2**70)), [2**70, -(2**70)], id="int beyond 64 bits"),
        pytest.param([True, False], [True, False], id="bool"),
        pytest.param(objects(dt.date(2020, 1, 2)), ["2020-01-02"], id="date"),
        pytest.param(
            objects(dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, 0, 0, 0, 5)),
            ["2020-01-01T00:00:00", "2020-01-01T00:00:00.000005"],
            id="datetime",
        ),
        pytest.param(
            pd.to_datetime(["2020-01-01", "2020-01-01T00:00:00.5", None], format="ISO8601"),
            ["2020-01-01T00:00:00", "2020-01-01T00:00:00.500000", None],
            id="Timestamp",
        ),
        pytest.param(
            pd.Series(["2020-01-01", "2020-01-01T00:00:00.000000007"]).astype("M8[ns]"),
            ["2020-01-01T00:00:00", "2020-01-01T00:00:00.000000007"],
            id="nanoseconds",
        ),
        pytest.param(
            pd.Series([pd.Timestamp("2020-01-01", tz="America/New_York"), pd.NaT]),
            ["2020-01-01T00:00:00-05:00", None],
            id="tz-aware",
        ),
        pytest.param(
            objects(dt.datetime(2020, 1, 1, tzinfo=UTC_5)),
            ["2020-01-01T00:00:00-05:00"],
            id="tz-aware datetime object",
        ),
        pytest.param([pd.Timedelta(hours=1), pd.NaT], ["P0DT1H0M0S", None], id="Timedelta"),
        pytest.param(pd.Categorical(["b", None, "a"]), ["b", None, "a"], id="Categorical"),
        pytest.param(objects(Decimal("1.5")), [1.5], id="Decimal"),
        pytest.param(pd.array([1, None], dtype="Int64"), [1, None], id="Int64 with NA"),
        pytest.param(pd.array([True, None], dtype="boolean"), [True, None], id="boolean with NA"),
        pytest.param(
            objects([1, [2.5, None]], {"a": ["b"]}),
            [[1, [2.5, None]], {"a": ["b"]}],
            id="lists, dicts",
        ),
        pytest.param(["é\0😀", "", None], ["é\0😀", "", None], id="unicode, empty, missing"),
        pytest.param(
            pd.period_range("2020-01", periods=2, freq="M"), ["2020-01", "2020-02"], id="Period"
        ),
        pytest.param(objects(dt.time(1, 2, 3)), ["01:02:03"], id="time"),
        pytest.param(np.array([0.1], "f4"), [0.1], id="float32 by its own digits"),
        pytest.param(pd.arrays.SparseArray([0, 0, 3]), [0, 0, 3], id="Sparse"),
    ],
)
def test_a_value_is_written_as_the_contract_says(wire, values, expected):
    actual = wire(values)
    assert actual == expected
    assert list(map(type, actual)) == list(map(type, expected))


def test_a_plain_integer_and_a_whole_float_stay_apart(wire):
    assert repr(wire([1, 2])) == "[1, 2]"
    assert repr(wire([1.0, -0.0])) == "[1.0, -0.0]"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.integers(-(2**63) + 1, 2**63 - 1)
        | st.none()
        | st.integers(0, 10**6).map(lambda s: s * 10**9),
        max_size=8,
    ),
    st.sampled_from(["s", "ms", "us", "ns"]),
    st.sampled_from([None, "UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]),
)
def test_datetimes_are_written_as_timestamp_isoformat_does(wire, nanoseconds, unit, zone):
    # within the years that Python's datetime has, in every zone
    limit = pd.Timestamp("2262-04-10").value
    ticks = ["NaT" if n is None else max(-limit, min(limit, n)) for n in nanoseconds]
    series = pd.Series(np.array(ticks, dtype="M8[ns]").astype(f"M8[{unit}]"))
    if zone:
        # pandas 2 takes a name for one of pytz's, whose offsets have no seconds
        series = series.dt.tz_localize("UTC").dt.tz_convert(zoneinfo.ZoneInfo(zone))
    expected = [None if stamp is pd.NaT else stamp.isoformat() for stamp in series]
    assert wire(series) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(-(10**9), 10**9) | st.none(), max_size=8
    )
)
def test_durations_are_written_as_timedelta_isoformat_does(wire, ticks):
    series = pd.Series(np.array(["NaT" if n is None else n for n in ticks], dtype="m8[ns]"))
    assert wire(series) == [None if d is pd.NaT else d.isoformat() for d in series]


def test_offsets_that_change_a_thousand_times_are_all_right(wire):
    winter_and_summer = pd.to_datetime(["2020-01-01", "2020-07-01", None] * 600)
    series = pd.Series(winter_and_summer).dt.tz_localize("Europe/Berlin")
    assert (
        wire(series)
        == [
            "2020-01-01T00:00:00+01:00",
            "2020-07-01T00:00:00+02:00",
            None,
        ]
        * 600
    )


def test_the_column_data_is_compact_json_text():
    (column,) = encode_frame(pd.DataFrame({"x": [1, 2]})).columns
    assert (column.name, column.data) == ("x", b"[1,2]")


def test_rows_for_an_append_are_in_the_order_of_the_grid():
    table = encode_frame(pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, np.nan]}))
    assert table.rows(["c", "a", "b"]) == [[0.5, 1, "x"], [None, 2, None]]


def test_rows_of_a_frame_without_columns_are_empty_lists():
    assert encode_frame(pd.DataFrame(index=range(2))).rows([]) == [[], []]


def test_what_na_hides_is_not_sent():
    salaries = pd.Series([1, 52_345, 3], dtype="Int64")
    salaries[1] = pd.NA
    assert 52_345 in pd.array(salaries)._data
    (column,) = encode_frame(pd.DataFrame({"x": salaries})).columns
    assert 52_345 not in np.frombuffer(column.array.buffers()[1], np.int64)


def test_encoding_leaves_the_frame_as_it_was():
    frame = pd.DataFrame({"x": objects("a", None, np.nan), "y": [1.0, np.nan, np.inf]})
    before = frame.copy(deep=True)
    encode_frame(frame)
    pd.testing.assert_frame_equal(frame, before)
