"""What a column holds, in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.columns import durations, json, moments, wire
from plotly_nbext.notebook.sheet.keys import sort_keys
from plotly_nbext.notebook.sheet.texts import cut, text_of, texts_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from plotly_nbext.notebook.sheet.kinds import Kind

__all__ = ["summary"]

MOST_BINS: Final = 20
MOST_TOP: Final = 10
# of so many the different values are counted, to have no more bins than these
SOME_ROWS: Final = 100_000

_NUMBERS: Final = frozenset({"integer", "number"})
_MEASURED: Final = _NUMBERS | {"date", "datetime", "duration"}


def summary(cells: pa.Array, kind: Kind) -> dict[str, Any]:
    """Sum up the cells of a column.

    Parameters
    ----------
    cells : pyarrow.Array
        Of a type for the wire.
    kind : Kind
        What they are.

    Returns
    -------
    dict
        ``count`` of the values that are not null, ``nulls``, ``distinct``; of what can be measured
        the texts ``min``, ``max`` and ``mean``, and ``histogram``: for each bin the texts ``start``
        and ``stop``, and the ``count``; of anything else ``frequent``: the ``value`` and the
        ``count`` of those that there are most of.
    """
    present = cells.drop_null()
    plain = present.storage if present.type == wire.JSON else present
    counts = pc.value_counts(plain)
    told: dict[str, Any] = {
        "count": len(present),
        "nulls": len(cells) - len(present),
        "distinct": len(counts),
    }
    sizes = _sizes(present, kind)
    if sizes is None:
        return told | {"frequent": _frequent(counts, cells.type, kind)}
    return told | _measured(present, sizes, kind)


def _frequent(counts: pa.StructArray, of: pa.DataType, kind: Kind) -> list[dict[str, Any]]:
    numbers = counts.field("counts")
    most = pc.select_k_unstable(numbers, MOST_TOP, [("", "descending")])
    values = counts.field("values").take(most)
    if of == wire.JSON:
        values = pa.ExtensionArray.from_storage(wire.JSON, values)
    texts, found = texts_of(values, kind), numbers.take(most).to_pylist()
    return [{"value": cut(text), "count": count} for text, count in zip(texts, found, strict=True)]


def _sizes(present: pa.Array, kind: Kind) -> npt.NDArray[np.float64] | None:
    """Measure values: days of dates, seconds of moments and durations; None if they can't be."""
    if kind.name not in _MEASURED or not len(present):
        return None
    key = sort_keys(present, kind)[0]
    if kind.name == "date" and pa.types.is_string(key.type):
        key = key.cast(pa.date32()).cast(pa.int32())
    if pa.types.is_timestamp(key.type):
        ticks = key.cast(pa.timestamp("us", key.type.tz), safe=False).cast(pa.int64())
        return np.asarray(ticks) / _MICROSECONDS
    if kind.name == "duration":
        return np.asarray(key) / _MICROSECONDS
    if not (pa.types.is_integer(key.type) or pa.types.is_floating(key.type)):
        return None
    return np.asarray(key, np.float64)


_MICROSECONDS: Final = 1e6


def _measured(present: pa.Array, sizes: npt.NDArray[np.float64], kind: Kind) -> dict[str, Any]:
    ends = pa.array([int(sizes.argmin()), int(sizes.argmax())])
    least, most = texts_of(present.take(ends), kind)
    counts, edges = _histogram(sizes)
    words = [_size_text(edge, kind) for edge in edges.tolist()]
    return {
        "min": cut(least),
        "max": cut(most),
        "mean": _size_text(float(sizes.mean()), kind),
        "histogram": [
            {"start": start, "stop": stop, "count": count}
            for start, stop, count in zip(words, words[1:], counts.tolist(), strict=False)
        ],
    }


def _histogram(sizes: npt.NDArray[np.float64]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    ends = np.array([sizes.min(), sizes.max()])
    bins = min(MOST_BINS, len(np.unique(sizes[:SOME_ROWS])))
    if ends[0] < ends[1]:
        try:
            return np.histogram(sizes, max(bins, 2))
        except ValueError:  # floats are too few, or too far, between these ends
            pass
    return np.array([len(sizes)]), ends


def _size_text(size: float, kind: Kind) -> str:
    """Write a size that is not one of the values."""
    if kind.name in _NUMBERS:
        return f"{size:.6g}"
    if kind.name == "date":
        return str(np.datetime64(round(size), "D"))
    if kind.name == "datetime":
        moment = np.array([round(size)], "M8[s]")
        (text,) = json.loads(moments.write(moment, kind.zone))
        return text_of(text, kind)
    seconds, below = divmod(round(size * 1000), 1000)
    return text_of(durations.write(*divmod(seconds, 86_400), below * 10**6), kind)
