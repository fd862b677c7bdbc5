"""Names of columns' values, by which a client knows what the server has already."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.columns import EncodedColumn

__all__ = ["fingerprints"]


def fingerprints(columns: Sequence[EncodedColumn]) -> dict[str, str]:
    """Name the values of columns: equal names mean equal values of one type.

    Other names need not mean that values differ: what lies under a null counts too.
    """
    with ThreadPoolExecutor() as threads:  # hashing leaves the interpreter to others
        found = threads.map(lambda column: _fingerprint(column.array), columns)
        return {column.name: name for column, name in zip(columns, found, strict=True)}


def _fingerprint(array: pa.Array) -> str:
    if array.nbytes != array.get_total_buffer_size():
        array = pa.concat_arrays([array])  # a copy, so that the neighbours of a slice don't count
    digest = sha256(str(array.type).encode())
    digest.update(pa.record_batch([array], names=[""]).serialize())
    return digest.hexdigest()
