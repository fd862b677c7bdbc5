"""GridView without a page: what its page asks, and what Python does with it."""

from __future__ import annotations

import gc
import json
import threading
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from traitlets import TraitError

import plotly_nbext
from plotly_nbext.client import Edits, Grid
from plotly_nbext.errors import ApiError, Conflict, NotFoundError, ValidationError
from plotly_nbext.notebook.widgets import GridView, _searches

if TYPE_CHECKING:
    from plotly_nbext.client import Client

FRAME = pd.DataFrame(
    {
        "month": ["2026-01", "2026-02", "2026-03", "2026-04"],
        "sold": [12, 7, 31, 5],
        "share": [0.5, None, 0.25, 0.125],
    }
)


class Page:
    """What asks a view as its page does."""

    def __init__(self, view: GridView) -> None:
        self.view = view

    def ask(self, command: str, /, **message: Any) -> dict[str, Any]:
        """Send a command, and return what an answer of JSON would be."""
        answer, buffers = getattr(self.view, f"_{command}")(json.loads(json.dumps(message)), [])
        assert buffers == []
        told: dict[str, Any] = json.loads(json.dumps(answer))
        return told

    def do(self, command: str, /, **message: Any) -> dict[str, Any]:
        """Send a command that should work."""
        answer = self.ask(command, **message)
        assert answer.pop("ok"), answer
        return answer

    def refusal(self, command: str, /, **message: Any) -> dict[str, Any]:
        """Send a command that should be refused."""
        before = self.view.get_state()
        answer = self.ask(command, **message)
        assert not answer["ok"]
        assert {**self.view.get_state(), "conflict": {}, "stale": False} == {
            **before,
            "conflict": {},
            "stale": False,
        }
        error: dict[str, Any] = answer["error"]
        return error

    def uid(self, name: str) -> str:
        return str(next(one["uid"] for one in self.view.columns if one["name"] == name))

    def rows(self, start: int = 0, stop: int = 100) -> list[list[str | None]]:
        """The rows that are shown."""
        columns = self.do("rows", start=start, stop=stop, columns=None, view=0)["columns"]
        return [list(row) for row in zip(*columns, strict=True)]

    def column(self, name: str) -> list[str | None]:
        """The cells of a column that are shown."""
        message = {"start": 0, "stop": 100, "columns": [self.uid(name)], "view": 0}
        (column,) = self.do("rows", **message)["columns"]
        return list(column)


@pytest.fixture
def view(client: Client) -> GridView:
    return GridView(client.push(FRAME, "sales/2026"))


@pytest.fixture
def page(view: GridView) -> Page:
    return Page(view)


def test_it_says_what_it_shows_and_no_address(view: GridView) -> None:
    assert repr(view) == "GridView(Grid('sales/2026', 4 rows × 3 columns))"


def test_the_first_cells_travel_with_the_view_and_are_what_it_would_answer(
    client: Client,
) -> None:
    frame = pd.concat([FRAME.assign(note="x" * 300)] * 9, ignore_index=True)
    view = GridView(client.push(frame.join(frame.add_prefix("other_")), "many"))
    head, page = view.head, Page(view)
    answer = page.do("rows", start=0, stop=head["rows"], columns=None, view=0)
    assert (head["rows"], len(head["columns"])) == (16, 8)
    assert (head["view"], head["columns"]) == (answer["view"], answer["columns"])
    page.do("set", row=0, column=page.uid("sold"), text="13")
    assert view.view > view.head["view"]


def test_a_page_knows_what_the_columns_are(page: Page) -> None:
    assert [(one["name"], one["type"], one["kind"], one["state"]) for one in page.view.columns] == [
        ("month", "text", "text", ""),
        ("sold", "integer", "integer", ""),
        ("share", "number", "number", ""),
    ]
    assert page.view.columns[1]["uid"] == page.view.grid["sold"].uid


def test_rows_are_answered_as_text_column_by_column(page: Page) -> None:
    asked = page.do("rows", start=1, stop=3, columns=None, view=0)
    assert asked == {
        "view": 0,
        "columns": [["2026-02", "2026-03"], ["7", "31"], [None, "0.25"]],
        "marks": [],
    }
    some = page.do("rows", start=3, stop=9, columns=[page.uid("share"), page.uid("month")], view=0)
    assert some["columns"] == [["0.125"], ["2026-04"]]
    assert page.do("rows", start=9, stop=12, columns=None, view=0)["columns"] == [[], [], []]


def test_a_long_text_is_cut_where_it_is_shown_and_whole_where_it_is_edited(client: Client) -> None:
    page = Page(GridView(client.push(pd.DataFrame({"t": ["a" * 1000]}), "long")))
    assert page.rows() == [["a" * 199 + "…"]]
    assert page.do("cell", row=0, column=page.uid("t"))["text"] == "a" * 1000


def test_a_cell_is_edited_marked_undone_and_done_again(page: Page) -> None:
    sold = page.uid("sold")
    view = page.do("set", row=1, column=sold, text="8")["view"]
    assert view == page.view.view == 1
    asked = page.do("rows", start=0, stop=2, columns=None, view=view)
    assert asked["columns"][1] == ["12", "8"]
    assert asked["marks"] == [[1, 1, "edited"]]
    assert page.view.pending == {
        "cells": 1,
        "rows_added": 0,
        "rows_deleted": 0,
        "columns": 0,
        "total": 1,
    }
    assert (page.view.undo_label, page.view.redo_label) == ("Edit sold", "")
    assert page.do("undo") == {"view": 2, "row": 1, "column": sold}
    assert page.column("sold") == ["12", "7", "31", "5"]
    assert page.view.pending["total"] == 0
    assert (page.view.undo_label, page.view.redo_label) == ("", "Edit sold")
    assert page.do("redo") == {"view": 3, "row": 1, "column": sold}
    assert page.column("sold") == ["12", "8", "31", "5"]
    assert page.do("redo") == {"view": 3}


def test_what_a_cell_holds_already_is_no_edit(page: Page) -> None:
    assert page.do("set", row=0, column=page.uid("sold"), text="12") == {"view": 0}
    assert page.view.pending["total"] == 0


def test_true_is_another_value_than_one(client: Client) -> None:
    page = Page(GridView(client.push(pd.DataFrame({"any": [1, "x"]}), "any")))
    page.do("set", row=0, column=page.uid("any"), text="true")
    assert page.column("any") == ["true", "x"]
    page.do("set", row=0, column=page.uid("any"), text="1.0")
    assert page.column("any") == ["1.0", "x"]


def test_a_row_or_column_that_there_is_not_is_refused(page: Page) -> None:
    error = page.refusal("set", row=4, column=page.uid("sold"), text="1")
    assert error == {"type": "ValidationError", "message": "There is no row 4."}
    assert "no column 'x'" in page.refusal("cell", row=0, column="x")["message"]
    assert "At most 1,000,000 rows" in page.refusal("insert_rows", at=0, count=10**9)["message"]


def test_what_can_not_be_in_a_column_is_refused_at_its_cell(page: Page) -> None:
    error = page.refusal("set", row=2, column=page.uid("sold"), text="many")
    assert error == {
        "type": "CellError",
        "message": "'many' can't be in the column 'sold': write an integer such as 12.",
        "column": page.uid("sold"),
        "row": 2,
    }


def test_nothing_reaches_the_server_before_a_save_and_then_all_of_it(
    client: Client, page: Page
) -> None:
    page.do("set", row=0, column=page.uid("sold"), text="13")
    page.do("insert_rows", at=1, count=1)
    page.do("set", row=1, column=page.uid("month"), text="2026-01b")
    page.do("delete_rows", rows=[4, 5])
    page.do("rename", column=page.uid("share"), name="part")
    page.do("move", column=page.uid("part"), to=0)
    page.do("add_column", name="note", kind="text", at=3)
    page.do("set", row=3, column=page.uid("note"), text="last")
    states = {one["name"]: one["state"] for one in page.view.columns}
    assert states == {"part": "renamed", "month": "", "sold": "", "note": "new"}
    assert client.pull("sales/2026").equals(FRAME)
    shown = page.view.frame
    assert page.do("save", force="") == {"view": page.view.view}
    pd.testing.assert_frame_equal(client.pull("sales/2026"), shown)
    assert page.rows() == [
        ["0.5", "2026-01", "13", None],
        [None, "2026-01b", None, None],
        [None, "2026-02", "7", None],
        ["0.25", "2026-03", "31", "last"],
    ]
    assert page.view.pending["total"] == 0
    assert {one["state"] for one in page.view.columns} == {""}
    assert page.view.undo_label == "Edit note"


def test_a_save_can_be_undone(client: Client, page: Page) -> None:
    page.do("set", row=0, column=page.uid("sold"), text="13")
    page.do("save", force="")
    assert page.do("undo")["row"] == 0
    assert page.column("sold")[0] == "12"
    assert page.view.pending["cells"] == 1
    page.do("save", force="")
    assert client.pull("sales/2026").equals(FRAME)


def test_a_paste_fills_cells_and_adds_rows(page: Page) -> None:
    pasted = page.do("paste", row=3, column=1, text="6\t0.5\r\n7\t\r\n")
    assert pasted == {"view": 1, "rows": [3, 5], "columns": [1, 3]}
    assert page.rows()[3:] == [["2026-04", "6", "0.5"], [None, "7", None]]
    assert page.view.undo_label == "Paste 4 cells"
    assert (page.view.row_count, page.view.total_rows) == (5, 5)
    page.do("undo")
    assert page.rows() == [
        [str(cell) if not pd.isna(cell) else None for cell in row] for row in FRAME.to_numpy()
    ]


def test_one_value_that_is_pasted_fills_the_selection(page: Page) -> None:
    pasted = page.do("paste", row=1, column=1, text="3", rows=[0, 3], columns=[1, 3])
    assert pasted == {"view": 1, "rows": [0, 3], "columns": [1, 3]}
    assert page.column("sold") == ["3", "3", "3", "5"]
    assert page.column("share") == ["3.0", "3.0", "3.0", "0.125"]


def test_one_bad_cell_refuses_the_whole_paste_and_is_named(page: Page) -> None:
    error = page.refusal("paste", row=1, column=0, text="a\t1\nb\tx\n")
    assert (error["row"], error["column"]) == (2, page.uid("sold"))
    assert "'x' can't be in the column 'sold'" in error["message"]
    assert page.view.pending["total"] == 0


def test_a_paste_beyond_the_last_column_is_refused(page: Page) -> None:
    error = page.refusal("paste", row=0, column=2, text="1\t2\n")
    assert error["message"] == (
        "What is pasted has 2 columns; from here to the last there is 1. Nothing was pasted."
    )


def test_what_is_copied_can_be_pasted_into_excel_and_back(page: Page) -> None:
    page.do("set", row=0, column=page.uid("month"), text='two\nlines, a\ttab and a "quote"')
    copied = page.do("copy", rows=[0, 2], columns=[0, 3], header=True)["text"]
    assert copied == (
        'month\tsold\tshare\n"two\nlines, a\ttab and a ""quote"""\t12\t0.5\n2026-02\t7\t'
    )
    text = page.do("copy", rows=[0, 1], columns=[0, 3])["text"]
    page.do("paste", row=2, column=0, text=text)
    assert page.rows()[2] == page.rows()[0]


def test_cells_are_cleared_and_filled_down(page: Page) -> None:
    page.do("clear", rows=[0, 2], columns=[1, 3])
    assert page.rows()[:2] == [["2026-01", None, None], ["2026-02", None, None]]
    assert page.view.undo_label == "Clear 4 cells"
    page.do("fill", rows=[2, 4], columns=[0, 2])
    assert page.rows()[3] == ["2026-03", "31", "0.125"]
    assert page.view.undo_label == "Fill 2 cells"


def test_rows_are_sorted_and_filtered_and_stay_where_they_are_edited(page: Page) -> None:
    sold = page.uid("sold")
    more = [{"column": sold, "op": ">", "value": "5"}]
    order = [{"column": sold, "descending": True}]
    page.do("arrange", sort=order, filters=more)
    assert page.column("sold") == ["31", "12", "7"]
    assert (page.view.row_count, page.view.total_rows) == (3, 4)
    assert page.view.arrangement == {"sort": order, "filters": more}
    page.do("set", row=0, column=sold, text="1")
    assert page.column("sold") == ["1", "12", "7"]
    page.do("arrange", sort=order, filters=more)
    assert page.column("sold") == ["12", "7"]
    page.do("arrange", sort=[], filters=[])
    assert page.column("sold") == ["12", "7", "1", "5"]


def test_a_filter_that_makes_no_sense_is_refused(page: Page) -> None:
    sold = page.uid("sold")
    filters = [{"column": sold, "op": "~", "value": "5"}]
    assert (
        "'~' is no way to compare" in page.refusal("arrange", sort=[], filters=filters)["message"]
    )
    filters = [{"column": sold, "op": "<", "value": "many"}]
    assert "'many' can't be in" in page.refusal("arrange", sort=[], filters=filters)["message"]
    sort = [{"column": "nobody", "descending": False}]
    assert "no column 'nobody'" in page.refusal("arrange", sort=sort, filters=[])["message"]


def test_a_text_is_found_forwards_backwards_and_around(page: Page) -> None:
    month, sold = page.uid("month"), page.uid("sold")
    start = {"row": 0, "column": month}
    assert page.do("find", text="1", **start) == {"view": 0, "row": 0, "column": sold}
    assert page.do("find", text="5", row=3, column=sold)["row"] == 3
    assert page.do("find", text="31", row=3, column=month)["row"] == 2
    assert page.do("find", text="2026-0", backwards=True, **start)["row"] == 3
    assert page.do("find", text="nowhere", **start) == {"view": 0}


def test_a_column_is_summed_up(page: Page) -> None:
    told = page.do("summary", column=page.uid("sold"))
    assert told["count"] == 4
    assert (told["min"], told["max"], told["mean"]) == ("5", "31", "13.75")
    assert sum(bin_["count"] for bin_ in told["histogram"]) == 4
    assert page.do("summary", column=page.uid("share"))["nulls"] == 1
    told = page.do("summary", column=page.uid("month"))
    assert {"value": "2026-01", "count": 1} in told["frequent"]


def test_columns_are_deleted_but_for_the_last(page: Page) -> None:
    page.do("delete_columns", columns=[page.uid("month"), page.uid("share")])
    assert [one["name"] for one in page.view.columns] == ["sold"]
    assert page.view.undo_label == "Delete 2 columns"
    error = page.refusal("delete_columns", columns=[page.uid("sold")])
    assert error["message"] == "A grid has at least one column."
    page.do("undo")
    assert [one["name"] for one in page.view.columns] == ["month", "sold", "share"]


@pytest.mark.parametrize("name", ["sold", " ", "\ud800"])
def test_a_name_that_is_taken_or_none_is_refused(page: Page, name: str) -> None:
    assert page.refusal("rename", column=page.uid("month"), name=name)
    assert page.refusal("add_column", name=name, kind="text", at=0)


def test_a_kind_that_there_is_not_is_refused(page: Page) -> None:
    error = page.refusal("add_column", name="new", kind="complex", at=0)
    assert "write one of integer, number" in error["message"]


def test_what_was_edited_is_dropped(page: Page) -> None:
    page.do("set", row=0, column=page.uid("sold"), text="13")
    page.do("insert_rows", at=0, count=3)
    page.do("revert")
    assert page.view.frame.equals(FRAME)
    assert (page.view.pending["total"], page.view.undo_label, page.view.row_count) == (0, "", 4)


def forget(page: Page) -> None:
    """Forget what was read, to read it again."""
    cache = page.view._sheet.draft.stored._cache
    while cache.size:
        cache.forget()


class TestOthers:
    """Others change the grid meanwhile."""

    def test_without_edits_what_they_wrote_is_shown(self, client: Client, page: Page) -> None:
        client.push(FRAME.assign(sold=[1, 2, 3, 4]).iloc[:3], "sales/2026")
        forget(page)  # as when one scrolls on
        assert page.rows(0, 2) == [["2026-01", "1", "0.5"], ["2026-02", "2", None]]
        assert (page.view.row_count, page.view.stale, page.view.conflict) == (3, False, {})

    def test_a_save_is_refused_and_says_what_they_did(self, client: Client, page: Page) -> None:
        page.do("set", row=3, column=page.uid("sold"), text="13")
        theirs = client.push(FRAME.iloc[:3], "sales/2026").to_frame()
        error = page.refusal("save", force="")
        assert error["type"] in {"Conflict", "Stale"}
        assert page.view.stale
        assert page.view.conflict == {
            "message": "'sales/2026' was changed on the server since it was read here. It has "
            "3 rows now, not 4, among which those that were edited can't be told.",
            "can_rebase": False,
            "mine": {"rows": 4, "columns": 3},
            "theirs": {"rows": 3, "columns": 3},
        }
        assert page.refusal("save", force="rebase")["type"] == "Conflict"
        assert client.pull("sales/2026").equals(theirs)
        page.do("refresh")
        assert (page.view.conflict, page.view.stale) == ({}, False)
        assert page.view.frame.equals(theirs)

    def test_mine_is_saved_over_theirs(self, client: Client, page: Page) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("rename", column=page.uid("share"), name="part")
        client.push(FRAME.assign(sold=[1, 2, 3, 4], new=list("abcd")), "sales/2026")
        page.refusal("save", force="")
        assert page.view.conflict["can_rebase"]
        page.do("save", force="rebase")
        expected = FRAME.assign(sold=[13, 2, 3, 4], new=list("abcd"))
        pd.testing.assert_frame_equal(
            client.pull("sales/2026"), expected.rename(columns={"share": "part"})
        )
        assert (page.view.conflict, page.view.pending["total"]) == ({}, 0)

    def test_rows_that_others_add_stay_and_so_does_what_is_added_here(
        self, client: Client, page: Page
    ) -> None:
        page.do("set", row=3, column=page.uid("sold"), text="13")
        page.do("insert_rows", at=1, count=1)
        page.do("paste", row=5, column=0, text="2026-06\t6")
        page.do("delete_rows", rows=[0, 1])
        added = pd.DataFrame({"month": ["2026-05"], "sold": [9], "share": [1.0]})
        client.grid("sales/2026").append(added, progress=False)
        page.refusal("save", force="")
        page.do("save", force="rebase")
        stored = client.pull("sales/2026")
        assert stored["month"].fillna("").tolist() == [
            *("", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
        ]
        assert stored["sold"].tolist() == [pd.NA, 7, 31, 13, 9, 6]

    @pytest.mark.parametrize(
        "theirs",
        [
            FRAME.iloc[::-1].reset_index(drop=True),
            FRAME.iloc[[1, 2, 3, 0]].reset_index(drop=True),
            pd.concat([FRAME.iloc[:1], FRAME], ignore_index=True),
            pd.concat(
                [FRAME.iloc[:1], FRAME.iloc[1:2].assign(month="2025-12"), FRAME.iloc[1:]],
                ignore_index=True,
            ),
        ],
        ids=["sorted", "moved", "inserted", "one like it inserted"],
    )
    def test_what_is_edited_of_a_row_goes_to_no_other(
        self, client: Client, page: Page, theirs: pd.DataFrame
    ) -> None:
        page.do("set", row=1, column=page.uid("sold"), text="13")
        client.push(theirs, "sales/2026")
        page.refusal("save", force="")
        assert not page.view.conflict["can_rebase"]
        assert "those that were edited can't be told" in page.view.conflict["message"]
        page.refusal("save", force="rebase")
        assert client.pull("sales/2026").equals(theirs)

    @pytest.mark.parametrize("force", ["", "rebase"])
    def test_what_was_saved_without_an_answer_is_not_saved_twice(
        self, client: Client, page: Page, force: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page.do("insert_rows", at=4, count=1)
        page.do("set", row=4, column=page.uid("month"), text="2026-05")
        page.do("set", row=0, column=page.uid("sold"), text="13")
        with monkeypatch.context() as patched:
            edit = Grid.edit

            def lost(self: Grid, edits: Edits, **options: Any) -> Grid:
                edit(self, edits, **options)
                raise ApiError("The server does not answer.")

            patched.setattr(Grid, "edit", lost)
            page.ask("save", force="")
        stored = client.pull("sales/2026")
        assert page.view.pending["total"] == 2
        page.ask("save", force=force)
        assert (page.view.pending["total"], page.view.conflict) == (0, {})
        assert page.view.frame.equals(stored)
        assert stored["sold"].tolist() == [13, 7, 31, 5, pd.NA]
        assert client.pull("sales/2026").equals(stored)

    def test_an_edit_that_changes_nothing_can_be_undone_after_a_refresh(self, page: Page) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("set", row=0, column=page.uid("sold"), text="12")
        page.view.refresh()
        assert page.view.undo_label == "Edit sold"

    def test_a_cell_that_was_edited_by_both_is_named(self, client: Client, page: Page) -> None:
        page.do("set", row=1, column=page.uid("sold"), text="13")
        client.push(FRAME.assign(sold=[12, 8, 31, 5]), "sales/2026")
        page.refusal("save", force="")
        assert page.view.conflict["can_rebase"]
        assert page.view.conflict["message"].endswith(
            "Cells that you edited were changed too: 'sold' in row 1 is 8 now."
        )

    def test_a_number_is_not_laid_into_a_column_that_is_text_now(
        self, client: Client, page: Page
    ) -> None:
        page.do("set", row=1, column=page.uid("sold"), text="13")
        client.push(FRAME.assign(sold=list("abcd")), "sales/2026")
        page.refusal("save", force="")
        assert not page.view.conflict["can_rebase"]
        assert (
            "'sold', which was edited, is of another type: text" in (page.view.conflict["message"])
        )

    def test_a_column_that_was_edited_and_is_gone_is_a_conflict(
        self, client: Client, page: Page
    ) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        client.push(FRAME[["month"]], "sales/2026")
        with pytest.raises(Conflict, match="column 'sold', which was edited, is gone"):
            page.view.refresh()
        assert not page.view.conflict["can_rebase"]
        page.view.revert()
        assert [one["name"] for one in page.view.columns] == ["month"]

    def test_rows_that_were_not_read_yet_are_not_mixed_with_theirs(
        self, client: Client, page: Page
    ) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        client.push(FRAME.assign(sold=[1, 2, 3, 4]), "sales/2026")
        forget(page)
        assert page.ask("rows", start=0, stop=4, columns=None, view=0)["error"]["type"] == "Stale"
        assert page.view.conflict["can_rebase"]
        page.view.refresh()
        assert page.column("sold") == ["13", "2", "3", "4"]

    def test_what_another_cell_did_to_the_grid_is_not_overwritten(
        self, client: Client, page: Page
    ) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.view.grid.replace_columns(pd.DataFrame({"sold": [1, 2, 3, 4]}))
        assert page.refusal("save", force="")["type"] == "Stale"
        assert client.pull("sales/2026")["sold"].tolist() == [1, 2, 3, 4]
        page.do("save", force="rebase")
        assert client.pull("sales/2026")["sold"].tolist() == [13, 2, 3, 4]

    def test_what_another_cell_hears_of_during_a_save_is_not_overwritten(
        self, client: Client, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grid, edit = page.view.grid, Grid.edit

        def late(self: Grid, edits: Edits, **options: Any) -> Grid:
            if self is grid:
                client.grid("sales/2026").edit(Edits(deleted=[(0, 1)]))
                grid.refresh()
            return edit(self, edits, **options)

        page.do("set", row=1, column=page.uid("sold"), text="13")
        monkeypatch.setattr(Grid, "edit", late)
        assert page.refusal("save", force="")["type"] == "Conflict"
        assert client.pull("sales/2026")["sold"].tolist() == [7, 31, 5]

    def test_new_columns_are_not_laid_beside_other_rows(self, client: Client, page: Page) -> None:
        page.do("rename", column=page.uid("share"), name="part")
        page.do("add_column", name="note", kind="text", at=3)
        client.push(FRAME.iloc[:2], "sales/2026")
        page.view.refresh()
        assert [one["name"] for one in page.view.columns] == ["month", "sold", "part", "note"]
        assert page.rows() == [["2026-01", "12", "0.5", None], ["2026-02", "7", None, None]]
        page.do("set", row=1, column=page.uid("note"), text="x")
        client.push(FRAME, "sales/2026")
        page.view.refresh()
        assert page.column("note") == [None, "x", None, None]
        client.push(FRAME.iloc[1:], "sales/2026")
        with pytest.raises(Conflict, match="It has 3 rows now, not 4"):
            page.view.refresh()

    def test_a_filter_that_makes_no_sense_any_more_is_dropped(
        self, client: Client, page: Page
    ) -> None:
        filters = [{"column": page.uid("month"), "op": "=", "value": "2026-01"}]
        page.do("arrange", sort=[], filters=filters)
        client.push(FRAME.assign(month=[1, 2, 3, 4]), "sales/2026")
        page.do("refresh")
        assert page.view.arrangement == {"sort": [], "filters": []}
        assert page.column("month") == ["1", "2", "3", "4"]

    def test_a_grid_that_is_gone_is_an_answer(self, page: Page) -> None:
        page.view.grid.delete()
        answer = page.ask("rows", start=0, stop=2, columns=None, view=0)
        assert answer["error"]["type"] == "NotFoundError"
        assert "sales/2026" in answer["error"]["message"]
        assert "restore() takes" in answer["error"]["message"]

    def test_of_a_grid_in_the_trash_a_save_says_what_to_do(self, page: Page) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.view.grid.trash()
        message = page.refusal("save", force="")["message"]
        assert "sales/2026" in message
        assert "restore() takes" in message
        page.view.grid.restore()
        page.do("save", force="rebase")

    def test_values_that_others_changed_are_told_by_their_columns(
        self, client: Client, page: Page
    ) -> None:
        page.do("set", row=0, column=page.uid("sold"), text="13")
        client.push(FRAME.assign(share=[1.0, 2.0, 3.0, 4.0]), "sales/2026")
        page.refusal("save", force="")
        assert page.view.conflict["message"].endswith("Columns: with other values 'share'.")


def told(view: GridView, trait: str) -> threading.Event:
    """Tell when a trait has changed."""
    event = threading.Event()
    view.observe(lambda _change: event.set(), trait)
    return event


class TestTwoViews:
    """Of one grid, in one kernel."""

    @pytest.mark.parametrize("shared", [True, False])
    def test_what_is_saved_in_one_is_shown_in_the_other(
        self, client: Client, page: Page, shared: bool
    ) -> None:
        grid = page.view.grid if shared else client.grid("sales/2026")
        other = Page(GridView(grid))
        changed = told(other.view, "view")
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("save", force="")
        assert changed.wait(30)
        assert other.column("sold")[0] == "13"
        assert not other.view.stale
        assert page.view.undo_label == "Edit sold"

    def test_what_is_edited_in_the_other_stays_and_is_a_conflict(
        self, client: Client, page: Page
    ) -> None:
        other = Page(GridView(client.grid("sales/2026")))
        other.do("set", row=1, column=other.uid("sold"), text="8")
        stale = told(other.view, "stale")
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("save", force="")
        assert stale.wait(30)
        assert other.view.conflict["can_rebase"]
        other.do("save", force="rebase")
        assert client.pull("sales/2026")["sold"].tolist() == [13, 8, 31, 5]

    def test_what_python_appends_is_shown(self, client: Client, page: Page) -> None:
        changed = told(page.view, "total_rows")
        client.grid("sales/2026").append(FRAME.iloc[:1], progress=False)
        assert changed.wait(30)
        assert page.view.total_rows == 5

    def test_they_save_at_once_and_none_waits_for_ever(self, client: Client) -> None:
        grid = client.push(FRAME, "sales/2026")
        pages = [Page(GridView(grid)), Page(GridView(grid))]

        def save(page: Page, row: int) -> None:
            for number in range(5):
                page.ask("set", row=row, column=page.uid("sold"), text=str(number))
                page.ask("save", force="rebase")

        threads = [
            threading.Thread(target=save, args=(page, row), daemon=True)
            for row, page in enumerate(pages)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()


def test_a_deleted_column_is_undone_after_a_save(client: Client, page: Page) -> None:
    page.do("delete_columns", columns=[page.uid("sold")])
    assert page.do("save", force="") == {"view": page.view.view}
    assert page.view.undo_label == "Delete sold"
    page.do("undo")
    page.do("save", force="")
    pd.testing.assert_frame_equal(client.pull("sales/2026"), FRAME)


def test_a_long_fraction_keeps_its_exponent_where_it_is_shown(client: Client) -> None:
    long = 1.2934962748678558e-06
    frame = pd.DataFrame({"x": [long, 0.5, 1e300], "n": [10**18, 2, 3]})
    page = Page(GridView(client.push(frame, "floats")))
    assert page.column("x") == ["1.29349627487e-06", "0.5", "1e300"]
    assert page.view.head["columns"][0][0] == "1.29349627487e-06"
    assert page.column("n")[0] == str(10**18)
    assert page.do("cell", row=0, column=page.uid("x"))["text"] == "1.2934962748678558e-6"
    assert page.do("copy", rows=[0, 1], columns=[0, 1])["text"] == "1.2934962748678558e-6"
    assert "1.2934962748678558e-6" in (page.view.to_html() or "")


def test_the_page_of_a_filtered_view_says_that_it_is(view: GridView) -> None:
    view.filter(("sold", ">", 10), ("month", "contains", "<2026"))
    view.filter(("sold", ">", 10), ("share", "is not empty"))
    assert "2 of 4 rows: sold &gt; 10 and share is not empty" in (view.to_html() or "")


def test_what_outlives_the_view_says_what_is_not_saved(view: GridView, page: Page) -> None:
    def texts() -> list[str]:
        bundle, _ = view._repr_mimebundle_()
        return [bundle["text/html"], bundle["text/plain"], view.to_html() or ""]

    page.do("set", row=0, column=page.uid("sold"), text="11")
    assert ["1 change not saved" in text for text in texts()] == [True, True, True]
    view.save()
    assert not any("not saved" in text for text in texts())


def test_a_fault_of_the_program_is_an_answer_too(view: GridView, caplog: Any) -> None:
    answer, _ = view._rows({}, [])
    assert answer["error"] == {"type": "KeyError", "message": "KeyError: 'start'"}
    assert "Traceback" in caplog.text


def test_a_grid_that_is_gone_is_refused_at_once(client: Client) -> None:
    grid = client.push(FRAME, "gone")
    grid.delete()
    with pytest.raises(NotFoundError):
        GridView(grid)


def test_nothing_secret_reaches_the_page(view: GridView, client: Client) -> None:
    state = json.dumps(view.get_state())
    account = client._session.account
    assert account.api_key
    assert account.api_key not in state
    assert account.url not in state


def test_refresh_shows_what_the_server_has_now(client: Client, view: GridView) -> None:
    client.push(FRAME.rename(columns={"sold": "ordered"}).iloc[:1], "sales/2026")
    view.refresh()
    assert [column["name"] for column in view.columns] == ["month", "ordered", "share"]
    assert view.row_count == 1
    assert "ordered" in view._repr_mimebundle_()[0]["text/html"]


def test_a_read_only_view_shows_and_changes_nothing(client: Client) -> None:
    page = Page(GridView(client.push(FRAME, "sales/2026"), read_only=True))
    assert page.view.read_only
    error = page.refusal("set", row=0, column=page.uid("sold"), text="13")
    assert error == {"type": "PermissionDenied", "message": "'sales/2026' is shown read-only."}
    page.view.read_only = False
    page.do("set", row=0, column=page.uid("sold"), text="13")
    page.view.read_only = True
    assert page.refusal("insert_rows", at=0, count=1)
    page.view.undo()
    page.do("arrange", sort=[{"column": page.uid("sold"), "descending": False}], filters=[])
    assert page.column("sold") == ["5", "7", "12", "31"]


class TestPython:
    """What Python sees of a view, and does with it."""

    def test_the_selection_names_rows_of_the_frame_and_columns(self, page: Page) -> None:
        view = page.view
        assert (len(view.selection.rows), view.selection.columns) == (0, [])
        page.do("arrange", sort=[{"column": page.uid("sold"), "descending": True}], filters=[])
        page.do("insert_rows", at=0, count=1)
        view.set_state({"selection": {"rows": [1, 3], "columns": [1, 2]}})
        assert view.selection.columns == ["sold"]
        assert view.frame.iloc[view.selection.rows]["sold"].tolist() == [31, 12]
        assert view.get_state("selection") == {"selection": {"rows": [1, 3], "columns": [1, 2]}}
        view.selection = {}
        assert view.selection.columns == []

    @pytest.mark.parametrize(
        "odd", [None, 1, "rows", [0, 1], {"rows": 1}, {"rows": [0]}, {"columns": [0, "1"]}]
    )
    def test_a_selection_that_is_none_is_refused_and_the_old_one_stays(
        self, page: Page, odd: object
    ) -> None:
        page.view.selection = {"rows": [0, 2], "columns": [0, 1]}
        with pytest.raises(TraitError):
            page.view.set_state({"selection": odd})
        assert page.view.selection.shown == {"rows": [0, 2], "columns": [0, 1]}
        page.do("revert")

    def test_the_selection_is_of_the_rows_that_are_there_now(self, page: Page) -> None:
        view = page.view
        view.set_state({"selection": {"rows": [1, 3], "columns": [1, 2]}})
        view.sort("sold")
        assert view.frame.iloc[view.selection.rows]["sold"].tolist() == [7, 12]
        page.do("delete_rows", rows=[0, 2])
        assert view.frame.iloc[view.selection.rows]["sold"].tolist() == [31]
        page.do("rename", column=page.uid("sold"), name="ordered")
        assert view.selection.columns == ["ordered"]

    def test_changes_say_what_a_save_would_send(self, page: Page) -> None:
        assert not page.view.changes
        assert repr(page.view.changes) == "Changes()"
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("insert_rows", at=4, count=2)
        page.do("delete_rows", rows=[1, 3])
        page.do("rename", column=page.uid("share"), name="part")
        page.do("add_column", name="note", kind="text", at=0)
        page.do("delete_columns", columns=[page.uid("month")])
        changes = page.view.changes
        assert changes
        assert changes.cells == {"sold": ([0], [13])}
        assert changes.inserted == [(4, 2)]
        assert changes.deleted == [(1, 3)]
        assert (changes.renamed, changes.added, changes.removed, changes.moved) == (
            {"share": "part"},
            ["note"],
            ["month"],
            False,
        )
        assert repr(changes) == (
            "Changes(sold[0] = 13, 2 rows before row 4, rows 1–2 deleted, "
            "column 'share' renamed to 'part', column 'note' added, column 'month' deleted)"
        )

    def test_rows_are_sorted_and_filtered_by_name(self, view: GridView) -> None:
        view.sort("sold", descending=True)
        view.filter(("sold", ">", 5), ("share", "is not empty"))
        assert Page(view).column("sold") == ["31", "12"]
        view.sort()
        view.filter(("month", "one of", ["2026-01", "2026-04"]))
        assert Page(view).column("sold") == ["12", "5"]
        view.filter(("share", "≥", np.float64(0.25)))
        assert Page(view).column("sold") == ["12", "31"]
        view.filter(("sold", "!=", 12), ("sold", "<=", 7))
        assert Page(view).column("sold") == ["7", "5"]
        view.filter(("sold", "one of", np.array([12, 7])), ("share", "=", np.nan))
        assert Page(view).column("sold") == ["7"]
        view.filter()
        assert view.row_count == 4
        for wrong in ("sold", ("sold",), ("sold", ">", 1, 2)):
            with pytest.raises(ValidationError, match="A condition is a tuple such as"):
                view.filter(wrong)
        with pytest.raises(ValidationError, match="descending has 2 values for 1 columns"):
            view.sort("sold", descending=[True, False])
        with pytest.raises(NotFoundError, match="no column 'nobody'; there are 'month'"):
            view.sort("nobody")
        with pytest.raises(ValidationError, match="'many' can't be in"):
            view.filter(("sold", "=", "many"))

    def test_who_asks_is_told_of_each_change(self, page: Page) -> None:
        seen: list[int] = []
        page.view.on_change(lambda view: seen.append(view.pending["total"]))
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("rows", start=0, stop=4, columns=None, view=1)
        page.do("set", row=0, column=page.uid("sold"), text="13")
        page.do("undo")
        page.view.redo()
        page.view.save()
        assert seen == [1, 0, 1, 0]

    def test_what_a_callback_raises_is_shown_in_the_view(self, page: Page) -> None:
        def fail(_view: GridView) -> None:
            raise RuntimeError("no such figure")

        page.view.on_change(fail)
        page.do("set", row=0, column=page.uid("sold"), text="13")
        assert page.view.error == {
            "type": "RuntimeError",
            "message": "RuntimeError: no such figure",
        }
        assert page.column("sold")[0] == "13"

    def test_a_callback_may_do_something_with_the_view_itself(self, page: Page) -> None:
        def add_up(view: GridView) -> None:
            if view.undo_label == "Edit sold":
                view.undo()

        page.view.on_change(add_up)
        thread = threading.Thread(
            target=lambda: page.do("set", row=0, column=page.uid("sold"), text="13")
        )
        thread.start()
        thread.join(30)
        assert page.column("sold")[0] == "12"
        page.view.redo()
        assert page.column("sold")[0] == "12"

    def test_what_a_callback_raised_is_gone_when_it_raises_no_more(self, page: Page) -> None:
        page.view.on_change(lambda view: 1 / view.pending["total"])
        page.do("set", row=0, column=page.uid("sold"), text="13")
        assert page.view.error == {}
        page.do("undo")
        assert page.view.error["type"] == "ZeroDivisionError"
        page.do("redo")
        assert page.view.error == {}

    def test_an_observer_that_raises_keeps_nothing_from_the_page(self, page: Page) -> None:
        page.view.observe(lambda change: 1 / 0, "pending")
        page.do("set", row=0, column=page.uid("sold"), text="13")
        assert page.view.undo_label == "Edit sold"
        assert page.view.error["type"] == "ZeroDivisionError"


def test_what_is_too_much_for_a_kernel_is_refused(client: Client) -> None:
    page = Page(GridView(client.push(pd.DataFrame({f"c{x}": [1] for x in range(50)}), "wide")))
    assert "At most 100,000 rows" in page.refusal("insert_rows", at=0, count=200_000)["message"]
    page.do("insert_rows", at=0, count=100_000)
    page.do("insert_rows", at=0, count=100_000)
    everything = {"rows": [0, 200_001], "columns": [0, 50]}
    for command in ("clear", "fill"):
        assert "5,000,000 cells are changed" in page.refusal(command, **everything)["message"]
    error = page.refusal("paste", row=0, column=0, text="1", **everything)
    assert "At most 1,000,000 cells are filled at once" in error["message"]


@pytest.mark.parametrize("row", [-1, 5])
def test_a_paste_where_there_is_no_row_is_refused(page: Page, row: int) -> None:
    assert (
        page.refusal("paste", row=row, column=0, text="x")["message"] == f"There is no row {row}."
    )


def test_a_long_search_is_answered_in_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_searches, "SECONDS", 0)
    frame = pd.DataFrame({"t": np.arange(30_000).astype(str)})
    page = Page(GridView(client.push(frame, "long")))
    asked = {"text": "29999", "row": 5, "column": page.uid("t")}
    first = page.do("find", **asked)
    assert set(first) == {"view", "more"}
    page.rows(0, 10)  # is answered between the parts
    second = page.do("find", **asked, more=first["more"])
    assert second == {"view": 0, "row": 29_999, "column": page.uid("t")} or "more" in second
    while "more" in second:
        second = page.do("find", **asked, more=second["more"])
    assert second["row"] == 29_999


def test_a_search_that_has_to_start_again_finds_what_is_there_now(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_searches, "SECONDS", 0)
    page = Page(GridView(client.push(pd.DataFrame({"t": np.arange(9000).astype(str)}), "long")))
    asked = {"text": "8999", "row": 5, "column": page.uid("t")}
    more = page.do("find", **asked)["more"]
    page.do("set", row=1, column=page.uid("t"), text="8999")
    page.do("set", row=7, column=page.uid("t"), text="8999")
    answer = {"more": more}
    while "more" in answer:
        answer = page.do("find", **asked, more=answer["more"])
    assert answer["row"] == 7


def test_what_reads_for_long_keeps_nobody_from_editing(page: Page) -> None:
    """As a cell that reads ``frame`` while the page scrolls and types."""
    view = page.view
    source = view.grid
    is_reading, may_go_on = threading.Event(), threading.Event()
    read = source.content

    def slowly(**query: str) -> Any:
        if threading.current_thread() is reader:
            is_reading.set()
            assert may_go_on.wait(30)
        return read(**query)

    source.content = slowly
    frames: list[pd.DataFrame] = []
    reader = threading.Thread(target=lambda: frames.append(view.frame))
    reader.start()
    assert is_reading.wait(30)
    assert page.column("sold") == ["12", "7", "31", "5"]
    page.do("set", row=0, column=page.uid("sold"), text="13")
    assert page.column("sold") == ["13", "7", "31", "5"]
    may_go_on.set()
    reader.join(30)
    assert frames[0].equals(FRAME)


def test_a_view_that_is_closed_is_forgotten(client: Client) -> None:
    grid = client.push(FRAME, "sales/2026")
    views = [GridView(grid) for _ in range(50)]
    for view in views:
        Page(view).do("set", row=0, column=Page(view).uid("sold"), text="13")
        view.on_change(print)
    kept = [weakref.ref(view._sheet) for view in views]
    for view in views:
        view.close()
    del view, views
    gc.collect()
    assert [sheet() for sheet in kept] == [None] * 50


def test_a_frame_is_read_like_a_grid(page: Page) -> None:
    frame = FRAME.set_index("month")
    view = plotly_nbext.GridView(frame.plotly_grid.view().grid)
    view.read_only = False  # there is nowhere to save it to
    assert view.read_only
    view.sort("sold")
    assert Page(view).rows()[0] == ["2026-04", "5", "0.125"]
    assert view.frame.equals(frame)
    assert Page(view).refusal("insert_rows", at=0, count=1)["type"] == "PermissionDenied"
    assert Page(view).do("summary", column=Page(view).uid("sold"))["max"] == "31"


def test_commands_of_several_threads_are_done_one_by_one(client: Client) -> None:
    rows, threads = 60, 6
    frame = pd.DataFrame({f"c{x}": [0] * rows for x in range(threads)})
    page = Page(GridView(client.push(frame, "threads")))
    start = threading.Barrier(threads + 1)
    failed: list[object] = []

    def edit(x: int) -> None:
        uid = page.uid(f"c{x}")
        start.wait()
        for y in range(rows):
            answer = page.ask("set", row=y, column=uid, text=str(x * 1000 + y))
            shown = page.ask("rows", start=y, stop=y + 1, columns=[uid], view=0)
            if not answer["ok"] or shown.get("columns") != [[str(x * 1000 + y)]]:
                failed.append((answer, shown))

    def save() -> None:
        start.wait()
        for _ in range(4):
            try:
                page.view.save()
            except Exception as error:  # noqa: BLE001 - a thread has nobody to tell
                failed.append(error)

    workers = [threading.Thread(target=edit, args=(x,)) for x in range(threads)]
    workers.append(threading.Thread(target=save))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    page.view.save()
    expected = pd.DataFrame({f"c{x}": [x * 1000 + y for y in range(rows)] for x in range(threads)})
    pd.testing.assert_frame_equal(client.pull("threads"), expected)
    assert page.view.pending["total"] == 0
