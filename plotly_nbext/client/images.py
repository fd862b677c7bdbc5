"""The images endpoint: figures to images."""

from __future__ import annotations

import base64
import math
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

__all__ = ["FORMATS", "Image", "figure_dict", "figure_json", "made", "render", "wanted"]

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
    fields = wanted(format, width, height, scale)
    content = figure_dict(figure)
    rest = json.dumps(fields | {"encoded": encoded})
    body = b'{"figure":' + figure_json(content) + b"," + rest[1:]
    response = session.send("POST", "/images", body=body, repeatable=True)
    return made(response, fields, content.get("layout"), encoded=encoded)


def wanted(
    format: str,  # noqa: A002 - as above
    width: float | None,
    height: float | None,
    scale: float | None,
) -> dict[str, Any]:
    """Name how an image is wanted as the server does; what is None is left out.

    Raises
    ------
    ValidationError
        One of them is no format or no size.
    """
    if format not in FORMATS:
        raise ValidationError(
            f"format must be one of {', '.join(FORMATS)}, not {format!r}.", field="format"
        )
    fields: dict[str, Any] = {"format": format}
    sizes: dict[str, Any] = {"width": width, "height": height, "scale": scale}
    for name, value in sizes.items():
        if value is None:
            continue
        if not (isinstance(value, Real) and math.isfinite(value) and float(value) > 0):
            raise ValidationError(f"{name} must be a number above 0, not {value!r}.", field=name)
        fields[name] = float(value)
    return fields


def made(
    response: requests.Response,
    fields: Mapping[str, Any],
    layout: Mapping[str, Any] | None,
    *,
    encoded: bool = False,
) -> Image:
    """Make the image that a server answered.

    Parameters
    ----------
    response : requests.Response
        The image file's content, or a data-URI.
    fields : mapping
        How it was wanted; see :func:`wanted`.
    layout : mapping or None
        The figure's, which tells the size where ``fields`` do not.
    encoded : bool
        Whether a data-URI was asked for.
    """
    format = fields["format"]  # noqa: A001 - as above
    data, uri = response.content, None
    if encoded:
        uri = data.decode("ascii", "replace")
        data = _from_data_uri(uri)
    else:
        _check_mime(response, format)
    if not layout or layout.get("autosize"):
        layout = {}
    return Image(
        data=data,
        mime=_MIMES[format],
        format=format,
        width=_side(fields.get("width")) or _side(layout.get("width")) or DEFAULT_WIDTH,
        height=_side(fields.get("height")) or _side(layout.get("height")) or DEFAULT_HEIGHT,
        scale=fields.get("scale", 1.0),
        data_uri=uri,
    )


def _side(value: Any) -> int | None:
    """Read a side as the server does: a number above 0, also from text; others mean none."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return round(number) if math.isfinite(number) and number > 0 else None


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
