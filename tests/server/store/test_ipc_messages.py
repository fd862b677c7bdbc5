"""Columns that were packed one by one are put together as Arrow itself would have."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.columns import wire
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.ipc_messages import END, joined

from .test_grid_model import arrays


def together(columns: list[pa.Array]) -> pa.RecordBatch:
    """Join columns, and read what came of it as any client does."""
    message = joined(Chunk.of_array(column).data for column in columns)
    schema = pa.schema([(str(place), column.type) for place, column in enumerate(columns)])
    stream = schema.serialize().to_pybytes() + message + END
    with pa.ipc.open_stream(stream) as reader:
        (found,) = list(reader)
    found.validate(full=True)
    return found


@given(st.lists(arrays(), min_size=1, max_size=5))
def test_columns_of_any_types_are_joined_without_a_value_changing(columns):
    rows = max(map(len, columns))
    columns = [
        pa.concat_arrays([column, pa.nulls(rows - len(column), column.type)]) for column in columns
    ]
    found = together(columns)
    for ours, theirs in zip(found.columns, columns, strict=True):
        assert ours.type == theirs.type
        assert wire.to_json(ours) == wire.to_json(theirs)


@pytest.mark.parametrize(
    "columns",
    [
        [pa.nulls(3)],
        [pa.nulls(0, pa.string()), pa.nulls(0)],
        [pa.array([1, 2, 3, 4])[1:3], pa.array(["a", None, "", "d"])[2:]],
        [pa.array(range(16_384)), wire.from_values([1, "a"] * 8_192), pa.array([None] * 16_384)],
    ],
)
def test_no_values_none_at_all_and_parts_of_arrays_are_joined_too(columns):
    found = together(columns)
    assert found.num_rows == len(columns[0])
    for ours, theirs in zip(found.columns, columns, strict=True):
        assert wire.to_json(ours) == wire.to_json(theirs)
