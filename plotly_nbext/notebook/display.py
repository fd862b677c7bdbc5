"""What a cell shows for a rendered figure: one bundle of plain images, and no widget.

A widget in the same bundle would hide the images in a notebook that is opened again; HTML would
outrank them. The PNG is always there, because untrusted notebooks don't show SVG and nbconvert's
HTML doesn't know WebP.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from plotly_nbext.notebook.captions import alt_text, summary, well_formed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.client import Image
    from plotly_nbext.notebook.captions import Figure

__all__ = ["figure_bundle"]

Bundle = tuple[dict[str, Any], dict[str, Any]]
"""The data and the metadata of a Jupyter output, by MIME type."""

# Front ends have no way to show it; it is kept by -o and --save.
_NOT_SHOWN = "application/postscript"


def figure_bundle(images: Sequence[Image], figure: Figure, alt: str | None = None) -> Bundle:
    """Make the Jupyter output of one figure's images.

    Parameters
    ----------
    images : sequence of Image
        One figure, in one or more formats; the first is the one that was asked for.
    figure : Mapping
        The figure as a dict.
    alt : str, optional
        What the image shows, in words. By default it is made from the figure.

    Returns
    -------
    tuple of dict
        The data and the metadata by MIME type. Width and height are in CSS pixels. Nothing in
        them depends on the server's address, the time or the memory.
    """
    asked = images[0]
    size = f"{asked.width}×{asked.height}"
    data = {"text/plain": f"<plotly figure: {summary(figure)}, {size} {asked.format}>"}
    metadata: dict[str, Any] = {}
    caption = alt_text(figure) if alt is None else well_formed(alt)
    for image in images:
        if image.mime == _NOT_SHOWN:
            continue
        is_text = image.mime == "image/svg+xml"
        data[image.mime] = image.data.decode() if is_text else base64.b64encode(image.data).decode()
        if image.mime.startswith("image/"):
            metadata[image.mime] = {"width": image.width, "height": image.height, "alt": caption}
    return data, metadata
