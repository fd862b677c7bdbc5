"""What ``%plotly_render`` asks the images endpoint for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import plotly_nbext
from plotly_nbext.errors import ValidationError
from plotly_nbext.notebook.magics.usage import UsageError

if TYPE_CHECKING:
    from plotly_nbext.client import Image

__all__ = ["FORMATS", "Request", "read_body"]

# as in the client, which is slow to import
FORMATS: Final = {
    "png": "png",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "webp": "webp",
    "svg": "svg",
    "pdf": "pdf",
    "eps": "eps",
}


@dataclass(frozen=True)
class Request:
    """The body of the images endpoint; what is None is not said."""

    figure: Any
    format: str | None = None
    width: int | None = None
    height: int | None = None
    scale: float | None = None
    encoded: bool = False

    def send(self) -> Image:
        """Have the image made."""
        image: Image = plotly_nbext.render(
            self.figure,
            format=self.format or "png",
            width=self.width,
            height=self.height,
            scale=self.scale,
            encoded=self.encoded,
            warn=False,
        )
        return image


def read_body(cell: str) -> Request:
    """Read the JSON of a cell.

    Raises
    ------
    UsageError
        It is no JSON.
    ValidationError
        It is no body of the endpoint.
    """
    try:
        body = json.loads(cell)
    except ValueError as error:
        raise UsageError(
            f"The cell can't be read as JSON: {error}.",
            hint="Without --json, the cell is Python whose last line gives a figure.",
        ) from None
    if not isinstance(body, dict) or "figure" not in body:
        raise ValidationError(
            "The body has no figure.",
            field="figure",
            hint='Write {"figure": {"data": […], "layout": {…}}, "format": "png"}.',
        )
    if not isinstance(body.get("encoded", False), bool):
        raise ValidationError(f"encoded must be true or false, not {body['encoded']!r}.")
    width, height, scale = (_number(body, field) for field in ("width", "height", "scale"))
    return Request(
        figure=body["figure"],
        format=body.get("format"),
        width=None if width is None else round(width),
        height=None if height is None else round(height),
        scale=scale,
        encoded=body.get("encoded", False),
    )


def _number(body: dict[str, Any], field: str) -> float | None:
    """Read a number of the body; one that is not positive counts as none, as on the server."""
    try:
        number = float(body.get(field) or 0)
    except (TypeError, ValueError):
        raise ValidationError(f"{field} must be a number, not {body[field]!r}.") from None
    return number if number > 0 else None
