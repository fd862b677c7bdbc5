"""A column as Arrow and as JSON: the same values in both."""

from __future__ import annotations

import json as standard_json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import json, wire
from plotly_nbext.errors import ValidationError

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.booleans() | st.integers() | FLOATS | st.text()
ONE_KIND = [
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 2**64 - 1),
    FLOATS,
    st.text(),
]
CELLS = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
COLUMNS = st.one_of(*(st.lists(kind | st.none(), max_size=8) for kind in [*ONE_KIND, CELLS]))
TYPES = [
    *(pa.null(), pa.bool_(), pa.int8(), pa.int64(), pa.uint64(), pa.float16(), pa.float32()),
    *(pa.float64(), pa.string(), wire.JSON),
    *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")),
    *(pa.timestamp(unit, "Europe/Berlin") for unit in ("s", "ns")),
    pa.timestamp("us", "-03:30"),
]


def exactly(values):
    """Say what == does not: 1 is not True or 1.0, -0.0 is not 0.0."""
    return [repr(value) for value in values]


def arrays():
    """Arrays of any type for the wire, and what may come before them in the same buffers."""
    values = st.integers(-(2**62), 2**62)
    by_type = {
        pa.null(): st.none(),
        pa.bool_(): st.booleans(),
        pa.int8(): st.integers(-128, 127),
        pa.uint64(): st.integers(0, 2**64 - 1),
        pa.float16(): st.floats(width=16, allow_nan=False, allow_infinity=False),
        pa.float32(): st.floats(width=32, allow_nan=False, allow_infinity=False),
        pa.float64(): FLOATS,
        pa.string(): st.text(),
    }
    return st.sampled_from(TYPES).flatmap(
        lambda kind: st.tuples(
            st.lists(by_type.get(kind, values) | st.none(), max_size=6), st.integers(0, 3)
        ).map(lambda made: array_of(made[0], kind)[made[1] :])
    )


def array_of(values, kind):
    return (
        wire.cast(pa.array(values, pa.int64()), kind)
        if kind == wire.JSON
        else pa.array(values, kind)
    )


@settings(max_examples=150, deadline=None)
@given(COLUMNS)
def test_json_values_come_back_from_the_narrowest_type(values):
    array = wire.from_values(values)
    array.validate(full=True)
    assert wire.is_wire_type(array.type)
    assert exactly(wire.to_values(array)) == exactly(values)
    assert wire.to_json(array) == json.dumps(values)


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_a_float_of_any_size_is_spelled_as_the_double_that_it_is_read_as(kind):
    sizes = np.array([1.2345678e-9, 1e-6, 1.5e-6, 9.9e-6, 1e-5, 0.1, 9e12, 1e13, 2e15, 1e16, 3e38])
    with np.errstate(over="ignore"):
        data = np.concatenate([sizes, -sizes]).astype(kind.to_pandas_dtype())
    for array in (pa.array(data[np.isfinite(data)]), pa.array([0.1, 1.5, None], kind)):
        for part in (array, *(array[row : row + 1] for row in range(len(array)))):
            assert wire.to_json(part) == json.dumps(wire.to_values(part))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], pa.null()),
        ([None, None], pa.null()),
        ([True, None], pa.bool_()),
        ([1, None], pa.int64()),
        ([2**64 - 1, 0], pa.uint64()),
        ([2**64 - 1, -1], wire.JSON),
        ([2**64], wire.JSON),
        ([0.5, None], pa.float64()),
        ([0.5, 1], wire.JSON),
        ([True, 1], wire.JSON),
        (["", None], pa.string()),
        (["2020-01-01T00:00:00"], pa.string()),
        (["a", 1], wire.JSON),
        ([[1]], wire.JSON),
    ],
)
def test_a_column_gets_the_type_that_keeps_each_value(values, kind):
    assert wire.from_values(values).type == kind


@settings(max_examples=150, deadline=None)
@given(COLUMNS, st.sampled_from(TYPES))
def test_values_that_fit_a_type_are_the_same_in_it_and_others_are_turned_down(values, kind):
    array = wire.fit(values, kind)
    if array is not None:
        assert array.type == kind
        assert exactly(wire.to_values(array)) == exactly(values)
    if kind in {wire.JSON, wire.from_values(values).type}:
        assert array is not None


@settings(max_examples=150, deadline=None)
@given(arrays())
def test_the_json_of_an_array_fits_its_type_again(array):
    values = wire.to_values(array)
    again = wire.fit(values, array.type)
    assert again.equals(array)
    assert wire.to_json(array) == wire.to_json(again) == json.dumps(values)
    as_json = wire.cast(array, wire.JSON)
    assert as_json.null_count == array.null_count
    assert wire.to_json(as_json) == json.dumps(values)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2020-01-02", pa.timestamp("us")),
        ("2020-01-02T00:00:00Z", pa.timestamp("us", "UTC")),
        ("2020-01-02T00:00:00+01:00", pa.timestamp("us")),
        ("2020-01-02T00:00:00", pa.timestamp("us", "UTC")),
        ("2020-01-02T00:00:00.1234567", pa.timestamp("us")),
        ("2020-01-02T00:00:00.000001", pa.timestamp("ms")),
        ("3000-01-01T00:00:00", pa.timestamp("ns")),
        ("now", pa.timestamp("s")),
        ("NaT", pa.timestamp("s")),
        ("", pa.timestamp("s")),
    ],
)
def test_text_that_would_be_written_otherwise_is_no_timestamp(text, kind):
    assert wire.fit([text], kind) is None


@settings(max_examples=100, deadline=None)
@given(st.lists(arrays(), min_size=1, max_size=3))
def test_columns_of_different_types_have_a_common_one_that_changes_no_value(parts):
    kind = wire.common_type(part.type for part in parts)
    assert wire.is_wire_type(kind)
    for part in parts:
        cast = wire.cast(part, kind)
        assert cast.type == kind
        assert exactly(wire.to_values(cast)) == exactly(wire.to_values(part))


@pytest.mark.parametrize(
    ("kinds", "common"),
    [
        ([], pa.null()),
        ([pa.null(), pa.int8()], pa.int8()),
        ([pa.int8(), pa.uint8()], pa.int16()),
        ([pa.uint8(), pa.uint32()], pa.uint32()),
        ([pa.int8(), pa.uint64()], wire.JSON),
        ([pa.float32(), pa.float64()], pa.float64()),
        ([pa.int64(), pa.float64()], wire.JSON),
        ([pa.timestamp("s"), pa.string()], pa.string()),
        ([pa.timestamp("s"), pa.timestamp("s", "UTC")], pa.string()),
        ([pa.bool_(), pa.int8()], wire.JSON),
    ],
)
def test_the_common_type_is_the_narrowest_that_holds_all(kinds, common):
    assert wire.common_type(kinds) == common


def test_a_cast_that_would_change_a_value_is_refused():
    with pytest.raises(ValueError, match="can't be"):
        wire.cast(pa.array(["a"]), pa.int64())


def test_a_long_column_is_written_whole():
    count = 150_000
    for array in (pa.array(range(count)), pa.array([f"{i}" for i in range(count)])):
        assert json.loads(wire.to_json(array)) == array.to_pylist()


def test_text_with_and_without_escapes_is_json():
    for text in ('"', "\\", "\x00", "\x1f", "\x7f", " ", "é😀\u2028", "", "null"):
        for values in ([text], [None, text]):
            assert json.loads(wire.to_json(pa.array(values))) == values
            assert wire.to_json(pa.array(values)) == json.dumps(values)


@pytest.mark.parametrize("values", [["\ud800"], [1, "\udfff"], [["\ud800"]], [{"\ud800": 1}]])
def test_half_a_surrogate_pair_is_refused(values):
    for make in (wire.from_values, lambda values: wire.fit(values, wire.JSON)):
        with pytest.raises(ValueError, match="half a surrogate pair"):
            make(values)


@pytest.mark.parametrize(
    "kind",
    [
        *(pa.large_string(), pa.string_view(), pa.binary(), pa.date32(), pa.time64("us")),
        *(pa.duration("s"), pa.decimal128(5), pa.list_(pa.int8()), pa.struct({"a": pa.int8()})),
        *(pa.dictionary(pa.int8(), pa.string()), pa.json_(pa.large_string())),
        *(pa.timestamp("s", "Mars/Crater"), pa.timestamp("s", "+99:00")),
        *(pa.timestamp("s", "../UTC"), pa.timestamp("s", "+05:30:15"), pa.uuid()),
    ],
    ids=str,
)
def test_other_types_are_refused_by_the_name_of_the_column(kind):
    with pytest.raises(ValidationError, match="column 'my column' is of the Arrow type") as caught:
        wire.check_schema(pa.schema({"fine": pa.int8(), "my column": kind}))
    assert caught.value.field == "my column"


def test_all_types_for_the_wire_pass():
    wire.check_schema(pa.schema({str(kind): kind for kind in TYPES}))


def json_array(*texts):
    return pa.ExtensionArray.from_storage(wire.JSON, pa.array(texts, pa.string()))


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(json_array("[1", "2]", "3,4"), id="cells that are JSON only together"),
        pytest.param(json_array("[1,\n", "2]", "3\n4"), id="lines that are JSON only together"),
        pytest.param(json_array("1,2"), id="two values in a cell"),
        pytest.param(json_array("{}}"), id="one bracket too many"),
        pytest.param(json_array(""), id="nothing"),
        pytest.param(json_array('"\\ud800"'), id="half a surrogate pair"),
        pytest.param(json_array("1e999"), id="a number beyond all"),
        pytest.param(json_array("[" * 199 + "]" * 199), id="too deep"),
        pytest.param(
            pa.StringArray.from_buffers(
                1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")
            ),
            id="no UTF-8",
        ),
        pytest.param(
            pa.StringArray.from_buffers(2, pa.py_buffer(np.int32([0, 9, 1])), pa.py_buffer(b"a")),
            id="an offset beyond the text",
        ),
    ],
)
def test_what_a_forged_stream_may_hold_is_refused(array):
    with pytest.raises(ValidationError, match="column 'x': ") as caught:
        wire.checked("x", array)
    assert caught.value.field == "x"


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_json_of_other_programs_is_written_as_ours(values):
    ours = wire.fit(values, wire.JSON)
    assert wire.checked("x", ours).equals(ours)
    # spaces, lines and escapes
    theirs = json_array(*(standard_json.dumps(value, indent=1) for value in values))
    again = wire.checked("x", theirs)
    assert exactly(wire.to_values(again)) == exactly(values)
    assert again.equals(ours)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_nan_and_infinities_of_others_are_null(dtype):
    array = pa.array(np.array([1.5, np.nan, np.inf, -np.inf], dtype))
    again = wire.checked("x", array)
    assert again.type == array.type
    assert again.to_pylist() == [1.5, None, None, None]
    assert wire.to_json(array) == wire.to_json(again) == b"[1.5,null,null,null]"
