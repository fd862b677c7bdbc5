"""R's plotly, as Debian has it."""

from __future__ import annotations

import subprocess

import pytest

from .support import drawn, fid_of, figure, found, path_of, saved

pytestmark = pytest.mark.peers

SMALL = {"a": [1, 2, 3], "b": [4, 5, 6]}
BARS = (["a", "b", "c"], [2, 3, 1])


@pytest.fixture(scope="module")
def calls(run_calls):
    asked = ["Rscript", "-e", 'cat(as.character(packageVersion("plotly")))']
    version = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return run_calls("R's plotly", version, "Rscript", "r_calls.R")


# images

SIZES = {"png": (600, 400), "jpeg": (600, 400), "webp": (600, 400), "svg": (600, 400)}
SIZES |= {"pdf": (450, 300), "eps": (450, 300)}


@pytest.mark.parametrize("kind", SIZES)
def test_an_image_has_the_format_and_size_asked_for(answer, calls, kind):
    seen = answer(f"plotly_IMAGE, {kind}")
    assert saved(calls.folder / seen["file"]) == pytest.approx(SIZES[kind], abs=1)


def test_a_ggplot_is_drawn(answer, calls):
    assert saved(calls.folder / answer("plotly_IMAGE, of a ggplot")["file"]) == (300, 200)


# grids


def test_a_data_frame_is_uploaded(answer, api):
    fid = answer("api_create, of a data frame")["fid"]
    assert api.table(fid) == {
        "n": [1, 2.5, None],
        "name": ["a", "b", None],
        "day": ["2020-01-01", "2020-01-02", None],
        "time": ["2020-01-01 03:04:05.000000", None, None],
        "ok": [True, False, None],
    }


def test_a_data_frame_of_a_name_that_is_there_is_put_beside_it(answer, api):
    seen = answer("api_create, of a data frame, over one of its name")
    assert seen["fid"] == seen["first"]
    table = api.table(seen["fid"])
    assert list(table.values()) == [*SMALL.values(), [10, 20, 30], [40, 50, 60]]
    assert list(table)[2:] == seen["names"]


def test_a_data_frame_lies_in_its_folder(answer, api):
    fid = answer("api_create, of a data frame, in a folder")["fid"]
    assert found(api, "rdir/sub/rgrid")["fid"] == fid
    assert api.table(fid) == SMALL


def test_a_private_data_frame_is_its_owners_alone(answer, api, anonymous):
    fid = answer("api_create, of a data frame, private")["fid"]
    assert api.table(fid) == SMALL
    anonymous.refused(404, "GET", f"/v2/grids/{fid}")


def test_a_secret_data_frame_is_read_by_whoever_has_its_key(answer, anonymous):
    seen = answer("api_create, of a data frame, secret")
    anonymous.refused(404, "GET", f"/v2/grids/{seen['fid']}/content")
    content = anonymous.content(seen["fid"], share_key=seen["share_key"])
    assert {name: col["data"] for name, col in content.items()} == SMALL


def test_a_data_frame_without_a_name_gets_one(answer, api):
    seen = answer("api_create, of a data frame, without a name")
    assert seen["filename"]
    assert api.table(seen["fid"]) == SMALL


def test_a_data_frame_of_one_row_is_uploaded(answer, api):
    fid = answer("api_create, of a data frame, one row")["fid"]
    assert api.table(fid) == {"a": [1], "b": [4]}


def test_a_taken_name_is_told(refusal, api):
    call = "api_create, of a data frame, of a name that is taken"
    assert "already exists" in refusal(call, "refused, as it should be")
    assert api.table(found(api, "r taken")["fid"]) == SMALL


def test_a_grid_is_downloaded(answer):
    seen = answer("api_download_grid")
    assert (seen["got"]["fid"], seen["got"]["filetype"]) == (seen["fid"], "grid")


# plots


def test_a_plot_is_made(answer, api, anonymous):
    seen = answer("api_create, of a plot")
    content = figure(anonymous, seen["fid"])
    assert drawn(content) == [BARS]
    assert "From R" in str(content["layout"]["title"])
    assert list(api.table(found(api, "r plot Grid")["fid"]).values()) == list(BARS)
    assert seen["fid"] == fid_of(seen["web_url"])
    anonymous.expect(200, "GET", path_of(seen["web_url"]))


def test_a_plot_made_again_keeps_its_fid(answer, api):
    seen = answer("api_create, of a plot, over one of its name")
    assert seen["fid"] == seen["first"]
    content = figure(api, seen["fid"])
    assert drawn(content) == [(BARS[0], [7, 8, 9])]
    assert "Changed" in str(content["layout"]["title"])


def test_a_plot_lies_in_its_folder(answer, api):
    fid = answer("api_create, of a plot, in a folder")["fid"]
    assert found(api, "rdir/plots/rplot")["fid"] == fid
    assert found(api, "rdir/plots/rplot Grid")["filetype"] == "grid"
    assert drawn(figure(api, fid)) == [BARS]


def test_a_private_plot_is_not_found_by_others(answer, api, anonymous):
    seen = answer("api_create, of a plot, private")
    assert drawn(figure(api, seen["fid"])) == [BARS]
    anonymous.refused(404, "GET", f"/v2/plots/{seen['fid']}/content")
    anonymous.expect(404, "GET", path_of(seen["web_url"]))


def test_a_plot_without_a_name_gets_one(answer, api):
    seen = answer("api_create, of a plot, without a name")
    assert seen["filename"]
    assert drawn(figure(api, seen["fid"])) == [BARS]


def test_a_ggplot_is_made(answer, api):
    content = figure(api, answer("api_create, of a ggplot")["fid"])
    assert drawn(content) == [([1, 2, 3], [4, 5, 6])]


def test_a_plot_comes_back_as_a_widget(answer):
    seen = answer("api_download_plot")
    assert seen["class"] == ["plotly", "htmlwidget"]
    assert seen["y"] == BARS[1]
    assert "From R" in str(seen["title"])


def test_a_figure_comes_back(answer):
    assert answer("get_figure")["y"] == BARS[1]


def test_a_plot_is_posted(answer, api):
    fid = answer("plotly_POST")["fid"]
    assert found(api, "r posted")["fid"] == fid
    assert drawn(figure(api, fid)) == [BARS]


# the API itself


def test_the_root_names_the_endpoints(answer):
    assert {"plots", "grids", "folders"} <= set(answer("api, its root")["names"])


def test_files_are_searched(answer):
    seen = answer("api, search")
    assert seen["found"] == [seen["fid"]]


def test_the_home_folder_is_listed(answer):
    assert {"rgrid", "rdir"} <= set(answer("api, folders/home")["names"])


def test_a_grid_is_renamed_and_deleted(answer, api):
    seen = answer("api, PATCH and DELETE of a grid")
    assert seen["filename"] == "r renamed"
    api.refused(404, "POST", f"/v2/grids/{seen['fid']}/restore")
