"""The metrics that there are: all names, what they mean, and their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["FAMILIES", "Family"]

Kind = Literal["counter", "histogram", "gauge"]

SHORT: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LONG: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True)
class Family:
    """One metric.

    Attributes
    ----------
    kind : {"counter", "histogram", "gauge"}
        A gauge is watched; the others are told.
    help : str
        What it says, for the operator.
    labels : tuple of str
        What it is divided by.
    buckets : tuple of float
        A histogram's bounds, in seconds.
    """

    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = LONG


FAMILIES: Final = {
    "requests": Family("counter", "Requests that were answered.", ("route", "method", "status")),
    "request_seconds": Family(
        "histogram", "From a request's head to the end of its answer.", ("route", "method"), SHORT
    ),
    "requests_in_progress": Family("gauge", "Requests that are not answered yet."),
    "errors": Family("counter", "Requests that ended with an error, by its kind.", ("kind",)),
    "renders": Family("counter", "Images that browsers were asked for.", ("format", "outcome")),
    "render_seconds": Family("histogram", "Time to draw an image, once begun.", ("format",)),
    "render_wait_seconds": Family("histogram", "Time that a picture waited for its turn."),
    "renders_in_progress": Family("gauge", "Pictures at the browsers or the Dask cluster."),
    "render_queue_length": Family("gauge", "Pictures that wait for their turn or a browser."),
    "render_refusals": Family("counter", "Pictures that were refused, by the limit.", ("limit",)),
    "browsers": Family("gauge", "Browsers that run."),
    "image_cache_hits": Family("counter", "Images found, by where they are kept.", ("tier",)),
    "image_cache_misses": Family("counter", "Images not found there.", ("tier",)),
    "image_cache_hit_bytes": Family("counter", "Bytes of the images found.", ("tier",)),
    "image_cache_memory_bytes": Family("gauge", "Bytes of images in this server's memory."),
    "chunks": Family("counter", "Chunks of columns, read or written.", ("direction",)),
    "chunk_bytes": Family("counter", "Bytes of those chunks, packed.", ("direction",)),
    "rows_appended": Family("counter", "Rows added to the ends of grids."),
    "uploads": Family("counter", "Files that were parsed, or could not be.", ("outcome",)),
    "request_refusals": Family("counter", "Requests over a limit, by the limit.", ("limit",)),
    "database_connections_in_use": Family("gauge", "Connections to the database in use."),
}
