"""figlinq 0.18.0 in v2 mode, with plotly 7: what works for those whose plotly is new."""

from __future__ import annotations

import pytest

from . import environments
from .support import BARS, TIME_AND_VOLTAGE, drawn, fid_of, figure, found, path_of, saved

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def calls(run_calls):
    python = environments.python("figlinq-0.18.0")
    options = {"FIGLINQ_API_VERSION": "v2"}
    return run_calls("figlinq, v2 mode", "0.18.0", python, "figlinq_calls.py", **options)


def test_a_user_signs_in(answer):
    answer("plotly.sign_in")


# grids


def test_a_grid_is_uploaded(answer, api, anonymous):
    fid = answer("upload, a Grid")["fid"]
    assert api.table(fid) == TIME_AND_VOLTAGE
    assert found(api, "time vs voltage")["fid"] == fid
    anonymous.refused(404, "GET", f"/v2/grids/{fid}")


def test_a_frame_is_uploaded(answer, api):
    fid = answer("upload, a DataFrame")["fid"]
    assert api.table(fid) == {"n": [1, 2], "gap": [0.5, None], "name": ["ä", "b"]}


def test_a_public_grid_lies_in_its_folder(answer, api, anonymous):
    fid = answer("upload, a Grid in a folder, public")["fid"]
    assert found(api, "a folder/within/grid")["fid"] == fid
    assert anonymous.table(fid) == TIME_AND_VOLTAGE


def test_a_grid_does_not_take_the_place_of_one_of_its_name(refusal, api):
    message = refusal("upload, a Grid of a name that is taken", "refused, as it should be")
    assert "already exists" in message
    assert api.table(found(api, "taken")["fid"]) == TIME_AND_VOLTAGE


def test_a_grid_changed_in_place_keeps_its_fid_and_uids(answer, api):
    seen = answer("upload, a Grid in place")
    before = seen["before"]
    assert seen["fid"] == before["fid"]
    assert list(api.table(seen["fid"]).items()) == [("new", [7, 8]), ("time", [99, 2])]
    assert seen["uids"] == api.uids(seen["fid"])
    assert seen["uids"]["time"] == before["uids"]["time"]
    assert seen["uids"]["new"] not in before["uids"].values()
    assert found(api, "moved/in place too")["fid"] == seen["fid"]


def test_a_grid_comes_back(answer):
    assert dict(answer("download, a grid")["columns"]) == TIME_AND_VOLTAGE


def test_rows_are_appended(answer, api):
    fid = answer("plotly.grid_ops.append_rows")["fid"]
    assert api.table(fid) == {"time": [1, 2, 3, 9], "voltage": [4, None, 5.5, 10]}


def test_columns_are_appended(answer, api):
    fid = answer("plotly.grid_ops.append_columns")["fid"]
    assert api.table(fid) == TIME_AND_VOLTAGE | {"new": [7, 8]}


def test_a_grid_is_deleted_for_good(answer, api):
    api.refused(404, "POST", f"/v2/grids/{answer('plotly.grid_ops.delete')['fid']}/restore")


def test_meta_is_added_later(answer, api):
    fid = answer("plotly.meta_ops.upload")["fid"]
    assert api.meta(fid)["metadata"] == {"a": [1, {"b": 2}]}


def test_a_grid_with_a_context_is_uploaded(answer, api):
    assert api.table(answer("upload, a Grid with context")["fid"]) == TIME_AND_VOLTAGE


# folders


def test_folders_are_made(answer, api):
    assert answer("plotly.file_ops.mkdirs")["status"] == 201
    assert found(api, "some/new/dir")["filetype"] == "fold"


def test_a_folder_that_exists_will_do(answer):
    answer("plotly.file_ops.ensure_dirs")


def test_a_file_is_found_by_its_path(answer):
    assert [file["filename"] for file in answer("find_file, by its path")["found"]] == ["by path"]


def test_a_file_is_found_by_its_name(answer):
    seen = answer("find_file, by its name")
    assert [file["fid"] for file in seen["found"]] == [seen["fid"]]


# images

SIZES = {"png": (600, 400), "jpeg": (600, 400), "svg": (600, 400), "pdf": (450, 300)}


@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("call", ["plotly.image.get", "plotly.image.save_as"])
def test_an_image_has_the_format_and_size_asked_for(answer, calls, call, kind):
    seen = answer(f"{call}, {kind}")
    assert saved(calls.folder / seen["file"]) == pytest.approx(SIZES[kind], abs=1)


# plots


def plain(figure: dict) -> list[tuple[list, list]]:
    """Give the x and y of each trace whose y may be a plotly 6 array of bytes."""
    first, second = drawn(figure)
    assert first[1] in ([2, 3], {"bdata": "AgM=", "dtype": "i1"})
    return [(first[0], [2, 3]), second]


def test_a_plot_is_made(answer, api, anonymous):
    url = answer("plotly.plot")["url"]
    content = figure(api, fid_of(url))
    assert plain(content) == BARS
    assert content["layout"]["title"]["text"] == "From figlinq"
    assert api.expect(200, "GET", f"/v2/files/{fid_of(url)}").json()["web_url"] == url


def test_a_plot_made_again_keeps_its_fid(answer, api):
    seen = answer("plotly.plot, over a plot of that name")
    assert seen["url"] == seen["first"]
    assert drawn(figure(api, fid_of(seen["url"]))) == [(None, [7, 8, 9])]


def test_a_private_plot_is_not_found_by_others(answer, api, anonymous):
    url = answer("plotly.plot, private, in a folder")["url"]
    assert found(api, "plots/within/plot")["fid"] == fid_of(url)
    anonymous.refused(404, "GET", f"/v2/plots/{fid_of(url)}/content?inline_data=true")
    anonymous.expect(404, "GET", path_of(url))


def test_a_secret_plot_is_shown_to_whoever_has_its_key(answer, anonymous):
    url = answer("plotly.plot, secret")["url"]
    page, key = url.split("?share_key=")
    anonymous.expect(200, "GET", path_of(url))
    assert plain(figure(anonymous, fid_of(url), share_key=key)) == BARS
    anonymous.expect(404, "GET", path_of(page))


def test_a_figure_comes_back(answer):
    assert plain(answer("plotly.get_figure")["figure"]) == BARS


def test_a_plot_draws_a_grids_columns(answer, api):
    seen = answer("upload, a plot of a grid's columns")
    (trace,) = figure(api, seen["fid"])["data"]
    assert (trace["x"], trace["y"]) == tuple(TIME_AND_VOLTAGE.values())
    assert [trace["xsrc"], trace["ysrc"]] == seen["ids"]


def test_a_plot_changed_in_place_keeps_its_fid(answer, api):
    seen = answer("upload, a plot in place")
    assert seen["fid"] == seen["before"]
    assert figure(api, seen["fid"])["data"][0]["type"] == "bar"
    assert found(api, "plot in place")["fid"] == seen["fid"]


def test_a_plot_comes_back(answer):
    (trace,) = answer("download, a plot")["figure"]["data"]
    assert (trace["x"], trace["y"]) == tuple(TIME_AND_VOLTAGE.values())


# what is not ours


def test_a_file_type_that_chart_studio_never_had_is_not_found(refusal):
    assert "(404)" in refusal("upload, a text", "not ours: a kind of file that only Figlinq has")
