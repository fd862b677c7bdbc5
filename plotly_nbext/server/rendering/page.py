"""One page in a browser of its own: a figure's bytes go in, an image's bytes come out."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from plotly_nbext.server.rendering.browser import Browser
from plotly_nbext.server.rendering.discovery import find_browser
from plotly_nbext.server.rendering.errors import (
    CommandRefused,
    PageLost,
    RenderError,
    RendererUnavailable,
)
from plotly_nbext.server.rendering.pdf import crop
from plotly_nbext.server.rendering.rendered import Rendered

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

    from plotly_nbext.server.rendering.assets import AssetServer

__all__ = ["Page", "Request"]

START_TIMEOUT = 60.0
"""Seconds that a browser has to start and load plotly.js."""

CSS_PIXELS_PER_INCH = 96
POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a page besides the figure.

    Attributes
    ----------
    format : str
        ``png``, ``jpeg``, ``webp``, ``svg`` or ``pdf``.
    width, height : int
        Size of the figure in CSS pixels.
    scale : float
        Pixels of the image per CSS pixel.
    """

    format: str
    width: int
    height: int
    scale: float


class Page:
    """A page with plotly.js loaded; made by :meth:`open`. It draws one figure at a time.

    Attributes
    ----------
    renders : int
        The number of figures it was given.
    """

    def __init__(self, browser: Browser, socket: ServerConnection, session: str) -> None:
        self.renders = 0
        self._browser = browser
        self._socket = socket
        self._session = session
        self._killed = False

    @classmethod
    async def open(cls, assets: AssetServer) -> Page:
        """Start a browser and load the page.

        Raises
        ------
        BrowserNotFound
            There is no browser.
        RendererUnavailable
            The browser does not start.
        """
        program = find_browser()
        try:
            browser = Browser.start(program, port=assets.port)
        except OSError as error:
            raise RendererUnavailable(f"The browser does not start. {error}") from error
        try:
            async with asyncio.timeout(START_TIMEOUT):
                return await cls._load(browser, assets)
        except (CommandRefused, PageLost, TimeoutError) as error:
            said = browser.last_words
            browser.kill()
            await browser.close()
            reason = str(error) or f"It took longer than {START_TIMEOUT:g} seconds."
            raise RendererUnavailable(f"The browser does not start. {reason}\n{said}") from error
        except BaseException:
            browser.kill()
            await browser.close()
            raise

    @classmethod
    async def _load(cls, browser: Browser, assets: AssetServer) -> Page:
        # the address goes over the pipe: on the command line, every user could read its token
        url, connected = assets.expect()
        ended = asyncio.create_task(browser.cdp.wait_ended())
        try:
            target = await browser.cdp.call("Target.createTarget", {"url": url})
            attached = await browser.cdp.call(
                "Target.attachToTarget", {"targetId": target["targetId"], "flatten": True}
            )
            either: set[asyncio.Future[Any]] = {connected, ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not connected.done():
                raise PageLost("The browser is gone.")
            return cls(browser, connected.result(), attached["sessionId"])
        finally:
            connected.cancel()
            ended.cancel()

    @property
    def alive(self) -> bool:
        """Whether its browser was there when last heard of."""
        return not self._killed and self._socket.state is State.OPEN

    async def render(self, figure: bytes, request: Request) -> Rendered:
        """Draw a figure.

        Parameters
        ----------
        figure : bytes
            JSON, UTF-8.
        request : Request
            Form and size of the image.

        Raises
        ------
        RenderError
            The figure can't be drawn.
        PageLost
            The page or its browser died meanwhile.
        """
        self.renders += 1
        asked = {
            "format": request.format,
            "width": request.width,
            "height": request.height,
            "scale": request.scale,
        }
        try:
            await self._socket.send(orjson.dumps(asked), text=True)
            await self._socket.send(figure)
            said = orjson.loads(await self._socket.recv())
            if "error" in said:
                raise RenderError(said["error"])
            if request.format == "pdf":
                image = await self._print(request)
            else:
                image = await self._socket.recv(decode=False)
        except ConnectionClosed as error:
            raise PageLost("The page is gone.") from error
        return Rendered(image, tuple(said["warnings"]))

    async def plot_schema(self) -> bytes:
        """Ask plotly.js for the JSON text of its own description of all attributes.

        Raises
        ------
        PageLost
            The page or its browser died meanwhile.
        """
        answer = await self._browser.cdp.call(
            "Runtime.evaluate",
            {"expression": "JSON.stringify(Plotly.PlotSchema.get())", "returnByValue": True},
            session=self._session,
        )
        schema: str = answer["result"]["value"]
        return schema.encode()

    async def _print(self, request: Request) -> bytes:
        """Print the sheet, on which the figure lies ready."""
        inches = request.scale / CSS_PIXELS_PER_INCH
        width, height = request.width * inches, request.height * inches
        options = {
            "paperWidth": width,
            "paperHeight": height,
            "marginTop": 0,
            "marginBottom": 0,
            "marginLeft": 0,
            "marginRight": 0,
            "pageRanges": "1",
        }
        try:
            printed = await self._browser.cdp.call(
                "Page.printToPDF", options, session=self._session
            )
        except CommandRefused as error:
            raise RenderError(f"The browser can't print the figure: {error}") from error
        pdf = base64.b64decode(printed["data"])
        return crop(pdf, width * POINTS_PER_INCH, height * POINTS_PER_INCH)

    def kill(self) -> None:
        """End the browser at once, whatever the page does; :meth:`close` still has to follow."""
        self._killed = True
        self._browser.kill()

    async def close(self) -> None:
        """End the browser and remove what it left on disk."""
        await self._browser.close()
