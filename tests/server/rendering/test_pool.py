"""Many callers: each gets their own image, in turn, from as many browsers as are needed."""

from __future__ import annotations

import asyncio
from xml.etree import ElementTree as ET

from .support import SCATTER, draw, footprints, gone, pages, started, titled, until

# some tenths of a second
HEAVY = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(5000)]}]}


def title_of(svg: bytes) -> str:
    root = ET.fromstring(svg)
    return "".join(root.find(".//*[@class='gtitle']").itertext())


async def test_forty_callers_at_once_get_their_own_images():
    async with started(browsers=4) as renderer:
        names = [f"figure {i}" for i in range(40)]
        images = await asyncio.gather(*(draw(renderer, titled(n), "svg") for n in names))
        assert [title_of(image) for image in images] == names


async def test_large_figures_of_many_callers_are_not_mixed_up():
    """Megabytes go in and out in pieces."""
    async with started(browsers=2) as renderer:
        data = [{"type": "heatmap", "z": [list(range(100_000))]}]

        async def drawn(i: int) -> str:
            return title_of(await draw(renderer, {**titled(f"large {i}"), "data": data}, "svg"))

        assert await asyncio.gather(*map(drawn, range(6))) == [f"large {i}" for i in range(6)]


async def test_one_caller_after_the_other_needs_one_browser():
    async with started(browsers=4) as renderer:
        for _ in range(10):
            await draw(renderer, SCATTER)
        assert len(pages(renderer)) == 1


async def test_load_adds_browsers_up_to_the_limit_and_no_further():
    async with started(browsers=2) as renderer:
        tasks = [asyncio.create_task(draw(renderer, HEAVY)) for _ in range(12)]
        most = 0
        while not all(task.done() for task in tasks):
            pool = renderer._pool
            most = max(most, len(pool._pages) + len(pool._opening))
            await asyncio.sleep(0.01)
        assert most == 2
        assert len({await task for task in tasks}) == 1


async def test_callers_are_served_in_the_order_in_which_they_came():
    async with started(browsers=1) as renderer:
        served = []

        async def call(i: int) -> None:
            await draw(renderer, SCATTER, "svg")
            served.append(i)

        await asyncio.gather(*map(call, range(30)))
        assert served == list(range(30))


async def test_browsers_that_idle_are_stopped_but_one(monkeypatch):
    async with started(browsers=3) as renderer:
        await asyncio.gather(*(draw(renderer, HEAVY) for _ in range(12)))
        await until(lambda: not renderer._pool._opening, "all browsers are up")
        assert len(pages(renderer)) > 1
        before = footprints(renderer)
        monkeypatch.setattr("plotly_nbext.server.rendering.pool.IDLE_AFTER", 0.2)
        await asyncio.gather(*(draw(renderer, HEAVY) for _ in range(12)))
        await until(lambda: len(pages(renderer)) == 1, "the others are stopped")
        kept = {page._browser._profile for page in pages(renderer)}
        await gone({left for left in before if left.folder not in kept})
        assert await draw(renderer, SCATTER)


async def test_a_browser_is_replaced_after_so_many_figures(monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.pool.RECYCLE_AFTER", 3)
    async with started(browsers=1) as renderer:
        await renderer.warm()
        used = {}
        images = set()
        for _ in range(7):
            await until(lambda: pages(renderer), "a browser is there, unasked")
            (page,) = pages(renderer)
            if page not in used:
                (used[page],) = footprints(renderer)
            images.add(await draw(renderer, SCATTER))
        assert len(used) == 3
        assert len(images) == 1
        await gone({left for page, left in used.items() if page not in pages(renderer)})
