"""The magics: thin over :mod:`plotly_nbext.api`, which does the same without IPython."""

from plotly_nbext.notebook.magics.grid import GridMagics
from plotly_nbext.notebook.magics.render import RenderMagics

__all__ = ["GridMagics", "RenderMagics"]
