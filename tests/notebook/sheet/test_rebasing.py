"""What is edited here and what others do at the same time: no edit goes to another row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.errors import Conflict
from plotly_nbext.notebook.sheet import Sheet, operations

if TYPE_CHECKING:
    from plotly_nbext.client import Client


def frame(rows: int) -> pd.DataFrame:
    """Rows that have a name each, beside values that many of them have."""
    ids = [f"r{row}" for row in range(rows)]
    return pd.DataFrame(
        {
            "id": ids,
            "n": [row % 3 for row in range(rows)],
            "flag": [row % 2 == 0 for row in range(rows)],
        }
    ).astype({"id": "str", "n": "Int64", "flag": "boolean"})


def by_id(table: pd.DataFrame) -> dict[str, Any]:
    return {row.id: row.n for row in table.itertuples() if not pd.isna(row.id)}


def changed_by_others(stored: pd.DataFrame, data: st.DataObject) -> pd.DataFrame:
    length = len(stored)
    places = st.integers(0, length - 1)
    theirs = stored.copy()
    for row in data.draw(st.sets(places, max_size=2), "theirs"):
        theirs.loc[row, "n"] = 50 + row
    match data.draw(st.sampled_from(["", "append", "insert", "delete", "sort", "rotate"])):
        case "append":
            more = frame(length + 2).iloc[length:]
            theirs = pd.concat([theirs, more], ignore_index=True)
        case "insert":
            new = theirs.iloc[:1].assign(id="new")
            theirs = pd.concat([new, theirs], ignore_index=True)
        case "delete":
            theirs = theirs.drop(data.draw(places)).reset_index(drop=True)
        case "sort":
            theirs = theirs.sort_values("n", ignore_index=True)
        case "rotate":
            theirs = theirs.iloc[[*range(1, length), 0]].reset_index(drop=True)
    return theirs


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_edit_is_of_the_row_that_it_was_made_in(client: Client, data: st.DataObject) -> None:
    length = data.draw(st.integers(2, 8), "length")
    places = st.integers(0, length - 1)
    stored = frame(length)
    sheet = Sheet(client.push(stored, "both", progress=False))
    uid = sheet.draft.named("n").uid
    mine = {}
    for place in data.draw(st.sets(places, min_size=1, max_size=3), "edited"):
        sheet.do(operations.set_cell(sheet.draft, place, uid, str(100 + place)))
        mine[f"r{place}"] = 100 + place
    gone: set[str] = set()
    if data.draw(st.booleans(), "delete"):
        place = data.draw(places)
        sheet.do(operations.delete_rows(sheet.draft, (place, place + 1)))
        gone = {f"r{place}"}
    if data.draw(st.booleans(), "insert"):
        sheet.do(operations.insert_rows(sheet.draft, data.draw(places), 1))

    theirs = changed_by_others(stored, data)
    client.push(theirs, "both", progress=False)

    try:
        sheet.refresh()
        sheet.save()
    except Conflict:
        pd.testing.assert_frame_equal(client.pull("both"), theirs)
        return
    saved = by_id(client.pull("both"))
    expected = by_id(theirs) | mine
    assert saved == {one: value for one, value in expected.items() if one not in gone}
