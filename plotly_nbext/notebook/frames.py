"""The kinds of frames that have ``plotly_grid``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plotly_nbext.notebook.accessor import PlotlyGridAccessor

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

__all__ = [
    "add_to_dask",
    "add_to_pandas",
    "add_to_polars",
    "take_from_dask",
    "take_from_pandas",
    "take_from_polars",
]

NAME: Final = "plotly_grid"


def add_to_pandas(pandas: ModuleType) -> None:
    """Give pandas' DataFrames and Series the accessor."""
    extensions = pandas.api.extensions
    _add(pandas.DataFrame, extensions.register_dataframe_accessor)
    _add(pandas.Series, extensions.register_series_accessor)


def take_from_pandas(pandas: ModuleType) -> None:
    """Take the accessor away again."""
    _take(pandas.DataFrame)
    _take(pandas.Series)


def add_to_polars(polars: ModuleType) -> None:
    """Give polars' DataFrames, LazyFrames and Series the accessor."""
    _add(polars.DataFrame, polars.api.register_dataframe_namespace)
    _add(polars.LazyFrame, polars.api.register_lazyframe_namespace)
    _add(polars.Series, polars.api.register_series_namespace)


def take_from_polars(polars: ModuleType) -> None:
    """Take the accessor away again."""
    for kind in (polars.DataFrame, polars.LazyFrame, polars.Series):
        _take(kind)


def add_to_dask(dataframe: ModuleType) -> None:
    """Give Dask's DataFrames and Series the accessor."""
    from dask.dataframe import extensions  # which is imported with the module

    _add(dataframe.DataFrame, extensions.register_dataframe_accessor)
    _add(dataframe.Series, extensions.register_series_accessor)


def take_from_dask(dataframe: ModuleType) -> None:
    """Take the accessor away again."""
    _take(dataframe.DataFrame)
    _take(dataframe.Series)


def _add(kind: type, register: Callable[[str], Callable[[type], object]]) -> None:
    if not hasattr(kind, NAME):  # a second time, both libraries warn
        register(NAME)(PlotlyGridAccessor)


def _take(kind: type) -> None:
    if hasattr(kind, NAME):
        delattr(kind, NAME)
        vars(kind).get("_accessors", set()).discard(NAME)  # what its dir() lists
