"""A column in a few numbers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.notebook.sheet import operations
from plotly_nbext.notebook.sheet.filters import Filter
from plotly_nbext.notebook.sheet.order import Arrangement

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.notebook.sheet import Sheet

    MakeSheet = Callable[[pd.DataFrame], Sheet]


def summary(sheet_of: MakeSheet, values: Any) -> dict[str, Any]:
    sheet = sheet_of(pd.DataFrame({"a": values}))
    return sheet.summary(sheet.draft.columns[0].uid)


@pytest.mark.parametrize(
    ("values", "least", "most", "mean"),
    [
        ([3, 1, 2], "1", "3", "2"),
        ([1.5, None, 2.5], "1.5", "2.5", "2"),
        ([2**62, -(2**62), 0], str(-(2**62)), str(2**62), "0"),
        ([dt.date(2026, 1, 1), dt.date(2026, 1, 3)], "2026-01-01", "2026-01-03", "2026-01-02"),
        (
            pd.to_datetime(["2026-01-01", "2026-01-02"]).tz_localize("Europe/Berlin"),
            "2026-01-01 00:00:00+01:00",
            "2026-01-02 00:00:00+01:00",
            "2026-01-01 12:00:00+01:00",
        ),
        (pd.to_timedelta(["-1 h", "4 days"]), "-1:00:00", "96:00:00", "47:30:00"),
    ],
)
def test_what_can_be_measured_has_ends_and_a_middle(
    sheet_of: MakeSheet, values: Any, least: str, most: str, mean: str
) -> None:
    told = summary(sheet_of, values)
    assert (told["min"], told["max"], told["mean"]) == (least, most, mean)
    bins = told["histogram"]
    assert sum(one["count"] for one in bins) == told["count"] == len(pd.Series(values).dropna())
    assert [one["start"] for one in bins[1:]] == [one["stop"] for one in bins[:-1]]


@given(values=st.lists(st.none() | st.floats(-1e300, 1e300), max_size=50))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_is_counted_once(sheet_of: MakeSheet, values: list[float | None]) -> None:
    told = summary(sheet_of, pd.array(values, "float64"))
    present = [value for value in values if value is not None]
    assert told["count"] == len(present)
    assert told["nulls"] == len(values) - len(present)
    assert told["distinct"] == len(set(map(repr, present)))
    if present:
        assert sum(one["count"] for one in told["histogram"]) == len(present)
        assert len(told["histogram"]) <= 20
        assert (float(told["min"]), float(told["max"])) == (min(present), max(present))


@pytest.mark.parametrize(
    ("values", "frequent"),
    [
        (pd.array(["b", "a", "b", None], "str"), [("b", 2), ("a", 1)]),
        ([True, False, True], [("true", 2), ("false", 1)]),
        (pd.Categorical(["S", "L", "S"], ["S", "M", "L"]), [("S", 2), ("L", 1)]),
        ([1, "one", [1, 2], "one"], [("one", 2)]),
    ],
)
def test_of_the_rest_the_most_frequent_are_told(
    sheet_of: MakeSheet, values: Any, frequent: list[tuple[str, int]]
) -> None:
    told = summary(sheet_of, values)["frequent"]
    assert [(one["value"], one["count"]) for one in told][: len(frequent)] == frequent


def test_of_one_value_there_is_one_bin(sheet_of: MakeSheet) -> None:
    for value in (5, 1e300, -1e-320):
        (one,) = summary(sheet_of, [value, value])["histogram"]
        assert one["count"] == 2
        assert one["start"] == one["stop"]


def test_only_ten_are_told_and_long_ones_are_cut(sheet_of: MakeSheet) -> None:
    told = summary(sheet_of, [f"{'long' * 100} {i}" for i in range(50)])
    assert (told["distinct"], len(told["frequent"])) == (50, 10)
    assert all(len(one["value"]) == 200 for one in told["frequent"])


def test_an_empty_column_is_summed_up_too(sheet_of: MakeSheet) -> None:
    for values in ([], [None, None], pd.array([], "int64"), pd.array([None], "Float64")):
        told = summary(sheet_of, values)
        assert (told["count"], told["distinct"]) == (0, 0)


def test_it_is_of_the_rows_that_are_shown_with_their_edits(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(pd.DataFrame({"a": [1, 2, 3]}))
    uid = sheet.draft.columns[0].uid
    sheet.do(operations.set_cell(sheet.draft, 0, uid, "10"))
    assert sheet.summary(uid)["max"] == "10"
    sheet.arrange(Arrangement(filters=(Filter(uid, "<", "5"),)))
    assert sheet.summary(uid)["max"] == "3"
