"""Copies of files: what they hold, where they lie, and whose they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

COLUMNS = {"x": [1, None, 3], "name, quoted": ["a", "b", "ä€"], "z": [True, 2.5, [1]]}
FIGURE = {"data": [{"type": "scatter", "y": [1, 3, 2]}], "layout": {"title": {"text": "t"}}}
TABLE = {"x": [1, 2], "y": [3, 4]}


def number(file: dict) -> int:
    return int(file["fid"].split(":")[1])


def path_of(caller, fid: str) -> str:
    return caller.expect(200, "GET", f"/v2/files/{fid}/path").json()["path"]


def copied(caller, fid: str, resource: str = "files", **body) -> dict:
    return caller.expect(201, "POST", f"/v2/{resource}/{fid}/copy", json=body).json()["file"]


def children(caller, fid: str) -> dict[str, dict]:
    """Give what lies in a folder, by name."""
    listed = caller.expect(200, "GET", f"/v2/folders/{fid}").json()["children"]["results"]
    return {file["filename"]: file for file in listed}


@pytest.mark.parametrize("resource", ["files", "grids"])
def test_a_copied_grid_has_the_same_columns_and_a_fid_of_its_own(api, resource):
    grid = api.grid(COLUMNS, filename="sales", metadata={"k": [1]})
    answer = api.expect(201, "POST", f"/v2/{resource}/{grid['fid']}/copy").json()
    assert set(answer) == {"file", "warnings"}
    assert answer["warnings"] == []
    copy = answer["file"]
    assert copy["fid"] != grid["fid"]
    assert copy["filetype"] == "grid"
    assert copy["source_fid"] == grid["fid"]
    assert api.meta(copy["fid"])["metadata"] == {"k": [1]}
    assert list(api.table(copy["fid"]).items()) == list(COLUMNS.items())
    assert list(api.uids(copy["fid"])) == list(COLUMNS)


def test_a_copy_and_its_original_change_apart(api):
    grid = api.grid(TABLE)["fid"]
    copy = copied(api, grid)["fid"]
    api.expect(201, "POST", f"/v2/grids/{copy}/row", json={"rows": [[5, 6]]})
    path = f"/v2/grids/{grid}/col?uid={api.uids(grid)['x']}"
    api.expect(200, "PUT", path, json={"cols": [{"data": ["new"]}]})
    assert api.table(copy) == {"x": [1, 2, 5], "y": [3, 4, 6]}
    assert api.table(grid) == {"x": ["new"], "y": [3, 4]}
    api.expect(204, "DELETE", f"/v2/grids/{grid}")
    api.expect(204, "DELETE", f"/v2/grids/{grid}/permanent_delete")
    assert api.table(copy) == {"x": [1, 2, 5], "y": [3, 4, 6]}


def test_rows_appended_before_are_copied_too(api):
    grid = api.grid({"x": [0]})["fid"]
    for n in range(1, 30):
        api.expect(201, "POST", f"/v2/grids/{grid}/row", json={"rows": [[n]]})
    assert api.table(copied(api, grid)["fid"]) == {"x": list(range(30))}


def test_a_copy_lies_beside_its_original_under_the_next_free_name(api):
    grid = api.grid(filename="sales", parent_path="folder")
    names = [copied(api, grid["fid"]) for _ in range(3)]
    assert [file["filename"] for file in names] == ["sales (2)", "sales (3)", "sales (4)"]
    assert {file["parent"] for file in names} == {grid["parent"]}


def test_copies_made_at_once_all_get_names_of_their_own(api):
    grid = api.grid(TABLE, filename="sales")["fid"]

    def copy(_: int) -> str:
        with type(api)(api.url, api.username, api.api_key) as own:
            return copied(own, grid)["filename"]

    with ThreadPoolExecutor(8) as pool:
        names = sorted(pool.map(copy, range(8)))
    assert names == [f"sales ({n})" for n in range(2, 10)]


def test_a_copy_of_a_name_that_is_as_long_as_names_may_be_is_made(api):
    grid = api.grid(filename="a" * 100)["fid"]
    names = {copied(api, grid)["filename"] for _ in range(2)}
    assert len(names) == 2
    assert max(map(len, names)) <= 100


def test_nothing_is_copied_by_reading(api):
    fid = api.grid()["fid"]
    api.refused(405, "GET", f"/v2/grids/{fid}/copy")
    api.refused(405, "GET", f"/v2/files/{fid}/copy")


@pytest.mark.parametrize("place", ["parent", "parent_path"])
def test_a_copy_elsewhere_keeps_its_name(api, place):
    grid = api.grid(filename="sales")["fid"]
    if place == "parent":
        where = {"parent": number(api.folder("there"))}
    else:
        where = {"parent_path": "there"}
    assert path_of(api, copied(api, grid, **where)["fid"]) == "/there/sales"


def test_a_copy_takes_the_name_it_is_given_unless_that_is_taken(api):
    grid = api.grid(filename="sales")["fid"]
    assert copied(api, grid, filename="another")["filename"] == "another"
    for name in ("sales", "another"):
        error = api.refused(400, "POST", f"/v2/grids/{grid}/copy", json={"filename": name})
        assert error["message"] == f"Sorry, a file named '{name}' already exists"
        assert error["field"] == "filename"


def test_a_copy_may_be_asked_for_by_a_form(api, anonymous):
    grid = api.grid(TABLE)["fid"]
    form = {"filename": "form", "parent_path": "there", "world_readable": "True"}
    copy = api.expect(201, "POST", f"/v2/grids/{grid}/copy", data=form).json()["file"]["fid"]
    assert path_of(api, copy) == "/there/form"
    assert anonymous.table(copy) == TABLE


@pytest.mark.parametrize("field", ["parent", "filename", "world_readable"])
def test_a_copy_to_nowhere_is_400_and_leaves_nothing(api, field):
    grid = api.grid()
    bad = {"parent": number(grid), "filename": "a" * 101, "world_readable": "perhaps"}
    body = {"parent_path": "new"} if field != "parent" else {}
    body[field] = bad[field]
    assert api.refused(400, "POST", f"/v2/grids/{grid['fid']}/copy", json=body)["field"] == field
    assert list(children(api, "home")) == [grid["filename"]]


def test_a_copy_is_private_unless_it_is_said_otherwise(api, anonymous):
    grid = api.grid(world_readable=True, share_key_enabled=True)
    private, public = copied(api, grid["fid"]), copied(api, grid["fid"], world_readable=True)
    assert private["world_readable"] is private["share_key_enabled"] is False
    assert private["share_key"] != grid["share_key"]
    anonymous.refused(404, "GET", f"/v2/grids/{private['fid']}")
    anonymous.expect(200, "GET", f"/v2/grids/{public['fid']}")


def test_anyone_copies_what_is_public_into_a_home_of_his_own(api, other):
    grid = api.grid(COLUMNS, filename="sales", parent_path="folder", world_readable=True)
    copy = copied(other, grid["fid"])
    assert copy["owner"] == other.username
    assert path_of(other, copy["fid"]) == "/sales"
    assert copy["source_fid"] == grid["fid"]
    assert copy["references"] == [grid["fid"]]
    assert other.table(copy["fid"]) == COLUMNS
    api.refused(404, "GET", f"/v2/grids/{copy['fid']}")
    assert api.meta(grid["fid"])["referencers"] == []
    assert path_of(other, copied(other, grid["fid"], parent_path="mine")["fid"]) == "/mine/sales"


def test_a_share_key_lets_a_user_copy(api, other):
    grid = api.grid(TABLE, share_key_enabled=True)
    path = f"/v2/grids/{grid['fid']}/copy"
    other.refused(404, "POST", path)
    other.refused(404, "POST", path, params={"share_key": "wrong"})
    copy = other.expect(201, "POST", path, params={"share_key": grid["share_key"]}).json()["file"]
    assert other.table(copy["fid"]) == TABLE


def test_a_copied_plot_has_the_same_figure(api):
    plot = api.plot(FIGURE, filename="plot")
    copy = copied(api, plot["fid"], "plots")
    assert copy["filetype"] == "plot"
    assert copy["filename"] == "plot (2)"
    path = f"/v2/plots/{copy['fid']}"
    assert api.expect(200, "GET", path).json()["figure"] == FIGURE
    api.expect(200, "PATCH", path, json={"figure": {"data": [], "layout": {}}})
    assert api.expect(200, "GET", f"/v2/plots/{plot['fid']}/content").json() == FIGURE


@pytest.mark.parametrize("resource", ["files", "folders"])
def test_a_copied_folder_holds_copies_of_all_that_lies_in_it(api, resource):
    grid = api.grid(TABLE, filename="grid", parent_path="a/b")
    plot = api.plot(FIGURE, filename="plot", parent_path="a")
    api.folder("a/empty")
    gone = api.grid(filename="gone", parent_path="a")
    api.expect(204, "DELETE", f"/v2/grids/{gone['fid']}")
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    answer = api.expect(201, "POST", f"/v2/{resource}/{folder}/copy", json={}).json()
    assert answer["warnings"] == []
    copy = answer["file"]
    assert (copy["filename"], copy["filetype"]) == ("a (2)", "fold")
    inside = children(api, copy["fid"])
    assert {name: file["filetype"] for name, file in inside.items()} == {
        "b": "fold",
        "plot": "plot",
        "empty": "fold",
    }
    deeper = children(api, inside["b"]["fid"])
    assert api.table(deeper["grid"]["fid"]) == TABLE
    assert deeper["grid"]["fid"] != grid["fid"]
    path = f"/v2/plots/{inside['plot']['fid']}/content"
    assert inside["plot"]["fid"] != plot["fid"]
    assert api.expect(200, "GET", path).json() == FIGURE
    assert set(children(api, folder)) == {"b", "plot", "empty"}


def test_a_copied_folder_of_another_user_lacks_what_is_private(api, other):
    public = api.grid(TABLE, filename="public", parent_path="a", world_readable=True)
    private = api.grid(filename="private", parent_path="a")
    folder = f"{api.username}:{public['parent']}"
    other.refused(404, "POST", f"/v2/folders/{folder}/copy")
    api.expect(200, "PATCH", f"/v2/folders/{folder}", json={"world_readable": True})
    response = other.expect(201, "POST", f"/v2/folders/{folder}/copy")
    assert private["fid"] not in response.text
    inside = children(other, response.json()["file"]["fid"])
    assert list(inside) == ["public"]
    assert other.table(inside["public"]["fid"]) == TABLE


def test_a_folder_copied_into_itself_holds_itself_once(api):
    api.grid(TABLE, filename="grid", parent_path="a")
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()
    body = {"parent": number(folder), "filename": "copy"}
    response = api.post(f"/v2/folders/{folder['fid']}/copy", json=body)
    assert response.status_code in {201, 400}
    if response.status_code == 201:
        assert set(children(api, folder["fid"])) == {"grid", "copy"}
        assert set(children(api, response.json()["file"]["fid"])) == {"grid"}
