"""The cache itself, around a renderer that draws when it is told to: who gets what, and when."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager

import pytest

from plotly_nbext.server.render_cache import CachedRenderer, Picture
from plotly_nbext.server.rendering import Edition, Rendered, RenderError
from plotly_nbext.server.store.renders_on_disk import RendersOnDisk


class Drawings:
    """A renderer whose figures are drawn by the test; eight of them are in work at once."""

    slots = 4

    def __init__(self) -> None:
        self.begun: list[bytes] = []
        self.given_up = 0
        self._waiting: dict[bytes, asyncio.Future[Rendered]] = {}

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def render(self, figure: bytes, **_options) -> Rendered:
        self.begun.append(figure)
        drawing = self._waiting[figure] = asyncio.get_running_loop().create_future()
        try:
            return await drawing
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        finally:
            self._waiting.pop(figure)

    async def finish(self, outcome: Rendered | Exception, figure: str | None = None) -> None:
        """End a drawing: of a figure, or the one that was begun first."""
        await settled(lambda: self._waiting if figure is None else figure.encode() in self._waiting)
        first = next(iter(self._waiting)) if figure is None else figure.encode()
        drawing = self._waiting[first]
        if isinstance(outcome, Exception):
            drawing.set_exception(outcome)
        else:
            drawing.set_result(outcome)
        await settled(lambda: self._waiting.get(first) is not drawing)


async def settled(condition) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.001)


@asynccontextmanager
async def cache(drawings: Drawings, renders: RendersOnDisk | None = None, choices=()):
    made = CachedRenderer(drawings, renders, Edition(choices))
    await made.start()
    try:
        yield made
    finally:
        await made.close()


def picture(figure: str = "a", **size) -> Picture:
    options = {"figure": figure, "format": "png", "width": 7, "height": 5, "scale": 1}
    return Picture(**options | size)


def ask(
    cached: CachedRenderer, wanted: Picture | None = None, user: str = "alice"
) -> asyncio.Task[Rendered]:
    wanted = wanted or picture()

    async def figure() -> bytes:
        return wanted.figure.encode()

    async def answer() -> Rendered:
        return await cached.render(await cached.key(wanted), wanted, figure, user)

    return asyncio.create_task(answer())


@pytest.fixture
def drawings() -> Drawings:
    return Drawings()


IMAGE = Rendered(b"image", ("A warning.",))


async def test_all_who_ask_meanwhile_get_one_drawing_and_those_who_ask_later_too(drawings):
    async with cache(drawings) as cached:
        callers = [ask(cached) for _ in range(8)]
        await drawings.finish(IMAGE)
        answers = [*await asyncio.gather(*callers), await ask(cached)]
    assert drawings.begun == [b"a"]
    # the same bytes, and no copies of them
    assert all(answer.image is IMAGE.image and answer == IMAGE for answer in answers)


async def test_who_hangs_up_takes_nothing_from_the_others(drawings):
    async with cache(drawings) as cached:
        first, second = ask(cached), ask(cached)
        await settled(lambda: drawings.begun)
        third = ask(cached)
        for caller in (first, third):
            caller.cancel()
        await asyncio.wait([first, third])
        await drawings.finish(IMAGE)
        assert await second == IMAGE
    assert drawings.begun == [b"a"]
    assert drawings.given_up == 0


async def test_what_nobody_waits_for_is_given_up_and_drawn_when_it_is_asked_for_again(drawings):
    async with cache(drawings) as cached:
        callers = [ask(cached) for _ in range(3)]
        await settled(lambda: drawings.begun)
        for caller in callers:
            caller.cancel()
        await asyncio.wait(callers)
        await settled(lambda: drawings.given_up)
        again = ask(cached)
        await drawings.finish(IMAGE)
        assert await again == IMAGE
    assert drawings.begun == [b"a", b"a"]


async def test_a_figure_that_fails_fails_for_all_who_wait_and_is_tried_again_later(drawings):
    async with cache(drawings) as cached:
        callers = [ask(cached) for _ in range(3)]
        await drawings.finish(RenderError("no"))
        outcomes = await asyncio.gather(*callers, return_exceptions=True)
        assert [str(outcome) for outcome in outcomes] == ["no"] * 3
        again = ask(cached)
        await drawings.finish(IMAGE)
        assert await again == IMAGE


async def test_a_slow_drawing_holds_up_no_other(drawings):
    async with cache(drawings) as cached:
        slow, quick = ask(cached, picture("slow")), ask(cached, picture("quick"))
        await settled(lambda: len(drawings.begun) == 2)
        await drawings.finish(IMAGE, "quick")
        assert await quick == IMAGE
        assert not slow.done()
        await drawings.finish(Rendered(b"slow"), "slow")
        assert await slow == Rendered(b"slow")


async def test_a_crowd_of_one_user_s_figures_lets_another_s_in_between(drawings):
    async with cache(drawings) as cached:
        crowd = [ask(cached, picture(str(number))) for number in range(300)]
        await settled(lambda: drawings.begun)
        another = ask(cached, picture("another"), user="bob")
        for _ in range(20):
            await drawings.finish(IMAGE)
        assert await another == IMAGE
        assert sum(caller.done() for caller in crowd) < 20
        for _ in range(281):
            await drawings.finish(IMAGE)
        assert await asyncio.gather(*crowd) == [IMAGE] * 300
        assert drawings.begun[:3] == [b"0", b"1", b"2"]
        assert drawings.begun[-1] == b"299"
    assert cached._turns.waiting == 0


async def test_who_asks_for_what_another_has_in_a_queue_waits_in_no_queue_but_their_own(drawings):
    async with cache(drawings) as cached:
        crowd = [ask(cached, picture(str(number))) for number in range(20)]
        theirs = ask(cached, picture("public"))
        await settled(lambda: drawings.begun)
        another = ask(cached, picture("public"), user="bob")
        await drawings.finish(IMAGE, "0")
        await drawings.finish(IMAGE, "public")
        assert await another == IMAGE
        assert [caller.done() for caller in [*crowd, theirs]] == [True] + 20 * [False]
        for _ in crowd[1:]:
            await drawings.finish(IMAGE)
        assert await asyncio.gather(*crowd, theirs) == [IMAGE] * 21
    assert drawings.begun.count(b"public") == 1
    assert cached._turns.waiting == 0


@pytest.mark.parametrize("users", [1, 30])
@pytest.mark.parametrize("outcome", [IMAGE, Rendered(b"today", lasting=False), RenderError("no")])
async def test_a_crowd_that_asks_for_one_picture_gets_one_drawing(drawings, outcome, users):
    async with cache(drawings) as cached:
        crowd = [ask(cached, user=f"user {number % users}") for number in range(30)]
        await settled(lambda: drawings.begun)
        another = ask(cached, picture("another"), user="user 0")
        await drawings.finish(IMAGE, "another")
        assert await another == IMAGE
        await drawings.finish(outcome)
        assert await asyncio.gather(*crowd, return_exceptions=True) == [outcome] * 30
    assert drawings.begun == [b"a", b"another"]


async def test_who_hangs_up_in_a_queue_is_not_drawn_for(drawings):
    async with cache(drawings) as cached:
        crowd = [ask(cached, picture(str(number))) for number in range(9)]
        await settled(lambda: len(drawings.begun) == 8)
        last = crowd.pop()
        last.cancel()
        await asyncio.wait([last])
        for _ in crowd:
            await drawings.finish(IMAGE)
        assert await asyncio.gather(*crowd) == [IMAGE] * 8
    assert len(drawings.begun) == 8


async def test_every_difference_is_another_picture(drawings):
    differences = {"figure": "b", "format": "svg", "width": 8, "height": 6, "scale": 1.5}
    async with cache(drawings) as cached:
        keys = {await cached.key(picture(**{name: value})) for name, value in differences.items()}
        keys.add(await cached.key(picture()))
    async with cache(drawings, choices=["tiles.example"]) as other:
        keys.add(await other.key(picture()))
    assert len(keys) == len(differences) + 2


async def test_what_shows_the_web_is_drawn_each_time(drawings, tmp_path):
    fleeting = Rendered(b"today", lasting=False)
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        for _ in range(2):
            caller = ask(cached)
            await drawings.finish(fleeting)
            assert await caller is fleeting
    assert len(drawings.begun) == 2


async def test_memory_is_bounded_and_the_disk_has_the_rest(drawings, tmp_path, monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.render_cache.MEMORY_BYTES", 1_000_000)
    images = {str(number): Rendered(os.urandom(100_000)) for number in range(30)}
    async with cache(drawings, RendersOnDisk(tmp_path, 10_000_000)) as cached:
        for figure, image in images.items():
            caller = ask(cached, picture(figure))
            await drawings.finish(image)
            await caller
        assert cached._memory.currsize <= 1_000_000
        assert [await ask(cached, picture(figure)) for figure in images] == [*images.values()]
    assert len(drawings.begun) == len(images)


async def test_a_huge_image_stays_out_of_memory(drawings):
    huge = Rendered(bytes(20_000_000))
    async with cache(drawings) as cached:
        for image in (IMAGE, huge):
            caller = ask(cached, picture(str(len(image.image))))
            await drawings.finish(image)
            assert await caller is image
        assert cached._memory.currsize < 1000


class SlowDisk(RendersOnDisk):
    """A disk that takes nothing while the test holds it."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.held = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def put(self, key: str, rendered: Rendered) -> None:
        asyncio.run_coroutine_threadsafe(self.held.wait(), self.loop).result()
        super().put(key, rendered)


async def test_nobody_waits_for_the_disk_and_what_waits_for_it_is_bounded(drawings, tmp_path):
    disk = SlowDisk(tmp_path, 1_000_000_000)
    async with cache(drawings, disk) as cached:
        for number in range(20):
            caller = ask(cached, picture(str(number)))
            await drawings.finish(Rendered(bytes(10_000_000)))
            async with asyncio.timeout(5):
                await caller
        assert cached._unwritten <= 64_000_000
        disk.held.set()
        await settled(lambda: not cached._unwritten)


async def test_a_restart_finds_on_disk_what_the_same_edition_has_drawn(drawings, tmp_path):
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        caller = ask(cached)
        await drawings.finish(IMAGE)
        await caller
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        assert await ask(cached) == IMAGE
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000), ["another edition"]) as cached:
        caller = ask(cached)
        await drawings.finish(Rendered(b"another"))
        assert await caller == Rendered(b"another")
    assert len(drawings.begun) == 2


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """A browser that can be upgraded, which is seen at once."""
    monkeypatch.setattr("plotly_nbext.server.rendering.edition.LOOK_AFTER", 0.0)
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh")
    browser.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(browser))
    return browser


async def test_nothing_that_is_drawn_after_an_upgrade_lasts_until_the_next_start(
    drawings, tmp_path, browser
):
    """The browsers that run then are still the old ones, as is what they draw."""

    async def drawn(cached: CachedRenderer, image: bytes) -> Rendered:
        caller = ask(cached)
        await drawings.finish(Rendered(image))
        return await caller

    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        assert await drawn(cached, b"by the old") == Rendered(b"by the old")
        browser.write_text("#!/bin/sh\n# upgraded")
        for _ in range(2):
            answer = await drawn(cached, b"by the old too")
            assert answer == Rendered(b"by the old too", lasting=False)
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        assert await drawn(cached, b"by the new") == Rendered(b"by the new")
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        assert await ask(cached) == Rendered(b"by the new")


async def test_what_is_drawn_while_the_browser_is_upgraded_does_not_last(
    drawings, tmp_path, browser
):
    async with cache(drawings, RendersOnDisk(tmp_path, 1_000_000)) as cached:
        caller = ask(cached)
        await settled(lambda: drawings.begun)
        browser.write_text("#!/bin/sh\n# upgraded")
        await drawings.finish(IMAGE)
        assert not (await caller).lasting
