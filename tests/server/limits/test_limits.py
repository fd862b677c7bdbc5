"""What an operator lets each user do."""

from __future__ import annotations

import json
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from ..arrow import ARROW, stream
from ..conftest import Api

FIGURE = {"data": [{"y": [1, 3, 2]}]}


@pytest.fixture(scope="module")
def limited(new_server):
    """A server that lets each user ask five times a minute."""
    return new_server("--rate-limit", "5/minute")


@pytest.fixture(scope="module")
def small(new_server):
    """A server on which each user may have two megabytes in three files."""
    return new_server("--quota-mb", "2", "--quota-files", "3")


@pytest.fixture(scope="module")
def strict(new_server):
    """A server that takes neither long bodies nor large grids."""
    return new_server("--max-body-mb", "1", "--max-grid-cells", "100")


def assert_throttled(response) -> int:
    assert response.status_code == 429
    seconds = int(response.headers["Retry-After"])
    message = f"Request was throttled. Expected available in {seconds}.0 seconds."
    assert response.json()["detail"] == message
    assert response.json()["errors"][0]["message"] == message
    return seconds


def test_who_asks_too_often_is_told_when_to_come_again(limited):
    user, other = limited.user(), limited.user()
    for _ in range(5):
        user.expect(200, "GET", "/v2/users/current")
    assert 1 <= assert_throttled(user.get("/v2/users/current")) <= 60
    assert assert_throttled(user.post("/v2/grids", json={"data": {"cols": {}}})) <= 60
    other.expect(200, "GET", "/v2/users/current")
    for path in ("/healthz", "/readyz", "/openapi.json"):
        user.expect(200, "GET", path)


def test_all_of_several_limits_hold_and_a_window_ends(serve):
    user = serve("--rate-limit", "3/second", "--rate-limit", "5/hour").user()
    answers = [user.get("/v2/users/current") for _ in range(4)]
    assert [answer.status_code for answer in answers].count(200) >= 3
    deadline = time.monotonic() + 30
    while True:
        answer = user.get("/v2/users/current")
        if answer.status_code == 429 and assert_throttled(answer) > 60:
            break
        assert time.monotonic() < deadline
        threading.Event().wait(0.1)


def test_callers_without_a_name_are_limited_by_their_address(limited):
    user = limited.user()
    fid = user.grid(world_readable=True)["fid"]
    with Api(limited.url) as anonymous:
        for _ in range(5):
            anonymous.expect(200, "GET", f"/v2/grids/{fid}")
        assert_throttled(anonymous.get(f"/v2/grids/{fid}"))
    user.expect(200, "GET", f"/v2/grids/{fid}")


def test_a_wrong_key_counts_for_no_user(limited):
    user = limited.user()
    with Api(limited.url, user.username, "wrong") as guesser:
        for _ in range(8):
            guesser.expect(401, "GET", "/v2/users/current")
    user.expect(200, "GET", "/v2/users/current")


def test_who_guesses_keys_is_slowed_down(serve):
    server = serve("--failed-sign-in-limit", "3/minute")
    user = server.user()
    with Api(server.url, user.username, "wrong") as guesser:
        for _ in range(3):
            guesser.expect(401, "GET", "/v2/users/current")
        assert_throttled(guesser.get("/v2/users/current"))
    with Api(server.url) as anonymous:
        anonymous.expect(200, "GET", "/v2/users/current")


def test_only_what_is_drawn_counts_as_an_image(serve):
    user = serve("--render-limit", "2/hour", "--browsers", "1").user()
    for y in (1, 1, 2, 2, 1):
        user.expect(200, "POST", "/v2/images", json={"figure": {"data": [{"y": [y]}]}})
    seconds = assert_throttled(user.post("/v2/images", json={"figure": FIGURE}))
    assert 60 < seconds <= 3600
    user.expect(200, "GET", "/v2/users/current")


def test_a_full_quota_refuses_what_is_more_and_keeps_what_is_there(small):
    user = small.user()
    kept = user.grid({"x": list(range(100_000))})["fid"]
    for method, path, body in (
        ("POST", "/v2/grids", {"data": {"cols": {"x": {"data": list(range(400_000))}}}}),
        ("POST", f"/v2/grids/{kept}/row", {"rows": [[n] for n in range(400_000)]}),
        ("POST", "/v2/plots", {"figure": {"data": [{"y": list(range(400_000))}]}}),
    ):
        error = user.refused(403, method, path, json=body)
        assert "2.0 MB are the most" in error["message"]
        assert "Delete some for good" in error["message"]
    body = stream({"y": pa.array([float(n) for n in range(300_000)])})
    path = f"/v2/grids/{kept}/col"
    user.refused(403, "POST", path, data=body, headers={"Content-Type": ARROW})
    assert user.table(kept) == {"x": list(range(100_000))}
    listed = user.expect(200, "GET", "/v2/folders/home").json()["children"]["results"]
    assert [file["fid"] for file in listed] == [kept]


def test_what_is_deleted_for_good_makes_room_and_what_is_trashed_does_not(small):
    user = small.user()
    values = [n + 0.5 for n in range(160_000)]
    fid = user.grid({"x": values})["fid"]
    body = {"data": {"cols": {"x": {"data": values}}}}
    user.refused(403, "POST", "/v2/grids", json=body)
    user.expect(200, "POST", f"/v2/grids/{fid}/trash")
    user.refused(403, "POST", "/v2/grids", json=body)
    user.expect(204, "DELETE", f"/v2/grids/{fid}/permanent_delete")
    user.expect(201, "POST", "/v2/grids", json=body)


def test_small_changes_add_up_to_the_quota_and_not_beyond(small):
    user = small.user()
    fid = user.grid({"x": ["start"] * 20})["fid"]
    rows = {"rows": [["x" * 1_000]] * 30}
    appended = 0
    while (answer := user.post(f"/v2/grids/{fid}/row", json=rows)).status_code == 201:
        appended += 1
    assert answer.status_code == 403
    assert 60 <= appended <= 66


def test_only_so_many_files_may_be_kept_copies_and_folders_included(small):
    user = small.user()
    fid = user.grid()["fid"]
    user.folder("one")
    user.expect(201, "POST", f"/v2/grids/{fid}/copy", json={})
    for path, body in (
        ("/v2/grids", {"data": {"cols": {"x": {"data": [1]}}}}),
        ("/v2/folders", {"path": "two/three"}),
        (f"/v2/grids/{fid}/copy", {}),
    ):
        error = user.refused(403, "POST", path, json=body)
        assert "on this server 3 are the most" in error["message"]
    user.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[1, 2]]})


def test_a_body_may_have_what_the_operator_says(strict):
    user = strict.user()
    body = json.dumps({"data": {"cols": {"x": {"data": ["x" * 10] * 100_000}}}})
    error = user.refused(
        413, "POST", "/v2/grids", data=body, headers={"Content-Type": "application/json"}
    )
    assert "1,000,000 bytes" in error["message"]
    user.refused(413, "POST", "/v2/images", data=body, headers={"Content-Type": "application/json"})


def test_a_grid_may_have_as_many_cells_as_the_operator_says(strict):
    user = strict.user()
    user.refused(400, "POST", "/v2/grids", json={"data": {"cols": {"x": {"data": [1] * 101}}}})
    fid = user.grid({"x": [1] * 40, "y": [2] * 40})["fid"]
    user.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[1, 2]] * 10})
    error = user.refused(400, "POST", f"/v2/grids/{fid}/row", json={"rows": [[1, 2]]})
    assert "51 rows of 2 columns" in error["message"]
    cols = json.dumps([{"name": "z", "data": [1]}])
    user.refused(400, "POST", f"/v2/grids/{fid}/col", json={"cols": cols})
    assert len(user.table(fid)["x"]) == 50


def test_a_single_figure_does_not_wait_for_a_crowd_of_another_s(serve):
    server = serve("--browsers", "2")
    many, one = server.user(), server.user()
    one.expect(200, "POST", "/v2/images", json={"figure": FIGURE})
    drawn: list[int] = []

    def draw(number: int) -> None:
        with Api(many.url, many.username, many.api_key) as caller:
            figure = {"data": [{"y": [number, 3, 2]}]}
            caller.expect(200, "POST", "/v2/images", json={"figure": figure})
        drawn.append(number)

    with ThreadPoolExecutor(60) as threads:
        crowd = [threads.submit(draw, number) for number in range(200)]
        until = time.monotonic() + 60
        while len(drawn) < 5:
            assert time.monotonic() < until
            threading.Event().wait(0.001)
        before = len(drawn)
        one.expect(200, "POST", "/v2/images", json={"figure": {"data": [{"y": ["one"]}]}})
        assert len(drawn) - before < 40
        for each in crowd:
            each.result()


def test_a_full_queue_is_refused_for_now(serve):
    server = serve("--browsers", "1", "--render-queue", "2")
    user = server.user()

    def draw(number: int) -> int:
        with Api(user.url, user.username, user.api_key) as caller:
            answer = caller.post("/v2/images", json={"figure": {"data": [{"y": [number, 1]}]}})
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
        return answer.status_code

    with ThreadPoolExecutor(30) as threads:
        answers = [*threads.map(draw, range(30))]
    assert set(answers) == {200, 503}


@pytest.mark.postgres
def test_a_limit_holds_over_all_servers_of_a_database(two_servers):
    first, second = two_servers("--rate-limit", "10/hour")
    answers = [(first, second)[n % 2].get("/v2/users/current") for n in range(20)]
    assert [answer.status_code for answer in answers].count(200) == 10
    assert all(math.isclose(assert_throttled(answer), 3600, abs_tol=60) for answer in answers[10:])
