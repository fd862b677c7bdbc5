"""DataFrames of Dask become grids, sent by the workers; whatever dies, never half of one."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

import dask
import numpy as np
import pandas as pd
import psutil
import pytest
import requests
from dask.callbacks import Callback
from distributed import Event
from pandas.testing import assert_frame_equal

from plotly_nbext.client import progress
from plotly_nbext.client.dask_frames import pushing
from plotly_nbext.errors import ServiceError, ValidationError
from plotly_nbext.server.store import Database
from plotly_nbext.server.store.schema import push_parts as parts_table
from tests.databases import databases

from .dask_cluster import cluster, made

__all__ = ["cluster"]

pytestmark = pytest.mark.usefixtures("cluster")

ROWS = 1_000


def numbers(count: int = 8):
    """Partitions of a thousand rows, with numbers that follow each other."""

    def partition(number: int) -> pd.DataFrame:
        first = number * ROWS
        return pd.DataFrame(
            {"n": np.arange(first, first + ROWS), "text": [f"part {number}"] * ROWS}
        )

    return made(partition, count)


def waiting_parts(server, client) -> int:
    """Count what the server keeps aside for a user."""
    with (
        contextlib.closing(Database(databases.location(server.data))) as database,
        database.read() as connection,
    ):
        rows = connection.execute(parts_table.select())
        return sum(row.owner == client.username and row.part != "" for row in rows)


def test_each_mode_does_what_it_does_with_a_frame_of_pandas(client):
    frame = numbers()
    grid = client.push(frame, "dask/numbers", mode="create", metadata={"unit": "kg"})
    assert repr(grid) == "Grid('dask/numbers', 8,000 rows × 2 columns)"
    whole = frame.compute().reset_index(drop=True)
    assert_frame_equal(grid.to_frame(), whole)
    with pytest.raises(ValidationError, match="already"):
        client.push(frame, "dask/numbers", mode="create")

    uid = grid["n"].uid
    client.push(frame[["text", "n"]].partitions[:2], "dask/numbers", mode="append")
    twice = pd.concat([whole, whole[: 2 * ROWS]], ignore_index=True)
    assert_frame_equal(client.grid("dask/numbers").to_frame(), twice)

    replaced = client.push(frame.assign(new=frame["n"] / 2).drop(columns="text"), "dask/numbers")
    assert replaced.fid == grid.fid
    assert replaced["n"].uid == uid
    assert [*replaced] == ["n", "new"]
    assert replaced.metadata == {"unit": "kg"}
    appended = client.push(frame, "dask/made by append", mode="append", world_readable=True)
    assert appended.row_count == len(whole)
    assert appended.world_readable


@pytest.mark.parametrize("scheduler", ["threads", "synchronous", "distributed"])
def test_every_scheduler_of_dask_sends_what_pandas_would(client, scheduler):
    frame = numbers(3)
    with dask.config.set(scheduler=scheduler):
        grid = client.push(frame, "numbers")
    assert_frame_equal(
        grid.to_frame(), client.push(frame.compute(), "whole", index=False).to_frame()
    )


@pytest.mark.parametrize("scheduler", ["threads", "synchronous"])
def test_pushes_of_several_threads_know_nothing_of_each_other(client, scheduler):
    with dask.config.set(scheduler=scheduler), ThreadPoolExecutor(4) as threads:
        names = [f"of thread {number}" for number in range(8)]
        grids = [*threads.map(client.push, [numbers(6)] * len(names), names)]
    assert [grid.row_count for grid in grids] == [6 * ROWS] * len(names)
    assert not Callback.active


def test_a_scheduler_that_is_none_of_dask_s_sends_all(client):
    seen = []

    def get(graph, keys, **options):
        seen.append(keys)
        return dask.get(graph, keys)

    with dask.config.set(scheduler=get):
        grid = client.push(numbers(3), "numbers")
    assert grid["n"].data == [*range(3 * ROWS)]
    assert seen


def test_a_bar_of_dask_s_own_is_shown_too(client):
    done = []
    with dask.config.set(scheduler="threads"), Callback(posttask=lambda *_: done.append(1)):
        client.push(numbers(3), "numbers")
    assert len(done) >= 3


def test_a_series_is_a_frame_of_one_column(client):
    assert client.push(numbers(2)["n"], "n")["n"].data == [*range(2 * ROWS)]


def test_rows_keep_their_order_whoever_is_first(client):
    def partition(number: int) -> pd.DataFrame:
        if number == 0:
            assert Event("others").wait(60)
        elif number == 3:
            Event("others").set()
        return pd.DataFrame({"n": [number] * 3})

    frame = made(partition, 4, pd.DataFrame({"n": [0]}))
    assert client.push(frame, "ordered")["n"].data == [n for n in range(4) for _ in range(3)]


def test_nothing_is_seen_of_a_push_before_all_of_it_is_there(client, server):
    client.push(numbers(1), "numbers")

    def partition(number: int) -> pd.DataFrame:
        if number == 1:
            Event("half").set()
            assert Event("seen").wait(60)
        return pd.DataFrame({"n": [number]})

    frame = made(partition, 2, pd.DataFrame({"n": [0]}))
    pushing_it = threading.Thread(target=client.push, args=(frame, "numbers"))
    pushing_it.start()
    assert Event("half").wait(60)
    assert client.grid("numbers").row_count == ROWS
    Event("seen").set()
    pushing_it.join(60)
    assert client.grid("numbers")["n"].data == [0, 1]
    assert waiting_parts(server, client) == 0


def test_a_worker_that_is_killed_costs_no_row_and_adds_none(client, tmp_path):
    killed = tmp_path / "killed"

    def partition(number: int) -> pd.DataFrame:
        if number == 5 and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return pd.DataFrame({"n": np.arange(number * ROWS, (number + 1) * ROWS)})

    frame = made(partition, 12, pd.DataFrame({"n": np.arange(1)}))
    grid = client.push(frame, "killed")
    assert killed.exists()
    assert grid["n"].data == [*range(12 * ROWS)]


def test_a_push_that_fails_leaves_what_was_there(client, server):
    before = client.push(numbers(2), "numbers")

    def partition(number: int) -> pd.DataFrame:
        return pd.DataFrame({"n": [b"bytes" if number == 3 else "text"]}, dtype=object)

    with pytest.raises(ValidationError) as refused:
        client.push(made(partition, 6), "numbers")
    assert refused.value.message.startswith("Partition 3: column 'n'")
    assert client.grid("numbers").revision == before.revision
    assert waiting_parts(server, client) == 0


def test_an_error_of_the_user_s_own_is_theirs(client, server):
    def partition(number: int) -> pd.DataFrame:
        if number == 2:
            raise KeyError("no such file")
        return pd.DataFrame({"n": [number]})

    with pytest.raises(KeyError, match="no such file"):
        client.push(made(partition, 3, pd.DataFrame({"n": [0]})), "never")
    assert not client.exists("never")
    assert waiting_parts(server, client) == 0


def test_an_interrupt_ends_it_and_nothing_is_left(client, server):
    def partition(number: int) -> pd.DataFrame:
        if number:
            Event("begun").set()
            Event("never").wait(20)
        return pd.DataFrame({"n": [number]})

    def interrupt() -> None:
        assert Event("begun").wait(60)
        os.kill(os.getpid(), signal.SIGINT)

    frame = made(partition, 4, pd.DataFrame({"n": [0]}))
    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        client.push(frame, "interrupted")
    Event("never").set()
    assert not client.exists("interrupted")
    assert waiting_parts(server, client) == 0


def test_a_bar_counts_the_partitions_and_goes(client, terminal, monkeypatch):
    monkeypatch.setattr(progress, "AFTER_SECONDS", 0.01)

    def partition(number: int) -> pd.DataFrame:
        if number == 3:
            assert Event("counted").wait(60)
        return pd.DataFrame({"n": [number]})

    def watch() -> None:
        while "3/4" not in terminal.getvalue() and pushing_it.is_alive():
            pushing_it.join(0.01)
        Event("counted").set()

    frame = made(partition, 4, pd.DataFrame({"n": [0]}))
    pushing_it = threading.Thread(target=client.push, args=(frame, "counted"))
    with contextlib.redirect_stderr(terminal):
        pushing_it.start()
        watch()
        pushing_it.join(60)
    assert "counted:" in terminal.getvalue()
    assert "3/4" in terminal.getvalue()
    assert "partitions" in terminal.getvalue()


def test_the_key_is_nowhere_to_be_read(client, cluster, caplog, monkeypatch):
    def partition(number: int) -> pd.DataFrame:
        if number == 1:
            raise ValueError("so that all there is to be told is logged")
        return pd.DataFrame({"n": [number]})

    frame = made(partition, 2, pd.DataFrame({"n": [0]}))
    key = str(client._session.account.api_key)
    seen = []

    real = pushing.send_all

    def watched(frame, sender, told):
        seen.extend([repr(sender), str(vars(sender)), repr(dask.base.tokenize(sender))])
        sent = frame.map_partitions(len, meta=("n", int)).map_partitions(lambda n, _: n, sender)
        seen.extend([repr(sent), repr(sent.expr), str(dict(sent.__dask_graph__()))])
        return real(frame, sender, told)

    monkeypatch.setattr(pushing, "send_all", watched)
    with pytest.raises(ValueError, match="so that all") as raised:
        client.push(frame, "secret")
    seen.append("".join(traceback.format_exception(raised.value)))
    seen.append(str(cluster.get_scheduler_logs()))
    seen.append(str(cluster.get_worker_logs()))
    seen.append(str(cluster.cluster.get_logs()))
    seen.append(caplog.text)
    address = cluster.dashboard_link.rpartition("/")[0]
    pages = [
        "json/counts.json",
        "json/identity.json",
        "info/main/workers.html",
        "info/logs.html",
        "metrics",
        "health",
    ]
    answers = [requests.get(f"{address}/{page}", timeout=30) for page in pages]
    seen += [answer.text for answer in answers]
    assert any(answer.ok for answer in answers)
    assert "send_partition" in str(seen)
    for text in seen:
        assert key not in text


def test_no_process_holds_more_than_its_partitions(client, cluster):
    count, rows, width = 60, 32_000, 10  # 2.5 MB each, 150 MB in all

    def partition(number: int) -> pd.DataFrame:
        values = np.random.default_rng(number).random((rows, width))
        return pd.DataFrame(values, columns=[f"c{place}" for place in range(width)])

    frame = made(partition, count)
    client.push(frame.partitions[:4], "warm")  # what is imported and pooled
    processes = [psutil.Process(), *map(psutil.Process, cluster.run(os.getpid).values())]
    before = [process.memory_info().rss for process in processes]
    peaks = [*before]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            for place, process in enumerate(processes):
                peaks[place] = max(peaks[place], process.memory_info().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        grid = client.push(frame, "large")
    finally:
        over.set()
        watching.join()
    assert grid.row_count == count * rows
    here, *workers = (peak - rss for peak, rss in zip(peaks, before, strict=True))
    assert here < 20_000_000
    assert max(workers) < 60_000_000


def test_what_needs_all_rows_in_one_place_is_refused(client):
    frame = numbers(1)
    for options in ({"mode": "upsert", "key": "n"}, {"dry_run": True}):
        with pytest.raises(ValidationError, match="never in one place"):
            client.push(frame, "numbers", **options)
    with pytest.raises(ValidationError, match="key has no meaning"):
        client.push(frame, "numbers", key="n")
    grid = client.push(frame, "numbers")
    with pytest.raises(ValidationError, match="of Dask can only be pushed"):
        grid.append(frame)


def test_a_server_that_takes_no_parts_is_refused(json_client):
    with pytest.raises(ValidationError, match="takes no grid in parts") as refused:
        json_client.push(numbers(1), "numbers")
    assert "ddf.compute()" in refused.value.hint


def test_a_worker_elsewhere_is_told_to_name_a_server(client, monkeypatch):
    monkeypatch.setattr(pushing, "this_machine", lambda: "another one")
    with pytest.raises(ServiceError, match="known on one machine alone") as refused:
        client.push(numbers(1), "numbers")
    assert "--host" in refused.value.hint
