"""Plots that name columns of grids: whose data is shown to whom, and who references whom."""

from __future__ import annotations

import re

import pytest

COLUMNS = {"month": ["Jan", "Feb", "Mar"], "total": [3, None, 4.5], "size": [8, 12, 16]}


@pytest.fixture
def grid(api):
    return api.grid(COLUMNS)


def sources(grid: dict) -> dict[str, str]:
    """Give what refers to each column of a grid, by the column's name."""
    return {col["name"]: f"{grid['fid']}:{col['uid']}" for col in grid["cols"]}


def scatter(grid: dict, **fields) -> dict:
    """Give a figure of a grid's first two columns."""
    x, y, *_ = sources(grid).values()
    return {"data": [{"type": "scatter", "xsrc": x, "ysrc": y} | fields], "layout": {}}


def content(caller, fid: str, **params) -> dict:
    return caller.expect(200, "GET", f"/v2/plots/{fid}/content", params=params).json()


def inlined(caller, fid: str, **params) -> dict:
    return content(caller, fid, inline_data="true", **params)


def referring(caller, fid: str) -> tuple[list[str], list[str]]:
    """Give the fids that a file references, and those of the files that reference it."""
    meta = caller.expect(200, "GET", f"/v2/files/{fid}").json()
    return sorted(meta["references"]), sorted(meta["referencers"])


# --- resolving ------------------------------------------------------------------------------------


def test_content_keeps_references_and_inline_data_puts_the_values_beside_them(api, grid):
    figure = scatter(grid)
    fid = api.plot(figure)["fid"]
    assert content(api, fid) == figure
    assert content(api, fid, inline_data="false") == figure
    values = {"x": COLUMNS["month"], "y": COLUMNS["total"]}
    for true in ("true", "True"):
        answer = content(api, fid, inline_data=true)
        assert answer == figure | {"data": [figure["data"][0] | values]}
    assert inlined(api, fid, map_data="unreadable")["data"][0] == figure["data"][0] | values
    assert content(api, fid) == figure


def test_several_uids_are_a_list_of_columns(api, grid):
    uids = [col["uid"] for col in grid["cols"]]
    src = f"{grid['fid']}:{uids[2]},{uids[1]}"
    figure = {"data": [{"type": "heatmap", "zsrc": src}], "layout": {}}
    trace = inlined(api, api.plot(figure)["fid"])["data"][0]
    assert trace == {"type": "heatmap", "zsrc": src, "z": [COLUMNS["size"], COLUMNS["total"]]}


def test_references_are_resolved_wherever_they_stand(api, grid):
    src = sources(grid)
    figure = {
        "data": [
            {
                "type": "scatter",
                "ysrc": src["total"],
                "marker": {"colorsrc": src["size"], "line": {"widthsrc": src["size"]}},
                "error_y": {"type": "data", "arraysrc": src["total"]},
                "transforms": [{"type": "filter", "targetsrc": src["month"]}],
            },
            {"type": "splom", "dimensions": [{"label": "a"}, {"valuessrc": src["size"]}]},
        ],
        "layout": {"title": {"text": "t"}, "xaxis": {"tickvalssrc": src["size"]}},
        "frames": [{"name": "1", "data": [{"y": [1]}, {"marker": {"sizesrc": src["size"]}}]}],
    }
    fid = api.plot(figure)["fid"]
    assert content(api, fid) == figure
    answer = inlined(api, fid)
    first, second = answer["data"]
    assert first["y"] == first["error_y"]["array"] == COLUMNS["total"]
    assert first["marker"]["color"] == first["marker"]["line"]["width"] == COLUMNS["size"]
    assert first["transforms"][0]["target"] == COLUMNS["month"]
    assert first["transforms"][0]["targetsrc"] == src["month"]
    assert second["dimensions"] == [
        {"label": "a"},
        {"valuessrc": src["size"], "values": COLUMNS["size"]},
    ]
    assert answer["frames"] == [
        {
            "name": "1",
            "data": [{"y": [1]}, {"marker": {"sizesrc": src["size"], "size": COLUMNS["size"]}}],
        }
    ]
    assert answer["layout"]["title"] == {"text": "t"}
    assert answer["layout"]["xaxis"] == {"tickvalssrc": src["size"], "tickvals": COLUMNS["size"]}
    assert referring(api, fid)[0] == [grid["fid"]]


def test_what_the_grid_holds_now_is_shown_not_what_it_held(api, grid):
    fid = api.plot(scatter(grid, x=["old"], y=[0]))["fid"]
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [["Apr", 7, 9]]})
    uid = grid["cols"][0]["uid"]
    body = {"cols": [{"name": "renamed", "data": ["a", "b", "c", "d"], "order": 2}]}
    api.expect(200, "PUT", f"/v2/grids/{grid['fid']}/col?uid={uid}", json=body)
    trace = inlined(api, fid)["data"][0]
    assert trace["x"] == ["a", "b", "c", "d"]
    assert trace["y"] == [*COLUMNS["total"], 7]


def test_a_column_that_is_gone_leaves_its_reference_unresolved(api, grid):
    fid = api.plot(scatter(grid))["fid"]
    uid = grid["cols"][0]["uid"]
    api.expect(204, "DELETE", f"/v2/grids/{grid['fid']}/col?uid={uid}")
    trace = inlined(api, fid)["data"][0]
    assert "x" not in trace
    assert trace["xsrc"] == sources(grid)["month"]
    assert trace["y"] == COLUMNS["total"]


def test_what_only_looks_like_a_reference_is_kept(api):
    figure = {
        "data": [{"y": [1], "xsrc": None, "customdata": [{"imagesrc": "cat.png"}]}],
        "layout": {"meta": {"logosrc": "https://example.org/logo.png"}},
    }
    fid = api.plot(figure)["fid"]
    assert content(api, fid) == figure
    assert inlined(api, fid) == figure
    assert referring(api, fid) == ([], [])


# --- references that the caller cannot read -------------------------------------------------------


def unreadable(kind: str, api, other) -> str:
    """Give a reference that the first caller has no right to make."""
    grid = (other if kind == "private" else api).grid(COLUMNS)
    src = sources(grid)["total"]
    if kind == "unknown grid":
        return f"{api.username}:932:e3a9dd"
    if kind == "unknown user":
        return "nobody-of-this-name:0:e3a9dd"
    if kind == "unknown column":
        return f"{grid['fid']}:ffffff0"
    if kind == "folder":
        return f"{api.folder('folder')['fid']}:e3a9dd"
    if kind == "trashed":
        api.expect(200, "POST", f"/v2/grids/{grid['fid']}/trash")
    return src


UNREADABLE = [
    "private",
    "unknown grid",
    "unknown user",
    "unknown column",
    "folder",
    "trashed",
]


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_reference_that_cannot_be_read_is_400_naming_its_place(api, other, kind, method):
    kept = api.plot()
    path = "/v2/plots" if method == "POST" else f"/v2/plots/{kept['fid']}"
    src = unreadable(kind, api, other)
    figure = {"data": [{"y": [1]}, {"y": [1], "marker": {"colorsrc": src}}], "layout": {}}
    error = api.refused(400, method, path, json={"figure": figure, "filename": "new"})
    assert re.search(r"data\W+1\W+marker\W+colorsrc", f"{error['message']} {error['path']}")
    assert content(api, kept["fid"]) == kept["figure"]
    api.refused(404, "GET", "/v2/files/lookup?path=new")


def test_the_refusal_of_a_private_grid_tells_no_more_than_that_of_an_unknown_one(api, other):
    answers = []
    for kind in ("private", "unknown grid"):
        src = unreadable(kind, api, other)
        figure = {"data": [{"xsrc": src}], "layout": {}}
        response = api.post("/v2/plots", json={"figure": figure})
        answers.append((response.status_code, response.text.replace(src, "REFERENCE")))
    assert answers[0] == answers[1]


def test_an_unreadable_reference_in_a_frame_is_400(api, other):
    src = unreadable("private", api, other)
    figure = {"data": [{"y": [1]}], "frames": [{"data": [{"xsrc": src}]}]}
    api.refused(400, "POST", "/v2/plots", json={"figure": figure})


# --- the rights of the plot's owner ---------------------------------------------------------------


def test_a_public_plot_of_a_private_grid_shows_the_data_and_nothing_else_of_it(
    api, other, anonymous, grid
):
    figure = scatter(grid)
    fid = api.plot(figure, world_readable=True)["fid"]
    for caller in (other, anonymous):
        assert inlined(caller, fid)["data"][0]["y"] == COLUMNS["total"]
        assert content(caller, fid) == figure
        assert "size" not in caller.get(f"/v2/plots/{fid}/content?inline_data=true").text
        for action in ("", "/content", "/col", "/path"):
            caller.refused(404, "GET", f"/v2/grids/{grid['fid']}{action}")
        assert referring(caller, fid) == ([], [])
        listed = caller.expect(200, "GET", f"/v2/plots/{fid}/sources").json()
        assert listed == {"results": [], "count": 0}
    assert referring(api, fid) == ([grid["fid"]], [])


def test_a_share_key_of_a_plot_shows_its_data_and_opens_no_grid(api, anonymous, grid):
    file = api.plot(scatter(grid), share_key_enabled=True)
    key = {"share_key": file["share_key"]}
    assert inlined(anonymous, file["fid"], **key)["data"][0]["x"] == COLUMNS["month"]
    anonymous.refused(404, "GET", f"/v2/plots/{file['fid']}/content?inline_data=true")
    anonymous.refused(404, "GET", f"/v2/grids/{grid['fid']}", params=key)


def test_a_plot_loses_the_data_of_a_grid_that_its_owner_may_no_longer_read(api, other, anonymous):
    grid = other.grid(COLUMNS, world_readable=True)
    figure = scatter(grid)
    fid = api.plot(figure, world_readable=True)["fid"]
    assert inlined(anonymous, fid)["data"][0]["y"] == COLUMNS["total"]
    for change, back in [
        (("PATCH", "", {"world_readable": False}), ("PATCH", "", {"world_readable": True})),
        (("POST", "/trash", None), ("POST", "/restore", None)),
    ]:
        method, action, body = change
        other.expect(200, method, f"/v2/grids/{grid['fid']}{action}", json=body)
        for caller in (api, other, anonymous):
            assert inlined(caller, fid) == figure
        assert referring(api, fid) == ([], [])
        method, action, body = back
        other.expect(200, method, f"/v2/grids/{grid['fid']}{action}", json=body)
        for caller in (api, other, anonymous):
            assert inlined(caller, fid)["data"][0]["y"] == COLUMNS["total"]
        assert referring(api, fid) == ([grid["fid"]], [])


def test_a_plot_that_lost_its_data_is_still_renamed_shared_and_copied(api, other):
    grid = other.grid(COLUMNS, world_readable=True)
    figure = scatter(grid)
    fid = api.plot(figure)["fid"]
    other.expect(200, "PATCH", f"/v2/grids/{grid['fid']}", json={"world_readable": False})
    body = {"filename": "renamed", "world_readable": True, "metadata": {"k": 1}}
    for resource in ("plots", "files"):
        api.expect(200, "PATCH", f"/v2/{resource}/{fid}", json=body)
    api.refused(400, "PATCH", f"/v2/plots/{fid}", json={"figure": figure})
    copy = api.expect(201, "POST", f"/v2/plots/{fid}/copy").json()["file"]["fid"]
    assert inlined(api, copy) == inlined(api, fid) == figure
    other.expect(200, "PATCH", f"/v2/grids/{grid['fid']}", json={"world_readable": True})
    assert inlined(api, copy)["data"][0]["y"] == COLUMNS["total"]


def test_the_owner_of_a_grid_reads_his_data_in_no_plot_but_that_of_who_may(api, other, grid):
    """Whoever asks: it is the plot's owner whose rights show the data."""
    api.expect(200, "PATCH", f"/v2/grids/{grid['fid']}", json={"world_readable": True})
    figure = scatter(grid)
    fid = other.plot(figure, world_readable=True)["fid"]
    api.expect(200, "PATCH", f"/v2/grids/{grid['fid']}", json={"world_readable": False})
    assert inlined(api, fid) == figure


def test_a_copy_of_a_public_plot_opens_no_private_grid(api, other, grid):
    """What the plot showed when it was copied is public; what the grid holds later is not."""
    fid = api.plot(scatter(grid), world_readable=True)["fid"]
    copy = other.expect(201, "POST", f"/v2/plots/{fid}/copy").json()["file"]["fid"]
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [["Apr", 777, 888]]})
    assert inlined(api, fid)["data"][0]["y"][-1] == 777
    for query in ("", "?inline_data=true"):
        text = other.expect(200, "GET", f"/v2/plots/{copy}/content{query}").text
        assert not {"777", "888", "12"} & set(re.findall(r"\d+", text.replace(grid["fid"], "")))
    assert referring(other, copy) == ([], [])
    assert referring(api, grid["fid"])[1] == [fid]


def test_the_part_of_a_figure_that_can_be_resolved_is(api, other, grid):
    theirs = other.grid(COLUMNS, world_readable=True)
    x, y = sources(grid)["month"], sources(theirs)["total"]
    fid = api.plot({"data": [{"xsrc": x, "ysrc": y}], "layout": {}})["fid"]
    other.expect(204, "DELETE", f"/v2/grids/{theirs['fid']}")
    assert inlined(api, fid)["data"] == [{"xsrc": x, "ysrc": y, "x": COLUMNS["month"]}]


# --- references and referencers -------------------------------------------------------------------


def test_a_plot_and_its_grids_know_of_each_other(api, grid):
    second = api.grid(COLUMNS)
    figure = scatter(grid)
    figure["data"] += scatter(second)["data"] + scatter(grid)["data"]
    plot = api.plot(figure)
    both = sorted([grid["fid"], second["fid"]])
    assert sorted(plot["references"]) == both
    assert referring(api, plot["fid"]) == (both, [])
    for file in (grid, second):
        assert referring(api, file["fid"]) == ([], [plot["fid"]])
        meta = api.meta(file["fid"])
        assert (meta["references"], meta["referencers"]) == ([], [plot["fid"]])
    listed = api.expect(200, "GET", f"/v2/plots/{plot['fid']}/sources").json()
    assert listed["count"] == 2
    assert sorted(file["fid"] for file in listed["results"]) == both


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_references_follow_the_figure(api, grid, method):
    second = api.grid(COLUMNS)
    fid = api.plot(scatter(grid))["fid"]
    path = f"/v2/plots/{fid}"

    api.expect(200, method, path, json={"filename": "renamed", "metadata": {"k": 1}})
    assert referring(api, grid["fid"])[1] == [fid]

    answer = api.expect(200, method, path, json={"figure": scatter(second)}).json()
    assert answer["references"] == [second["fid"]]
    assert referring(api, grid["fid"])[1] == []
    assert referring(api, second["fid"])[1] == [fid]

    api.expect(200, method, path, json={"figure": {"data": [{"y": [1]}], "layout": {}}})
    assert referring(api, second["fid"])[1] == referring(api, fid)[0] == []


@pytest.mark.parametrize("trashed", ["plot", "grid", "folder of the grid"])
def test_what_is_in_the_trash_neither_references_nor_is_referenced(api, trashed):
    grid = api.grid(COLUMNS, parent_path="folder")
    plot = api.plot(scatter(grid))
    folder = f"{api.username}:{grid['parent']}"
    gone = {"plot": plot["fid"], "grid": grid["fid"], "folder of the grid": folder}[trashed]
    there = grid["fid"] if trashed == "plot" else plot["fid"]
    before = referring(api, plot["fid"]), referring(api, grid["fid"])
    assert before == (([grid["fid"]], []), ([], [plot["fid"]]))

    api.expect(200, "POST", f"/v2/files/{gone}/trash")
    assert referring(api, there) == ([], [])
    assert api.expect(200, "GET", f"/v2/files/{there}/sources").json()["count"] == 0
    if there == plot["fid"]:
        assert inlined(api, there) == scatter(grid)

    api.expect(200, "POST", f"/v2/files/{gone}/restore")
    assert (referring(api, plot["fid"]), referring(api, grid["fid"])) == before
    assert inlined(api, plot["fid"])["data"][0]["y"] == COLUMNS["total"]

    api.expect(204, "DELETE", f"/v2/files/{gone}")
    api.expect(204, "DELETE", f"/v2/files/{gone}/permanent_delete")
    assert referring(api, there) == ([], [])
    if there == plot["fid"]:
        assert inlined(api, there) == content(api, there) == scatter(grid)


def test_a_copied_plot_references_the_same_grids(api, grid):
    fid = api.plot(scatter(grid))["fid"]
    copy = api.expect(201, "POST", f"/v2/plots/{fid}/copy").json()["file"]["fid"]
    assert inlined(api, copy) == inlined(api, fid)
    assert referring(api, copy)[0] == [grid["fid"]]
    assert referring(api, grid["fid"])[1] == sorted([fid, copy])
    api.expect(204, "DELETE", f"/v2/plots/{fid}")
    assert referring(api, grid["fid"])[1] == [copy]


def test_a_plot_copied_by_another_user_references_what_he_may_read(api, other):
    grid = api.grid(COLUMNS, world_readable=True)
    fid = api.plot(scatter(grid), world_readable=True)["fid"]
    copy = other.expect(201, "POST", f"/v2/plots/{fid}/copy").json()["file"]["fid"]
    assert content(other, copy) == scatter(grid)
    assert referring(other, copy)[0] == [grid["fid"]]
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [["Apr", 9, 9]]})
    assert inlined(other, copy)["data"][0]["y"] == [*COLUMNS["total"], 9]


def test_only_who_may_read_them_is_told_who_references(api, other, anonymous):
    grid = api.grid(COLUMNS, world_readable=True)
    private = api.plot(scatter(grid))["fid"]
    public = api.plot(scatter(grid), world_readable=True)["fid"]
    theirs = other.plot(scatter(grid))["fid"]
    assert referring(api, grid["fid"])[1] == sorted([private, public])
    assert referring(other, grid["fid"])[1] == sorted([public, theirs])
    assert referring(anonymous, grid["fid"])[1] == [public]
    found = other.expect(200, "GET", f"/v2/folders/home?user={api.username}").json()
    listed = {file["fid"]: file for file in found["children"]["results"]}
    assert sorted(listed[grid["fid"]]["referencers"]) == sorted([public, theirs])


def test_a_new_file_never_takes_the_place_of_one_that_is_deleted_for_good(api, other, grid):
    """A number that was given again would show, star and count what was meant for another file."""
    secret = other.grid({"x": ["old"], "y": ["old"]}, world_readable=True)
    plot = api.plot(scatter(secret), world_readable=True)
    api.expect(200, "POST", f"/v2/grids/{secret['fid']}/star")
    other.expect(204, "DELETE", f"/v2/grids/{secret['fid']}")
    other.expect(204, "DELETE", f"/v2/grids/{secret['fid']}/permanent_delete")
    new = other.grid({"x": ["new"], "y": ["new"]}, world_readable=True)
    assert new["fid"] != secret["fid"]
    assert new["stars"]["count"] == 0
    assert new["referencers"] == []
    assert inlined(api, plot["fid"]) == scatter(secret)
