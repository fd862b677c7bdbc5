"""Parquet: the types of a file come back with its values."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from plotly_nbext.columns import decode_arrow, decode_frame
from plotly_nbext.columns.parts import MAX_ROWS

NAN, INF = float("nan"), float("inf")
TABLE = pa.table(
    {
        "n8": pa.array([1, None, -3], pa.int8()),
        "u64": pa.array([2**64 - 1, 0, None], pa.uint64()),
        "f32": pa.array([0.1, None, 1e30], pa.float32()),
        "odd": pa.array([NAN, None, -INF]),
        "all nan": pa.array([NAN, 1.5, INF]),
        "flag": pa.array([True, None, False]),
        "text": pa.array(["é", None, ""]),
        "large": pa.array(["é", None, ""], pa.large_string()),
        "kind": pa.array(["b", None, "a"]).dictionary_encode(),
        "day": pa.array([dt.date(2026, 1, 2), None, dt.date(1, 1, 1)]),
        "time": pa.array([dt.time(1, 2, 3), None, dt.time(0)], pa.time64("us")),
        "at": pa.array([1, None, -1], pa.timestamp("ns")),
        "there": pa.array([1, None, -1], pa.timestamp("ms", "Europe/Berlin")),
        "lasts": pa.array([1, None, -1], pa.duration("us")),
        "money": pa.array([Decimal("1.50"), None, Decimal("-0.25")], pa.decimal128(9, 2)),
        "list": pa.array([[1, None], [], None], pa.list_(pa.int32())),
        "parts": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": None}]),
        "none": pa.nulls(3),
    }
)


def saved(table: pa.Table, **options) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, **options)
    return buffer.getvalue()


def pulled(api, fid: str) -> tuple[list, dict | None]:
    """Give the columns of a grid, and what is known of their types."""
    return [*api.table(fid).items()], api.meta(fid)["metadata"].get("plotly_nbext")


def uploaded(api, table: pa.Table, **options) -> pa.Table:
    return decode_arrow(
        *pulled(api, api.upload(saved(table, **options), "t.parquet")["file"]["fid"])
    )


def assert_same(seen: pa.Table, table: pa.Table) -> None:
    assert seen.schema == table.schema
    # repr, since NaN is not NaN
    assert [repr(column) for column in seen.to_pydict().values()] == [
        repr(column) for column in table.to_pydict().values()
    ]


def test_each_type_comes_back(api):
    assert_same(uploaded(api, TABLE), TABLE)


def test_the_types_of_an_empty_table_come_back(api):
    assert_same(uploaded(api, TABLE[:0]), TABLE[:0])


def test_what_is_null_or_nan_is_told_apart_wherever_the_file_is_cut(api):
    rows = 40_000
    late = {
        "null late": [NAN] * (rows - 1) + [None],
        "nan late": [None] + [1.0] * (rows - 2) + [NAN],
        "nan": [1.5] * (rows - 1) + [NAN],
        "inf": [-INF] + [None] * (rows - 2) + [INF],
    }
    table = pa.table(late)
    assert_same(uploaded(api, table, row_group_size=7_001), table)


def test_more_nan_beside_null_than_anyone_keeps_are_null_and_told(api):
    many = pa.array([NAN] * (MAX_ROWS + 1) + [None], pa.float64())
    answer = api.upload(saved(pa.table({"x": many, "y": range(len(many))})), "t.parquet")
    [warning] = answer["warnings"]
    assert "'x'" in warning
    seen = decode_arrow(*pulled(api, answer["file"]["fid"]))
    assert seen["x"].null_count == len(many)
    assert seen["y"].equals(pa.chunked_array([pa.array(range(len(many)))]))


def test_columns_of_one_name_come_back_under_it(api):
    table = pa.table([pa.array([1]), pa.array([2.5], pa.float32())], ["a", "a"])
    frame = decode_frame(*pulled(api, api.upload(saved(table), "t.parquet")["file"]["fid"]))
    assert [*frame.columns] == ["a", "a"]
    assert [str(dtype) for dtype in frame.dtypes] == ["int64[pyarrow]", "float[pyarrow]"]


def test_each_table_of_an_archive_keeps_its_own_types(api):
    from .conftest import archive

    day = pa.table({"day": TABLE["day"]})
    folder = api.upload(archive(**{"a.parquet": saved(day), "b.csv": b"day\n1\n"}), "all.zip")
    inside = api.names(folder["file"]["fid"])
    assert_same(decode_arrow(*pulled(api, inside["a.parquet"]["fid"])), day)
    assert pulled(api, inside["b.csv"]["fid"]) == ([("day", [1])], None)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.array([b"\xff"]), "row 20000: b'\\xff' (bytes)"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "map"),
        (pa.array([Decimal("0.12345678901234567890")]), "decimal"),
    ],
)
def test_what_has_no_form_in_json_is_refused_by_its_column(api, column, said):
    rows = pa.concat_arrays([pa.nulls(20_000, column.type), column])
    message = api.not_uploaded(saved(pa.table({"n": range(20_001), "raw": rows})), "t.parquet")
    assert "'raw'" in message
    assert said in message


def test_the_categories_of_pandas_come_back(api):
    frame = pd.DataFrame({"c": pd.Categorical(["b", None, "a"], ["b", "a", "z"], ordered=True)})
    seen = decode_arrow(*pulled(api, api.upload(frame.to_parquet(), "t.parquet")["file"]["fid"]))
    assert seen["c"].to_pylist() == ["b", None, "a"]
    assert pa.types.is_dictionary(seen["c"].type)
