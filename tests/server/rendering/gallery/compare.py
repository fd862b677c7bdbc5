"""The reference: what stock plotly.js draws of a figure, and how two pictures are compared.

A reference is drawn by ``Plotly.toImage`` in a browser that is started as the renderer's is, in a
page without our policy, which might blank a picture without a word, and without the modules that
draw. It has the same plotly.js and outlines of maps, and the same build of MathJax unless another
is given: that our formulas are those of MathJax as its makers ship it, tests/peers shows.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np
from PIL import Image, ImageDraw

from .figures import figure, size_of

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.server.rendering import Renderer
    from plotly_nbext.server.rendering.cdp import Connection
    from plotly_nbext.server.rendering.page import Page

PLOTLY = resources.files("plotly") / "package_data" / "plotly.min.js"
EMPTY = '<!DOCTYPE html><html><body style="margin: 0"></body></html>'
SIZE = {"width": 400, "height": 300, "scale": 1}
MAX_GL_SIDE = 8192
MATHJAX = 'import("/static/mathjax.js").then(() => null)'
TOPOJSON = "Plotly.PlotSchema.get().config.topojsonURL.dflt"


class Stock:
    """A page with plotly.js as its makers ship it; made by :meth:`open`."""

    def __init__(self, cdp: Connection, session: str) -> None:
        self._cdp = cdp
        self._session = session
        self._outlines = ""

    @classmethod
    async def open(cls, beside: Page, port: int, mathjax: str = MATHJAX) -> Stock:
        """Open a window in the browser of a page that came from this port.

        Parameters
        ----------
        mathjax : str
            The script that loads MathJax.
        """
        cdp = beside._browser.cdp
        # a window, because a tab in the background is not painted, which maps wait for
        opened = await cdp.call("Target.createTarget", {"url": "about:blank", "newWindow": True})
        attached = await cdp.call("Target.attachToTarget", opened | {"flatten": True})
        session = attached["sessionId"]
        await cdp.call("Page.setBypassCSP", {"enabled": True}, session=session)
        # an origin, which maps' workers and outlines need; what is not found there is left out
        address = {"url": f"http://127.0.0.1:{port}/stock"}
        frame = (await cdp.call("Page.navigate", address, session=session))["frameId"]
        document = {"frameId": frame, "html": EMPTY}
        await cdp.call("Page.setDocumentContent", document, session=session)
        stock = cls(cdp, session)
        await stock.evaluate(mathjax)
        await stock.evaluate(PLOTLY.read_text())
        is_un = (await stock.evaluate(TOPOJSON)).endswith("/un/")
        stock._outlines = f"/static/topojson/{'un' if is_un else 'natural-earth'}/"
        return stock

    async def image(self, figure: dict[str, Any], format: str = "png", **size: Any) -> bytes:
        """Draw a figure as ``Plotly.toImage`` does."""
        size = SIZE | size
        ratio = min(2 * size["scale"], MAX_GL_SIDE / max(size["width"], size["height"]))
        config = {"plotGlPixelRatio": ratio, "topojsonURL": self._outlines}
        shown = json.dumps({**figure, "config": config})
        options = json.dumps({"format": format, **size})
        head, _, body = (await self.evaluate(f"Plotly.toImage({shown}, {options})")).partition(",")
        return base64.b64decode(body) if head.endswith("base64") else unquote(body).encode()

    async def evaluate(self, script: str) -> Any:
        """Run a script, as everybody may in a page of their own."""
        answer = await self._cdp.call(
            "Runtime.evaluate",
            {"expression": script, "awaitPromise": True, "returnByValue": True},
            session=self._session,
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")


def pixels(image: bytes) -> np.ndarray:
    """The pixels of a picture: rows × columns × RGBA."""
    with Image.open(io.BytesIO(image)) as opened:
        return np.asarray(opened.convert("RGBA")).astype(int)


def assert_same(ours: bytes, theirs: bytes, tolerance: int = 0) -> None:
    """Fail unless two pictures are equal.

    Parameters
    ----------
    tolerance : int
        By how much a channel of a pixel may differ, of 255.
    """
    mine, reference = pixels(ours), pixels(theirs)
    assert mine.shape == reference.shape
    difference = np.abs(mine - reference).max(axis=2)
    rows, columns = np.nonzero(difference > tolerance)
    where = f"{rows.size} pixels differ, by up to {difference.max()} of 255"
    if rows.size:
        where += f", in x {columns.min()}–{columns.max()}, y {rows.min()}–{rows.max()}"
    assert rows.size == 0, where


def shades(image: bytes) -> int:
    """How many colours a picture has: a blank one has few."""
    return len(np.unique(pixels(image).reshape(-1, 4), axis=0))


async def assert_as_stock(
    renderer: Renderer, stock: Stock, hung: dict[str, bytes], name: str, scale: float
) -> None:
    """Draw a figure of the gallery by both, hang ours, and compare them."""
    shown = figure(name)
    size = size_of(shown) | {"scale": scale}
    asked = renderer.render(json.dumps(shown).encode(), format="png", **size)
    ours, theirs = await asyncio.gather(asked, stock.image(shown, **size))
    hung[name] = ours.image
    assert shades(ours.image) > 4, "nothing is drawn"
    assert_same(ours.image, theirs)
    assert [said for said in ours.warnings if not said.startswith("No font here")] == []


def contact_sheet(pictures: dict[str, bytes], path: Path, columns: int = 6) -> None:
    """Paste pictures on one sheet, each over its name, to be looked at by people."""
    width, height, caption = SIZE["width"], SIZE["height"], 22
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * width, rows * (height + caption)), "lightgrey")
    pen = ImageDraw.Draw(sheet)
    for place, (name, picture) in enumerate(pictures.items()):
        x, y = place % columns * width, place // columns * (height + caption)
        with Image.open(io.BytesIO(picture)) as opened:
            shown = opened.convert("RGBA")
            shown.thumbnail((width, height))
            sheet.paste(shown, (x, y), shown)
        pen.text((x + 4, y + height + 4), name, fill="black")
    path.parent.mkdir(exist_ok=True)
    sheet.save(path)
