"""Files, grids and users in one SQL database: the only room that knows SQL."""

from plotly_nbext.server.store.database import Database

__all__ = ["Database"]
