"""What is edited and saved has the types that were pushed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.notebook.sheet import Sheet, operations
from plotly_nbext.notebook.sheet.clipboard import block_of
from plotly_nbext.notebook.sheet.filters import Filter
from plotly_nbext.notebook.sheet.order import Arrangement, Sort

if TYPE_CHECKING:
    from plotly_nbext.client import Client, Grid

MOMENTS = pd.to_datetime(["2026-01-31", "2026-02-01 12:00", "2026-03-01"], format="ISO8601")

COLUMNS: dict[str, tuple[Any, str, Any]] = {
    "int8": (pd.array([1, 2, 3], "int8"), "7", np.int8(7)),
    "UInt64": (pd.array([1, None, 3], "UInt64"), "18446744073709551615", 2**64 - 1),
    "float32": (pd.Series([0.5, np.inf, -np.inf], dtype="float32"), "0.1", np.float32(0.1)),
    "Float64": (pd.array([0.5, None, 1.0], "Float64"), "2", 2.0),
    "bool": ([True, False, True], "false", False),
    "str": (pd.array(["a", None, "c"], "str"), "ü", "ü"),
    "string[python]": (pd.array(["a", "b", "c"], "string[python]"), "ü", "ü"),
    "datetime64[s]": (MOMENTS.as_unit("s"), "2026-04-01", pd.Timestamp("2026-04-01")),
    "local": (
        MOMENTS.tz_localize("Europe/Berlin"),
        "2026-07-01 12:00",
        pd.Timestamp("2026-07-01 12:00", tz="Europe/Berlin"),
    ),
    "timedelta64[ns]": (pd.to_timedelta([1, 2, 3], unit="D"), "36:00", pd.Timedelta(1.5, "D")),
    "period[M]": (pd.period_range("2026-01", periods=3, freq="M"), "2026-12", pd.Period("2026-12")),
    "category": (pd.Categorical(["S", None, "L"], ["S", "M", "L"], ordered=True), "M", "M"),
    "Sparse": (pd.arrays.SparseArray([0.0, 5.0, np.inf], fill_value=0.0), "7", 7.0),
    "date": ([dt.date(2026, 1, 31), None, dt.date(2026, 2, 1)], "2026-05-01", dt.date(2026, 5, 1)),
    "time": ([dt.time(14, 30), dt.time(1), dt.time(2)], "03:00:00", dt.time(3)),
    "decimal": ([Decimal("1.50"), Decimal("2.25"), None], "3.75", Decimal("3.75")),
    "anything": ([1, "one", [1]], '{"a": 1}', {"a": 1}),
    "arrow date": (
        pd.Series([dt.date(2026, 1, 31), None, None], dtype=pd.ArrowDtype(pa.date32())),
        "2026-05-01",
        dt.date(2026, 5, 1),
    ),
    "arrow float": (
        pd.Series([0.5, None, np.inf], dtype=pd.ArrowDtype(pa.float32())),
        "0.1",
        np.float32(0.1),
    ),
    "arrow list": (
        pd.Series([[1], [2, 3], None], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
        "[4, 5]",
        [4, 5],
    ),
}


@pytest.fixture(params=COLUMNS)
def column(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def frame(column: str) -> pd.DataFrame:
    return pd.DataFrame({"first": [1, 2, 3], column: COLUMNS[column][0]})


@pytest.fixture
def sheet(client: Client, frame: pd.DataFrame) -> Sheet:
    return Sheet(client.push(frame, "typed", progress=False))


def save(sheet: Sheet, client: Client) -> pd.DataFrame:
    """Save, and see that the sheet showed what is read then."""
    shown = sheet.frame()
    sheet.save()
    pulled = client.pull("typed")
    pd.testing.assert_frame_equal(pulled, shown)
    pd.testing.assert_frame_equal(pulled, sheet.frame())
    return pulled


def test_a_new_value(sheet: Sheet, client: Client, frame: pd.DataFrame, column: str) -> None:
    _, text, value = COLUMNS[column]
    uid = sheet.draft.named(column).uid
    sheet.do(operations.set_cell(sheet.draft, 0, uid, text))
    pulled = save(sheet, client)
    pd.testing.assert_frame_equal(pulled.iloc[1:], frame.iloc[1:])
    assert pulled[column].dtype == frame[column].dtype
    assert pulled[column].iloc[0] == value


def test_a_null(sheet: Sheet, client: Client, frame: pd.DataFrame, column: str) -> None:
    sheet.do(operations.clear(sheet.draft, (0, 1), (1, 2)))
    pulled = save(sheet, client)
    assert pd.isna(pulled[column].iloc[0])
    assert pulled[column].iloc[1:].astype(object).equals(frame[column].iloc[1:].astype(object))
    nullable = {"int8": "Int8", "bool": "boolean"}
    assert pulled[column].dtype == nullable.get(column, frame[column].dtype)


def test_another_column_is_edited(
    sheet: Sheet, client: Client, frame: pd.DataFrame, column: str
) -> None:
    sheet.do(operations.set_cell(sheet.draft, 2, sheet.draft.named("first").uid, "9"))
    pd.testing.assert_series_equal(save(sheet, client)[column], frame[column])


def test_rows_go(sheet: Sheet, client: Client, frame: pd.DataFrame) -> None:
    sheet.do(operations.delete_rows(sheet.draft, (0, 1)))
    expected = frame.iloc[1:].reset_index(drop=True)
    pd.testing.assert_frame_equal(save(sheet, client), expected)


def test_rows_come_and_go_again(sheet: Sheet, client: Client, frame: pd.DataFrame) -> None:
    sheet.do(operations.insert_rows(sheet.draft, 1, 2))
    sheet.save()
    sheet.undo()
    pd.testing.assert_frame_equal(save(sheet, client), frame)


def test_the_column_is_renamed_and_moved(
    sheet: Sheet, client: Client, frame: pd.DataFrame, column: str
) -> None:
    uid = sheet.draft.named(column).uid
    sheet.do(operations.rename(sheet.draft, uid, "new"))
    sheet.do(operations.move(sheet.draft, uid, 0))
    expected = frame.rename(columns={column: "new"})[["new", "first"]]
    pd.testing.assert_frame_equal(save(sheet, client), expected)
    assert client.grid("typed")["new"].uid == uid


def test_what_is_undone_after_a_save_is_what_was_there(
    sheet: Sheet, client: Client, frame: pd.DataFrame, column: str
) -> None:
    _, text, _ = COLUMNS[column]
    uid = sheet.draft.named(column).uid
    sheet.do(operations.set_cell(sheet.draft, 0, uid, text))
    sheet.do(operations.delete_rows(sheet.draft, (0, 1)))
    sheet.save()
    sheet.undo()
    sheet.undo()
    pulled = save(sheet, client)
    assert list(pulled[column].iloc[:1]) == list(frame[column].iloc[:1])
    assert pulled[column].dtype == frame[column].dtype


def test_new_columns_have_the_type_that_was_asked_for(client: Client) -> None:
    sheet = Sheet(client.push(pd.DataFrame({"a": [1, 2]}), "typed", progress=False))
    texts = {
        "integer": ("5", "Int64"),
        "number": ("1.5", "float64"),
        "boolean": ("true", "boolean"),
        "text": ("5", "str"),
        "date": ("2026-01-31", "object"),
        "datetime": ("2026-01-31 12:00", "datetime64[us]"),
        "duration": ("1:30", "timedelta64[us]"),
        "anything": ("[1]", "object"),
    }
    for kind, (text, _) in texts.items():
        sheet.do(operations.add_column(sheet.draft, kind, kind, 0))
        sheet.do(operations.set_cell(sheet.draft, 1, sheet.draft.named(kind).uid, text))
    pulled = save(sheet, client)
    assert {kind: str(pulled[kind].dtype) for kind in texts} == {
        kind: dtype for kind, (_, dtype) in texts.items()
    }
    assert pulled["date"][1] == dt.date(2026, 1, 31)
    assert [column.kind.name for column in sheet.draft.columns] == [*reversed(texts), "integer"]


INDEXED = pd.DataFrame(
    {"sold": [1, 2, 3]}, index=pd.date_range("2026-01-01", periods=3, freq="D", name="day")
)


@pytest.fixture
def indexed(client: Client) -> Grid:
    return client.push(INDEXED, "typed", progress=False)


def test_an_index_stays_one(client: Client, indexed: Grid) -> None:
    sheet = Sheet(indexed)
    sheet.do(operations.set_cell(sheet.draft, 1, indexed["sold"].uid, "9"))
    expected = INDEXED.assign(sold=[1, 9, 3])
    pd.testing.assert_frame_equal(save(sheet, client), expected)
    sheet.do(operations.set_cell(sheet.draft, 1, indexed["day"].uid, "2026-05-01"))
    sheet.do(operations.delete_rows(sheet.draft, (2, 3)))
    day = indexed["day"].uid
    sheet.do(operations.rename(sheet.draft, day, "Tag"))
    pulled = save(sheet, client)
    assert list(pulled.index) == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-05-01")]
    assert pulled.index.name == "Tag"
    sheet.do(operations.delete_columns(sheet.draft, [day]))
    pd.testing.assert_frame_equal(save(sheet, client), pd.DataFrame({"sold": [1, 9]}))


def test_labels_that_are_no_strings(client: Client) -> None:
    frame = pd.DataFrame([[1, 2], [3, 4]])
    sheet = Sheet(client.push(frame, "typed", progress=False))
    sheet.do(operations.set_cell(sheet.draft, 0, sheet.draft.columns[0].uid, "9"))
    assert save(sheet, client).columns.tolist() == [0, 1]
    sheet.do(operations.rename(sheet.draft, sheet.draft.columns[0].uid, "first"))
    assert [str(label) for label in save(sheet, client).columns] == ["first", "1"]


def test_a_frame_of_polars(client: Client) -> None:
    frame = pl.DataFrame({"a": [1, 2, None], "d": [dt.date(2026, 1, 1), None, None]})
    grid = client.push(frame, "typed", progress=False)
    sheet = Sheet(grid)
    sheet.do(operations.set_cell(sheet.draft, 1, grid["d"].uid, "2026-01-02"))
    sheet.save()
    again = client.grid("typed").to_polars()
    assert again.schema == frame.schema
    assert again["d"].to_list() == [dt.date(2026, 1, 1), dt.date(2026, 1, 2), None]


def test_a_null_where_the_type_has_none_makes_it_nullable(client: Client) -> None:
    frame = pd.DataFrame({"n": [1, 2], "b": [True, False]})
    sheet = Sheet(client.push(frame, "typed", progress=False))
    sheet.do(operations.clear(sheet.draft, (0, 1), (0, 2)))
    assert save(sheet, client).dtypes.astype(str).to_dict() == {"n": "Int64", "b": "boolean"}


def test_a_grid_of_another_program_has_the_types_of_its_values(client: Client) -> None:
    grid = client.push(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "typed", progress=False)
    grid.set_metadata({})
    grid._session.send(
        "PATCH", grid._address(), body=b'{"metadata": {"source": "another program"}}'
    )
    sheet = Sheet(grid.refresh())
    assert [column.kind.name for column in sheet.draft.columns] == ["number", "text"]
    sheet.do(operations.set_cell(sheet.draft, 0, grid["a"].uid, "1.5"))
    assert save(sheet, client)["a"].tolist() == [1.5, 2]
    assert grid.refresh().metadata == {"source": "another program"}


ALL = pd.DataFrame({name: column for name, (column, *_) in COLUMNS.items()})

ACTIONS = ["paste", "clear", "fill", "insert", "delete", "move", "arrange", "undo", "redo", "save"]


class Anything:
    """What can be done to a sheet of columns of all types, drawn at random."""

    def __init__(self, sheet: Sheet, client: Client, data: st.DataObject) -> None:
        self.sheet = sheet
        self.client = client
        self.data = data

    def span(self, length: int) -> tuple[int, int]:
        start = self.data.draw(st.integers(0, max(length - 1, 0)))
        return start, min(length, start + self.data.draw(st.integers(1, 4)))

    def rows(self) -> tuple[int, int]:
        return self.span(self.sheet.draft.shown_rows)

    def columns(self) -> tuple[int, int]:
        return self.span(len(self.sheet.draft.columns))

    def paste(self) -> None:
        """Paste what was copied from other rows of the same columns."""
        columns = self.columns()
        block = block_of(self.sheet.copy(self.rows(), columns))
        row = self.data.draw(st.integers(0, self.sheet.draft.shown_rows))
        if len(block[0]) == columns[1] - columns[0]:
            self.sheet.do(operations.paste(self.sheet.draft, row, columns[0], block))

    def clear(self) -> None:
        self.sheet.do(operations.clear(self.sheet.draft, self.rows(), self.columns()))

    def fill(self) -> None:
        self.sheet.do(operations.fill(self.sheet.draft, self.rows(), self.columns()))

    def insert(self) -> None:
        self.sheet.do(operations.insert_rows(self.sheet.draft, self.rows()[0], 2))

    def delete(self) -> None:
        self.sheet.do(operations.delete_rows(self.sheet.draft, self.rows()))

    def move(self) -> None:
        uid = self.sheet.draft.columns[self.columns()[0]].uid
        self.sheet.do(operations.move(self.sheet.draft, uid, self.columns()[0]))

    def arrange(self) -> None:
        uid, other = (self.sheet.draft.columns[self.columns()[0]].uid for _ in range(2))
        filters = (Filter(other, "is not empty"),) if self.data.draw(st.booleans()) else ()
        self.sheet.arrange(Arrangement((Sort(uid, self.data.draw(st.booleans())),), filters))

    def undo(self) -> None:
        self.sheet.undo()

    def redo(self) -> None:
        self.sheet.redo()

    def save(self) -> None:
        shown = self.sheet.frame()
        before = self.sheet.texts(0, 100)[0]
        self.sheet.save()
        assert self.sheet.texts(0, 100) == (before, [])
        pd.testing.assert_frame_equal(self.client.pull("anything"), shown)


@given(data=st.data())
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_in_columns_of_all_types(client: Client, data: st.DataObject) -> None:
    sheet = Sheet(client.push(ALL, "anything", progress=False))
    anything = Anything(sheet, client, data)
    actions = data.draw(st.lists(st.sampled_from(ACTIONS), min_size=3, max_size=12))
    for action in actions:
        getattr(anything, action)()
    if "save" not in actions:  # an infinity is none to JSON, and to what is undone after a save
        while sheet.history.undo_label:
            sheet.undo()
        pd.testing.assert_frame_equal(sheet.frame(), ALL)
    anything.save()
