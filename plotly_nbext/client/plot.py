"""A plot on the server: a figure that is kept, and may draw on grids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Self

from plotly_nbext.client import images
from plotly_nbext.client.creation import created
from plotly_nbext.client.file import File
from plotly_nbext.client.paths import ensure_folder, split_path
from plotly_nbext.columns import json

if TYPE_CHECKING:
    from plotly_nbext.client.images import Image
    from plotly_nbext.client.session import Session

__all__ = ["Plot"]

# alice:88:e3a9dd, or several with commas
_REFERENCE: Final = re.compile(r"[^:/\s]+:\d+:[^:\s]+")


class Plot(File, filetype="plot", resource="plots"):
    """A figure on the server; made by :meth:`Client.push_plot` and :meth:`Client.plot`.

    It has what every :class:`File` has. Where it references grids it is drawn from what they hold
    now.
    """

    @classmethod
    def create(cls, session: Session, figure: Any, path: str, *, world_readable: bool) -> Self:
        """Keep a figure: ``POST /v2/plots``."""
        folder, filename = split_path(path)
        rest: dict[str, Any] = {"filename": filename, "world_readable": world_readable}
        if folder:
            ensure_folder(session, folder)
            rest["parent_path"] = folder
        body = (
            b'{"figure":'
            + images.figure_json(images.figure_dict(figure))
            + b","
            + json.dumps(rest)[1:]
        )
        return cls(session, created(session.json("POST", "/plots", body=body)), path)

    @property
    def embed_url(self) -> str:
        """The page with the figure alone, for an iframe."""
        return str(self._meta["embed_url"])

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
        """
        query = {"inline_data": "true"} if inline_data else {}
        figure: dict[str, Any] = self._get("/content", **query)
        return figure

    def update(self, figure: Any) -> Self:
        """Draw another figure in its place, with the same fid and page: ``PATCH /v2/plots/FID``.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            A figure; its ``*src`` attributes may reference columns of grids.
        """
        body = b'{"figure":' + images.figure_json(images.figure_dict(figure)) + b"}"
        return self._took(self._session.send("PATCH", self._address(), body=body))

    def image(
        self,
        format: str = "png",  # noqa: A002 - the endpoint's word
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
    ) -> Image:
        """Render the plot as its page shows it: ``GET /v2/files/FID/image``.

        In another format or size it is drawn by ``POST /v2/images``; see :meth:`Client.render`.
        """
        if (format, width, height, scale) == ("png", None, None, None):
            address = f"/files/{self.fid}/image"
            return images.png_image(self._session.send("GET", address, query=self._query))
        figure = self.figure()
        # who may see the plot may see its data, but need not be able to read the grids
        plain = {**figure, "data": _without_references(figure.get("data", []))}
        return images.render(
            self._session, plain, format=format, width=width, height=height, scale=scale
        )


def _without_references(part: Any) -> Any:
    """Drop the references of which the values are there."""
    if isinstance(part, list):
        return [_without_references(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _without_references(value)
        for name, value in part.items()
        if not (
            name.endswith("src")
            and name.removesuffix("src") in part
            and isinstance(value, str)
            and _REFERENCE.match(value)
        )
    }
