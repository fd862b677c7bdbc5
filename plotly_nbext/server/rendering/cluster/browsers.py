"""A worker's browsers, and the tasks that draw with them."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from distributed import get_worker

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import Renderer, RenderError, RendererUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from distributed import Worker

__all__ = ["Browsers", "draw", "plot_schema"]

logger = logging.getLogger(__name__)

MOST = 4
"""Browsers that a worker has unless the operator says otherwise, if it has as many threads."""

LOOK_AFTER = 5.0
"""Seconds between two looks at what is installed, and between two tries to start a browser."""


class Browsers:
    """Browsers in a worker's event loop, which the scheduler knows as a resource of the worker.

    So figures go to workers with browsers, and to each as many at once as it has.

    Parameters
    ----------
    worker : Worker
        Whose they are.
    name : str
        The resource's.
    allowed : sequence of str
        As for :class:`.Renderer`.
    most : int, optional
        How many there are at most; never more than the worker has threads, as it runs no more
        tasks at once.
    """

    def __init__(self, worker: Worker, name: str, allowed: Sequence[str], most: int | None) -> None:
        self._worker = worker
        self._name = name
        self._slots = min(most or MOST, worker.state.nthreads)
        self._renderer = Renderer(self._slots, allowed=allowed)
        self._told: dict[str, Any] = {"lack": "The worker's browser is about to start."}
        self._tending: asyncio.Task[None] | None = None

    def told(self, _worker: Worker) -> dict[str, Any]:
        """Tell the scheduler, with each heartbeat, what servers want to know."""
        return self._told

    async def start(self) -> None:
        """Begin to start the first browser."""
        await self._renderer.start()
        self._tending = asyncio.create_task(self._tend())

    async def close(self) -> None:
        """End all browsers at once."""
        if self._tending is not None:
            self._tending.cancel()
            with suppress(asyncio.CancelledError):
                await self._tending
        await self._renderer.close()

    async def render(self, figure: bytes, **options: Any) -> dict[str, Any]:
        """Draw a figure; tell as well by which edition, or by none where that may have changed."""
        try:
            rendered = await self._renderer.render(figure, **options)
        except BrowserNotFound as error:
            await self._withdraw(error)
            raise
        return {
            "image": rendered.image,
            "warnings": list(rendered.warnings),
            "lasting": rendered.lasting,
            "edition": await self._edition(),
        }

    async def plot_schema(self) -> dict[str, Any]:
        """Return plotly.js's own description of all attributes."""
        return {"schema": await self._renderer.plot_schema(), "edition": await self._edition()}

    async def _edition(self) -> str:
        """Name the edition of the browsers that run, as long as it is the installed one."""
        edition = self._renderer.edition
        now = await edition.name()
        return now if now == edition.at_start else ""

    async def _tend(self) -> None:
        while True:
            try:
                if "lack" in self._told:
                    await self._renderer.warm()
                await self._offer(self._slots, edition=await self._edition())
            except (BrowserNotFound, RendererUnavailable) as error:
                await self._withdraw(error)
            except OSError as error:  # the scheduler is away
                logger.warning("What this worker has can't be told: %s", error)
            await asyncio.sleep(LOOK_AFTER)

    async def _withdraw(self, error: Exception) -> None:
        if self._told.get("lack") != str(error):
            logger.warning("This worker draws no figures: %s", error)
        await self._offer(0, lack=str(error))

    async def _offer(self, slots: int, **told: str) -> None:
        self._told = {"slots": slots, **told}
        if self._worker.state.total_resources.get(self._name, 0) != slots:
            await self._worker.set_resources(**{self._name: slots})


async def draw(name: str, figure: bytes, options: dict[str, Any]) -> dict[str, Any]:
    """Draw a figure on the worker that this runs on."""
    return await _with_browsers(name, "render", figure, **options)


async def plot_schema(name: str) -> dict[str, Any]:
    """Return plotly.js's own description, from the worker that this runs on."""
    return await _with_browsers(name, "plot_schema")


async def _with_browsers(name: str, work: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    """Do work; an error is told, for one that is raised is logged with the figure."""
    plugin = get_worker().plugins.get(name)
    browsers: Browsers | None = getattr(plugin, "browsers", None)
    try:
        if browsers is None:
            raise RendererUnavailable("The worker is about to end.")  # noqa: TRY301 - told below
        outcome: dict[str, Any] = await getattr(browsers, work)(*arguments, **options)
    except BrowserNotFound as error:
        return {"error": "BrowserNotFound", "message": error.message, "hint": error.hint}
    except RenderError as error:
        return {"error": "RenderError", "message": str(error)}
    except RendererUnavailable as error:
        return {"error": "RendererUnavailable", "message": str(error)}
    return outcome
