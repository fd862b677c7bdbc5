"""Short appends that wait for the database together: told once they are on the disk, each alone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from uuid import uuid4

import psutil
import pytest
import requests

from .conftest import Api

MINIMAL = {"Prefer": "return=minimal"}
WRITERS, APPENDS, ROUNDS = 8, 30, 10

# a program of its own, as each of them is elsewhere
WRITER = """
import sys, requests
url, username, api_key, fid, writer, appends = sys.argv[1:]
with requests.Session() as session:
    session.trust_env = False
    session.auth = (username, api_key)
    session.headers["Prefer"] = "return=minimal"
    for number in range(int(appends)):
        rows = [[int(writer), number, part] for part in range(1 + number % 3)]
        wrong = number % 5 == 4
        if wrong:
            rows[-1].append("too many")
        answer = session.post(f"{url}/v2/grids/{fid}/row", json={"rows": rows})
        assert answer.status_code == (400 if wrong else 201), answer.text
"""

pytestmark = pytest.mark.sqlite  # of its one writer


@pytest.fixture
def held(serve):
    """A server, a user of it, and how to keep its database from being written."""
    server = serve()

    @contextmanager
    def hold() -> Iterator[None]:
        writer = sqlite3.connect(server.data / "grids.db", isolation_level=None)
        with closing(writer):
            writer.execute("BEGIN IMMEDIATE")
            yield
            writer.execute("ROLLBACK")

    with server.user() as user:
        yield user, hold


def rows_of(api: Api, fid: str) -> list[list[int]]:
    return [[*row] for row in zip(*api.table(fid).values(), strict=True)]


def parts(number: int) -> list[int]:
    return [*range(1 + number % 3)]


def append(api: Api, fid: str, rows: list, **headers: str) -> requests.Response:
    with Api(api.url, api.username, api.api_key) as caller:
        path = f"/v2/grids/{fid}/row"
        return caller.request("POST", path, json={"rows": rows}, headers=MINIMAL | headers)


def wait_until_all_wait(api: Api, futures: list[Future]) -> None:
    """Wait until the requests of as many callers are in the server."""
    port = int(api.url.rpartition(":")[2])
    moment = threading.Event()
    for _ in range(600):
        connected = sum(
            each.status == "ESTABLISHED" and each.laddr.port == port
            for each in psutil.net_connections("tcp")
        )
        if connected >= len(futures):
            break
        moment.wait(0.05)
    # what they have sent lies in the server's sockets, or further
    moment.wait(0.2)
    assert not any(future.done() for future in futures)


def test_rows_of_many_processes_land_whole_and_in_order_whatever_fails_beside_them(api):
    fid = api.grid({"writer": [], "number": [], "part": []})["fid"]
    arguments = [api.url, api.username, api.api_key, fid]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, *arguments, str(number), str(APPENDS)])
        for number in range(WRITERS)
    ]
    assert [writer.wait(120) for writer in writers] == [0] * WRITERS
    rows = rows_of(api, fid)
    kept = [number for number in range(APPENDS) if number % 5 != 4]
    for writer in range(WRITERS):
        expected = [[writer, number, part] for number in kept for part in parts(number)]
        assert [row for row in rows if row[0] == writer] == expected
    starts = [place for place, row in enumerate(rows) if row[2] == 0]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        assert rows[start:end] == [[*rows[start][:2], part] for part in parts(rows[start][1])]


def test_a_wrong_row_is_refused_and_those_who_wait_with_it_are_not(held):
    api, hold = held
    fid = api.grid({"n": []})["fid"]
    with ThreadPoolExecutor(12) as threads:
        with hold():
            sent = [
                threads.submit(append, api, fid, [[n], [n, "too many"]] if n % 4 == 1 else [[n]])
                for n in range(12)
            ]
            wait_until_all_wait(api, sent)
        answers = [each.result() for each in sent]
    wrong = {1, 5, 9}
    assert {n for n, answer in enumerate(answers) if answer.status_code == 400} == wrong
    assert sorted(api.table(fid)["n"]) == [n for n in range(12) if n not in wrong]
    # each was told what the grid was after its row, and no other's
    told = {answer.json()["row_count"]: n for n, answer in enumerate(answers) if n not in wrong}
    assert {n + 1: each for n, each in enumerate(api.table(fid)["n"])} == told


def test_the_same_request_twice_among_those_who_wait_is_done_once(held):
    api, hold = held
    fid = api.grid({"n": []})["fid"]
    keys = [str(uuid4()) for _ in range(3)]
    with ThreadPoolExecutor(12) as threads:
        with hold():
            sent = [
                threads.submit(append, api, fid, [[n % 3]], **{"Idempotency-Key": keys[n % 3]})
                for n in range(12)
            ]
            wait_until_all_wait(api, sent)
        answers = [each.result() for each in sent]
    assert {answer.status_code for answer in answers} == {201}
    for n in range(3):
        assert len({answer.content for answer in answers[n::3]}) == 1
    assert sorted(api.table(fid)["n"]) == [0, 1, 2]


def test_the_keys_of_others_are_wrong_among_those_who_wait_too(held):
    api, hold = held
    fid = api.grid({"n": []})["fid"]
    stranger = Api(api.url, "nobody", api.api_key)
    forger = Api(api.url, api.username, "wrong")
    with ThreadPoolExecutor(6) as threads:
        with hold():
            callers = [api, stranger, api, forger, api, stranger]
            sent = [threads.submit(append, each, fid, [[n]]) for n, each in enumerate(callers)]
            wait_until_all_wait(api, sent)
        answers = [each.result().status_code for each in sent]
    assert answers == [201, 401, 201, 401, 201, 401]
    assert sorted(api.table(fid)["n"]) == [0, 2, 4]


class Writer:
    """One who appends until the server is gone, and asks again for what was not answered."""

    def __init__(self, api: Api, fid: str, number: int, acknowledged: threading.Semaphore) -> None:
        self._api, self._fid, self._number = api, fid, number
        self._appends = count()
        self._acknowledged = acknowledged
        self._waiting: tuple[str, list] | None = None
        self.acknowledged: list[list[int]] = []

    def write(self) -> None:
        """Append row after row until there is no answer."""
        while True:
            number = next(self._appends)
            rows = [[self._number, number, part] for part in parts(number)]
            self._waiting = (str(uuid4()), rows)
            try:
                self.settle()
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                return

    def settle(self) -> None:
        """Send what was not answered, as it was."""
        key, rows = self._waiting
        answer = append(self._api, self._fid, rows, **{"Idempotency-Key": key})
        assert answer.status_code == 201, answer.text
        self.acknowledged += rows
        self._acknowledged.release()


def test_a_server_that_is_killed_has_kept_all_that_it_answered_and_nothing_twice(serve):
    server = serve()
    api = server.user()
    fid = api.grid({"writer": [], "number": [], "part": []})["fid"]
    acknowledged = threading.Semaphore(0)
    writers = [Writer(api, fid, number, acknowledged) for number in range(WRITERS)]
    for turn in range(ROUNDS):
        with ThreadPoolExecutor(WRITERS) as threads:
            writing = [threads.submit(writer.write) for writer in writers]
            for _ in range(30 + 17 * turn):
                assert acknowledged.acquire(timeout=60)
            server.kill()
            for each in writing:
                each.result()
        server.start()
        api.url = server.url
        found = Counter(map(tuple, rows_of(api, fid)))
        assert set(found.values()) == {1}
        told = {tuple(row) for writer in writers for row in writer.acknowledged}
        assert told <= set(found)
        # what was not answered is there whole, or not at all
        for writer, number, part in set(found) - told:
            assert {(writer, number, each) for each in parts(number)} <= set(found), part
        for writer in writers:
            writer.settle()
    rows = rows_of(api, fid)
    for number, writer in enumerate(writers):
        assert [row for row in rows if row[0] == number] == writer.acknowledged


def test_a_key_that_is_taken_away_appends_nothing_any_more(serve):
    server = serve()
    with server.user() as api:
        fid = api.grid({"n": []})["fid"]
        assert append(api, fid, [[0]]).status_code == 201
        with server.rotate_key(api.username) as renewed:
            assert append(api, fid, [[1]]).status_code == 401
            assert append(renewed, fid, [[2]]).status_code == 201
            assert renewed.table(fid) == {"n": [0, 2]}
