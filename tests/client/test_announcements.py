"""Word of grids that were changed here."""

from __future__ import annotations

import gc
import threading

import pandas as pd

from plotly_nbext.client import announcements


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def hear(self, fid: str) -> None:
        self.heard.append(fid)

    def fail(self, fid: str) -> None:
        raise RuntimeError(fid)


def test_each_change_of_a_grid_is_told_and_a_look_at_it_is_not(client):
    listener = Listener()
    grid = client.push(pd.DataFrame({"y": [1]}), "told")
    announcements.listen(listener.hear)
    grid.refresh()
    grid.to_frame()
    assert listener.heard == []
    grid.append(pd.DataFrame({"y": [2]}))
    assert listener.heard == [grid.fid]
    announcements.unlisten(listener.hear)
    grid.append(pd.DataFrame({"y": [3]}))
    assert listener.heard == [grid.fid]


def test_who_listens_and_fails_breaks_no_change_and_no_other_listener(client, caplog):
    first, second = Listener(), Listener()
    grid = client.push(pd.DataFrame({"y": [1]}), "failing")
    announcements.listen(first.fail)
    announcements.listen(second.hear)
    grid.append(pd.DataFrame({"y": [2]}))
    assert grid.refresh().row_count == 2
    assert second.heard == [grid.fid]
    assert "What listens to the changes of grids failed." in caplog.text


def test_nobody_is_kept_alive_by_listening():
    before = len(announcements._listeners)
    for _ in range(100):
        announcements.listen(Listener().hear)
    gc.collect()
    announcements.announce("alice:1")
    listener = Listener()
    announcements.listen(listener.hear)
    assert len(announcements._listeners) <= before + 1


def test_listeners_come_and_go_while_others_announce():
    stop = threading.Event()
    failures: list[Exception] = []

    def announce() -> None:
        try:
            while not stop.is_set():
                announcements.announce("alice:1")
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)

    threads = [threading.Thread(target=announce) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(300):
        listener = Listener()
        announcements.listen(listener.hear)
        announcements.unlisten(listener.hear)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert failures == []


class Leaving:
    """What listens as long as it is there."""

    def __init__(self) -> None:
        self.itself = self  # garbage, once nobody else has it

    def hear(self, fid: str) -> None: ...

    def __del__(self) -> None:
        announcements.unlisten(self.hear)


def test_a_view_that_is_collected_while_another_begins_to_listen_stops_nothing():
    gone = threading.Event()

    def listen_while_garbage_is_collected() -> None:
        gc.set_threshold(1)
        for _ in range(200):
            view = Leaving()
            announcements.listen(view.hear)
        gone.set()

    before = gc.get_threshold()
    thread = threading.Thread(target=listen_while_garbage_is_collected, daemon=True)
    try:
        thread.start()
        assert gone.wait(30)
    finally:
        gc.set_threshold(*before)
