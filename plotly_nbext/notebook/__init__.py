"""Everything that a notebook sees: magics, the accessor, displays and widgets."""

from plotly_nbext.notebook.extension import load, unload

__all__ = ["load", "unload"]
