"""The widget that shows a figure's image, and renders it again as one likes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import anywidget
import traitlets as t

from plotly_nbext import api
from plotly_nbext.client.figures import figure_dict
from plotly_nbext.client.image import FORMATS, format_named
from plotly_nbext.notebook.captions import alt_text
from plotly_nbext.notebook.display import figure_bundle
from plotly_nbext.notebook.widgets._answers import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.client import Client, Image
    from plotly_nbext.notebook.display import Bundle

__all__ = ["FigureView"]

STATIC: Final = Path(__file__).parent / "static"

OPTIONS: Final = ("format", "width", "height", "scale")

# What an <img> can't show is offered as a download, and a PNG is shown.
SHOWN_FORMATS: Final = frozenset({"png", "jpeg", "webp", "svg"})


class _Format(t.Enum[str]):
    """One of the formats, by any of its names."""

    def validate(self, obj: Any, value: Any) -> Any:
        return super().validate(obj, format_named(value))


class FigureView(anywidget.AnyWidget):
    """A figure's rendered image with controls for its format and size.

    The traits below are live both ways: what is chosen in the page is seen in Python, and what is
    set in Python renders the figure again and is seen in the page. When that fails, ``error`` says
    why and the last image stays.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure, FigureWidget or dict
        The figure to render.
    format : {"png", "jpg", "jpeg", "webp", "svg", "pdf", "eps"}
        The image's format.
    width, height : float, optional
        In CSS pixels. By default the figure's own, else 700 × 500.
    scale : float, optional
        Pixels of the image per CSS pixel. By default 1.
    alt : str, optional
        What the image shows, in words. By default it is made from the figure.
    client : Client, optional
        Who renders. By default the session's client.
    show_image : bool
        False for the controls alone, next to an image that :meth:`on_render` updates.

    Raises
    ------
    PlotlyNbextError
        The figure could not be rendered the first time.
    """

    _esm = STATIC / "figure_view.js"
    _css = STATIC / "figure_view.css"

    figure = t.Any()
    """The figure. After it was changed in place, call :meth:`render`."""
    format = _Format(FORMATS, "png").tag(sync=True)
    width = t.Int(None, allow_none=True, min=1).tag(sync=True)
    height = t.Int(None, allow_none=True, min=1).tag(sync=True)
    scale = t.Float(None, allow_none=True, min=0.1).tag(sync=True)
    alt = t.Unicode().tag(sync=True)
    show_image = t.Bool(default_value=True).tag(sync=True)
    image = t.Bytes().tag(sync=True)
    """The content of the image file that was rendered last."""
    error = t.Dict().tag(sync=True)
    """The ``type`` and ``message`` of what kept the last rendering from ending; else empty."""
    warnings = t.List(t.Unicode()).tag(sync=True)
    """What the server says is missing in the image, and what would mend that."""
    _preview = t.Bytes().tag(sync=True)
    _shown = t.Dict().tag(sync=True)

    def __init__(
        self,
        figure: Any,
        *,
        format: str = "png",  # noqa: A002 - the endpoint's word
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
        alt: str | None = None,
        client: Client | None = None,
        show_image: bool = True,
    ) -> None:
        # Choices made in the page arrive in a thread of their own.
        self._lock = threading.RLock()
        self._client = client
        self._callbacks: list[Callable[[Image], object]] = []
        wanted = {
            "format": format_named(format),
            "width": _whole(width),
            "height": _whole(height),
            "scale": scale,
        }
        rendered = self._rendered(figure, wanted)
        self._words = alt_text(figure_dict(figure))
        alt = self._words if alt is None else alt
        super().__init__(figure=figure, alt=alt, show_image=show_image, **wanted, **rendered)
        self.observe(self._on_option, OPTIONS)
        self.observe(self._on_figure, "figure")

    def on_render(self, callback: Callable[[Image], object]) -> None:
        """Have a function called with each image that is rendered from now on.

        Parameters
        ----------
        callback : callable
            Takes the :class:`~plotly_nbext.client.Image`, after the page has it. It may run in
            another thread than the one that registered it, but one image at a time.
        """
        self._callbacks.append(callback)

    def render(self) -> None:
        """Render the figure as it is now; a failure is left in ``error``."""
        with self._lock:
            self._shown = {}
            self._update()
            self._describe()

    def _on_figure(self, _change: object) -> None:
        self.render()

    def _on_option(self, _change: object) -> None:
        with self._lock:
            # Options that are changed together are observed one by one.
            if self._shown.get("wanted") == self._wanted():
                self.error = {}
            else:
                self._update()

    def _wanted(self) -> dict[str, Any]:
        return {option: getattr(self, option) for option in OPTIONS}

    def _update(self) -> None:
        self.error = {}
        try:
            rendered = self._rendered(self.figure, self._wanted())
            with self.hold_sync():
                for name, value in rendered.items():
                    setattr(self, name, value)
            for callback in self._callbacks:
                callback(self._last)
        except Exception as error:  # noqa: BLE001 - raised in a message handler it would be lost
            self.error = describe(error)

    def _describe(self) -> None:
        """Say in ``alt`` what the figure shows now, unless somebody has said it better."""
        if self.alt == self._words and not self.error:
            self.alt = self._words = alt_text(figure_dict(self.figure))

    def _rendered(self, figure: Any, wanted: dict[str, Any]) -> dict[str, Any]:
        """Render, and return the traits that say so."""
        image = preview = self._image_of(figure, wanted)
        if image.format not in SHOWN_FORMATS:
            preview = self._image_of(figure, wanted | {"format": "png"})
        self._last, self._preview_image = image, preview
        return {
            "image": image.data,
            "warnings": list(image.warnings),
            "_preview": b"" if preview is image else preview.data,
            "_shown": {
                "wanted": wanted,
                "mime": image.mime,
                "width": image.width,
                "height": image.height,
            },
        }

    def _image_of(self, figure: Any, wanted: dict[str, Any]) -> Image:
        client = self._client or api.current_client()
        # shown beside the image, and a page's messages have no cell to warn in
        image: Image = client.render(figure_dict(figure), **wanted, warn=False)
        return image

    def __repr__(self) -> str:
        size = f"{self._last.width}×{self._last.height}"
        return f"FigureView({size} {self._last.format})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        """Show the widget, and a PNG where no widget can live."""
        data, metadata = cast("Bundle", super()._repr_mimebundle_(**kwargs))
        if not self.show_image:
            return data, metadata
        with self._lock:
            png, last = self._preview_image, self._last
            if png.format != "png":
                size = {"width": last.width, "height": last.height, "scale": last.scale}
                png = self._image_of(self.figure, size)
            images, sizes = figure_bundle([png], figure_dict(self.figure), self.alt)
        return images | data, sizes | metadata


def _whole(pixels: float | None) -> int | None:
    return None if pixels is None else round(pixels)
