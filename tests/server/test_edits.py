"""Edits of a grid: cells, rows and columns as one change."""

from __future__ import annotations

import pytest

from .arrow import ARROW, stream


def edit(api, fid: str, **options) -> dict:
    return api.expect(200, "PATCH", f"/v2/grids/{fid}/content", **options).json()


def test_all_of_it_is_one_change(api):
    fid = api.grid({"x": [1, 2, 3, 4], "y": ["a", "b"], "gone": [0]})["fid"]
    uids = api.uids(fid)
    seen = api.meta(fid)["revision"]
    edits = {
        "cells": {
            uids["x"]: {"rows": [0, 3], "values": [1.5, {"a": [None]}]},
            uids["y"]: {"rows": [3], "values": ["last"]},
        },
        "delete": [[1, 3]],
        "insert": [{"before": 0, "rows": [["new", None, 9]]}, {"before": 4, "rows": [[5], []]}],
        "cols": [
            {"uid": uids["y"], "name": "text"},
            {"name": "y", "data": [1, 2, 3, 4, 5]},
            {"uid": uids["x"], "name": "x"},
            {"name": "empty"},
        ],
        "metadata": {"by": "me"},
    }
    meta = edit(api, fid, json=edits, headers={"If-Match": f'"{seen}"'})
    assert (meta["revision"], meta["row_count"]) == (seen + 1, 5)
    assert meta["metadata"] == {"by": "me"}
    assert api.table(fid) == {
        "text": [None, "a", "last", None, None],
        "y": [1, 2, 3, 4, 5],
        "x": ["new", 1.5, {"a": [None]}, 5, None],
        "empty": [None] * 5,
    }
    after = api.uids(fid)
    assert (after["text"], after["x"]) == (uids["y"], uids["x"])
    assert after["y"] not in uids.values()


def test_a_grid_that_others_changed_is_left_alone(api):
    fid = api.grid({"x": [1]})["fid"]
    seen = api.meta(fid)["revision"]
    edits = {"cells": {api.uids(fid)["x"]: {"rows": [0], "values": [2]}}}
    edit(api, fid, json=edits)
    again = {"json": {"delete": [[0, 1]]}, "headers": {"If-Match": f'"{seen}"'}}
    api.refused(412, "PATCH", f"/v2/grids/{fid}/content", **again)
    assert api.table(fid) == {"x": [2]}
    assert api.meta(fid)["revision"] == seen + 1


@pytest.mark.parametrize(
    ("edits", "field"),
    [
        ({"cells": []}, "cells"),
        ({"cells": {"{x}": [0, 1]}}, "cells['{x}']"),
        ({"cells": {"000000": {"rows": [0], "values": [1]}}}, "cells"),
        ({"cells": {"{x}": {"rows": [2], "values": [1]}}}, "cells['{x}'].rows"),
        ({"cells": {"{x}": {"rows": [0, 0], "values": [1, 2]}}}, "cells['{x}'].rows[1]"),
        ({"cells": {"{x}": {"rows": [True], "values": [1]}}}, "cells['{x}'].rows[0]"),
        ({"cells": {"{x}": {"rows": [0.0], "values": [1]}}}, "cells['{x}'].rows[0]"),
        ({"cells": {"{x}": {"rows": [10**30], "values": [1]}}}, "cells['{x}'].rows"),
        ({"cells": {"{x}": {"rows": [0], "values": []}}}, "cells['{x}'].values"),
        ({"cells": {"{x}": {"rows": [0]}}}, "cells['{x}'].values"),
        ({"delete": {}}, "delete"),
        ({"delete": [0]}, "delete[0]"),
        ({"delete": [[0, 0]]}, "delete[0][1]"),
        ({"delete": [[-1, 1]]}, "delete[0][0]"),
        ({"delete": [[1, 2], [0, 1]]}, "delete[1][0]"),
        ({"delete": [[0, 3]]}, "delete[0]"),
        ({"insert": [[0, []]]}, "insert[0]"),
        ({"insert": [{"rows": []}]}, "insert[0].before"),
        ({"insert": [{"before": 3, "rows": [[1]]}]}, "insert[0].before"),
        ({"insert": [{"before": 0, "rows": [1]}]}, "insert[0].rows"),
        ({"insert": [{"before": 0, "rows": [[1, 2, 3]]}]}, "insert[0].rows[0]"),
        ({"cols": [1]}, "cols[0]"),
        ({"cols": [{"uid": "{x}"}]}, "cols[0].name"),
        ({"cols": [{"uid": 5, "name": "x"}]}, "cols[0].uid"),
        ({"cols": [{"uid": "000000", "name": "x"}]}, "cols[0].uid"),
        ({"cols": [{"uid": "{x}", "name": "x", "data": [1, 2]}]}, "cols[0].data"),
        ({"cols": [{"uid": "{x}", "name": "x"}, {"name": "z", "data": [1]}]}, "cols[1].data"),
        ({"cols": [{"name": "z", "data": "text"}]}, "cols[0].data"),
        ({"cols": [{"uid": "{x}", "name": "z"}, {"name": "z"}]}, "cols"),
        ({"metadata": 5}, "metadata"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name_and_changes_nothing(api, edits, field):
    fid = api.grid({"x": [1, 2], "y": [3, 4]})["fid"]
    x = api.uids(fid)["x"]

    def told(value):
        if isinstance(value, dict):
            return {told(key): told(each) for key, each in value.items()}
        if isinstance(value, list):
            return [*map(told, value)]
        return value.replace("{x}", x) if isinstance(value, str) else value

    before = api.meta(fid)
    # beside what would be done
    sent = {"metadata": {"a": 1}} | told(edits)
    error = api.refused(400, "PATCH", f"/v2/grids/{fid}/content", json=sent)
    assert error["field"] == told(field), error
    assert api.meta(fid) == before
    assert api.table(fid) == {"x": [1, 2], "y": [3, 4]}


def test_what_is_wrong_is_told_in_few_words_however_long_it_is(api):
    fid = api.grid()["fid"]
    sent = {"delete": [["x" * 1_000_000, 1]]}
    error = api.refused(400, "PATCH", f"/v2/grids/{fid}/content", json=sent)
    assert len(error["message"]) < 300


def test_edits_come_as_a_form_and_not_as_a_stream(api):
    fid = api.grid({"x": [1, 2, 3]})["fid"]
    edit(api, fid, data={"delete": "[[0, 2]]", "insert": '[{"before": 3, "rows": [["é"]]}]'})
    assert api.table(fid) == {"x": [3, "é"]}
    headers = {"Content-Type": ARROW}
    path = f"/v2/grids/{fid}/content"
    api.expect(415, "PATCH", path, data=stream({"x": [1]}), headers=headers)


def test_only_the_owner_edits(api, other, anonymous):
    fid = api.grid(world_readable=True)["fid"]
    path = f"/v2/grids/{fid}/content"
    other.refused(403, "PATCH", path, json={"delete": [[0, 1]]})
    anonymous.refused(401, "PATCH", path, json={"delete": [[0, 1]]})
    hidden = api.grid()["fid"]
    other.refused(404, "PATCH", f"/v2/grids/{hidden}/content", json={})


def test_a_grid_without_columns_gets_some(api):
    fid = api.grid({})["fid"]
    meta = edit(api, fid, json={"cols": [{"name": "x", "data": [1, 2]}, {"name": "y"}]})
    assert meta["row_count"] == 2
    assert api.table(fid) == {"x": [1, 2], "y": [None, None]}


def test_a_plot_of_a_column_that_is_renamed_and_moved_shows_it_still(api):
    file = api.grid({"x": [1, 2], "y": [3, 4]})
    uids = api.uids(file["fid"])
    plot = api.plot({"data": [{"ysrc": f"{file['fid']}:{uids['y']}"}]})["fid"]
    columns = [{"uid": uids["y"], "name": "first"}, {"uid": uids["x"], "name": "y"}]
    cells = {uids["y"]: {"rows": [1], "values": [5]}}
    edit(api, file["fid"], json={"cols": columns, "cells": cells})
    query = {"inline_data": "true"}
    drawn = api.expect(200, "GET", f"/v2/plots/{plot}/content", params=query).json()
    assert drawn["data"][0]["y"] == [3, 5]
