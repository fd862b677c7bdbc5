"""What a server has Dask put on every worker: by value, so that one without this package runs on.

Nothing but Dask may be imported here outside of functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from distributed.diagnostics.plugin import WorkerPlugin

if TYPE_CHECKING:
    from distributed import Worker

__all__ = ["BrowsersPlugin"]


class BrowsersPlugin(WorkerPlugin):
    """Browsers on a worker, from when it starts until it ends.

    Several servers register the same; Dask keeps the first of a name.

    Parameters
    ----------
    name : str
        What it is called, and what a worker's resource is called that has browsers.
    version : str
        The server's version of this package, which the worker's has to be.
    allowed : tuple of str
        Hosts on the web from which figures may have images, tiles and geojson.
    most : int, optional
        The most browsers on a worker.

    Attributes
    ----------
    browsers : Browsers or None
        The worker's, once it is on one that can have them.
    """

    idempotent = True

    def __init__(self, name: str, version: str, allowed: tuple[str, ...], most: int | None) -> None:
        self.name = name
        self.browsers: Any = None
        self._version = version
        self._allowed = allowed
        self._most = most

    async def setup(self, worker: Worker) -> None:
        """Begin to start browsers; the worker waits for none."""
        lack = f"The worker's plotly_nbext is not the server's version {self._version}."
        worker.metrics[self.name] = lambda _: {"lack": lack}
        try:
            from plotly_nbext import __version__
            from plotly_nbext.server.rendering.cluster.browsers import Browsers
        except ImportError:
            return
        if __version__ == self._version:
            self.browsers = Browsers(worker, self.name, self._allowed, self._most)
            worker.metrics[self.name] = self.browsers.told
            await self.browsers.start()

    async def teardown(self, worker: Worker) -> None:
        """End the browsers."""
        worker.metrics.pop(self.name, None)
        if self.browsers is not None:
            await self.browsers.close()
