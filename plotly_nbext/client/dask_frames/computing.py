"""All partitions are sent, by the scheduler that Dask has for them."""

from __future__ import annotations

import importlib  # which has no types for mypy
from typing import TYPE_CHECKING, Any

import pandas as pd

from plotly_nbext.client.dask_frames.sending import Sender, Sent, send_partition

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["send_all"]


def send_all(frame: Any, sender: Sender, told: Callable[[Sent], object]) -> list[Sent]:
    """Have all partitions sent, each where it is computed, and wait for it.

    One graph computes them, so that what several share is computed once. No partition waits for
    another: as many are in memory as are computed at a time.

    Parameters
    ----------
    frame : DataFrame or Series of Dask
        What is sent.
    sender : Sender
        What workers have to know.
    told : callable
        Told of each partition as soon as it is sent.

    Returns
    -------
    list of Sent
        In the order of the partitions.

    Raises
    ------
    PlotlyNbextError
        One could not be sent; it is named, and the rest is given up.
    """
    dask = importlib.import_module("dask")
    sending = frame.map_partitions(
        send_partition,
        sender,
        meta=pd.Series([], dtype=object),
        enforce_metadata=False,
        align_dataframes=False,
        clear_divisions=True,
    ).to_delayed()
    number_of = {each.key: number for number, each in enumerate(sending)}
    found: dict[int, Sent] = {}

    def take(key: Any, result: pd.Series[Any]) -> None:
        number, sent = number_of[key], result.iloc[0]
        if sent.error is not None:
            sent.error.message = f"Partition {number}: {sent.error.message}"
            raise sent.error
        found[number] = sent.sharing(next(iter(found.values()), sent))
        told(sent)

    get = dask.base.get_scheduler(collections=[frame])
    cluster = getattr(get, "__self__", None)
    if hasattr(cluster, "scheduler_info"):
        _on_cluster(cluster, sending, take)
    else:
        _here(get, sending, take)
    return [found[number] for number in range(len(sending))]


def _on_cluster(cluster: Any, sending: Any, take: Callable[[Any, Any], None]) -> None:
    as_completed = importlib.import_module("distributed").as_completed
    waiting = {future.key: future for future in cluster.compute([*sending])}
    try:
        for future in as_completed([*waiting.values()]):
            result = future.result()
            # one that is let go is not computed again if its worker is lost
            del waiting[future.key]
            take(future.key, result)
    finally:
        cluster.cancel([*waiting.values()], force=True)


def _here(get: Any, sending: Any, take: Callable[[Any, Any], None]) -> None:
    dask = importlib.import_module("dask")
    Callback = importlib.import_module("dask.callbacks").Callback  # noqa: N806 - a class
    left = {each.key for each in sending}

    def posttask(key: Any, result: Any, *_: Any) -> None:
        if key in left:
            left.remove(key)
            take(key, result)

    # beside those of the user's own, such as a ProgressBar; as a context it would be that of
    # whichever thread computes next
    callbacks = [*Callback.active, Callback(posttask=posttask)._callback]  # noqa: SLF001 - see above
    results = dask.compute(*sending, scheduler=get, callbacks=callbacks)
    # a scheduler that is not one of Dask's own may call nobody back
    for each, result in zip(sending, results, strict=True):
        posttask(each.key, result)
