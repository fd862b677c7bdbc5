"""What renders: each engine is opened once, and times one image at a time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import plotly.graph_objects as go
import requests

from plotly_nbext.columns import json
from plotly_nbext.server.rendering.assets import AssetServer
from plotly_nbext.server.rendering.page import Page

if TYPE_CHECKING:
    pass

WIDTH, HEIGHT = 700, 500


class Engine(Protocol):
    """Something that renders."""

    name: str

    def time(self, figure: dict[str, Any], format: str) -> float:
        """Render a figure and return the seconds that it took."""

    def close(self) -> None:
        """End its processes."""


class InPage:
    """``Plotly.toImage`` in a warm page, timed by the page: what no server can do without."""

    name = "Plotly.toImage in the page"

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._assets = AssetServer()
        self._loop.run_until_complete(self._assets.start())
        self._page = self._loop.run_until_complete(Page.open(self._assets))

    def time(self, figure: dict[str, Any], format: str) -> float:
        """Render and return the page's own time, without the way to it."""
        options = {"format": format, "width": WIDTH, "height": HEIGHT}
        # a page makes no PDF: the SVG that it is printed from is the least
        options["format"] = "svg" if format == "pdf" else format
        script = (
            f"const figure = {go.Figure(figure).to_json()};"
            f"const start = performance.now();"
            f"await Plotly.toImage(figure, {json.dumps(options).decode()});"
            "return performance.now() - start;"
        )
        took = self._loop.run_until_complete(
            self._page._browser.cdp.call(
                "Runtime.evaluate",
                {
                    "expression": f"(async () => {{ {script} }})()",
                    "awaitPromise": True,
                    "returnByValue": True,
                },
                session=self._page._session,
            )
        )
        return took["result"]["value"] / 1000

    def close(self) -> None:
        """End the browser."""
        self._loop.run_until_complete(self._page.close())
        self._loop.run_until_complete(self._assets.close())
        self._loop.close()


class OverHTTP:
    """Our server: ``POST /v2/images`` over loopback."""

    name = "plotly_nbext over HTTP"

    def __init__(self, browsers: int = 1) -> None:
        self._folder = tempfile.TemporaryDirectory()
        data = Path(self._folder.name)
        command = [sys.executable, "-m", "plotly_nbext"]
        options = ["--browsers", str(browsers), "--accept-any-credentials", "--cache-mb", "0"]
        self._process = subprocess.Popen(
            [*command, "serve", "--data", str(data), *options], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.pid = self._process.pid
        self._url = self._process.stdout.readline().split()[-1]
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = ("bench", "mark")
        self._session.headers["Plotly-Client-Platform"] = "benchmark"

    def time(self, figure: dict[str, Any], format: str) -> float:
        """Render and return the time of the request, the figure's encoding included."""
        start = time.perf_counter()
        body = f'{{"figure":{go.Figure(figure).to_json()},"format":"{format}"}}'
        response = self._session.post(
            f"{self._url}/v2/images",
            data=body.encode(),
            headers={"Content-Type": "application/json"},
            timeout=120,
        )
        took = time.perf_counter() - start
        response.raise_for_status()
        return took

    def close(self) -> None:
        """Stop the server."""
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()
