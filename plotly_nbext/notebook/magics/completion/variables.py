"""The user's variables by what they hold, without asking their values for anything."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["columns_of", "is_figure", "is_frame", "is_grid", "is_value", "named"]

# only libraries that are imported by now can have made a value
_FIGURES: Final = {
    "plotly.basedatatypes": ("BaseFigure",),
    "plotly_nbext.client.plot": ("Plot",),
    "plotly_nbext.notebook.widgets._figure_view": ("FigureView",),
}
_FRAMES: Final = {
    "pandas": ("DataFrame", "Series"),
    "polars": ("DataFrame", "Series"),
    "pyarrow": ("Table", "RecordBatch"),
}
_GRIDS: Final = {"plotly_nbext.client.grid": ("Grid",)}


def named(names: Mapping[str, Any], start: str, is_kind: Callable[[Any], bool]) -> list[str]:
    """List the variables that begin with some letters and hold values of a kind."""
    return sorted(
        name
        for name, value in [*names.items()]
        if name.startswith(start) and (start or not name.startswith("_"))
        if is_kind(value)
    )


def is_figure(value: Any) -> bool:
    """Tell whether it is a figure, or a dict that looks like one."""
    if type(value) is dict:
        return "data" in value and type(value["data"]) in {list, tuple}
    return _is_one(value, _FIGURES)


def is_frame(value: Any) -> bool:
    """Tell whether it is a table."""
    return _is_one(value, _FRAMES)


def is_grid(value: Any) -> bool:
    """Tell whether it is a grid of a server."""
    return _is_one(value, _GRIDS)


def is_value(value: Any) -> bool:
    """Tell whether it is data, and not something to call or a module."""
    return not issubclass(type(value), type | ModuleType) and not _has(value, "__call__")


def columns_of(frame: Any) -> list[str]:
    """List the names of a table's columns, with those of its row labels."""
    if _has(frame, "column_names"):
        return [str(name) for name in frame.column_names]
    if _has(frame, "columns"):
        labels = list(getattr(getattr(frame, "index", None), "names", ()))
        return [str(name) for name in [*frame.columns, *labels] if name is not None]
    return [str(frame.name)] if frame.name is not None else []


def _is_one(value: Any, kinds: Mapping[str, tuple[str, ...]]) -> bool:
    # by type(), as isinstance would evaluate a property __class__
    known = {
        vars(module).get(name)
        for where, names in kinds.items()
        if (module := sys.modules.get(where))
        for name in names
    }
    return not known.isdisjoint(type(value).__mro__)


def _has(value: Any, attribute: str) -> bool:
    return any(attribute in vars(each) for each in type(value).__mro__)
