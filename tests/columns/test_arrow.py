"""Tables of any library that speaks Arrow: nothing of them changes on the way through a grid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import decode_arrow, encode_frame, json, wire
from plotly_nbext.errors import ValidationError

INT64 = st.integers(-(2**63), 2**63 - 1)
TICKS = st.integers(-(2**62), 2**62)
DAYS = st.dates().map(lambda day: (day - dt.date(1970, 1, 1)).days)


def decimals(places):
    return st.decimals(-(10**12), 10**12, places=places)


TYPES = {
    pa.null(): st.none(),
    pa.bool_(): st.booleans(),
    pa.int8(): st.integers(-128, 127),
    pa.uint32(): st.integers(0, 2**32 - 1),
    pa.int64(): INT64,
    pa.uint64(): st.integers(0, 2**64 - 1),
    pa.float16(): st.floats(width=16),
    pa.float32(): st.floats(width=32),
    pa.float64(): st.floats(),
    pa.string(): st.text(),
    pa.large_string(): st.text(),
    pa.string_view(): st.text(),
    pa.date32(): DAYS,
    pa.date64(): DAYS.map(lambda day: day * 86_400_000),
    pa.time32("s"): st.integers(0, 86_399),
    pa.time32("ms"): st.integers(0, 86_399_999),
    pa.time64("us"): st.integers(0, 86_400 * 10**6 - 1),
    pa.time64("ns"): st.integers(0, 86_400 * 10**9 - 1),
    **{pa.timestamp(unit): TICKS for unit in ("s", "ms", "us", "ns")},
    pa.timestamp("us", "Europe/Berlin"): TICKS,
    pa.timestamp("ns", "America/St_Johns"): TICKS,
    pa.timestamp("ms", "+05:30"): st.integers(-(10**14), 10**14),
    **{pa.duration(unit): TICKS for unit in ("s", "ms", "us", "ns")},
    pa.decimal128(38, 2): decimals(2),
    pa.decimal128(20, 7): st.decimals(-(10**7), 10**7, places=7),
    pa.decimal128(38, 0): st.integers(-(10**37), 10**37).map(Decimal),
    pa.decimal256(50, 3): decimals(3),
    pa.list_(pa.int64()): st.lists(INT64 | st.none(), max_size=3),
    pa.large_list(pa.string_view()): st.lists(st.text(max_size=2), max_size=3),
    pa.list_(pa.bool_(), 2): st.lists(st.booleans(), min_size=2, max_size=2),
    pa.struct({"a": pa.int64(), "é": pa.list_(pa.string())}): st.fixed_dictionaries(
        {"a": INT64 | st.none(), "é": st.lists(st.text(max_size=2), max_size=2)}
    ),
    pa.dictionary(pa.int8(), pa.string()): st.sampled_from(["a", "", "é"]),
    pa.dictionary(pa.uint32(), pa.string_view()): st.sampled_from(["a", "", "é"]),
    pa.dictionary(pa.int32(), pa.date32()): st.dates(),
}
"""Arrow's types, with a strategy for the values of their arrays."""


def made(values, kind):
    if pa.types.is_dictionary(kind):
        text = pa.types.is_string_view(kind.value_type)
        plain = pa.array(values, pa.string() if text else kind.value_type).dictionary_encode()
        indices, order = plain.indices.cast(kind.index_type), plain.dictionary
        return pa.DictionaryArray.from_arrays(indices, order.cast(kind.value_type))
    return pa.array(values, kind)


def equal(actual, expected):
    """Compare as Arrow does, but NaN with NaN, and dictionaries by what they stand for."""
    if pa.types.is_dictionary(expected.type):
        return actual.to_pylist() == expected.to_pylist()
    if actual.type != expected.type:
        return False
    if pa.types.is_floating(actual.type):
        nan = [pc.is_nan(column.cast(pa.float64())) for column in (actual, expected)]
        return nan[0].equals(nan[1]) and repr(actual.to_pylist()) == repr(expected.to_pylist())
    return actual.equals(expected)


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_no_value_of_any_arrow_type_changes(arrow_through_grid, kind):
    @settings(max_examples=20, deadline=None)
    @given(st.lists(TYPES[kind] | st.none(), max_size=6), st.integers(0, 2))
    def check(values, start):
        array = made(values, kind)[start:]
        table = arrow_through_grid(pa.table({"x": array}))
        assert table.schema.types == [kind]
        assert equal(table["x"], pa.chunked_array([array]))

    check()


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_pandas_reads_what_was_pushed_from_arrow(through_grid, kind):
    @settings(max_examples=10, deadline=None)
    @given(st.lists(TYPES[kind] | st.none(), max_size=4))
    def check(values):
        array = made(values, kind)
        series = through_grid(pa.table({"x": array}))["x"]
        assert isinstance(series.dtype, pd.ArrowDtype)
        # pandas has no string_view
        view = pa.types.is_string_view(kind)
        assert equal(pa.array(series.array), array.cast(pa.large_string()) if view else array)

    check()


def test_a_polars_frame_comes_back_as_it_was(arrow_through_grid):
    moment = dt.datetime(2020, 7, 1, 0, 0, 0, 5)
    frame = pl.DataFrame(
        {
            "float": [0.1, float("nan"), float("-inf"), None],
            "NaN": [0.1, float("nan"), float("inf"), 5e-324],
            "int": pl.Series([1, None, -128, 0], dtype=pl.Int8),
            "text": ["a", "", None, "é😀"],
            "date": [dt.date(2020, 1, 1), None, dt.date(1, 1, 1), dt.date(9999, 12, 31)],
            "time": [dt.time(1, 2, 3, 4), None, dt.time(0), dt.time(23, 59, 59, 999_999)],
            "zone": pl.Series([moment, None] * 2).dt.replace_time_zone("Europe/Berlin"),
            "duration": [dt.timedelta(1, 2, 3), None, dt.timedelta(-1), dt.timedelta(0)],
            "decimal": [Decimal("1.10"), None, Decimal("-3.00"), Decimal(0)],
            "categorical": pl.Series(["a", None, "b", "a"], dtype=pl.Categorical),
            "enum": pl.Series(["x", None, "y", "x"], dtype=pl.Enum(["unused", "y", "x"])),
            "list": [[1, 2], None, [], [None]],
            "struct": [{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}, {"a": 2, "b": None}],
        }
    )
    again = arrow_through_grid(frame)
    assert again.schema.types == pa.table(frame).schema.types
    enum = again["enum"].combine_chunks()
    assert enum.dictionary.to_pylist() == ["unused", "y", "x"]
    assert pl.DataFrame(again).schema == frame.schema
    assert pl.DataFrame(again).equals(frame)


@pytest.mark.parametrize(
    "series",
    [
        pytest.param(pl.Series(["a", None], dtype=pl.Enum(["b", "a", "c"])), id="values"),
        pytest.param(pl.Series([None], dtype=pl.Enum(["b", "a"])), id="null"),
        pytest.param(pl.Series([], dtype=pl.Enum(["b", "a"])), id="no rows"),
        pytest.param(pl.Series(["ü", "a;1"], dtype=pl.Enum(["a;1", "ü"])), id="separators"),
        pytest.param(pl.Series(["b", "a"], dtype=pl.Categorical), id="Categorical"),
    ],
)
def test_an_enum_of_polars_stays_one_and_a_categorical_is_none(arrow_through_grid, series):
    frame = pl.DataFrame({"x": series})
    again = pl.DataFrame(arrow_through_grid(frame))
    assert again.schema == frame.schema
    assert again.equals(frame)
    assert again["x"].sort().equals(frame["x"].sort())


def test_json_texts_keep_their_values_however_they_were_spelled(arrow_through_grid):
    texts = pa.array(['{"a": 1}', None, " [1,\n 2]", '"null"', "1"])
    again = arrow_through_grid(pa.table({"x": pa.ExtensionArray.from_storage(wire.JSON, texts)}))
    assert again.schema.types == [wire.JSON]
    assert again["x"].to_pylist() == ['{"a":1}', None, "[1,2]", '"null"', "1"]


def test_a_relation_of_duckdb_comes_back_as_it_was(arrow_through_grid):
    query = """
        SELECT i, i::HUGEINT * 10**6 AS huge, i / 3 AS third, (i / 4)::DECIMAL(9, 2) AS price,
            DATE '2020-01-01' + i::INT AS day, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS at,
            CASE WHEN i > 1 THEN 'name ' || i END AS name, [i, NULL] AS list, {'i': i} AS struct,
            'b'::ENUM('a', 'b') AS enum
        FROM range(3) t(i)
    """
    again = arrow_through_grid(duckdb.sql(query))
    expected = duckdb.sql(query).to_arrow_table()
    assert again.schema.types == expected.schema.types
    assert again.to_pylist() == expected.to_pylist()


def test_arrow_tables_are_written_as_the_frames_of_pandas_are():
    frame = pd.DataFrame(
        {
            "x": [0.1, None],
            "s": ["a", None],
            "c": pd.Categorical(["b", "a"]),
            "t": pd.to_datetime(["2020-01-01", None]).tz_localize("Europe/Berlin"),
            "d": pd.to_timedelta([1, None], "s"),
        }
    )
    ours = encode_frame(frame).columns
    theirs = encode_frame(pa.Table.from_pandas(frame)).columns
    assert [(c.name, c.data) for c in theirs] == [(c.name, c.data) for c in ours]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([dt.date(1, 2, 3), None]), ["0001-02-03", None]),
        (pa.array([dt.time(1, 2, 3), dt.time(0, 0, 0, 50)]), ["01:02:03", "00:00:00.000050"]),
        (pa.array([1, 1000], pa.time64("ns")), ["00:00:00.000000001", "00:00:00.000001"]),
        (pa.array([dt.timedelta(1, 2, 3)]), ["P1DT0H0M2.000003S"]),
        (pa.array([Decimal("1.10"), None]), [1.1, None]),
        (pa.array([10**20, 1], pa.decimal128(38, 0)), [10**20, 1]),
        (pa.array([[1, None], [], None]), [[1, None], [], None]),
        (pa.array([{"a": 1}]), [{"a": 1}]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
        (pa.array([1.0, None]), [1.0, None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_arrow_values_are_written_as_python_s_are(array, expected):
    (column,) = encode_frame(pa.table({"x": array})).columns
    values = json.loads(column.data)
    assert values == expected
    assert list(map(type, values)) == list(map(type, expected))
    assert wire.is_wire_type(column.array.type)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        pytest.param(pa.array([None, b"a"]), r"row 1: b'a' \(bytes\)", id="binary"),
        pytest.param(pa.array([b"a"], pa.large_binary()), r"\(bytes\)", id="large_binary"),
        pytest.param(pa.array([[b"a"]]), "holds a bytes inside", id="list of binary"),
        pytest.param(pa.array([[float("nan")]]), "holds nan inside", id="NaN in a list"),
        pytest.param(pa.array([[dt.date(2020, 1, 1)]]), "holds a date", id="list of dates"),
        pytest.param(pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8())), "tuple", id="map"),
        pytest.param(pa.array([pa.MonthDayNano([1, 2, 3])]), "MonthDayNano", id="interval"),
        pytest.param(pa.array([1], pa.timestamp("s", "Mars/Crater")), "Mars/Crater", id="zone"),
        pytest.param(pa.array([Decimal("0.12345678901234567890")]), "64-bit", id="decimal"),
        pytest.param(pa.array([10**7], pa.date32()), "date32", id="day beyond calendars"),
        pytest.param(
            pa.ExtensionArray.from_storage(wire.JSON, pa.array(["{"])), "not valid JSON", id="json"
        ),
        pytest.param(
            pa.ExtensionArray.from_storage(wire.JSON, pa.array(["1", None, " null"])),
            "row 2: the JSON text 'null' would come back as a missing value",
            id="JSON's null",
        ),
        pytest.param(
            pa.array([None, 0, -(2**63)], pa.timestamp("us")), r"row 2: -2\^63", id="NaT of numpy"
        ),
        pytest.param(
            pa.array([-(2**63)], pa.timestamp("s", "UTC")), r"row 0: -2\^63", id="NaT in a zone"
        ),
    ],
)
def test_what_a_grid_cannot_keep_is_refused_by_name(array, message):
    with pytest.raises(ValidationError, match=message) as caught:
        encode_frame(pa.table({"fine": [1] * len(array), "my column": array}))
    assert caught.value.field == "my column"
    assert caught.value.hint


def test_a_type_that_only_its_library_has_is_refused():
    with pytest.raises(ValidationError, match="gives no table that Arrow can read") as caught:
        encode_frame(pl.DataFrame({"x": pl.Series([1], dtype=pl.Int128)}))
    assert caught.value.field == "frame"


@pytest.mark.parametrize(
    ("thing", "hint"),
    [
        (pl.LazyFrame({"x": [1]}), ".collect()"),
        ([1, 2], "pandas.DataFrame"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(thing, hint):
    with pytest.raises(ValidationError, match="frame must be a pandas DataFrame or an") as caught:
        encode_frame(thing)
    assert hint in caught.value.hint


@pytest.mark.parametrize("column", [pl.Series("total", [1, 2]), pd.Series([1, 2], name="total")])
def test_a_series_is_a_table_of_one_column(column):
    (encoded,) = encode_frame(column).columns
    assert (encoded.name, encoded.array.to_pylist()) == ("total", [1, 2])


def test_equal_names_of_an_arrow_table_become_unique_and_are_labels_in_pandas(through_grid):
    table = pa.table([pa.array([1]), pa.array([2])], names=["x", "x"])
    assert [column.name for column in encode_frame(table).columns] == ["x", "x (2)"]
    assert list(through_grid(table).columns) == ["x", "x"]


def test_a_table_without_columns_or_rows_comes_back(arrow_through_grid):
    empty = pa.table({"x": pa.array([], pa.list_(pa.int8())), "y": pa.array([], pa.date32())})
    assert arrow_through_grid(empty).schema.types == empty.schema.types
    assert arrow_through_grid(pa.table({})).num_columns == 0


def test_a_frame_of_pandas_is_read_as_arrow_with_the_types_of_its_dtypes(arrow_through_grid):
    frame = pd.DataFrame(
        {
            "f": [0.5, None],
            "i": pd.array([1, None], dtype="Int16"),
            "t": pd.to_datetime(["2020-01-01", None]).tz_localize("UTC"),
            "d": pd.to_timedelta([1, None], "s").as_unit("us"),
            "c": pd.Categorical(["a", None]),
            "o": [dt.date(2020, 1, 1), None],
            "mixed": ["a", 1],
            "dicts": [{"a": 1}, {"b": 2}],
            "month": pd.period_range("2020-01", periods=2, freq="M"),
        }
    )
    table = arrow_through_grid(frame)
    assert table.schema.field("f").type == pa.float64()
    assert table.schema.field("i").type == pa.int16()
    assert table.schema.field("t").type == pa.timestamp(frame["t"].dt.unit, "UTC")
    assert table.schema.field("d").type == pa.duration("us")
    assert pa.types.is_dictionary(table.schema.field("c").type)
    assert table.schema.field("o").type == pa.date32()
    assert table.schema.field("mixed").type == wire.JSON
    assert table["f"].null_count == 1
    assert table["mixed"].to_pylist() == ['"a"', "1"]
    assert table["dicts"].to_pylist() == ['{"a":1}', '{"b":2}']
    assert table["month"].to_pylist() == ["2020-01", "2020-02"]


def test_columns_that_no_longer_fit_are_given_as_they_are():
    schema = encode_frame(pa.table({"x": pa.array([dt.date(2020, 1, 1)])})).schema
    table = decode_arrow([("x", ["soon", "2020-01-01"]), ("new", [1, None])], schema)
    assert table["x"].to_pylist() == ["soon", "2020-01-01"]
    assert table.schema.types == [pa.string(), pa.int64()]


def test_short_columns_are_filled_up_with_null():
    table = decode_arrow([("a", pa.array([1, 2])), ("b", ["x"]), ("c", pa.array([True]))], None)
    assert table.to_pydict() == {"a": [1, 2], "b": ["x", None], "c": [True, None]}
