"""What is sent makes of the stored grid what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from plotly_nbext.client import EditedColumn, Edits
from plotly_nbext.notebook.sheet import operations
from plotly_nbext.notebook.sheet.saving import edits_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.notebook.sheet import Sheet

    MakeSheet = Callable[[pd.DataFrame], Sheet]

FRAME = pd.DataFrame({"a": [1, 2, 3, 4], "b": list("wxyz")})

NOTHING = Edits(cells={}, deleted=[], inserted=[], columns=None, metadata=None)


def edits(sheet: Sheet) -> Edits:
    return edits_of(sheet.draft)


def test_nothing_is_sent_of_what_is_not_edited(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(FRAME)
    assert edits(sheet) == NOTHING
    sheet.do(operations.clear(sheet.draft, (0, 4), (0, 2)))
    sheet.do(operations.delete_rows(sheet.draft, (1, 3)))
    sheet.undo()
    sheet.undo()
    assert edits(sheet) == NOTHING


def test_cells_are_sent_by_their_stored_rows(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(FRAME)
    sheet.do(operations.insert_rows(sheet.draft, 0, 2))
    sheet.do(operations.set_cell(sheet.draft, 5, "0", "40"))
    sheet.do(operations.set_cell(sheet.draft, 3, "0", ""))
    sheet.do(operations.set_cell(sheet.draft, 0, "1", "new"))
    assert edits(sheet).cells == {"0": ([1, 3], [None, 40])}
    assert edits(sheet).inserted == [(0, [[None, "new"], [None, None]])]


def test_rows_are_sent_as_ranges(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(FRAME)
    sheet.do(operations.set_cell(sheet.draft, 0, "0", "10"))
    sheet.do(operations.delete_rows(sheet.draft, (0, 1)))
    sheet.do(operations.delete_rows(sheet.draft, (1, 3)))
    assert (edits(sheet).cells, edits(sheet).deleted) == ({}, [(0, 1), (2, 4)])
    sheet.do(operations.insert_rows(sheet.draft, 1, 1))
    assert edits(sheet).inserted == [(4, [[None, None]])]


def test_columns_are_sent_with_the_values_of_new_ones(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(FRAME)
    sheet.do(operations.rename(sheet.draft, "0", "first"))
    sheet.do(operations.add_column(sheet.draft, "new", "integer", 0))
    sheet.do(operations.set_cell(sheet.draft, 3, sheet.draft.columns[0].uid, "5"))
    sheet.do(operations.delete_rows(sheet.draft, (0, 2)))
    sheet.do(operations.delete_columns(sheet.draft, ["1"]))
    sheet.do(operations.insert_rows(sheet.draft, 0, 1))
    assert edits(sheet).columns == [
        EditedColumn(None, "new", [None, None, 5]),
        EditedColumn("0", "first"),
    ]
    assert edits(sheet).inserted == [(2, [[None, None]])]


def test_types_are_sent_where_they_change(sheet_of: MakeSheet) -> None:
    sheet = sheet_of(pd.DataFrame({"x": [float("inf"), 1.0, float("-inf")]}))

    def spec(name: str = "x") -> Any:
        metadata = edits(sheet).metadata
        assert metadata is not None
        return metadata["plotly_nbext"]["columns"][name]

    sheet.do(operations.set_cell(sheet.draft, 1, "0", "2"))
    assert edits(sheet).metadata is None
    sheet.do(operations.insert_rows(sheet.draft, 0, 1))
    assert (spec()["inf"], spec()["-inf"]) == ([1], [3])
    sheet.do(operations.set_cell(sheet.draft, 1, "0", "2"))
    assert "inf" not in spec()
    sheet.do(operations.rename(sheet.draft, "0", "y"))
    assert spec("y")["-inf"] == [3]
