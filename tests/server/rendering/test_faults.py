"""Browsers hang, die and are killed: the figure at work is saved or refused, the rest go on."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import RenderError, RendererUnavailable
from plotly_nbext.server.rendering.browser import Browser

from .support import (
    SCATTER,
    SMALL,
    Footprint,
    all_up,
    draw,
    evaluate,
    footprints,
    gone,
    leader,
    pages,
    started,
    titled,
    until,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

# thousands of islands: plotly.js is busy with their outlines for minutes
ENDLESS = {
    "data": [{"type": "contour", "z": [[i * j % 7 for i in range(400)] for j in range(400)]}]
}
# seconds
SLOW = {"data": [{"mode": "markers", "y": [i * i % 97 for i in range(15_000)]}]}


def text_of(svg: bytes) -> str:
    return "".join(ET.fromstring(svg).itertext())


async def busy(renderer) -> None:
    """Wait until a page is at work."""
    await until(lambda: any(page._drawing for page in pages(renderer)), "a page starts to draw")


async def test_a_figure_that_hangs_is_given_up_and_the_next_is_drawn(renderer, monkeypatch):
    monkeypatch.setattr(renderer, "_timeout", 3)
    await renderer.warm()
    before = footprints(renderer)
    waiting = asyncio.create_task(draw(renderer, ENDLESS))
    await busy(renderer)
    behind = [asyncio.create_task(draw(renderer, titled(f"№{i}"), "svg")) for i in range(3)]
    with pytest.raises(RenderError, match="not drawn within 3 seconds"):
        await waiting
    for i, image in enumerate(await asyncio.gather(*behind)):
        assert f"№{i}" in text_of(image)
    await gone(before)


async def test_other_figures_are_drawn_while_one_hangs():
    async with started(browsers=2) as renderer:
        hanging = asyncio.create_task(draw(renderer, ENDLESS))
        await busy(renderer)
        assert await draw(renderer, SCATTER)
        assert not hanging.done()
    with pytest.raises(RendererUnavailable):
        await hanging


async def test_a_browser_killed_between_figures_is_replaced(renderer):
    first = await draw(renderer, SCATTER)
    before = footprints(renderer)
    (page,) = pages(renderer)
    leader(page).kill()
    assert await draw(renderer, SCATTER) == first
    await gone(before)


@pytest.mark.parametrize("victim", ["browser", "page"])
async def test_a_browser_that_dies_while_nobody_uses_it_leaves_nothing_behind(renderer, victim):
    first = await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    (footprint,) = footprints(renderer)
    if victim == "browser":
        leader(page).kill()
    else:
        (tab,) = footprint.tabs
        tab.kill()
    await gone({footprint})
    assert not pages(renderer)
    assert await draw(renderer, SCATTER) == first


@pytest.mark.parametrize("victim", ["browser", "page", "everything"])
async def test_a_figure_whose_browser_is_killed_is_drawn_on_another(renderer, victim):
    expected = await draw(renderer, SLOW)
    (page,) = pages(renderer)
    (footprint,) = footprints(renderer)
    before = page.renders
    task = asyncio.create_task(draw(renderer, SLOW))
    await until(lambda: page.renders > before, "the second figure is at work")
    if victim == "browser":
        leader(page).kill()
    elif victim == "page":
        assert footprint.tabs
        for tab in footprint.tabs:
            tab.kill()
    else:
        os.killpg(page._browser._process.pid, signal.SIGKILL)
    assert await task == expected
    assert page not in pages(renderer)


async def test_a_figure_that_kills_two_browsers_is_not_tried_a_third_time(renderer):
    await renderer.warm()
    task = asyncio.create_task(draw(renderer, ENDLESS))
    killed = set()
    while len(killed) < 2:
        await until(
            lambda: task.done() or any(p._drawing for p in pages(renderer) - killed),
            "it is drawn",
        )
        assert not task.done()
        (page,) = pages(renderer) - killed
        leader(page).kill()
        killed.add(page)
    with pytest.raises(RendererUnavailable, match="twice while it drew"):
        await task
    assert await draw(renderer, SCATTER)


async def test_all_browsers_killed_at_once_are_replaced():
    async with started(browsers=2) as renderer:
        await all_up(renderer, 2)
        task = asyncio.create_task(draw(renderer, titled("survivor"), "svg"))
        for page in pages(renderer):
            leader(page).kill()
        assert "survivor" in text_of(await task)


async def test_a_caller_who_leaves_does_not_mix_up_the_images(renderer):
    await renderer.warm()
    gone = [SLOW, *(titled(f"gone {i}") for i in range(4))]
    leaving = [asyncio.create_task(draw(renderer, figure, "svg")) for figure in gone]
    await busy(renderer)
    for task in leaving:
        task.cancel()
    results = await asyncio.gather(*leaving, return_exceptions=True)
    assert any(isinstance(result, asyncio.CancelledError) for result in results)
    for i in range(3):
        assert f"still here {i}" in text_of(await draw(renderer, titled(f"still here {i}"), "svg"))
    assert len(pages(renderer)) == 1


async def test_callers_who_leave_the_queue_are_not_drawn_for(renderer):
    await renderer.warm()
    (page,) = pages(renderer)
    before = page.renders
    first = asyncio.create_task(draw(renderer, SLOW))
    await busy(renderer)
    leaving = [asyncio.create_task(draw(renderer, titled(f"gone {i}"))) for i in range(20)]
    last = asyncio.create_task(draw(renderer, titled("still here"), "svg"))
    await until(lambda: len(renderer._pool._waiters) == 21, "they stand in the queue")
    for task in leaving:
        task.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    assert len(renderer._pool._waiters) == 1
    await first
    assert "still here" in text_of(await last)
    assert page.renders == before + 2


async def test_images_are_not_mixed_up_whatever_becomes_of_their_callers():
    """Some leave at any moment, some send what can't be drawn, some kill their browser."""
    dice = random.Random(4)
    async with started(browsers=2, timeout=20) as renderer:
        own, others = [], []

        async def call(i: int) -> None:
            name = f"figure {i}"
            figure = titled(name) if i % 5 else {"data": [{"type": "heatmap", "z": 3}, 7]}
            task = asyncio.create_task(draw(renderer, figure, dice.choice(["svg", "svg", "pdf"])))
            if i % 3 == 0:
                await asyncio.wait({task}, timeout=dice.uniform(0, 0.2))
                task.cancel()
            if i % 40 == 7 and (alive := pages(renderer)):
                dice.choice(sorted(alive, key=id)).kill()
            try:
                image = await task
            except (asyncio.CancelledError, RenderError, RendererUnavailable) as error:
                others.append(error)
                return
            if image.startswith(b"<svg"):
                own.append(text_of(image).count("figure") == 1 and name in text_of(image))

        callers = iter(range(80))

        async def calls() -> None:
            for i in callers:
                await call(i)

        await asyncio.gather(*(calls() for _ in range(8)))
        assert len(own) > 20
        assert all(own)
        assert {type(error) for error in others} >= {asyncio.CancelledError, RenderError}
        for i in range(3):
            assert f"after {i}" in text_of(await draw(renderer, titled(f"after {i}"), "svg"))


async def test_a_browser_that_is_stopped_fails_no_figure(renderer, monkeypatch):
    """Not the page of a figure hangs then, but the browser."""
    monkeypatch.setattr(renderer, "_timeout", 3)
    expected = await draw(renderer, SCATTER)
    (page,) = pages(renderer)
    before = footprints(renderer)
    os.killpg(page._browser._process.pid, signal.SIGSTOP)
    assert await draw(renderer, SCATTER) == expected
    await gone(before)


@pytest.mark.parametrize("kind", ["surface", "scattergl", "scattermap"])
async def test_a_figure_is_drawn_as_ever_after_the_graphics_process_died(renderer, kind):
    trace = {"surface": {"z": [[1, 2], [3, 4]]}, "scattermap": {"lat": [1], "lon": [2]}}
    figure = {"data": [{"type": kind, **trace.get(kind, {"y": [1, 3, 2]})}]}
    figure["layout"] = {"map": {"style": "white-bg"}}
    before = await draw(renderer, figure, **SMALL)
    (page,) = pages(renderer)
    await page._browser.cdp.call("Browser.crashGpuProcess")
    for _ in range(3):
        assert await draw(renderer, figure, **SMALL) == before


async def test_closing_ends_all_work_at_once():
    async with started(browsers=2, timeout=60) as renderer:
        tasks = [asyncio.create_task(draw(renderer, ENDLESS)) for _ in range(3)]
        await busy(renderer)
        left = footprints(renderer)
        start = time.monotonic()
        await renderer.close()
        assert time.monotonic() - start < 10
        for task in tasks:
            with pytest.raises(RendererUnavailable):
                await task
        with pytest.raises(RendererUnavailable):
            await draw(renderer, SCATTER)
        await gone(left)


async def test_closing_while_a_browser_starts_leaves_nothing(temporary):
    async with started(browsers=1) as renderer:
        task = asyncio.create_task(draw(renderer, SCATTER))
        await until(lambda: list(temporary.iterdir()), "a browser is being started")
        (folder,) = temporary.iterdir()
        await until(lambda: Footprint.of(folder).processes, "its processes are there")
        left = Footprint.of(folder)
        await renderer.close()
        with pytest.raises(RendererUnavailable):
            await task
        await gone({left})
        assert not list(temporary.iterdir())


async def test_a_browser_killed_while_it_loads_its_page_is_noticed_at_once(monkeypatch):
    async with started(browsers=1) as renderer:
        opened = []
        with monkeypatch.context() as slow:
            # a page that never connects, as when the browser dies before it has loaded
            slow.setattr(
                "plotly_nbext.server.rendering.assets.AssetServer._page", b"<title>-</title>"
            )
            start = Browser.start
            slow.setattr(
                Browser, "start", lambda *a, **k: opened.append(start(*a, **k)) or opened[0]
            )
            task = asyncio.create_task(draw(renderer, SCATTER))
            await until(lambda: renderer._assets._expected, "the page is opened")
            await until(lambda: Footprint.of(opened[0]._profile).tabs, "the page is loaded")
            opened[0].kill()
            async with asyncio.timeout(15):
                with pytest.raises(RendererUnavailable, match="does not start"):
                    await task
        assert await draw(renderer, SCATTER)


async def test_who_queues_after_a_browser_did_not_start_gets_one_when_it_does(monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.pool.FAILURE_PAUSE", 0.5)
    async with started(browsers=2) as renderer:
        await renderer.warm()
        hanging = asyncio.create_task(draw(renderer, ENDLESS))
        await busy(renderer)
        with monkeypatch.context() as nowhere:
            nowhere.setenv("PLOTLY_NBEXT_BROWSER", "/nowhere/chromium")
            waiting = asyncio.create_task(draw(renderer, SCATTER))
            await until(lambda: renderer._pool._pause, "no other starts")
        assert await waiting
        assert not hanging.done()
    with pytest.raises(RendererUnavailable):
        await hanging


def quoted_in_vain(text: str) -> dict[str, dict]:
    """Figures of which a warning or an error repeats a text, by where it stands."""
    line = {"y": [1, 3, 2]}
    return {
        "font": {"data": [line], "layout": {"font": {"family": text}}},
        "image": {"data": [line], "layout": {"images": [{"source": text}]}},
        "formula": {"data": [line], "layout": {"title": {"text": f"$\\foo{{{text}}}$"}}},
        "type": {"data": [{"y": {"dtype": text, "bdata": "AAAA"}}]},
    }


@pytest.mark.parametrize("where", quoted_in_vain(""))
async def test_a_figure_of_which_half_an_emoji_would_be_quoted_costs_no_browser(renderer, where):
    """JSON with half a character is not read by everyone."""
    await renderer.warm()
    before = pages(renderer).copy()
    said = ""
    for letters in range(56, 64):
        figure = quoted_in_vain("a" * letters + "😀" * 200)[where]
        body = json.dumps(figure).encode()
        try:
            said += "".join((await renderer.render(body, format="png", scale=1, **SMALL)).warnings)
        except RenderError as error:
            said += str(error)
    assert "aaa" in said
    assert pages(renderer) == before


@pytest.mark.parametrize("answer", ["{", '"\\ud800"', "7", "{}"])
async def test_a_page_whose_answer_is_not_readable_is_replaced(renderer, answer):
    await renderer.warm()
    (page,) = pages(renderer)
    await evaluate(
        page,
        "const { send } = WebSocket.prototype; WebSocket.prototype.send = function () "
        f"{{ send.call(this, {json.dumps(answer)}) }}; 0",
    )
    before = footprints(renderer)
    with pytest.raises(RenderError):
        await draw(renderer, SCATTER)
    assert await draw(renderer, SCATTER)
    await gone(before)


async def test_a_renderer_that_was_never_used_closes():
    async with started() as renderer:
        await renderer.close()


async def test_a_browser_that_ends_at_once_is_reported_in_its_own_words(tmp_path, monkeypatch):
    broken = tmp_path / "chromium"
    broken.write_text(
        "#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2\nexit 127\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(broken))
    async with started(browsers=1) as renderer:
        tasks = [asyncio.create_task(draw(renderer, SCATTER)) for _ in range(3)]
        for task in tasks:
            with pytest.raises(BrowserNotFound, match=r"libnss3\.so: cannot open"):
                await task


def seconds_used(processes) -> float:
    return sum(process.cpu_times().user for process in processes)


OWNER = """
import asyncio, pathlib, sys
from plotly_nbext.server.rendering import Renderer

async def main():
    renderer = Renderer(browsers=1)
    await renderer.start()
    await renderer.warm()
    (page,) = renderer._pool._pages
    print(page._browser._profile, flush=True)
    for path in sys.argv[1:]:
        figure = pathlib.Path(path).read_bytes()
        await renderer.render(figure, format="png", width=700, height=500, scale=1)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("at_work", [False, True])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_browsers_go_with_the_process_that_owns_them(how, at_work, tmp_path):
    """Also when it is killed, and when a page hangs; the temporary files go as well."""
    figure = tmp_path / "figure.json"
    figure.write_text(json.dumps(ENDLESS))
    command = [sys.executable, "-c", OWNER, *([figure] if at_work else [])]
    owner = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        left = Footprint.of(Path((await owner.stdout.readline()).decode().strip()))
        assert len(left.processes) > 3
        if at_work:
            before = seconds_used(left.tabs)
            await until(lambda: seconds_used(left.tabs) > before + 0.5, "the page hangs")
    finally:
        owner.send_signal(how)
        await owner.wait()
    await gone({left})
