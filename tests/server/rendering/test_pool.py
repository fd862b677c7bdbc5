"""Many callers: each gets their own image, in turn, from as many browsers as are needed."""

from __future__ import annotations

import asyncio
from xml.etree import ElementTree as ET

import pytest

from .support import (
    DEADLINE,
    SCATTER,
    Footprint,
    draw,
    footprints,
    gone,
    leader,
    pages,
    started,
    titled,
    until,
)

# some tenths of a second
HEAVY = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(5000)]}]}
# seconds
SLOW = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(20_000)]}]}
# longer than a browser takes to start
SLOWER = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(120_000)]}]}


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


async def test_a_worn_browser_works_on_until_another_is_there(monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 3)
    async with started(browsers=1) as renderer:
        await renderer.warm()
        used = {}
        while len(used) < 3:
            assert 1 <= len(pages(renderer)) <= 2
            for page in pages(renderer) - used.keys():
                used[page] = Footprint.of(page._browser._profile)
            assert await draw(renderer, SCATTER)
        # the first one drew while the second started, which takes longer than a figure
        assert next(iter(used)).renders > 3
        await gone({left for page, left in used.items() if page not in pages(renderer)})


async def test_worn_browsers_are_replaced_one_at_a_time_under_load(monkeypatch):
    async with started(browsers=2) as renderer:
        await asyncio.gather(*(draw(renderer, HEAVY) for _ in range(8)))
        await until(lambda: len(pages(renderer)) == 2, "both browsers are up")
        first = pages(renderer).copy()
        monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 1)
        names = iter(range(10_000))
        most = 0

        async def call() -> None:
            nonlocal most
            while first & pages(renderer):
                name = f"figure {next(names)}"
                assert title_of(await draw(renderer, titled(name), "svg")) == name
                most = max(most, len(pages(renderer)) + len(renderer._pool._opening))

        await asyncio.gather(*(call() for _ in range(4)))
        assert most == 3


async def test_a_caller_whose_browser_dies_gets_an_idle_one_when_no_other_starts(monkeypatch):
    async with started(browsers=2) as renderer:
        await asyncio.gather(*(draw(renderer, HEAVY) for _ in range(8)))
        await until(lambda: len(pages(renderer)) == 2, "both browsers are up")
        monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", "/nowhere/chromium")
        drawn = {page: page.renders for page in pages(renderer)}
        task = asyncio.create_task(draw(renderer, HEAVY))
        await until(lambda: any(p.renders > drawn[p] for p in drawn), "one of them is at work")
        (page,) = (page for page in drawn if page.renders > drawn[page])
        leader(page).kill()
        assert await task
        assert await draw(renderer, SCATTER)


@pytest.mark.parametrize("starts_again", [True, False])
async def test_a_browser_that_dies_soon_after_another_did_not_start_keeps_nobody_waiting(
    starts_again, monkeypatch
):
    async with started(browsers=3) as renderer:
        await asyncio.gather(draw(renderer, HEAVY), draw(renderer, HEAVY))
        pool = renderer._pool
        await until(lambda: not pool._opening, "no more are being started")
        assert len(pages(renderer)) == 2
        monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", "/nowhere/chromium")
        tasks = [asyncio.create_task(draw(renderer, fig)) for fig in (HEAVY, HEAVY, SLOW)]
        await until(lambda: pool._pause, "a third one does not start")
        if starts_again:
            monkeypatch.delenv("PLOTLY_NBEXT_BROWSER")
        await until(lambda: len(pool._idle) == 1, "one is at work and one idle")
        assert pool._pause
        (page,) = pages(renderer) - pool._idle.keys()
        leader(page).kill()
        async with asyncio.timeout(DEADLINE):
            assert all(await asyncio.gather(*tasks))


async def test_a_caller_whose_worn_browser_dies_gets_the_one_that_takes_its_place(monkeypatch):
    async with started(browsers=1) as renderer:
        await renderer.warm()
        (worn,) = pages(renderer)
        with monkeypatch.context() as context:
            context.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 1)
            await draw(renderer, SCATTER)
        task = asyncio.create_task(draw(renderer, SLOWER))
        await until(lambda: worn.renders == 2, "the second figure is at work")
        await until(lambda: len(pages(renderer)) == 2, "another browser is there")
        leader(worn).kill()
        async with asyncio.timeout(DEADLINE):
            assert await task


async def test_two_renderers_in_one_process_know_nothing_of_each_other():
    async with started(browsers=1) as kept, started(browsers=1) as closed:
        names = [f"figure {i}" for i in range(6)]
        renderers = [kept, closed] * 3
        images = await asyncio.gather(
            *(draw(r, titled(name), "svg") for r, name in zip(renderers, names, strict=True))
        )
        assert [title_of(image) for image in images] == names
        await closed.close()
        assert await draw(kept, SCATTER)
