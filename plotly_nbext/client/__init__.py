"""A typed client of Chart Studio's v2 API, for our own server and for others that speak it."""

from plotly_nbext.client.client import Client
from plotly_nbext.client.column import GridColumn
from plotly_nbext.client.difference import ColumnDifference, Difference
from plotly_nbext.client.edits import EditedColumn, Edits
from plotly_nbext.client.file import File
from plotly_nbext.client.folder import Folder
from plotly_nbext.client.grid import Grid
from plotly_nbext.client.image import Image
from plotly_nbext.client.plot import Plot

__all__ = [
    "Client",
    "ColumnDifference",
    "Difference",
    "EditedColumn",
    "Edits",
    "File",
    "Folder",
    "Grid",
    "GridColumn",
    "Image",
    "Plot",
]
