"""What an append leaves: the frames one after the other, in the dtypes that pandas gives them."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from plotly_nbext.columns import decode_frame, encode_frame, merge_schemas, wire
from plotly_nbext.columns.merge import widened
from plotly_nbext.columns.remedy import REPLACE
from plotly_nbext.errors import ValidationError
from tests.dtypes import TEXT


def objects(*values):
    return pd.Series(list(values), dtype=object)


def text(*values):
    return pd.Series(list(values), dtype=TEXT)


def appended(stored, more):
    """Append as the client does: the schemas are merged, the rows added at the end.

    As JSON and as Arrow, of which the same must come.
    """
    table = encode_frame(stored)
    part = widened(table.schema, encode_frame(more))
    order = [column.name for column in table.columns]
    rows = json.loads(json.dumps(table.rows(order) + part.rows(order)))
    schema = json.loads(json.dumps(merge_schemas(table.schema, part)))
    columns = [(name, [row[i] for row in rows]) for i, name in enumerate(order)]
    again = decode_frame(columns, schema)
    parts = part.to_arrow().select(order).columns
    joined = [
        (column.name, _joined(column.array, *more.chunks))
        for column, more in zip(table.columns, parts, strict=True)
    ]
    pd.testing.assert_frame_equal(decode_frame(joined, schema), again)
    return again


def _joined(*parts):
    kind = wire.common_type(part.type for part in parts)
    return pa.chunked_array([wire.cast(part, kind) for part in parts], kind)


@pytest.mark.parametrize(
    ("stored", "more"),
    [
        pytest.param([1, 2], [3], id="int64"),
        pytest.param([1, 2], [0.5, np.nan], id="int64 and float64"),
        pytest.param([0.5, np.nan, np.inf], [1, -2], id="float64 and int64"),
        pytest.param([1, 2], [np.nan, np.inf, -np.inf], id="int64 and infinities"),
        pytest.param([np.inf, 0.5], [-np.inf, np.nan, np.inf], id="infinities in both"),
        pytest.param([1, 2], pd.array([3, None], dtype="Int64"), id="int64 and Int64"),
        pytest.param(pd.array([3, None], dtype="Int64"), [1, 2], id="Int64 and int64"),
        pytest.param(pd.array([3, None], dtype="Int64"), [0.5, np.inf], id="Int64 and float64"),
        pytest.param(np.array([1], "i1"), np.array([300], "i4"), id="int8 and int32"),
        pytest.param(np.array([1], "u1"), np.array([-1], "i1"), id="uint8 and int8"),
        pytest.param(np.array([1], "i8"), np.array([1], "u8"), id="int64 and uint64"),
        pytest.param([True], pd.array([False, None], dtype="boolean"), id="bool and boolean"),
        pytest.param(np.array([0.1], "f4"), np.array([0.2, np.inf], "f4"), id="float32"),
        pytest.param([0.5], np.array([0.1, np.inf], "f4"), id="float64 and float32"),
        pytest.param([1], np.array([0.1], "f4"), id="int64 and float32"),
        pytest.param(np.array([0.1], "f4"), np.array([0.1], "f2"), id="float32 and float16"),
        pytest.param(
            pd.array([0.5, None], dtype="Float64"),
            pd.array([0.1, None], dtype="Float32"),
            id="Float64 and Float32",
        ),
        pytest.param(text("a"), text("", None), id="text"),
        pytest.param(
            pd.array(["a"], dtype="string"), pd.array([None], dtype="string"), id="string"
        ),
        pytest.param(
            np.array(["2020"], "M8[s]"),
            np.array(["2021", "NaT"], "M8[ns]"),
            id="datetimes of two units",
        ),
        pytest.param(
            pd.to_datetime(["2020-01-01"]).tz_localize("Europe/Berlin"),
            pd.to_datetime(["2020-07-01", None]).tz_localize("Europe/Berlin"),
            id="datetimes in a zone",
        ),
        pytest.param(
            np.array([1], "m8[s]"), np.array([1, "NaT"], "m8[ms]"), id="durations of two units"
        ),
        pytest.param(
            pd.Categorical(["a"], ["a", "b"]), pd.Categorical(["b"], ["a", "b"]), id="category"
        ),
        pytest.param(
            pd.period_range("2020", periods=1, freq="M"),
            pd.period_range("2021", periods=1, freq="M"),
            id="period",
        ),
        pytest.param(pd.arrays.SparseArray([0, 1]), pd.arrays.SparseArray([0]), id="Sparse"),
        pytest.param(objects(dt.date(2020, 1, 1)), objects(dt.date(2021, 1, 1), None), id="date"),
        pytest.param(objects(Decimal("1.10")), objects(Decimal("2.50")), id="Decimal"),
        pytest.param(
            objects(Decimal("1.10")),
            objects(Decimal("2.5"), Decimal("Infinity")),
            id="Decimal, other exponent",
        ),
        pytest.param(objects("a", 1), objects([1], {"b": None}), id="JSON"),
        pytest.param(objects("a", np.inf), objects(-np.inf, 2), id="JSON, infinities"),
        pytest.param(objects("a", 1), [1.5, 2.5], id="JSON and float64"),
        pytest.param(objects("a", 1), np.array([0.1], "f4"), id="JSON and float32"),
        pytest.param(objects("a", 1), ["b"], id="JSON and text"),
        pytest.param(objects("a", np.nan), objects("b", np.nan), id="object, NaN"),
        pytest.param(objects("a"), objects("b", np.nan), id="object, first NaN"),
        pytest.param(objects(None, None), objects("a", None), id="all None and text"),
        pytest.param(
            pd.array([1, None], dtype="int64[pyarrow]"),
            pd.array([2], dtype="int64[pyarrow]"),
            id="Arrow",
        ),
        pytest.param([1, 2], [], id="nothing at all"),
    ],
)
def test_an_append_is_what_concat_gives(assert_same, stored, more):
    first = pd.DataFrame({"x": stored})
    second = pd.DataFrame(
        {"x": pd.Series(more, dtype=first["x"].dtype) if len(more) == 0 else more}
    )
    expected = pd.concat([first, second], ignore_index=True)
    assert_same(appended(first, second), expected)


def test_categories_are_joined():
    again = appended(
        pd.DataFrame({"x": pd.Categorical(["b", "a"], ["b", "a"])}),
        pd.DataFrame({"x": pd.Categorical(["c", None, "a"], ["a", "c"])}),
    )["x"]
    assert again.dtype == pd.CategoricalDtype(["b", "a", "c"])
    assert again.tolist() == ["b", "a", "c", np.nan, "a"]


def test_categories_that_have_none_in_common_are_joined():
    again = appended(
        pd.DataFrame({"x": pd.Categorical(["a", "b"])}),
        pd.DataFrame({"x": pd.Categorical(["zz"])}),
    )["x"]
    assert again.dtype == pd.CategoricalDtype(["a", "b", "zz"])


@pytest.mark.parametrize(
    ("stored", "more", "dtype"),
    [
        pytest.param([1, 2], objects(None), "Int64", id="int64"),
        pytest.param(np.array([1], "u1"), objects(None), "UInt8", id="uint8"),
        pytest.param([True], objects(None), "boolean", id="bool"),
        pytest.param([1.5], objects(None), "float64", id="float64"),
        pytest.param(
            pd.to_datetime(["2020"]).as_unit("ns"), objects(None), "datetime64[ns]", id="datetime"
        ),
        pytest.param(
            pd.array([1], dtype="int8[pyarrow]"),
            objects(None),
            pd.ArrowDtype(pa.int8()),
            id="Arrow",
        ),
        pytest.param(
            pd.Categorical(["a"]), objects(None), pd.CategoricalDtype(["a"]), id="category"
        ),
        pytest.param(objects(None), [2], "Int64", id="int64 after"),
        pytest.param(
            objects(None),
            pd.to_datetime(["2020"]).as_unit("ns"),
            "datetime64[ns]",
            id="datetime after",
        ),
    ],
)
def test_a_part_of_nothing_but_none_takes_the_type_of_the_other(stored, more, dtype):
    again = appended(pd.DataFrame({"x": stored}), pd.DataFrame({"x": more}))["x"]
    assert again.dtype == dtype
    assert again.isna().sum() == 1


def test_text_of_one_dtype_goes_to_a_column_of_the_other():
    again = appended(
        pd.DataFrame({"x": text("a", None)}), pd.DataFrame({"x": pd.array(["b"], dtype="string")})
    )["x"]
    assert again.dtype == TEXT
    assert again.isna().tolist() == [False, True, False]
    assert again.dropna().tolist() == ["a", "b"]


def test_the_first_none_among_strings_is_none():
    again = appended(pd.DataFrame({"x": objects("a")}), pd.DataFrame({"x": objects(None)}))["x"]
    assert again.tolist() == ["a", None]


@pytest.mark.parametrize(
    ("stored", "more"),
    [
        pytest.param(objects("a", np.nan), objects(None), id="None after NaN"),
        pytest.param(objects("a", None), objects(np.nan, "b"), id="NaN after None"),
        pytest.param(objects("a", "", None, np.nan), objects(np.nan, None, ""), id="both in both"),
        pytest.param(objects("a", np.nan), objects(np.inf, None, np.nan), id="and infinity"),
        pytest.param(objects(None, None), objects(np.nan), id="nothing but these"),
        pytest.param(objects(np.nan), objects(None, "a"), id="nothing but NaN before"),
        pytest.param(objects("a", 1, None), [0.5, np.nan], id="floats after None"),
        pytest.param(
            objects(dt.date(2020, 1, 1), np.nan), objects(None, dt.date(2021, 1, 1)), id="dates"
        ),
        pytest.param(objects(pd.NaT, "a"), objects(None), id="None after NaT"),
    ],
)
def test_an_append_keeps_what_stands_for_missing(stored, more):
    frames = [pd.DataFrame({"x": stored}), pd.DataFrame({"x": more})]
    again = appended(*frames)["x"]
    expected = pd.concat(frames, ignore_index=True)["x"]
    assert list(map(repr, again)) == list(map(repr, expected))


def test_nan_alone_goes_to_a_column_that_takes_no_floats():
    nothing = pd.DataFrame({"x": [np.nan, np.nan]})
    for stored in (text("a"), pd.to_datetime(["2020"]), pd.Categorical(["a"]), [True]):
        frame = pd.DataFrame({"x": stored})
        again = appended(frame, nothing)["x"]
        kept = "boolean" if frame["x"].dtype == bool else frame["x"].dtype
        assert again.dtype == kept
        assert again[0] == frame["x"][0]
        assert again.isna().tolist() == [False, True, True]
    message = f"holds {TEXT} in the grid and float64 in the frame"
    with pytest.raises(ValidationError, match=message):
        appended(pd.DataFrame({"x": text("a")}), pd.DataFrame({"x": [np.nan, np.inf]}))


def test_integers_stay_exact_beside_floats_that_cannot_hold_them():
    again = appended(pd.DataFrame({"x": [2**53 + 1]}), pd.DataFrame({"x": [0.5]}))["x"]
    assert again.tolist() == [2**53 + 1, 0.5]


def test_infinities_land_in_their_rows_when_others_appended_too(decode):
    table = encode_frame(pd.DataFrame({"x": [np.inf, 1.0]}))
    part = encode_frame(pd.DataFrame({"x": [-np.inf]}))
    schema = merge_schemas(table.schema, part, row_count=4)
    frame = decode_frame([("x", [None, 1.0, None, 2.0, None])], schema)
    assert schema["row_count"] == 5
    assert frame["x"].tolist()[:2] == [np.inf, 1.0]
    assert np.isnan(frame["x"][2])
    assert frame["x"][4] == -np.inf


def test_many_appends_keep_every_infinity():
    schema = encode_frame(pd.DataFrame({"x": [1.0]})).schema
    for value in (np.inf, 2.0, -np.inf, np.nan):
        schema = merge_schemas(schema, encode_frame(pd.DataFrame({"x": [value]})))
    again = decode_frame([("x", [1.0, None, 2.0, None, None])], schema)["x"]
    np.testing.assert_array_equal(again, [1.0, np.inf, 2.0, -np.inf, np.nan])


def test_index_and_labels_of_the_grid_are_kept(assert_same):
    stored = pd.DataFrame(
        {1: [1.5, 2.5]}, index=pd.date_range("2020", periods=2, freq="D", name="day")
    )
    more = pd.DataFrame(
        {1: [3.5]}, index=pd.date_range("2020-01-03", periods=1, freq="D", name="day")
    )
    expected = pd.DataFrame(
        {1: [1.5, 2.5, 3.5]}, index=pd.date_range("2020", periods=3, freq="D", name="day")
    )
    assert_same(appended(stored, more), expected)


@pytest.mark.parametrize(
    ("stored", "more", "described"),
    [
        pytest.param([1], text("a"), ("int64", TEXT), id="text to numbers"),
        pytest.param(text("a"), [1], (TEXT, "int64"), id="numbers to text"),
        pytest.param([1], [True], ("int64", "bool"), id="booleans to numbers"),
        pytest.param(
            pd.to_datetime(["2020"]), text("2020"), ("datetime64", TEXT), id="text to datetimes"
        ),
        pytest.param(
            pd.to_datetime(["2020"]),
            pd.to_datetime(["2020"]).tz_localize("UTC"),
            ("datetime64", "UTC"),
            id="zone to naive",
        ),
        pytest.param(
            pd.to_datetime(["2020"]).tz_localize("UTC"),
            pd.to_datetime(["2020"]).tz_localize("Asia/Tokyo"),
            ("UTC", "Asia/Tokyo"),
            id="two zones",
        ),
        pytest.param(
            objects(pd.Timestamp("2020", tz="Asia/Tokyo")),
            objects(pd.Timestamp("2020", tz="Europe/Berlin")),
            (r"object \(Timestamp\) in Asia/Tokyo", r"object \(Timestamp\) in Europe/Berlin"),
            id="objects of two zones",
        ),
        pytest.param(np.array([0.1], "f4"), [0.1], ("float32", "float64"), id="digits of float32"),
        pytest.param(
            objects(dt.date(2020, 1, 1)),
            objects("a"),
            (r"object \(date\)", r"object \(json\)"),
            id="text to dates",
        ),
        pytest.param(
            objects("a"), pd.to_datetime(["2020"]), ("object", "datetime64"), id="datetimes to JSON"
        ),
        pytest.param(
            pd.Categorical(["a"]),
            pd.Categorical([1]),
            (r"category with the categories \['a'\]", r"category with the categories \[1\]"),
            id="other categories",
        ),
        pytest.param(
            pd.Categorical(["a"], ["a", "b"], ordered=True),
            pd.Categorical(["a"], ["b", "a"], ordered=True),
            (r"category with the order \['a', 'b'\]", r"category with the order \['b', 'a'\]"),
            id="another order",
        ),
        pytest.param(pd.Categorical(["a"]), text("a"), ("category", TEXT), id="text to categories"),
        pytest.param(
            objects("a"),
            pd.array([1.5], dtype="double[pyarrow]"),
            ("object", "double"),
            id="Arrow to JSON",
        ),
        pytest.param(
            pd.arrays.SparseArray([0]),
            pd.arrays.SparseArray([1], fill_value=1),
            ("Sparse with the fill value 0", "Sparse with the fill value 1"),
            id="another fill",
        ),
        pytest.param(
            pd.array([1], dtype="int64[pyarrow]"),
            pd.array([1], dtype="int8[pyarrow]"),
            ("int64", "int8"),
            id="other Arrow types",
        ),
    ],
)
def test_types_that_do_not_go_together_are_refused_by_name(stored, more, described):
    grid, frame = described
    message = f"column 'x' holds .*{grid}.* in the grid and .*{frame}.* in the frame"
    with pytest.raises(ValidationError, match=message) as caught:
        appended(pd.DataFrame({"x": stored}), pd.DataFrame({"x": more}))
    assert caught.value.field == "x"


ANYTHING = {
    "int64": pd.Series([1, 2]),
    "int8": pd.Series([1, 2], dtype="int8"),
    "float64": pd.Series([0.1, np.nan]),
    "float32": pd.Series([0.1], dtype="f4"),
    "whole float64": pd.Series([1.0, 2.0]),
    "Int64": pd.Series([1, None], dtype="Int64"),
    "bool": pd.Series([True, False]),
    "boolean": pd.Series([True, None], dtype="boolean"),
    "text": text("a", None),
    "text of numbers": text("1", "2"),
    "text of dates": text("2026-01-01"),
    "string": pd.Series(["a", None], dtype="string"),
    "JSON": objects("a", 1, None),
    "lists": objects([1]),
    "big": objects(10**30),
    "None": objects(None, None),
    "NaN": pd.Series([np.nan]),
    "category": pd.Series(["a"], dtype="category"),
    "category of numbers": pd.Series([1], dtype="category"),
    "UTC": pd.Series(pd.to_datetime(["2026"], utc=True)),
    "Oslo": pd.Series(pd.to_datetime(["2026-07-01"]).tz_localize("Europe/Oslo")),
    "offset": pd.Series(pd.to_datetime(["2026-07-01T00:00+02:00"])),
    "naive": pd.Series(pd.to_datetime(["2026"])),
    "date": objects(dt.date(2026, 1, 1)),
    "Timestamp": objects(pd.Timestamp("2026", tz="UTC"), None),
    "Decimal": objects(Decimal("1.5")),
    "timedelta": pd.Series(pd.to_timedelta([1], unit="s")),
    "period": pd.Series(pd.period_range("2026", periods=1, freq="D")),
    "Sparse": pd.Series(pd.arrays.SparseArray([0, 1])),
    "Arrow int64": pd.Series([1], dtype="int64[pyarrow]"),
    "Arrow string": pd.Series(["a"], dtype=pd.ArrowDtype(pa.string())),
    "Arrow date": pd.Series([dt.date(2026, 1, 1)], dtype=pd.ArrowDtype(pa.date32())),
}


@pytest.mark.parametrize("grid", ANYTHING)
def test_what_a_refusal_says_to_do_works(grid):
    stored = pd.DataFrame({"x": ANYTHING[grid]})
    for name, series in ANYTHING.items():
        try:
            appended(stored, pd.DataFrame({"x": series}))
            continue
        except ValidationError as error:
            hint = error.hint
        if hint == REPLACE:
            continue
        if kind := re.fullmatch(r"Cast the frame's column to the Arrow type (.+) first\.", hint):
            types = [pa.string(), pa.array(ANYTHING[grid].array).type]
            cast = pa.array(series.array).cast({str(type): type for type in types}[kind[1]])
            again = appended(stored, pa.table({"x": cast}))
        else:
            words = re.fullmatch(r"Convert the frame's column first, with (.+)\.", hint)[1]
            converted = eval(f"series{words}", {"series": series})
            assert series.isna().tolist() == converted.isna().tolist(), (grid, name)
            again = appended(stored, pd.DataFrame({"x": converted}))
        assert len(again) == len(stored) + len(series), (grid, name)


@pytest.mark.parametrize(
    ("stored", "more", "words"),
    [
        pytest.param("Oslo", "naive", ".dt.tz_localize('Europe/Oslo')", id="naive to zone"),
        pytest.param("naive", "Oslo", ".dt.tz_localize(None)", id="zone to naive"),
        pytest.param("Oslo", "UTC", ".dt.tz_convert('Europe/Oslo')", id="two zones"),
        pytest.param("date", "naive", ".dt.date", id="datetimes to dates"),
        pytest.param("JSON", "date", ".astype('str')", id="dates to JSON"),
        pytest.param("text", "int64", f".astype('{TEXT}')", id="numbers to text"),
        pytest.param("int64", "text of numbers", ".astype('int64')", id="numbers in text"),
        pytest.param("Arrow string", "Arrow date", "Arrow type string", id="Arrow"),
        pytest.param("int64", "text", REPLACE, id="no numbers in text"),
        pytest.param("date", "JSON", REPLACE, id="JSON to dates"),
        pytest.param("float32", "float64", REPLACE, id="digits that float32 has not"),
        pytest.param("int64", "timedelta", REPLACE, id="a duration is no number"),
        pytest.param("float64", "text", REPLACE, id="text to floats, maybe all NaN"),
    ],
)
def test_a_refusal_says_what_to_do(stored, more, words):
    frames = [pd.DataFrame({"x": ANYTHING[name]}) for name in (stored, more)]
    with pytest.raises(ValidationError) as caught:
        appended(*frames)
    assert words in caught.value.hint


def test_missing_and_extra_columns_are_refused_by_name():
    stored = encode_frame(pd.DataFrame({"a": [1], "b": [2]}))
    part = encode_frame(pd.DataFrame({"b": [1], "c": [2], "d": [3]}))
    message = "the frame lacks column 'a' of the grid and has columns 'c', 'd' that the grid lacks"
    with pytest.raises(ValidationError, match=message) as caught:
        merge_schemas(stored.schema, part)
    assert caught.value.field == "a"
    with pytest.raises(ValidationError, match=message):
        part.rows(["a", "b"])


def test_an_index_that_the_grid_lacks_is_refused_with_what_to_do():
    stored = pd.DataFrame({"x": [1, 2, 3]})
    with pytest.raises(ValidationError, match="has column 'index' that the grid lacks") as caught:
        appended(stored, stored.tail(1))
    assert "index=False" in caught.value.hint


def test_a_schema_of_another_version_is_not_merged():
    table = encode_frame(pd.DataFrame({"x": [1]}))
    with pytest.raises(ValidationError, match="another version"):
        merge_schemas(table.schema | {"version": 99}, table)


@pytest.mark.parametrize(
    ("stored", "more", "dtype", "expected"),
    [
        pytest.param([1, 2], pa.array([3, None], pa.int64()), "Int64", [1, 2, 3, None], id="int"),
        pytest.param([0.5], pa.array([1.5, None]), "float64", [0.5, 1.5, None], id="float"),
        pytest.param([0.5], pa.array([np.nan]), "float64", [0.5, None], id="NaN"),
        pytest.param(
            text("a"), pa.array(["", None], pa.string_view()), TEXT, ["a", "", None], id="text"
        ),
        pytest.param(
            pd.to_datetime(["2020-01-01"]).tz_localize("UTC").as_unit("us"),
            pa.array([dt.datetime(2021, 1, 1)], pa.timestamp("us", "UTC")),
            "datetime64[us, UTC]",
            [pd.Timestamp("2020-01-01", tz="UTC"), pd.Timestamp("2021-01-01", tz="UTC")],
            id="timestamp",
        ),
    ],
)
def test_rows_of_an_arrow_table_fit_a_grid_of_pandas(stored, more, dtype, expected):
    again = appended(pd.DataFrame({"x": stored}), pa.table({"x": more}))["x"]
    assert again.dtype == dtype
    assert [None if pd.isna(value) else value for value in again] == expected


@pytest.mark.parametrize(
    ("stored", "more"),
    [
        pytest.param(pa.array([1, None]), [3], id="int"),
        pytest.param(pa.array([0.5, None]), [1.5, np.inf], id="float"),
        pytest.param(pa.array([0.5, np.nan]), [1.5, np.nan], id="NaN"),
        pytest.param(
            pa.array([dt.date(2020, 1, 1)]), pa.array([None, dt.date(2021, 1, 1)]), id="date"
        ),
        pytest.param(pa.array([0.5, np.inf]), pa.array([np.nan, -np.inf]), id="NaN and infinities"),
        pytest.param(pa.array([0.5, None]), pa.array([1.5]), id="null in one part"),
    ],
)
def test_rows_fit_a_grid_of_arrow_and_get_its_type(stored, more):
    frame = pa.table({"x": more}) if isinstance(more, pa.Array) else pd.DataFrame({"x": more})
    again = pa.array(appended(pa.table({"x": stored}), frame)["x"].array)
    values = (
        more.to_pylist() if isinstance(more, pa.Array) else [None if v is None else v for v in more]
    )
    assert again.type == stored.type
    assert repr(again.to_pylist()) == repr(stored.to_pylist() + values)


def test_text_fits_a_grid_of_arrow_and_gets_its_type():
    stored = pa.table({"x": pa.array(["a"], pa.large_string())})
    again = pa.array(appended(stored, pd.DataFrame({"x": text("", None)}))["x"].array)
    assert again.equals(pa.array(["a", "", None], pa.large_string()))


@pytest.mark.parametrize(
    ("stored", "more"),
    [
        pytest.param([1], pa.array([1], pa.int8()), id="another width"),
        pytest.param(pa.array([1], pa.int8()), pa.array([1], pa.int64()), id="both of Arrow"),
        pytest.param(pa.array([None, 0.5]), pa.array([np.nan]), id="null, then NaN"),
        pytest.param(pd.array([0.5], dtype="Float64"), pa.array([np.nan]), id="NA, then NaN"),
        pytest.param(pa.array([dt.date(2020, 1, 1)]), ["2020-01-01"], id="text for dates"),
    ],
)
def test_types_of_arrow_that_would_change_a_value_are_refused(stored, more):
    frames = [
        pa.table({"x": column}) if isinstance(column, pa.Array) else pd.DataFrame({"x": column})
        for column in (stored, more)
    ]
    with pytest.raises(ValidationError, match="column 'x' holds") as caught:
        appended(*frames)
    ours, _, theirs = caught.value.message.partition(" in the grid and ")
    assert ours.partition(" holds ")[2] != theirs.partition(" in the frame")[0]
