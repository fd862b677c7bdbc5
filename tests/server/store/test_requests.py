"""A request that carries a key is done once, however often and from wherever it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import Database, files, requests
from plotly_nbext.server.store.schema import requests as table

DIGEST = "a" * 64


def test_a_request_is_answered_as_it_was(connection):
    assert requests.recall(connection, "alice", "k", DIGEST) is None
    requests.keep(connection, "alice", "k", 201, b'{"a": "\0"}')
    assert requests.recall(connection, "alice", "k", DIGEST) == (201, b'{"a": "\0"}')


def test_a_key_is_its_owners(connection):
    for owner in ("alice", "bob"):
        assert requests.recall(connection, owner, "k", DIGEST) is None
        requests.keep(connection, owner, "k", 201, owner.encode())
    assert requests.recall(connection, "alice", "k", DIGEST) == (201, b"alice")


def test_a_key_of_another_request_is_refused(connection):
    requests.recall(connection, "alice", "k", DIGEST)
    requests.keep(connection, "alice", "k", 201, b"")
    with pytest.raises(ValidationError, match="'k' was used for another request") as refusal:
        requests.recall(connection, "alice", "k", "b" * 64)
    assert (refusal.value.status_code, refusal.value.field) == (422, "Idempotency-Key")


def test_a_request_that_failed_can_be_sent_again(database):
    with suppress(RuntimeError), database.write() as connection:
        requests.recall(connection, "alice", "k", DIGEST)
        raise RuntimeError
    with database.write() as connection:
        assert requests.recall(connection, "alice", "k", "b" * 64) is None


def test_an_answer_is_kept_for_a_day_and_forgotten_by_and_by(connection, monkeypatch):
    """One in a hundred requests clears away what is old: of each thousand here, some do."""
    started = files.now()
    for hours, there in ((0, 1_000), (23, 2_000), (25, 2_000)):
        monkeypatch.setattr(files, "now", lambda hours=hours: started + timedelta(hours=hours))
        for number in range(1_000):
            key = f"{number} after {hours}"
            assert requests.recall(connection, "alice", key, DIGEST) is None
            requests.keep(connection, "alice", key, 201, b"")
        assert connection.execute(select(func.count()).select_from(table)).scalar() == there
    assert requests.recall(connection, "alice", "0 after 0", DIGEST) is None
    assert requests.recall(connection, "alice", "0 after 23", DIGEST) == (201, b"")


def test_a_request_that_is_sent_to_many_servers_at_once_is_done_by_one(location, database):
    callers = 6
    start = Barrier(callers)

    def send(_) -> tuple[bool, tuple[int, bytes]]:
        with closing(Database(location)) as own:
            start.wait(30)
            with own.write() as connection:
                known = requests.recall(connection, "alice", "k", DIGEST)
                if known is None:
                    requests.keep(connection, "alice", "k", 201, b"done")
                return known is None, known or (201, b"done")

    with ThreadPoolExecutor(callers) as threads:
        answers = list(threads.map(send, range(callers)))
    assert [answer for _, answer in answers] == [(201, b"done")] * callers
    assert sum(done for done, _ in answers) == 1
