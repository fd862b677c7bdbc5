"""Edits of grids: one request to our server, several to others, with the same outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from plotly_nbext.client import EditedColumn, Edits, editing
from plotly_nbext.columns import encode_frame
from plotly_nbext.errors import Conflict, ValidationError

if TYPE_CHECKING:
    from plotly_nbext.client import Client, Grid

FRAME = pd.DataFrame({"a": [1, 2, 3, 4], "b": list("wxyz"), "c": [0.5, 1.5, 2.5, 3.5]})


@pytest.fixture(params=["ours", "ours without Arrow", "Chart Studio's", "in steps"])
def grid(request, monkeypatch) -> Grid:
    """A grid on each kind of server."""
    if request.param == "Chart Studio's":
        client = request.getfixturevalue("chart_studio").client()
    else:
        name = "json_client" if request.param == "ours without Arrow" else "client"
        client = request.getfixturevalue(name)
    if request.param == "in steps":
        monkeypatch.setattr(editing, "fields_of", lambda _: {"delete": "x" * 101_000_000})
    return client.push(FRAME, "edited")


def uids(grid: Grid) -> dict[str, str]:
    return {column.name: column.uid for column in grid.columns}


def values(grid: Grid) -> dict[str, list[Any]]:
    frame = grid.to_frame().astype(object)
    return {name: frame[name].where(frame[name].notna(), None).tolist() for name in frame}


def test_cells_are_changed_where_they_are(grid: Grid):
    there = uids(grid)
    edits = Edits({there["a"]: ([0, 3], [10, -4]), there["b"]: ([2], ["é"])})
    assert grid.edit(edits) is grid
    assert values(grid) == {
        "a": [10, 2, 3, -4],
        "b": ["w", "x", "é", "z"],
        "c": [0.5, 1.5, 2.5, 3.5],
    }
    assert uids(grid) == there


def test_rows_come_and_go(grid: Grid):
    there = uids(grid)
    edits = Edits(
        {there["a"]: ([3], [40])},
        [(0, 1), (2, 3)],
        [(0, [[7, "new", 7.5]]), (4, [[8, "last", 8.5], [9, "very last", 9.5]])],
    )
    grid.edit(edits)
    assert values(grid) == {
        "a": [7, 2, 40, 8, 9],
        "b": ["new", "x", "z", "last", "very last"],
        "c": [7.5, 1.5, 3.5, 8.5, 9.5],
    }
    assert (grid.row_count, uids(grid)) == (5, there)


def test_columns_swap_names_move_come_and_go(grid: Grid):
    there = uids(grid)
    columns = [
        EditedColumn(there["c"], "a"),
        EditedColumn(None, "new", [1, None, 3]),
        EditedColumn(there["a"], "b"),
        EditedColumn(None, "empty", [None] * 3),
    ]
    grid.edit(Edits({there["c"]: ([0], [9.5])}, [(3, 4)], columns=columns, metadata={"by": "me"}))
    assert values(grid) == {
        "a": [9.5, 1.5, 2.5],
        "new": [1, None, 3],
        "b": [1, 2, 3],
        "empty": [None] * 3,
    }
    after = uids(grid)
    assert (after["a"], after["b"]) == (there["c"], there["a"])
    assert grid.metadata == {"by": "me"}


def test_a_new_column_alone_leaves_the_others_as_they_are(grid: Grid):
    there = uids(grid)
    columns = [EditedColumn(uid, name) for name, uid in there.items()]
    grid.edit(Edits(columns=[EditedColumn(None, "n", list("1234")), *columns]))
    assert values(grid) == {"n": list("1234"), **FRAME.to_dict("list")}
    assert {name: uid for name, uid in uids(grid).items() if name != "n"} == there


def test_all_columns_are_replaced_by_empty_ones(grid: Grid):
    grid.edit(Edits(columns=[EditedColumn(None, "only", [None, None])], metadata={}))
    assert (grid.row_count, values(grid)) == (2, {"only": [None, None]})


def test_what_is_noted_of_other_rows_stays(grid: Grid):
    frame = pd.DataFrame({"x": [float("inf"), 1.0, float("-inf")]})
    grid.update_to(encode_frame(frame))
    grid.edit(Edits({uids(grid)["x"]: ([1], [2.0])}))
    assert grid.to_frame()["x"].tolist() == [float("inf"), 2.0, float("-inf")]


def test_a_grid_that_others_changed_is_left_as_it_is(client: Client):
    mine = client.push(FRAME, "shared")
    theirs = client.grid("shared")
    theirs.edit(Edits({uids(theirs)["a"]: ([0], [100])}))
    with pytest.raises(Conflict):
        mine.edit(Edits(deleted=[(0, 1)]))
    assert values(client.grid("shared"))["a"] == [100, 2, 3, 4]
    read = mine.revision
    with pytest.raises(Conflict):
        mine.refresh().edit(Edits(deleted=[(0, 1)]), revision=read)
    mine.edit(Edits(deleted=[(0, 1)]))
    assert values(mine)["a"] == [2, 3, 4]


def test_a_conflict_is_noticed_without_arrow_too(json_client: Client):
    mine = json_client.push(FRAME, "shared")
    theirs = json_client.grid("shared")
    theirs.edit(Edits({uids(theirs)["a"]: ([0], [100])}))
    with pytest.raises(Conflict):
        mine.edit(Edits(deleted=[(0, 1)]))
    assert values(json_client.grid("shared"))["a"] == [100, 2, 3, 4]


def test_one_request_is_sent_of_what_is_edited_only(client: Client, monkeypatch):
    grid = client.push(FRAME, "small")
    sent = []
    send = client._session.send

    def note(method, path, **options):
        sent.append((method, path, options.get("body")))
        return send(method, path, **options)

    monkeypatch.setattr(client._session, "send", note)
    uid = uids(grid)["a"]
    grid.edit(Edits({uid: ([0], [5])}))
    assert (grid.row_count, grid.revision) == (4, client.grid("small").revision)
    method, path, body = sent[0]
    assert (method, path.rpartition("/")[2]) == ("PATCH", "content")
    assert len(body) < 100
    assert [each[0] for each in sent].count("PATCH") == 1


def test_what_is_not_there_is_refused(client: Client):
    grid = client.push(FRAME, "refused")
    with pytest.raises(ValidationError) as refused:
        grid.edit(Edits(deleted=[(4, 5)]))
    assert refused.value.field == "delete[0]"
