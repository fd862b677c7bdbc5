"""Rows are sorted and filtered by what their values mean."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.notebook.sheet import operations
from plotly_nbext.notebook.sheet.filters import OPERATORS, Filter, condition
from plotly_nbext.notebook.sheet.order import Arrangement, Sort

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.notebook.sheet import Sheet

    MakeSheet = Callable[[pd.DataFrame], Sheet]


def shown(sheet: Sheet, column: int = 0) -> list[str | None]:
    return sheet.texts(0, sheet.draft.shown_rows)[0][column]


def sorted_texts(sheet: Sheet, *, descending: bool = False) -> list[str | None]:
    sheet.arrange(Arrangement((Sort(sheet.draft.columns[0].uid, descending),)))
    return shown(sheet)


def filtered(sheet: Sheet, op: str, value: Any = "") -> list[str | None]:
    sheet.arrange(Arrangement(filters=(Filter(sheet.draft.columns[0].uid, op, value),)))
    return shown(sheet)


ORDERED: dict[str, tuple[Any, list[str]]] = {
    "numbers": ([10, 9, -1], ["-1", "9", "10"]),
    "huge numbers": ([10**30, 5, -(10**30)], [str(-(10**30)), "5", str(10**30)]),
    "texts": (["b", "B", "a"], ["B", "a", "b"]),
    "booleans": ([True, False, True], ["false", "true", "true"]),
    "durations": (
        pd.to_timedelta(["10 days", "9 days", "-1 days"]),
        ["-24:00:00", "216:00:00", "240:00:00"],
    ),
    "categories in order": (
        pd.Categorical(["S", "L", "M"], ["S", "M", "L"], ordered=True),
        ["S", "M", "L"],
    ),
    "categories": (pd.Categorical(["S", "L", "M"], ["S", "M", "L"]), ["L", "M", "S"]),
    "moments in a zone": (
        pd.to_datetime(["2026-10-25 01:30Z", "2026-10-25 00:45Z"]).tz_convert("Europe/Berlin"),
        ["2026-10-25 02:45:00+02:00", "2026-10-25 02:30:00+01:00"],
    ),
    "dates": ([dt.date(2026, 1, 31), dt.date(2025, 12, 1)], ["2025-12-01", "2026-01-31"]),
    "anything": (
        ["b", 10, True, [1], "a b", "a", 9.5, {"x": 1}, False],
        ["9.5", "10", "a", "a b", "b", "false", "true", "[1]", '{"x":1}'],
    ),
}


@pytest.mark.parametrize("name", ORDERED)
def test_values_are_sorted_by_what_they_mean(sheet_of: MakeSheet, name: str) -> None:
    values, expected = ORDERED[name]
    sheet = sheet_of(pd.DataFrame({"a": values}))
    assert sorted_texts(sheet) == expected
    if name != "booleans":
        assert sorted_texts(sheet, descending=True) == expected[::-1]


@pytest.mark.parametrize("dtype", ["int64", "float64", "str", "datetime64[us]", "boolean"])
@pytest.mark.parametrize("descending", [False, True])
def test_of_many_rows_equal_ones_stay_in_their_order_and_nulls_come_last(
    sheet_of: MakeSheet, dtype: str, *, descending: bool
) -> None:
    numbers = np.random.default_rng(6).integers(0, 2 if dtype == "boolean" else 50, 30_000)
    values = pd.Series(numbers).astype(dtype)
    if dtype != "int64":
        values[::7] = None
    sheet = sheet_of(pd.DataFrame({"a": values}))
    sheet.arrange(Arrangement((Sort(sheet.draft.columns[0].uid, descending),)))
    expected = values.sort_values(ascending=not descending, kind="stable", na_position="last")
    assert sheet.draft.ids(0, 30_000).tolist() == expected.index.tolist()


@given(data=st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_of_any_type_are_sorted_by_type_and_size(
    sheet_of: MakeSheet, data: st.DataObject
) -> None:
    numbers = st.integers(-(10**20), 10**20) | st.floats(-1e20, 1e20)
    texts = st.text('ab "\\é', max_size=3)
    values = data.draw(st.lists(st.none() | numbers | texts | st.booleans(), max_size=12))
    sheet = sheet_of(pd.DataFrame({"a": pd.Series([*values, [1]], dtype=object)}))
    sheet.do(operations.delete_rows(sheet.draft, (len(values), len(values) + 1)))
    sheet.arrange(Arrangement((Sort(sheet.draft.columns[0].uid),)))

    def rank(row: int) -> Any:
        value = values[row]
        if value is None:
            return (4,)
        if isinstance(value, bool):
            return 2, value
        return (
            (1, value.replace("\\", "\\\\").replace('"', '\\"'))
            if isinstance(value, str)
            else (0, float(value))
        )

    order = sheet.draft.ids(0, len(values)).tolist()
    assert [rank(row) for row in order] == sorted(map(rank, range(len(values))))


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("=", "2026-02-01", ["2026-02-01 00:00:00"]),
        ("≠", "2026-02-01", ["2026-01-31 00:00:00", None]),
        ("<", "2026-02-01", ["2026-01-31 00:00:00"]),
        ("≥", "2026-01-31 00:00", ["2026-01-31 00:00:00", "2026-02-01 00:00:00"]),
        ("contains", "-02-", ["2026-02-01 00:00:00"]),
        ("is empty", "", [None]),
        ("is not empty", "", ["2026-01-31 00:00:00", "2026-02-01 00:00:00"]),
        ("one of", ["2026-01-31", ""], ["2026-01-31 00:00:00", None]),
        ("one of", [], []),
        ("=", "", [None]),
        ("<", "", []),
    ],
)
def test_moments_are_filtered_by_what_is_typed(
    sheet_of: MakeSheet, op: str, value: Any, expected: list[str | None]
) -> None:
    moments = pd.to_datetime(["2026-01-31", "2026-02-01", None])
    assert filtered(sheet_of(pd.DataFrame({"a": moments})), op, value) == expected


@pytest.mark.parametrize(
    ("name", "op", "value", "expected"),
    [
        ("moment", ">", np.datetime64("2026-01-31T00:00:00.000000000"), 1),
        ("moment", "=", pd.NaT, 1),
        ("duration", ">", np.timedelta64(24 * 3600 * 10**9, "ns"), 1),
        ("number", "=", np.nan, 1),
        ("number", "=", pd.NA, 1),
        ("number", "one of", np.array([0.5, 1.5]), 2),
        ("number", "one of", pd.Series([0.5, None]), 2),
        ("anything", "=", [1, 2], 1),
    ],
)
def test_a_value_of_numpy_or_pandas_is_compared_as_what_it_is(
    sheet_of: MakeSheet, name: str, op: str, value: Any, expected: int
) -> None:
    frame = pd.DataFrame(
        {
            "moment": pd.to_datetime(["2026-01-31", "2026-02-01", None]),
            "duration": pd.to_timedelta([1, 2, None], unit="D"),
            "number": [0.5, 1.5, None],
            "anything": [[1, 2], "one", 1],
        }
    )
    sheet = sheet_of(frame)
    one = condition(sheet.draft.named(name), op, value)
    sheet.arrange(Arrangement(filters=(one,)))
    assert sheet.draft.shown_rows == expected


@pytest.mark.parametrize("op", OPERATORS)
def test_a_column_of_nothing_can_be_filtered(sheet_of: MakeSheet, op: str) -> None:
    sheet = sheet_of(pd.DataFrame({"a": [None, None]}))
    expected = [None, None] if op in {"≠", "is empty"} else []
    assert filtered(sheet, op, ["1"] if op == "one of" else "1") == expected


def test_only_what_is_of_the_same_type_is_less_or_more(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(pd.DataFrame({"a": [1, "1", True, 2.5, "b", None]}))
    assert filtered(sheet, ">", "1") == ["2.5"]
    assert filtered(sheet, ">", '"1"') == ["b"]
    assert filtered(sheet, "=", "1") == ["1"]
    assert filtered(sheet, "one of", ["true", "b"]) == ["true", "b"]


def test_what_contains_a_text_is_told_by_what_is_shown(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(pd.DataFrame({"a": pd.to_timedelta(["26 h", "1 h"])}))
    assert filtered(sheet, "contains", "26:") == ["26:00:00"]
    sheet = sheet_of(pd.DataFrame({"a": [0.5, 10.25]}))
    assert filtered(sheet, "contains", "0.") == ["0.5", "10.25"]
    sheet = sheet_of(pd.DataFrame({"a": ["Köln", "KÖLN", "Bonn", "50%", "a.c"]}))
    assert filtered(sheet, "contains", "öl") == ["Köln", "KÖLN"]
    assert filtered(sheet, "contains", ".") == ["a.c"]


def test_an_arrangement_is_written_for_the_page_and_read_again() -> None:
    arrangement = Arrangement(
        (Sort("a", descending=True),),
        (Filter("b", "one of", []), Filter("c", "is empty"), Filter("a", "<", "5")),
    )
    assert Arrangement.read(arrangement.plain()) == arrangement
    alone = {"sort": [], "filters": [{"column": "c", "op": "is empty", "value": None}]}
    assert Arrangement.read(alone) == Arrangement(filters=(Filter("c", "is empty"),))


def test_filters_join_and_come_before_the_order(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(pd.DataFrame({"a": [3, 1, 2, 5], "b": ["x", "x", "y", "x"]}))
    a, b = (column.uid for column in sheet.draft.columns)
    filters = Filter(a, "<", "5"), Filter(b, "=", "x")
    sheet.arrange(Arrangement((Sort(b), Sort(a, descending=True)), filters))
    assert shown(sheet) == ["3", "1"]
