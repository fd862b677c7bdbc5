"""Plots: figures that are kept, changed, and given back with the data that they refer to."""

from __future__ import annotations

import json

import pytest

FIGURE = {
    "data": [{"type": "scatter", "x": [1, 2, 3], "y": [4, 2, 5.5], "name": "voltage"}],
    "layout": {"title": {"text": "Time against voltage"}, "xaxis": {"range": [0, 4]}},
}
BARS = {"data": [{"type": "bar", "y": [1, 2]}], "layout": {}}


def number(file: dict) -> int:
    return int(file["fid"].split(":")[1])


def meta(caller, fid: str) -> dict:
    return caller.expect(200, "GET", f"/v2/plots/{fid}").json()


def content(caller, fid: str, **params) -> dict:
    return caller.expect(200, "GET", f"/v2/plots/{fid}/content", params=params).json()


# --- create ---------------------------------------------------------------------------------------


def test_a_plot_is_created_from_a_figure_alone(api):
    answer = api.expect(201, "POST", "/v2/plots", json={"figure": FIGURE}).json()
    assert set(answer) == {"file", "warnings"}
    assert answer["warnings"] == []
    file = answer["file"]
    assert file["filetype"] == "plot"
    assert file["figure"] == FIGURE
    assert file["filename"]
    assert file["owner"] == api.username
    assert file["parent"] == -1
    assert file["world_readable"] is False
    assert file["references"] == file["referencers"] == []


def test_a_plot_is_read_back_as_it_was_created(api):
    fid = api.plot(FIGURE)["fid"]
    assert meta(api, fid)["figure"] == FIGURE
    response = api.expect(200, "GET", f"/v2/plots/{fid}/content")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == FIGURE
    assert content(api, fid, inline_data="true") == FIGURE


def test_a_plot_takes_the_fields_of_every_file(api, anonymous):
    file = api.plot(
        FIGURE,
        filename="my plot",
        parent_path="a/b",
        world_readable=True,
        share_key_enabled=True,
        metadata={"k": [1]},
    )
    assert file["filename"] == "my plot"
    assert file["world_readable"] is True
    assert file["share_key_enabled"] is True
    assert file["share_key"]
    assert file["metadata"] == {"k": [1]}
    assert meta(anonymous, file["fid"])["figure"] == FIGURE
    path = api.expect(200, "GET", f"/v2/plots/{file['fid']}/path").json()["path"]
    assert path == "/a/b/my plot"


def test_a_plot_is_created_in_a_parent_which_has_to_be_a_folder(api):
    folder, grid = api.folder("folder"), api.grid()
    assert api.plot(parent=number(folder))["parent"] == number(folder)
    for parent in (number(grid), 932):
        body = {"figure": FIGURE, "parent": parent}
        assert api.refused(400, "POST", "/v2/plots", json=body)["field"] == "parent"


def test_a_figure_may_be_a_json_string(api):
    fid = api.plot(json.dumps(FIGURE), filename="string")["fid"]
    assert content(api, fid) == FIGURE


def test_a_plot_may_be_sent_as_a_form(api, anonymous):
    form = {
        "figure": json.dumps(FIGURE),
        "filename": "form",
        "world_readable": "True",
        "metadata": '{"k": 1}',
    }
    file = api.expect(201, "POST", "/v2/plots", data=form).json()["file"]
    assert (file["filename"], file["metadata"]) == ("form", {"k": 1})
    assert content(anonymous, file["fid"]) == FIGURE
    form = {"figure": json.dumps(BARS), "world_readable": "False"}
    assert api.expect(200, "PATCH", f"/v2/plots/{file['fid']}", data=form).json()["figure"] == BARS
    anonymous.refused(404, "GET", f"/v2/plots/{file['fid']}")


@pytest.mark.parametrize("path", ["/v2/plots", "/v2/grids", "/v2/folders"])
@pytest.mark.parametrize(
    "body",
    [
        b'{"\x80figure": {}}',
        b'{"figure": {"\x80": 1, "data": [{"y": [1]}]}}',
        b'{"figure": {"data": [{"name": "\x80"}]}, "data": {"\xff": 1}, "path": "\xff"}',
        b'{"figure": {"data": [{"y": [1]}], "layout": {"\x80": 1}}}',
    ],
)
def test_a_body_that_is_not_utf_8_is_400_wherever_it_is_not(api, path, body):
    headers = {"Content-Type": "application/json"}
    said = api.refused(400, "POST", path, data=body, headers=headers)
    assert "UTF-8" in said["message"]


@pytest.mark.parametrize("body", [{}, {"filename": "a"}, {"data": []}])
def test_a_plot_without_a_figure_is_400(api, body):
    assert api.refused(400, "POST", "/v2/plots", json=body)["field"] == "figure"


@pytest.mark.parametrize("figure", [None, 5, "", "not json", "[]", [], True, "5"])
def test_what_is_no_figure_is_400_and_creates_nothing(api, figure):
    error = api.refused(400, "POST", "/v2/plots", json={"figure": figure, "parent_path": "new"})
    assert error["field"] == "figure"
    assert api.expect(200, "GET", "/v2/folders/home").json()["children"]["count"] == 0


def test_a_name_that_is_taken_is_400_in_the_words_clients_look_for(api):
    api.plot(filename="plot")
    api.grid(filename="grid")
    for name in ("plot", "grid"):
        body = {"figure": FIGURE, "filename": name}
        error = api.refused(400, "POST", "/v2/plots", json=body)
        assert error["message"] == f"Sorry, a file named '{name}' already exists"
        assert error["field"] == "filename"


def test_plots_are_not_listed_by_their_resource(api):
    api.refused(405, "GET", "/v2/plots")


# --- what a plot's answers carry ------------------------------------------------------------------


def test_the_addresses_of_a_plot_lead_to_it(api):
    file = api.plot(FIGURE, parent_path="folder")
    own = f"{api.url}/~{api.username}/{number(file)}"
    assert file["web_url"] == f"{own}/"
    assert file["embed_url"] == f"{own}.embed"
    assert file["img_url"] == f"{own}.png"
    assert file["image_urls"] == {"default": f"{own}.png"}
    assert {"files", "plots", "parent"} <= set(file["api_urls"])
    for resource in ("files", "plots"):
        url = file["api_urls"][resource].removeprefix(api.url)
        assert api.expect(200, "GET", url).json()["fid"] == file["fid"]
    parent = api.expect(200, "GET", file["api_urls"]["parent"].removeprefix(api.url)).json()
    assert [child["fid"] for child in parent["children"]["results"]] == [file["fid"]]


def test_only_the_plots_resource_answers_the_figure(api):
    fid = api.plot(FIGURE, filename="plot", parent_path="folder")["fid"]
    plot, folder = meta(api, fid), api.expect(200, "GET", "/v2/files/lookup?path=folder").json()
    listed = api.expect(200, "GET", f"/v2/folders/{folder['fid']}").json()["children"]["results"]
    for file in (
        api.expect(200, "GET", f"/v2/files/{fid}").json(),
        api.expect(200, "PATCH", f"/v2/files/{fid}", json={}).json(),
        api.expect(200, "GET", "/v2/files/lookup?path=folder/plot").json(),
    ):
        assert set(plot) - set(file) == {"figure"}
        assert set(file) <= set(plot)
    assert not {"figure", "cols"} & set(listed[0])


def test_a_plot_is_looked_up_as_a_plot_or_a_file_and_never_as_a_grid(api):
    plot, grid = api.plot(filename="plot")["fid"], api.grid(filename="grid")["fid"]
    for resource, path, fid in [
        ("plots", "plot", plot),
        ("files", "plot", plot),
        ("files", "grid", grid),
    ]:
        found = api.expect(200, "GET", f"/v2/{resource}/lookup", params={"path": path}).json()
        assert found["fid"] == fid
    api.refused(404, "GET", "/v2/grids/lookup?path=plot")
    api.refused(404, "GET", "/v2/plots/lookup?path=grid")
    assert api.refused(400, "GET", "/v2/plots/lookup")["field"] == "path"
    answer = api.expect(200, "GET", "/v2/plots/lookup?path=grid&exists=true").json()
    assert answer["exists"] is False


@pytest.mark.parametrize(
    ("method", "action"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/content"),
        ("GET", "/path"),
        ("GET", "/sources"),
        ("POST", "/copy"),
        ("POST", "/star"),
        ("DELETE", "/star"),
        ("POST", "/trash"),
        ("POST", "/restore"),
        ("DELETE", "/permanent_delete"),
        ("POST", "/drop_reference"),
    ],
)
@pytest.mark.parametrize(
    ("filetype", "resource"),
    [
        ("grid", "plots"),
        ("folder", "plots"),
        ("plot", "grids"),
        ("plot", "folders"),
        ("grid", "folders"),
    ],
)
def test_no_resource_touches_a_file_of_another_type(api, filetype, resource, method, action):
    made = {"grid": api.grid, "plot": api.plot, "folder": lambda: api.folder("folder")}
    fid = made[filetype]()["fid"]
    before = api.expect(200, "GET", f"/v2/files/{fid}").json()
    body = {"figure": FIGURE, "filename": "other", "fid": "nobody:0"}
    sent = {} if method == "GET" else {"json": body}
    api.refused(404, method, f"/v2/{resource}/{fid}{action}", **sent)
    assert api.expect(200, "GET", f"/v2/files/{fid}").json() == before


# --- update ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_replaces_the_figure_and_keeps_the_rest(api, method):
    file = api.plot(FIGURE, filename="plot", metadata={"k": 1}, parent_path="folder")
    path = f"/v2/plots/{file['fid']}"
    for figure in (BARS, json.dumps(BARS)):
        api.expect(200, method, path, json={"figure": FIGURE})
        answer = api.expect(200, method, path, json={"figure": figure}).json()
        assert answer["figure"] == content(api, file["fid"]) == BARS
        for name in ("fid", "filename", "metadata", "parent", "world_readable", "creation_time"):
            assert answer[name] == file[name]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_without_a_figure_keeps_it(api, method):
    fid = api.plot(FIGURE, filename="plot", metadata={"old": 1})["fid"]
    body = {"filename": "renamed", "metadata": '{"new": 2}', "parent_path": "folder"}
    answer = api.expect(200, method, f"/v2/plots/{fid}", json=body).json()
    assert answer == meta(api, fid)
    assert (answer["filename"], answer["metadata"]) == ("renamed", {"new": 2})
    assert answer["figure"] == content(api, fid) == FIGURE
    api.expect(200, "GET", "/v2/plots/lookup?path=folder/renamed")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("figure", [5, "not json", []])
def test_an_update_with_what_is_no_figure_is_400_and_changes_nothing(api, method, figure):
    fid = api.plot(FIGURE, filename="plot")["fid"]
    body = {"figure": figure, "filename": "renamed"}
    assert api.refused(400, method, f"/v2/plots/{fid}", json=body)["field"] == "figure"
    assert (meta(api, fid)["filename"], content(api, fid)) == ("plot", FIGURE)


def test_a_plot_renamed_to_a_taken_name_is_400_and_keeps_its_figure(api):
    api.grid(filename="grid")
    fid = api.plot(FIGURE)["fid"]
    body = {"filename": "grid", "figure": BARS}
    assert api.refused(400, "PATCH", f"/v2/plots/{fid}", json=body)["field"] == "filename"
    assert content(api, fid) == FIGURE


# --- what figures may hold ------------------------------------------------------------------------


def test_the_nulls_and_empty_lists_of_r_are_taken(api, anonymous):
    figure = {
        "data": [{"type": "scatter", "x": [1, 2], "y": [2, 1], "frame": None, "error_y": []}],
        "layout": [],
    }
    fid = api.plot(figure, world_readable=True)["fid"]
    trace = content(api, fid)["data"][0]
    assert (trace["x"], trace["y"]) == ([1, 2], [2, 1])
    assert content(api, fid, inline_data="true")["layout"] in ([], {})
    image = anonymous.expect(200, "GET", f"/~{api.username}/{fid.split(':')[1]}.png")
    assert image.headers["Content-Type"] == "image/png"


def test_arrays_as_base64_come_back_as_they_were_sent(api):
    x, z = {"bdata": "AAEC", "dtype": "i1"}, {"bdata": "AAECAwQF", "dtype": "u1", "shape": "2, 3"}
    figure = {"data": [{"type": "scatter", "x": x}, {"type": "heatmap", "z": z}], "layout": {}}
    fid = api.plot(figure)["fid"]
    assert meta(api, fid)["figure"] == figure
    assert content(api, fid, inline_data="true") == figure


def test_frames_and_whatever_else_a_figure_has_come_back(api):
    figure = FIGURE | {
        "frames": [{"name": "1", "data": [{"y": [3, 2, 1]}], "layout": {"width": 300}}],
        "config": {"responsive": True},
    }
    fid = api.plot(figure)["fid"]
    assert content(api, fid) == figure
    assert api.expect(200, "PUT", f"/v2/plots/{fid}", json={"figure": BARS}).json()
    assert content(api, fid) == BARS


def test_numbers_and_text_of_a_figure_come_back_exactly(api):
    values = [2**63, -(2**70), 0.1, 1e300, "1", "ä€\u2028", True, None, ""]
    figure = {"data": [{"type": "scatter", "y": values, "customdata": [[{"a": []}]]}], "layout": {}}
    fid = api.plot(figure)["fid"]
    assert api.expect(200, "GET", f"/v2/plots/{fid}/content").json() == figure


@pytest.mark.parametrize("depth", [200, 100_000])
def test_a_deeply_nested_figure_never_breaks_the_server(api, depth):
    body = '{"figure": {"data": [{"meta": ' + "[" * depth + "]" * depth + "}]}}"
    headers = {"Content-Type": "application/json"}
    response = api.post("/v2/plots", data=body, headers=headers)
    assert response.status_code in {201, 400}
    if response.status_code == 201:
        fid = response.json()["file"]["fid"]
        for params in ({}, {"inline_data": "true"}):
            api.expect(200, "GET", f"/v2/plots/{fid}/content", params=params)


# --- trash ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ["plots", "files"])
@pytest.mark.parametrize("way", [("DELETE", "", 204), ("POST", "/trash", 200)])
def test_a_trashed_plot_is_gone_until_it_is_restored(api, anonymous, resource, way):
    method, action, status = way
    fid = api.plot(FIGURE, filename="plot", world_readable=True)["fid"]
    response = api.expect(status, method, f"/v2/{resource}/{fid}{action}")
    if status == 200:
        assert response.json()["deleted"] is True
    for caller in (api, anonymous):
        for read in ("", "/content", "/content?inline_data=true", "/sources"):
            caller.refused(404, "GET", f"/v2/plots/{fid}{read}")
        caller.refused(404, "GET", f"/v2/files/{fid}/image")
    api.refused(404, "PATCH", f"/v2/plots/{fid}", json={"figure": BARS})
    api.refused(404, "GET", "/v2/files/lookup?path=plot")

    again = api.plot(BARS, filename="plot")["fid"]
    assert api.refused(400, "POST", f"/v2/{resource}/{fid}/restore")["field"] == "filename"
    api.expect(200, "PATCH", f"/v2/plots/{again}", json={"filename": "another"})
    assert api.expect(200, "POST", f"/v2/{resource}/{fid}/restore").json()["deleted"] is False
    assert content(anonymous, fid) == FIGURE
    assert content(api, again) == BARS


@pytest.mark.parametrize("resource", ["plots", "files"])
@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_only_a_trashed_plot_is_deleted_for_good(api, resource, method):
    fid = api.plot(FIGURE)["fid"]
    api.refused(400, method, f"/v2/{resource}/{fid}/permanent_delete")
    assert content(api, fid) == FIGURE
    api.expect(200, "POST", f"/v2/{resource}/{fid}/trash")
    assert api.expect(204, method, f"/v2/{resource}/{fid}/permanent_delete").content == b""
    api.refused(404, "POST", f"/v2/{resource}/{fid}/restore")


# --- what real clients were recorded to send ------------------------------------------------------


def test_chart_studio_plots_and_plots_again_under_the_same_name(api):
    """Old python clients keep the data in a grid beside the plot, and make the grid anew."""
    fids = []
    for y in ([4, 2, 5], [6, 6, 6]):
        found = api.get("/v2/files/lookup?path=my+plot_grid")
        assert found.status_code == (200 if fids else 404)
        if fids:
            api.expect(204, "DELETE", f"/v2/grids/{found.json()['fid']}")
        cols = {"data.0.x": {"data": [1, 2, 3], "order": 0}, "data.0.y": {"data": y, "order": 1}}
        body = {"data": {"cols": cols}, "filename": "my plot_grid", "world_readable": True}
        grid = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]
        src = {col["name"]: f"{grid['fid']}:{col['uid']}" for col in grid["cols"]}
        trace = {"type": "scatter", "xsrc": src["data.0.x"], "ysrc": src["data.0.y"]}
        plot = {"figure": {"data": [trace], "layout": {"title": {"text": "t"}}}}
        found = api.get("/v2/files/lookup?path=my+plot")
        if fids:
            assert found.json()["filetype"] == "plot"
            path = f"/v2/plots/{found.json()['fid']}"
            file = api.expect(200, "PUT", path, json=plot | {"world_readable": True}).json()
        else:
            assert found.status_code == 404
            body = plot | {"filename": "my plot", "world_readable": True}
            file = api.expect(201, "POST", "/v2/plots", json=body).json()["file"]
        fids.append(file["fid"])
        figure = content(api, file["fid"], inline_data="true")
        assert figure["data"] == [trace | {"x": [1, 2, 3], "y": y}]
    assert fids[0] == fids[1]


def test_chart_studio_shares_a_plot_by_a_secret_address(api, anonymous):
    grid = api.grid(filename="secret_grid")
    uid = grid["cols"][0]["uid"]
    body = {
        "figure": {"data": [{"type": "scatter", "ysrc": f"{grid['fid']}:{uid}"}], "layout": {}},
        "filename": "secret",
        "world_readable": False,
        "share_key_enabled": True,
    }
    file = api.expect(201, "POST", "/v2/plots", json=body).json()["file"]
    address = f"{file['web_url'][:-1]}?share_key={file['share_key']}".removeprefix(api.url)
    assert anonymous.expect(200, "GET", address).headers["Content-Type"].startswith("text/html")
    anonymous.expect(404, "GET", file["web_url"].removeprefix(api.url))


def test_chart_studio_adds_a_share_key_to_a_plot_that_has_none(api, anonymous):
    fid = api.plot(FIGURE)["fid"]
    body = {"share_key_enabled": True, "world_readable": False}
    answer = api.expect(200, "PUT", f"/v2/files/{fid}", json=body).json()
    assert api.expect(200, "GET", f"/v2/files/{fid}").json()["share_key_enabled"] is True
    assert content(anonymous, fid, share_key=answer["share_key"]) == FIGURE
    anonymous.refused(404, "GET", f"/v2/plots/{fid}/content")


def test_r_plots_and_overwrites_by_patch(api):
    headers = {"plotly_version": "4.10.1", "Plotly-Client-Platform": "R 4.10.1"}
    cols = {"x": {"data": [1, 2], "order": 0}, "y": {"data": [2, 1], "order": 1}}
    body = {
        "data": {"cols": cols},
        "filename": "rplot Grid",
        "world_readable": True,
        "share_key_enabled": False,
    }
    api.expect(404, "GET", "/v2/files/lookup?path=rplot%20Grid", headers=headers)
    grid = api.expect(201, "POST", "/v2/grids", json=body, headers=headers).json()["file"]
    x, y = (f"{grid['fid']}:{col['uid']}" for col in grid["cols"])
    trace = {"mode": "markers", "type": "scatter", "xsrc": x, "ysrc": y, "frame": None}
    plot = {"figure": {"data": [trace], "layout": {"title": [], "hovermode": "closest"}}}
    api.expect(404, "GET", "/v2/files/lookup?path=rplot", headers=headers)
    body = plot | {"filename": "rplot", "world_readable": True, "share_key_enabled": False}
    fid = api.expect(201, "POST", "/v2/plots", json=body, headers=headers).json()["file"]["fid"]
    assert content(api, fid, inline_data="true")["data"][0]["y"] == [2, 1]

    new = json.dumps([{"name": "x-1558729ca09e", "data": [7, 8]}])
    path = f"/v2/grids/{grid['fid']}/col"
    added = api.expect(201, "POST", path, json={"cols": new}, headers=headers).json()["cols"]
    trace["xsrc"] = f"{grid['fid']}:{added[0]['uid']}"
    answer = api.expect(200, "PATCH", f"/v2/plots/{fid}", json=plot, headers=headers).json()
    assert (answer["fid"], answer["filename"]) == (fid, "rplot")
    assert content(api, fid, inline_data="true")["data"][0]["x"] == [7, 8]


def test_r_finds_nothing_by_the_empty_name_of_a_plot_without_one(api):
    api.plot(FIGURE)
    assert 400 <= api.get("/v2/files/lookup?path=").status_code < 500
