"""Rows of a grid and of a frame that have the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.client.content import arrays_of
from plotly_nbext.columns import wire
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from plotly_nbext.columns import Table

    Rows = npt.NDArray[np.int64]

__all__ = ["check_key", "joined", "matches"]


def check_key(table: Table, key: Sequence[str]) -> None:
    """Refuse a key that does not tell the rows of a frame apart.

    Raises
    ------
    ValidationError
        A column of it has no value in a row; or two rows have the same one.
    """
    columns = arrays_of(table)
    for name in key:
        if columns[name].null_count:
            row = pc.index(columns[name].is_null(), value=True).as_py()
            raise ValidationError(
                f"The key column {name!r} has no value in row {row} of the frame.", field=name
            )
    codes = _codes([columns[name] for name in key])
    _, first, counts = np.unique(codes, return_index=True, return_counts=True)
    if (counts > 1).any():
        row = int(first[counts > 1].min())
        values = [wire.to_values(columns[name].slice(row, 1))[0] for name in key]
        named = ", ".join(f"{name!r} = {value!r}" for name, value in zip(key, values, strict=True))
        often = int(counts[first == row][0])
        raise ValidationError(
            f"The key is not unique in the frame: {often} rows have {named}.", field=key[0]
        )


def matches(
    rows: Mapping[str, pa.Array], others: Mapping[str, pa.Array], key: Sequence[str]
) -> Rows:
    """Find for each of some rows the first of other rows that has the same key; -1 for none."""
    count = len(rows[key[0]])
    codes = _codes([joined(rows[name], others[name], numbers=True) for name in key])
    found = pc.index_in(pa.array(codes[:count]), value_set=pa.array(codes[count:]))
    matched: Rows = found.fill_null(-1).to_numpy().astype(np.int64)
    return matched


def joined(first: pa.Array, second: pa.Array, *, numbers: bool = False) -> pa.Array:
    """Put one column after another one, in a type that holds both.

    Parameters
    ----------
    numbers : bool
        Whether equal numbers may become the same, as integers among floats.
    """
    kinds = [first.type, second.type]
    both = wire.common_type(kinds)
    if both == wire.JSON and numbers and all(map(_is_number, kinds)):
        try:
            return pa.concat_arrays([part.cast(pa.float64()) for part in (first, second)])
        except pa.ArrowInvalid:  # an integer that no float is equal to
            pass
    return pa.concat_arrays([wire.cast(part, both) for part in (first, second)])


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _codes(columns: Sequence[pa.Array]) -> Rows:
    """Give each row a number, the same one to rows that are equal in all columns."""
    codes: Rows = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        plain = column.storage if isinstance(column, pa.ExtensionArray) else column
        if pa.types.is_floating(plain.type):
            plain = pc.add(plain.cast(pa.float64()), 0.0)  # which makes 0.0 of -0.0
        found = plain.dictionary_encode(null_encoding="encode")
        both = codes * max(len(found.dictionary), 1) + found.indices.to_numpy()
        codes = pa.array(both).dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes
