"""How what a client made is read back, by programs that had no part in making it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import PIL.Image
import pypdf

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.conftest import Api


# what the scripts upload and plot
TIME_AND_VOLTAGE = {"time": [1, 2, 3], "voltage": [4, None, 5.5]}
BARS = [(["a", "b"], [2, 3]), (["a", "b"], [1, 4])]


def size(data: bytes, kind: str) -> tuple[float, float]:
    """Decode an image, which has to be of this format and not blank; give its width and height."""
    if kind == "svg":
        root = ET.fromstring(data)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.find(".//{*}path") is not None
        return float(root.get("width")), float(root.get("height"))
    if kind == "pdf":
        (page,) = pypdf.PdfReader(BytesIO(data)).pages
        assert page.extract_text().strip()
        return float(page.mediabox.width), float(page.mediabox.height)
    with PIL.Image.open(BytesIO(data)) as image:
        assert image.format == kind.upper()
        if kind != "eps":  # which takes Ghostscript to decode
            assert len(image.convert("RGB").getcolors(2**24)) > 1
        return image.size


def saved(path: Path) -> tuple[float, float]:
    """Decode an image file, which has to be of the format that its name says."""
    return size(path.read_bytes(), path.suffix[1:])


def draws_a_line(path: Path) -> bool:
    """Tell whether a trace has drawn a line in an SVG file."""
    return ET.parse(path).find(".//{*}path[@class='js-line']") is not None


def path_of(url: str) -> str:
    """Give a URL without its server."""
    return "/" + url.split("/", 3)[3]


def fid_of(url: str) -> str:
    """Give the fid of a file's web page."""
    return ":".join(re.search(r"/~([^/]+)/(\d+)", url).groups())


def embedded(html: str) -> str:
    """Give the address of what an iframe shows."""
    return re.search(r'src="([^"]+)"', html)[1]


def found(api: Api, path: str) -> dict:
    """Give the metadata of the user's file at a path."""
    return api.expect(200, "GET", "/v2/files/lookup", params={"path": path}).json()


def figure(api: Api, fid: str, **params) -> dict:
    """Give a plot's figure with its data."""
    params |= {"inline_data": "true"}
    return api.expect(200, "GET", f"/v2/plots/{fid}/content", params=params).json()


def drawn(figure: dict) -> list[tuple[list, list]]:
    """Give the x and y of each trace of a figure or a frame."""
    return [(trace.get("x"), trace["y"]) for trace in figure["data"]]
