"""Folders, and files of any type, as clients meet them on their way to a grid."""

from __future__ import annotations

import pytest


def lookup(caller, path: str, status: int = 200, **params) -> dict:
    params = {"path": path} | params
    return caller.expect(status, "GET", "/v2/files/lookup", params=params).json()


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_path_is_created_with_all_its_folders(api):
    body = {"path": "a/b/c"}
    answer = api.expect(201, "POST", "/v2/folders", json=body).json()
    assert answer["file"]["filename"] == "c"
    assert answer["file"]["filetype"] == "fold"
    folders = [lookup(api, path) for path in ("a", "a/b", "a/b/c")]
    assert [folder["filename"] for folder in folders] == ["a", "b", "c"]
    assert all(folder["filetype"] == "fold" for folder in folders)
    numbers = [int(folder["fid"].split(":")[1]) for folder in folders]
    assert [folder["parent"] for folder in folders] == [-1, *numbers[:2]]


def test_the_missing_part_of_a_folder_path_is_created(api):
    first = api.folder("a/b")
    second = api.folder("a/c/d")
    assert lookup(api, "a/b")["fid"] == first["fid"]
    assert lookup(api, "a/c/d")["fid"] == second["fid"]


@pytest.mark.parametrize("path", ["a", "a/b", "/a/b", "a/b/"])
def test_a_folder_path_that_exists_is_400_in_the_words_clients_look_for(api, path):
    fid = api.folder("a/b")["fid"]
    error = api.refused(400, "POST", "/v2/folders", json={"path": path})
    assert "already exists" in error["message"]
    assert lookup(api, "a/b")["fid"] == fid


def test_a_folder_path_through_a_grid_is_400_and_creates_nothing(api):
    api.grid(filename="sales")
    api.refused(400, "POST", "/v2/folders", json={"path": "sales/2026"})
    api.refused(400, "POST", "/v2/folders", json={"path": "sales"})
    children = api.expect(200, "GET", "/v2/folders/home").json()["children"]
    assert [file["filename"] for file in children["results"]] == ["sales"]


def test_a_folder_path_is_relative_to_its_parent(api):
    parent = int(api.folder("a")["fid"].split(":")[1])
    body = {"path": "b/c", "parent": parent}
    file = api.expect(201, "POST", "/v2/folders", json=body).json()["file"]
    assert lookup(api, "a/b/c")["fid"] == file["fid"]


@pytest.mark.parametrize("place", [{"parent_path": "/a"}, {"parent": "-1"}])
def test_matlab_names_a_folder_and_its_parent(api, place):
    api.folder("a")
    body = {"name": "b"} | place
    file = api.expect(201, "POST", "/v2/folders", json=body).json()["file"]
    assert lookup(api, "a/b" if "parent_path" in place else "b")["fid"] == file["fid"]


@pytest.mark.parametrize(
    "body",
    [{}, {"path": ""}, {"path": "/"}, {"path": 5}, {"path": "x" * 101}],
)
def test_a_folder_without_a_usable_path_is_400(api, body):
    api.refused(400, "POST", "/v2/folders", json=body)
    assert api.expect(200, "GET", "/v2/folders/home").json()["children"]["count"] == 0


@pytest.mark.parametrize("parent", [932, -2, 10**30, "x"])
def test_a_folder_in_a_parent_that_does_not_exist_is_400(api, parent):
    body = {"path": "a", "parent": parent}
    assert api.refused(400, "POST", "/v2/folders", json=body)["field"] == "parent"


def test_folders_of_two_users_do_not_meet(api, other):
    mine, theirs = api.folder("a/b"), other.folder("a/b")
    assert lookup(api, "a/b")["fid"] == mine["fid"]
    assert lookup(other, "a/b")["fid"] == theirs["fid"]


def test_fids_count_all_of_a_users_files_from_0(api):
    files = [api.grid(), api.folder("a"), api.grid(), api.grid(parent_path="a")]
    assert [file["fid"] for file in files] == [f"{api.username}:{n}" for n in range(4)]


# --- listing --------------------------------------------------------------------------------------


def children(caller, path: str = "/v2/folders/home", **params) -> dict:
    return caller.expect(200, "GET", path, params=params).json()["children"]


def test_home_lists_what_lies_in_it_and_no_deeper(api):
    grid, folder = api.grid(filename="top"), api.folder("folder")
    inside = api.grid(parent_path="folder", filename="inside")
    listed = children(api)
    assert set(listed) >= {"count", "next", "previous", "first", "last", "results"}
    assert listed["count"] == 2
    assert listed["next"] is None
    assert listed["previous"] is None
    assert {file["fid"] for file in listed["results"]} == {grid["fid"], folder["fid"]}
    assert {file["filetype"] for file in listed["results"]} == {"grid", "fold"}
    assert all("cols" not in file for file in listed["results"])

    listed = children(api, f"/v2/folders/{folder['fid']}")
    assert [file["fid"] for file in listed["results"]] == [inside["fid"]]


def test_home_of_a_new_user_is_empty(api):
    listed = children(api)
    assert listed["results"] == []
    assert listed["count"] == 0


def test_pages_lead_from_one_to_the_next_and_hold_each_file_once(api):
    fids = {api.grid()["fid"] for _ in range(5)}
    page = children(api, page_size=2)
    seen = [file["fid"] for file in page["results"]]
    while page["next"] is not None:
        assert page["next"].startswith(f"{api.url}/")
        before = page
        page = children(api, page["next"].removeprefix(api.url))
        back = children(api, page["previous"].removeprefix(api.url))
        assert back["results"] == before["results"]
        assert len(page["results"]) <= 2
        seen += [file["fid"] for file in page["results"]]
    assert page["count"] == 5
    assert len(seen) == 5
    assert set(seen) == fids


def test_a_page_past_the_end_is_404(api):
    api.grid()
    api.refused(404, "GET", "/v2/folders/home?page=2&page_size=2")


def test_a_listing_is_filtered_by_filetype(api):
    grid, folder = api.grid()["fid"], api.folder("folder")["fid"]
    for kind, expected in [("grid", {grid}), ("fold", {folder})]:
        listed = children(api, filetype=kind)
        assert {file["fid"] for file in listed["results"]} == expected
        assert listed["count"] == 1
    assert children(api, filetype=["grid", "fold"])["count"] == 2


def test_the_home_of_another_user_shows_what_is_public(api, other, anonymous):
    public = api.grid(world_readable=True)["fid"]
    api.grid()
    for caller in (other, anonymous):
        listed = children(caller, user=api.username)
        assert [file["fid"] for file in listed["results"]] == [public]
        assert listed["count"] == 1


# --- files/lookup ---------------------------------------------------------------------------------


def test_files_lookup_answers_the_grids_fields_without_cols(api):
    grid = api.grid(filename="sales", parent_path="folder")
    found = lookup(api, "folder/sales")
    assert found["fid"] == grid["fid"]
    assert set(api.meta(grid["fid"])) - set(found) == {"cols"}


def test_files_lookup_finds_any_filetype_where_grids_lookup_finds_grids(api):
    folder = api.folder("folder")
    assert lookup(api, "folder")["fid"] == folder["fid"]
    api.refused(404, "GET", "/v2/grids/lookup?path=folder")


def test_files_lookup_is_relative_to_parent(api):
    grid = api.grid(filename="sales", parent_path="a/b")
    parent = lookup(api, "a")["fid"].split(":")[1]
    assert lookup(api, "b/sales", parent=parent)["fid"] == grid["fid"]


def test_files_lookup_of_another_users_public_file(api, other):
    fid = api.grid(filename="sales", world_readable=True)["fid"]
    assert lookup(other, "sales", user=api.username)["fid"] == fid


def test_files_lookup_of_what_does_not_exist_is_404(api):
    assert lookup(api, "no/such/file", status=404)["detail"] == "Not found."


@pytest.mark.parametrize("resource", ["files", "grids"])
@pytest.mark.parametrize("query", ["?path=", "?path=/", "?path=+", ""])
def test_an_empty_path_finds_nothing(api, resource, query):
    api.grid(filename="sales")
    assert 400 <= api.get(f"/v2/{resource}/lookup{query}").status_code < 500


@pytest.mark.parametrize("resource", ["files", "grids"])
@pytest.mark.parametrize(("path", "exists"), [("folder/sales", True), ("folder/other", False)])
def test_whether_a_path_exists_is_answered_without_a_404(api, resource, path, exists):
    api.grid(filename="sales", parent_path="folder")
    params = {"path": path, "exists": "true"}
    answer = api.expect(200, "GET", f"/v2/{resource}/lookup", params=params).json()
    assert answer["exists"] is exists
    assert answer["path"] == path
    assert set(answer) == {"path", "parent", "exists"}


def test_a_private_path_of_another_user_does_not_exist(api, other):
    api.grid(filename="sales")
    params = {"path": "sales", "user": api.username, "exists": "true"}
    assert other.expect(200, "GET", "/v2/files/lookup", params=params).json()["exists"] is False
