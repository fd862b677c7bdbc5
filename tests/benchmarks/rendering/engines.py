"""What renders. Each engine is opened once, and renders one figure at a time, timed.

plotly's own export is measured with MathJax switched off: kaleido would fetch it from the web for
each image, and without a network wait for it in vain.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import kaleido
import plotly.io as pio
import requests
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import sync_playwright

import plotly_nbext
from plotly_nbext.server.rendering import Renderer
from plotly_nbext.server.rendering.discovery import find_browser

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTH, HEIGHT = 700, 500
OPTIONS = {"width": WIDTH, "height": HEIGHT, "scale": 1}
FLAGS = ("--no-sandbox", "--enable-unsafe-swiftshader", "--force-color-profile=srgb")
PAGE = "<!DOCTYPE html><img id='sheet'>"
ADDRESS = "http://localhost/"
USER, KEY = "benchmark", "any"

logging.getLogger("kaleido").setLevel(logging.ERROR)
logging.getLogger("choreographer").setLevel(logging.ERROR)


class Engine(Protocol):
    """Something that renders."""

    name: str

    def __enter__(self) -> Self:
        """Start it."""

    def __exit__(self, *_: object) -> None:
        """End its processes."""

    def time(self, figure: go.Figure, format: str) -> float:
        """Render a figure and return the seconds that it took."""


class InPage:
    """``Plotly.toImage`` in a page that is open, by the page's own clock: the limit.

    A page can't make a PDF. What is timed for one is its SVG, shown as an image, and printed.
    """

    name = "`Plotly.toImage` in a warm page"

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=find_browser(), args=list(FLAGS)
        )
        self._page = self._browser.new_page()
        script = resources.files("plotly") / "package_data" / "plotly.min.js"
        # an address of its own, as for a page without one a map never loads
        self._page.route("**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        self._page.goto(ADDRESS)
        self._page.add_script_tag(path=str(script))
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def time(self, figure: go.Figure, format: str) -> float:
        options = OPTIONS | {"format": "svg" if format == "pdf" else format}
        milliseconds: float = self._page.evaluate(
            """async ([text, options]) => {
                const figure = JSON.parse(text);
                const start = performance.now();
                const image = await Plotly.toImage(figure, options);
                const took = performance.now() - start;
                document.getElementById("sheet").src = image;
                return took;
            }""",
            [figure.to_json(), options],
        )
        seconds = milliseconds / 1000
        if format == "pdf":
            start = time.perf_counter()
            self._page.pdf(width=f"{WIDTH}px", height=f"{HEIGHT}px")
            seconds += time.perf_counter() - start
        return seconds


class WithoutHTTP:
    """Our renderer, called in this process: what is left when the way to the server is not paid."""

    name = "plotly_nbext, without HTTP"

    def __enter__(self) -> Self:
        self._thread = start_blocking_portal()
        self._portal = self._thread.__enter__()
        self._renderer = Renderer(browsers=1)
        self._portal.call(self._renderer.start)
        return self

    def __exit__(self, *_: object) -> None:
        self._portal.call(self._renderer.close)
        self._thread.__exit__(None, None, None)

    def time(self, figure: go.Figure, format: str) -> float:
        body = figure.to_json().encode()
        render = partial(self._renderer.render, body, **OPTIONS, format=format)
        start = time.perf_counter()
        self._portal.call(render)
        return time.perf_counter() - start


class OverHTTP:
    """Our server, in a process of its own: ``POST /v2/images`` with the figure's JSON."""

    name = "plotly_nbext, over HTTP"

    def __init__(self, browsers: int = 1, cache_mb: int = 0) -> None:
        self._options = ["--browsers", str(browsers), "--cache-mb", str(cache_mb)]

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        command = [sys.executable, "-m", "plotly_nbext", "serve", "--data", self._folder.name]
        self.process = subprocess.Popen(
            [*command, *self._options, "--accept-any-credentials"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]
        self._session = self.session()
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self.process.terminate()
        self.process.wait()
        self._folder.cleanup()

    def session(self) -> requests.Session:
        """Make a connection."""
        session = requests.Session()
        session.trust_env = False
        session.auth = (USER, KEY)
        session.headers["Plotly-Client-Platform"] = "benchmark"
        session.headers["Content-Type"] = "application/json"
        return session

    def body(self, figure: go.Figure, format: str) -> bytes:
        """Write the request's body."""
        return f'{{"figure":{figure.to_json()},"format":"{format}"}}'.encode()

    def post(self, body: bytes, session: requests.Session | None = None) -> bytes:
        """Send a body and return the image."""
        response = (session or self._session).post(f"{self.url}/v2/images", body, timeout=120)
        response.raise_for_status()
        return response.content

    def time(self, figure: go.Figure, format: str) -> float:
        body = self.body(figure, format)
        start = time.perf_counter()
        self.post(body)
        return time.perf_counter() - start


class FromPython(OverHTTP):
    """Our server as a notebook calls it: the figure's encoding and all checks included."""

    name = "`plotly_nbext.render(fig)`"

    def __enter__(self) -> Self:
        super().__enter__()
        self.client = plotly_nbext.connect(self.url, USER, KEY)
        return self

    def time(self, figure: go.Figure, format: str) -> float:
        start = time.perf_counter()
        self.client.render(figure, format, WIDTH, HEIGHT)
        return time.perf_counter() - start


class KaleidoServer:
    """kaleido, with the server that keeps its browser open."""

    name = "kaleido, server kept open"

    def __enter__(self) -> Self:
        kaleido.start_sync_server(mathjax=False, silence_warnings=True)
        return self

    def __exit__(self, *_: object) -> None:
        kaleido.stop_sync_server(silence_warnings=True)

    def time(self, figure: go.Figure, format: str) -> float:
        start = time.perf_counter()
        kaleido.calc_fig_sync(figure, opts=OPTIONS | {"format": format})
        return time.perf_counter() - start


class ToImage:
    """plotly's own way, as it is called: a browser for each image.

    In a process of its own, because it would use a kaleido server of this one.
    """

    name = "`fig.to_image()` (kaleido)"

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        nothing = Path(self._folder.name, "nothing.js")
        nothing.touch()
        self._process = ProcessPoolExecutor(
            1, get_context("spawn"), _without_mathjax, [nothing.as_uri()]
        )
        self._process.submit(int).result()  # it is there
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown()
        self._folder.cleanup()

    def time(self, figure: go.Figure, format: str) -> float:
        return self._process.submit(_to_image, figure, format).result()


def _without_mathjax(nothing: str) -> None:
    pio.defaults.mathjax = nothing


def _to_image(figure: go.Figure, format: str) -> float:
    start = time.perf_counter()
    figure.to_image(format, **OPTIONS)
    return time.perf_counter() - start


class KaleidoTabs:
    """kaleido's own way to render several figures at once, with a tab for each."""

    def __init__(self, tabs: int) -> None:
        self._tabs = tabs
        self.name = f"kaleido, {tabs} tab{'s' if tabs > 1 else ''} kept open"

    async def render(self, figures: list[go.Figure], at_once: int) -> tuple[list[float], float]:
        """Render figures, some at once; return the seconds of each and of all."""
        took: list[float] = []
        turn = asyncio.Semaphore(at_once)
        async with kaleido.Kaleido(n=self._tabs, mathjax=False) as tabs:
            options = OPTIONS | {"format": "png"}
            await tabs.calc_fig(figures[0], opts=options)

            async def one(figure: go.Figure) -> None:
                async with turn:
                    start = time.perf_counter()
                    await tabs.calc_fig(figure, opts=options)
                    took.append(time.perf_counter() - start)

            start = time.perf_counter()
            await asyncio.gather(*map(one, figures))
            return took, time.perf_counter() - start
