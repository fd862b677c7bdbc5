"""Every example of Chart Studio's documentation of the grids endpoint, one test each."""

from __future__ import annotations

import json

import pytest

NEW_COLUMNS = [{"name": "col name 1", "data": [0, 1]}, {"name": "col name 2", "data": [9, 9]}]


def idlocal(file: dict) -> int:
    return int(file["fid"].split(":")[1])


def unviewed(file: dict) -> dict:
    """Leave out the one field that reading a file may change."""
    return {name: value for name, value in file.items() if name != "views"}


# --- create ---------------------------------------------------------------------------------------


def test_create_with_the_only_required_field_is_201(api):
    body = {"data": {"cols": {"first": {"data": [1, 2, 3], "order": 0}}}}
    answer = api.expect(201, "POST", "/v2/grids", json=body).json()
    assert api.table(answer["file"]["fid"]) == {"first": [1, 2, 3]}


def test_create_with_data_as_a_json_string_in_a_parent_is_201(api):
    folder = api.folder("somewhere")
    body = {
        "data": '{"cols": {"first": {"data": [1,2,3], "order": 0}}}',
        "parent": idlocal(folder),
        "filename": "new grid",
    }
    file = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]
    assert file["filename"] == "new grid"
    assert file["parent"] == idlocal(folder)
    assert api.table(file["fid"]) == {"first": [1, 2, 3]}


def test_create_in_a_parent_that_is_not_a_folder_is_400(api):
    parent = idlocal(api.grid())
    body = {"data": {"cols": {}}, "parent": parent, "filename": "new grid"}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] == "parent"


def test_create_in_a_parent_that_does_not_exist_is_400(api):
    body = {"data": {"cols": {}}, "parent": 932}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] == "parent"


def test_create_with_the_documented_form_of_data_keeps_its_order(api):
    cols = {
        "first column": {"data": ["a", "b", "c"], "order": 0},
        "second column": {"data": [1, 2, 3], "order": 1},
    }
    file = api.expect(201, "POST", "/v2/grids", json={"data": {"cols": cols}}).json()["file"]
    assert list(api.table(file["fid"]).items()) == [
        ("first column", ["a", "b", "c"]),
        ("second column", [1, 2, 3]),
    ]


def test_create_without_data_is_400(api):
    assert api.refused(400, "POST", "/v2/grids", json={"filename": "empty"})["field"] == "data"


def test_create_with_source_fields_is_201(api):
    source = api.grid()
    api.grid(
        source_fid=source["fid"],
        source_url="https://example.org/data.csv",
        source_referer="https://example.org/",
    )


def test_create_answers_the_file_beside_its_warnings(api):
    body = {"data": {"cols": {"first": {"data": [1], "order": 0}}}}
    answer = api.expect(201, "POST", "/v2/grids", json=body).json()
    assert set(answer) == {"file", "warnings"}
    assert answer["warnings"] == []
    assert [col["name"] for col in answer["file"]["cols"]] == ["first"]


def test_only_create_wraps_its_answer(api):
    fid = api.grid()["fid"]
    for method, path, body in [
        ("GET", f"/v2/grids/{fid}", None),
        ("PATCH", f"/v2/grids/{fid}", {"filename": "other"}),
        ("PUT", f"/v2/grids/{fid}", {"filename": "another"}),
        ("GET", "/v2/grids/lookup?path=another", None),
        ("POST", f"/v2/grids/{fid}/trash", None),
        ("POST", f"/v2/grids/{fid}/restore", None),
    ]:
        answer = api.expect(200, method, path, json=body).json()
        assert answer["fid"] == fid
        assert "file" not in answer


# --- row ------------------------------------------------------------------------------------------


def test_row_post_appends_three_rows(api):
    fid = api.grid({"x": [0], "y": [0.25]})["fid"]
    body = {"rows": [[1, 0.5], [2, 0.1], [3, 0.7]]}
    answer = api.expect(201, "POST", f"/v2/grids/{fid}/row", json=body).json()
    assert answer["fid"] == fid
    assert answer["row_count"] == 4
    assert api.table(fid) == {"x": [0, 1, 2, 3], "y": [0.25, 0.5, 0.1, 0.7]}


# --- col GET --------------------------------------------------------------------------------------


@pytest.fixture
def grid(api):
    """A grid ``a``, ``b``, ``c``: its fid and the uids of its columns by name."""
    fid = api.grid({"a": [1, 2], "b": ["x", "y"], "c": [True, None]})["fid"]
    return fid, api.uids(fid)


def test_col_get_one_uid(api, grid):
    fid, uids = grid
    answer = api.expect(200, "GET", f"/v2/grids/{fid}/col?uid={uids['b']}").json()
    assert answer["cols"] == [{"uid": uids["b"], "name": "b", "data": ["x", "y"], "order": 1}]


def test_col_get_several_uids_in_query_order(api, grid):
    fid, uids = grid
    answer = api.expect(200, "GET", f"/v2/grids/{fid}/col?uid={uids['c']},{uids['a']}").json()
    assert [col["uid"] for col in answer["cols"]] == [uids["c"], uids["a"]]
    assert [col["data"] for col in answer["cols"]] == [[True, None], [1, 2]]


def test_col_get_uid_not_contained_in_grid_is_400(api, grid):
    fid, _ = grid
    error = api.refused(400, "GET", f"/v2/grids/{fid}/col?uid=not_contained_in_grid")
    assert "not_contained_in_grid" in error["message"]
    assert error["field"] == "uid"


# --- col PUT --------------------------------------------------------------------------------------


def test_col_put_replaces_data_and_name(api, grid):
    fid, uids = grid
    body = {"cols": '[{"data": [0, 1], "name": "new name"}]'}
    answer = api.expect(200, "PUT", f"/v2/grids/{fid}/col?uid={uids['a']}", json=body).json()
    assert [col["uid"] for col in answer["cols"]] == [uids["a"]]
    assert list(api.table(fid)) == ["new name", "b", "c"]
    assert api.table(fid)["new name"] == [0, 1]
    assert api.uids(fid)["new name"] == uids["a"]


def test_col_put_several_uids_in_query_order(api, grid):
    fid, uids = grid
    body = {"cols": '[{"data": [0, 1], "order": 0}, {"data": ["a", "b"]}]'}
    query = f"uid={uids['b']},{uids['a']}"
    answer = api.expect(200, "PUT", f"/v2/grids/{fid}/col?{query}", json=body).json()
    assert [col["uid"] for col in answer["cols"]] == [uids["b"], uids["a"]]
    table = api.table(fid)
    assert list(table) == ["b", "a", "c"]
    assert table == {"b": [0, 1], "a": ["a", "b"], "c": [True, None]}


def test_col_put_uid_not_contained_in_grid_is_400(api, grid):
    fid, _ = grid
    before = api.content(fid)
    body = {"cols": '[{"data": [0, 1]}]'}
    path = f"/v2/grids/{fid}/col?uid=not_contained_in_grid"
    assert "not_contained_in_grid" in api.refused(400, "PUT", path, json=body)["message"]
    assert api.content(fid) == before


def test_col_put_one_known_and_one_unknown_uid_changes_nothing(api, grid):
    fid, uids = grid
    before = api.content(fid)
    body = {"cols": '[{"data": [0, 1]}, {"data": [2, 3]}]'}
    api.refused(400, "PUT", f"/v2/grids/{fid}/col?uid={uids['a']},ffffff0", json=body)
    assert api.content(fid) == before


def test_col_put_more_columns_than_uids_is_400(api, grid):
    fid, uids = grid
    before = api.content(fid)
    body = {"cols": '[{"data": [0, 1]}, {"data": ["a", "b"]}]'}
    error = api.refused(400, "PUT", f"/v2/grids/{fid}/col?uid={uids['a']}", json=body)
    assert error["field"] in {"cols", "uid"}
    assert api.content(fid) == before


def test_col_put_fewer_columns_than_uids_is_400(api, grid):
    fid, uids = grid
    before = api.content(fid)
    query = f"uid={uids['a']},{uids['b']}"
    api.refused(400, "PUT", f"/v2/grids/{fid}/col?{query}", json={"cols": '[{"data": [0, 1]}]'})
    assert api.content(fid) == before


# --- col POST -------------------------------------------------------------------------------------


def test_col_post_array_is_400(api, grid):
    fid, _ = grid
    before = api.content(fid)
    error = api.refused(400, "POST", f"/v2/grids/{fid}/col", json={"cols": NEW_COLUMNS})
    assert error["field"] == "cols"
    assert "string" in error["message"]
    assert api.content(fid) == before


def test_col_post_string_is_201(api, grid):
    fid, _ = grid
    body = {"cols": json.dumps(NEW_COLUMNS)}
    answer = api.expect(201, "POST", f"/v2/grids/{fid}/col", json=body).json()
    assert [col["name"] for col in answer["cols"]] == ["col name 1", "col name 2"]
    table = api.table(fid)
    assert list(table) == ["a", "b", "c", "col name 1", "col name 2"]
    assert table["col name 1"] == [0, 1]
    assert table["col name 2"] == [9, 9]


def test_col_post_array_is_201_where_the_server_was_started_to_accept_it(serve):
    api = serve("--accept-cols-arrays").user()
    fid = api.grid()["fid"]
    answer = api.expect(201, "POST", f"/v2/grids/{fid}/col", json={"cols": NEW_COLUMNS}).json()
    assert [col["name"] for col in answer["cols"]] == ["col name 1", "col name 2"]


# --- retrieve, content ----------------------------------------------------------------------------


def test_retrieve_of_an_unknown_fid_is_404(api):
    assert api.refused(404, "GET", f"/v2/grids/{api.username}:88")["message"] == "Not found."


def test_content_answers_the_columns_as_json(api, grid):
    fid, uids = grid
    response = api.expect(200, "GET", f"/v2/grids/{fid}/content")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "cols": {
            "a": {"data": [1, 2], "order": 0, "uid": uids["a"]},
            "b": {"data": ["x", "y"], "order": 1, "uid": uids["b"]},
            "c": {"data": [True, None], "order": 2, "uid": uids["c"]},
        }
    }


# --- destroy, updates, references -----------------------------------------------------------------


def test_destroy_is_204(api):
    fid = api.grid()["fid"]
    assert api.expect(204, "DELETE", f"/v2/grids/{fid}").content == b""
    api.refused(404, "GET", f"/v2/grids/{fid}")


def test_partial_update_writes_metadata_filename_and_parent(api):
    fid = api.grid(world_readable=True)["fid"]
    folder = api.folder("123")
    body = {
        "metadata": '{"content": "copy copy copy copy copy"}',
        "filename": "my new and unique grid name",
        "parent": idlocal(folder),
    }
    answer = api.expect(200, "PATCH", f"/v2/grids/{fid}", json=body).json()
    assert unviewed(answer) == unviewed(api.meta(fid))
    assert answer["metadata"] == {"content": "copy copy copy copy copy"}
    assert answer["filename"] == "my new and unique grid name"
    assert answer["parent"] == answer["parent_id"] == idlocal(folder)
    assert answer["world_readable"] is True


def test_update_writes_parent_world_readable_filename_and_metadata(api):
    fid = api.grid(parent_path="folder", metadata={"old": 1})["fid"]
    body = {
        "parent": -1,
        "world_readable": True,
        "filename": "my new and unique grid name",
        "metadata": '{"content": "copy copy copy copy copy"}',
    }
    answer = api.expect(200, "PUT", f"/v2/grids/{fid}", json=body).json()
    assert unviewed(answer) == unviewed(api.meta(fid))
    assert answer["metadata"] == {"content": "copy copy copy copy copy"}
    assert answer["filename"] == "my new and unique grid name"
    assert answer["parent"] == answer["parent_id"] == -1
    assert answer["world_readable"] is True


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize(
    "field",
    [
        {"data": {"cols": {"new": {"data": [9], "order": 0}}}},
        {"cols": '[{"name": "new", "data": [9]}]'},
        {"rows": [[9, 9, 9]]},
    ],
    ids=lambda field: next(iter(field)),
)
def test_data_cols_and_rows_are_written_by_their_own_endpoints_only(api, grid, method, field):
    fid, _ = grid
    before = api.content(fid)
    assert api.request(method, f"/v2/grids/{fid}", json=field).status_code in {200, 400}
    assert api.content(fid) == before
    assert not {"data", "rows"} & set(api.meta(fid))


def test_drop_reference_is_200(api):
    fid, extra = api.grid()["fid"], api.grid()["fid"]
    api.expect(200, "POST", f"/v2/grids/{fid}/drop_reference", json={"fid": extra})
    assert api.meta(fid)["references"] == []
    api.meta(extra)


# --- trash, restore, permanent delete -------------------------------------------------------------


def test_trash_is_200_and_idempotent(api):
    fid = api.grid()["fid"]
    for _ in range(2):
        assert api.expect(200, "POST", f"/v2/grids/{fid}/trash").json()["deleted"] is True
    api.refused(404, "GET", f"/v2/grids/{fid}")


def test_trash_of_a_folder_that_is_trashed_already_is_200(api):
    folder = api.folder("folder")["fid"]
    for _ in range(2):
        api.expect(200, "POST", f"/v2/folders/{folder}/trash")
    api.expect(200, "POST", f"/v2/folders/{folder}/restore")
    api.expect(200, "GET", f"/v2/folders/{folder}")


def test_restore_is_200_and_idempotent(api):
    fid = api.grid()["fid"]
    content = api.content(fid)
    api.expect(200, "POST", f"/v2/grids/{fid}/trash")
    for _ in range(2):
        assert api.expect(200, "POST", f"/v2/grids/{fid}/restore").json()["fid"] == fid
    assert api.content(fid) == content


def test_restore_of_a_grid_that_was_never_trashed_is_200(api):
    fid = api.grid()["fid"]
    api.expect(200, "POST", f"/v2/grids/{fid}/restore")


def test_restore_by_anyone_but_the_owner_is_refused(api, other):
    fid = api.grid(world_readable=True)["fid"]
    other.refused(403, "POST", f"/v2/grids/{fid}/restore")
    api.expect(200, "POST", f"/v2/grids/{fid}/trash")
    other.refused(404, "POST", f"/v2/grids/{fid}/restore")
    api.refused(404, "GET", f"/v2/grids/{fid}")


def test_permanent_delete_is_204(api):
    fid = api.grid()["fid"]
    api.expect(200, "POST", f"/v2/grids/{fid}/trash")
    assert api.expect(204, "DELETE", f"/v2/grids/{fid}/permanent_delete").content == b""
    api.refused(404, "POST", f"/v2/grids/{fid}/restore")


# --- lookup ---------------------------------------------------------------------------------------


def lookup(caller, **params) -> dict:
    return caller.expect(200, "GET", "/v2/grids/lookup", params=params).json()


def test_lookup_by_path(api):
    fid = api.grid(parent_path="my_folder", filename="my_file")["fid"]
    found = api.expect(200, "GET", "/v2/grids/lookup?path=my_folder/my_file").json()
    assert unviewed(found) == unviewed(api.meta(fid))


def test_lookup_with_parent(api):
    file = api.grid(parent_path="my_folder", filename="my_file")
    assert lookup(api, parent=file["parent"], path="my_file")["fid"] == file["fid"]


def test_lookup_with_user(api, other):
    fid = api.grid(parent_path="her_folder", filename="her_file", world_readable=True)["fid"]
    assert lookup(other, user=api.username, path="her_folder/her_file")["fid"] == fid


def test_lookup_with_user_and_parent(api, other):
    file = api.grid(parent_path="her_folder", filename="her_file", world_readable=True)
    found = lookup(other, user=api.username, parent=file["parent"], path="her_file")
    assert found["fid"] == file["fid"]


def test_lookup_without_user_is_in_the_callers_own_files(api, other):
    api.grid(filename="her_file", world_readable=True)
    other.refused(404, "GET", "/v2/grids/lookup?path=her_file")


def test_lookup_without_path_is_400(api):
    assert api.refused(400, "GET", "/v2/grids/lookup?parent=-1")["field"] == "path"


def test_lookup_of_a_path_that_does_not_exist_is_404(api):
    api.refused(404, "GET", "/v2/grids/lookup?path=my_folder/my_file")


@pytest.mark.parametrize("parent", [932, -2, 10**30])
def test_lookup_with_a_parent_that_does_not_exist_is_404(api, parent):
    api.grid(filename="my_file")
    api.refused(404, "GET", f"/v2/grids/lookup?parent={parent}&path=my_file")


def test_lookup_with_a_parent_that_does_not_hold_the_file_is_404(api):
    api.grid(filename="my_file")
    parent = idlocal(api.folder("elsewhere"))
    api.refused(404, "GET", f"/v2/grids/lookup?parent={parent}&path=my_file")
