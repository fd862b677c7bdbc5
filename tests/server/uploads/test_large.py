"""Large files and many at once: constant memory, and turns for all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests

from ..conftest import OwnServer
from .conftest import PATH, Site, until

MEGABYTE = 2**20


def test_a_large_csv_is_never_whole_in_memory(site, api):
    api.upload(b"a\n1\n", "warm.csv")
    before = site.process.memory_info().rss
    block = b"".join(
        b"%.17g,some name that is rather long and the same in all rows,%d,True\n"
        % (number / 7, number)
        for number in range(4_000)
    )
    content = b"x,name,n,flag\n" + block * 110
    assert len(content) > 35_000_000
    peaks = {"server": 0, "reader": 0}
    done = threading.Event()

    def watch():
        while not done.wait(0.01):
            peaks["server"] = max(peaks["server"], site.process.memory_info().rss)
            for reader in site.readers():
                try:
                    peaks["reader"] = max(peaks["reader"], reader.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        file = api.upload(content, "large.csv")["file"]
    finally:
        done.set()
        watcher.join()
    assert file["row_count"] == 440_000
    assert peaks["reader"] > 0
    assert peaks["server"] - before < 20 * MEGABYTE
    assert peaks["reader"] < 120 * MEGABYTE
    last = api.content(file["fid"], start=439_999)
    assert [column["data"] for column in last.values()][2:] == [[3_999], [True]]


def test_uploads_at_the_same_time_all_arrive_and_few_are_read_at_once(site, api):
    most = 0
    done = threading.Event()

    def watch():
        nonlocal most
        while not done.is_set():
            most = max(most, len(site.readers()))

    def upload(number: int) -> dict:
        with site.user() as user:
            return user.uploaded(b"a,b\n" + b"%d,x\n" % number * 3, f"{number}.csv")

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(8) as threads:
            tables = list(threads.map(upload, range(12)))
    finally:
        done.set()
        watcher.join()
    assert tables == [{"a": [number] * 3, "b": ["x"] * 3} for number in range(12)]
    assert 1 <= most <= 2


def test_a_server_that_is_killed_takes_its_readers_along(tmp_path):
    site = Site(tmp_path)
    with site.user() as user, ThreadPoolExecutor(1) as threads:
        # keeps its reader busy for some seconds
        content = b"a,b\n" + b"1,0.12345678901234567\n" * 1_500_000
        refused = threads.submit(user.post, PATH, data=content)
        until(site.readers)
        [reader] = site.readers()
        site.process.kill()
        with pytest.raises(requests.ConnectionError):
            refused.result()
    until(lambda: not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE)
    site.server.stop()


@pytest.mark.sqlite  # elsewhere they lie in the system's temporary folder
def test_a_server_that_was_killed_leaves_no_upload_once_it_is_started_again(tmp_path):
    site = Site(tmp_path)
    with site.user() as user, ThreadPoolExecutor(1) as threads:
        content = b"a,b\n" + b"1,0.12345678901234567\n" * 1_500_000
        refused = threads.submit(user.post, PATH, data=content)
        until(site.readers)
        site.process.kill()
        with pytest.raises(requests.ConnectionError):
            refused.result()
    site.server.stop()
    assert site.files()
    again = OwnServer(site.server.data, ())
    assert not site.files()
    again.stop()
