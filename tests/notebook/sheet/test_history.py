"""What was done is taken back, before a save and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from plotly_nbext.notebook.sheet import Sheet, carrying, history, operations
from plotly_nbext.notebook.sheet.change import Seen
from plotly_nbext.notebook.sheet.order import Arrangement, Sort

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.client import Client

FRAME = pd.DataFrame({"a": [1, 2, 3, 4], "b": list("wxyz"), "c": [0.5, 1.5, 2.5, 3.5]})


@pytest.fixture
def sheet(client: Client) -> Sheet:
    return Sheet(client.push(FRAME, "history", progress=False))


def uid(sheet: Sheet, name: str) -> str:
    return sheet.draft.named(name).uid


def test_deleted_rows_come_back_whole_after_a_save(client: Client, sheet: Sheet) -> None:
    sheet.do(operations.set_cell(sheet.draft, 1, uid(sheet, "a"), "20"))
    sheet.do(operations.delete_rows(sheet.draft, (1, 3)))
    sheet.save()
    assert client.pull("history")["b"].tolist() == ["w", "z"]
    sheet.undo()
    assert sheet.frame()["a"].tolist() == [1, 20, 3, 4]
    sheet.undo()
    pd.testing.assert_frame_equal(sheet.frame(), FRAME)
    sheet.save()
    pd.testing.assert_frame_equal(client.pull("history"), FRAME)
    sheet.redo()
    sheet.redo()
    sheet.save()
    assert client.pull("history")["b"].tolist() == ["w", "z"]


def test_inserted_rows_go_after_a_save_and_come_back_after_another(
    client: Client, sheet: Sheet
) -> None:
    sheet.do(operations.insert_rows(sheet.draft, 2, 1))
    sheet.do(operations.set_cell(sheet.draft, 2, uid(sheet, "b"), "new"))
    sheet.save()
    sheet.undo()
    assert sheet.frame()["b"].isna().tolist() == [False, False, True, False, False]
    sheet.undo()
    sheet.save()
    pd.testing.assert_frame_equal(client.pull("history"), FRAME)
    sheet.redo()
    sheet.redo()
    assert sheet.frame()["b"].tolist() == ["w", "x", "new", "y", "z"]


def test_what_is_deleted_again_after_a_save_leaves_no_edit_of_its_cells(sheet: Sheet) -> None:
    sheet.do(operations.set_cell(sheet.draft, 1, uid(sheet, "a"), "20"))
    sheet.do(operations.delete_rows(sheet.draft, (1, 2)))
    sheet.undo()
    sheet.save()
    sheet.redo()
    assert sheet.draft.pending == (0, 0, 1, 0)


def test_a_rename_and_a_new_column_are_taken_back_after_a_save(
    client: Client, sheet: Sheet
) -> None:
    sheet.do(operations.rename(sheet.draft, uid(sheet, "a"), "first"))
    sheet.do(operations.add_column(sheet.draft, "new", "text", 0))
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "new"), "x"))
    sheet.save()
    for _ in range(3):
        sheet.undo()
    assert sheet.history.undo_label == ""
    pd.testing.assert_frame_equal(sheet.frame(), FRAME)
    sheet.save()
    pd.testing.assert_frame_equal(client.pull("history"), FRAME)


def test_a_new_column_that_was_not_saved_is_no_saved_one_when_it_comes_back(
    client: Client, sheet: Sheet
) -> None:
    sheet.do(operations.add_column(sheet.draft, "one", "text", 0))
    sheet.undo()
    sheet.do(operations.add_column(sheet.draft, "two", "integer", 0))
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "two"), "2"))
    sheet.save()
    sheet.do(operations.add_column(sheet.draft, "three", "integer", 0))
    assert len({column.uid for column in sheet.draft.columns}) == 5
    sheet.save()
    assert list(client.pull("history").columns) == ["three", "two", "a", "b", "c"]


def test_a_deleted_column_comes_back_after_a_save_as_it_was(client: Client, sheet: Sheet) -> None:
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "a"), "10"))
    sheet.do(operations.set_cell(sheet.draft, 3, uid(sheet, "b"), "edited"))
    sheet.do(operations.delete_rows(sheet.draft, (1, 2)))
    sheet.do(operations.delete_columns(sheet.draft, [uid(sheet, "b")]))
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "a"), "11"))
    assert sheet.save() == ""
    assert list(client.pull("history").columns) == ["a", "c"]
    sheet.undo()
    assert sheet.history.undo_label == "Delete b"
    sheet.undo()
    sheet.save()
    assert client.pull("history")["b"].tolist() == ["w", "y", "edited"]
    for _ in range(3):
        sheet.undo()
    pd.testing.assert_frame_equal(sheet.frame(), FRAME)
    sheet.save()
    pd.testing.assert_frame_equal(client.pull("history"), FRAME)
    for _ in range(5):
        sheet.redo()
    sheet.save()
    assert client.pull("history").to_dict("list") == {"a": [11, 3, 4], "c": [0.5, 2.5, 3.5]}


def test_a_deleted_column_comes_back_with_its_type(client: Client) -> None:
    frame = pd.DataFrame(
        {
            "id": [1, 2, 3],
            7: pd.array([1.5, float("inf"), None], "Float32"),
            "kind": pd.Categorical(["x", None, "y"], ["y", "x"], ordered=True),
            "when": pd.to_datetime(["2026-01-01", None, "2026-03-01"]).tz_localize("Europe/Paris"),
            "any": [1, None, float("-inf")],
        }
    )
    sheet = Sheet(client.push(frame, "types", progress=False))
    before = sheet.frame()
    gone = [column.uid for column in sheet.draft.columns[1:]]
    sheet.do(operations.delete_columns(sheet.draft, gone))
    sheet.do(operations.insert_rows(sheet.draft, 0, 1))
    sheet.do(operations.delete_rows(sheet.draft, (1, 2)))
    sheet.save()
    for _ in range(3):
        sheet.undo()
    sheet.save()
    pd.testing.assert_frame_equal(sheet.frame(), before)
    pd.testing.assert_frame_equal(client.pull("types"), before)


def test_what_would_take_too_much_can_not_be_undone_after_a_save_and_that_is_said(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "MOST_BYTES", 200)
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "a"), "10"))
    sheet.do(operations.clear(sheet.draft, (0, 4), (1, 2)))
    sheet.do(operations.set_cell(sheet.draft, 3, uid(sheet, "c"), "9"))
    said = sheet.save()
    assert said == "“Clear 4 cells” and what was done before it can't be undone any more."
    sheet.undo()
    assert sheet.history.undo_label == ""
    assert sheet.frame()["c"].tolist() == [0.5, 1.5, 2.5, 3.5]
    sheet.do(operations.delete_columns(sheet.draft, [uid(sheet, "b")]))
    assert sheet.save() == "“Delete b” and what was done before it can't be undone any more."
    assert sheet.history.undo_label == ""


def test_the_oldest_edits_are_forgotten_when_they_hold_too_much(
    sheet_of: Callable[[pd.DataFrame], Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_PARTS", 10)
    sheet = sheet_of(FRAME)
    for name in ("a", "b", "c"):
        x = sheet.draft.place_of_column(uid(sheet, name))
        sheet.do(operations.clear(sheet.draft, (0, 4), (x, x + 1)))
    assert len(sheet.history.done) == 2
    sheet.do(operations.clear(sheet.draft, (0, 4), (0, 3)))
    assert len(sheet.history.done) == 1
    for number in range(300):
        sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "a"), str(number)))
    assert len(sheet.history.done) == 10


def test_rows_come_back_where_they_were_shown(
    sheet_of: Callable[[pd.DataFrame], Sheet],
) -> None:
    sheet = sheet_of(FRAME)
    sheet.arrange(Arrangement((Sort(uid(sheet, "a"), descending=True),)))
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "a"), "0"))  # stays in its place
    sheet.do(operations.delete_rows(sheet.draft, (0, 2)))
    sheet.undo()
    assert sheet.texts(0, 4)[0][1] == ["z", "y", "x", "w"]
    sheet.redo()
    sheet.arrange(Arrangement((Sort(uid(sheet, "b")),)))
    sheet.undo()
    assert sheet.texts(0, 4)[0][1] == ["w", "x", "y", "z"]


def test_a_save_leaves_rows_where_they_are_shown(sheet: Sheet) -> None:
    sheet.arrange(Arrangement((Sort(uid(sheet, "a"), descending=True),)))
    sheet.do(operations.set_cell(sheet.draft, 0, uid(sheet, "a"), "0"))
    sheet.do(operations.insert_rows(sheet.draft, 1, 1))
    sheet.do(operations.delete_rows(sheet.draft, (2, 3)))
    shown = sheet.texts(0, 4)[0]
    assert shown[1] == ["z", None, "x", "w"]
    sheet.save()
    assert sheet.texts(0, 4) == (shown, [])
    sheet.undo()
    assert sheet.texts(0, 5)[0][1] == ["z", None, "y", "x", "w"]


def test_it_is_told_where_to_look(sheet_of: Callable[[pd.DataFrame], Sheet]) -> None:
    sheet = sheet_of(FRAME)
    a, b, c = (column.uid for column in sheet.draft.columns)
    assert sheet.undo() is None
    sheet.do(operations.clear(sheet.draft, (2, 4), (1, 3)))
    assert sheet.undo() == Seen(2, b)
    sheet.do(operations.delete_rows(sheet.draft, (3, 4)))
    assert sheet.undo() == Seen(3, a)
    assert sheet.redo() == Seen(2, a)
    sheet.do(operations.rename(sheet.draft, c, "last"))
    assert sheet.undo() == Seen(None, c)
    sheet.do(operations.delete_columns(sheet.draft, [b]))
    assert sheet.undo() == Seen(None, b)
    assert sheet.redo() == Seen(None, c)
