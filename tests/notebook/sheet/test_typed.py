"""What is typed into a cell, and what is shown of a value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.notebook.frame_table import FrameTable
from plotly_nbext.notebook.sheet import Sheet, operations
from plotly_nbext.notebook.sheet.cells import values
from plotly_nbext.notebook.sheet.clipboard import block_of
from plotly_nbext.notebook.sheet.errors import CellError
from plotly_nbext.notebook.sheet.typed import edit_text, read_texts

if TYPE_CHECKING:
    from plotly_nbext.notebook.sheet.change import Column

ZONE = "Europe/Berlin"

COLUMNS: dict[str, Any] = {
    "integer": [1, 2],
    "small": pd.array([1, 2], "int8"),
    "unsigned": pd.array([1, None], "UInt16"),
    "number": [1.5, 2.0],
    "float32": pd.array([0.5, 1.5], "float32"),
    "decimal": [Decimal("1.50"), Decimal("2.25")],
    "boolean": [True, False],
    "text": pd.array(["a", "b"], "str"),
    "date": [dt.date(2026, 1, 31), dt.date(2026, 2, 1)],
    "arrow date": pd.Series([dt.date(2026, 1, 31), None], dtype=pd.ArrowDtype(pa.date32())),
    "time": [dt.time(14, 30), dt.time(1, 2, 3)],
    "moment": pd.to_datetime(["2026-01-31", "2026-02-01 12:00"], format="ISO8601"),
    "local": pd.to_datetime(["2026-01-31", "2026-07-01"]).tz_localize(ZONE),
    "duration": pd.to_timedelta(["1 days", "90 min"]),
    "month": pd.period_range("2026-01", periods=2, freq="M"),
    "size": pd.Categorical(["S", "L"], ["S", "M", "L"], ordered=True),
    "code": pd.Categorical([1, 2], [1, 2, 3]),
    "sparse": pd.arrays.SparseArray([0, 5]),
    "anything": [1, "one"],
    "lists": [[1], {"a": 2}],
}


@pytest.fixture(scope="module")
def columns() -> dict[str, Column]:
    sheet = Sheet(FrameTable(pd.DataFrame(COLUMNS)))
    return {column.name: column for column in sheet.draft.columns}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("integer", "12", 12),
        ("integer", " -3 ", -3),
        ("integer", "12.0", 12),
        ("integer", "9007199254740993", 9007199254740993),
        ("small", "127", 127),
        ("unsigned", "65535", 65535),
        ("number", "12", 12.0),
        ("number", ".5", 0.5),
        ("number", "-1.5e3", -1500.0),
        ("float32", "0.1", 0.1),
        ("float32", "0.123456789", 0.12345679),
        ("decimal", "3.5", 3.5),
        ("boolean", "TRUE", True),
        ("boolean", "no", False),
        ("boolean", "1", True),
        ("text", "12", "12"),
        ("text", " spaced ", " spaced "),
        ("text", '""', ""),
        ("text", '"quoted"', '"quoted"'),
        ("date", "2026-3-1", "2026-03-01"),
        ("date", "2026-03-01 00:00:00", "2026-03-01"),
        ("arrow date", "2026-03-01", "2026-03-01"),
        ("time", "01:02:03", "01:02:03"),
        ("moment", "2026-03-01", "2026-03-01T00:00:00"),
        ("moment", "2026-03-01 1:30", "2026-03-01T01:30:00"),
        ("moment", "2026-03-01T01:30:00.5", "2026-03-01T01:30:00.500000"),
        ("local", "2026-03-01 1:30", "2026-03-01T01:30:00+01:00"),
        ("local", "2026-07-01 1:30", "2026-07-01T01:30:00+02:00"),
        ("local", "2026-07-01 1:30Z", "2026-07-01T03:30:00+02:00"),
        ("local", "2026-07-01 1:30 -05:00", "2026-07-01T08:30:00+02:00"),
        ("duration", "26:30:00", "P1DT2H30M0S"),
        ("duration", "-0:30", "P-1DT23H30M0S"),
        ("duration", "0:00:00.25", "P0DT0H0M0.25S"),
        ("duration", "3 days", "P3DT0H0M0S"),
        ("duration", "90 min", "P0DT1H30M0S"),
        ("month", "2026-05", "2026-05"),
        ("size", "M", "M"),
        ("code", "3", 3),
        ("sparse", "7", 7),
        ("anything", "12", 12),
        ("anything", "true", True),
        ("anything", "two", "two"),
        ("anything", '"12"', "12"),
        ("anything", "[1, 2]", [1, 2]),
        ("lists", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_what_is_typed_is_what_its_column_holds(
    columns: dict[str, Column], name: str, text: str, value: Any
) -> None:
    (found,) = read_texts([text], columns[name])
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("name", COLUMNS)
def test_an_empty_cell_is_null(columns: dict[str, Column], name: str) -> None:
    assert read_texts([""], columns[name]) == [None]


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        ("integer", "1.5", "an integer"),
        ("integer", "twelve", "an integer such as 12"),
        ("integer", "9223372036854775808", "an integer from -9223372036854775808 to"),
        ("integer", "1_000", "an integer"),
        ("integer", "١٢", "an integer"),
        ("small", "128", "an integer from -128 to 127"),
        ("float32", "1e39", "a number"),
        ("unsigned", "-1", "an integer from 0 to 65535"),
        ("number", "1,5", "a number such as 12 or 0.5, with a point"),
        ("number", "1,234.5", "without separators"),
        ("number", "1e999", "a number"),
        ("number", "nan", "a number"),
        ("boolean", "maybe", "true or false"),
        ("date", "31.1.2026", "a date such as 2026-01-31"),
        ("date", "2026-02-30", "a date"),
        ("date", "2026-01-31 12:00", "a date"),
        ("arrow date", "tomorrow", "a date"),
        ("time", "25:00:00", "a time such as 14:30:00"),
        ("moment", "noon", "a moment such as 2026-01-31 14:30"),
        ("moment", "2026-01-31 14:30Z", "a moment"),
        ("moment", "99999-01-01", "a moment"),
        ("local", "2026-03-29 02:30", "in Europe/Berlin, or with its offset"),
        ("local", "2026-10-25 02:30", "in Europe/Berlin, or with its offset"),
        ("duration", "5", "a duration such as 26:30:00"),
        ("month", "2026-13", "a period such as 2026-01"),
        ("size", "XL", "one of 'S', 'M', 'L'"),
        ("code", "4", "one of '1', '2', '3'"),
        ("anything", "[1, 2", "JSON such as"),
        ("text", "\ud800", "a text"),
    ],
)
def test_what_can_not_be_there_is_refused_with_what_would_be_right(
    columns: dict[str, Column], name: str, text: str, right: str
) -> None:
    with pytest.raises(CellError) as caught:
        read_texts([text], columns[name])
    message = str(caught.value)
    assert repr(name) in message
    assert repr(text) in message
    assert right in message
    assert caught.value.column == columns[name].uid


@pytest.mark.parametrize(("name", "bad"), [("small", "300"), ("integer", "x"), ("time", "24:00")])
def test_the_one_bad_text_among_many_is_named(
    columns: dict[str, Column], name: str, bad: str
) -> None:
    good = "01:00:00" if name == "time" else "1"
    with pytest.raises(CellError, match=bad) as caught:
        read_texts([good] * 70 + [bad] + [good] * 30, columns[name])
    assert caught.value.row == 70


def test_a_long_text_does_not_fill_the_message(columns: dict[str, Column]) -> None:
    with pytest.raises(CellError) as caught:
        read_texts(["9" * 100_000 + "x"], columns["integer"])
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", COLUMNS)
def test_a_value_that_is_typed_again_is_the_same(columns: dict[str, Column], name: str) -> None:
    frame = pd.DataFrame(COLUMNS)
    column = columns[name]
    table = FrameTable(frame[[name]])
    (cells,) = table.content().values()
    texts = [edit_text(value, column.kind) for value in cells]
    assert read_texts(texts, column) == cells


@pytest.mark.parametrize("name", COLUMNS)
def test_a_value_that_is_copied_and_pasted_is_the_same(
    columns: dict[str, Column], name: str
) -> None:
    sheet = Sheet(FrameTable(pd.DataFrame(COLUMNS)[[name]]))
    (column,) = sheet.draft.columns
    (before,) = values(sheet.draft, [column], sheet.draft.ids(0, 2))
    block = block_of(sheet.copy((0, 2), (0, 1)))
    sheet.do(operations.paste(sheet.draft, 0, 0, block))
    assert values(sheet.draft, [column], sheet.draft.ids(0, 2)) == [before]


@given(text=st.text())
def test_any_text_can_be_edited_and_is_the_same(text: str) -> None:
    sheet = Sheet(FrameTable(pd.DataFrame({"t": pd.array(["a"], "str"), "any": [[1]]})))
    for column in sheet.draft.columns:
        assert read_texts([edit_text(text, column.kind)], column) == [text]


@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )
)
def test_any_json_can_be_edited_and_is_the_same(value: Any) -> None:
    (column,) = Sheet(FrameTable(pd.DataFrame({"any": [[1]]}))).draft.columns
    (found,) = read_texts([edit_text(value, column.kind)], column)
    assert found == value
    assert type(found) is type(value)
