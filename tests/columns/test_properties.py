"""Hypothesis looks for a value that changes on the way through a grid."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import decode_frame, encode_frame, json, moments, wire

INT64 = st.integers(-(2**63) + 1, 2**63 - 1)  # the least stands for NaT
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def rows(elements, *, missing=True):
    return st.lists(elements | st.none() if missing else elements, max_size=6)


def numpy(dtype, elements):
    return rows(elements, missing=False).map(
        lambda values: pd.Series(np.array(values, dtype=dtype))
    )


def ticks(dtype):
    as_text = rows(INT64).map(lambda values: ["NaT" if v is None else v for v in values])
    return as_text.map(lambda values: pd.Series(np.array(values, dtype=dtype)))


def nullable(dtype, elements):
    return rows(elements).map(lambda values: pd.Series(pd.array(values, dtype=dtype)))


def python(elements, *, missing=True):
    return rows(elements, missing=missing).map(lambda values: pd.Series(values, dtype=object))


def aware(unit):
    # years that Python's datetime knows, which pandas' time zones need
    seconds = st.integers(-62_000_000_000, 250_000_000_000)
    if unit == "ns":
        stamps = INT64.map(lambda n: np.datetime64(n, "ns"))
    else:
        stamps = st.tuples(seconds, st.integers(0, 10**6 - 1)).map(
            lambda pair: np.datetime64(pair[0] * 10**6 + pair[1], "us")
        )
    series = rows(stamps).map(
        lambda values: pd.Series(
            np.array(
                [np.datetime64("NaT", unit) if v is None else v for v in values],
                dtype=f"M8[{unit}]",
            )
        )
    )
    return st.tuples(series, st.sampled_from(ZONES)).map(
        lambda pair: pair[0].dt.tz_localize("UTC").dt.tz_convert(pair[1])
    )


def categories():
    words = st.lists(st.text(max_size=3), min_size=1, max_size=4, unique=True)
    return words.flatmap(
        lambda values: st.tuples(
            st.lists(st.sampled_from(values) | st.none(), max_size=6), st.booleans()
        ).map(lambda pair: pd.Series(pd.Categorical(pair[0], categories=values, ordered=pair[1])))
    )


DECIMALS = st.floats(allow_nan=False).map(repr).map(Decimal) | st.decimals(
    -(10**9), 10**9, places=2
)

COLUMNS = {
    "float64": numpy("f8", st.floats()),
    "float32": numpy("f4", st.floats(width=32)),
    "float16": numpy("f2", st.floats(width=16)),
    "int64": numpy("i8", st.integers(-(2**63), 2**63 - 1)),
    "uint64": numpy("u8", st.integers(0, 2**64 - 1)),
    "int8": numpy("i1", st.integers(-128, 127)),
    "bool": numpy(bool, st.booleans()),
    "Int64": nullable("Int64", st.integers(-(2**63), 2**63 - 1)),
    "UInt64": nullable("UInt64", st.integers(0, 2**64 - 1)),
    "Float64": nullable("Float64", st.floats(allow_nan=False)),
    "Float32": nullable("Float32", st.floats(width=32, allow_nan=False)),
    "boolean": nullable("boolean", st.booleans()),
    "string": nullable("string", st.text()),
    "str": rows(st.text()).map(lambda values: pd.Series(values, dtype=pd.Series(["a"]).dtype)),
    "category": categories(),
    **{f"datetime64[{unit}]": ticks(f"M8[{unit}]") for unit in ("s", "ms", "us", "ns")},
    **{f"timedelta64[{unit}]": ticks(f"m8[{unit}]") for unit in ("s", "ms", "us", "ns")},
    **{f"datetime64[{unit}, zone]": aware(unit) for unit in ("s", "ms", "us", "ns")},
    "objects, JSON": python(JSON_VALUES),
    "objects, infinite floats": python(st.floats(allow_nan=False) | st.text(max_size=3)),
    "objects, date": python(st.dates()),
    "objects, time": python(st.times()),
    "objects, datetime": python(st.datetimes()),
    "objects, datetime with a zone": python(
        st.datetimes(
            min_value=dt.datetime(2, 1, 1),
            max_value=dt.datetime(9998, 1, 1),
            timezones=st.just(zoneinfo.ZoneInfo("America/New_York")),
            allow_imaginary=False,
        )
    ),
    "objects, timedelta": python(st.timedeltas()),
    "objects, Decimal": python(DECIMALS),
}
"""Each dtype, with a strategy for its columns."""


@pytest.mark.parametrize("dtype", COLUMNS)
def test_no_value_of_any_dtype_changes(through_grid, assert_same, dtype):
    @settings(max_examples=25, deadline=None)
    @given(COLUMNS[dtype], st.integers(0, 6))
    def check(column, cut):
        frame = pd.DataFrame({"x": column})
        assert_same(through_grid(frame), frame)
        # pandas keeps some that were put together in pieces
        frame = pd.DataFrame({"x": pd.concat([column[:cut], column[cut:]])})
        assert_same(through_grid(frame), frame)

    check()


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
LABELS = (
    st.text(LETTERS, max_size=3)
    | st.integers(-3, 3)
    | st.none()
    | st.booleans()
    | st.floats(-2, 2)
    | st.dates().map(pd.Timestamp)
    | st.tuples(st.text(LETTERS, max_size=1), st.integers(0, 1))
)


@settings(max_examples=25, deadline=None)
@given(st.lists(LABELS, max_size=6), st.text(LETTERS, max_size=2) | st.none())
def test_no_labels_change(through_grid, assert_same, labels, name):
    columns = pd.Index(labels, dtype=object, tupleize_cols=False, name=name)
    frame = pd.DataFrame(np.zeros((1, len(labels)), dtype=int), columns=columns)
    again = through_grid(frame)
    assert_same(again, frame)
    assert list(map(type, again.columns)) == list(map(type, frame.columns))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.text(LETTERS, max_size=2), st.integers(0, 2)), min_size=1, max_size=5),
    st.lists(st.sampled_from(["a", "index", "level_0", "x", None]), min_size=2, max_size=2),
)
def test_no_multiindex_changes(through_grid, assert_same, tuples, names):
    index = pd.MultiIndex.from_tuples(tuples, names=names)
    frame = pd.DataFrame({"x": range(len(tuples)), "index": 1.5}, index=index)
    assert_same(through_grid(frame), frame)
    transposed = frame.T
    assert_same(through_grid(transposed), transposed)


FORMS = {
    "json": list,
    "arrow": wire.from_values,
    "arrow.json": lambda values: wire.fit(values, wire.JSON),
}
FOREIGN = st.lists(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.lists(st.integers(), max_size=2),
    max_size=6,
)


def _as_json(series):
    """Say what a client that reads a frame's column sees, with null for what is missing."""
    return [None if not isinstance(v, list) and pd.isna(v) else v for v in series.astype(object)]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@settings(max_examples=150, deadline=None)
@given(values=FOREIGN)
def test_values_without_a_schema_are_never_changed(form, values):
    again = _as_json(decode_frame([("x", form(values))], None)["x"])
    assert again == values
    # an integer may come back as the float that is equal to it, a boolean is never a number
    assert [isinstance(v, bool) for v in again] == [isinstance(v, bool) for v in values]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@settings(max_examples=150, deadline=None)
@given(data=st.data(), dtype=st.sampled_from(sorted(COLUMNS)), values=FOREIGN)
def test_values_that_no_longer_fit_the_schema_are_never_changed(form, data, dtype, values):
    column = data.draw(COLUMNS[dtype])
    schema = encode_frame(pd.DataFrame({"x": column}), index=False).schema
    (again,) = encode_frame(decode_frame([("x", form(values))], schema), index=False).columns
    assert json.loads(again.data) == values


@settings(max_examples=100, deadline=None)
@given(data=st.data(), kinds=st.tuples(*[st.sampled_from(sorted(COLUMNS))] * 2))
def test_a_column_of_another_type_than_the_schema_says_is_never_changed(data, kinds):
    stored, sent = (
        encode_frame(pd.DataFrame({"x": data.draw(COLUMNS[kind])}), index=False) for kind in kinds
    )
    (column,) = sent.columns
    (again,) = encode_frame(decode_frame([("x", column.array)], stored.schema), index=False).columns
    values = zip(wire.to_values(again.array), wire.to_values(column.array), strict=True)
    # a moment may come back in the zone of the schema
    assert all(ours == theirs or moments.same(ours, theirs) for ours, theirs in values)
