"""Figures that take more memory than there is: they are refused, and the rest go on."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from plotly_nbext.server.rendering import RenderError
from plotly_nbext.server.rendering.discovery import find_browser
from plotly_nbext.server.rendering.memory import memory_limit

from .support import SCATTER, draw, evaluate, footprints, gone, leader, pages, started, until

KEEP = "window.kept = new Uint8Array({}e6).fill(1); 0"
"""Script that takes so many megabytes."""

# seconds
SLOW = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(20_000)]}]}

GREEDY = {**SCATTER, "layout": {"meta": "x" * 150_000_000}}


@pytest.fixture
def small_heap(tmp_path, monkeypatch):
    """A browser whose pages have little memory for scripts."""
    program = tmp_path / "chromium"
    program.write_text(
        f'#!/bin/sh\nexec {find_browser()} "$@" --js-flags=--max-old-space-size=30\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(program))


async def crash(page) -> None:
    """Crash a page as a fault in the browser's own code would."""
    with pytest.raises(Exception, match="gone"):
        await page._call("Page.crash", {})


@pytest.mark.asyncio(loop_scope="module")
async def test_a_page_whose_memory_has_grown_is_replaced(renderer, monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_MEMORY", 500_000_000)
    expected = await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    before = footprints(renderer)
    assert not page.worn
    await evaluate(page, KEEP.format(400))
    assert await draw(renderer, SCATTER) == expected
    await until(lambda: page not in pages(renderer), "it is replaced")
    await gone(before)
    assert await draw(renderer, SCATTER) == expected
    assert len(pages(renderer)) == 1


async def test_a_figure_that_takes_too_much_memory_is_refused_at_once(monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.memory.MOST_MEMORY", 600_000_000)
    async with started(browsers=1) as renderer:
        await renderer.warm()
        before = footprints(renderer)
        with pytest.raises(RenderError, match=r"more than 0\.6 GB of memory"):
            await draw(renderer, SCATTER, width=14_000, height=14_000)
        assert await draw(renderer, SCATTER)
        await gone(before)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_figure_is_not_blamed_for_the_memory_of_those_before_it(renderer, monkeypatch):
    await renderer.warm()
    (page,) = pages(renderer)
    await evaluate(page, KEEP.format(600))
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_MEMORY", 500_000_000)
    monkeypatch.setattr(page, "_memory_limit", 700_000_000)
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WATCH_EVERY", 0)
    assert await draw(renderer, SCATTER)
    assert page not in pages(renderer)


async def test_a_figure_that_is_too_much_for_the_heap_is_tried_twice_and_refused(small_heap):
    async with started(browsers=1) as renderer:
        assert await draw(renderer, SCATTER)
        with pytest.raises(RenderError, match="lost twice, the second time by a crash"):
            await draw(renderer, GREEDY)
        assert await draw(renderer, SCATTER)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_words_about_a_crash_are_true_also_after_a_browser_that_died(renderer):
    await renderer.warm()
    (first,) = pages(renderer)
    before = first.renders
    task = asyncio.create_task(draw(renderer, SLOW))
    await until(lambda: first.renders > before, "the figure is at work")
    leader(first).kill()
    await until(lambda: any(p.renders for p in pages(renderer) - {first}), "so it is again")
    (second,) = pages(renderer)
    await crash(second)
    with pytest.raises(RenderError, match="lost twice, the second time by a crash"):
        await task


@pytest.mark.parametrize(
    ("says", "browsers", "limit"),
    [
        ("2000000000\n", 1, 1_500_000_000),
        ("2000000000\n", 4, 1_000_000_000),
        ("8000000000\n", 2, 3_000_000_000),
        ("8000000000\n", 1, 4_000_000_000),
    ],
)
def test_a_browser_may_take_its_share_of_a_containers_memory(
    says, browsers, limit, tmp_path, monkeypatch
):
    class Machine:
        total = 64_000_000_000

    file = tmp_path / "memory.max"
    file.write_text(says)
    monkeypatch.setattr(psutil, "virtual_memory", Machine)
    monkeypatch.setattr("plotly_nbext.server.rendering.memory.CGROUP_LIMITS", [file])
    assert memory_limit(browsers) == limit


@pytest.mark.parametrize("says", [None, "max\n", "9223372036854771712\n"])
def test_without_a_containers_limit_the_machines_memory_is_shared(says, tmp_path, monkeypatch):
    file = tmp_path / "memory.max"
    if says:
        file.write_text(says)
    monkeypatch.setattr("plotly_nbext.server.rendering.memory.CGROUP_LIMITS", [file])
    browsers = psutil.virtual_memory().total // 2_000_000_000  # 1.5 GB and more for each
    expected = 0.75 * psutil.virtual_memory().total / browsers
    assert memory_limit(browsers) == pytest.approx(expected, abs=1)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_figure_whose_page_crashes_is_drawn_on_another(renderer):
    expected = await draw(renderer, SLOW, "pdf")
    (page,) = pages(renderer)
    before = footprints(renderer)
    drawn = page.renders
    task = asyncio.create_task(draw(renderer, SLOW, "pdf"))
    await until(lambda: page.renders > drawn, "the figure is at work")
    await crash(page)
    assert len(await task) == len(expected)
    await gone(before)


async def test_a_page_that_crashes_is_replaced_and_nothing_of_it_is_kept(tmp_path, monkeypatch):
    """What a browser notes about a crash has parts of the page's memory in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    async with started(browsers=1) as renderer:
        expected = await draw(renderer, SCATTER)
        (page,) = pages(renderer)
        await crash(page)
        assert await draw(renderer, SCATTER) == expected
        profiles = [page._browser._profile for page in pages(renderer)]
    assert not [file for folder in (tmp_path, *profiles) for file in folder.rglob("*.dmp")]
