"""Metrics as Prometheus reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

import plotly_nbext
from plotly_nbext.server.metrics.families import FAMILIES
from plotly_nbext.server.metrics.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Prometheus"]

PREFIX = "plotly_nbext"


class Prometheus(Metrics):
    """The metrics of one server, since it was started.

    A process may have several: nothing is in the registry that all of a process share.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._told: dict[str, Any] = {}
        self._children: dict[tuple[str, ...], Any] = {}
        self._watched: dict[str, list[Callable[[], float]]] = {}
        for name, family in FAMILIES.items():
            named: dict[str, Any] = {"namespace": PREFIX, "registry": self._registry}
            if family.kind == "counter":
                self._told[name] = Counter(name, family.help, family.labels, **named)
            elif family.kind == "histogram":
                self._told[name] = Histogram(
                    name, family.help, family.labels, buckets=family.buckets, **named
                )
        self._registry.register(_Watched(self._watched))
        ProcessCollector(registry=self._registry)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        self._child(name, labels).inc(amount)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Note how long something took."""
        self._child(name, labels).observe(seconds)

    def watch(self, name: str, read: Callable[[], float]) -> None:
        """Have a number read whenever someone asks."""
        assert FAMILIES[name].kind == "gauge", name  # noqa: S101 - a mistake of ours
        self._watched.setdefault(name, []).append(read)

    def text(self) -> bytes:
        """Spell them out."""
        return generate_latest(self._registry)

    def _child(self, name: str, labels: dict[str, str]) -> Any:
        # twice as quick as to have it looked for, under a lock
        key = (name, *labels.values())
        child = self._children.get(key)
        if child is None:
            told = self._told[name]
            child = self._children[key] = told.labels(**labels) if labels else told
        return child


class _Watched:
    """Collects what is read only when it is asked for."""

    def __init__(self, watched: dict[str, list[Callable[[], float]]]) -> None:
        self._watched = watched

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the numbers."""
        yield _info()
        for name, reads in self._watched.items():
            value = sum(read() for read in reads)
            yield GaugeMetricFamily(f"{PREFIX}_{name}", FAMILIES[name].help, value=value)


def _info() -> GaugeMetricFamily:
    info = GaugeMetricFamily(f"{PREFIX}_info", "The version that runs.", labels=["version"])
    info.add_metric([plotly_nbext.__version__], 1)
    return info
