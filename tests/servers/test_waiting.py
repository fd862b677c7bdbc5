"""What a request waits for may change what it is about: it goes by what is there afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ..server.conftest import Api
from .conftest import wait_until

pytestmark = pytest.mark.postgres

WAITS = "wait_event_type = 'Lock'"


def after(pair, change: str, action):
    """Do something that waits for the end of a change; give what came of it."""
    with ThreadPoolExecutor(1) as thread:
        with pair.changing(change):
            answer = thread.submit(action)
            wait_until(lambda: pair.sessions(WAITS) or answer.done(), "waiting")
            assert not answer.done(), answer.result()
        return answer.result(60)


def of(fid: str) -> str:
    owner, _, number = fid.partition(":")
    return f"owner = '{owner}' AND idlocal = {number}"


def test_a_copy_is_of_what_was_there_once_its_turn_came(pair, both):
    fid = both[0].grid({"x": [0]}, metadata={"a": 1}, world_readable=True)["fid"]
    stranger = pair.new_user()[1]

    def copy():
        return stranger.request("POST", f"/v2/grids/{fid}/copy", json={})

    change = f"""UPDATE files SET metadata = '{{"a": 2}}' WHERE {of(fid)}"""
    assert after(pair, change, copy).json()["file"]["metadata"] == {"a": 2}
    change = f"UPDATE files SET world_readable = false WHERE {of(fid)}"
    assert after(pair, change, copy).status_code == 404


@pytest.mark.parametrize(
    "change", ["parent = -1", "world_readable = false", "trashed_with = idlocal"]
)
def test_what_leaves_a_folder_before_that_is_copied_is_not_copied(pair, both, change):
    body = {"path": "a", "world_readable": True}
    folder = both[0].expect(201, "POST", "/v2/folders", json=body).json()["file"]["fid"]
    parent = int(folder.partition(":")[2])
    stays, leaves = (both[0].grid(parent=parent, world_readable=True) for _ in range(2))
    stranger = pair.new_user()[1]
    copied = after(
        pair,
        f"UPDATE files SET {change} WHERE {of(leaves['fid'])}",
        lambda: stranger.request("POST", f"/v2/folders/{folder}/copy", json={}),
    )
    assert copied.status_code == 201, copied.text
    made = stranger.expect(200, "GET", f"/v2/folders/{copied.json()['file']['fid']}").json()
    assert [each["filename"] for each in made["children"]["results"]] == [stays["filename"]]


def test_who_is_removed_while_they_make_a_grid_is_told_that_they_are_not_there(pair, both):
    change = f"DELETE FROM users WHERE username = '{both[0].username}'"
    body = {"data": {"cols": {"x": {"data": [1]}}}}
    refused = after(pair, change, lambda: both[0].request("POST", "/v2/grids", json=body))
    assert refused.status_code == 401


def test_who_is_removed_while_they_append_is_told_to_ask_again_and_then_that_they_are_gone(
    pair, both
):
    fid = both[0].grid()["fid"]
    headers = {"Prefer": "return=minimal", "Idempotency-Key": "k"}

    def append():
        body = {"rows": [[1, 2]]}
        return both[0].request("POST", f"/v2/grids/{fid}/row", json=body, headers=headers)

    change = f"DELETE FROM users WHERE username = '{both[0].username}'"
    refused = after(pair, change, append)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert append().status_code == 401


def test_who_makes_a_first_file_while_they_are_removed_is_not_removed_silently(pair, both):
    name = both[0].username
    fid = pair.new_user()[0].grid()["fid"]
    change = (
        f"SELECT 1 FROM users WHERE username = '{name}' FOR NO KEY UPDATE;"
        f"UPDATE files SET owner = '{name}' WHERE {of(fid)}"
    )
    removed = after(pair, change, lambda: pair.command("user", "remove", name))
    assert removed.returncode == 2
    assert "has 1 files" in removed.stderr
    both[0].expect(200, "GET", f"/v2/grids/{name}:{fid.partition(':')[2]}")


def test_who_stars_what_is_deleted_meanwhile_is_told_that_it_is_not_there(pair, both):
    fid = both[0].grid(world_readable=True)["fid"]
    stranger = pair.new_user()[1]

    def star():
        return stranger.request("POST", f"/v2/grids/{fid}/star")

    assert after(pair, f"DELETE FROM files WHERE {of(fid)}", star).status_code == 503
    assert star().status_code == 404


def test_the_visits_of_a_page_do_not_hold_up_its_file(pair, both):
    fid = both[0].grid(world_readable=True)["fid"]
    number = fid.partition(":")[2]
    path = f"/~{both[0].username}/{number}/"
    for _ in range(3):
        for caller in both:
            caller.expect(200, "GET", path)
    wait_until(lambda: both[0].meta(fid)["views"] == 6, "six visits")


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "return=minimal"}], ids=["whole", "minimal"])
def test_many_changes_that_wait_for_each_other_do_not_hold_up_other_users(pair, both, prefer):
    fid = both[0].grid({"x": [0]})["fid"]
    path = f"/v2/grids/{fid}/row"
    body = {"rows": [[1]]}

    def append():
        with Api(both[0].url, both[0].username, both[0].api_key) as own:
            return own.request("POST", path, json=body, headers=prefer).status_code

    stranger = pair.new_user()[0]
    with ThreadPoolExecutor(12) as threads:
        with pair.changing(f"SELECT 1 FROM files WHERE {of(fid)} FOR UPDATE"):
            waiting = [threads.submit(append) for _ in range(12)]
            wait_until(lambda: pair.sessions(WAITS), "waiting")
            for _ in range(3):
                stranger.grid({"x": [0]})
            assert not any(answer.done() for answer in waiting)
        assert {answer.result(60) for answer in waiting} == {201}
    assert both[1].table(fid) == {"x": [0] + [1] * 12}


def test_a_stranger_is_refused_without_a_wait_for_the_owners_changes(pair, both):
    fid = both[0].grid(world_readable=True)["fid"]
    stranger = pair.new_user()[0]
    with pair.changing(f"SELECT 1 FROM files WHERE {of(fid)} FOR UPDATE"):
        stranger.refused(403, "POST", f"/v2/grids/{fid}/row", json={"rows": [[1, 2]]}, timeout=30)
