"""What chart_studio 1.1.0, the last client that Chart Studio had, can do beyond those before it."""

from __future__ import annotations

import pytest

from . import environments
from .support import BARS, TIME_AND_VOLTAGE, drawn, fid_of, figure, found, path_of, saved

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def calls(run_calls):
    python = environments.python("chart_studio-1.1.0")
    return run_calls("chart_studio", "1.1.0", python, "chart_studio_calls.py")


# grids


def test_a_grid_without_a_name_gets_one(answer, api):
    seen = answer("grid_ops.upload, without a name")
    assert api.meta(seen["fid"])["filename"]
    assert api.table(seen["fid"]) == TIME_AND_VOLTAGE


def test_a_frame_is_uploaded(answer, api):
    seen = answer("grid_ops.upload, of a DataFrame")
    assert api.table(seen["fid"]) == {
        "n": [1, 2],
        "when": ["2026-01-02T00:00:00", "2026-01-03T04:05:06"],
        "gap": [0.5, None],
        "ok": [True, False],
    }


def test_rows_are_appended_to_a_grid_known_by_its_url(answer, api):
    seen = answer("grid_ops.append_rows, by URL")
    assert api.table(seen["fid"]) == {"time": [1, 2, 3, 9], "voltage": [4, None, 5.5, 10]}


def test_a_grid_comes_back_raw(answer):
    cols = answer("get_grid, raw")["cols"]
    assert {name: col["data"] for name, col in cols.items()} == TIME_AND_VOLTAGE


# folders


def test_the_home_folder_is_listed(answer):
    assert {"frame", "private plot", "plots"} <= set(
        answer("api.v2.folders.retrieve, home")["names"]
    )


# images


def test_an_image_has_the_size_of_its_figure(answer, calls):
    seen = answer("image.get, of the figure's own size")
    assert saved(calls.folder / seen["file"]) == (420, 210)


# plots


def test_a_plot_made_again_keeps_its_fid(answer, api):
    seen = answer("plot, over a plot of that name")
    assert seen["url"] == seen["first"]
    assert drawn(figure(api, fid_of(seen["url"]))) == [(None, [7, 8, 9])]


def test_a_plot_lies_in_its_folder(answer, api):
    url = answer("plot, in a folder")["url"]
    assert found(api, "plots/within/plot")["fid"] == fid_of(url)
    assert found(api, "plots/within/plot_grid")["filetype"] == "grid"
    assert drawn(figure(api, fid_of(url))) == BARS


def test_a_plot_without_a_name_gets_one(answer, api):
    url = answer("plot, without a name")["url"]
    assert api.expect(200, "GET", f"/v2/files/{fid_of(url)}").json()["filename"]
    assert drawn(figure(api, fid_of(url))) == BARS


def test_a_private_plot_is_not_found_by_others(answer, api, anonymous):
    url = answer("plot, private")["url"]
    assert drawn(figure(api, fid_of(url))) == BARS
    anonymous.refused(404, "GET", f"/v2/plots/{fid_of(url)}/content?inline_data=true")
    anonymous.expect(404, "GET", path_of(url))


def test_a_secret_plot_is_shown_to_whoever_has_its_key(answer, anonymous):
    url = answer("plot, secret")["url"]
    page, key = url.split("?share_key=")
    anonymous.expect(200, "GET", path_of(url))
    assert drawn(figure(anonymous, fid_of(url), share_key=key)) == BARS
    anonymous.expect(404, "GET", path_of(page))
    anonymous.expect(404, "GET", path_of(page) + "?share_key=wrong")


def test_a_plot_is_secret_from_the_time_it_is_shared(answer, anonymous):
    url = answer("add_share_key_to_url")["url"]
    anonymous.expect(200, "GET", path_of(url))
    anonymous.expect(404, "GET", path_of(url.split("?")[0]))


def test_a_plot_draws_a_grids_columns(answer, api):
    seen = answer("plot, of a grid's columns")
    (trace,) = figure(api, fid_of(seen["url"]))["data"]
    assert (trace["x"], trace["y"]) == tuple(TIME_AND_VOLTAGE.values())
    assert [trace["xsrc"], trace["ysrc"]] == seen["ids"]


def test_a_plot_does_not_take_the_place_of_a_grid(refusal, api):
    message = refusal("plot, over a grid of that name", "refused, as it should be")
    assert "is already a grid in your account" in message
    assert api.table(found(api, "a grid, not a plot")["fid"]) == TIME_AND_VOLTAGE


def test_a_plot_keeps_its_frames(answer, api):
    content = figure(api, fid_of(answer("plot, with frames")["url"]))
    frames = [(frame["name"], drawn(frame)) for frame in content["frames"]]
    assert frames == [("1", [([1, 2], [1, 2])]), ("2", [([1, 2], [2, 4])])]


def test_a_plot_is_embedded_in_a_notebook(answer, anonymous):
    anonymous.expect(200, "GET", path_of(answer("iplot")["url"]))


def test_a_private_figure_comes_back_to_its_owner(answer):
    assert drawn(answer("get_figure, of a private plot")["figure"]) == BARS


def test_the_plot_schema_is_that_of_plotly_js(answer):
    assert {"bar", "scatter", "heatmap"} <= set(answer("api.v2.plot_schema.retrieve")["traces"])


# what is not ours


@pytest.mark.parametrize("call", ["dashboard_ops.upload", "presentation_ops.upload"])
def test_what_the_server_does_not_keep_is_not_found(refusal, call):
    assert "(404)" in refusal(call, "not ours: the server keeps no dashboards and presentations")
