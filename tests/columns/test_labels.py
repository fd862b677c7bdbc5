"""Columns get unique names in the grid, and their labels and the index come back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from plotly_nbext.columns import decode_frame, encode_frame, json


def names(frame, **options):
    return [column.name for column in encode_frame(frame, **options).columns]


def one_row(labels):
    return pd.DataFrame([range(len(labels))], columns=labels)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["x", "x", "y", "x"], ["x", "x (2)", "y", "x (3)"]),
        (["x", "x", "x (2)"], ["x", "x (3)", "x (2)"]),
        (["x", "x (2)", "x"], ["x", "x (2)", "x (3)"]),
        ([1, "1", 1.5, None, True], ["1", "1 (2)", "1.5", "None", "True"]),
        (pd.MultiIndex.from_tuples([("a", "b"), ("a", ""), ("", 2)]), ["a / b", "a", "2"]),
        (pd.MultiIndex.from_tuples([("a", "b"), ("a / b", "")]), ["a / b", "a / b (2)"]),
        (pd.to_datetime(["2020-01-01"]), ["2020-01-01 00:00:00"]),
        (["", "\1é"], ["", "\1é"]),
    ],
)
def test_the_names_of_columns_are_unique_and_readable(labels, expected):
    assert names(one_row(labels)) == expected


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(["x", "x", "x (2)"], id="equal"),
        pytest.param(pd.RangeIndex(3), id="0, 1, 2"),
        pytest.param(pd.Index([pd.NA, pd.NaT, "x"], dtype=object), id="missing"),
        pytest.param([1, "1", None, 1.5, float("nan"), float("inf"), True], id="mixed"),
        pytest.param(pd.Index([1.5, float("nan")]), id="floats"),
        pytest.param(pd.Index(["a"], name="letters"), id="with a name"),
        pytest.param(pd.Index(["a", "b"], name=("t", 1)), id="with a tuple as name"),
        pytest.param(pd.date_range("2020", periods=2, tz="Europe/Berlin"), id="datetimes, freq"),
        pytest.param(pd.Index([pd.Timestamp("2020"), "All"]), id="datetime and text"),
        pytest.param(pd.period_range("2020", periods=2, freq="M"), id="periods"),
        pytest.param(pd.timedelta_range(0, periods=2, freq="h"), id="timedeltas"),
        pytest.param(pd.CategoricalIndex(["b", "a"], categories=["c", "b", "a"]), id="categories"),
        pytest.param(pd.Index(["a"], dtype=object), id="object"),
        pytest.param(pd.Index([("a", 1)], tupleize_cols=False), id="tuples"),
        pytest.param(
            pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["p", None]), id="MultiIndex"
        ),
        pytest.param(pd.MultiIndex.from_arrays([["a"]]), id="MultiIndex of one level"),
        pytest.param(
            pd.MultiIndex.from_product([pd.to_datetime(["2020-01-01"]), ["a"]]),
            id="MultiIndex with datetimes",
        ),
    ],
)
def test_labels_come_back_as_they_were(through_grid, assert_same, labels):
    frame = one_row(labels)
    assert_same(through_grid(frame), frame)


def test_labels_keep_their_types(through_grid):
    labels = [np.int64(1), np.float64(1.5), np.bool_(True), pd.NaT, pd.Timestamp("2020"), (1, None)]
    frame = one_row(pd.Index(labels, dtype=object, tupleize_cols=False))
    assert list(map(type, through_grid(frame).columns)) == list(map(type, labels))


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        pytest.param(None, ["x"], id="default"),
        pytest.param(pd.Index([0, 1]), ["x"], id="0, 1"),
        pytest.param(pd.Index([1, 0]), ["index", "x"], id="other numbers"),
        pytest.param(pd.Index([0, 1], dtype="int32"), ["index", "x"], id="0, 1 of another dtype"),
        pytest.param(pd.Index([0.0, 1.0]), ["index", "x"], id="0.0, 1.0"),
        pytest.param(pd.RangeIndex(2, name="n"), ["n", "x"], id="named"),
        pytest.param(pd.Index(["a", "b"]), ["index", "x"], id="strings"),
        pytest.param(pd.Index([0, 1], name="x"), ["x (2)", "x"], id="named as a column"),
        pytest.param(
            pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]),
            ["level_0", "level_1", "x"],
            id="MultiIndex",
        ),
        pytest.param(
            pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None]),
            ["k", "level_1", "x"],
            id="MultiIndex, half named",
        ),
    ],
)
def test_an_index_that_says_something_becomes_columns(through_grid, assert_same, index, expected):
    frame = pd.DataFrame({"x": [1.5, 2.5]}, index=index)
    assert names(frame) == expected
    assert_same(through_grid(frame), frame)


def test_a_column_named_index_keeps_its_name(through_grid, assert_same):
    frame = pd.DataFrame({"index": [1, 2], "level_0": [3, 4]}, index=["a", "b"])
    assert names(frame) == ["index (2)", "index", "level_0"]
    assert_same(through_grid(frame), frame)


def test_the_index_is_kept_or_left_out_as_asked(through_grid, assert_same):
    named = pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="k"))
    plain = pd.DataFrame({"x": [1, 2]})
    assert names(plain, index=True) == ["index", "x"]
    assert_same(through_grid(plain, index=True), plain)
    assert names(named, index=False) == ["x"]
    assert_same(through_grid(named, index=False), plain)


@pytest.mark.parametrize(
    "index",
    [
        pd.date_range("2020-03-28", periods=3, freq="D", tz="Europe/Berlin"),
        pd.date_range("2020", periods=3, freq="BME"),
        pd.date_range("2020", periods=3, freq="W-WED", name="week"),
        pd.timedelta_range("1h", periods=3, freq="15min"),
    ],
)
def test_the_frequency_of_an_index_is_kept(through_grid, index):
    again = through_grid(pd.DataFrame({"x": range(3)}, index=index)).index
    assert again.freq == index.freq
    assert again.equals(index)


def test_a_frequency_with_holidays_is_not_taken_for_one_without(through_grid):
    holidays = pd.offsets.CustomBusinessDay(holidays=["2020-01-10"])
    index = pd.date_range("2020-01-01", periods=3, freq=holidays)
    again = through_grid(pd.DataFrame({"x": range(3)}, index=index)).index
    assert again.freq is None
    assert again.equals(index)


def test_labels_follow_their_columns_when_a_client_reorders_them():
    table = encode_frame(pd.DataFrame({1: [1.5], "1": ["a"], ("t", 2): [True]}))
    columns = [(column.name, json.loads(column.data)) for column in reversed(table.columns)]
    frame = decode_frame(columns, table.schema)
    assert list(frame.columns) == [("t", 2), "1", 1]
    assert frame[1].tolist() == [1.5]
