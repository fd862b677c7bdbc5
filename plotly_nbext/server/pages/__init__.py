"""The web pages of files: what people see at the ``web_url`` that the API tells."""

from plotly_nbext.server.pages.assets import STATIC
from plotly_nbext.server.pages.routes import routes

__all__ = ["STATIC", "routes"]
