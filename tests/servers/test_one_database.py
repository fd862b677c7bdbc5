"""Two servers of one PostgreSQL are one: what was done at one is so at the other, and once."""

from __future__ import annotations

from itertools import chain

import pytest

from ..server.conftest import Api
from .conftest import assert_quiet, at_once

pytestmark = pytest.mark.postgres

CALLERS = 12


def post(caller: Api, path: str, **options):
    """Ask with a connection of one's own, as each of several callers has."""
    with Api(caller.url, caller.username, caller.api_key) as own:
        return own.request("POST", path, **options)


def everywhere(both, path: str, count: int = CALLERS, **options):
    """Send the same to both servers in turns, all at once."""
    return at_once(
        [lambda number=number: post(both[number % 2], path, **options) for number in range(count)]
    )


def grid_body(name: str | None = None, values=(1, 2)) -> dict:
    body = {"data": {"cols": {"x": {"data": [*values], "order": 0}}}}
    return body if name is None else body | {"filename": name}


def test_a_name_is_one_files(both):
    answers = everywhere(both, "/v2/grids", json=grid_body("sales"))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * (CALLERS - 1)
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert "already exists" in refused.json()["detail"]


def test_files_are_numbered_without_a_gap_and_none_twice(both):
    answers = everywhere(both, "/v2/grids", json=grid_body())
    assert {answer.status_code for answer in answers} == {201}
    files = [answer.json()["file"] for answer in answers]
    numbers = sorted(int(file["fid"].partition(":")[2]) for file in files)
    assert numbers == [*range(CALLERS)]
    assert len({file["filename"] for file in files}) == CALLERS


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "return=minimal"}], ids=["whole", "minimal"])
def test_each_row_is_there_once_and_in_its_senders_order(both, prefer):
    fid = both[0].grid({"sender": [0], "number": [0]})["fid"]
    senders, rows = 8, 15

    def send(sender: int) -> None:
        for number in range(rows):
            body = {"rows": [[sender, number]]}
            caller = both[(sender + number) % 2]
            answer = post(caller, f"/v2/grids/{fid}/row", json=body, headers=prefer)
            assert answer.status_code == 201, answer.text

    at_once([lambda sender=sender: send(sender) for sender in range(1, senders + 1)])
    for caller in both:
        table = caller.table(fid)
        found = list(zip(table["sender"], table["number"], strict=True))
        assert len(found) == senders * rows + 1
        for sender in range(1, senders + 1):
            assert [number for who, number in found if who == sender] == [*range(rows)]


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "return=minimal"}], ids=["whole", "minimal"])
def test_of_those_who_change_the_same_revision_one_does(both, prefer):
    fid = both[0].grid({"x": [0]})["fid"]
    seen = both[1].expect(200, "GET", f"/v2/grids/{fid}/content").headers["ETag"]
    body = {"rows": [[1]], "metadata": {"by": "one"}}
    headers = {"If-Match": seen} | prefer
    answers = everywhere(both, f"/v2/grids/{fid}/row", json=body, headers=headers)
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * (CALLERS - 1)
    assert both[0].table(fid) == {"x": [0, 1]}


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "return=minimal"}], ids=["whole", "minimal"])
def test_a_request_that_comes_to_both_servers_is_done_once_and_answered_alike(both, prefer):
    fid = both[0].grid({"x": [0]})["fid"]
    headers = {"Idempotency-Key": "the-one"} | prefer
    answers = everywhere(both, f"/v2/grids/{fid}/row", json={"rows": [[1]]}, headers=headers)
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (201, answers[0].content)
    }
    assert both[1].table(fid) == {"x": [0, 1]}


def test_a_grid_that_is_made_at_both_servers_by_one_key_is_one(both):
    headers = {"Idempotency-Key": "the-one"}
    answers = everywhere(both, "/v2/grids", json=grid_body(), headers=headers)
    # each server calls itself by its own address
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["file"]["fid"] for answer in answers}) == 1
    assert both[0].expect(200, "GET", "/v2/folders/home").json()["children"]["count"] == 1


def test_what_is_replaced_at_one_is_so_at_the_other_at_once(both):
    here, there = both
    fid = here.grid({"x": [0, 0]})["fid"]
    uid = here.uids(fid)["x"]
    for number in range(20):
        body = {"cols": [{"data": [number, number]}]}
        here.expect(200, "PUT", f"/v2/grids/{fid}/col", params={"uid": uid}, json=body)
        assert there.table(fid) == {"x": [number, number]}
        here, there = there, here


def test_a_key_that_is_replaced_is_refused_by_both(pair, both):
    name, old = both[0].username, both[0].api_key
    for caller in both:
        caller.expect(200, "GET", "/v2/users/current")
    rotated = pair.command("user", "rotate-key", name)
    for caller in pair.as_user(name, rotated.stdout.split()[-1]):
        caller.expect(200, "GET", "/v2/users/current")
    for caller in pair.as_user(name, old):
        caller.refused(401, "GET", "/v2/users/current")


def test_what_is_no_longer_shared_at_one_is_not_at_the_other(pair, both):
    fid = both[0].grid(share_key_enabled=True)["fid"]
    key = both[0].meta(fid)["share_key"]
    stranger = pair.new_user()[1]
    stranger.expect(200, "GET", f"/v2/grids/{fid}", params={"share_key": key})
    both[0].expect(200, "PATCH", f"/v2/grids/{fid}", json={"share_key_enabled": False})
    stranger.refused(404, "GET", f"/v2/grids/{fid}", params={"share_key": key})


def test_the_folders_of_a_path_are_made_once(both):
    body = grid_body() | {"parent_path": "a/b/c"}
    answers = everywhere(both, "/v2/grids", json=body)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["file"]["parent"] for answer in answers}) == 1
    assert both[0].expect(200, "GET", "/v2/folders/home").json()["children"]["count"] == 1


def test_two_folders_are_not_moved_into_each_other(both):
    for number in range(5):
        fids = [both[0].folder(f"{side}{number}")["fid"] for side in "ab"]
        numbers = [int(fid.partition(":")[2]) for fid in fids]

        def move(place: int, fids=fids, numbers=numbers) -> int:
            body = {"parent": numbers[1 - place]}
            return both[place].request("PATCH", f"/v2/folders/{fids[place]}", json=body).status_code

        assert sorted(at_once([lambda: move(0), lambda: move(1)])) == [200, 400]
        for fid in fids:
            both[0].expect(200, "GET", f"/v2/folders/{fid}/path")


def test_what_is_made_in_a_folder_while_it_is_trashed_goes_along_or_is_refused(both):
    for number in range(5):
        folder = both[0].folder(f"folder {number}")["fid"]
        body = grid_body() | {"parent": int(folder.partition(":")[2])}
        answers = at_once(
            [lambda folder=folder: post(both[0], f"/v2/folders/{folder}/trash")]
            + [lambda body=body: post(both[1], "/v2/grids", json=body) for _ in range(3)]
        )
        assert answers[0].status_code == 200
        assert {answer.status_code for answer in answers[1:]} <= {201, 400}
        for answer in answers[1:]:
            if answer.status_code == 201:
                fid = answer.json()["file"]["fid"]
                assert both[0].refused(404, "GET", f"/v2/grids/{fid}")["code"] == "IN_TRASH"
    home = both[0].expect(200, "GET", "/v2/folders/home").json()["children"]
    assert home["count"] == 0


def test_a_copy_is_of_one_revision(pair, both):
    fid = both[0].grid({"x": [0]}, world_readable=True, metadata={"rows": 1})["fid"]
    stranger = pair.new_user()

    def append() -> list:
        bodies = [{"rows": [[n]], "metadata": {"rows": n + 1}} for n in range(1, 40)]
        return [
            post(both[n % 2], f"/v2/grids/{fid}/row", json=body, headers=minimal)
            for n, body in enumerate(bodies)
        ]

    def copy(caller: Api) -> list:
        return [post(caller, f"/v2/grids/{fid}/copy", json={}) for _ in range(10)]

    minimal = {"Prefer": "return=minimal"}
    appended, *copies = at_once([append, *(lambda each=each: copy(each) for each in stranger * 2)])
    assert {answer.status_code for answer in appended} == {201}
    for answer in chain(*copies):
        assert answer.status_code == 201, answer.text
        made = answer.json()["file"]
        assert made["metadata"]["rows"] == len(stranger[0].table(made["fid"])["x"])


def test_a_folder_is_copied_while_what_lies_in_it_moves(pair, both):
    folder = (
        both[0]
        .expect(201, "POST", "/v2/folders", json={"path": "a", "world_readable": True})
        .json()["file"]["fid"]
    )
    inside = int(folder.partition(":")[2])
    grids = [both[0].grid(parent=inside, world_readable=True)["fid"] for _ in range(10)]
    stranger = pair.new_user()

    def move() -> list:
        return [
            both[n % 2].request("PATCH", f"/v2/grids/{fid}", json={"parent": parent})
            for _ in range(4)
            for parent in (-1, inside)
            for n, fid in enumerate(grids)
        ]

    def copy(caller: Api) -> list:
        return [post(caller, f"/v2/folders/{folder}/copy", json={}) for _ in range(15)]

    moved, *copies = at_once([move, *(lambda each=each: copy(each) for each in stranger * 2)])
    assert {answer.status_code for answer in moved} <= {200, 503}
    for answer in chain(*copies):
        assert answer.status_code in {201, 503}, answer.text
    assert any(answer.status_code == 201 for answer in chain(*copies))


def test_a_user_is_removed_while_they_write(pair):
    for _ in range(3):
        both = pair.new_user()
        fid = both[0].grid({"x": [0]})["fid"]

        def write(caller: Api, fid=fid) -> list[int]:
            answers = []
            for number in range(12):
                key = {"Idempotency-Key": f"{caller.url} {number}".replace(" ", "-")}
                minimal = {"Prefer": "return=minimal"}
                row = {"json": {"rows": [[number]]}}
                answers += [
                    post(caller, f"/v2/grids/{fid}/row", headers=key | minimal, **row),
                    post(caller, "/v2/grids", json=grid_body()),
                    post(caller, f"/v2/grids/{fid}/star"),
                    post(caller, f"/v2/grids/{fid}/copy", json={}),
                ]
            return [answer.status_code for answer in answers]

        def remove(name=both[0].username) -> int:
            return pair.command("user", "remove", name, "--yes").returncode

        removed, *answers = at_once([remove, *(lambda each=each: write(each) for each in both)])
        assert removed == 0
        assert set(chain(*answers)) <= {200, 201, 401, 404, 503}
        assert 401 in set(chain(*answers))


def test_two_that_start_at_once_on_an_empty_database_serve(servers):
    servers.start(3)
    both = servers.new_user()
    fid = both[0].grid({"x": [1]})["fid"]
    assert both[2].table(fid) == {"x": [1]}
    assert_quiet(servers.logs())


def test_no_request_of_these_made_a_server_fail(pair):
    assert_quiet(pair.logs())
