"""What can be done with a file of any type: starred, traced to its sources, shared, seen."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

COLUMNS = {"x": [1, None, 3], "name, quoted": ["a", "b", "ä€"], "z": [True, 2.5, [1]]}
FIGURE = {"data": [{"type": "scatter", "y": [1, 3, 2]}], "layout": {"width": 320, "height": 240}}
TABLE = {"x": [1, 2], "y": [3, 4]}


def number(file: dict) -> int:
    return int(file["fid"].split(":")[1])


def meta(caller, fid: str) -> dict:
    return caller.expect(200, "GET", f"/v2/files/{fid}").json()


def copied(caller, fid: str) -> dict:
    return caller.expect(201, "POST", f"/v2/files/{fid}/copy").json()["file"]


# --- stars ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("filetype", ["grid", "plot", "folder"])
def test_stars_are_the_names_of_those_who_gave_them(api, other, filetype):
    made = {"grid": api.grid, "plot": api.plot, "folder": lambda: api.folder("folder")}
    fid = made[filetype]()["fid"]
    api.expect(200, "PATCH", f"/v2/files/{fid}", json={"world_readable": True})
    assert meta(api, fid)["stars"] == {"results": [], "count": 0}
    path = f"/v2/files/{fid}/star"
    for _ in range(2):
        answer = api.expect(200, "POST", path).json()
        assert answer["fid"] == fid
        assert answer["stars"] == {"results": [api.username], "count": 1}
    other.expect(200, "POST", path)
    stars = meta(api, fid)["stars"]
    assert sorted(stars["results"]) == sorted([api.username, other.username])
    assert stars["count"] == 2
    assert api.expect(204, "DELETE", path).content == b""
    assert meta(other, fid)["stars"] == {"results": [other.username], "count": 1}


def test_stars_given_at_once_are_all_counted(api, new_user):
    fid = api.grid(world_readable=True)["fid"]
    callers = [new_user() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        starred = [pool.submit(c.expect, 200, "POST", f"/v2/files/{fid}/star") for c in callers]
    assert {answer.result().json()["fid"] for answer in starred} == {fid}
    stars = meta(api, fid)["stars"]
    assert sorted(stars["results"]) == sorted(caller.username for caller in callers)
    assert stars["count"] == 8


def test_a_star_changes_nothing_else(api, other):
    grid = api.grid(TABLE, world_readable=True)["fid"]
    before = api.meta(grid)
    other.expect(200, "POST", f"/v2/grids/{grid}/star")
    after = api.meta(grid)
    assert {name for name in before if before[name] != after[name]} == {"stars"}


# --- sources, and references dropped --------------------------------------------------------------


def test_a_grid_tells_where_it_came_from(api):
    source = api.grid()["fid"]
    fields = {
        "source_fid": source,
        "source_url": "https://example.org/data.csv",
        "source_referer": "https://example.org/",
    }
    grid = api.grid(TABLE, **fields)
    told = api.meta(grid["fid"])
    assert {name: told[name] for name in fields} == fields
    assert told["references"] == [source]
    assert api.meta(source)["referencers"] == [grid["fid"]]


def test_a_grid_references_no_source_that_its_maker_could_not_read(api, other):
    private = other.grid()["fid"]
    for source in (private, f"{other.username}:932", "nobody-of-this-name:0"):
        grid = api.grid(source_fid=source)
        assert grid["references"] == []
        sources = api.expect(200, "GET", f"/v2/grids/{grid['fid']}/sources").json()
        assert sources == {"results": [], "count": 0}
    assert other.meta(private)["referencers"] == []


@pytest.mark.parametrize("resource", ["files", "grids"])
def test_the_sources_of_a_copy_are_its_original(api, resource):
    grid = api.grid(filename="original")["fid"]
    copy = copied(api, grid)["fid"]
    sources = api.expect(200, "GET", f"/v2/{resource}/{copy}/sources").json()
    assert sources["count"] == 1
    assert sources["results"][0]["fid"] == grid
    assert sources["results"][0]["filename"] == "original"
    assert not {"cols", "figure"} & set(sources["results"][0])
    assert api.expect(200, "GET", f"/v2/{resource}/{grid}/sources").json()["count"] == 0


def test_sources_are_those_that_the_caller_may_read(api, anonymous):
    private, public = api.grid(TABLE), api.grid(TABLE, world_readable=True)
    src = [f"{file['fid']}:{file['cols'][0]['uid']}" for file in (private, public)]
    figure = {"data": [{"xsrc": src[0], "ysrc": src[1]}], "layout": {}}
    plot = api.plot(figure, world_readable=True)["fid"]
    for caller, expected in [(api, {private["fid"], public["fid"]}), (anonymous, {public["fid"]})]:
        sources = caller.expect(200, "GET", f"/v2/plots/{plot}/sources").json()
        assert {file["fid"] for file in sources["results"]} == expected
        assert sources["count"] == len(expected)


@pytest.mark.parametrize("resource", ["files", "grids"])
def test_a_grid_drops_its_source_and_remembers_where_it_came_from(api, resource):
    grid = api.grid(TABLE)["fid"]
    copy = copied(api, grid)["fid"]
    path = f"/v2/{resource}/{copy}/drop_reference"
    for _ in range(2):
        answer = api.expect(200, "POST", path, json={"fid": grid}).json()
        assert answer["fid"] == copy
        assert answer["references"] == []
    assert api.expect(200, "GET", f"/v2/files/{copy}/sources").json()["count"] == 0
    assert api.meta(grid)["referencers"] == []
    assert api.meta(copy)["source_fid"] == grid
    assert api.table(copy) == api.table(grid) == TABLE


@pytest.mark.parametrize("resource", ["files", "plots"])
def test_a_plot_that_drops_a_grid_keeps_its_values(api, resource):
    dropped, kept = api.grid(TABLE), api.grid(TABLE)
    x, y = ([f"{file['fid']}:{col['uid']}" for col in file["cols"]] for file in (dropped, kept))
    trace = {"xsrc": x[0], "ysrc": y[1], "marker": {"sizesrc": x[1], "colorsrc": y[0]}}
    frames = [{"name": "1", "data": [{"xsrc": x[1]}]}]
    fid = api.plot({"data": [trace], "layout": {}, "frames": frames})["fid"]
    path = f"/v2/{resource}/{fid}/drop_reference"
    answer = api.expect(200, "POST", path, json={"fid": dropped["fid"]}).json()
    assert answer["references"] == [kept["fid"]]
    inline = {"x": [1, 2], "ysrc": y[1], "marker": {"size": [3, 4], "colorsrc": y[0]}}
    expected = {"data": [inline], "layout": {}, "frames": [{"name": "1", "data": [{"x": [3, 4]}]}]}
    assert api.expect(200, "GET", f"/v2/plots/{fid}/content").json() == expected
    assert api.meta(dropped["fid"])["referencers"] == []
    assert api.meta(kept["fid"])["referencers"] == [fid]

    api.expect(204, "DELETE", f"/v2/grids/{dropped['fid']}")
    figure = api.expect(200, "GET", f"/v2/plots/{fid}/content?inline_data=true").json()
    assert (figure["data"][0]["x"], figure["data"][0]["y"]) == ([1, 2], [3, 4])


def test_a_plot_that_drops_a_grid_in_the_trash_does_not_lose_its_values(api):
    grid = api.grid(TABLE)
    src = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    plot = api.plot({"data": [{"xsrc": src, "y": [1, 2]}], "layout": {}})["fid"]
    api.expect(200, "POST", f"/v2/grids/{grid['fid']}/trash")
    api.expect(200, "POST", f"/v2/plots/{plot}/drop_reference", json={"fid": grid["fid"]})
    api.expect(200, "POST", f"/v2/grids/{grid['fid']}/restore")
    figure = api.expect(200, "GET", f"/v2/plots/{plot}/content?inline_data=true").json()
    assert figure["data"][0]["x"] == TABLE["x"]


@pytest.mark.parametrize("filetype", ["grid", "plot"])
def test_dropping_what_is_not_referenced_is_no_error(api, filetype):
    file = api.grid(TABLE) if filetype == "grid" else api.plot(FIGURE)
    path = f"/v2/{filetype}s/{file['fid']}"
    before = api.expect(200, "GET", path).json()
    for fid in (f"{api.username}:932", "nobody-of-this-name:0", api.grid()["fid"]):
        api.expect(200, "POST", f"{path}/drop_reference", json={"fid": fid})
    after = api.expect(200, "GET", path).json()
    assert {name: after[name] for name in before if name != "date_modified"} == {
        name: value for name, value in before.items() if name != "date_modified"
    }


@pytest.mark.parametrize("body", [{}, *({"fid": fid} for fid in ("", "x", "a:b", 5, None, [], {}))])
@pytest.mark.parametrize("filetype", ["grid", "plot"])
def test_dropping_what_is_no_fid_is_400(api, filetype, body):
    fid = (api.grid() if filetype == "grid" else api.plot())["fid"]
    path = f"/v2/files/{fid}/drop_reference"
    assert api.refused(400, "POST", path, json=body)["field"] == "fid"


def test_a_file_is_named_in_one_way_only(api):
    """Else a plot would forget the grid that it goes on drawing."""
    grid = api.grid(TABLE)
    src = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    plot = api.plot({"data": [{"xsrc": src}], "layout": {}})["fid"]
    owner, number = grid["fid"].split(":")
    for number_written_else in (f"00{number}", f"0{number}", f"+{number}"):
        other = f"{owner}:{number_written_else}"
        path = f"/v2/plots/{plot}/drop_reference"
        assert api.refused(400, "POST", path, json={"fid": other})["field"] == "fid"
        api.refused(404, "GET", f"/v2/grids/{other}")
    assert api.expect(200, "GET", f"/v2/plots/{plot}").json()["references"] == [grid["fid"]]


# --- content and image by type --------------------------------------------------------------------


def test_the_content_of_a_file_is_that_of_its_type(api):
    grid, plot = api.grid(COLUMNS)["fid"], api.plot(FIGURE)["fid"]
    for own, query in [
        (f"grids/{grid}", ""),
        (f"grids/{grid}", "?start=1&stop=2"),
        (f"plots/{plot}", ""),
        (f"plots/{plot}", "?inline_data=true"),
    ]:
        as_file = api.expect(200, "GET", f"/v2/files/{own.split('/')[1]}/content{query}")
        as_own = api.expect(200, "GET", f"/v2/{own}/content{query}")
        assert as_file.json() == as_own.json()
        assert as_file.headers["Content-Type"] == as_own.headers["Content-Type"]
    csv = api.expect(200, "GET", f"/v2/files/{grid}/content", headers={"Accept": "text/csv"})
    assert csv.headers["Content-Type"].startswith("text/csv")
    folder = api.folder("folder")["fid"]
    api.refused(404, "GET", f"/v2/files/{folder}/content")


def test_the_image_of_a_plot_is_its_figure_drawn(api):
    plot = api.plot(FIGURE)
    image = api.expect(200, "GET", f"/v2/files/{plot['fid']}/image")
    assert image.headers["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(image.content)) as picture:
        assert picture.format == "PNG"
        assert picture.size[0] / picture.size[1] == 320 / 240
    assert api.expect(200, "GET", plot["img_url"].removeprefix(api.url)).content == image.content

    api.expect(200, "PATCH", f"/v2/plots/{plot['fid']}", json={"figure": {"data": [{"y": [1]}]}})
    changed = api.expect(200, "GET", f"/v2/files/{plot['fid']}/image")
    assert changed.content != image.content


def test_the_image_of_a_plot_shows_the_data_of_its_grid(api, anonymous):
    grid = api.grid({"y": [1, 5, 2]})
    src = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    figures = [{"data": [{"ysrc": src}], "layout": {}}, {"data": [{"y": [1, 5, 2]}], "layout": {}}]
    images = []
    for figure in figures:
        fid = api.plot(figure, world_readable=True)["fid"]
        images.append(anonymous.expect(200, "GET", f"/v2/files/{fid}/image").content)
    with Image.open(io.BytesIO(images[0])) as by_grid, Image.open(io.BytesIO(images[1])) as inline:
        assert by_grid.tobytes() == inline.tobytes()


def test_a_figure_that_cannot_be_drawn_is_kept_and_its_image_is_400(api):
    figure = {"data": [{"y": [1]}], "layout": {"width": 1_000_000, "height": 1_000_000}}
    fid = api.plot(figure)["fid"]
    api.refused(400, "GET", f"/v2/files/{fid}/image")
    assert api.expect(200, "GET", f"/v2/files/{fid}/content").json() == figure


def test_only_plots_have_an_image(api):
    for file in (api.grid(TABLE), api.folder("folder")):
        api.refused(404, "GET", f"/v2/files/{file['fid']}/image")
        api.expect(404, "GET", f"/~{api.username}/{number(file)}.png")


# --- share keys -----------------------------------------------------------------------------------

SHARED = {
    "grid": [
        "/v2/grids/{fid}",
        "/v2/files/{fid}",
        "/v2/grids/{fid}/content",
        "/v2/files/{fid}/content",
        "/v2/grids/{fid}/col",
        "/v2/grids/{fid}/sources",
        "/v2/grids/{fid}/path",
        "/~{page}/",
        "/~{page}.embed",
        "/~{page}.csv",
        "/~{page}.json",
    ],
    "plot": [
        "/v2/plots/{fid}",
        "/v2/plots/{fid}/content",
        "/v2/plots/{fid}/sources",
        "/v2/files/{fid}/path",
        "/v2/files/{fid}/image",
        "/~{page}/",
        "/~{page}.embed",
        "/~{page}.json",
        "/~{page}.png",
    ],
}


@pytest.mark.parametrize(("filetype", "form"), [(t, form) for t in SHARED for form in SHARED[t]])
def test_a_share_key_opens_one_file_while_it_is_enabled(api, anonymous, filetype, form):
    make = api.grid if filetype == "grid" else api.plot
    file, another = make(share_key_enabled=True), make(share_key_enabled=True)
    path = form.format(fid=file["fid"], page=file["fid"].replace(":", "/"))
    assert file["share_key"] != another["share_key"]
    for key, status in [
        (file["share_key"], 200),
        (another["share_key"], 404),
        ("", 404),
        (file["share_key"].upper() + "x", 404),
    ]:
        anonymous.expect(status, "GET", path, params={"share_key": key})
    api.expect(200, "PATCH", f"/v2/files/{file['fid']}", json={"share_key_enabled": False})
    anonymous.expect(404, "GET", path, params={"share_key": file["share_key"]})


def test_a_share_key_that_is_out_of_date_takes_no_right_away(api, other, anonymous):
    private, public = api.grid()["fid"], api.grid(world_readable=True)["fid"]
    params = {"share_key": "out-of-date"}
    for caller, fid in [(api, private), (api, public), (other, public), (anonymous, public)]:
        caller.expect(200, "GET", f"/v2/grids/{fid}/content", params=params)
    api.expect(200, "PATCH", f"/v2/grids/{private}", params=params, json={"metadata": {}})


def test_who_reads_by_a_share_key_is_told_no_secret(api, anonymous):
    file = api.grid(share_key_enabled=True)
    params = {"share_key": file["share_key"]}
    answer = anonymous.expect(200, "GET", f"/v2/grids/{file['fid']}", params=params).json()
    assert not {"share_key", "share_key_enabled", "deleted"} & set(answer)
    assert answer["current_user_permission"] == "read"


# --- views ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("filetype", ["grid", "plot"])
def test_views_count_how_often_the_page_was_shown(api, other, anonymous, filetype):
    make = api.grid if filetype == "grid" else api.plot
    file = make(world_readable=True)
    page = file["web_url"].removeprefix(api.url)
    assert file["views"] == 0
    for caller in (other, anonymous, anonymous):
        caller.expect(200, "GET", page)
    assert meta(api, file["fid"])["views"] == 3
    for caller in (api, other, anonymous):
        for path in ("", "/content", "/path", "/sources"):
            caller.expect(200, "GET", f"/v2/files/{file['fid']}{path}")
        caller.expect(200, "GET", f"/v2/folders/home?user={api.username}")
    assert meta(api, file["fid"])["views"] == 3


def test_pages_shown_at_once_are_all_counted(api):
    file = api.grid(world_readable=True)
    page = file["web_url"].removeprefix(api.url)

    def show(_: int) -> None:
        with type(api)(api.url) as visitor:
            visitor.expect(200, "GET", page)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(show, range(24)))
    assert meta(api, file["fid"])["views"] == 24


def test_a_page_that_is_refused_is_no_view(api, other, anonymous):
    file = api.grid()
    page = file["web_url"].removeprefix(api.url)
    for caller in (other, anonymous):
        caller.expect(404, "GET", page)
    assert meta(api, file["fid"])["views"] == 0
