"""Figures to images on a Dask cluster: what the server calls in place of its own browsers."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from distributed import KilledWorker

from plotly_nbext import __version__
from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import (
    FORMATS,
    Rendered,
    RenderError,
    RendererUnavailable,
)
from plotly_nbext.server.rendering.cluster import browsers
from plotly_nbext.server.rendering.cluster.link import Link
from plotly_nbext.server.rendering.cluster.plugin import BrowsersPlugin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from distributed import Client, Future

    from plotly_nbext.server.rendering import Renderer

__all__ = ["ClusterRenderer"]

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a figure is sent whose link, or whose worker's browser, was lost."""


LARGE_BYTES = 1_000_000
"""A figure that goes straight to a worker, past the scheduler and its memory."""

DIRECT_WITHIN = 5.0
"""Seconds for that, before it goes the other way."""


class _Lost(Exception):  # noqa: N818 - reads as what happened
    """The cluster no longer knows of a task."""


class ClusterEdition:
    """The edition of a cluster's workers, as :class:`.Edition` is that of this machine."""

    def __init__(self, local: Renderer | None) -> None:
        self._local = local
        self.link: Link | None = None

    @property
    def at_start(self) -> str:
        """The edition that draws now: what another drew is found out one by one."""
        return "+".join(sorted(self.link.editions)) if self.link else ""

    async def name(self) -> str:
        """Return the workers' edition, or all of theirs: what several draw is not lasting."""
        if self._local is not None and (self.link is None or self.link.outage.done()):
            return await self._local.edition.name()
        return self.at_start


class ClusterRenderer:
    """Draws figures in the browsers of a Dask cluster's workers.

    Parameters
    ----------
    address : str
        The scheduler's.
    browsers : int, optional
        How many browsers a worker has at most; by default one for each of its threads, up to four.
    allowed : sequence of str
        As for :class:`.Renderer`: servers that differ in it have browsers of their own.
    local : Renderer, optional
        Draws while the cluster can't.

    Attributes
    ----------
    edition : ClusterEdition
        What pictures depend on besides their figures.
    """

    def __init__(
        self,
        address: str,
        browsers: int | None = None,
        allowed: Sequence[str] = (),
        local: Renderer | None = None,
    ) -> None:
        self.edition = ClusterEdition(local)
        self._address = address
        self._local = local
        hosts = tuple(sorted(set(allowed)))
        choice = hashlib.sha256("\n".join(hosts).encode()).hexdigest()[:12]
        self._name = f"plotly_nbext-{__version__}-{choice}"
        self._plugin = BrowsersPlugin(self._name, __version__, hosts, browsers)
        self._schema: tuple[str, bytes] | None = None
        self._sending: set[asyncio.Task[Any]] = set()

    @property
    def slots(self) -> int:
        """How many figures are drawn at once."""
        return self._link.slots

    @property
    def browsers(self) -> int:
        """How many browsers the cluster has; some of them may yet have to be started."""
        return self._link.slots

    @property
    def waiting(self) -> int:
        """How many figures wait to be sent to the cluster."""
        return self._link.turns.statistics().tasks_waiting

    async def start(self) -> None:
        """Begin to reach for the cluster; it need not be there yet."""
        if self._local is not None:
            await self._local.start()
        self._link = self.edition.link = Link(
            self._address, self._plugin, is_replaced=self._local is not None
        )

    async def close(self) -> None:
        """Leave the cluster; figures in work and in the queue fail."""
        await self._link.close()
        if self._local is not None:
            await self._local.close()

    async def ready(self) -> str | None:
        """Tell why no figure can be drawn now, if none can."""
        return None if self._local is not None else self._link.problem

    async def render(
        self,
        figure: bytes,
        *,
        format: str,  # noqa: A002 - the request's own name for it
        width: int,
        height: int,
        scale: float,
    ) -> Rendered:
        """Draw a figure; all is as for :meth:`.Renderer.render`."""
        if format not in FORMATS:
            raise RenderError(f"The format {format!r} is none of {', '.join(FORMATS)}.")
        options = {"format": format, "width": width, "height": height, "scale": scale}
        drawn = await self._ask(f"plotly_nbext_{format}", browsers.draw, figure, options)
        if drawn is None:
            assert self._local is not None  # noqa: S101 - or it had failed
            return await self._local.render(
                figure, format=format, width=width, height=height, scale=scale
            )
        edition = drawn["edition"]  # none, where it is another than when the worker started
        lasting = drawn["lasting"] and edition != "" and edition == self.edition.at_start
        return Rendered(drawn["image"], tuple(drawn["warnings"]), lasting)

    async def plot_schema(self) -> bytes:
        """Return plotly.js's own description; see :meth:`.Renderer.plot_schema`."""
        edition = self.edition.at_start
        if self._schema is None or self._schema[0] != edition:
            told = await self._ask("plotly_nbext_schema", browsers.plot_schema)
            if told is None:
                assert self._local is not None  # noqa: S101 - or it had failed
                return await self._local.plot_schema()
            self._schema = told["edition"], told["schema"]
        return self._schema[1]

    async def _ask(
        self, kind: str, task: Callable[..., Awaitable[dict[str, Any]]], *arguments: Any
    ) -> dict[str, Any] | None:
        """Have a worker do something; None where it is for this machine to be done."""
        async with self._link.turns:
            for attempt in range(ATTEMPTS):
                client = await self._connected()
                if client is None:
                    return None
                sent = [await self._sent(client, each) for each in arguments]
                if self._link.client is not client:
                    continue
                future = client.submit(
                    task,
                    self._name,
                    *sent,
                    # a name of its own, as a result that Dask knows may be another edition's
                    key=f"{kind}-{uuid4().hex}",
                    pure=False,
                    resources={self._name: 1},
                )
                try:
                    outcome = await self._outcome(future)
                except _Lost:
                    continue
                finally:
                    # given up, unless it is done; a page is busy until it has answered
                    future.release()  # type: ignore[no-untyped-call]  # Dask has few types
                    # what was brought to a worker goes with the last who knows of it, and an
                    # exception knows the variables of its frames
                    del sent
                if outcome.get("error") == "BrowserNotFound" and attempt + 1 < ATTEMPTS:
                    continue
                return _unless_error(outcome)
        raise RendererUnavailable("The Dask cluster lost the figure again and again.")

    async def _sent(self, client: Client, argument: Any) -> Any:
        """Bring what is large to a worker; other workers get it from there."""
        if not isinstance(argument, bytes) or len(argument) < LARGE_BYTES:
            return argument
        # broken off midway, a worker would keep what no scheduler knows of: it is brought to its
        # end, and then let go if nobody waits for it any more
        sending = asyncio.create_task(_scattered(client, argument, self._link.workers))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)
        try:
            async with asyncio.timeout(DIRECT_WITHIN):
                return await asyncio.shield(sending)
        except TimeoutError:
            return argument
        finally:
            del sending  # as below

    async def _connected(self) -> Client | None:
        """Wait for the cluster; None where this machine is to draw in its place."""
        link = self._link
        while (client := link.client) is None or not link.up.is_set():
            up: asyncio.Future[Any] = asyncio.create_task(link.up.wait())
            try:
                await asyncio.wait({up, link.outage}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                up.cancel()
            if link.outage.done():
                if self._local is None:
                    raise RendererUnavailable(link.problem)
                return None
            if link.up.is_set() and link.client is None:
                # lost just now, and not yet seen to be
                await asyncio.sleep(0.1)
        return client

    async def _outcome(self, future: Future[Any]) -> dict[str, Any]:
        """Wait for a task, as long as the cluster is there."""
        result = asyncio.ensure_future(future.result())
        ends = {result, self._link.outage, self._link.lost}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not result.done() or result.cancelled():
                raise _Lost
        finally:
            result.cancel()
        try:
            outcome: dict[str, Any] = result.result()
        except (CancelledError, OSError) as error:
            raise _Lost from error
        except KilledWorker as error:
            raise RenderError(
                "The figure was given up by the Dask cluster, which lost "
                f"{_workers(error.allowed_failures + 1)} that drew it. Most likely it takes more "
                "memory than there is: fewer points, or a smaller width, height or scale, would "
                "take less."
            ) from error
        return outcome


async def _scattered(client: Client, argument: bytes, workers: Sequence[str]) -> Any:
    try:
        return await client.scatter(  # type: ignore[no-untyped-call]  # Dask has few types
            argument, workers=workers, direct=True, hash=False
        )
    except (OSError, CancelledError):  # no worker there, or no way to it from here
        return argument


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers, one after the other,"


def _unless_error(outcome: dict[str, Any]) -> dict[str, Any]:
    """Raise what was told of an error."""
    kind, message = outcome.get("error"), outcome.get("message", "")
    if kind == "RenderError":
        raise RenderError(message)
    if kind == "BrowserNotFound":
        raise BrowserNotFound(message, hint=outcome["hint"])
    if kind is not None:
        raise RendererUnavailable(message)
    return outcome
