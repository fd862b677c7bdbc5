"""Widgets: a figure's image with controls, and a grid as a table of any size."""

from plotly_nbext.notebook.widgets._figure_view import FigureView
from plotly_nbext.notebook.widgets._grid_view import GridView

__all__ = ["FigureView", "GridView"]
