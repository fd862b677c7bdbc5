"""Arrays as columns and back: the very same comes out, whatever it was held in."""

from __future__ import annotations

import base64
import datetime as dt
import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from plotly_nbext.client.linking.arrays import MAX_ROWS, array_of, encoded, taken_apart
from plotly_nbext.errors import ValidationError

KINDS = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes()
    | hnp.floating_dtypes(sizes=(16, 32, 64))
    | hnp.datetime64_dtypes(max_period="D", min_period="ns")
    | hnp.unicode_string_dtypes(min_len=1, max_len=5)
)


def through_a_grid(value):
    """Write the columns of an array as JSON, and read them back."""
    columns, specs = [], {}
    for place, (values, container) in enumerate(taken_apart(value)):
        name = f"column {place}"
        column, specs[name] = encoded(values, container, name)
        columns.append((name, json.loads(column.data)))
    schema = {"version": 1, "row_count": 0, "columns": specs, "labels": LABELS}
    return array_of(columns, schema)


LABELS = {"levels": [{"dtype": "str"}], "names": [None]}


def same(array, other) -> bool:
    assert type(array) is type(other)
    if isinstance(array, pd.Series):
        pd.testing.assert_series_equal(array, other, check_names=False)
        return True
    if isinstance(array, np.ndarray):
        assert array.dtype == other.dtype
        np.testing.assert_array_equal(array, other)
        return True
    return repr(array) == repr(other)


def _writable(array: np.ndarray) -> bool:
    # text that ends in NUL is cut by numpy itself, and half of a surrogate pair is no text
    if array.dtype.kind == "U":
        return all("\0" not in text and text.isprintable() for text in array.ravel().tolist())
    if array.dtype.kind == "M":  # beyond these, pandas has no unit of its own for days
        years = array.astype("M8[Y]").astype(int) + 1970
        return bool(((years > 1700) & (years < 2200)).all())
    return True


@given(hnp.arrays(KINDS, hnp.array_shapes(max_dims=2, min_side=2, max_side=6)))
def test_an_array_of_numpy_keeps_its_type_shape_and_byte_order(array):
    if _writable(array):
        assert same(through_a_grid(array), array)


@given(
    st.lists(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_a_list_of_numbers_and_texts_comes_back_as_it_was(values):
    assert same(through_a_grid(values), values)
    assert same(through_a_grid((*values,)), (*values,))


@pytest.mark.parametrize(
    "value",
    [
        [],
        [dt.date(2026, 1, 2), None],
        [dt.datetime(2026, 1, 2, 3), dt.datetime(2026, 1, 3)],
        [pd.Timestamp("2026-01-02", tz="Europe/Berlin")],
        np.array([], dtype="f4"),
        np.array(["a", None, 3.5], dtype=object),
        np.array(["NaT", "2026-01-02"], dtype="M8[D]"),
        [[1, 2], [3]],
        [["a", "a", "b"], [1, 2, 3]],
        [np.array([1.5, 2]), np.array([3, 4], dtype="i1")],
        pd.Series(["a", "b", None], dtype="category"),
        pd.Series([1, None], dtype="Int64"),
        pd.Series(pd.date_range("2026", periods=2, tz="Asia/Tokyo")),
    ],
    ids=str,
)
def test_other_arrays_come_back_as_they_were(value):
    assert same(through_a_grid(value), value)


def test_a_range_is_a_list_and_an_array_of_another_library_one_of_numpy():
    assert through_a_grid(range(3)) == [0, 1, 2]
    assert same(through_a_grid(pl.Series([1.5, 2.5])), np.array([1.5, 2.5]))
    assert same(through_a_grid(pd.Index(["a", "b"])), pd.Series(["a", "b"]))


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"])
@pytest.mark.parametrize("shape", [None, "2, 3"])
def test_what_plotly_packs_comes_back_packed_byte_for_byte(dtype, shape):
    data = base64.b64encode(np.arange(6).astype(dtype).tobytes()).decode()
    packed = {"dtype": dtype, "bdata": data} | ({"shape": shape} if shape else {})
    assert through_a_grid(packed) == packed


@pytest.mark.parametrize(
    "value",
    [
        np.zeros((2, 2, 3)),
        np.zeros((MAX_ROWS + 1, 2)),
        np.array([1j]),
        np.array([1, 2], dtype="M8[ps]"),
        [1, [2]],
        [[[1, 2], [3, 4]]],
        [{"a": 1}],
        [b"bytes"],
        [dt.date(2026, 1, 2), "x"],
        {"dtype": "f8", "bdata": "no base64"},
        {"dtype": "i1", "bdata": "A!Q=I="},
        np.ma.array([1, 2, 3], mask=[False, True, False]),
        [[1, 2], np.ma.array([3, 4], mask=[False, True])],
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]),
        {"dtype": "f8"},
    ],
    ids=repr,
)
def test_what_would_not_come_back_the_same_is_no_column(value):
    with pytest.raises(ValidationError):
        through_a_grid(value)


@pytest.mark.parametrize("value", [np.zeros((1, 3)), np.zeros((0, 3)), [[1, 2]]], ids=repr)
def test_a_single_row_of_two_dimensions_is_no_column_for_it_would_come_back_as_values(value):
    assert taken_apart(value) == []


def test_a_column_of_another_program_is_the_values_that_it_wrote():
    assert array_of([("x", [1, None, "a"])], None) == [1, None, "a"]


def test_values_that_others_changed_are_not_made_to_fit():
    column, spec = encoded(np.array([1, 2]), "ndarray <i8", "x")
    schema = {"version": 1, "row_count": 2, "columns": {"x": spec}, "labels": LABELS}
    assert array_of([("x", [1, "two"])], schema).tolist() == [1, "two"]
    assert array_of([("x", [1, 2.5, None])], schema).tolist()[:2] == [1, 2.5]
    assert column.name == "x"
