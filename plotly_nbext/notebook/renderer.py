"""``fig.show()`` as an image that the server renders: the plotly.io renderer ``chart_studio``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer

from plotly_nbext import api
from plotly_nbext.client.static_images import as_plotly_has_it
from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.notebook.captions import summary
from plotly_nbext.notebook.display import figure_bundle
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["ChartStudioRenderer", "add", "take"]

NAME: Final = "chart_studio"


class ChartStudioRenderer(MimetypeRenderer):  # type: ignore[misc]  # plotly has no types
    """Show figures as images that the session's server renders.

    There is a PNG in any case, and what else is asked for beside it. With
    ``pio.renderers.default = "plotly_mimetype+chart_studio"`` a figure is interactive where there
    is JavaScript (in JupyterLab as soon as the pointer is over it), and an image on GitHub. When an
    image fails there, it is a warning, and the figure is interactive all the same; else it is an
    error. The default decides, also for ``fig.show(renderer=…)``: plotly does not tell a renderer
    what else one call asks for.

    plotly hands on no metadata of what its renderers show: for alt text, and for a scale that
    does not enlarge what is seen, there is ``%plotly_render``.

    Parameters
    ----------
    format : {"png", "jpg", "jpeg", "webp", "svg", "pdf", "eps"}, optional
        The image's format. It and what follows are by default those of ``plotly.io.defaults``.
    width, height : float, optional
        In CSS pixels; by default the layout's, if it has them.
    scale : float, optional
        Pixels of the image per CSS pixel.
    """

    def __init__(
        self,
        format: str | None = None,  # noqa: A002 - plotly's word
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
    ) -> None:
        self.format = format
        self.width = width
        self.height = height
        self.scale = scale

    def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, Any]:
        """Render a figure, and return what is shown of it by MIME type."""
        try:
            return self._bundle(fig_dict)
        except PlotlyNbextError as error:
            if not _is_one_of_several():
                raise
            notify(f"The figure is shown without an image. {error}")
            return {"text/plain": f"<plotly figure: {summary(fig_dict)}, no image>"}

    def _bundle(self, figure: dict[str, Any]) -> dict[str, Any]:
        wanted = as_plotly_has_it(figure, self.format, self.width, self.height, self.scale)
        images = [api.render(figure, **wanted)]
        if wanted["format"] != "png":
            images.append(api.render(figure, **wanted | {"format": "png"}, warn=False))
        return figure_bundle(images, figure)[0]


def add(module: ModuleType) -> None:
    """Add the renderer to plotly's."""
    if NAME not in module.renderers:
        module.renderers[NAME] = ChartStudioRenderer()


def take(module: ModuleType) -> None:
    """Take the renderer away from plotly's, and from the default ones."""
    renderers = module.renderers
    if NAME not in renderers:
        return
    names = (renderers.default or "").split("+")
    if NAME in names:
        others = "+".join(name for name in names if name != NAME)
        renderers.default = others or "plotly_mimetype"
    with suppress(AttributeError):  # raised when it is done: plotly looks for a name of long ago
        del renderers[NAME]


def _is_one_of_several() -> bool:
    return NAME in (names := (pio.renderers.default or "").split("+")) and len(names) > 1
