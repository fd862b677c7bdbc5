"""Everyone gets their own image, whatever happens to others and to browsers meanwhile."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import random
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

import psutil
import pytest

from ...conftest import PLATFORM
from ..support import started
from . import numbered
from .corpus.heavy import BOMBS

FIGURES = int(os.environ.get("HOSTILE_FIGURES", "400"))
"""How many; a night's run takes thousands."""

THREADS = 8
BETWEEN_KILLS = 1.5
"""Seconds; a figure is tried twice, so that no figure should meet two."""


@dataclass
class Callers:
    """Eight who ask at once, each for figures of their own.

    Attributes
    ----------
    wrong : list of str
        Images that were someone else's, and answers that were none.
    unavailable : int
        How often one had to ask again.
    """

    url: str
    credentials: tuple[str, str]
    hang_up: float = 0.0
    wrong: list[str] = field(default_factory=list)
    unavailable: int = 0
    left: int = 0

    def run(self, count: int) -> None:
        """Ask for so many figures, each number once."""
        with ThreadPoolExecutor(THREADS) as pool:
            for result in [pool.submit(self._caller, i, count) for i in range(THREADS)]:
                result.result()

    def _caller(self, first: int, count: int) -> None:
        chance = random.Random(first)
        connection = self._connect()
        for number in range(first, count, THREADS):
            if chance.random() < self.hang_up:
                self._leave(number + count, chance)
            format = numbered.FORMATS[number % len(numbered.FORMATS)]
            status, body = self._ask(connection, number, format)
            while status == 503:
                self.unavailable += 1
                status, body = self._ask(connection, number, format)
            if status != 200:
                self.wrong.append(f"{number}: {status} {body[:300]!r}")
            elif (got := numbered.number(body, format)) != number:
                self.wrong.append(f"{number} as {format}: the image of {got}")

    def _leave(self, number: int, chance: random.Random) -> None:
        """Ask for a figure that nobody else asks for, and be gone before it is drawn."""
        connection = self._connect()
        self._send(connection, number, "png")
        with suppress(TimeoutError):
            connection.sock.settimeout(chance.choice([0.001, 0.005, 0.02, 0.05]))
            connection.sock.recv(1)
        connection.close()
        self.left += 1

    def _connect(self) -> http.client.HTTPConnection:
        where = urlsplit(self.url)
        return http.client.HTTPConnection(where.hostname, where.port, timeout=120)

    def _send(self, connection: http.client.HTTPConnection, number: int, format: str) -> None:
        body = {"figure": numbered.figure(number), "format": format, **numbered.SIZE}
        credentials = b64encode(":".join(self.credentials).encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/json",
            "Plotly-Client-Platform": PLATFORM,
        }
        connection.request("POST", "/v2/images", json.dumps(body), headers)

    def _ask(self, connection, number: int, format: str) -> tuple[int, bytes]:
        self._send(connection, number, format)
        with connection.getresponse() as response:
            return response.status, response.read()


@pytest.fixture
def callers(serve):
    """Make callers of a server with three browsers."""
    server = serve("--browsers", "3")
    user = server.user()

    def make(**options) -> Callers:
        return Callers(server.url, (user.username, user.api_key), **options)

    make.server = server
    return make


@pytest.fixture
def killer(callers):
    """A thread that ends a browser, or the process of its page, now and then."""
    ended = threading.Event()
    kills = []

    def run() -> None:
        chance = random.Random(0)
        while not ended.wait(BETWEEN_KILLS):
            tabs = _tabs(callers.server._process.pid)
            if tabs:
                with suppress(psutil.NoSuchProcess):
                    victim = chance.choice(tabs)
                    (victim if chance.random() < 0.5 else victim.parent()).kill()
                    kills.append(monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    yield kills
    ended.set()
    thread.join()


def _tabs(pid: int) -> list[psutil.Process]:
    """The processes in which a server's pages run."""
    tabs = []
    for process in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.Error):
            if "--type=renderer" in process.cmdline():
                tabs.append(process)
    return tabs


def test_everyone_gets_their_own_image(callers):
    crowd = callers()
    crowd.run(FIGURES)
    assert crowd.wrong == []
    assert crowd.unavailable == 0


def test_everyone_gets_their_own_image_while_browsers_die_and_callers_hang_up(callers, killer):
    crowd = callers(hang_up=0.3)
    crowd.run(FIGURES)
    assert crowd.wrong == []
    assert crowd.left > FIGURES / 10
    assert len(killer) > 1
    assert crowd.unavailable <= len(killer)


def test_a_number_is_read_from_no_other_figure():
    """The tests above can fail."""
    drawings = [numbered.figure(number) for number in (0, 1, 2, 1000, 65535)]
    assert len({json.dumps(drawing["layout"]["shapes"]) for drawing in drawings}) == 5


async def test_an_image_that_nobody_waits_for_is_not_the_next_ones():
    """Those who ask a renderer themselves, and give up at any moment."""
    chance = random.Random(1)
    async with started(browsers=2, timeout=30) as renderer:

        async def ask(number: int) -> None:
            format = numbered.FORMATS[number % len(numbered.FORMATS)]
            figure = json.dumps(numbered.figure(number)).encode()
            rendering = asyncio.create_task(renderer.render(figure, format=format, **numbered.SIZE))
            if chance.random() < 0.5:
                await asyncio.wait([rendering], timeout=chance.choice([0, 0.001, 0.01, 0.03]))
                rendering.cancel()
                with suppress(asyncio.CancelledError):
                    await rendering
            else:
                assert numbered.number((await rendering).image, format) == number

        async def crowd(first: int) -> None:
            for number in range(first, FIGURES, THREADS):
                await ask(number)

        await asyncio.gather(*map(crowd, range(THREADS)))


async def test_what_is_said_of_a_figure_is_said_to_nobody_else():
    """The browser reports a blocked load when it likes, maybe not before the next figure."""
    airport = {"type": "scattermap", "lon": [1], "lat": [1], "marker": {"symbol": "airport"}}
    ordinary = json.dumps({"data": [{"y": [1]}]}).encode()
    async with started(browsers=1, timeout=20) as renderer:
        usual = (await renderer.render(ordinary, format="png", **numbered.SIZE)).warnings
        for i in range(30):
            image = {"source": f"http://h{i}.example/a.svg"}
            layout = {"map": {"style": "white-bg"}, "images": [image]}
            body = json.dumps({"data": [airport], "layout": layout}).encode()
            format = ("svg", "png", "pdf")[i % 3]
            warnings = (await renderer.render(body, format=format, **numbered.SIZE)).warnings
            ours, browsers = warnings
            assert f"(http://h{i}.example)" in ours
            assert browsers.startswith(
                "Something in the figure (such as the marker.symbol of a map)"
            )
            after = (await renderer.render(ordinary, format=format, **numbered.SIZE)).warnings
            assert after == usual, i
        assert (await renderer.render(ordinary, format="png", **numbered.SIZE)).warnings == usual


async def test_who_waits_for_an_endless_figure_waits_alone():
    figure = json.dumps(BOMBS["ticks"].make()).encode()
    async with started(browsers=2, timeout=3) as renderer:
        endless = asyncio.create_task(renderer.render(figure, format="png", **numbered.SIZE))
        await asyncio.sleep(0)
        for number in range(20):
            ordinary = json.dumps(numbered.figure(number)).encode()
            drawn = await renderer.render(ordinary, format="png", **numbered.SIZE)
            assert numbered.number(drawn.image, "png") == number
        with suppress(Exception):
            await endless
