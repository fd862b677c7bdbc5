"""What other libraries get from us, as soon as they are imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plotly_nbext.notebook import frames, grid_display
from plotly_nbext.notebook.on_import import forget, when_imported

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["install", "remove"]

PANDAS: Final = "pandas"
POLARS: Final = "polars"
DASK: Final = "dask.dataframe"
RENDERERS: Final = "plotly.io._renderers"  # plotly.io itself imports it when it is first used


def install() -> None:
    """Give DataFrames ``plotly_grid``, plotly the renderer ``chart_studio``, a kernel tables."""
    when_imported(PANDAS, frames.add_to_pandas)
    when_imported(POLARS, frames.add_to_polars)
    when_imported(DASK, frames.add_to_dask)
    when_imported(RENDERERS, _add_renderer)
    grid_display.add_to_kernel()


def remove() -> None:
    """Take away what :func:`install` gave, or would have given."""
    when_imported(PANDAS, frames.take_from_pandas)
    when_imported(POLARS, frames.take_from_polars)
    when_imported(DASK, frames.take_from_dask)
    when_imported(RENDERERS, _take_renderer)
    for name in (PANDAS, POLARS, DASK, RENDERERS):
        forget(name)


def _add_renderer(module: ModuleType) -> None:
    from plotly_nbext.notebook import renderer  # brings plotly

    renderer.add(module)


def _take_renderer(module: ModuleType) -> None:
    from plotly_nbext.notebook import renderer

    renderer.take(module)
