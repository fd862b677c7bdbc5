"""Our own server: Chart Studio's v2 API on one machine."""

from plotly_nbext.server.app import create_app
from plotly_nbext.server.config import ServerConfig
from plotly_nbext.server.run import run

__all__ = ["ServerConfig", "create_app", "run"]
