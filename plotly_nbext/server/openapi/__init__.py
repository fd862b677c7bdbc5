"""What the server says of itself: an OpenAPI document, and a page made of it."""

from plotly_nbext.server.openapi.document import document
from plotly_nbext.server.openapi.routes import routes

__all__ = ["document", "routes"]
