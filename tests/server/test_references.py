"""Figures whose attributes name columns of grids: drawn as if the data stood in the figure."""

from __future__ import annotations

import pytest

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
