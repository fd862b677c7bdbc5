"""The images of all servers, in PostgreSQL: kept, bounded, and never in the way of an answer."""

from __future__ import annotations

import logging
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest

from plotly_nbext.server.rendering import Rendered
from plotly_nbext.server.store import renders_shared
from plotly_nbext.server.store.renders_shared import SharedRenders

pytestmark = pytest.mark.postgres

LIMIT = 2_000_000


@pytest.fixture
def url(postgres_server):
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def admin(url):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


@pytest.fixture
def renders(url):
    with closing(SharedRenders(url, LIMIT)) as made:
        yield made


def image(size: int = 1000) -> Rendered:
    return Rendered(os.urandom(size))


def size(admin) -> int:
    return admin.execute("SELECT coalesce(sum(length(image)), 0) FROM renders_1").fetchone()[0]


def test_what_one_server_has_drawn_is_there_for_another_and_after_a_restart(url):
    kept = Rendered(b"\0image\xff", ("漢 is missing.", "So is\nthis."))
    with closing(SharedRenders(url, LIMIT)) as first, closing(SharedRenders(url, LIMIT)) as second:
        first.put("a", kept)
        assert second.get("a") == kept
        assert second.get("b") is None
    with closing(SharedRenders(url, LIMIT)) as later:
        assert later.get("a") == kept


def test_the_images_used_last_stay_when_there_is_no_room(url, renders):
    with closing(SharedRenders(url, LIMIT)) as other:
        for number in range(20):
            renders.put(f"old {number}", image(90_000))
        assert renders.get("old 0") is not None  # from here on, the oldest is another
        renders.note_use("old 1")  # as is done for an image that was found in memory
        assert other.get("old 2") is not None
        other.put("other", image(1000))
        for number in range(5):
            renders.put(f"new {number}", image(90_000))
        assert [number for number in range(8) if other.get(f"old {number}")][:3] == [0, 1, 2]
        assert other.get("old 3") is None
        assert all(other.get(f"new {number}") for number in range(5))


def test_what_was_used_last_is_known_after_a_restart(url):
    with closing(SharedRenders(url, LIMIT)) as renders:
        for number in range(20):
            renders.put(f"old {number}", image(90_000))
        renders.note_use("old 0")
    with closing(SharedRenders(url, LIMIT)) as renders:
        for number in range(5):
            renders.put(f"new {number}", image(90_000))
        assert renders.get("old 0") is not None
        assert renders.get("old 1") is None


@pytest.mark.parametrize("each", [3_000, 30_000, 200_000])
def test_all_servers_together_stay_within_the_limit(url, admin, each):
    servers = [SharedRenders(url, LIMIT) for _ in range(4)]

    def fill(number: int) -> None:
        for count in range(LIMIT // each):
            servers[number].put(f"{number} {count}", image(each))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(fill, range(4)))
    for server in servers:
        server.close()
    step = LIMIT * renders_shared.STEP
    assert LIMIT / 2 < size(admin) <= LIMIT + len(servers) * (step + each)


def test_one_huge_image_does_not_push_out_the_others(renders):
    renders.put("small", image())
    renders.put("huge", image(LIMIT // 2))
    assert renders.get("huge") is None
    assert renders.get("small") is not None


def test_an_image_that_the_disk_has_changed_is_not_given_and_is_mended(renders, admin):
    renders.put("a", Rendered(b"the image's own bytes"))
    admin.execute("UPDATE renders_1 SET image = 'the image''s owl bytes' WHERE key = 'a'")
    assert renders.get("a") is None
    renders.put("a", Rendered(b"the image's own bytes"))
    assert renders.get("a") == Rendered(b"the image's own bytes")


def test_a_table_that_was_dropped_is_made_anew_and_told_once(renders, admin, caplog):
    for _ in range(2):
        renders.put("a", image())
        admin.execute("DROP TABLE renders_1")
        assert renders.get("a") is None
        renders.put("a", image())
        assert renders.get("a") is not None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_servers_that_start_at_once_make_one_table(url, caplog):
    servers = [SharedRenders(url, LIMIT) for _ in range(8)]
    start = threading.Barrier(len(servers))

    def begin(server: SharedRenders) -> bool:
        start.wait()
        server.put("a", Rendered(b"same"))
        return server.get("a") == Rendered(b"same")

    with ThreadPoolExecutor(len(servers)) as threads:
        assert all(threads.map(begin, servers))
    for server in servers:
        server.close()
    assert not caplog.records


def test_the_log_of_the_database_carries_no_image(renders, admin):
    renders.put("a", image())
    persistence = "SELECT relpersistence FROM pg_class WHERE relname = 'renders_1'"
    assert admin.execute(persistence).fetchone()[0] == "u"


@contextmanager
def locked(admin, mode: str):
    admin.execute("BEGIN")
    admin.execute(f"LOCK TABLE renders_1 IN {mode} MODE")
    yield
    admin.execute("ROLLBACK")


def test_a_table_that_another_has_locked_keeps_nobody_waiting(renders, admin, caplog):
    renders.put("a", Rendered(b"image"))
    with locked(admin, "ACCESS EXCLUSIVE"):
        begun = time.monotonic()
        for number in range(50):
            assert renders.get("a") is None
            renders.put(str(number), image())
        assert time.monotonic() - begun < 2
    assert len(caplog.records) == 1
    renders._paused_until = 0
    assert renders.get("a") == Rendered(b"image")


def test_uses_that_could_not_be_written_are_written_later(url, renders, admin):
    for number in range(20):
        renders.put(f"old {number}", image(90_000))
    renders.note_use("old 0")
    with locked(admin, "EXCLUSIVE"):
        renders.put("locked out", image())
    renders._paused_until = 0
    for number in range(5):
        renders.put(f"new {number}", image(90_000))
    assert [number for number in range(3) if renders.get(f"old {number}")] == [0]


def test_who_makes_room_waits_for_no_row_of_another(url, renders, admin):
    for number in range(20):
        renders.put(f"old {number}", image(90_000))
    admin.execute("BEGIN")
    admin.execute("SELECT key FROM renders_1 WHERE key = 'old 0' FOR UPDATE")
    renders.note_use("old 0")
    begun = time.monotonic()
    for number in range(5):
        renders.put(f"new {number}", image(90_000))
    assert time.monotonic() - begun < 0.2
    admin.execute("ROLLBACK")
    assert renders.get("old 0") is not None
    assert renders.get("old 1") is None


def test_connections_that_the_database_ended_are_made_anew(renders, admin, caplog):
    renders.put("a", Rendered(b"image"))
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid != pg_backend_pid()"
    )
    assert renders.get("a") is None
    renders._paused_until = 0
    assert renders.get("a") == Rendered(b"image")
    assert len(caplog.records) == 1


def test_a_database_that_is_away_is_told_once_and_asked_now_and_then(tmp_path, caplog):
    away = f"postgresql+psycopg://someone:secret@/none?host={tmp_path}"
    with closing(SharedRenders(away, LIMIT)) as renders:
        begun = time.monotonic()
        for number in range(100):
            assert renders.get(str(number)) is None
            renders.put(str(number), image())
            if number == 50:
                renders._paused_until = 0
        assert time.monotonic() - begun < 5
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text


def test_threads_of_several_servers_get_the_images_that_they_asked_for(url, caplog):
    servers = [SharedRenders(url, LIMIT) for _ in range(2)]
    wrong = []

    def work(worker: int) -> None:
        renders = servers[worker % 2]
        for number in range(100):
            key = f"{worker // 2}-{number}"
            found = renders.get(key)
            if found is None:
                renders.put(key, Rendered(key.encode() * 5000))
            elif found != Rendered(key.encode() * 5000):
                wrong.append(key)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    for server in servers:
        server.close()
    assert not wrong
    assert not caplog.records
