"""Figures to images: the only room that knows Chromium."""

from plotly_nbext.server.rendering.edition import Edition
from plotly_nbext.server.rendering.errors import RenderError, RendererUnavailable
from plotly_nbext.server.rendering.rendered import Rendered
from plotly_nbext.server.rendering.renderer import FORMATS, Renderer

__all__ = ["FORMATS", "Edition", "RenderError", "Rendered", "Renderer", "RendererUnavailable"]
