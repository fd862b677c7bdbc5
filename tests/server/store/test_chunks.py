"""A chunk gives back what was packed, in whichever form it is asked for."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.columns import json, wire
from plotly_nbext.server.store.chunks import Chunk, json_bytes, pack, type_named

from .test_grid_model import arrays, exact, json_values

places = st.tuples(st.integers(0, 50), st.none() | st.integers(0, 50))
not_empty = st.lists(json_values, min_size=1, max_size=30)


@given(st.one_of(arrays(), st.lists(json_values, max_size=30)), places)
def test_a_part_of_a_chunk_is_that_part_of_what_was_packed(values, place):
    start, stop = place
    chunk = pack(values)
    expected = wire.to_values(values) if isinstance(values, pa.Array) else values
    assert chunk.length == len(expected)
    assert exact(chunk.values(start, stop)) == exact(expected[start:stop])
    assert exact(json.loads(chunk.json(start, stop))) == exact(expected[start:stop])
    part = chunk.array(start, stop)
    assert part.type == type_named(chunk.type)
    assert exact(wire.to_values(part)) == exact(expected[start:stop])
    assert [each.data for each in chunk.cut([(0, chunk.length)])] == [chunk.data]


NASTY = [
    *("a,b", '"', "\\", '\\"', '\\\\",', "[", "}", "null", "", "\n"),
    *(None, True, 4444, -0.0, [], {}, [[None, ","], {"]": "["}], {"a\\": {'b"': [1, 2]}}),
]


@pytest.mark.parametrize("shift", range(len(NASTY)))
def test_cells_are_told_apart_whatever_is_in_them(shift):
    values = NASTY[shift:] + NASTY[:shift]
    for chunk in (pack(values), pack(wire.from_values(values))):
        for place, value in enumerate(values):
            assert exact(chunk.values(place, place + 1)) == exact([value])
        cells = chunk.array()
        cells.validate(full=True)
        assert cells.equals(wire.from_values(values))
        assert cells.null_count == 1


def test_what_came_as_arrow_is_kept_and_given_as_it_is():
    for array in (pa.array([1.5, None]), wire.from_values([1, "a", {"b": None}])):
        chunk = pack(array)
        assert chunk.packed(array.type) is chunk.data
    assert chunk.type != pack([1, "a"]).type


@pytest.mark.parametrize(
    ("values", "kind"), [(pa.array([1, None], pa.int8()), pa.int64()), ([1, "a"], wire.JSON)]
)
def test_a_chunk_is_packed_anew_as_another_type(values, kind):
    chunk = pack(values)
    with pa.ipc.open_stream(chunk.packed(kind)) as stream:
        (batch,) = list(stream)
    assert batch.schema.types == [kind]
    assert exact(wire.to_values(batch.column(0))) == exact(chunk.values())


@given(st.one_of(arrays(), not_empty), st.one_of(arrays(), not_empty))
def test_chunks_are_joined_without_a_value_changing(first, second):
    if not len(first) or not len(second):
        return
    joined = pack(first).joined(second)
    plain = [value for part in (first, second) for value in pack(part).values()]
    assert joined.length == len(plain)
    assert exact(joined.values()) == exact(plain)


@pytest.mark.parametrize(
    ("kind", "added", "becomes"),
    [
        (pa.int8(), [1, None], pa.int8()),
        (pa.int8(), [1000], wire.JSON),
        (pa.float64(), [0.5], pa.float64()),
        (pa.float64(), [1], wire.JSON),
        (pa.timestamp("us"), ["2020-01-01T00:00:00"], pa.timestamp("us")),
        (pa.timestamp("us"), ["yesterday"], wire.JSON),
        (pa.string(), ["a"], pa.string()),
        (pa.int8(), pa.array([1000], pa.int64()), pa.int64()),
        (pa.int8(), pa.nulls(1), pa.int8()),
        (pa.int8(), pa.array(["a"]), wire.JSON),
    ],
)
def test_a_chunk_keeps_its_type_where_what_is_added_has_it_too(kind, added, becomes):
    joined = Chunk.of_array(pa.nulls(3, kind)).joined(added)
    assert type_named(joined.type) == becomes


@pytest.mark.parametrize(
    "kind", [pa.float16(), pa.timestamp("ns"), pa.timestamp("s", "America/New_York"), wire.JSON]
)
def test_the_type_of_a_chunk_is_known_by_its_name(kind):
    assert type_named(pack(wire.fit([None], kind)).type) == kind


def test_the_length_of_the_json_text_is_about_known():
    for array in (
        pa.array([0.1 * number for number in range(1000)]),
        pa.array(range(10**6, 10**6 + 1000)),
        pa.array(["text"] * 1000),
        pa.array([1_600_000_000_000_001] * 1000, pa.timestamp("us", "Europe/Berlin")),
        pa.array([True] * 1000),
        wire.fit([{"a": 1}] * 1000, wire.JSON),
    ):
        chunk = pack(array)
        length = len(chunk.json())
        assert 0.5 * length <= json_bytes(chunk.type, chunk.length, chunk.size) <= 3 * length
