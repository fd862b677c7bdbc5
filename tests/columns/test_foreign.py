"""Grids that other programs made or changed: no value is lost, and nothing fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from plotly_nbext.columns import decode_frame, encode_frame, json

TEXT = pd.Series(["a"]).dtype


def column(values, schema=None):
    return decode_frame([("x", values)], schema)["x"]


def edited(frame, **columns):
    """Decode a grid in which another client put other values into some columns."""
    table = encode_frame(frame)
    content = {c.name: json.loads(c.data) for c in table.columns} | columns
    return decode_frame(list(content.items()), table.schema)


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2], "int64", [1, 2]),
        ([2**53 + 1, None], "Int64", [2**53 + 1, pd.NA]),
        ([2**64 - 1, 0], "uint64", [2**64 - 1, 0]),
        ([2**64 - 1, None], "UInt64", [2**64 - 1, pd.NA]),
        ([2**64, None], object, [2**64, None]),
        ([2**63, -1], object, [2**63, -1]),
        ([1.5, 2], "float64", [1.5, 2.0]),
        ([1.5, None], "float64", [1.5, np.nan]),
        ([0.5, 2**53 + 1], object, [0.5, 2**53 + 1]),
        ([0.5, 10**400], object, [0.5, 10**400]),
        ([True, False], "bool", [True, False]),
        ([True, None], "boolean", [True, pd.NA]),
        (["a", ""], TEXT, ["a", ""]),
        (["2020-01-01", "2020-01-01T00:00:00"], TEXT, ["2020-01-01", "2020-01-01T00:00:00"]),
        ([1, True], object, [1, True]),
        ([1, "a", None, [1], {"b": 2}], object, [1, "a", None, [1], {"b": 2}]),
        ([None, None], object, [None, None]),
        ([], object, []),
    ],
)
def test_a_column_without_a_schema_gets_the_dtype_that_holds_its_values(values, dtype, expected):
    series = column(values)
    assert series.dtype == dtype
    pd.testing.assert_series_equal(series, pd.Series(expected, dtype=dtype, name="x"))


def test_strings_without_a_schema_keep_empty_and_missing_apart():
    series = column(["a", "", None])
    assert series.dtype == TEXT
    assert series.isna().tolist() == [False, False, True]


def test_columns_of_different_lengths_are_filled_up_with_null():
    frame = decode_frame([("a", [1, 2, 3]), ("b", ["x"]), ("c", [])], None)
    assert frame["a"].tolist() == [1, 2, 3]
    assert frame["b"].isna().tolist() == [False, True, True]
    assert frame["c"].tolist() == [None, None, None]


def test_a_grid_without_columns_is_an_empty_frame():
    frame = decode_frame([], None)
    assert frame.shape == (0, 0)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"version": 2, "row_count": 2, "columns": {}, "labels": {"levels": [], "names": []}},
        {"version": 1, "columns": []},
        {
            "version": 1,
            "row_count": 1,
            "columns": {"x": {"dtype": 5}},
            "labels": {"levels": [], "names": []},
        },
    ],
)
def test_a_schema_that_is_none_of_ours_is_passed_over(schema):
    assert column([1, 2], schema).dtype == "int64"


@pytest.mark.parametrize(
    "spec",
    [
        {"dtype": "no such dtype"},
        {"dtype": "category"},
        {"dtype": "category", "categories": {"type": {"dtype": "int64"}, "wire": ["a"]}},
        {"dtype": "Sparse"},
        {"dtype": "object"},
        {"dtype": "object", "item": "Decimal", "exponent": 10**9},
        {"dtype": "object", "item": "json", "missing": "what?"},
        {"dtype": "object", "item": "datetime", "zone": "Nowhere/Land"},
        {"dtype": "datetime64[us, Nowhere/Land]"},
        {"dtype": "datetime64[parsec, UTC]"},
        {"dtype": "datetime64[D]"},
        {"dtype": "period[never]"},
        {"dtype": "interval[int64, right]"},
        {"dtype": "complex128"},
        {"dtype": "timedelta64[ns]"},
        {"dtype": "float64", "inf": [0, 99, -1]},
        {"dtype": "x[pyarrow]", "arrow": "!!!"},
        {"dtype": "x[pyarrow]", "arrow": "QUJD", "of": {"dtype": "int64"}},
        {"dtype": "bool"},
        {"dtype": "string"},
        {"dtype": "int8"},
    ],
)
def test_a_broken_spec_spoils_no_column(spec):
    schema = encode_frame(pd.DataFrame({"x": [1]})).schema
    schema["columns"]["x"] = spec
    series = column([300, -1], schema)
    assert series.tolist() == [300, -1]


def test_labels_that_cannot_be_read_are_replaced_by_the_names():
    schema = encode_frame(pd.DataFrame({5: [1]})).schema
    schema["labels"]["levels"] = [{"dtype": "no such dtype"}]
    assert list(decode_frame([("5", [1])], schema).columns) == ["5"]


@pytest.mark.parametrize(
    ("stored", "values", "dtype"),
    [
        pytest.param([1, 2], [1, None], "Int64", id="null among integers"),
        pytest.param([1, 2], [1.5, 2], "float64", id="float among integers"),
        pytest.param([1, 2], [True, 2], object, id="boolean among integers"),
        pytest.param([1, 2], ["1", 2], object, id="text among integers"),
        pytest.param([True, False], [1, 0], "int64", id="integers for booleans"),
        pytest.param([0.5, 1.5], ["0.5", "NaN"], TEXT, id="text for floats"),
        pytest.param([0.5, 1.5], [True, False], "bool", id="booleans for floats"),
        pytest.param([0.5, 1.5], [0.5, 2**53 + 1], object, id="long integer among floats"),
        pytest.param(np.array([1, 2], "i1"), [1, 300], "int64", id="too large for int8"),
        pytest.param(np.array([1, 2], "u8"), [1, -1], "int64", id="negative for uint64"),
        pytest.param(
            np.array([0.5, 0.1], "f4"), [0.5, 1e300], "float64", id="too large for float32"
        ),
        pytest.param(["a", "b"], ["a", 1], object, id="number among text"),
        pytest.param(
            pd.to_datetime(["2020", "2021"]),
            ["2020-01-01T00:00:00", "soon"],
            TEXT,
            id="text among datetimes",
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]),
            ["now", "today"],
            TEXT,
            id="what numpy takes for a date",
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]), ["", "NaT"], TEXT, id="what numpy takes for NaT"
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]).as_unit("s"),
            ["2020-01-01T00:00:00.5"],
            TEXT,
            id="finer than the unit",
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]).as_unit("us"),
            ["2020-01-01T00:00:00.123456789"],
            TEXT,
            id="nanoseconds for microseconds",
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]).as_unit("us").tz_localize("UTC"),
            ["2020-01-01T00:00:00.1234567Z"],
            TEXT,
            id="seven digits and a zone",
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]).as_unit("s"),
            ["2020-01-01T00:00:00.000000000+00:00:00"],
            TEXT,
            id="an offset, spelled out",
        ),
        pytest.param(
            pd.to_datetime(["2020", "2021"]).as_unit("ns"),
            ["3000-01-01T00:00:00"],
            TEXT,
            id="beyond the unit",
        ),
        pytest.param(
            pd.to_datetime(["2020"]).tz_localize("UTC"),
            ["2020-01-01T00:00:00"],
            TEXT,
            id="no offset",
        ),
        pytest.param(pd.to_datetime(["2020"]), ["2020-01-01T00:00:00+01:00"], TEXT, id="an offset"),
        pytest.param(pd.to_timedelta([1, 2], "s"), ["PT1S", None], TEXT, id="another duration"),
        pytest.param(pd.Categorical(["a", "b"]), ["a", "c"], TEXT, id="no such category"),
        pytest.param(pd.Categorical([1, 2]), [True, 2], object, id="True for category 1"),
        pytest.param(
            pd.period_range("2020", periods=2, freq="M"),
            ["2020-01-15", "2020-02"],
            TEXT,
            id="a day in a month",
        ),
    ],
)
def test_a_column_that_no_longer_fits_is_given_as_it_is(stored, values, dtype):
    frame = pd.DataFrame({"x": stored, "y": 1.5})
    series = edited(frame, x=values)["x"].head(len(values))
    assert series.dtype == dtype
    assert [None if pd.isna(v) else v for v in series] == values


@pytest.mark.parametrize(
    ("stored", "text", "moment"),
    [
        (["2020-01-01"], "2021-02-03", "2021-02-03"),
        (["2020-01-01"], "2021-02-03 04:05:06", "2021-02-03T04:05:06"),
        (["2020-01-01"], "2021-02-03T04:05:06.250", "2021-02-03T04:05:06.25"),
        (["2020-01-01T00:00:00+00:00"], "2021-02-03T04:05:06.250Z", "2021-02-03T04:05:06.25Z"),
        (["2020-01-01T00:00:00+02:00"], "2021-02-03T04:05:06Z", "2021-02-03T06:05:06+02:00"),
    ],
)
def test_a_datetime_column_takes_other_ways_to_write_a_moment(stored, text, moment):
    frame = pd.DataFrame({"x": pd.to_datetime(stored).as_unit("us")})
    unchanged = frame["x"][0].isoformat()
    again = edited(frame, x=[text, None, unchanged])["x"]
    assert again.dtype == frame["x"].dtype
    assert again.tolist() == [pd.Timestamp(moment), pd.NaT, frame["x"][0]]


def test_whole_floats_that_a_client_wrote_as_integers_are_still_floats():
    again = edited(pd.DataFrame({"x": [1.0, 2.5, np.nan]}), x=[1, 2.5, None])["x"]
    assert again.dtype == "float64"
    assert again.tolist()[:2] == [1.0, 2.5]


def test_infinities_come_back_only_where_there_is_still_null():
    again = edited(pd.DataFrame({"x": [np.inf, -np.inf, 1.0]}), x=[7.0, None, None])["x"]
    assert again.tolist()[:2] == [7.0, -np.inf]
    assert np.isnan(again[2])


def test_the_first_rows_of_a_grid_have_its_dtypes():
    frame = pd.DataFrame(
        {
            "x": [1.5, np.inf, np.inf],
            "c": pd.Categorical([1.5, np.inf, -np.inf]),
            "o": pd.Series(["a", np.inf, -np.inf], dtype=object),
            "N": pd.array([1, None, 3], dtype="Int64"),
        },
        index=pd.date_range("2020", periods=3, freq="D", name="day"),
    )
    table = encode_frame(frame)
    head = [(c.name, json.loads(c.data)[:2]) for c in table.columns]
    pd.testing.assert_frame_equal(decode_frame(head, table.schema), frame.head(2))


def test_one_changed_column_leaves_the_others_typed():
    frame = pd.DataFrame(
        {"x": [1, 2], "y": pd.to_datetime(["2020-01-01", None]), "z": pd.Categorical(["a", "b"])}
    )
    again = edited(frame, x=["changed", None])
    assert again["x"].dtype == TEXT
    pd.testing.assert_frame_equal(again[["y", "z"]], frame[["y", "z"]])


def test_columns_that_were_added_renamed_and_dropped_are_all_there():
    table = encode_frame(pd.DataFrame({1: [1.5], 2: pd.Categorical(["a"]), 3: [True]}))
    frame = decode_frame([("2", ["a"]), ("renamed", [1.5]), ("added", [[1]])], table.schema)
    assert list(frame.columns) == [2, "renamed", "added"]
    assert frame[2].dtype == "category"
    assert frame["added"].tolist() == [[1]]


def test_a_column_added_to_multiindex_columns_gets_a_label_of_that_depth():
    table = encode_frame(pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])))
    frame = decode_frame([("a / b", [1]), ("new", [2])], table.schema)
    assert list(frame.columns) == [("a", "b"), ("new", "")]


def test_an_index_column_that_was_dropped_leaves_the_rest_of_the_index():
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "n"])
    table = encode_frame(pd.DataFrame({"x": [0.5, 1.5]}, index=index))
    without_k = decode_frame([("n", [1, 2]), ("x", [0.5, 1.5])], table.schema)
    assert without_k.index.equals(pd.Index([1, 2], name="n"))
    without_index = decode_frame([("x", [0.5, 1.5])], table.schema)
    assert without_index.index.equals(pd.RangeIndex(2))


@pytest.mark.parametrize(
    "index",
    [
        {"columns": ["k"], "names": []},
        {"columns": ["k"], "names": [{"type": {"dtype": "int64"}, "wire": []}]},
        {"columns": ["k"], "names": [{"tuple": 5}]},
        {"columns": ["k", "x"], "names": ["k", "x"], "multi": True},
    ],
)
def test_columns_of_an_index_that_cannot_be_made_are_still_there(index):
    schema = encode_frame(pd.DataFrame({"k": [1, 2], "x": [[1], [2]]})).schema
    frame = decode_frame([("k", [1, 2]), ("x", [[1], [2]])], schema | {"index": index})
    assert frame["k"].tolist() == [1, 2]
    assert frame["x"].tolist() == [[1], [2]]


def test_rows_that_break_the_frequency_of_an_index_are_kept():
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.date_range("2020", periods=2, freq="D"))
    again = edited(frame, index=["2020-01-01T00:00:00", "2020-01-05T00:00:00"])
    assert again.index.freq is None
    assert again.index[1] == pd.Timestamp("2020-01-05")
