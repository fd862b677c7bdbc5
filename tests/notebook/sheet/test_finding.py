"""A text is found where somebody who reads from cell to cell would find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.notebook.sheet import finding, operations
from plotly_nbext.notebook.sheet.change import Place
from plotly_nbext.notebook.sheet.filters import Filter
from plotly_nbext.notebook.sheet.finding import find
from plotly_nbext.notebook.sheet.order import Arrangement, Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from plotly_nbext.notebook.sheet import Sheet


def last_of(found: Iterable[Place | None]) -> Place | None:
    return next((place for place in found if place is not None), None)


def read_through(sheet: Sheet, text: str, start: Place, *, backwards: bool) -> Place | None:
    """Look at one cell after the other."""
    texts, _ = sheet.texts(0, sheet.draft.shown_rows)
    width, total = len(texts), len(texts) * sheet.draft.shown_rows
    at = start.row * width + start.column
    for ahead in range(1, total + 1):
        row, column = divmod((at + (-ahead if backwards else ahead)) % total, width)
        if text.lower() in (texts[column][row] or "").lower():
            return Place(row, column)
    return None


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize("near", [1, 3, 4096])
def test_the_next_cell_is_the_first_that_one_would_come_to(
    sheet_of: Callable[[pd.DataFrame], Sheet],
    monkeypatch: pytest.MonkeyPatch,
    near: int,
    data: st.DataObject,
) -> None:
    monkeypatch.setattr(finding, "NEAR_ROWS", near)
    monkeypatch.setattr(finding, "CELLS_AT_ONCE", 6)
    length = data.draw(st.integers(1, 9))
    cells = st.none() | st.sampled_from(["a", "Ab", "b", "1", "2.5"])
    numbers = st.lists(st.sampled_from([1, 2, 12]), min_size=length, max_size=length)
    frame = pd.DataFrame(
        {
            "t": pd.array(data.draw(st.lists(cells, min_size=length, max_size=length)), "str"),
            "n": data.draw(numbers),
            "x": pd.array(data.draw(numbers), "float64") / 2,
        }
    )
    sheet = sheet_of(frame)
    columns = sheet.draft.columns
    if data.draw(st.booleans(), "edited"):
        sheet.do(operations.insert_rows(sheet.draft, 0, 2))
        sheet.do(operations.set_cell(sheet.draft, 1, columns[0].uid, "AB"))
    if data.draw(st.booleans(), "arranged"):
        filters = (Filter(columns[1].uid, "<", "12"),)
        sheet.arrange(Arrangement((Sort(columns[1].uid, descending=True),), filters))
    rows = sheet.draft.shown_rows
    row = data.draw(st.integers(0, max(rows - 1, 0)), "row")
    start = Place(row, data.draw(st.integers(0, 2), "column"))
    text = data.draw(st.sampled_from(["a", "AB", "1", "2.5", ".", "6", "z"]), "text")
    backwards = data.draw(st.booleans(), "backwards")
    found = last_of(find(sheet.draft, text, start, backwards=backwards))
    expected = read_through(sheet, text, start, backwards=backwards) if rows else None
    assert found == expected


def test_nothing_is_found_of_nothing(sheet_of: Callable[[pd.DataFrame], Sheet]) -> None:
    sheet = sheet_of(pd.DataFrame({"a": [1]}))
    assert [*find(sheet.draft, "", Place(0, 0))] == []
    sheet.do(operations.delete_rows(sheet.draft, (0, 1)))
    assert [*find(sheet.draft, "1", Place(0, 0))] == []
