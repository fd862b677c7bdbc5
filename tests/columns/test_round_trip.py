"""pull(push(frame)) is frame: values to the last bit, dtypes, index, labels."""

from __future__ import annotations

import datetime as dt
import tracemalloc
import warnings
import zoneinfo
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from plotly_nbext.columns import decode_frame, encode_frame
from tests.dtypes import TEXT

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
INT_LIMITS = {
    f"{sign}int{bits}": np.iinfo(f"{sign}int{bits}")
    for sign in ("", "u")
    for bits in (8, 16, 32, 64)
}


def objects(*values):
    return pd.Series(list(values), dtype=object)


def arrow(values, kind):
    return pd.arrays.ArrowExtensionArray(pa.array(values, kind))


COLUMNS = {
    **{name: np.array([i.min, 0, i.max], name) for name, i in INT_LIMITS.items()},
    "float16": np.array([0.1, 65504, -0.0, np.nan, np.inf, -np.inf], "f2"),
    "float32": np.array([0.1, 1e-45, 3.4e38, -0.0, np.nan, np.inf, -np.inf], "f4"),
    "float64": [0.1, 5e-324, 1.7976931348623157e308, -0.0, 2**53 + 2.0, np.nan, np.inf, -np.inf],
    "longdouble": np.array([0.5, np.nan, np.inf], np.longdouble),
    "big-endian": np.array([1, -2], ">i4"),
    "big-endian float": np.array([0.1, np.nan], ">f8"),
    "bool": [True, False],
    "all NaN": [np.nan, np.nan],
    "Int64": pd.array([2**63 - 1, None, 2**53 + 1], dtype="Int64"),
    "UInt64": pd.array([2**64 - 1, None], dtype="UInt64"),
    "Int8 without NA": pd.array([1, 2], dtype="Int8"),
    "Float32": pd.array([0.1, None], dtype="Float32"),
    "boolean": pd.array([True, None, False], dtype="boolean"),
    "all NA": pd.array([None, None], dtype="Int64"),
    "str": pd.Series(["a", "", None, "\0é😀", "null"]),
    "string": pd.array(["a", "", None], dtype="string"),
    "string[python]": pd.array(["a", None], dtype=pd.StringDtype("python")),
    "datetime64[s]": np.array(["1500-01-01", "9999-12-31T23:59:59", "NaT", "0001-01-01"], "M8[s]"),
    "datetime64[s] beyond": np.array(["12345-01-01", "-0005-01-01", "2020-01-01"], "M8[s]"),
    "datetime64[ms]": np.array(["2020-01-01T00:00:00.001", "NaT"], "M8[ms]"),
    "datetime64[us]": np.array(["2020-01-01T00:00:00.000001", "NaT"], "M8[us]"),
    "datetime64[ns]": np.array(["2020-01-01T00:00:00.000000001", "2020-01-01", "NaT"], "M8[ns]"),
    "datetime64[ns] limits": pd.Series([pd.Timestamp.min, pd.Timestamp.max]),
    "all NaT": np.array(["NaT", "NaT"], "M8[us]"),
    "DST fold": pd.date_range("2020-10-24 23:30", periods=5, freq="h", tz="Europe/Berlin"),
    "tz, ns limits": pd.Series([pd.Timestamp.min, pd.NaT, pd.Timestamp.max])
    .dt.tz_localize("UTC")
    .dt.tz_convert("Asia/Kolkata"),
    "tz, west": pd.Series([pd.Timestamp.min]).dt.tz_localize("UTC").dt.tz_convert("US/Hawaii"),
    "tz, before zones": pd.Series([pd.Timestamp("1850-01-01T12:00:00.123", tz="Europe/Berlin")]),
    "tz, NaT first and last": pd.Series([pd.NaT, pd.Timestamp("2020", tz="UTC"), pd.NaT]),
    "tz, beyond calendars": pd.Series(np.array([10**13, -(10**12), "NaT"], "M8[s]"))
    .dt.tz_localize("UTC")
    .dt.tz_convert("Europe/Berlin"),
    "fixed offset": pd.Series(pd.to_datetime(["2020-01-01T00:00:00-03:30"])),
    "fixed offset, seconds": pd.Series(pd.to_datetime(["2020-01-01"])).dt.tz_localize(
        dt.timezone(dt.timedelta(hours=5, minutes=30, seconds=15))
    ),
    "timedelta64[s]": np.array([-1, 10**12, "NaT"], "m8[s]"),
    "timedelta64[ns]": np.array([-1, 1, 10**9, 2**63 - 1, "NaT"], "m8[ns]"),
    "category": pd.Categorical(["a", None, "b"], categories=["b", "c", "a"], ordered=True),
    "category of numbers": pd.Categorical([1.5, None, np.inf, -np.inf, 1.5]),
    "category of datetimes": pd.Categorical(pd.to_datetime(["2020-01-01", None])),
    "category of booleans": pd.Categorical([True, None, False]),
    "category of string": pd.Categorical(pd.array(["a", "b"], dtype="string")),
    "category, empty": pd.Categorical([None, None]),
    "category of mixed": pd.Categorical(["a", 1, "1"], categories=["1", "a", 1]),
    "period[M]": pd.PeriodIndex(["2020-01", None], freq="M"),
    "period[Q-NOV]": pd.period_range("2020Q1", periods=3, freq="Q-NOV"),
    "period[W]": pd.period_range("2020-01-01", periods=2, freq="W-WED"),
    "period[2h]": pd.period_range("2020-01-01", periods=2, freq="2h"),
    "Sparse[int]": pd.arrays.SparseArray([0, 0, 7]),
    "Sparse[float]": pd.arrays.SparseArray([np.nan, 1.5, np.inf]),
    "Sparse, other fill": pd.arrays.SparseArray([5, 5, 6], fill_value=5),
    "date": objects(dt.date(1, 1, 1), None, dt.date(9999, 12, 31)),
    "time": objects(dt.time(1, 2, 3, 4), dt.time(0), dt.time(1, tzinfo=dt.UTC), None),
    "datetime": objects(dt.datetime(1, 1, 1), dt.datetime(2020, 1, 1, 0, 0, 0, 1), None),
    "datetime, offsets": objects(
        dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        dt.datetime(2020, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3))),
        dt.datetime(2020, 1, 1),
    ),
    "Timestamp": objects(pd.Timestamp("2020-01-01T00:00:00.000000001"), pd.NaT),
    "Timestamp, zone": objects(pd.Timestamp("2020-07-01", tz="Europe/Berlin"), None),
    "timedelta": objects(dt.timedelta.max, dt.timedelta.min, dt.timedelta(microseconds=-1), None),
    "Timedelta": objects(pd.Timedelta(1, "ns"), pd.Timedelta(-1, "s"), pd.NaT),
    "Decimal": objects(Decimal("1.10"), Decimal("-2.50"), None),
    "Decimal, mixed exponents": objects(
        Decimal("0.1"), Decimal("1E+3"), Decimal("Infinity"), Decimal("-Infinity")
    ),
    "Decimal NaN": objects(Decimal("1.5"), Decimal("NaN")),
    "JSON": objects("a", "", 1, 2**70, 1.0, -0.0, True, None, [1, [None]], {"é": {"b": []}}),
    "object of strings": objects("a", "b"),
    "object of numbers": objects(1, 2.0, np.inf, -np.inf, False),
    "object, NaN": objects("a", np.nan, np.nan),
    "object, NA": objects("a", pd.NA),
    "object, all None": objects(None, None),
    "object, all NaN": objects(np.nan, np.nan),
    "object, all NaT": objects(pd.NaT, pd.NaT),
    "Arrow int": arrow([1, None, 2**63 - 1], pa.int64()),
    "Arrow uint64": arrow([2**64 - 1, None], pa.uint64()),
    "Arrow double": arrow([0.1, None, float("nan"), float("inf")], pa.float64()),
    "Arrow halffloat": arrow([1.5, None, float("nan")], pa.float16()),
    "Arrow bool": arrow([True, None], pa.bool_()),
    "Arrow string": arrow(["a", "", None], pa.string()),
    "Arrow large_string": arrow(["a", None], pa.large_string()),
    "Arrow timestamp": arrow([1, None], pa.timestamp("ns")),
    "Arrow timestamp, zone": arrow([1, None], pa.timestamp("us", "Europe/Berlin")),
    "Arrow duration": arrow([-1, None], pa.duration("ms")),
    "Arrow date": arrow([dt.date(2020, 1, 1), None], pa.date32()),
    "Arrow time": arrow([dt.time(1, 2, 3, 4), None], pa.time64("us")),
    "Arrow time, ns": arrow([1, 3_600 * 10**9, 10**9 + 1000, None], pa.time64("ns")),
    "Arrow time, ms": arrow([1, 86_399_999, None], pa.time32("ms")),
    "Arrow time, s": arrow([0, None], pa.time32("s")),
    "Arrow date64": arrow([dt.date(1, 1, 1), None], pa.date64()),
    "Arrow decimal": arrow([Decimal("1.10"), None], pa.decimal128(10, 2)),
    "Arrow list": arrow([[1, None], None, []], pa.list_(pa.int64())),
    "Arrow struct": arrow(
        [{"a": 1, "b": "x"}, None], pa.struct({"a": pa.int64(), "b": pa.string()})
    ),
    "Arrow dictionary": arrow(["a", None, "b"], pa.dictionary(pa.int8(), pa.string())),
    "Arrow null": arrow([None, None], pa.null()),
}


# pandas makes no index of these, or can't compare two that are the same
NO_INDEX = {
    *("float16", "longdouble", "Sparse[int]", "Sparse[float]", "Sparse, other fill", "JSON"),
    *("Arrow list", "Arrow struct", "Arrow double", "Arrow halffloat"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_comes_back_as_it_was(through_grid, assert_same, name):
    frame = pd.DataFrame({"x": COLUMNS[name]})
    assert_same(through_grid(frame), frame)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_without_rows_keeps_its_dtype(through_grid, assert_same, name):
    frame = pd.DataFrame({"x": COLUMNS[name]}).iloc[:0]
    assert_same(through_grid(frame), frame)


@pytest.mark.parametrize("name", sorted(COLUMNS.keys() - NO_INDEX))
def test_an_index_of_any_dtype_comes_back_as_the_index(through_grid, assert_same, name):
    column = pd.Series(COLUMNS[name])
    index = pd.Index(column.array, dtype=column.dtype, name="key")
    frame = pd.DataFrame({"x": range(len(index))}, index=index)
    assert_same(through_grid(frame), frame)


def test_every_float16_comes_back(through_grid, assert_same):
    frame = pd.DataFrame({"x": np.arange(2**16, dtype="u2").view("f2")})
    assert_same(through_grid(frame), frame)


@pytest.mark.parametrize("dtype", ["float32", "Float32"])
def test_the_float32_that_two_roundings_would_change_comes_back(through_grid, assert_same, dtype):
    number = np.array([0x15AE43FD, 0x95AE43FD], "u4").view("f4")
    assert np.float32(float(str(number[0]))) != number[0]
    frame = pd.DataFrame({"x": pd.Series(number, dtype=dtype)})
    assert_same(through_grid(frame), frame)


def test_nan_na_and_infinities_of_a_nullable_column_stay_apart(through_grid, distinct_nan):
    frame = pd.DataFrame({"x": distinct_nan})
    again = through_grid(frame)["x"]
    assert again.dtype == "Float64"
    assert again.isna().tolist() == [False, False, True, False, False]
    numbers = again.to_numpy(dtype="f8", na_value=-1.0)
    np.testing.assert_array_equal(numbers, [1.5, np.nan, -1.0, np.inf, -np.inf])


def test_python_datetimes_keep_their_time_zone_and_fold(through_grid):
    values = [dt.datetime(2020, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN) for fold in (0, 1)]
    again = list(through_grid(pd.DataFrame({"x": objects(*values, None)}))["x"])
    assert [value.astimezone(dt.UTC) for value in again[:2]] == [
        v.astimezone(dt.UTC) for v in values
    ]
    assert [value.tzinfo for value in again[:2]] == [BERLIN, BERLIN]
    assert again[2] is None


def test_trailing_zeros_of_decimals_are_kept(through_grid):
    prices = objects(Decimal("1.10"), Decimal("20.00"))
    assert list(map(str, through_grid(pd.DataFrame({"x": prices}))["x"])) == ["1.10", "20.00"]


@pytest.mark.parametrize("first", ["a", 1, [1], dt.date(2020, 1, 1), None, np.inf])
def test_none_and_nan_in_one_object_column_come_back_as_they_were(through_grid, assert_same, first):
    frame = pd.DataFrame({"x": objects(first, None, np.nan, "", np.nan)})
    if isinstance(first, dt.date):
        frame = frame.drop(index=3).reset_index(drop=True)
    assert_same(through_grid(frame), frame)


def test_none_and_nan_among_decimals_come_back_as_they_were(through_grid):
    values = objects(Decimal("1.5"), None, Decimal("NaN"), Decimal("Infinity"))
    again = through_grid(pd.DataFrame({"x": values}))["x"]
    assert list(map(str, again)) == ["1.5", "None", "NaN", "Infinity"]


def test_na_beside_other_missing_values_comes_back_as_none(through_grid):
    again = through_grid(pd.DataFrame({"x": objects("a", None, np.nan, pd.NA)}))
    assert list(map(str, again["x"])) == ["a", "None", "nan", "None"]


def test_numbers_of_numpy_in_an_object_column_come_back_equal(through_grid):
    values = objects(
        np.int64(2**62), np.float64(0.1), np.float32(0.1), np.bool_(True), np.str_("a")
    )
    again = through_grid(pd.DataFrame({"x": values}))["x"]
    assert again.tolist() == values.tolist()
    assert list(map(type, again)) == [int, float, float, bool, str]


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(pd.DataFrame(), id="nothing at all"),
        pytest.param(pd.DataFrame(index=range(3)), id="rows without columns"),
        pytest.param(pd.DataFrame(index=pd.Index(["a", "b"], name="k")), id="an index alone"),
        pytest.param(pd.DataFrame(columns=["a", "b"]), id="columns without rows"),
        pytest.param(pd.DataFrame({"a": [1], "b": ["x"]}), id="one row"),
    ],
)
def test_an_empty_frame_comes_back_as_it_was(through_grid, assert_same, frame):
    assert_same(through_grid(frame), frame)


def test_many_columns_of_different_dtypes_come_back_together(through_grid, assert_same):
    n = 3
    frame = pd.DataFrame(
        {name: pd.Series(values).head(n) for name, values in COLUMNS.items() if len(values) >= n}
    )
    assert_same(through_grid(frame), frame)


def test_the_schema_of_a_plain_frame_is_small():
    texts = pd.Series(["x"] * 2000, dtype=TEXT)
    schema = encode_frame(pd.DataFrame({"a": [1.0, np.nan] * 1000, "b": texts})).schema
    assert set(schema["columns"]["a"]) == {"dtype"}
    assert set(schema["columns"]["b"]) == {"dtype", "storage"}
    assert schema["row_count"] == 2000


@pytest.mark.parametrize(
    "name",
    [
        *("int64", "float64", "bool", "Int64", "Float32", "boolean"),
        *("str", "string", "datetime64[us]", "DST fold"),
    ],
)
def test_a_frame_that_came_back_may_be_written_to(through_grid, name):
    frame = through_grid(pd.DataFrame({"x": COLUMNS[name]}))
    last = frame["x"].iloc[-1]
    frame.loc[0, "x"] = last
    assert frame["x"].iloc[0] is last or pd.isna(last) or frame["x"].iloc[0] == last


def test_a_frame_of_a_few_columns_takes_the_memory_of_its_values():
    table = encode_frame(pd.DataFrame({f"c{n}": np.arange(100_000.0) for n in range(20)}))
    columns = [(column.name, column.array) for column in table.columns]
    decode_frame(columns, table.schema)
    tracemalloc.start()
    try:
        frame = decode_frame(columns, table.schema)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1.5 * frame.memory_usage().sum()


def test_pandas_takes_another_column_into_a_wide_frame_without_a_warning(through_grid):
    frame = through_grid(pd.DataFrame({f"c{n}": [0.5] for n in range(300)}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame["another"] = 1


def test_the_fill_value_of_a_sparse_column_is_a_plain_number(through_grid):
    frame = pd.DataFrame({"x": pd.arrays.SparseArray([0.0, 1.0], fill_value=0.0)})
    assert str(through_grid(frame)["x"].dtype) == str(frame["x"].dtype) == "Sparse[float64, 0.0]"
