"""A plot on the server: a figure that is kept, and may draw on grids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from plotly_nbext.client import images
from plotly_nbext.client.creation import created
from plotly_nbext.client.figures import figure_dict, figure_json
from plotly_nbext.client.file import File
from plotly_nbext.client.paths import ensure_folder, split_path
from plotly_nbext.columns import json
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from plotly_nbext.client.image import Image
    from plotly_nbext.client.session import Session

__all__ = ["Plot"]


class Plot(File, filetype="plot", resource="plots"):
    """A figure on the server; made by :meth:`Client.push_plot` and :meth:`Client.plot`.

    It has what every :class:`File` has. Where it references grids it is drawn from what they hold
    now.

    Examples
    --------
    >>> plot = client.push_plot({"data": [{"ysrc": grid["total"].src}]}, "sales/chart")
    >>> plot.figure()["data"][0]["y"]
    [5, 6]
    """

    @classmethod
    def create(cls, session: Session, figure: Any, path: str, *, world_readable: bool) -> Self:
        """Keep a figure: ``POST /v2/plots``.

        Parameters
        ----------
        session : Session
            The server.
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            What to keep.
        path : str
            Where; missing folders are made.
        world_readable : bool
            Whether anyone may see it.

        Returns
        -------
        Plot
        """
        folder, filename = split_path(path)
        rest: dict[str, Any] = {"filename": filename, "world_readable": world_readable}
        if folder:
            ensure_folder(session, folder)
            rest["parent_path"] = folder
        body = b'{"figure":' + figure_json(figure_dict(figure)) + b"," + json.dumps(rest)[1:]
        return cls(session, created(session.json("POST", "/plots", body=body)), path)

    @property
    def embed_url(self) -> str:
        """The page with the figure alone, for an iframe."""
        return self._told("embed_url")

    def figure(self, *, inline_data: bool = True) -> dict[str, Any]:
        """Read the figure: ``GET /v2/plots/FID/content``.

        Parameters
        ----------
        inline_data : bool
            Whether the values that it references in grids are put beside the references.

        Returns
        -------
        dict
            With ``data`` and ``layout``. It is no graph object, because those of plotly 7 can't
            hold references: ``go.Figure(plot.figure(), skip_invalid=True)`` makes one without.

        Examples
        --------
        >>> plot = client.push_plot({"data": [{"y": [5, 6]}]}, "sales/chart")
        >>> plot.figure()["data"]
        [{'y': [5, 6]}]
        """
        query = {"inline_data": "true"} if inline_data else {}
        figure: dict[str, Any] = self._get("/content", dict[str, Any], **query)
        return figure

    def update(self, figure: Any) -> Self:
        """Draw another figure in its place, with the same fid and page: ``PATCH /v2/plots/FID``.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            A figure; its ``*src`` attributes may reference columns of grids.

        Returns
        -------
        Plot
            This one.

        Raises
        ------
        ValidationError
            It is no figure, or references what can't be read.

        Examples
        --------
        >>> plot = client.push_plot({"data": [{"y": [5, 6]}]}, "sales/chart")
        >>> plot.update({"data": [{"y": [7]}]}).figure()["data"]
        [{'y': [7]}]
        """
        body = b'{"figure":' + figure_json(figure_dict(figure)) + b"}"
        return self._took(self._session.send("PATCH", self._address(), body=body))

    def image(
        self,
        format: str = "png",  # noqa: A002 - the endpoint's word
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
    ) -> Image:
        """Render the plot as its page shows it: ``GET /v2/files/FID/image``.

        Whoever may see the plot may see its data, and need not be able to read its grids. A size
        that is not given is the layout's: ``GET /v2/plots/FID/content``. See :meth:`Client.render`.

        Parameters
        ----------
        format, width, height, scale
            As in :meth:`Client.render`.

        Returns
        -------
        Image

        Raises
        ------
        ValidationError
            plotly.js can't draw it.

        Examples
        --------
        >>> plot = client.push_plot({"data": [{"y": [5, 6]}]}, "sales/chart")
        >>> plot.image("svg", width=300).width
        300
        """
        fields = images.wanted(format, width, height, scale)
        query = self._query | {name: str(value) for name, value in fields.items()}
        answer = self._session.send("GET", f"/files/{self.fid}/image", query=query)
        sized = "width" in fields and "height" in fields
        layout = None if sized else self.figure(inline_data=False).get("layout")
        image = images.made(answer, fields, layout)
        for sentence in image.warnings:
            notify(sentence)
        return image
