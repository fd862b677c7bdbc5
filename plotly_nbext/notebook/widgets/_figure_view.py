"""The widget that shows a figure's image, and renders it again as one likes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from plotly_nbext import api
from plotly_nbext.client import announcements
from plotly_nbext.client.figures import figure_dict
from plotly_nbext.client.image import format_named
from plotly_nbext.client.references import filled, referenced_grids
from plotly_nbext.client.whole_file import write_whole
from plotly_nbext.notebook.captions import alt_text, file_stem, title_of
from plotly_nbext.notebook.display import figure_bundle
from plotly_nbext.notebook.html_files import figure_file
from plotly_nbext.notebook.stand_in import StandIn
from plotly_nbext.notebook.widgets._answers import describe
from plotly_nbext.notebook.widgets._driving import follow
from plotly_nbext.notebook.widgets._figure_protocol import FigureProtocol
from plotly_nbext.notebook.widgets._redrawing import Redrawing
from plotly_nbext.notebook.widgets._sources import source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from plotly_nbext.client import Client, Image
    from plotly_nbext.notebook.display import Bundle

__all__ = ["FigureView"]

OPTIONS: Final = ("format", "width", "height", "scale")

# What an <img> can't show is offered as a download, and a PNG is shown.
SHOWN_FORMATS: Final = frozenset({"png", "jpeg", "webp", "svg"})


class _Drawn(NamedTuple):
    """What was rendered last."""

    image: Image
    preview: Image
    """What is shown of it: itself, if browsers can."""
    figure: Mapping[str, Any]
    """As it was then."""


class FigureView(FigureProtocol):
    """A figure's rendered image with controls for its format and size.

    The traits below are live both ways: what is chosen in the page is seen in Python, and what is
    set in Python is seen in the page. What a cell sets is rendered by the next line, so that
    ``image`` is of it. What comes from the page, from a :class:`plotly.graph_objects.FigureWidget`
    that is the figure, or from a grid that the figure references and that is changed here, is
    rendered in a thread, when it has come to rest. When rendering fails, ``error`` says why and
    the last image stays.

    In the page the figure may also be interactive. What is done to it there is done to
    :attr:`figure`, which is another one then of the same kind; only a FigureWidget is changed in
    place, as it is by those who look at it.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure, FigureWidget, dict, or JSON text
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

    Raises
    ------
    PlotlyNbextError
        The figure could not be rendered the first time.

    Examples
    --------
    >>> view = plotly_nbext.FigureView(fig, width=400)
    >>> view.format = "svg"
    >>> view.image[:4]
    b'<svg'
    """

    _esm = source("figure_view.js")
    _css = source("figure_view.css")

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
    ) -> None:
        self._redrawing = Redrawing(self._draw, self._tell)
        self._stop_following: Callable[[], None] = lambda: None
        self._client = client
        self._callbacks: list[Callable[[Image], object]] = []
        self._made_png: tuple[_Drawn, Image] | None = None
        wanted = {
            "format": format_named(format),
            "width": _whole(width),
            "height": _whole(height),
            "scale": scale,
        }
        content = figure_dict(figure)
        rendered = self._rendered(content, wanted, version=0)
        self._words = alt_text(content)
        alt = self._words if alt is None else alt
        super().__init__(figure=figure, alt=alt, **wanted, **rendered)
        self.observe(self._on_option, OPTIONS)
        self.observe(self._on_figure, "figure")
        self.observe(self._on_alt, "alt")
        self._stop_following = follow(figure, self._on_live_figure)
        announcements.listen(self._on_grid)

    def on_render(self, callback: Callable[[Image], object]) -> None:
        """Have a function called with each image that is rendered from now on.

        Parameters
        ----------
        callback : callable
            Takes the :class:`~plotly_nbext.client.Image`, after the page has it. It may run in
            another thread than the one that registered it, but one image at a time.

        Examples
        --------
        >>> view = plotly_nbext.FigureView(fig, width=400)
        >>> view.on_render(lambda image: print(image.format, image.width))
        >>> view.width = 300
        png 300
        """
        self._callbacks.append(callback)

    def render(self) -> None:
        """Render the figure as it is now; a failure is left in ``error``.

        Examples
        --------
        >>> view = plotly_nbext.FigureView(fig, width=400)
        >>> fig.layout.title = "Totals"
        >>> view.render()
        """
        self._changed()
        self._ask()

    def show(self, display_id: str | None = None) -> None:
        """Show the view, and keep in the notebook what ``%plotly_render`` would.

        Shown as a cell's value it keeps a PNG; here it is the image in its own format and a PNG,
        which are hidden in the page as long as the view lives.

        Parameters
        ----------
        display_id : str, optional
            What the output of the images is known by.

        Examples
        --------
        >>> view = plotly_nbext.FigureView(fig, width=400)
        >>> view.show("totals")
        <plotly figure: 1 trace, 400×500 png>
        ...
        """
        data, metadata = cast("Bundle", super()._repr_mimebundle_())
        self._standing_in(StandIn(self._images, display_id)).show(data, metadata)

    def close(self) -> None:
        """Take the view from the page, and render no more.

        Examples
        --------
        >>> plotly_nbext.FigureView(fig).close()
        """
        self._redrawing.stop()
        self._stop_following()
        announcements.unlisten(self._on_grid)
        super().close()

    def _on_figure(self, change: Any) -> None:
        self._stop_following()
        self._stop_following = follow(change.new, self._on_live_figure)
        self._changed()
        self._ask()

    def _on_option(self, _change: object) -> None:
        self._ask()

    def _on_alt(self, change: Any) -> None:
        if not change.new and self._is_from_page:
            self.alt = self._words

    def _on_live_figure(self) -> None:
        if not self._is_from_page:  # else it is one change in all, whose maker says so
            self._changed()
            self._redrawing.soon()

    def _on_grid(self, fid: str) -> None:
        if fid in self._grids:
            self._changed()
            self._redrawing.soon()

    def _ask(self) -> None:
        if self._is_from_page:
            self._redrawing.soon()
        else:
            self._redrawing.now()

    def _wanted(self) -> dict[str, Any]:
        return {option: getattr(self, option) for option in OPTIONS}

    def _draw(self) -> Image | None:
        """Render what is wanted now, unless that is shown; return the image if there is one."""
        # first: what changes from here on is another version, which is still to be drawn
        version = self._version
        wanted, figure = self._wanted(), self.figure
        self._busy = True
        try:
            if (wanted, version) == (self._shown["wanted"], self._shown["version"]):
                self.error = {}
                return None
            content = figure_dict(figure)
            rendered = self._rendered(content, wanted, version)
            if self._redrawing.is_stopped:
                return None
            drawn = self._last
            self.error = {}
            self._describe(content)
            for name, value in rendered.items():
                # who hears of one may set something else, which is drawn by then
                if self._last is drawn:
                    setattr(self, name, value)
        except KeyboardInterrupt:
            self.error = {"type": "KeyboardInterrupt", "message": "Rendering was interrupted."}
            raise
        except Exception as error:  # noqa: BLE001 - raised in a message handler it would be lost
            # What is rendered next may be right: a live figure can change while it is read.
            if not self._redrawing.is_overtaken:
                self.error = describe(error)
            return None
        else:
            return drawn.image if self._last is drawn else None
        finally:
            self._busy = self._redrawing.is_overtaken

    def _tell(self, image: Image) -> None:
        try:
            for callback in self._callbacks:
                callback(image)
        except Exception as error:  # noqa: BLE001 - as above
            self.error = describe(error)

    def _describe(self, content: Mapping[str, Any]) -> None:
        """Say in ``alt`` what the figure shows now, unless somebody has said it better."""
        words = alt_text(content)
        if self.alt == self._words:
            self.alt = words
        self._words = words

    def _rendered(
        self, content: Mapping[str, Any], wanted: dict[str, Any], version: int
    ) -> dict[str, Any]:
        """Render, and return the traits that say so."""
        self._grids = referenced_grids(content)
        image = preview = self._image_of(content, wanted)
        if image.format not in SHOWN_FORMATS:
            preview = self._image_of(content, wanted | {"format": "png"})
        self._last = _Drawn(image, preview, content)
        return {
            "warnings": list(image.warnings),
            "_preview": b"" if preview is image else preview.data,
            "image": image.data,
            "_shown": {
                "wanted": wanted,
                "version": version,
                "mime": image.mime,
                "width": image.width,
                "height": image.height,
                "file": f"{file_stem(content)}.{image.format}",
            },
        }

    def _image_of(self, content: Mapping[str, Any], wanted: dict[str, Any]) -> Image:
        # shown beside the image, and a page's messages have no cell to warn in
        image: Image = self._renderer.render(content, **wanted, warn=False)
        return image

    @property
    def _renderer(self) -> Client:
        return self._client or api.current_client()

    def __repr__(self) -> str:
        image = self._last.image
        return f"FigureView({image.width}×{image.height} {image.format})"

    def to_html(self, path: str | Path | None = None, *, interactive: bool = False) -> str | None:
        """Write the figure as a page that needs no kernel, no server and no network.

        Parameters
        ----------
        path : str or path, optional
            The file to write, whole or not at all. By default the page is returned.
        interactive : bool
            Whether plotly.js, as it is installed here, is in it and draws the figure; it adds about
            5 MB. Where no script runs the image is seen.

        Returns
        -------
        str or None
            The page, if it was not written to a file.

        Raises
        ------
        ValidationError
            The file's folder is missing.
            A grid that the figure references is not there.

        Examples
        --------
        >>> plotly_nbext.FigureView(fig).to_html("figure.html")
        """
        drawn = self._last
        figure = filled(self._renderer, drawn.figure) if interactive else None
        html = figure_file(title_of(drawn.figure) or "Figure", drawn.preview, self.alt, figure)
        if path is None:
            return html
        write_whole(path, html.encode())
        return None

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        """Show the widget, and a PNG where no widget can live."""
        data, metadata = cast("Bundle", super()._repr_mimebundle_(**kwargs))
        images, sizes = self._still()
        return data | images, metadata | sizes

    def _ipython_display_(self) -> None:
        data, metadata = cast("Bundle", super()._repr_mimebundle_())
        self._stand_in.show(data, metadata)

    @functools.cached_property
    def _stand_in(self) -> StandIn:
        return self._standing_in(StandIn(self._still))

    def _standing_in(self, stand_in: StandIn) -> StandIn:
        """Have it updated with all that is seen in it."""
        self.on_render(lambda _image: stand_in.update())
        self.observe(lambda _change: stand_in.update(), "alt")
        return stand_in

    def _images(self) -> Bundle:
        drawn = self._last
        png = self._png(drawn)
        images = [drawn.image] if drawn.image is png else [drawn.image, png]
        return figure_bundle(images, drawn.figure, self.alt)

    def _still(self) -> Bundle:
        drawn = self._last
        return figure_bundle([self._png(drawn)], drawn.figure, self.alt)

    def _png(self, drawn: _Drawn) -> Image:
        """Give the image as pixels that every front end shows; what is none is rendered once."""
        image, png, figure = drawn
        if png.format == "png":
            return png
        made = self._made_png
        if made is None or made[0] is not drawn:
            size = {"width": image.width, "height": image.height, "scale": image.scale}
            made = self._made_png = drawn, self._image_of(figure, size)
        return made[1]


def _whole(pixels: float | None) -> int | None:
    return None if pixels is None else round(pixels)
