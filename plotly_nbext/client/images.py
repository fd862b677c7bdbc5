"""The images endpoint: figures to images."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from plotly_nbext.client.failures import NO_API
from plotly_nbext.columns import json
from plotly_nbext.errors import ServiceError, ValidationError

if TYPE_CHECKING:
    import requests

    from plotly_nbext.client.session import Session

__all__ = ["FORMATS", "Image", "figure_dict", "figure_json", "png_image", "render"]

_MIMES: Final = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "eps": "application/postscript",
}
FORMATS: Final = tuple(_MIMES)

DEFAULT_WIDTH, DEFAULT_HEIGHT = 700, 500


@dataclass(frozen=True)
class Image:
    """A rendered figure; it shows itself in a notebook.

    Attributes
    ----------
    data : bytes
        The image file's content.
    mime : str
        Its type, such as ``image/png``.
    format : str
        ``png``, ``jpeg``, ``webp``, ``svg``, ``pdf`` or ``eps``.
    width, height : int
        In CSS pixels.
    scale : float
        Pixels of the image per CSS pixel.
    data_uri : str or None
        What the server answered when it was asked for ``encoded``.
    """

    data: bytes = field(repr=False)
    mime: str
    format: str
    width: int
    height: int
    scale: float = 1.0
    data_uri: str | None = field(default=None, repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the image to a file and return its path.

        Raises
        ------
        ValidationError
            The file's folder is missing.
        """
        path = Path(path).expanduser()
        if not path.parent.is_dir():
            raise ValidationError(f"There is no folder {str(path.parent)!r}.", field="path")
        path.write_bytes(self.data)
        return path

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Show the image in a notebook."""
        del include, exclude
        text = f"<plotly image: {self.width}×{self.height} {self.format}>"
        content = self.data.decode() if self.format == "svg" else _base64(self.data)
        size = {"width": self.width, "height": self.height}
        return {self.mime: content, "text/plain": text}, {self.mime: size}


def render(
    session: Session,
    figure: Any,
    *,
    format: str = "png",  # noqa: A002 - the endpoint's word
    width: float | None = None,
    height: float | None = None,
    scale: float | None = None,
    encoded: bool = False,
) -> Image:
    """Render a figure by ``POST /v2/images``; see :meth:`plotly_nbext.client.Client.render`."""
    if format not in FORMATS:
        raise ValidationError(
            f"format must be one of {', '.join(FORMATS)}, not {format!r}.", field="format"
        )
    sizes: dict[str, Any] = {"width": width, "height": height, "scale": scale}
    for name, value in sizes.items():
        if value is not None and not (
            isinstance(value, Real) and math.isfinite(value) and float(value) > 0
        ):
            raise ValidationError(f"{name} must be a number above 0, not {value!r}.", field=name)
    given = {name: float(value) for name, value in sizes.items() if value is not None}
    content = figure_dict(figure)
    rest = json.dumps({"format": format, "encoded": encoded} | given)
    body = b'{"figure":' + figure_json(content) + b"," + rest[1:]
    response = session.send("POST", "/images", body=body, repeatable=True)
    data, uri = response.content, None
    if encoded:
        uri = data.decode("ascii", "replace")
        data = _from_data_uri(uri)
    else:
        _check_mime(response, format)
    layout = content.get("layout") or {}
    if layout.get("autosize"):
        layout = {}
    return Image(
        data=data,
        mime=_MIMES[format],
        format=format,
        width=round(width or layout.get("width") or DEFAULT_WIDTH),
        height=round(height or layout.get("height") or DEFAULT_HEIGHT),
        scale=float(scale or 1),
        data_uri=uri,
    )


def png_image(response: requests.Response) -> Image:
    """Make an image of a png that a server drew in a size of its own."""
    _check_mime(response, "png")
    width, height = struct.unpack(">II", response.content[16:24])
    return Image(response.content, _MIMES["png"], "png", width, height)


def figure_dict(figure: Any) -> dict[str, Any]:
    """Read a figure as a dict with data and layout.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure, FigureWidget, mapping, or JSON text
        What has ``to_plotly_json`` or is a mapping with ``data`` or ``layout``.

    Raises
    ------
    ValidationError
        It is something else.
    """
    given = type(figure).__name__
    if isinstance(figure, str | bytes):
        try:
            figure = json.loads(figure)
        except ValueError as error:
            raise ValidationError(
                f"figure is a string, but not JSON: {error}", field="figure"
            ) from None
    elif hasattr(figure, "to_plotly_json"):
        # a figure's to_dict packs numpy arrays as plotly.js reads them, without a number of text
        figure = figure.to_dict() if hasattr(figure, "to_dict") else figure.to_plotly_json()
    if isinstance(figure, Mapping) and {"data", "layout"} & figure.keys():
        data, layout = figure.get("data") or [], figure.get("layout") or {}
        # Chart Studio's own way: a dict whose parts are graph objects
        if isinstance(data, list | tuple):
            data = [_plain(trace) for trace in data]
        return {**figure, "data": data, "layout": _plain(layout)}
    raise ValidationError(
        f"figure must be a Plotly figure or a dict with data and layout, not {given}.",
        field="figure",
    )


def _plain(part: Any) -> Any:
    return part.to_plotly_json() if hasattr(part, "to_plotly_json") else part


def figure_json(figure: Mapping[str, Any]) -> bytes:
    """Write a figure as JSON text."""
    # plotly's own encoder knows numpy, pandas and typed arrays
    from plotly.io.json import to_json_plotly

    text: str = to_json_plotly(figure)
    return text.encode()


def _check_mime(response: requests.Response, format: str) -> None:  # noqa: A002 - as above
    mime = response.headers.get("Content-Type", "").partition(";")[0]
    if mime != _MIMES[format]:
        raise ServiceError(
            f"{mime or 'Something'} was answered in place of {_MIMES[format]}.", hint=NO_API
        )


def _from_data_uri(uri: str) -> bytes:
    head, _, content = uri.partition(",")
    if not head.startswith("data:"):
        raise ServiceError("Something was answered in place of a data-URI.", hint=NO_API)
    return base64.b64decode(content) if head.endswith(";base64") else unquote_to_bytes(content)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
