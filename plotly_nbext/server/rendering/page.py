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
from plotly_nbext.server.rendering.discovery import broken, find_browser
from plotly_nbext.server.rendering.errors import (
    CommandRefused,
    PageCrashed,
    PageLost,
    RenderError,
    RendererUnavailable,
)
from plotly_nbext.server.rendering.memory import LEAST_MEMORY, MemoryGauge
from plotly_nbext.server.rendering.pdf import crop
from plotly_nbext.server.rendering.rendered import Rendered

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection

    from plotly_nbext.server.rendering.assets import AssetServer
    from plotly_nbext.server.rendering.proxy import FilteringProxy
    from plotly_nbext.server.rendering.sandbox import Sandbox

__all__ = ["Page", "Request"]

START_TIMEOUT = 60.0
"""Seconds that a browser has to start and load plotly.js."""

LAST_WORDS = 1500
"""Characters of what a browser said that an error message quotes."""

ANSWER_TIMEOUT = 2.0
"""Seconds that a browser has to show that it is there, whatever its page does."""

WORN_RENDERS = 2000
"""Figures after which a page is worn, also where its memory can't be read."""

WORN_MEMORY = LEAST_MEMORY
"""Bytes with which a page is worn: 240 MB at first, 500 after many figures, 900 after WebGL's."""

WATCH_EVERY = 0.2
"""Seconds between two looks at a page's memory while it draws."""

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

    def __init__(
        self,
        browser: Browser,
        socket: ServerConnection,
        session: str,
        memory: MemoryGauge,
        memory_limit: int,
    ) -> None:
        self.renders = 0
        self._browser = browser
        self._socket = socket
        self._session = session
        self._memory = memory
        self._memory_limit = memory_limit
        self._drawing = False
        self._killed = False
        self._glutted = False

    @classmethod
    async def open(
        cls,
        assets: AssetServer,
        proxy: FilteringProxy | None,
        sandbox: Sandbox,
        proven: set[Path],
        memory_limit: int,
    ) -> Page:
        """Start a browser and load the page.

        Parameters
        ----------
        assets : AssetServer
            Where the page comes from.
        proxy : FilteringProxy or None
            Its way to the web; None where nothing of it is allowed.
        sandbox : Sandbox
            Whether the browser has one; this learns it where nobody knows.
        proven : set of Path
            Programs that have answered as browsers do; this one is added when it has.
        memory_limit : int
            Bytes with which the page is killed over a figure.

        Raises
        ------
        BrowserNotFound
            There is no browser, or it ends by itself and never answered: no retry helps.
        RendererUnavailable
            The browser does not start now, as when it is killed, or too slow.
        """
        program = find_browser()
        sandboxed = sandbox.use()
        try:
            browser = Browser.start(
                program,
                port=assets.port,
                proxy=proxy.url if proxy else None,
                sandboxed=sandboxed,
            )
        except OSError as error:
            raise RendererUnavailable(f"{program} does not start. {error}") from error
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await browser.cdp.call("Browser.getVersion")
                proven.add(program)
                return await cls._load(browser, assets, memory_limit)
        except (CommandRefused, PageLost, TimeoutError) as error:
            said = browser.said
            browser.kill()
            await browser.close()
            if sandboxed and sandbox.learn(said):
                return await cls.open(assets, proxy, sandbox, proven, memory_limit)
            match error:
                case PageLost():
                    reason = "it ended"
                case TimeoutError():
                    reason = f"it took longer than {START_TIMEOUT:g} seconds"
                case _:
                    reason = f"it refused a command ({error})"
            words = f".\nIts last words:\n{said[-LAST_WORDS:]}" if said else " and said nothing."
            message = f"{program} does not start: {reason}{words}"
            if browser.gave_up and program not in proven:
                raise broken(message) from error
            raise RendererUnavailable(message) from error
        except BaseException:
            browser.kill()
            await browser.close()
            raise

    @classmethod
    async def _load(cls, browser: Browser, assets: AssetServer, memory_limit: int) -> Page:
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
            memory = await MemoryGauge.of(browser.cdp)
            socket, session = connected.result(), attached["sessionId"]
            return cls(browser, socket, session, memory, memory_limit)
        finally:
            connected.cancel()
            ended.cancel()

    @property
    def alive(self) -> bool:
        """Whether its browser was there when last heard of, and it owes nobody an answer.

        A page whose answer was not waited for to the end would give it to the next caller.
        """
        return not (self._drawing or self._killed) and self._socket.state is State.OPEN

    async def wait_lost(self) -> None:
        """Wait until it is gone, or its browser."""
        await self._socket.wait_closed()

    @property
    def worn(self) -> bool:
        """Whether it should be replaced: figures leave some memory behind, some a lot."""
        return self.renders >= WORN_RENDERS or self._memory.read() > WORN_MEMORY

    async def answers(self) -> bool:
        """Ask whether its browser is there, whatever the page itself does."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                await self._browser.cdp.call("Browser.getVersion")
        except (PageLost, TimeoutError):
            return False
        return True

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
            The figure can't be drawn, or takes too much memory.
        PageCrashed
            The page died meanwhile, in a browser that is well.
        PageLost
            Its browser died meanwhile.
        """
        before = self._memory.read()
        self.renders += 1
        self._drawing = True
        watch = asyncio.create_task(self._watch_memory())
        try:
            rendered = await self._exchange(figure, request)
        except RenderError:
            self._drawing = False
            raise
        except (ConnectionClosed, CommandRefused, PageLost) as error:
            # another figure may have left most of it: then this one gets a page of its own
            if self._glutted and before < self._memory_limit / 2:
                raise RenderError(
                    f"The figure takes more than {self._memory_limit / 1e9:.2g} GB of memory to "
                    "draw and was given up. Fewer points would take less."
                ) from error
            if await self.answers():
                raise PageCrashed("The page crashed.") from error
            raise PageLost("The browser is gone.") from error
        except (ValueError, TypeError, LookupError) as error:
            # the page stays unfit for use: what follows would be the next figure's answer
            raise RenderError("The page that drew the figure gave no readable answer.") from error
        finally:
            watch.cancel()
        self._drawing = False
        return rendered

    async def _exchange(self, figure: bytes, request: Request) -> Rendered:
        """Send the page a figure and take its whole answer."""
        asked = {
            "format": request.format,
            "width": request.width,
            "height": request.height,
            "scale": request.scale,
        }
        await self._socket.send(orjson.dumps(asked), text=True)
        await self._socket.send(figure)
        said = orjson.loads(await self._socket.recv())
        if "error" in said:
            raise RenderError(said["error"])
        if request.format == "pdf":
            image = await self._print(request)
        else:
            image = await self._socket.recv(decode=False)
        return Rendered(image, tuple(said["warnings"]), lasting=not said["web"])

    async def _watch_memory(self) -> None:
        """Kill the page when a figure takes more memory than it should."""
        while not self._glutted:
            await asyncio.sleep(WATCH_EVERY)
            if self._memory.read() > self._memory_limit:
                self._glutted = True
                self.kill()

    async def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send the page a command, whose answer never comes when the page crashes."""
        answer = asyncio.create_task(self._browser.cdp.call(method, params, session=self._session))
        crashed = asyncio.create_task(self.wait_lost())
        try:
            await asyncio.wait({answer, crashed}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise PageLost("The page is gone.")
            return answer.result()
        finally:
            answer.cancel()
            crashed.cancel()

    async def plot_schema(self) -> bytes:
        """Ask plotly.js for the JSON text of its own description of all attributes.

        Raises
        ------
        PageLost
            The page or its browser died meanwhile.
        """
        answer = await self._call(
            "Runtime.evaluate",
            {"expression": "JSON.stringify(Plotly.PlotSchema.get())", "returnByValue": True},
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
            "generateTaggedPDF": False,  # a picture has no structure to tell of
        }
        try:
            printed = await self._call("Page.printToPDF", options)
        except CommandRefused as error:
            # it is also what is said of a page that crashed: such a one does not answer here
            await self._call("Runtime.evaluate", {"expression": "0"})
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
