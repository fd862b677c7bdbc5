"""``df.plotly_grid``: a DataFrame's own way to a grid.

pandas makes a new accessor at every access, so this one keeps nothing but the frame, and the
frame remembers no grid: the name given to ``push`` is the identity. (What ``df.attrs`` remembers
would follow ``head`` and ``concat``, and overwrite the whole grid with a part of it.)
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any, Literal

import plotly_nbext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    import pandas as pd

    from plotly_nbext.client import Grid
    from plotly_nbext.notebook.widgets import GridView

__all__ = ["PlotlyGridAccessor", "install", "remove"]

NAME = "plotly_grid"


class PlotlyGridAccessor:
    """Push a DataFrame to a grid, or look at it in a grid view.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame whose attribute this is.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def push(
        self,
        name: str,
        *,
        mode: Literal["create", "replace", "append"] = "replace",
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
        world_readable: bool = False,
        metadata: dict[str, Any] | None = None,
    ) -> Grid:
        """Store the frame as a grid.

        Parameters
        ----------
        name : str
            The grid's path, such as ``"sales/2026"``.
        mode : {"replace", "create", "append"}
            With "replace", a grid of that name is updated in place, so that its fid and the uids of
            its columns survive, and is made when there is none; "create" fails when the name is
            taken; "append" adds the rows to a grid that is there, or makes it.
        index : bool or "auto"
            Whether to keep the index, as columns. "auto" keeps one that is named or is not
            0, 1, 2, ….
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone who reaches the server may read it.
        metadata : dict, optional
            Facts to keep with the grid, of JSON types.

        Returns
        -------
        Grid
            The grid, as the server has it now.

        Raises
        ------
        ValidationError
            When a value can't be kept (the message names the column), or the name is taken.

        Examples
        --------
        >>> grid = df.plotly_grid.push("sales/2026")  # doctest: +SKIP
        >>> grid["total"].src  # doctest: +SKIP
        'alice:88:e3a9dd'
        """
        return plotly_nbext.push(
            self._frame,
            name,
            mode=mode,
            index=index,
            parent=parent,
            world_readable=world_readable,
            metadata=metadata,
        )

    def view(self) -> GridView:
        """Show the frame as a table that scrolls through all its rows; nothing is pushed.

        Returns
        -------
        GridView
            The widget.
        """
        from plotly_nbext.notebook.frame_table import FrameTable  # brings pandas

        table: Any = FrameTable(self._frame)  # read as a Grid is
        return plotly_nbext.GridView(table)


def install() -> None:
    """Give DataFrames the accessor: now, or as soon as someone imports pandas."""
    if "pandas" in sys.modules:
        _register(sys.modules["pandas"])
    elif not any(isinstance(finder, _PandasFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _PandasFinder())


def remove() -> None:
    """Take the accessor away again."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _PandasFinder)]
    pandas = sys.modules.get("pandas")
    if pandas is not None and hasattr(pandas.DataFrame, NAME):
        delattr(pandas.DataFrame, NAME)


def _register(pandas: ModuleType) -> None:
    if not hasattr(pandas.DataFrame, NAME):  # pandas warns when it is there already
        pandas.api.extensions.register_dataframe_accessor(NAME)(PlotlyGridAccessor)


class _PandasFinder(MetaPathFinder):
    """Finds pandas where the others find it, and sees it loaded.

    Importing pandas takes longer than all the rest of ``%load_ext``, and a user who loads the
    extension first, or never touches a DataFrame, should not wait for it. (wrapt has such hooks,
    and takes longer to import than the rest too.)
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "pandas":
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(fullname, path, target)):
                if spec.loader:
                    spec.loader = _PandasLoader(spec.loader)
                return spec
        return None


class _PandasLoader(Loader):
    """Loads pandas with its own loader, then registers the accessor."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)  # is_package, get_resource_reader, …

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # Hand the module back to its own loader, as whoever inspects it expects that one.
        module.__loader__ = self._loader
        if module.__spec__:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, _PandasFinder)]
        _register(module)
