"""A server's link to a Dask cluster: made again whenever it is lost, as long as the server runs."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import cloudpickle  # type: ignore[import-untyped]  # it has no types
from anyio import CapacityLimiter
from distributed import Client

from plotly_nbext.server.rendering.cluster import placing
from plotly_nbext.server.rendering.cluster import plugin as plugin_module

if TYPE_CHECKING:
    from plotly_nbext.server.rendering.cluster.plugin import BrowsersPlugin

__all__ = ["Link"]

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for which figures wait for a cluster that is away."""

LOOK_AFTER = 1.0
"""Seconds between two looks at the cluster."""

ANSWER_WITHIN = 5.0
"""Seconds that a scheduler has to answer."""

AHEAD = 2
"""Figures that are sent for each browser, so that it has the next when it is done with one."""

UNREACHABLE = "The Dask scheduler can't be reached."


class Link:
    """What is known of a cluster, and the client that submits to it.

    Parameters
    ----------
    address : str
        The scheduler's.
    plugin : BrowsersPlugin
        What workers need to draw.
    is_replaced : bool
        Whether this machine draws while the cluster can't.

    Attributes
    ----------
    up : asyncio.Event
        Set as long as the cluster has browsers, as far as is known.
    lost : asyncio.Future
        Done when this connection is, and another is to be made: what was submitted is lost.
    outage : asyncio.Future
        Done when it has had none for too long.
    turns : CapacityLimiter
        As many figures as may be on the cluster for this server; first come, first served.
    problem : str or None
        Why nothing can be drawn now.
    slots : int
        Browsers that the cluster has, or had when it was last seen with some.
    workers : list of str
        The addresses of workers with browsers, likewise.
    editions : set of str
        Those of these workers.
    """

    def __init__(self, address: str, plugin: BrowsersPlugin, *, is_replaced: bool) -> None:
        self.up = asyncio.Event()
        self.outage: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.turns = CapacityLimiter(1)
        self.problem: str | None = UNREACHABLE
        self.slots = 1
        self.workers: list[str] = []
        self.editions: set[str] = set()
        self._address = address
        self._plugin = plugin
        self._is_replaced = is_replaced
        self._client: Client | None = None
        self._registered_with = ""
        self._with_browsers: set[str] = set()
        self._failure = ""
        self._down_since = asyncio.get_running_loop().time()
        self._keeping = asyncio.create_task(self._keep())

    @property
    def client(self) -> Client | None:
        """The client, while it is connected."""
        client = self._client
        return client if client is not None and client.status == "running" else None

    async def close(self) -> None:
        """Leave the cluster; its workers keep their browsers, for other servers may draw."""
        self._keeping.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeping
        self.problem = "The renderer is shut down."
        self.up.clear()
        self.outage.cancel()
        await self._disconnect()

    async def _keep(self) -> None:
        while True:
            try:
                seen = await self._look()
                if self._has_more(seen):
                    await self._place()
                self._see(seen)
            except (Exception, asyncio.CancelledError) as error:  # it may pass
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                if not isinstance(error, OSError) and self._failure != repr(error):
                    self._failure = repr(error)
                    logger.warning("The Dask cluster fails: %s", self._failure)
                self._miss(UNREACHABLE)
                await self._disconnect()
            await asyncio.sleep(LOOK_AFTER)

    async def _look(self) -> dict[str, Any]:
        if self.client is None:
            # at once: what is sent before the next cluster has browsers would lie there for ever
            self._miss(UNREACHABLE)
            await self._disconnect()
            # a lasting connection of its own, and images straight from the workers
            self._client = Client(  # type: ignore[no-untyped-call]  # Dask has few types
                self._address,
                asynchronous=True,
                direct_to_workers=True,
                set_as_default=False,
                timeout=ANSWER_WITHIN,
                name="plotly_nbext",
            )
            await self._client
        assert self._client is not None  # noqa: S101 - made above
        scheduler: Any = self._client.scheduler
        async with asyncio.timeout(ANSWER_WITHIN):
            seen: dict[str, Any] = await scheduler.identity()
        if self._registered_with and seen["id"] != self._registered_with:
            raise ConnectionResetError("The scheduler is another, which knows nothing of before.")
        if not self._registered_with:
            async with asyncio.timeout(PATIENCE):
                await self._register(self._client)
            self._registered_with = seen["id"]
        return seen

    def _has_more(self, seen: dict[str, Any]) -> bool:
        """Tell whether workers have browsers that had none before."""
        now = {at for at, each in seen["workers"].items() if self._plugin.name in each["resources"]}
        before, self._with_browsers = self._with_browsers, now
        return not now <= before

    async def _place(self) -> None:
        """Have figures drawn that found no worker with a browser when they came.

        Dask looks for a worker that has what a task needs when a worker comes, and not when one
        that is there gets it.
        """
        assert self._client is not None  # noqa: S101 - it was just asked
        cloudpickle.register_pickle_by_value(placing)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._client.run_on_scheduler(  # type: ignore[no-untyped-call]  # as below
                    placing.place, resource=self._plugin.name
                )
        finally:
            cloudpickle.unregister_pickle_by_value(placing)

    async def _register(self, client: Client) -> None:
        cloudpickle.register_pickle_by_value(plugin_module)
        try:
            await client.register_plugin(self._plugin, name=self._plugin.name)
        finally:
            cloudpickle.unregister_pickle_by_value(plugin_module)

    async def _disconnect(self) -> None:
        client, self._client, self._registered_with = self._client, None, ""
        if client is not None:
            self.lost.set_result(None)
            self.lost = asyncio.get_running_loop().create_future()
            # a task of its own: what it meets, a cancellation too, is not this one's
            closing = asyncio.ensure_future(
                client.close(timeout=1)  # type: ignore[no-untyped-call]  # as above
            )
            await asyncio.wait({closing}, timeout=ANSWER_WITHIN)
            closing.cancel()
            await asyncio.gather(closing, return_exceptions=True)

    def _see(self, seen: dict[str, Any]) -> None:
        name, workers = self._plugin.name, seen["workers"]
        slots = {at: int(each["resources"].get(name, 0)) for at, each in workers.items()}
        told = [each["metrics"].get(name, {}) for each in workers.values()]
        editions = {each["edition"] for each in told if each.get("slots")}
        # those that have come since tell their edition a moment later
        if not editions or not any(slots.values()):
            self._miss(_lack(told))
            return
        self.editions = editions
        self.workers = [address for address, some in slots.items() if some]
        self.slots = sum(slots.values())
        self.turns.total_tokens = self.slots * AHEAD
        if self.problem is not None:
            logger.info("Figures are drawn by the Dask cluster at %s.", self._address)
            self.problem = None
            self.up.set()
            if self.outage.done():
                self.outage = asyncio.get_running_loop().create_future()

    def _miss(self, problem: str) -> None:
        now = asyncio.get_running_loop().time()
        if self.problem is None:
            self._down_since = now
        self.problem = problem
        self.up.clear()
        if now - self._down_since >= PATIENCE and not self.outage.done():
            here = ", and this machine does" if self._is_replaced else ""
            logger.warning(
                "The Dask cluster at %s draws no figures%s: %s", self._address, here, problem
            )
            self.outage.set_result(None)


def _lack(told: list[dict[str, Any]]) -> str:
    if not told:
        return "The Dask cluster has no workers."
    lacks = {each["lack"] for each in told if "lack" in each}
    # what a program said may follow the first line
    reasons = " ".join(sorted(lack.partition("\n")[0] for lack in lacks))
    return f"No worker of the Dask cluster has browsers. {reasons}".rstrip()
