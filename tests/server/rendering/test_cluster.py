"""Figures that are drawn on a Dask cluster: real scheduler and worker processes."""

from __future__ import annotations

import asyncio
import json

import psutil
import pytest
import pytest_asyncio

from plotly_nbext.server.rendering import Edition, RenderError, RendererUnavailable
from plotly_nbext.server.rendering.cluster.link import AHEAD

from .clusters import (
    Cluster,
    browsers_of,
    drawing_on,
    has_slots,
    kill,
    processing,
    until_processing,
)
from .support import SCATTER, SMALL, draw, is_alive, started, titled, until
from .web import hosting, red

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLOW = {
    "data": [
        {"type": "scatter", "mode": "markers", "y": [i % 97 for i in range(20_000)]},
    ]
}
"""Some seconds of work."""

WORKERS = 2


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster of two workers with a browser each; a test that takes one gives one back."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    for _ in range(WORKERS):
        cluster.start_worker()
    yield cluster
    cluster.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def renderer(cluster):
    async with drawing_on(cluster, slots=WORKERS) as renderer:
        yield renderer


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
async def test_an_image_is_that_of_browsers_on_this_machine_to_the_byte(renderer, format):
    async with started(browsers=1) as local:
        assert await draw(renderer, SCATTER, format) == await draw(local, SCATTER, format)


async def test_what_two_servers_draw_on_like_workers_is_one_picture(cluster, renderer):
    assert await renderer.edition.name() == await Edition().name()
    async with drawing_on(cluster, slots=WORKERS) as other:
        assert await renderer.edition.name() == await other.edition.name()
        for each in (renderer, other):
            drawn = await each.render(
                json.dumps(SCATTER).encode(), format="png", width=700, height=500, scale=1
            )
            assert drawn.lasting


async def test_warnings_and_errors_are_those_of_this_machine(renderer):
    refused = b'{"data": [{"y": {"bdata": "AAEC", "dtype": "i8"}}]}'
    async with started(browsers=1) as local:
        told = []
        for each in (local, renderer):
            with pytest.raises(RenderError) as caught:
                await draw(each, refused)
            drawn = await each.render(
                json.dumps(titled("\U0001f9ff")).encode(), format="png", **SMALL, scale=1
            )
            told.append((str(caught.value), drawn.warnings))
            assert await each.plot_schema() == await local.plot_schema()
    assert told[0] == told[1]


async def test_a_large_figure_goes_past_the_scheduler(renderer, cluster):
    scheduler = psutil.Process(cluster.scheduler.pid)
    large = {**SCATTER, "layout": {"meta": "x" * 20_000_000}}
    before = scheduler.memory_info().rss
    for _ in range(3):
        assert await draw(renderer, large) == await draw(renderer, SCATTER)
    assert scheduler.memory_info().rss - before < 15_000_000


async def test_no_more_than_the_browsers_can_do_soon_is_on_the_cluster(renderer):
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, sum(map(len, (await processing(renderer)).values())))

    watching = asyncio.create_task(watch())
    images = await asyncio.gather(*(draw(renderer, titled(str(n))) for n in range(30)))
    watching.cancel()
    assert len(set(images)) == 30
    assert 1 < most <= WORKERS * AHEAD


async def test_whoever_goes_leaves_nothing_behind_and_others_are_served(renderer):
    leaving = [asyncio.create_task(draw(renderer, SLOW, **SMALL)) for _ in range(6)]
    await until_processing(renderer, WORKERS * AHEAD)
    for each in leaving:
        each.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    assert all(each.cancelled() for each in leaving)
    await until_processing(renderer, 0)
    async with asyncio.timeout(30):
        assert await draw(renderer, SCATTER)


async def test_a_large_figure_that_nobody_waits_for_is_on_no_worker(renderer):
    """Also where it was on its way there."""
    large = {**SCATTER, "layout": {"meta": "x" * 40_000_000}}
    for milliseconds in (20, 40, 60, 80, 120, 160, 220, 300):
        drawing = asyncio.create_task(draw(renderer, large))
        await asyncio.wait({drawing}, timeout=milliseconds / 1000)
        drawing.cancel()
        await asyncio.gather(drawing, return_exceptions=True)
        del drawing

    async def kept() -> bool:
        found = await renderer._link.client.run(lambda dask_worker: len(dask_worker.data))
        return any(found.values())

    for _ in range(600):
        if not await kept():
            return
        await asyncio.sleep(0.1)
    pytest.fail("a minute later a worker still has a figure of nobody's")


async def test_a_server_that_ends_says_so_to_those_whose_figures_are_not_drawn(cluster):
    async with drawing_on(cluster, slots=WORKERS) as leaving:
        waiting = [asyncio.create_task(draw(leaving, SLOW, **SMALL)) for _ in range(6)]
        await until_processing(leaving, WORKERS * AHEAD)
    for error in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(error, RendererUnavailable)
        assert str(error) == "The renderer is shut down."


@pytest.mark.parametrize("size", ["small", "large"])
async def test_a_worker_that_is_killed_while_it_draws_loses_no_figure(cluster, renderer, size):
    figure = SLOW if size == "small" else {**SLOW, "layout": {"meta": "x" * 2_000_000}}
    expected = draw(renderer, figure, **SMALL)
    drawings = [asyncio.create_task(draw(renderer, figure, **SMALL)) for _ in range(4)]
    await until_processing(renderer, WORKERS * AHEAD)
    lost = cluster.workers.pop()
    left = browsers_of(lost)
    kill(lost)
    images = await asyncio.gather(expected, *drawings)
    assert len(set(images)) == 1
    await until(lambda: not any(map(is_alive, left)), "the browsers of a killed worker end")
    cluster.start_worker()
    await has_slots(renderer, WORKERS)


async def test_servers_with_other_hosts_do_not_mix(cluster, renderer):
    async with hosting() as host:
        place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
        image = {"source": f"{host.url}/picture.png", "layer": "above", **place}
        figure = json.dumps({"data": [], "layout": {"images": [image]}}).encode()
        async with drawing_on(cluster, slots=WORKERS, allowed=[host.url]) as allowing:
            assert await allowing.edition.name() != await renderer.edition.name()
            for _ in range(3):
                size = {**SMALL, "scale": 1}
                shown = await allowing.render(figure, format="png", **size)
                host.seen.clear()
                hidden = await renderer.render(figure, format="png", **size)
                assert host.seen == []
                assert red(shown.image) > 0
                assert red(hidden.image) == 0
                assert hidden.warnings
                assert not shown.warnings


@pytest.mark.parametrize("lacking", ["a browser", "this package"])
async def test_a_worker_that_lacks_something_draws_nothing(cluster, renderer, tmp_path, lacking):
    (tmp_path / "plotly_nbext.py").write_text("raise ImportError")
    environment = {
        "a browser": {"PLOTLY_NBEXT_BROWSER": "/no/such/browser"},
        "this package": {"PYTHONPATH": str(tmp_path)},
    }
    worker = cluster.start_worker(**environment[lacking])
    await renderer._link.client.wait_for_workers(WORKERS + 1, timeout=30)
    images = await asyncio.gather(*(draw(renderer, titled(str(n)), **SMALL) for n in range(12)))
    assert len(set(images)) == 12
    assert renderer.slots == WORKERS
    assert await renderer._link.client.submit(abs, -1) == 1
    cluster.workers.remove(worker)
    worker.terminate()
    worker.wait()


async def test_what_workers_that_differ_draw_is_not_kept(cluster, renderer, tmp_path):
    fonts = tmp_path / ".local/share/fonts"
    fonts.mkdir(parents=True)
    (fonts / "another.ttf").write_bytes(b"a font")
    body = json.dumps(SCATTER).encode()
    before = await renderer.edition.name()
    worker = cluster.start_worker(HOME=str(tmp_path))
    await has_slots(renderer, WORKERS + 1)
    await until(lambda: len(renderer._link.editions) == 2, "both editions are known")
    assert await renderer.edition.name() != before
    for _ in range(4):
        drawn = await renderer.render(body, format="png", **SMALL, scale=1)
        assert not drawn.lasting
    cluster.workers.remove(worker)
    worker.terminate()
    worker.wait()
    await has_slots(renderer, WORKERS)
    assert await renderer.edition.name() == before
    assert (await renderer.render(body, format="png", **SMALL, scale=1)).lasting


async def test_a_server_without_a_browser_draws_there_and_keeps_what_lasts(
    cluster, renderer, serve, monkeypatch
):
    body = {"figure": titled("Asked for over HTTP"), "format": "png"}
    image = await draw(renderer, body["figure"])
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", "/no/such/browser")

    def ask() -> None:
        with serve("--dask-scheduler", cluster.address).user() as user:
            # what comes before the workers' edition is known has no ETag
            answers = [user.expect(200, "POST", "/v2/images", json=body) for _ in range(3)]
            assert {answer.content for answer in answers} == {image}
            known = {"If-None-Match": answers[-1].headers["ETag"]}
            user.expect(304, "POST", "/v2/images", json=body, headers=known)
            user.expect(200, "GET", "/readyz")

    await asyncio.to_thread(ask)
