"""chart_studio, and the plotlys that had its client in them: what they have in common.

The oldest, of 2016, sends forms, and knows a column by ``fid/uid``.
"""

from __future__ import annotations

import base64

import pytest

from . import environments
from .support import (
    BARS,
    TIME_AND_VOLTAGE,
    drawn,
    draws_a_line,
    embedded,
    fid_of,
    figure,
    found,
    path_of,
    saved,
    size,
)

pytestmark = pytest.mark.peers

CLIENTS = PLOTLY_1, PLOTLY_2, PLOTLY_3, CHART_STUDIO = (
    ("plotly", "1.12.9"),
    ("plotly", "2.7.0"),
    ("plotly", "3.10.0"),
    ("chart_studio", "1.1.0"),
)


@pytest.fixture(scope="module", params=CLIENTS, ids=" ".join)
def calls(request, run_calls):
    package, version = request.param
    python = environments.python(f"{package}-{version}")
    return run_calls(package, version, python, "python_calls.py", package)


def only(*clients):
    """Run a test for these clients: the others lack the call, or answer otherwise."""
    return pytest.mark.parametrize("calls", clients, indirect=True, ids=" ".join)


def test_a_user_signs_in(answer):
    answer("sign_in")


@only(PLOTLY_2, PLOTLY_3, CHART_STUDIO)
def test_a_wrong_key_is_told(refusal):
    message = refusal("sign_in, with a wrong key", "refused, as it should be")
    assert message.startswith("PlotlyError: Sign in failed.")


def test_the_files_of_an_account_are_used(answer, api):
    answer("tools.set_credentials_file")
    assert api.table(found(api, "the first")["fid"]) == TIME_AND_VOLTAGE


# grids


def test_a_grid_is_uploaded(answer, api):
    seen = answer("grid_ops.upload")
    assert api.table(seen["fid"]) == TIME_AND_VOLTAGE
    assert [key[-6:] for key in seen["ids"]] == list(api.uids(seen["fid"]).values())
    meta = api.meta(seen["fid"])
    assert (meta["filename"], meta["world_readable"]) == ("time vs voltage", True)
    assert meta["web_url"] == seen["url"]


@only(CHART_STUDIO)
def test_a_grid_takes_the_place_of_one_of_its_name(answer, api):
    seen = answer("grid_ops.upload, over a grid of that name")
    assert api.table(seen["fid"]) == {"only": ["new"]}
    api.refused(404, "GET", f"/v2/grids/{seen['first']}")


@only(PLOTLY_3)
def test_a_grid_of_a_name_that_is_there_keeps_its_data(answer, api):
    call = "grid_ops.upload, over a grid of that name"
    seen = answer(
        call, "keeps the old data, as on Chart Studio: it sends the new with PUT, which takes none"
    )
    assert seen["fid"] == seen["first"]
    assert api.table(seen["fid"]) == TIME_AND_VOLTAGE


@only(PLOTLY_1, PLOTLY_2)
def test_a_grid_of_a_name_that_is_there_is_refused(refusal, api):
    call = "grid_ops.upload, over a grid of that name"
    assert "400" in refusal(call, "refused, as on Chart Studio")
    assert api.table(found(api, "again")["fid"]) == TIME_AND_VOLTAGE


def test_a_grid_lies_in_its_folder(answer, api):
    seen = answer("grid_ops.upload, in a folder")
    assert found(api, "a folder/within/grid")["fid"] == seen["fid"]


def test_a_private_grid_is_its_owners_alone(answer, api, anonymous):
    seen = answer("grid_ops.upload, private")
    assert api.table(seen["fid"]) == TIME_AND_VOLTAGE
    anonymous.refused(404, "GET", f"/v2/grids/{seen['fid']}")


def test_a_grid_keeps_its_meta(answer, api):
    seen = answer("grid_ops.upload, with meta")
    assert api.meta(seen["fid"])["metadata"] == {"k": [1, {"deep": "ü"}]}


def test_rows_are_appended(answer, api):
    seen = answer("grid_ops.append_rows")
    rows = {"time": [1, 2, 3, 9, 10], "voltage": [4, None, 5.5, "x", None]}
    assert api.table(seen["fid"]) == rows


def test_columns_are_appended(answer, api):
    seen = answer("grid_ops.append_columns")
    assert api.table(seen["fid"]) == TIME_AND_VOLTAGE | {"new": [7, 8]}
    assert seen["id"][-6:] == api.uids(seen["fid"])["new"]


@only(PLOTLY_2, PLOTLY_3, CHART_STUDIO)
def test_a_grid_comes_back(answer, api):
    seen = answer("get_grid")
    uids = api.uids(seen["fid"])
    assert seen["columns"] == [
        [name, data, f"{seen['fid']}:{uids[name]}"] for name, data in TIME_AND_VOLTAGE.items()
    ]


def test_a_grid_is_deleted(answer, api):
    api.refused(404, "GET", f"/v2/grids/{answer('grid_ops.delete')['fid']}")


def test_meta_is_added_later(answer, api):
    seen = answer("meta_ops.upload")
    assert api.meta(seen["fid"])["metadata"] == {"a": [1, {"b": 2}]}


def test_folders_are_made(answer, api):
    assert answer("file_ops.mkdirs")["status"] == 201
    assert found(api, "some/new/dir")["filetype"] == "fold"


def test_a_folder_is_not_made_twice(refusal, api):
    message = refusal("file_ops.mkdirs, of what exists", "refused, as it should be")
    assert "already exists" in message or "400" in message
    assert found(api, "some/new/dir")["filetype"] == "fold"


@only(PLOTLY_3, CHART_STUDIO)
def test_a_folder_that_exists_will_do(answer):
    answer("file_ops.ensure_dirs")


# images

SIZES = {"png": (600, 400), "jpeg": (600, 400), "svg": (600, 400), "pdf": (450, 300)}


@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("call", ["image.get", "image.save_as"])
def test_an_image_has_the_format_and_size_asked_for(answer, calls, call, kind):
    seen = answer(f"{call}, {kind}")
    assert saved(calls.folder / seen["file"]) == pytest.approx(SIZES[kind], abs=1)


@pytest.mark.parametrize("kind", ["png", "jpeg", "svg"])
def test_an_image_is_shown_in_a_notebook(answer, kind):
    seen = answer(f"image.ishow, {kind}")
    data = seen["data"].encode()
    assert size(data if kind == "svg" else base64.b64decode(data), kind) == (300, 200)


def test_a_grids_columns_are_drawn(answer, calls):
    assert draws_a_line(calls.folder / answer("image.save_as, of a grid's columns")["file"])


# plots


@only(PLOTLY_2, PLOTLY_3, CHART_STUDIO)
def test_an_animation_keeps_its_frames(answer, api):
    content = figure(api, fid_of(answer("create_animations")["url"]))
    frames = [(frame["name"], drawn(frame)) for frame in content["frames"]]
    assert frames == [("1", [([1, 2], [1, 2])]), ("2", [([1, 2], [2, 4])])]


@only(PLOTLY_2, PLOTLY_3, CHART_STUDIO)
def test_a_secret_plot_is_shown_to_whoever_has_its_key(answer, anonymous):
    url = answer("create_animations, secret")["url"]
    page, key = url.split("?share_key=")
    anonymous.expect(200, "GET", path_of(url))
    assert drawn(figure(anonymous, fid_of(url), share_key=key)) == BARS
    anonymous.expect(404, "GET", path_of(page))


@only(PLOTLY_2, PLOTLY_3, CHART_STUDIO)
def test_a_figure_comes_back(answer):
    seen = answer("get_figure")
    assert drawn(seen["figure"]) == BARS
    assert seen["same"] == [2, 3]


@only(PLOTLY_2, PLOTLY_3, CHART_STUDIO)
def test_a_plot_is_embedded_in_a_page(answer, anonymous):
    page = anonymous.expect(200, "GET", path_of(embedded(answer("tools.get_embed")["html"])))
    assert page.headers["Content-Type"].startswith("text/html")


@only(PLOTLY_1, PLOTLY_2, PLOTLY_3)
def test_v1_is_not_found(refusal):
    assert "404" in refusal("plot", "not ours: it speaks v1 (`/clientresp`)")


@only(CHART_STUDIO)
def test_a_plot_is_made(answer, api, anonymous):
    url = answer("plot")["url"]
    content = figure(anonymous, fid_of(url))
    assert drawn(content) == BARS
    assert content["layout"]["title"]["text"] == "A title"
    file = api.expect(200, "GET", f"/v2/files/{fid_of(url)}").json()
    assert (file["filename"], file["filetype"], file["web_url"]) == ("my plot", "plot", url)


@only(CHART_STUDIO)
def test_a_plots_data_lies_in_a_grid_beside_it(answer, api):
    url = answer("plot")["url"]
    grid = found(api, "my plot_grid")["fid"]
    assert api.table(grid)["data.0.y"] == [2, 3]
    assert api.expect(200, "GET", f"/v2/plots/{fid_of(url)}").json()["references"] == [grid]
