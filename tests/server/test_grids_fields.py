"""What a grid's fields may be: data, metadata, filename, parent, visibility; and its csv."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest

# --- what data may be -----------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, "one", 1.5, False])
def test_a_scalar_is_a_column_of_one(api, value):
    body = {"data": {"cols": {"a": {"data": value, "order": 0}}}}
    fid = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]["fid"]
    assert api.table(fid) == {"a": [value]}


def test_a_grid_may_have_no_columns(api):
    fid = api.grid({})["fid"]
    assert api.table(fid) == {}
    assert api.meta(fid)["cols"] == []
    body = {"cols": '[{"name": "a", "data": [1]}]'}
    api.expect(201, "POST", f"/v2/grids/{fid}/col", json=body)
    assert api.table(fid) == {"a": [1]}


def test_a_row_for_a_grid_without_columns_is_400(api):
    fid = api.grid({})["fid"]
    api.refused(400, "POST", f"/v2/grids/{fid}/row", json={"rows": [[1]]})


@pytest.mark.parametrize(
    "data",
    [5, [], None, "", "not json", "[]", {}, {"cols": 5}, {"cols": {"a": 5}}, {"cols": {"a": {}}}],
)
def test_what_is_no_data_is_400(api, data):
    field = api.refused(400, "POST", "/v2/grids", json={"data": data})["field"]
    assert field.split(".")[0] in {"data", "cols"}


@pytest.mark.parametrize("metadata", [{"a": [1, {"b": None}]}, '{"a": [1, {"b": null}]}'])
def test_metadata_may_be_an_object_or_its_json(api, metadata):
    stored = {"a": [1, {"b": None}]}
    created = api.grid(metadata=metadata)
    assert created["metadata"] == api.meta(created["fid"])["metadata"] == stored
    for method in ("PATCH", "PUT"):
        fid = api.grid()["fid"]
        body = {"metadata": metadata}
        assert api.expect(200, method, f"/v2/grids/{fid}", json=body).json()["metadata"] == stored
        assert api.meta(fid)["metadata"] == stored


def test_metadata_may_stand_inside_data(api):
    cols = {"a": {"data": [1], "order": 0}}
    body = {"data": {"cols": cols, "metadata": {"k": 1}}}
    file = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]
    assert api.meta(file["fid"])["metadata"] == {"k": 1}


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_metadata_is_replaced_and_the_rest_is_left(api, method):
    fid = api.grid(filename="kept", metadata={"old": 1}, parent_path="here")["fid"]
    before = api.meta(fid)
    api.expect(200, method, f"/v2/grids/{fid}", json={"metadata": {"new": 2}})
    after = api.meta(fid)
    assert after["metadata"] == {"new": 2}
    for name in ("filename", "parent", "world_readable", "cols", "preview", "creation_time"):
        assert after[name] == before[name]


@pytest.mark.parametrize("metadata", [5, "not json", "[]", [1]])
def test_metadata_that_is_no_object_is_400(api, metadata):
    body = {"data": {"cols": {}}, "metadata": metadata}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] == "metadata"


# --- names and places -----------------------------------------------------------------------------


def test_a_file_without_a_name_is_given_one(api):
    names = {api.grid()["filename"] for _ in range(3)}
    assert len(names) == 3
    assert all(names)


@pytest.mark.parametrize("filename", ["sales", "this year's"])
def test_a_taken_filename_is_400_in_the_words_clients_look_for(api, filename):
    api.grid(filename=filename)
    body = {"data": {"cols": {}}, "filename": filename}
    error = api.refused(400, "POST", "/v2/grids", json=body)
    assert error["message"] == f"Sorry, a file named '{filename}' already exists"
    assert error["field"] == "filename"


def test_of_many_who_take_a_filename_at_once_one_gets_it(api):
    body = {"data": {"cols": {}}, "filename": "sales"}

    def create(_: int) -> int:
        with type(api)(api.url, api.username, api.api_key) as own:
            return own.post("/v2/grids", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(create, range(16)))
    assert statuses == [201] + [400] * 15


def test_a_filename_is_taken_by_a_folder_too(api):
    api.folder("sales")
    body = {"data": {"cols": {}}, "filename": "sales"}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] == "filename"


def test_a_filename_is_free_in_another_folder_and_for_another_user(api, other):
    api.grid(filename="sales")
    api.grid(filename="sales", parent_path="2026")
    other.grid(filename="sales")


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize("change", [{"filename": "sales"}, {"parent": -1, "filename": "sales"}])
def test_a_file_renamed_or_moved_onto_another_is_400_and_stays(api, method, change):
    api.grid(filename="sales")
    place = {"parent_path": "folder"} if "parent" in change else {}
    fid = api.grid(filename="mine", **place)["fid"]
    before = api.meta(fid)
    error = api.refused(400, method, f"/v2/grids/{fid}", json=change)
    assert error["message"] == "Sorry, a file named 'sales' already exists"
    after = api.meta(fid)
    assert (after["filename"], after["parent"]) == ("mine", before["parent"])


def test_a_file_moved_into_a_folder_that_has_its_name_already_is_400(api):
    parent = api.grid(filename="sales", parent_path="folder")["parent"]
    fid = api.grid(filename="sales")["fid"]
    api.refused(400, "PATCH", f"/v2/grids/{fid}", json={"parent": parent})
    assert api.meta(fid)["parent"] == -1


def test_a_filename_of_100_characters_is_kept_and_one_of_101_is_400(api):
    assert api.grid(filename="ä" * 100)["filename"] == "ä" * 100
    body = {"data": {"cols": {}}, "filename": "a" * 101}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] == "filename"
    fid = api.grid()["fid"]
    error = api.refused(400, "PATCH", f"/v2/grids/{fid}", json={"filename": "a" * 101})
    assert error["field"] == "filename"


@pytest.mark.parametrize("parent", [-1, "-1"])
def test_the_home_folder_is_minus_one(api, parent):
    assert api.grid(parent=parent)["parent"] == -1


def test_a_parent_may_be_a_number_in_a_string(api):
    parent = api.grid(parent_path="folder")["parent"]
    assert api.grid(parent=str(parent))["parent"] == parent


def test_the_folder_of_another_user_is_no_parent(api, other):
    parent = int(api.folder("folder")["fid"].split(":")[1])
    body = {"data": {"cols": {}}, "parent": parent}
    assert other.refused(400, "POST", "/v2/grids", json=body)["field"] == "parent"


@pytest.mark.parametrize("parent", [932, "x", 1.5, [], "932", 10**30])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_parent_that_is_no_folder_is_400(api, method, parent):
    path = "/v2/grids" if method == "POST" else f"/v2/grids/{api.grid()['fid']}"
    body = {"data": {"cols": {}}} if method == "POST" else {}
    assert api.refused(400, method, path, json=body | {"parent": parent})["field"] == "parent"


@pytest.mark.parametrize("path", ["a/b c/d", "/a/b c/d"])
def test_parent_path_is_created_where_it_is_missing(api, path):
    api.grid(parent_path="a")
    file = api.grid(filename="sales", parent_path=path)
    again = api.grid(filename="more", parent_path="a/b c/d")
    assert again["parent"] == file["parent"]
    found = api.expect(200, "GET", "/v2/grids/lookup?path=a/b+c/d/sales").json()
    assert found["fid"] == file["fid"]


def test_parent_path_through_a_grid_is_400(api):
    api.grid(filename="sales")
    body = {"data": {"cols": {}}, "parent_path": "sales/2026"}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] in {"parent_path", "parent"}


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_file_is_moved_by_parent_path(api, method):
    fid = api.grid(filename="sales")["fid"]
    api.expect(200, method, f"/v2/grids/{fid}", json={"parent_path": "new/place"})
    found = api.expect(200, "GET", "/v2/grids/lookup?path=new/place/sales").json()
    assert found["fid"] == fid


@pytest.mark.parametrize(
    ("value", "readable"),
    [
        (True, True),
        ("true", True),
        ("True", True),
        (False, False),
        ("false", False),
        ("False", False),
    ],
)
def test_booleans_may_be_strings(api, anonymous, value, readable):
    file = api.grid(world_readable=value)
    assert file["world_readable"] is readable
    path = f"/v2/grids/{file['fid']}"
    assert anonymous.get(path).status_code == (200 if readable else 404)
    api.expect(200, "PATCH", path, json={"world_readable": str(not readable)})
    assert api.meta(file["fid"])["world_readable"] is not readable


@pytest.mark.parametrize("value", ["perhaps", 5, []])
def test_what_is_no_boolean_is_400(api, value):
    body = {"data": {"cols": {}}, "world_readable": value}
    assert api.refused(400, "POST", "/v2/grids", json=body)["field"] == "world_readable"


# --- other filetypes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "action"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/content"),
        ("POST", "/row"),
        ("GET", "/col"),
        ("PUT", "/col?uid=e3a9dd"),
        ("POST", "/col"),
        ("DELETE", "/col?uid=e3a9dd"),
        ("POST", "/trash"),
        ("POST", "/restore"),
        ("DELETE", "/permanent_delete"),
        ("POST", "/drop_reference"),
    ],
)
def test_a_folder_is_no_grid_whatever_is_done_to_it(api, method, action):
    fid = api.folder("folder")["fid"]
    body = {"rows": [[1]], "cols": '[{"name": "a", "data": [1]}]', "filename": "other", "fid": fid}
    sent = {} if method == "GET" else {"json": body}
    api.refused(404, method, f"/v2/grids/{fid}{action}", **sent)
    found = api.expect(200, "GET", "/v2/files/lookup?path=folder").json()
    assert found["fid"] == fid


# --- form-encoded bodies, as plotly.py sent them up to 1.13 ---------------------------------------


def test_form_encoded_bodies_of_old_clients(api, anonymous):
    form = {
        "data": '{"cols": {"a": {"data": [1, 2], "order": 0}}}',
        "filename": "old client",
        "world_readable": "True",
    }
    answer = api.expect(201, "POST", "/v2/grids", data=form).json()
    fid = answer["file"]["fid"]
    assert answer["file"]["filename"] == "old client"
    assert anonymous.get(f"/v2/grids/{fid}").status_code == 200

    cols = '[{"name": "b", "data": ["x", "y"]}]'
    api.expect(201, "POST", f"/v2/grids/{fid}/col", data={"cols": cols})
    api.expect(201, "POST", f"/v2/grids/{fid}/row", data={"rows": '[[3, "z"]]'})
    path = f"/v2/grids/{fid}/col?uid={api.uids(fid)['a']}"
    api.expect(200, "PUT", path, data={"cols": '[{"data": [7, 8, 9]}]'})
    api.expect(200, "PATCH", f"/v2/grids/{fid}", data={"metadata": '{"k": "v"}', "parent": "-1"})
    assert api.table(fid) == {"a": [7, 8, 9], "b": ["x", "y", "z"]}
    assert api.meta(fid)["metadata"] == {"k": "v"}


# --- content as csv -------------------------------------------------------------------------------


def test_content_is_csv_for_those_who_accept_it(api):
    columns = {
        "plain": ["a", "b", None],
        'quoted, "name"': ['say "hi"', "comma, line\nbreak", "ä€"],
        "number": [1, -2.5, None],
        "formula": ["=1+1", "-x", "@y"],
    }
    fid = api.grid(columns)["fid"]
    path = f"/v2/grids/{fid}/content"
    response = api.expect(200, "GET", path, headers={"Accept": "text/csv"})
    assert response.headers["Content-Type"].split(";")[0] == "text/csv"
    rows = list(csv.reader(io.StringIO(response.content.decode(), newline="")))
    assert rows == [
        ["plain", 'quoted, "name"', "number", "formula"],
        ["a", 'say "hi"', "1", "=1+1"],
        ["b", "comma, line\nbreak", "-2.5", "-x"],
        ["", "ä€", "", "@y"],
    ]


def test_content_as_csv_follows_the_order_of_the_columns_and_pads_short_ones(api):
    cols = {"a": {"data": [1, 2], "order": 1}, "b": {"data": ["x"], "order": 0}}
    answer = api.expect(201, "POST", "/v2/grids", json={"data": {"cols": cols}}).json()
    path = f"/v2/grids/{answer['file']['fid']}/content"
    text = api.expect(200, "GET", path, headers={"Accept": "text/csv"}).text
    assert [row.split(",") for row in text.splitlines()] == [["b", "a"], ["x", "1"], ["", "2"]]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_null_leaves_metadata_as_it_is(api, method):
    """It holds what a table's types are read from."""
    fid = api.grid(metadata={"k": 1})["fid"]
    body = {"metadata": None, "filename": None, "world_readable": None}
    answer = api.expect(200, method, f"/v2/grids/{fid}", json=body).json()
    assert answer["metadata"] == api.meta(fid)["metadata"] == {"k": 1}
    row = {"rows": [[1, 2]], "metadata": None}
    assert api.expect(201, "POST", f"/v2/grids/{fid}/row", json=row).json()["metadata"] == {"k": 1}
    assert (
        api.expect(200, method, f"/v2/grids/{fid}", json={"metadata": {}}).json()["metadata"] == {}
    )
