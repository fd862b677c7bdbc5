"""The images on disk: kept, bounded, and never in the way of an answer."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from plotly_nbext.server.rendering import Rendered
from plotly_nbext.server.store.renders_on_disk import RendersOnDisk

LIMIT = 2_000_000


@pytest.fixture
def renders(tmp_path):
    with closing(RendersOnDisk(tmp_path, LIMIT)) as made:
        yield made


def image(size: int = 1000) -> Rendered:
    return Rendered(os.urandom(size))


def on_disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_an_image_and_its_warnings_are_there_after_a_restart(tmp_path):
    kept = Rendered(b"image", ("漢 is missing.", "So is\nthis."))
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        renders.put("a", kept)
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        assert renders.get("a") == kept
        assert renders.get("b") is None


def test_the_images_used_last_stay_when_the_disk_is_full(renders):
    for number in range(19):
        renders.put(f"old {number}", image(90_000))
    assert renders.get("old 0") is not None  # from here on, the oldest is another
    renders.note_use("old 1")  # as is done for an image that was found in memory
    for number in range(5):
        renders.put(f"new {number}", image(90_000))
    assert [number for number in range(4) if renders.get(f"old {number}")] == [0, 1]
    assert all(renders.get(f"new {number}") for number in range(5))


def test_what_was_used_last_is_known_after_a_restart(tmp_path):
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        for number in range(19):
            renders.put(f"old {number}", image(90_000))
        renders.note_use("old 0")
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        for number in range(5):
            renders.put(f"new {number}", image(90_000))
        assert renders.get("old 0") is not None
        assert renders.get("old 1") is None


@pytest.mark.parametrize("size", [3_000, 30_000, 200_000])
def test_the_files_stay_within_the_limit_and_a_little(tmp_path, renders, size):
    for number in range(2 * LIMIT // size):
        renders.put(str(number), image(size))
    # the log of what is yet to be written into the file has 4 MB at most
    assert on_disk(tmp_path) < LIMIT + 5_000_000
    renders.close()
    assert LIMIT / 2 < on_disk(tmp_path) <= LIMIT + size + 100_000


def test_a_lower_limit_makes_the_file_smaller(tmp_path, renders):
    for number in range(20):
        renders.put(str(number), image(90_000))
    renders.close()
    with closing(RendersOnDisk(tmp_path, LIMIT // 4)) as smaller:
        assert smaller.get("0") is None
        assert smaller.get("19") is not None
    assert on_disk(tmp_path) <= LIMIT // 4


def test_one_huge_image_does_not_push_out_the_others(renders):
    renders.put("small", image())
    renders.put("huge", image(LIMIT // 2))
    assert renders.get("huge") is None
    assert renders.get("small") is not None


def test_a_limit_of_zero_keeps_nothing(tmp_path):
    with closing(RendersOnDisk(tmp_path, 0)) as renders:
        renders.put("a", image())
        assert renders.get("a") is None


def keeps(renders: RendersOnDisk) -> bool:
    """Tell whether an image is there after it was kept."""
    renders.put("probe", Rendered(b"probe"))
    return renders.get("probe") == Rendered(b"probe")


def test_a_file_that_is_no_database_is_made_anew_and_told_once(tmp_path, caplog):
    (tmp_path / "renders.db").write_bytes(b"no database" * 1000)
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        assert keeps(renders)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_database_that_is_damaged_while_it_is_used_gives_no_wrong_image(tmp_path, caplog):
    kept = {str(number): image(50_000) for number in range(30)}
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        for key, rendered in kept.items():
            renders.put(key, rendered)
    path = tmp_path / "renders.db"
    content = bytearray(path.read_bytes())
    for start in range(8192, len(content), 65_536):
        content[start : start + 5000] = os.urandom(5000)
    path.write_bytes(content)
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        assert all(renders.get(key) in (None, rendered) for key, rendered in kept.items())
        assert any(renders.get(key) is None for key in kept)
        for key, rendered in kept.items():
            renders.put(key, rendered)
        # what was damaged once is mended, by what is drawn anew
        for key, rendered in kept.items():
            renders.put(key, rendered)
        assert all(renders.get(key) == rendered for key, rendered in kept.items())
    assert len(caplog.records) <= 2


def test_an_image_that_the_disk_has_changed_is_not_given(tmp_path):
    mark = b"the image's own bytes " * 100
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        renders.put("a", Rendered(mark))
    path = tmp_path / "renders.db"
    path.write_bytes(path.read_bytes().replace(b"own bytes", b"owl bytes", 1))
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        assert renders.get("a") is None
        renders.put("a", Rendered(mark))
        assert renders.get("a") == Rendered(mark)


# what a server does whose disk takes nothing more; the limit is of its process, for ever
FULL = """
import resource, sys, logging
from pathlib import Path
from plotly_nbext.server.rendering import Rendered
from plotly_nbext.server.store.renders_on_disk import RendersOnDisk

logging.basicConfig(format="LOGGED %(message)s")
renders = RendersOnDisk(Path(sys.argv[1]), 50_000_000)
renders.put("before", Rendered(b"kept"))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
for number in range(200):
    renders.put(f"full {number}", Rendered(bytes(100_000)))
assert renders.get("before") == Rendered(b"kept"), "what was kept can be read"
assert renders.get("full 199") is None
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
renders.put("after", Rendered(b"room again"))
assert renders.get("after") == Rendered(b"room again")
renders.close()
"""


@pytest.mark.parametrize("room", [0, 500_000])
def test_a_full_disk_keeps_what_it_has_and_is_told_once(tmp_path, room):
    command = [sys.executable, "-c", FULL, str(tmp_path), str(room)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    assert 1 <= run.stderr.count("LOGGED") <= 2, run.stderr


def test_files_that_are_removed_while_they_are_used_are_made_anew(tmp_path, caplog):
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        # one connection stays with the files that were, the next finds new ones
        with renders._engine.connect():
            for file in tmp_path.iterdir():
                file.unlink()
            assert renders.get("0") is None
        for number in range(5):
            renders.put(str(number), Rendered(b"kept"))
        assert all(renders.get(str(number)) for number in range(5))
    assert len(caplog.records) == 1
    with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
        assert all(renders.get(str(number)) for number in range(5))


def test_a_folder_where_nothing_can_be_made_is_as_if_nothing_were_kept(tmp_path, caplog):
    folder = tmp_path / "no such folder"
    with closing(RendersOnDisk(folder, LIMIT)) as renders:
        assert not any(keeps(renders) for _ in range(10))
        assert len(caplog.records) == 1
        folder.mkdir()  # a disk that comes later
        assert keeps(renders)


def test_a_file_that_another_process_has_locked_keeps_nobody_waiting(tmp_path, renders, caplog):
    renders.put("a", Rendered(b"image"))
    with closing(sqlite3.connect(tmp_path / "renders.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        for number in range(5):
            renders.put(str(number), image())
            assert renders.get("a") == Rendered(b"image")
            assert renders.get(str(number)) is None
        assert time.monotonic() - begun < 10
        other.execute("ROLLBACK")
    assert len(caplog.records) == 1
    assert keeps(renders)


def test_uses_that_could_not_be_written_are_written_later(tmp_path, renders):
    for number in range(19):
        renders.put(f"old {number}", image(90_000))
    renders.note_use("old 0")
    with closing(sqlite3.connect(tmp_path / "renders.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        renders.put("locked out", image())
        other.execute("ROLLBACK")
    for number in range(5):
        renders.put(f"new {number}", image(90_000))
    assert [number for number in range(3) if renders.get(f"old {number}")] == [0]
    assert [*renders._used] == ["old 0"]


def test_two_servers_share_one_file(tmp_path, renders):
    with closing(RendersOnDisk(tmp_path, LIMIT)) as other:
        for number in range(40):
            maker, user = (renders, other) if number % 2 else (other, renders)
            made = image(90_000)
            maker.put(str(number), made)
            assert user.get(str(number)) == made
    renders.close()
    assert on_disk(tmp_path) <= LIMIT + 100_000


def test_no_other_user_of_the_machine_reads_the_files(tmp_path):
    """As the server makes them, which has no say for others in what it writes."""
    before = os.umask(0o077)
    try:
        with closing(RendersOnDisk(tmp_path, LIMIT)) as renders:
            renders.put("a", image())
            files = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert files == {"renders.db": 0o600, "renders.db-wal": 0o600, "renders.db-shm": 0o600}


def test_threads_get_the_images_that_they_asked_for(renders):
    wrong = []

    def work(worker: int) -> None:
        for number in range(100):
            key = f"{worker % 2}-{number}"
            found = renders.get(key)
            if found is None:
                renders.put(key, Rendered(key.encode() * 100))
            elif found != Rendered(key.encode() * 100):
                wrong.append(key)

    threads = [threading.Thread(target=work, args=[worker]) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
