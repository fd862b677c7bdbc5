"""The magics: thin over :mod:`plotly_nbext.api`, which does the same without IPython."""

from plotly_nbext.notebook.magics.grid import PlotlyGrid
from plotly_nbext.notebook.magics.render import PlotlyRender

__all__ = ["PlotlyGrid", "PlotlyRender"]
