"""The images endpoint: figures to images."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from plotly_nbext.client.figures import figure_dict, figure_json
from plotly_nbext.client.image import FORMATS, MIMES, Image, format_named
from plotly_nbext.client.refusals import NO_API
from plotly_nbext.columns import json
from plotly_nbext.errors import ServiceError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from plotly_nbext.client.session import Session

__all__ = ["ImageRequest", "made", "request", "wanted"]

DEFAULT_WIDTH, DEFAULT_HEIGHT = 700, 500
WARNINGS: Final = "Plotly-Warnings"


@dataclass(frozen=True)
class ImageRequest:
    """A figure on its way to ``POST /v2/images``; made by :func:`request`.

    Attributes
    ----------
    body : bytes
        What is sent.
    fields : dict
        How the image is wanted; see :func:`wanted`.
    layout : mapping or None
        The figure's.
    encoded : bool
        Whether a data-URI is wanted.
    """

    body: bytes = field(repr=False)
    fields: dict[str, Any]
    layout: Mapping[str, Any] | None = field(repr=False)
    encoded: bool

    def send(self, session: Session) -> Image:
        """Have it rendered."""
        response = session.send("POST", "/images", body=self.body, repeatable=True)
        return made(response, self.fields, self.layout, encoded=self.encoded)


def request(
    figure: Any,
    *,
    format: str = "png",  # noqa: A002 - the endpoint's word
    width: float | None = None,
    height: float | None = None,
    scale: float | None = None,
    encoded: bool = False,
) -> ImageRequest:
    """Write down what is wanted of a figure as it is now; see :meth:`Client.render`."""
    fields = wanted(format, width, height, scale)
    content = figure_dict(figure)
    rest = json.dumps(fields | {"encoded": encoded})
    body = b'{"figure":' + figure_json(content) + b"," + rest[1:]
    return ImageRequest(body, fields, content.get("layout"), encoded)


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
    kind = format_named(format)
    if kind not in FORMATS:
        raise ValidationError(
            f"format must be one of {', '.join(FORMATS)} or jpg, not {format!r}.", field="format"
        )
    fields: dict[str, Any] = {"format": kind}
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
        mime=MIMES[format],
        format=format,
        width=_side(fields.get("width")) or _side(layout.get("width")) or DEFAULT_WIDTH,
        height=_side(fields.get("height")) or _side(layout.get("height")) or DEFAULT_HEIGHT,
        scale=fields.get("scale", 1.0),
        data_uri=uri,
        warnings=_warnings(response.headers.get(WARNINGS)),
    )


def _warnings(header: str | None) -> tuple[str, ...]:
    """Read what our own server warns of, each sentence once; other servers may say anything."""
    try:
        sentences = json.loads(header or "[]")
    except ValueError:
        return ()
    if not (isinstance(sentences, list) and all(isinstance(each, str) for each in sentences)):
        return ()
    return tuple(dict.fromkeys(sentences))


def _side(value: Any) -> int | None:
    """Read a side as the server does: a number above 0, also from text; others mean none."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return round(number) if math.isfinite(number) and number > 0 else None


def _check_mime(response: requests.Response, format: str) -> None:  # noqa: A002 - as above
    mime = response.headers.get("Content-Type", "").partition(";")[0]
    if mime != MIMES[format]:
        raise ServiceError(
            f"{mime or 'Something'} was answered in place of {MIMES[format]}.", hint=NO_API
        )


def _from_data_uri(uri: str) -> bytes:
    head, _, content = uri.partition(",")
    if not head.startswith("data:"):
        raise ServiceError("Something was answered in place of a data-URI.", hint=NO_API)
    try:
        return base64.b64decode(content) if head.endswith(";base64") else unquote_to_bytes(content)
    except ValueError:
        raise ServiceError("A data-URI was answered that can't be read.", hint=NO_API) from None
