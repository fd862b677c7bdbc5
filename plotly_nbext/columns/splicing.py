"""Values that come into a column, and others that go: as ones of its type where they fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from plotly_nbext.columns import wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["concatenated", "extended", "order_of", "with_values"]


def concatenated(arrays: Sequence[pa.Array]) -> pa.Array:
    """Put arrays of wire types after each other: of their type, or one that holds all of them."""
    kind = wire.common_type(array.type for array in arrays)
    return pa.concat_arrays([wire.cast(array, kind) for array in arrays])


def extended(array: pa.Array, values: list[Any]) -> pa.Array:
    """Put JSON values after those of an array."""
    fitting = wire.fit(values, array.type)
    return concatenated([array, wire.from_values(values) if fitting is None else fitting])


def with_values(array: pa.Array, places: Sequence[int], values: list[Any]) -> pa.Array:
    """Put JSON values into some places of an array, in place of what is there."""
    order = np.arange(len(array))
    order[places] = np.arange(len(values)) + len(array)
    return extended(array, values).take(pa.array(order))


def order_of(is_kept: NDArray[np.bool_], inserted: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Tell how values follow each other when some go and others, which lie behind them, come.

    Parameters
    ----------
    is_kept : numpy.ndarray
        Of each value that is there, whether it stays.
    inserted : sequence of (int, int)
        Before which of them others come, ascending, and how many; the first of the others first.

    Returns
    -------
    numpy.ndarray
        The place of each, the others counted on.
    """
    kept = np.flatnonzero(is_kept)
    befores = np.array([before for before, _ in inserted], np.intp)
    counts = [count for _, count in inserted]
    places = np.repeat(np.searchsorted(kept, befores), counts)
    return np.insert(kept, places, np.arange(sum(counts)) + len(is_kept))
