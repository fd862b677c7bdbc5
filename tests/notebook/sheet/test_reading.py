"""What is stored is read a piece at a time, and never of two revisions at once."""

from __future__ import annotations

import gc
import json
import weakref
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from plotly_nbext.client import Edits
from plotly_nbext.columns import encode_frame
from plotly_nbext.notebook.frame_table import FrameTable
from plotly_nbext.notebook.sheet import Sheet, cache, operations
from plotly_nbext.notebook.sheet.cache import Cache
from plotly_nbext.notebook.sheet.errors import Stale
from plotly_nbext.notebook.sheet.order import Arrangement, Sort
from plotly_nbext.notebook.sheet.reading import NOWHERE, PAGE_ROWS, Stored

if TYPE_CHECKING:
    from plotly_nbext.client import Client, Grid
    from plotly_nbext.client.content import Content

ROWS = 40 * PAGE_ROWS + 5
MANY = pd.DataFrame(
    {"n": np.arange(ROWS), "t": np.arange(ROWS).astype(str), "x": np.arange(ROWS) / 4}
)


class Counted(FrameTable):
    """A frame of which it is known what was read."""

    def __init__(self, frame: pd.DataFrame) -> None:
        super().__init__(frame)
        self.queries: list[dict[str, str]] = []

    def content(self, **query: str) -> Any:
        """Read, and note what."""
        self.queries.append(query)
        return super().content(**query)


@pytest.fixture
def source() -> Counted:
    return Counted(MANY)


def rows(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


def test_rows_near_each_other_are_read_once(source: Counted) -> None:
    stored = Stored(source)
    source.queries.clear()
    for start in range(0, 1000, 100):
        (cells,) = stored.read(["0"], np.arange(start, start + 100))
        assert cells.to_pylist() == list(range(start, start + 100))
    assert source.queries == [{"cols": "0", "start": "0", "stop": str(PAGE_ROWS)}]
    stored.read(["0", "2"], np.arange(900, 1000))
    assert [query["cols"] for query in source.queries] == ["0", "2"]


def test_rows_over_the_edge_of_a_page_are_read_with_one_request(source: Counted) -> None:
    stored = Stored(source)
    source.queries.clear()
    numbers = np.arange(PAGE_ROWS - 50, PAGE_ROWS + 50)
    texts, floats = stored.read(["1", "2"], numbers)
    assert texts.to_pylist() == [str(number) for number in numbers]
    assert floats.to_pylist() == [number / 4 for number in numbers]
    assert source.queries == [{"cols": "1,2", "start": "0", "stop": str(2 * PAGE_ROWS)}]


def test_rows_in_any_order_and_no_rows_are_read(source: Counted) -> None:
    stored = Stored(source)
    cells, _ = stored.read(["0", "1"], rows(ROWS - 1, NOWHERE, 3, 3, PAGE_ROWS))
    assert cells.to_pylist() == [ROWS - 1, None, 3, 3, PAGE_ROWS]
    assert [array.to_pylist() for array in stored.read(["0"], rows())] == [[]]
    assert stored.read(["0"], rows(NOWHERE, NOWHERE))[0].to_pylist() == [None, None]


def test_rows_from_everywhere_are_taken_from_whole_columns(source: Counted) -> None:
    stored = Stored(source)
    source.queries.clear()
    wanted = np.arange(0, ROWS, PAGE_ROWS // 2)
    for _ in range(3):
        assert stored.read(["1", "0"], wanted)[1].to_pylist() == wanted.tolist()
    assert source.queries == [{"cols": "1,0"}]
    stored.read(["0"], rows(7))  # is here by now
    assert len(source.queries) == 1


def test_what_is_kept_of_all_sheets_is_bounded(
    source: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", ROWS * 8 * 3)
    sheets = [Stored(source) for _ in range(3)]
    for stored in sheets:
        for start in range(0, ROWS - 100, PAGE_ROWS):
            (cells,) = stored.read(["2"], np.arange(start, start + 100))
            assert cells[0].as_py() == start / 4
        for uid in ("0", "1", "2", "0"):
            assert len(stored.column(uid)) == ROWS
            assert 0 < sum(one.size for one in Cache._all) <= ROWS * 8 * 3
    source.queries.clear()
    sheets[-1].column("0")
    assert source.queries == []
    assert sheets[0]._cache.size == 0


def test_what_was_read_goes_with_its_sheet(source: Counted) -> None:
    stored = Stored(source)
    stored.column("0")
    array = weakref.ref(stored._cache)
    assert array() in Cache._all
    del stored
    gc.collect()
    assert array() is None


def test_a_window_of_a_sorted_sheet_needs_the_columns_that_are_seen(source: Counted) -> None:
    sheet = Sheet(source)
    source.queries.clear()
    sheet.arrange(Arrangement((Sort("2", descending=True),)))
    assert sheet.texts(0, 2, ["0"])[0] == [[str(ROWS - 1), str(ROWS - 2)]]
    assert [query.get("cols") for query in source.queries] == ["2", "0"]


def test_a_grid_whose_knowledge_is_old_is_read_as_it_is_now(client: Client) -> None:
    grid = client.push(MANY, "many", progress=False)
    client.push(MANY.head(9)[["t", "n"]], "many", progress=False)
    stored = Stored(grid)
    assert stored.row_count == 9
    assert [column.name for column in stored.columns] == ["t", "n"]


def test_a_grid_that_another_cell_changes_meanwhile_is_read_as_it_is_then(client: Client) -> None:
    grid = client.push(MANY.head(9), "many", progress=False)
    others = iter(range(3))

    class Shared:
        """What another cell holds too."""

        def __getattr__(self, name: str) -> Any:
            return getattr(grid, name)

        def content(self, **query: str) -> Content:
            content = grid.content(**query)
            if (number := next(others, None)) is not None:
                grid.update_to(encode_frame(MANY.head(number + 3)[["t"]].add_suffix(str(number))))
            return content

    stored = Stored(cast("Grid", Shared()))
    assert (stored.revision, stored.row_count) == (grid.revision, 5)
    assert [column.name for column in stored.columns] == ["t2"]
    assert [len(head) for head in stored.head.values()] == [5]


def test_nothing_is_read_of_another_revision(client: Client) -> None:
    grid = client.push(MANY, "many", progress=False)
    stored = Stored(grid)
    uid = grid["n"].uid
    stored.read([uid], rows(0))
    other = client.grid("many").append(MANY.head(2), progress=False)
    assert stored.read([uid], rows(1))[0].to_pylist() == [1]
    for read in (lambda: stored.read([uid], rows(ROWS - 1)), lambda: stored.column(uid)):
        with pytest.raises(Stale, match="'many' was changed on the server"):
            read()
    grid.refresh()  # as in another cell
    with pytest.raises(Stale):
        stored.column(uid)
    assert Stored(grid).revision == other.revision


MIXED = pd.DataFrame(
    {
        "moment": pd.to_datetime(["2026-01-01", None, "2026-03-01"]),
        "any": [1, "one", [1]],
        "sold": [3, 1, 2],
    }
)


def check_edited(client: Client) -> None:
    sheet = Sheet(client.push(MIXED, "mixed", progress=False))
    moment, anything, sold = (column.uid for column in sheet.draft.columns)
    assert sheet.texts(0, 3)[0] == [
        ["2026-01-01 00:00:00", None, "2026-03-01 00:00:00"],
        ["1", "one", "[1]"],
        ["3", "1", "2"],
    ]
    sheet.arrange(Arrangement((Sort(moment, descending=True),)))
    assert sheet.texts(0, 1, [sold])[0] == [["2"]]
    sheet.arrange(Arrangement())
    sheet.do(operations.set_cell(sheet.draft, 1, moment, "2026-02-01"))
    sheet.do(operations.set_cell(sheet.draft, 0, anything, "2.5"))
    sheet.do(operations.insert_rows(sheet.draft, 1, 1))
    sheet.do(operations.rename(sheet.draft, sold, "ordered"))
    shown = sheet.frame()
    sheet.save()
    pd.testing.assert_frame_equal(client.pull("mixed"), shown)
    sheet.undo()
    sheet.undo()
    sheet.undo()
    sheet.undo()
    sheet.save()
    pd.testing.assert_frame_equal(client.pull("mixed"), MIXED)


def test_a_server_without_arrow_is_read_and_written(client: Client) -> None:
    client._session._takes_arrow = False
    check_edited(client)


def test_a_server_without_windows_is_read_and_written(chart_studio: Any) -> None:
    check_edited(chart_studio.client())


def test_a_server_without_revisions_keeps_what_others_wrote(chart_studio: Any) -> None:
    client = chart_studio.client()
    sheet = Sheet(client.push(MIXED, "mixed", progress=False))
    sold = sheet.draft.named("sold").uid
    sheet.do(operations.set_cell(sheet.draft, 0, sold, "30"))
    theirs = client.grid("mixed")
    theirs.edit(Edits({theirs["sold"].uid: ([0], [31])}))
    with pytest.raises(Stale):
        sheet.save()
    assert client.pull("mixed")["sold"].tolist() == [31, 1, 2]
    sheet.note_conflict()
    assert "'sold' in row 0 is 31 now" in sheet.conflict["message"]
    sheet.refresh()
    sheet.save()
    assert client.pull("mixed")["sold"].tolist() == [30, 1, 2]


def test_columns_of_several_lengths_end_in_nulls(client: Client) -> None:
    grid = client.push(pd.DataFrame({"a": [1, 2, 3]}), "short", progress=False)
    cols = json.dumps([{"name": "b", "data": [9]}])
    body = json.dumps({"cols": cols}).encode()
    grid._session.send("POST", f"{grid._address()}/col", body=body)
    sheet = Sheet(grid.refresh())
    assert sheet.texts(0, 3)[0] == [["1", "2", "3"], ["9", None, None]]
    sheet.do(operations.set_cell(sheet.draft, 2, grid["b"].uid, "8"))
    sheet.save()
    assert client.pull("short")["b"].tolist() == [9, pd.NA, 8]


def test_a_grid_without_rows_or_without_columns_is_a_sheet(client: Client) -> None:
    empty = Sheet(client.push(MIXED.iloc[:0], "empty", progress=False))
    assert empty.texts(0, 10)[0] == [[], [], []]
    empty.do(operations.insert_rows(empty.draft, 0, 2))
    empty.do(operations.set_cell(empty.draft, 1, empty.draft.named("sold").uid, "5"))
    empty.save()
    assert client.pull("empty")["sold"].tolist() == [pd.NA, 5]
    nothing = Sheet(client.push(pd.DataFrame(), "nothing", progress=False))
    assert nothing.texts(0, 10) == ([], [])
    nothing.do(operations.add_column(nothing.draft, "a", "integer", 0))
    nothing.do(operations.insert_rows(nothing.draft, 0, 1))
    nothing.do(operations.set_cell(nothing.draft, 0, nothing.draft.columns[0].uid, "5"))
    nothing.save()
    assert client.pull("nothing")["a"].tolist() == [5]
    assert pa.types.is_integer(client.grid("nothing").to_arrow().schema.field("a").type)
