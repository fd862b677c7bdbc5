"""The cells of a grid view that are selected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

import msgspec
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Ranges", "Selection", "selection_to_json"]

_Place = Annotated[int, msgspec.Meta(ge=0, le=2**53)]  # what a page can count to


class Ranges(TypedDict):
    """What a page calls what is selected: the first row and column, and those after the last."""

    rows: NotRequired[tuple[_Place, _Place]]
    columns: NotRequired[tuple[_Place, _Place]]


def _no_rows() -> npt.NDArray[np.int64]:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Selection:
    """Some rows of some columns.

    Attributes
    ----------
    rows : ndarray of int64
        The rows as ``frame`` numbers them, in the order in which they are shown.
    columns : list of str
        The names of the columns.

    Examples
    --------
    >>> view.frame.iloc[view.selection.rows][view.selection.columns]  # doctest: +SKIP
    """

    rows: npt.NDArray[np.int64] = field(compare=False, default_factory=_no_rows)
    columns: list[str] = field(compare=False, default_factory=list)
    shown: dict[str, list[int]] = field(default_factory=dict, repr=False)
    """What the page calls it: the ranges of the rows and columns that are shown."""


def selection_to_json(value: Selection, _widget: object) -> dict[str, list[int]]:
    """Tell the page which ranges are selected."""
    return value.shown
