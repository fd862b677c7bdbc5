"""Fifty clients of two servers do everything at once, while parts of the cluster die."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from .caller import Caller
from .cluster import running
from .colleague import Colleague

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

USERS = 10
EACH = 5
THINGS = 40
"""That each of them does: some two thousand requests, and as many again while it is looked at."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("cluster"), servers=2, workers=2) as cluster:
        yield cluster


def test_what_was_acknowledged_is_there_once_and_in_order_whatever_dies(cluster, record_property):
    teams = [_team(cluster, f"user{number}") for number in range(USERS)]
    colleagues = [colleague for team in teams for colleague in team]
    progress = _Progress(len(colleagues) * THINGS)

    def work(colleague: Colleague) -> None:
        for _ in range(THINGS):
            colleague.work()
            progress.note()

    with ThreadPoolExecutor(len(colleagues)) as threads:
        works = [threads.submit(work, colleague) for colleague in colleagues]
        try:
            progress.wait(0.25)
            cluster.kill_worker()
            progress.wait(0.45)
            cluster.kill_server(next(iter(cluster.servers)))
            progress.wait(0.65)
            assert cluster.cut_connections() > 0
            cut_at = progress.done
        finally:
            faults = [work.exception() for work in works]
    assert not any(faults), (Counter(map(repr, filter(None, faults))), cluster.logs())
    assert cut_at < progress.total, "all was done before the last part died"
    for team in teams:
        _check(team)
    seen = sum((colleague.caller.seen for colleague in colleagues), Counter())
    for what, count in seen.items():
        record_property(what, count)
    assert seen["answered"] >= progress.total


def _team(cluster, name: str) -> list[Colleague]:
    """Make a user with a grid that all of a team append to, and the team."""
    key = cluster.add_user(name)
    number = int(name.removeprefix("user"))
    first = Caller(cluster, name, key, number)
    cols = {"who": {"data": [], "order": 0}, "n": {"data": [], "order": 1}}
    body = {"data": {"cols": cols}, "filename": "ours"}
    assert first.send("POST", "/v2/grids", (201,), json=body).json()["file"]["fid"] == f"{name}:0"
    return [
        Colleague(
            f"{name} {each}", Caller(cluster, name, key, number + each), Random(f"{name}{each}")
        )
        for each in range(EACH)
    ]


def _check(team: list[Colleague]) -> None:
    for colleague in team:
        colleague.check_all()
    caller, ours = team[0].caller, team[0].ours
    cols = caller.send("GET", f"/v2/grids/{ours}/content").json()["cols"]
    rows = [*zip(cols["who"]["data"], cols["n"]["data"], strict=True)]
    assert len(rows) == sum(len(colleague.appended) for colleague in team)
    for colleague in team:
        assert [n for who, n in rows if who == colleague.name] == colleague.appended
    # and nothing else is: neither twice, nor in part
    files = [file for file in _all_files(caller) if file["filetype"] != "fold"]
    known = {grid.fid for colleague in team for grid in colleague.grids}
    known |= {fid for colleague in team for fid in colleague.plots} | {ours}
    assert Counter(file["fid"] for file in files) == Counter(known)


def _all_files(caller: Caller) -> list[dict]:
    found, page = [], f"/v2/folders/all?user={caller.username}&page_size=100&page=1"
    number = 1
    while True:
        answer = caller.send("GET", page).json()
        children = answer.get("children", answer)
        found += children["results"]
        if not children["next"]:
            return found
        number += 1
        page = f"/v2/folders/all?user={caller.username}&page_size=100&page={number}"


class _Progress:
    """How many things are done, by all together."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._changed = threading.Condition()

    def note(self) -> None:
        with self._changed:
            self.done += 1
            self._changed.notify_all()

    def wait(self, share: float) -> None:
        """Wait until a share is done."""
        with self._changed:
            until = time.monotonic() + 600
            while self.done < share * self.total:
                assert self._changed.wait(until - time.monotonic()), "nothing goes on"
