"""The figures that a client has drawn: to images, and to files as plotly's own functions do."""

from __future__ import annotations

from collections.abc import Sized
from typing import IO, TYPE_CHECKING, Any, overload

from plotly_nbext.client import images, static_images
from plotly_nbext.client.batch import Batch
from plotly_nbext.client.figures import is_several
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from plotly_nbext.client.figures import Figure
    from plotly_nbext.client.image import Image
    from plotly_nbext.client.images import ImageRequest
    from plotly_nbext.client.session import Session

    Destination = str | os.PathLike[str] | IO[bytes]

__all__ = ["Drawing"]


class Drawing:
    """What a :class:`Client` renders.

    Parameters
    ----------
    session : Session
        The server, and who asks.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @overload
    def render(
        self,
        figure: Figure | str | bytes,
        format: str = ...,
        width: float | None = ...,
        height: float | None = ...,
        scale: float | None = ...,
        *,
        encoded: bool = ...,
        progress: bool = ...,
        warn: bool = ...,
    ) -> Image: ...

    @overload
    def render(
        self,
        figure: Iterable[Figure],
        format: str = ...,
        width: float | None = ...,
        height: float | None = ...,
        scale: float | None = ...,
        *,
        encoded: bool = ...,
        progress: bool = ...,
        warn: bool = ...,
    ) -> list[Image]: ...

    def render(
        self,
        figure: Any,
        format: str = "png",  # noqa: A002 - as above
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
        *,
        encoded: bool = False,
        progress: bool = True,
        warn: bool = True,
    ) -> Image | list[Image]:
        """Render a figure, or several side by side: ``POST /v2/images``.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text; or an iterable of them
            A figure; its ``*src`` attributes may reference columns of grids. Several are written
            down in their order, a few ahead of what is rendered, so that a generator may make one
            after another, or change one and give it again.
        format : {"png", "jpg", "jpeg", "webp", "svg", "pdf", "eps"}
            The image's format.
        width, height : float, optional
            In CSS pixels; by default the layout's, else 700 × 500.
        scale : float, optional
            Pixels of the image per CSS pixel, 1 by default.
        encoded : bool
            Ask for a data-URI, which the image then has as ``data_uri``.
        progress : bool
            Whether a bar is shown when several figures take more than a second.
        warn : bool
            Whether what is missing in an image is shown as :class:`PlotlyNbextWarning`. The image
            has it either way, as ``warnings``.

        Returns
        -------
        Image or list of Image
            For several figures, their images in the same order.

        Raises
        ------
        ValidationError
            Something in the request is wrong, or plotly.js can't draw the figure. Of several
            figures it names the one, counted from 1. No other is begun then, and it is raised
            when those that are under way are rendered.
        BrowserNotFound
            The server has no browser.

        Notes
        -----
        What is raised when one of several figures fails has ``images``: a list of those that were
        rendered, in the figures' order, with None where there is none, as far as the last figure
        that was asked for where it is not known how many there are. (In a notebook's next cell,
        ``sys.last_value`` is that error.)

        Examples
        --------
        >>> image = client.render(fig, "svg", width=800)
        >>> image
        Image(mime='image/svg+xml', format='svg', width=800, height=500, scale=1.0, warnings=())
        >>> pngs = client.render({"data": [{"y": [0, top]}]} for top in (1, 2, 3))
        >>> len(pngs)
        3
        """
        wanted: dict[str, Any] = {
            "format": format,
            "width": width,
            "height": height,
            "scale": scale,
            "encoded": encoded,
        }
        if not is_several(figure):
            return self._rendered(images.request(figure, **wanted), warn=warn)
        requests = (images.request(each, **wanted) for each in figure)
        total = len(figure) if isinstance(figure, Sized) else None
        batch = Batch(self._session, total, kept="in the error's `images`")
        done: dict[int, Image] = {}
        try:
            batch.render(requests, done.__setitem__, progress=progress, warn=warn)
        except Exception as error:
            places = range(1, (total or batch.last) + 1)
            # not as an attribute, which an error's class may forbid to set
            vars(error)["images"] = [done.get(place) for place in places]
            raise
        return [done[place] for place in sorted(done)]

    def to_image(  # noqa: PLR0917 - plotly's signature
        self,
        fig: Figure,
        format: str | None = None,  # noqa: A002 - as above
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
        validate: bool = True,
        engine: str | None = None,
    ) -> bytes:
        """Render a figure as ``plotly.io.to_image`` and ``fig.to_image`` do.

        Parameters
        ----------
        fig : plotly.graph_objects.Figure or dict
            A figure.
        format, width, height, scale, validate, engine
            As in :meth:`write_image`; the format is by default that of ``plotly.io.defaults``.

        Returns
        -------
        bytes
            The image file's content.

        Raises
        ------
        ValidationError
            The figure can't be rendered.

        Examples
        --------
        >>> client.to_image(fig, "svg")[:4]
        b'<svg'
        """
        _ignore(engine)
        request = static_images.export(fig, format, width, height, scale, validate=validate)
        return self._rendered(request).data

    def write_image(  # noqa: PLR0917 - plotly's signature
        self,
        fig: Figure,
        file: Destination,
        format: str | None = None,  # noqa: A002 - as above
        scale: float | None = None,
        width: float | None = None,
        height: float | None = None,
        validate: bool = True,
        engine: str | None = None,
    ) -> None:
        """Render a figure to a file as ``plotly.io.write_image`` and ``fig.write_image`` do.

        Parameters
        ----------
        fig : plotly.graph_objects.Figure or dict
            A figure.
        file : path or binary file object
            Where the image goes. A file is there whole or not at all.
        format : {"png", "jpg", "jpeg", "webp", "svg", "pdf", "eps"}, optional
            By default the path's ending; for a file object that of ``plotly.io.defaults``.
        scale : float, optional
            Pixels of the image per CSS pixel; by default that of ``plotly.io.defaults``.
        width, height : float, optional
            In CSS pixels; by default the layout's, else its template's, else those of
            ``plotly.io.defaults`` (700 × 500).
        validate : bool
            Whether a dict is made a figure first, with plotly's default template, which fails
            where it is none. (In plotly 7 a dict that references grids is none.)
        engine : str, optional
            Ignored, and said so: the images are the server's.

        Raises
        ------
        ValidationError
            The file can't be written, its ending is no format, or the figure can't be rendered.
        ValueError
            The dict is no valid figure.

        Examples
        --------
        In place of ``fig.write_image("figure.pdf", width=800)``:

        >>> plotly_nbext.write_image(fig, "figure.pdf", width=800)
        """
        _ignore(engine)
        place, kind = static_images.destination(file, format)
        request = static_images.export(fig, kind, width, height, scale, validate=validate)
        static_images.write(self._rendered(request), place)

    def write_images(  # noqa: PLR0917 - plotly's signature
        self,
        fig: Iterable[Figure] | Figure,
        file: Sequence[Destination] | Destination,
        format: Sequence[str | None] | str | None = None,  # noqa: A002 - as above
        scale: Sequence[float | None] | float | None = None,
        width: Sequence[float | None] | float | None = None,
        height: Sequence[float | None] | float | None = None,
        validate: Sequence[bool] | bool = True,
        *,
        progress: bool = True,
    ) -> None:
        """Render figures to files side by side, as ``plotly.io.write_images`` does.

        Parameters
        ----------
        fig : plotly.graph_objects.Figure or dict, or an iterable of them
            The figures; they may come from a generator.
        file : path or binary file object, or a list of them
            Where each image goes, as soon as it is rendered.
        format, scale, width, height, validate
            As in :meth:`write_image`; each one for all figures, or a list.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Raises
        ------
        ValidationError
            The lists are of several lengths; or as :meth:`write_image` for one of the figures,
            which is named, counted from 1. No other is begun then, the images of those before it
            and of what is under way are written all the same, and the error tells which are not.
        OSError
            A file object can't be written to; its notes name the figure, and tell the same.

        Examples
        --------
        >>> plotly_nbext.write_images([fig, fig], ["one.png", "two.svg"], width=300)
        """
        options = {
            "file": file,
            "format": format,
            "width": width,
            "height": height,
            "scale": scale,
            "validate": validate,
        }
        total, pairs = static_images.as_many(fig, **options)
        places: list[Path | IO[bytes]] = []

        def requests() -> Iterator[ImageRequest]:
            for figure, own in pairs:
                place, own["format"] = static_images.destination(own.pop("file"), own["format"])
                places.append(place)
                yield static_images.export(figure, **own)

        def keep(number: int, image: Image) -> None:
            static_images.write(image, places[number - 1])

        batch = Batch(self._session, total, kept="in their files")
        batch.render(requests(), keep, progress=progress)

    def _rendered(self, request: ImageRequest, *, warn: bool = True) -> Image:
        image = request.send(self._session)
        for sentence in image.warnings if warn else ():
            notify(sentence)
        return image


def _ignore(engine: str | None) -> None:
    if engine is not None:
        notify(f"engine={engine!r} is ignored: images are rendered by the server.")
