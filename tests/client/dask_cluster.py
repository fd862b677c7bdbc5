"""What the tests of Dask share: a cluster of two worker processes, and frames for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dask
import pandas as pd
import pytest
from distributed import Client, LocalCluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import dask.dataframe as dd

__all__ = ["cluster", "made"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    """Two worker processes of one thread each, and Dask's choice while the module runs."""
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as workers,
        Client(workers) as client,
    ):
        yield client


def made(partition: Callable[[int], pd.DataFrame], count: int, meta: Any = None) -> dd.DataFrame:
    """Make a frame whose partitions come of a function of their number, as they are."""
    import dask.dataframe as dd

    meta = partition(0) if meta is None else meta
    with dask.config.set({"dataframe.convert-string": False}):
        return dd.from_map(partition, [*range(count)], meta=meta.iloc[:0], label="made")
