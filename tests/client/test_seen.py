"""What a session remembers of the files that it met, for TAB; all of it on a real server."""

from __future__ import annotations

import gc

import pandas as pd
import pytest
import requests

from plotly_nbext.errors import NotFoundError

FRAME = pd.DataFrame({"month": ["jan", "feb"], "total": [1, 2]})


def seen(client):
    """What is remembered with a client."""
    return client._session.seen


def paths(client, folder=""):
    """The names in a folder; those of folders end with a slash."""
    return sorted(
        f"{name}/" if file.filetype == "fold" else name
        for name, file in seen(client).inside(folder)
    )


def test_a_pushed_grid_is_remembered_with_its_folders_and_columns(client):
    client.push(FRAME, "sales/north/2026")
    assert paths(client) == ["sales/"]
    assert paths(client, "sales") == ["north/"]
    assert paths(client, "sales/north") == ["2026"]
    assert seen(client).columns("sales/north/2026") == ("month", "total")


def test_columns_that_a_push_adds_are_remembered(client):
    client.push(FRAME, "totals")
    client.push(FRAME.assign(note="x"), "totals")
    assert seen(client).columns("totals") == ("month", "total", "note")


def test_a_renamed_folder_takes_along_what_lies_in_it(client):
    client.push(FRAME, "sales/2026")
    client.folder("sales").rename("archive")
    assert paths(client) == ["archive/"]
    assert paths(client, "archive") == ["2026"]
    assert paths(client, "sales") == []


def test_a_moved_grid_is_where_it_went(client):
    grid = client.push(FRAME, "sales/2026")
    grid.move("archive/old")
    assert paths(client, "archive/old") == ["2026"]
    assert paths(client, "sales") == []
    grid.move("")
    assert "2026" in paths(client)
    assert seen(client).columns("2026") == ("month", "total")


def test_a_moved_folder_is_where_it_went(client):
    client.push(FRAME, "a/b/2026")
    client.folder("a/b").move("c")
    assert paths(client, "c/b") == ["2026"]
    assert paths(client, "a") == []


def test_the_trash_is_remembered_and_what_leaves_it(client):
    grid = client.push(FRAME, "sales/2026")
    grid.trash()
    assert paths(client, "sales") == []
    assert seen(client).trash() == [(grid.fid, "sales/2026", "grid")]
    grid.restore()
    assert paths(client, "sales") == ["2026"]
    assert seen(client).trash() == []


def test_a_folder_goes_to_the_trash_with_all_in_it(client):
    client.push(FRAME, "sales/2026")
    client.folder("sales").trash()
    assert paths(client) == paths(client, "sales") == []


def test_what_is_deleted_is_forgotten(client):
    client.push(FRAME, "totals").delete()
    assert paths(client) == []
    assert seen(client).trash() == []


def test_a_listing_forgets_what_someone_else_deleted(client, server):
    client.push(FRAME, "sales/2026")
    client.push(FRAME, "sales/2027")
    client.push(FRAME, "totals")
    account = client._session.account
    for fid in (client.grid("sales/2026").fid, client.grid("totals").fid):
        for method, action in (("POST", "trash"), ("DELETE", "permanent_delete")):
            url = f"{server.url}/v2/files/{fid}/{action}"
            requests.request(method, url, auth=(account.username, account.api_key), timeout=60)
    assert paths(client, "sales") == ["2026", "2027"]
    client.list("sales")
    client.list()
    assert paths(client, "sales") == ["2027"]
    assert paths(client) == ["sales/"]


def test_a_listing_of_one_type_forgets_nothing(client):
    client.push(FRAME, "sales/2026")
    client.push(FRAME, "totals")
    client.list(filetype="fold")
    assert paths(client) == ["sales/", "totals"]


def test_a_lookup_that_fails_forgets_the_path(client):
    client.push(FRAME, "totals")
    seen(client).note(
        {"fid": f"{client.username}:999", "filename": "ghost", "owner": client.username}
        | {"parent": -1, "filetype": "grid"}
    )
    assert paths(client) == ["ghost", "totals"]
    with pytest.raises(NotFoundError):
        client.grid("ghost")
    assert paths(client) == ["totals"]


def test_looking_for_a_plot_of_that_name_forgets_no_grid(client):
    client.push(FRAME, "totals")
    with pytest.raises(NotFoundError):
        client.plot("totals")
    assert paths(client) == ["totals"]


def test_what_was_seen_is_lost_with_its_session_and_found_again_by_a_list(client, server):
    client.push(FRAME, "z/a/2026")
    client.push(FRAME, "b")
    account = client._session.account
    client._session = None
    gc.collect()
    other = server.client(account.username, account.api_key)
    assert other.whoami() == account.username
    assert paths(other) == []
    other.all_files()  # in which files may come before their folders
    assert paths(other) == ["b", "z/"]
    assert paths(other, "z/a") == ["2026"]


def test_uploads_and_copies_are_remembered(client, tmp_path):
    file = tmp_path / "stores.csv"
    file.write_text("a,b\n1,2\n")
    grid = client.upload(file, "sales/stores")
    grid.copy("stores again", parent="sales")
    assert paths(client, "sales") == ["stores", "stores again"]
    assert seen(client).columns("sales/stores") == ("a", "b")


def test_files_of_others_are_not_among_ones_own(client, server):
    name = "other" + client.username
    other = server.client(name, server.add_user(name))
    grid = other.push(FRAME, "theirs", world_readable=True)
    client.grid(grid.fid)
    client.search("theirs")
    assert paths(client) == []


def test_two_users_of_a_server_share_nothing(client, server):
    name = "second" + client.username
    other = server.client(name, server.add_user(name))
    client.push(FRAME, "mine")
    assert paths(other) == []
    assert seen(other) is not seen(client)


def test_chart_studios_own_server_is_remembered_too(chart_studio):
    client = chart_studio.client()
    client.push(FRAME, "sales/2026")
    assert paths(client, "sales") == ["2026"]
    assert seen(client).columns("sales/2026") == ("month", "total")
    client.folder("sales").rename("archive")
    assert paths(client, "archive") == ["2026"]
