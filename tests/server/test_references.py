"""Figures whose attributes name columns of grids: drawn as if the data stood in the figure."""

from __future__ import annotations

import tracemalloc
from contextlib import closing

import pytest

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.server import references as server_references
from plotly_nbext.server.auth import Caller
from plotly_nbext.server.references import (
    fill_references,
    find_references,
    inline_references,
    plot_content,
    referenced_grids,
)
from plotly_nbext.server.store import Database, files, grids, plots, trash, users
from plotly_nbext.server.store.files import GRID, PLOT
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.schema import HOME
from tests.databases import databases

COLUMNS = {
    "month": ["Jan", "Feb", "Mar", "Apr"],
    "total": [3, 1, 4, 2],
    "colour": [10, 20, 30, 40],
    "size": [8, 12, 16, 20],
}
TRACE = {"type": "scatter", "mode": "markers", "uid": "aaaaaa"}


@pytest.fixture
def grid(api):
    return api.grid(COLUMNS)["fid"]


def references(caller, fid: str) -> dict[str, str]:
    """Give what refers to each column of a grid, by the column's name."""
    return {name: f"{fid}:{uid}" for name, uid in caller.uids(fid).items()}


def refused(caller, reference: str, status: int = 400) -> str:
    body = {"figure": {"data": [TRACE | {"y": [1, 2, 3, 4], "xsrc": reference}]}}
    return caller.refused(status, "POST", "/v2/images", json=body)["message"]


# --- what is filled in ----------------------------------------------------------------------------


def test_x_and_y_come_from_the_grid(api, drawing, grid):
    src = references(api, grid)
    inline = TRACE | {"x": COLUMNS["month"], "y": COLUMNS["total"]}
    by_reference = TRACE | {"xsrc": src["month"], "ysrc": src["total"]}
    drawn = drawing(api, {"data": [by_reference]})
    assert drawn == drawing(api, {"data": [inline]})
    assert drawn != drawing(api, {"data": [inline | {"y": [3, 1, 4, 2.5]}]})


def test_nested_attributes_come_from_the_grid(api, drawing, grid):
    src = references(api, grid)
    data = {"x": COLUMNS["month"], "y": COLUMNS["total"]}
    inline = {
        "marker": {"color": COLUMNS["colour"], "size": COLUMNS["size"]},
        "error_y": {"type": "data", "array": COLUMNS["total"]},
        "text": COLUMNS["month"],
        "mode": "markers+text",
    }
    by_reference = {
        "marker": {"colorsrc": src["colour"], "sizesrc": src["size"]},
        "error_y": {"type": "data", "arraysrc": src["total"]},
        "textsrc": src["month"],
        "mode": "markers+text",
    }
    drawn = drawing(api, {"data": [TRACE | data | by_reference]})
    assert drawn == drawing(api, {"data": [TRACE | data | inline]})
    assert drawn != drawing(api, {"data": [TRACE | data]})


def test_attributes_inside_arrays_come_from_the_grid(api, drawing, grid):
    src = references(api, grid)
    trace = {"type": "parcats", "uid": "aaaaaa"}
    inline = [{"label": name, "values": COLUMNS[name]} for name in ("total", "colour")]
    by_reference = [{"label": name, "valuessrc": src[name]} for name in ("total", "colour")]
    drawn = drawing(api, {"data": [trace | {"dimensions": by_reference}]})
    assert drawn == drawing(api, {"data": [trace | {"dimensions": inline}]})


def test_several_uids_are_a_list_of_columns(api, drawing, grid):
    uids = api.uids(grid)
    trace = {"type": "heatmap", "uid": "aaaaaa"}
    by_reference = trace | {"zsrc": f"{grid}:{uids['size']},{uids['total']},{uids['colour']}"}
    inline = trace | {"z": [COLUMNS["size"], COLUMNS["total"], COLUMNS["colour"]]}
    assert drawing(api, {"data": [by_reference]}) == drawing(api, {"data": [inline]})


def test_a_table_shows_the_columns_it_refers_to(api, drawing, grid):
    uids = api.uids(grid)
    header = {"values": ["month", "total"]}
    inline = {"values": [COLUMNS["month"], COLUMNS["total"]]}
    by_reference = {"valuessrc": f"{grid}:{uids['month']},{uids['total']}"}
    trace = {"type": "table", "uid": "aaaaaa", "header": header}
    drawn = drawing(api, {"data": [trace | {"cells": by_reference}]})
    assert drawn == drawing(api, {"data": [trace | {"cells": inline}]})
    assert "Apr" in drawn


def test_references_of_several_traces_to_several_grids(api, drawing, grid):
    second = api.grid({"x": ["Jan", "Mar"], "y": [2, 5]})["fid"]
    first_src, second_src = references(api, grid), references(api, second)
    bar = {"type": "bar"}
    by_reference = [
        bar | {"uid": "aaaaaa", "xsrc": first_src["month"], "ysrc": first_src["total"]},
        bar | {"uid": "bbbbbb", "xsrc": second_src["x"], "ysrc": second_src["y"]},
    ]
    inline = [
        bar | {"uid": "aaaaaa", "x": COLUMNS["month"], "y": COLUMNS["total"]},
        bar | {"uid": "bbbbbb", "x": ["Jan", "Mar"], "y": [2, 5]},
    ]
    assert drawing(api, {"data": by_reference}) == drawing(api, {"data": inline})


def test_references_in_a_figure_sent_as_a_string(api, drawing, grid):
    src = references(api, grid)
    figure = f'{{"data": [{{"type": "bar", "uid": "aaaaaa", "ysrc": "{src["total"]}"}}]}}'
    inline = {"data": [{"type": "bar", "uid": "aaaaaa", "y": COLUMNS["total"]}]}
    assert drawing(api, figure) == drawing(api, inline)


def test_rows_appended_later_are_drawn(api, drawing, grid):
    src = references(api, grid)
    api.expect(201, "POST", f"/v2/grids/{grid}/row", json={"rows": [["May", 7, 50, 24]]})
    drawn = drawing(api, {"data": [TRACE | {"ysrc": src["total"]}]})
    assert drawn == drawing(api, {"data": [TRACE | {"y": [*COLUMNS["total"], 7]}]})


def test_a_column_keeps_its_reference_when_it_is_replaced_and_renamed(api, drawing, grid):
    src = references(api, grid)
    path = f"/v2/grids/{grid}/col?uid={src['total'].split(':')[-1]}"
    body = {"cols": '[{"data": [5, 6, 8, 7], "name": "sum", "order": 0}]'}
    api.expect(200, "PUT", path, json=body)
    drawn = drawing(api, {"data": [TRACE | {"ysrc": src["total"]}]})
    assert drawn == drawing(api, {"data": [TRACE | {"y": [5, 6, 8, 7]}]})


def test_nulls_in_a_column_are_gaps(api, drawing):
    fid = api.grid({"y": [1, None, 3]})["fid"]
    drawn = drawing(api, {"data": [TRACE | {"ysrc": references(api, fid)["y"]}]})
    assert drawn == drawing(api, {"data": [TRACE | {"y": [1, None, 3]}]})


def test_a_reference_that_is_null_is_none(api, drawing):
    drawn = drawing(api, {"data": [TRACE | {"y": [1, 2], "xsrc": None}]})
    assert drawn == drawing(api, {"data": [TRACE | {"y": [1, 2]}]})


@pytest.mark.parametrize(
    "figure",
    [
        {"data": [], "layout": {"meta": {"logosrc": "https://example.org/logo.png"}}},
        {"data": [{"y": [1], "customdata": [{"imagesrc": "cat.png"}]}], "layout": {}},
    ],
    ids=["layout.meta", "customdata"],
)
def test_what_users_keep_in_meta_and_customdata_is_no_reference(api, drawing, figure):
    assert drawing(api, figure).startswith("<svg")


# --- the caller's rights --------------------------------------------------------------------------


def test_a_public_grid_of_another_user_is_drawn(api, other, drawing):
    fid = api.grid(COLUMNS, world_readable=True)["fid"]
    drawn = drawing(other, {"data": [TRACE | {"ysrc": references(api, fid)["total"]}]})
    assert drawn == drawing(other, {"data": [TRACE | {"y": COLUMNS["total"]}]})


def test_a_private_grid_of_another_user_is_refused_by_name(api, other, grid):
    reference = references(api, grid)["total"]
    assert reference in refused(other, reference)


def test_the_refusal_of_a_private_grid_tells_no_more_than_that_of_an_unknown_one(api, other, grid):
    private = references(api, grid)["total"]
    unknown = f"{api.username}:{int(grid.split(':')[1]) + 1}:e3a9dd"
    about_private, about_unknown = refused(other, private), refused(other, unknown)
    assert about_private.replace(private, "") == about_unknown.replace(unknown, "")


def test_an_unknown_grid_is_refused_by_name(api):
    reference = f"{api.username}:88:e3a9dd"
    assert reference in refused(api, reference)


def test_a_grid_of_an_unknown_user_is_refused_by_name(api):
    assert "nobody-of-this-name:0:e3a9dd" in refused(api, "nobody-of-this-name:0:e3a9dd")


def test_an_unknown_column_is_refused_by_name(api, grid):
    taken = api.uids(grid).values()
    unknown = next(uid for n in range(9) if (uid := f"{n:06x}") not in taken)
    assert f"{grid}:{unknown}" in refused(api, f"{grid}:{unknown}")


def test_one_unknown_column_among_known_ones_is_refused_by_name(api, grid):
    reference = f"{grid}:{api.uids(grid)['total']},ffffff0"
    assert "ffffff0" in refused(api, reference)


def test_a_trashed_grid_is_refused_by_name(api, grid):
    reference = references(api, grid)["total"]
    api.expect(200, "POST", f"/v2/grids/{grid}/trash")
    assert reference in refused(api, reference)


def test_a_folder_is_refused_by_name(api):
    reference = f"{api.folder('folder')['fid']}:e3a9dd"
    assert reference in refused(api, reference)


def test_anonymous_callers_draw_nothing_even_from_public_grids(api, anonymous):
    fid = api.grid(COLUMNS, world_readable=True)["fid"]
    refused(anonymous, references(api, fid)["total"], status=401)


@pytest.mark.parametrize("depth", [195, 5000])
def test_a_deeply_nested_figure_with_references_is_refused(api, grid, depth):
    figure = '{"data": [{"xsrc": "%s", "meta": %s}]}'
    figure %= (references(api, grid)["total"], "[" * depth + "]" * depth)
    error = api.refused(400, "POST", "/v2/images", json={"figure": figure})
    assert error["field"] == "figure"


# --- what the server makes of them ----------------------------------------------------------------

ALICE, BOB = Caller("alice"), Caller("bob")


@pytest.fixture
def connection(tmp_path):
    with (
        closing(Database(databases.location(tmp_path))) as database,
        database.write() as connection,
    ):
        users.add(connection, "alice")
        users.add(connection, "bob")
        yield connection


@pytest.fixture
def table(connection):
    """Make a grid of alice's; give its record and what refers to each of its columns, by name."""

    def make(**columns) -> tuple[files.FileRecord, dict[str, str]]:
        record = files.create(connection, owner="alice", filetype=GRID, filename=None, parent=HOME)
        changes = [ColumnChange(name=name, values=values) for name, values in columns.items()]
        made = grids.add_columns(connection, record, changes)
        return record, {column.name: f"{record.fid}:{column.uid}" for column in made}

    return make


def text(**trace) -> bytes:
    return json.dumps({"data": [trace], "layout": {}})


def filled(connection, figure: bytes, caller=ALICE, **options) -> dict:
    return json.loads(fill_references(connection, caller, figure, **options))["data"][0]


def test_a_figure_without_references_stays_the_text_that_it_was(connection):
    for figure in (
        b'{ "data": [{"y": [1.50]}] }',
        b'{"data": [], "layout": {"src": "a:1:bbbbbb"}}',
    ):
        assert fill_references(connection, ALICE, figure) == figure
        assert inline_references(connection, ALICE, figure, ["a:1"]) == figure


def test_values_stand_beside_their_reference_exactly(connection, table):
    values = [2**70, 0.1, "a", None, [1, {"b": 2}], True]
    _, src = table(y=values)
    assert filled(connection, text(ysrc=src["y"])) == {"ysrc": src["y"], "y": values}


def test_what_can_not_be_read_is_left_where_that_is_wanted(connection, table):
    _, src = table(x=[1], y=[2])
    gone = "alice:932:e3a9dd"
    figure = text(xsrc=src["x"], ysrc=gone, textsrc="alice:1:not uids", marker={"sizesrc": gone})
    assert filled(connection, figure, leave_missing=True) == json.loads(figure)["data"][0] | {
        "x": [1]
    }
    with pytest.raises(ValidationError) as refusal:
        filled(connection, figure)
    assert refusal.value.field == "figure.data[0].ysrc"


def test_a_number_is_written_in_one_way_only(connection, table):
    """Else a reference would be resolved that the plot is not known to have."""
    _, src = table(x=[1])
    owner, number, uid = src["x"].split(":")
    for other in (f"{owner}:0{number}:{uid}", f"{owner}:\u0660:{uid}"):
        with pytest.raises(ValidationError):
            filled(connection, text(xsrc=other))


def test_a_reference_whose_name_is_escaped_is_read_as_any_other(connection, table):
    _, src = table(x=[1, 2])
    for name in (r"\u0078sr\u0063", r"xs\u0072c", r"x\u0073rc"):
        figure = b'{"data": [{"%s": "%s"}]}' % (name.encode(), src["x"].encode())
        assert filled(connection, figure) == {"xsrc": src["x"], "x": [1, 2]}
        dropped = inline_references(connection, ALICE, figure, [src["x"].rpartition(":")[0]])
        assert json.loads(dropped) == {"data": [{"x": [1, 2]}]}


def test_many_references_below_long_names_take_little_memory():
    """One name of 50 kB above 20,000 references once took a gigabyte."""
    figure = {"layout": {"k" * 50_000: [{"asrc": "a:1"} for _ in range(20_000)]}}
    tracemalloc.start()
    try:
        found = find_references(figure)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert len(found) == 20_000


def test_the_refusal_of_a_reference_with_a_long_name_is_short(connection):
    figure = json.dumps({"data": [], "k" * 50_000: [{"xsrc": "a:1" + "x" * 50_000}]})
    with pytest.raises(ValidationError) as refusal:
        fill_references(connection, ALICE, figure)
    assert len(refusal.value.message) < 1_000
    assert refusal.value.field.startswith("figure.kkkk")
    assert len(refusal.value.field) < 300


def test_all_values_together_have_a_limit(connection, table, monkeypatch):
    monkeypatch.setattr(server_references, "MAX_BYTES", len("[1,1,1,1,1][2,2,2,2,2]"))
    _, src = table(x=[1] * 5, y=[2] * 5, z=[3])
    figure = text(xsrc=src["x"], ysrc=src["y"])
    assert filled(connection, figure)["y"] == [2] * 5
    for more in ({"zsrc": src["z"]}, {"textsrc": src["x"]}):
        for leave_missing in (False, True):
            with pytest.raises(ValidationError) as refusal:
                filled(
                    connection,
                    text(xsrc=src["x"], ysrc=src["y"], marker=more),
                    leave_missing=leave_missing,
                )
            assert refusal.value.status_code == 400
            assert refusal.value.field == f"figure.data[0].marker.{next(iter(more))}"


def test_the_limit_counts_long_texts_lists_and_a_column_named_often(connection, table, monkeypatch):
    monkeypatch.setattr(server_references, "MAX_BYTES", 20)
    _, src = table(lists=[[1] * 6, [2] * 6], text=["x" * 20], x=[1, 2])
    uid = src["x"].split(":")[2]
    assert filled(connection, text(zsrc=src["x"] + f",{uid}" * 3))["z"] == [[1, 2]] * 4
    for reference in (src["lists"], src["text"], src["x"] + f",{uid}" * 4):
        with pytest.raises(ValidationError) as refusal:
            filled(connection, text(zsrc=reference))
        assert refusal.value.field == "figure.data[0].zsrc"


def test_a_plot_shows_what_its_owner_may_read_and_no_one_else(connection, table):
    grid, src = table(x=[1, 2])
    for owner in ("alice", "bob"):
        plot = files.create(connection, owner=owner, filetype=PLOT, filename=None, parent=HOME)
        plots.create(connection, plot, text(xsrc=src["x"]))
        shown = json.loads(plot_content(connection, plot))["data"][0]
        assert shown == {"xsrc": src["x"]} | ({"x": [1, 2]} if owner == "alice" else {})
    public = files.change(connection, grid, world_readable=True)
    assert json.loads(plot_content(connection, plot))["data"][0]["x"] == [1, 2]
    trash.trash(connection, public)
    assert json.loads(plot_content(connection, plot))["data"][0] == {"xsrc": src["x"]}


def test_a_plot_outlives_the_owner_of_a_grid_that_it_draws_on(connection, table):
    grid, src = table(x=[1, 2])
    files.change(connection, grid, world_readable=True)
    plot = files.create(connection, owner="bob", filetype=PLOT, filename=None, parent=HOME)
    plots.create(connection, plot, text(xsrc=src["x"]))
    users.remove(connection, "alice")
    assert json.loads(plot_content(connection, plot))["data"][0] == {"xsrc": src["x"]}


def test_the_grids_of_references_are_those_that_the_caller_reads(connection, table):
    (first, one), (second, two) = table(x=[1], y=[2]), table(x=[3])
    figure = {"data": [{"xsrc": one["x"], "ysrc": one["y"]}], "frames": [{"xsrc": two["x"]}]}
    found = find_references(figure)
    assert [reference.path for reference in found] == [
        "figure.data[0].xsrc",
        "figure.data[0].ysrc",
        "figure.frames[0].xsrc",
    ]
    assert {grid.fid for grid in referenced_grids(connection, ALICE, found)} == {
        first.fid,
        second.fid,
    }
    with pytest.raises(ValidationError):
        referenced_grids(connection, BOB, found)


def test_a_dropped_grid_leaves_its_values_and_another_its_references(connection, table):
    (dropped, one), (_, two) = table(x=[1, 2], y=[3, 4]), table(z=[5])
    uids = ",".join(reference.split(":")[2] for reference in one.values())
    figure = text(
        xsrc=one["x"],
        zsrc=f"{dropped.fid}:{uids}",
        marker={"sizesrc": two["z"], "colorsrc": f"{dropped.fid}:ffffff"},
        meta={"xsrc": one["x"]},
    )
    left = json.loads(inline_references(connection, ALICE, figure, [dropped.fid]))["data"][0]
    assert left == {
        "x": [1, 2],
        "z": [[1, 2], [3, 4]],
        "marker": {"sizesrc": two["z"]},
        "meta": {"xsrc": one["x"]},
    }


def test_a_grid_dropped_while_in_the_trash_leaves_its_values_to_its_owner(connection, table):
    grid, src = table(x=[1, 2], y=[3, 4])
    trash.trash(connection, files.change(connection, grid, world_readable=True))
    figure = text(xsrc=src["x"], x=[9], marker={"sizesrc": src["y"]})
    for caller, left in [
        (ALICE, {"x": [1, 2], "marker": {"size": [3, 4]}}),
        (BOB, {"x": [9], "marker": {}}),
    ]:
        inlined = inline_references(connection, caller, figure, [grid.fid])
        assert json.loads(inlined)["data"] == [left]
    assert filled(connection, figure, leave_missing=True) == json.loads(figure)["data"][0]


def test_a_dropped_grid_that_is_gone_leaves_what_stands_in_the_figure(connection, table):
    grid, src = table(x=[1, 2], y=[3, 4])
    trash.remove(connection, trash.trash(connection, grid))
    figure = text(xsrc=src["x"], x=[9], ysrc=src["y"])
    left = json.loads(inline_references(connection, ALICE, figure, [grid.fid]))["data"][0]
    assert left == {"x": [9]}


def test_a_dropped_reference_that_is_not_whole_leaves_nothing(connection, table):
    """It showed nothing: of a heatmap without some of its rows nobody can say what it is."""
    grid, src = table(x=[1, 2], y=[3, 4])
    figure = text(zsrc=f"{src['x']},ffffff", ysrc=src["y"])
    assert filled(connection, figure, leave_missing=True) == {
        "zsrc": f"{src['x']},ffffff",
        "ysrc": src["y"],
        "y": [3, 4],
    }
    left = json.loads(inline_references(connection, ALICE, figure, [grid.fid]))["data"][0]
    assert left == {"y": [3, 4]}


def test_several_grids_are_dropped_at_once(connection, table):
    (first, one), (second, two), (_, three) = table(x=[1]), table(x=[2]), table(x=[3])
    figure = text(xsrc=one["x"], ysrc=two["x"], textsrc=three["x"])
    left = inline_references(connection, ALICE, figure, [first.fid, second.fid])
    assert json.loads(left)["data"][0] == {"x": [1], "y": [2], "textsrc": three["x"]}


# --- what a refusal says --------------------------------------------------------------------------


def test_the_refusal_of_a_column_names_the_attribute_and_the_columns_that_there_are(api, grid):
    said = refused(api, f"{grid}:ffffff")
    month = references(api, grid)["month"]
    assert said.startswith(f"data[0].xsrc = '{grid}:ffffff' names the column 'ffffff'")
    assert f"It has {month} ('month'), " in said


def test_a_column_that_is_named_by_its_name_is_told_by_its_uid(api, grid):
    month = references(api, grid)["month"]
    assert f"Did you mean {month} ('month')?" in refused(api, f"{grid}:mnoth")


def test_the_columns_of_many_are_told_in_part(api):
    fid = api.grid({f"column {n}": [n] for n in range(30)})["fid"]
    said = refused(api, f"{fid}:ffffff")
    assert "('column 4') and 25 more." in said
    assert "column 5" not in said


def test_the_columns_of_others_are_not_told(api, other, grid):
    for column in ("ffffff", "mnoth"):
        said = refused(other, f"{grid}:{column}")
        assert "month" not in said
        assert "total" not in said


def test_a_grid_in_the_trash_is_told_to_be_there_to_its_owner_alone(api, other, grid):
    src = references(api, grid)["month"]
    api.expect(200, "POST", f"/v2/grids/{grid}/trash")
    assert "in the trash" in refused(api, src)
    assert "trash" not in refused(other, src)
