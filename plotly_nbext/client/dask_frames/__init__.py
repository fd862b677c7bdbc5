"""DataFrames of Dask: their partitions go from the workers to the server, and come back so.

``sending`` is what a worker does with a partition, ``computing`` has all of them sent by whatever
scheduler there is, ``merging`` finds the types of the whole, ``pushing`` makes a grid of what was
sent, and ``pulling`` reads one lazily. Nothing here imports Dask before someone uses it.
"""

from __future__ import annotations

import sys

__all__ = ["is_dask"]


def is_dask(frame: object) -> bool:
    """Tell whether this is a DataFrame or Series of Dask; it is not imported for that."""
    dask = sys.modules.get("dask.dataframe")
    return dask is not None and isinstance(frame, (dask.DataFrame, dask.Series))
