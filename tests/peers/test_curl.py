"""curl: every example of the documents of the grids and images endpoints, as typed in a shell."""

from __future__ import annotations

import base64
import sys

import pytest

from .support import draws_a_line, figure, found, saved, size

pytestmark = pytest.mark.peers

CREATED = {"first column": ["a", "b", "c"], "second column": [1, 2, 3]}


@pytest.fixture(scope="module")
def calls(run_calls):
    return run_calls("curl", "any", sys.executable, "curl_calls.py")


def test_a_grid_is_created(answer, api):
    seen = answer("POST /v2/grids")
    assert api.table(seen["fid"]) == CREATED
    assert (seen["filename"], seen["world_readable"]) == ("created", False)


def test_a_grid_is_created_in_a_folder(answer, api):
    seen = answer("POST /v2/grids, data as a string, in a folder")
    assert api.table(seen["fid"]) == {"first": [1, 2, 3]}
    assert seen["parent"] == seen["asked"]


def test_rows_are_appended(answer, api):
    fid = answer("POST /v2/grids/FID/row")["fid"]
    assert api.table(fid) == {
        "first column": ["a", "b", "c", 1, 2, 3],
        "second column": [1, 2, 3, 0.5, 0.1, 0.7],
    }


def test_columns_come_in_the_order_asked_for(answer):
    seen = answer("GET /v2/grids/FID/col")
    assert [col["uid"] for col in seen["cols"]] == seen["asked"]
    assert [col["data"] for col in seen["cols"]] == [[1, 2, 3], ["a", "b", "c"]]


def test_a_column_that_is_not_there_is_refused(refusal):
    message = refusal("GET /v2/grids/FID/col, of a uid that it has not", "refused, as it should be")
    assert "400" in message


def test_columns_are_replaced(answer, api):
    seen = answer("PUT /v2/grids/FID/col")
    assert api.table(seen["fid"]) == {"new name": [0, 1], "second column": ["a", "b"]}
    assert list(api.uids(seen["fid"]).values()) == seen["uids"]


def test_columns_are_appended(answer, api):
    seen = answer("POST /v2/grids/FID/col")
    assert [col["name"] for col in seen["cols"]] == ["col name 1", "col name 2"]
    assert api.table(seen["fid"]) == CREATED | {"col name 1": [0, 1], "col name 2": [9, 9]}


def test_columns_as_an_array_are_refused(refusal, api):
    call = "POST /v2/grids/FID/col, cols as an array"
    assert "400" in refusal(call, "refused, as the document has it")
    assert api.table(found(api, "col array")["fid"]) == CREATED


def test_a_grid_is_retrieved(answer):
    seen = answer("GET /v2/grids/FID")
    assert seen["retrieved"] == seen["created"]


def test_the_content_of_a_grid_is_downloaded(answer):
    cols = answer("GET /v2/grids/FID/content")["cols"]
    assert {name: col["data"] for name, col in cols.items()} == CREATED


def test_a_grid_is_destroyed(answer, api):
    api.refused(404, "GET", f"/v2/grids/{answer('DELETE /v2/grids/FID')['fid']}")


def test_a_grid_is_patched(answer, api):
    fid = answer("PATCH /v2/grids/FID")["fid"]
    assert found(api, "folder/my new and unique grid name")["fid"] == fid
    assert api.meta(fid)["metadata"] == {"content": "copy copy"}
    assert api.table(fid) == CREATED


def test_a_grid_is_updated(answer, api, anonymous):
    fid = answer("PUT /v2/grids/FID")["fid"]
    assert found(api, "my newer grid name")["fid"] == fid
    assert anonymous.table(fid) == CREATED


def test_a_grid_is_trashed(answer, api):
    fid = answer("POST /v2/grids/FID/trash")["fid"]
    api.refused(404, "GET", f"/v2/grids/{fid}")
    api.expect(200, "POST", f"/v2/grids/{fid}/restore")


def test_a_grid_is_restored(answer, api):
    assert api.table(answer("POST /v2/grids/FID/restore")["fid"]) == CREATED


def test_a_grid_is_deleted_for_good(answer, api):
    fid = answer("DELETE /v2/grids/FID/permanent_delete")["fid"]
    api.refused(404, "POST", f"/v2/grids/{fid}/restore")


def test_a_grid_is_found_by_its_path(answer):
    seen = answer("GET /v2/grids/lookup")
    assert seen["found"] == seen["fid"]


def test_a_reference_is_dropped(answer, api):
    seen = answer("POST /v2/grids/FID/drop_reference")
    assert seen["before"] == [seen["original"]]
    assert api.meta(seen["fid"])["references"] == []


def test_a_file_is_uploaded(answer, api):
    seen = answer("POST /v2/grids/upload")
    assert (seen["filetype"], seen["world_readable"]) == ("grid", False)
    assert api.table(seen["fid"]) == {"month": ["Jan", "Feb"], "total": [1.5, None]}
    assert found(api, "uploads/sales.csv")["fid"] == seen["fid"]


def test_a_file_is_uploaded_by_a_form(answer, api):
    seen = answer("POST /v2/grids/upload, a form")
    assert api.table(seen["fid"]) == {"a": [1, 2], "b": ["ä", "ö"]}


def test_falcon_updates_a_grid_in_place(answer, api):
    seen = answer("Falcon's update of a grid")
    assert api.table(seen["fid"]) == {"d": [3], "b": ["z"]}
    assert list(api.uids(seen["fid"]).values()) == seen["uids"][:2]


SIZES = dict.fromkeys(("png", "jpeg", "webp", "svg"), (700, 500))
SIZES |= dict.fromkeys(("pdf", "eps"), (525, 375))


@pytest.mark.parametrize("kind", SIZES)
def test_an_image_has_the_format_and_size_asked_for(answer, calls, kind):
    seen = answer(f"POST /v2/images, {kind}")
    assert saved(calls.folder / seen["file"]) == pytest.approx(SIZES[kind], abs=1)


def test_an_image_is_a_data_url(answer):
    start, data = answer("POST /v2/images, encoded")["url"].split(",", 1)
    assert start == "data:image/png;base64"
    assert size(base64.b64decode(data), "png") == (700, 500)


def test_a_grids_columns_are_drawn(answer, calls):
    assert draws_a_line(calls.folder / answer("POST /v2/images, of a grid's columns")["file"])


SHOWN = {"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 700}}


def test_a_plot_is_created(answer, api, anonymous):
    seen = answer("POST /v2/plots")
    assert seen["figure"] == SHOWN
    assert figure(anonymous, seen["fid"]) == SHOWN


def test_the_content_of_a_plot_is_downloaded(answer):
    assert answer("GET /v2/plots/FID/content") == SHOWN


def test_a_grid_is_downloaded_as_csv(answer):
    text = answer("GET /~USER/ID.csv")["text"]
    assert text.splitlines() == ["first column,second column", "a,1", "b,2", "c,3"]


def test_a_grid_is_downloaded_as_json(answer):
    cols = answer("GET /~USER/ID.json")["cols"]
    assert {name: col["data"] for name, col in cols.items()} == CREATED


def test_files_are_searched(answer):
    seen = answer("GET /v2/search")
    assert [file["fid"] for file in seen["found"]] == [seen["fid"]]


def test_the_home_folder_is_listed(answer):
    seen = answer("GET /v2/folders/home")
    assert {"created", "folder"} <= {file["filename"] for file in seen["results"]}


def test_the_root_names_the_endpoints(answer):
    assert {"grids", "images", "plots", "folders", "files", "search"} <= set(answer("GET /v2"))


def test_the_plot_schema_is_sent_once(answer):
    seen = answer("GET /v2/plot-schema")
    assert {"bar", "scatter"} <= set(seen["traces"])
    assert seen["again"] is None
