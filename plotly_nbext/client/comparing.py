"""What differs between the content of a grid and what it would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plotly_nbext.client.content import arrays_of
from plotly_nbext.client.difference import ColumnDifference, Difference
from plotly_nbext.client.matching import joined, matches
from plotly_nbext.columns.schema import NOTED, forget_rows, is_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from plotly_nbext.client.content import Content
    from plotly_nbext.columns import Table

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

__all__ = ["compared", "differing"]

# a float is compared by its bits: Arrow compares no half floats, and -0.0 is not 0.0
_BITS: Final = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}


def compared(grid: str, before: Content, after: Table, key: Sequence[str] = ()) -> Difference:
    """Compare what a grid holds with what it would hold.

    Parameters
    ----------
    grid : str
        What it is called.
    key : sequence of str
        The columns by which rows are the same; without any, they are by their place.
    """
    old = before.arrays()
    new = arrays_of(after)
    height = _height(before)
    if key:
        old_rows = matches(new, old, key)
    else:
        places = np.arange(after.row_count)
        old_rows = np.where(places < height, places, -1)
    new_rows = np.flatnonzero(old_rows >= 0)
    old_rows = old_rows[new_rows]
    old_types, new_types = _types(before.schema), _types(after.schema)
    old_specs, new_specs = _specs(before.schema), _specs(after.schema)
    changed, row_changed = [], np.zeros(len(new_rows), bool)
    for name in (name for name in new if name in old):
        differs = differing(old[name].take(old_rows), new[name].take(new_rows))
        differs |= _noted(old_specs.get(name, {}), old_rows) != _noted(
            new_specs.get(name, {}), new_rows
        )
        row_changed |= differs
        old_type, new_type = old_types.get(name, {}), new_types.get(name, {})
        if differs.any() or old_type != new_type:
            types = _shown(old_type, old[name]), _shown(new_type, new[name])
            changed.append(ColumnDifference(name, int(differs.sum()), *types))
    stay = [name for name in old if name in new]
    return Difference(
        grid,
        columns_added=tuple(name for name in new if name not in old),
        columns_changed=tuple(changed),
        columns_removed=tuple(name for name in old if name not in new),
        columns_reordered=stay != [name for name in new if name in old],
        rows_added=after.row_count - len(new_rows),
        rows_changed=int(row_changed.sum()),
        rows_removed=height - len(np.unique(old_rows)),
        labels_changed=_labels_differ(before.schema, after.schema),
    )


def differing(old: pa.Array, new: pa.Array) -> Mask:
    """Tell which values of two columns of one length differ; null is like null."""
    both = joined(old, new, numbers=True)
    plain = both.storage if isinstance(both, pa.ExtensionArray) else both
    if pa.types.is_floating(plain.type):
        plain = plain.view(_BITS[plain.type.bit_width])
    first, second = plain.slice(0, len(old)), plain.slice(len(old))
    if pa.types.is_null(plain.type):
        return np.zeros(len(old), bool)
    alike = pc.if_else(first.is_valid(), pc.equal(first, second), second.is_null())
    mask: Mask = ~alike.fill_null(False).to_numpy(zero_copy_only=False)
    return mask


def _noted(spec: dict[str, Any], rows: Rows) -> npt.NDArray[np.int8]:
    """Give what stands for a null in some rows: 0, or a number for each of None, NaN, ∞ and -∞."""
    while "of" in spec and not any(what in spec for what in NOTED):
        spec = spec["of"]
    noted = np.zeros(len(rows), np.int8)
    for number, what in enumerate(NOTED, 1):
        if what in spec:
            noted[np.isin(rows, spec[what])] = number
    return noted


def _height(content: Content) -> int:
    """Count rows, also those of a grid without columns."""
    if content.columns or not is_readable(content.schema):
        return content.row_count
    height: int = content.schema["row_count"]
    return height


def _labels_differ(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Tell whether the row labels are other columns, or labels have other names or types."""
    if not is_readable(old):  # another client's grid has none
        return False
    return any(old.get(what) != new.get(what) for what in ("labels", "index"))


def _specs(schema: dict[str, Any] | None) -> dict[str, Any]:
    specs: dict[str, Any] = schema["columns"] if is_readable(schema) else {}
    return specs


def _types(schema: dict[str, Any] | None) -> dict[str, Any]:
    return _specs(forget_rows(schema)) if is_readable(schema) else {}


def _shown(spec: dict[str, Any], values: pa.Array) -> str:
    return str(spec.get("dtype", values.type))
