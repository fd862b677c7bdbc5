"""An Arrow column that comes in parts, of which nobody has all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import structs

from plotly_nbext.columns import arrow, numeric
from plotly_nbext.columns.merge import merge_specs
from plotly_nbext.columns.refusal import Refusal

if TYPE_CHECKING:
    import pyarrow as pa

    from plotly_nbext.columns.schema import Spec

__all__ = ["MAX_ROWS", "Parts"]

MAX_ROWS: Final = 100_000
"""The most rows of NaN, or of ∞ and -∞, that are kept of a column: each takes room in its spec."""


class Parts:
    """Writes the parts of a column, one after the other."""

    def __init__(self) -> None:
        self._spec: Spec | None = None
        self._length = 0
        self._null_count = 0
        self._is_mixed = False
        self._loses_nan = False
        self._loses_inf = False

    def encode(self, part: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Write a part as :func:`arrow.encode` does.

        Raises
        ------
        Refusal
            If a value would not come back; its row is counted from the column's first.
        """
        try:
            array, spec = arrow.encode(part)
        except Refusal as refusal:
            if refusal.row is not None:
                refusal.row += self._length
            raise
        if spec.missing == "NaN":
            # other parts may have nulls that stand for nothing else
            missing = np.array(array.is_null())
            missing[spec.inf + spec.minus_inf] = False
            spec = structs.replace(spec, missing="None", nan=numeric.positions(missing))
        self._add(spec)
        self._length += len(part)
        self._null_count += part.null_count
        return array

    def spec(self) -> tuple[Spec | None, bool]:
        """Tell what brings the column back.

        Returns
        -------
        Spec or None
            None if no type holds all parts.
        bool
            Whether some NaN, ∞ or -∞ are null now, since there are more than anyone keeps.
        """
        spec = self._spec
        if spec is None or self._is_mixed:
            return None, False
        if spec.missing == "None" and self._null_count == 0:
            return structs.replace(spec, missing="NaN", nan=[]), self._loses_inf
        return spec, self._loses_inf or self._loses_nan

    def _add(self, spec: Spec) -> None:
        if self._spec is not None and not self._is_mixed:
            merged = merge_specs(self._spec, spec, self._length)
            self._is_mixed = merged is None
            spec = merged or spec
        self._loses_nan = self._loses_nan or len(spec.nan) > MAX_ROWS
        self._loses_inf = self._loses_inf or len(spec.inf) + len(spec.minus_inf) > MAX_ROWS
        if self._loses_nan:
            spec = structs.replace(spec, nan=[])
        if self._loses_inf:
            spec = structs.replace(spec, inf=[], minus_inf=[])
        self._spec = spec
