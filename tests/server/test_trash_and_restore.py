"""Deleting, trashing, restoring: what a trashed grid is to its owner and to everyone else."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["DELETE", "trash"])
def throw_away(request):
    """Trash a grid in one of the two ways there are."""

    def throw(caller, fid: str) -> None:
        if request.param == "DELETE":
            caller.expect(204, "DELETE", f"/v2/grids/{fid}")
        else:
            caller.expect(200, "POST", f"/v2/grids/{fid}/trash")

    return throw


def restore(caller, fid: str) -> dict:
    return caller.expect(200, "POST", f"/v2/grids/{fid}/restore").json()


def test_a_trashed_grid_is_not_found_whatever_is_asked_of_it(api, throw_away):
    fid = api.grid(filename="sales", parent_path="folder")["fid"]
    uid = api.uids(fid)["x"]
    throw_away(api, fid)
    for method, action, body in [
        ("GET", "", None),
        ("PATCH", "", {"metadata": {}}),
        ("PUT", "", {"metadata": {}}),
        ("GET", "/content", None),
        ("POST", "/row", {"rows": [[1, 2]]}),
        ("GET", f"/col?uid={uid}", None),
        ("PUT", f"/col?uid={uid}", {"cols": '[{"data": [1]}]'}),
        ("POST", "/col", {"cols": '[{"name": "z", "data": [1]}]'}),
        ("DELETE", f"/col?uid={uid}", None),
    ]:
        error = api.refused(404, method, f"/v2/grids/{fid}{action}", json=body)
        assert (error["code"], error["message"]) == ("IN_TRASH", "Not found.")
    api.refused(404, "GET", "/v2/grids/lookup?path=folder/sales")
    api.refused(404, "GET", "/v2/files/lookup?path=folder/sales")


def test_a_trashed_grid_is_not_listed(api, throw_away):
    kept, trashed = api.grid()["fid"], api.grid()["fid"]
    throw_away(api, trashed)
    children = api.expect(200, "GET", "/v2/folders/home").json()["children"]
    assert [file["fid"] for file in children["results"]] == [kept]
    assert children["count"] == 1


def test_a_trashed_public_grid_is_gone_for_everyone(api, other, anonymous, throw_away):
    fid = api.grid(world_readable=True)["fid"]
    throw_away(api, fid)
    for caller in (other, anonymous):
        caller.refused(404, "GET", f"/v2/grids/{fid}")
        caller.refused(404, "GET", f"/v2/grids/{fid}/content")


def test_the_name_of_a_trashed_grid_is_free_at_once(api, throw_away):
    fids = []
    for _ in range(5):
        fids.append(api.grid(filename="sales")["fid"])
        throw_away(api, fids[-1])
    fid = api.grid(filename="sales")["fid"]
    assert len({*fids, fid}) == 6
    found = api.expect(200, "GET", "/v2/grids/lookup?path=sales").json()
    assert found["fid"] == fid


def test_restore_brings_back_everything(api, throw_away):
    fid = api.grid(
        {"x": [1, 2, 3], "y": ["a", None]},
        filename="sales",
        parent_path="folder",
        metadata={"k": 1},
        world_readable=True,
    )["fid"]
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[4, "d"]]})
    before, content = api.meta(fid), api.content(fid)
    throw_away(api, fid)
    assert restore(api, fid)["deleted"] is False
    assert api.content(fid) == content
    after = api.meta(fid)
    for name in ("filename", "parent", "metadata", "world_readable", "cols", "creation_time"):
        assert after[name] == before[name]
    found = api.expect(200, "GET", "/v2/grids/lookup?path=folder/sales").json()
    assert found["fid"] == fid


def test_restore_onto_a_taken_name_is_400_and_loses_neither(api, throw_away):
    trashed = api.grid({"x": ["old"]}, filename="sales")["fid"]
    throw_away(api, trashed)
    present = api.grid({"x": ["new"]}, filename="sales")["fid"]
    error = api.refused(400, "POST", f"/v2/grids/{trashed}/restore")
    assert error["message"] == "Sorry, a file named 'sales' already exists"
    assert api.table(present) == {"x": ["new"]}

    api.expect(200, "PATCH", f"/v2/grids/{present}", json={"filename": "sales (new)"})
    restore(api, trashed)
    assert api.table(trashed) == {"x": ["old"]}
    assert api.table(present) == {"x": ["new"]}


def test_only_a_trashed_grid_can_be_deleted_for_good(api, throw_away):
    fid = api.grid({"x": [1]})["fid"]
    api.refused(400, "DELETE", f"/v2/grids/{fid}/permanent_delete")
    assert api.table(fid) == {"x": [1]}
    throw_away(api, fid)
    api.expect(204, "DELETE", f"/v2/grids/{fid}/permanent_delete")
    for method, action in [("POST", "/restore"), ("POST", "/trash"), ("GET", "")]:
        api.refused(404, method, f"/v2/grids/{fid}{action}")
    api.refused(404, "DELETE", f"/v2/grids/{fid}/permanent_delete")


def test_permanent_delete_may_be_a_post(api):
    fid = api.grid()["fid"]
    api.expect(200, "POST", f"/v2/grids/{fid}/trash")
    api.expect(204, "POST", f"/v2/grids/{fid}/permanent_delete")
    api.refused(404, "POST", f"/v2/grids/{fid}/restore")


@pytest.mark.parametrize(
    ("method", "action"),
    [("DELETE", ""), ("POST", "/trash"), ("POST", "/restore"), ("DELETE", "/permanent_delete")],
)
@pytest.mark.parametrize("readable", [True, False])
def test_another_user_is_refused_as_his_rights_say(api, other, method, action, readable):
    fid = api.grid({"x": [1]}, world_readable=readable)["fid"]
    other.refused(403 if readable else 404, method, f"/v2/grids/{fid}{action}")
    assert api.table(fid) == {"x": [1]}


@pytest.mark.parametrize("readable", [True, False])
def test_another_user_cannot_touch_what_is_trashed(api, other, readable):
    fid = api.grid({"x": [1]}, world_readable=readable)["fid"]
    api.expect(200, "POST", f"/v2/grids/{fid}/trash")
    for method, action in [("POST", "/restore"), ("DELETE", "/permanent_delete")]:
        other.refused(404, method, f"/v2/grids/{fid}{action}")
    restore(api, fid)
    assert api.table(fid) == {"x": [1]}


# --- folders --------------------------------------------------------------------------------------


def test_a_trashed_folder_takes_what_it_holds_with_it_and_brings_it_back(api):
    inside = api.grid({"x": [1]}, filename="sales", parent_path="a/b")["fid"]
    outside = api.grid({"x": [2]}, filename="sales")["fid"]
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    assert api.expect(200, "POST", f"/v2/files/{folder}/trash").json()["deleted"] is True
    api.refused(404, "GET", f"/v2/grids/{inside}")
    api.refused(404, "GET", "/v2/grids/lookup?path=a/b/sales")
    api.refused(404, "GET", "/v2/files/lookup?path=a/b")
    assert api.table(outside) == {"x": [2]}

    api.expect(200, "POST", f"/v2/files/{folder}/restore")
    found = api.expect(200, "GET", "/v2/grids/lookup?path=a/b/sales").json()
    assert found["fid"] == inside
    assert api.table(inside) == {"x": [1]}


def test_what_was_trashed_before_its_folder_stays_in_the_trash(api):
    inside = api.grid(filename="sales", parent_path="a")["fid"]
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    api.expect(200, "POST", f"/v2/grids/{inside}/trash")
    api.expect(200, "POST", f"/v2/files/{folder}/trash")
    api.expect(200, "POST", f"/v2/files/{folder}/restore")
    api.refused(404, "GET", f"/v2/grids/{inside}")
    restore(api, inside)
    api.meta(inside)


def test_a_folder_is_restored_with_the_grid_that_had_overwritten_another(api):
    old = api.grid({"x": ["old"]}, filename="sales", parent_path="a")["fid"]
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    api.expect(204, "DELETE", f"/v2/grids/{old}")  # as chart_studio overwrites
    new = api.grid({"x": ["new"]}, filename="sales", parent_path="a")["fid"]
    api.expect(200, "POST", f"/v2/files/{folder}/trash")
    api.expect(200, "POST", f"/v2/files/{folder}/restore")
    assert api.table(new) == {"x": ["new"]}
    api.refused(404, "GET", f"/v2/grids/{old}")


def test_a_folder_deleted_for_good_takes_what_it_holds_with_it(api):
    inside = api.grid(filename="sales", parent_path="a")["fid"]
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    api.refused(400, "DELETE", f"/v2/files/{folder}/permanent_delete")
    api.meta(inside)
    api.expect(200, "POST", f"/v2/files/{folder}/trash")
    api.expect(204, "DELETE", f"/v2/files/{folder}/permanent_delete")
    api.refused(404, "POST", f"/v2/grids/{inside}/restore")
    api.grid(filename="sales", parent_path="a")


def test_a_grid_restored_out_of_a_trashed_folder_is_found_or_refused(api):
    inside = api.grid({"x": [1]}, filename="sales", parent_path="a")["fid"]
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    api.expect(200, "POST", f"/v2/files/{folder}/trash")
    if api.post(f"/v2/grids/{inside}/restore").status_code == 200:
        assert api.table(inside) == {"x": [1]}
    else:
        api.refused(400, "POST", f"/v2/grids/{inside}/restore")
        api.expect(200, "POST", f"/v2/files/{folder}/restore")
        assert api.table(inside) == {"x": [1]}
