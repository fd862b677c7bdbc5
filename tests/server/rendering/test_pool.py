"""Many callers: each gets their own image, in turn, from as many browsers as are needed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import pytest_asyncio

from .support import (
    DEADLINE,
    SCATTER,
    Footprint,
    all_up,
    draw,
    footprints,
    gone,
    leader,
    pages,
    started,
    titled,
    until,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.rendering import Renderer

pytestmark = pytest.mark.asyncio(loop_scope="module")

# some tenths of a second
HEAVY = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(5000)]}]}
# a second or two
SLOW = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(20_000)]}]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair() -> AsyncIterator[Renderer]:
    """A renderer with two browsers, for those tests that do not end with fewer."""
    async with started(browsers=2) as shared:
        yield shared


def title_of(svg: bytes) -> str:
    root = ET.fromstring(svg)
    return "".join(root.find(".//*[@class='gtitle']").itertext())


async def test_forty_callers_at_once_get_their_own_images(pair):
    names = [f"figure {i}" for i in range(40)]
    images = await asyncio.gather(*(draw(pair, titled(n), "svg") for n in names))
    assert [title_of(image) for image in images] == names


async def test_large_figures_of_many_callers_are_not_mixed_up(pair):
    """Megabytes go in and out in pieces."""
    await all_up(pair, 2)
    data = [{"type": "heatmap", "z": [list(range(100_000))]}]

    async def drawn(i: int) -> str:
        return title_of(await draw(pair, {**titled(f"large {i}"), "data": data}, "svg"))

    assert await asyncio.gather(*map(drawn, range(6))) == [f"large {i}" for i in range(6)]


async def test_one_caller_after_the_other_needs_one_browser():
    async with started(browsers=4) as renderer:
        for _ in range(10):
            await draw(renderer, SCATTER)
        assert len(pages(renderer)) == 1


async def test_load_adds_browsers_up_to_the_limit_and_no_further():
    async with started(browsers=2) as renderer:
        tasks = [asyncio.create_task(draw(renderer, HEAVY)) for _ in range(8)]
        most = 0
        while not all(task.done() for task in tasks):
            pool = renderer._pool
            most = max(most, len(pool._pages) + len(pool._opening))
            await asyncio.sleep(0.01)
        assert most == 2
        assert len({await task for task in tasks}) == 1


async def test_callers_are_served_in_the_order_in_which_they_came(renderer):
    served = []

    async def call(i: int) -> None:
        await draw(renderer, SCATTER, "svg")
        served.append(i)

    await asyncio.gather(*map(call, range(20)))
    assert served == list(range(20))


async def test_browsers_that_idle_are_stopped_but_one(monkeypatch):
    async with started(browsers=3) as renderer:
        await all_up(renderer, 3)
        before = footprints(renderer)
        assert len(before) == 3
        monkeypatch.setattr("plotly_nbext.server.rendering.pool.IDLE_AFTER", 0.2)
        await all_up(renderer, 3)
        await until(lambda: len(pages(renderer)) == 1, "the others are stopped")
        kept = {page._browser._profile for page in pages(renderer)}
        await gone({left for left in before if left.folder not in kept})
        assert await draw(renderer, SCATTER)


async def test_a_worn_browser_works_on_until_another_is_there(renderer, monkeypatch):
    await renderer.warm()
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 3)
    used = {}
    while len(used) < 3:
        assert 1 <= len(pages(renderer)) <= 2
        for page in pages(renderer) - used.keys():
            used[page] = Footprint.of(page._browser._profile)
        assert await draw(renderer, SCATTER)
    # the first one drew while the second started, which takes longer than a figure
    assert next(iter(used)).renders > 3
    await gone({left for page, left in used.items() if page not in pages(renderer)})


async def test_worn_browsers_are_replaced_one_at_a_time_under_load(pair, monkeypatch):
    await all_up(pair, 2)
    first = pages(pair).copy()
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 1)
    names = iter(range(10_000))
    most = 0

    async def call() -> None:
        nonlocal most
        while first & pages(pair):
            name = f"figure {next(names)}"
            assert title_of(await draw(pair, titled(name), "svg")) == name
            most = max(most, len(pages(pair)) + len(pair._pool._opening))

    await asyncio.gather(*(call() for _ in range(3)))
    assert most == 3


async def test_a_caller_whose_browser_dies_gets_an_idle_one_when_no_other_starts(monkeypatch):
    async with started(browsers=2) as renderer:
        await all_up(renderer, 2)
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
        await all_up(renderer, 2)
        pool = renderer._pool
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


async def test_a_caller_whose_worn_browser_dies_gets_the_one_that_takes_its_place(
    renderer, monkeypatch
):
    await renderer.warm()
    (worn,) = pages(renderer)
    (footprint,) = footprints(renderer)
    with monkeypatch.context() as context:
        context.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 1)
        await draw(renderer, SCATTER)
    for tab in footprint.tabs:
        tab.suspend()  # the next figure is at work for as long as another browser takes to start
    task = asyncio.create_task(draw(renderer, SCATTER))
    await until(lambda: len(pages(renderer)) == 2, "another browser is there")
    assert worn._drawing
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
