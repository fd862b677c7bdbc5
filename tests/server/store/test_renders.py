"""The images on disk: kept, bounded, and never in the way of an answer."""

from __future__ import annotations

import os
import threading
from contextlib import closing

from plotly_nbext.server.rendering import Rendered
from plotly_nbext.server.store.renders import Renders


def test_an_image_is_there_after_a_restart(tmp_path):
    with closing(Renders(tmp_path, 1000)) as renders:
        renders.put("a", Rendered(b"image"))
    with closing(Renders(tmp_path, 1000)) as renders:
        assert renders.get("a") == Rendered(b"image")
        assert renders.get("b") is None


def test_the_images_used_last_stay_when_the_disk_is_full(tmp_path):
    with closing(Renders(tmp_path, 1000)) as renders:
        for number in range(10):
            renders.put(f"old {number}", Rendered(bytes(100)))
        assert renders.get("old 0") == Rendered(bytes(100))
        renders.put("new", Rendered(bytes(200)))
        assert renders.get("new") is not None
        assert renders.get("old 0") is not None
        assert renders.get("old 1") is None


def test_the_file_stays_within_its_limit(tmp_path):
    with closing(Renders(tmp_path, 2_000_000)) as renders:
        for number in range(200):
            renders.put(str(number), Rendered(os.urandom(100_000)))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 3_000_000


def test_one_huge_image_does_not_push_out_the_others(tmp_path):
    with closing(Renders(tmp_path, 1000)) as renders:
        renders.put("small", Rendered(b"image"))
        renders.put("huge", Rendered(bytes(900)))
        assert renders.get("huge") is None
        assert renders.get("small") == Rendered(b"image")


def test_a_limit_of_zero_keeps_nothing(tmp_path):
    with closing(Renders(tmp_path, 0)) as renders:
        renders.put("a", Rendered(b"image"))
        assert renders.get("a") is None


def test_a_damaged_file_is_as_if_nothing_had_been_kept(tmp_path):
    (tmp_path / "renders.db").write_bytes(b"no database" * 1000)
    with closing(Renders(tmp_path, 1000)) as renders:
        renders.put("a", Rendered(b"image"))
        assert renders.get("a") is None


def test_threads_get_the_images_that_they_asked_for(tmp_path):
    wrong = []
    with closing(Renders(tmp_path, 10_000_000)) as renders:

        def work(worker: int) -> None:
            for number in range(100):
                key = f"{worker % 2}-{number}"
                image = renders.get(key)
                if image is None:
                    renders.put(key, Rendered(key.encode() * 100))
                elif image != Rendered(key.encode() * 100):
                    wrong.append(key)

        threads = [threading.Thread(target=work, args=[worker]) for worker in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong
