"""A column of a DataFrame of Dask holds what pandas would make of all its partitions."""

from __future__ import annotations

import dask
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from plotly_nbext.errors import ValidationError

from .dask_cluster import made


def push_parts(client, *parts: pd.DataFrame, meta: pd.DataFrame | None = None, **options):
    """Push partitions as they are, and read them as pandas."""

    def partition(number: int) -> pd.DataFrame:
        return parts[number]

    with dask.config.set(scheduler="synchronous"):
        frame = made(partition, len(parts), parts[0] if meta is None else meta)
        return client.push(frame, "parts", **options).to_frame()


def column(values, dtype=None) -> pd.DataFrame:
    return pd.DataFrame({"x": pd.Series(values, dtype=dtype)})


MIXED = {
    "integers, then text": [column([1, 2]), column(["a", "b"])],
    "integers, then some missing": [column([1, 2]), column([1.5, np.nan])],
    "objects of several types": [
        column([1, None], object),
        column(["a", np.nan], object),
        column([{"b": [1]}], object),
    ],
    "categories that differ": [column(["a", "b"], "category"), column(["c", "a"], "category")],
    "nothing but missing values": [column([None, None], object), column(["a"], object)],
    "narrow and wide integers": [column([1], "int8"), column([2**40])],
    "text of Arrow": [column(["a"], "string[pyarrow]"), column([None], "string[pyarrow]")],
    "infinities": [column([1.0, np.inf]), column([-np.inf, np.nan])],
    "dates of one zone": [
        column(pd.date_range("2020", periods=2, tz="Europe/Paris")),
        column(pd.date_range("2021", periods=1, tz="Europe/Paris")),
    ],
    "partitions without rows": [column([], float), column(["a"], "str"), column([], object)],
}


@pytest.mark.parametrize("parts", MIXED.values(), ids=MIXED)
def test_a_column_holds_what_pandas_makes_of_all_its_partitions(client, parts):
    if parts[0]["x"].dtype == "category":
        values = pd.api.types.union_categoricals([part["x"] for part in parts])
        expected = pd.DataFrame({"x": values})
    else:
        expected = pd.concat([part for part in parts if len(part)], ignore_index=True)
    found = push_parts(client, *parts)
    assert_frame_equal(found, expected)


def test_the_dtype_that_dask_announces_holds_where_a_partition_is_narrower(client):
    found = push_parts(client, column([1, 2]), column([0.5]), meta=column([0.5]))
    assert_frame_equal(found, column([1.0, 2.0, 0.5]))
    found = push_parts(client, column([1, 2]), column(["a"]), meta=column([], object))
    assert_frame_equal(found, column([1, 2, "a"], object))


def test_a_boolean_stays_one_beside_numbers(client):
    found = push_parts(client, column([True]), column([2]))
    assert found["x"].tolist() == [True, 2]
    assert type(found["x"][0]) is bool


def test_what_no_type_holds_is_refused_with_its_partition(client):
    parts = [column(pd.date_range("2020", periods=1)), column([1.5])]
    with pytest.raises(ValidationError, match="Partition 1 does not fit"):
        push_parts(client, *parts)
    with pytest.raises(ValidationError, match=r"Partition 2 does not fit.*has column 'y'"):
        push_parts(client, column([1]), column([2]), column([3]).rename(columns={"x": "y"}))


def test_a_frame_without_rows_is_a_grid_without_rows(client):
    nothing = column([], "int64")
    assert_frame_equal(push_parts(client, nothing, nothing), nothing)
    assert_frame_equal(push_parts(client, nothing, nothing, mode="append"), nothing)
    filled = push_parts(client, nothing, column([1]), nothing, mode="append")
    assert_frame_equal(filled, column([1]))


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        ([range(2), range(2)], False),
        ([range(2), range(2, 4)], False),
        ([[0, 1], [1, 0]], True),
        ([[5, 6], [7, 8]], True),
        ([["a", "b"], ["c", "d"]], True),
    ],
)
def test_labels_are_kept_where_they_say_more_than_the_place(client, labels, kept):
    parts = [pd.DataFrame({"index": [1, 2]}, index=each) for each in labels]
    found = push_parts(client, *parts)
    whole = pd.concat(parts)
    assert_frame_equal(
        found, whole if kept else whole.reset_index(drop=True), check_index_type=False
    )
    assert_frame_equal(push_parts(client, *parts, index=True), whole, check_index_type=False)
    plain = push_parts(client, *parts, index=False)
    assert_frame_equal(plain, whole.reset_index(drop=True))


def test_a_named_index_is_kept_and_appended_to(client):
    parts = [pd.DataFrame({"x": [n]}, index=pd.Index([n], name="id")) for n in range(3)]
    whole = pd.concat(parts)
    assert_frame_equal(push_parts(client, *parts), whole)
    assert_frame_equal(push_parts(client, *parts, mode="append"), pd.concat([whole, whole]))


def test_rows_are_appended_to_the_types_that_are_there(client):
    client.push(column([0.5]), "parts")
    found = push_parts(client, column([0.1], "float32"), column([0.2], "float32"), mode="append")
    # of the digits that a narrow float is written with
    assert_frame_equal(found, column([0.5, 0.1, 0.2]), rtol=1e-6)
    with pytest.raises(ValidationError, match="Partition 1 does not fit"):
        push_parts(client, column([1.5]), column(["a"]), mode="append")
    assert_frame_equal(client.pull("parts"), found)
