"""Files of HTML that need no kernel, no server and no network.

A file runs its own scripts and no others, asks nobody for anything, and has something to show where
no script runs, as in the preview of a mail.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext.client.figures import figure_json
from plotly_nbext.columns import json
from plotly_nbext.notebook.plotly_js import PRIVATE, installed
from plotly_nbext.notebook.tables import CAPTION_STYLE, LEFT_STYLE, html_table, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plotly_nbext.client import Image
    from plotly_nbext.notebook.tables import Head

__all__ = ["figure_file", "grid_file"]

STATIC: Final = Path(__file__).parent / "widgets" / "static"

# of the rows that are there without scripts
MOST: Final = (100, 100)


def grid_file(
    title: str,
    heads: Sequence[Head],
    texts: Sequence[Sequence[str | None]],
    row_count: int,
    *,
    part: str = "",
) -> str:
    """Make a file in which a grid is read, searched and copied from.

    Parameters
    ----------
    title : str
        What the grid is called.
    heads : sequence of Head
        The columns.
    texts : sequence of sequence of str or None
        The cells of each column, all of which will be in the file.
    row_count : int
        The number of rows of the whole grid.
    part : str
        Which part of a larger one that is, in words.

    Returns
    -------
    str
        The page.
    """
    shown = len(texts[0]) if texts else 0
    columns = [{"uid": str(place), **head._asdict()} for place, head in enumerate(heads)]
    facts = [size_of(heads, row_count)]
    if part:
        facts.append(f'<span dir="auto">{escape(part)}</span>')
    if shown < row_count:
        facts.append(f"the first {shown:,} rows are in this file")
    description = {"label": title, "columns": columns, "row_count": shown}
    licence = (STATIC / "regular-table.LICENSE").read_text(encoding="utf-8")
    note = "The others need JavaScript." if shown > MOST[0] else ""
    still = html_table(title, heads, texts, row_count, note=note, most=MOST)
    return _page(
        title,
        f'<header class="pnx-head"><h1 dir="auto">{escape(title)}</h1>'
        f'<ul class="pnx-facts">{"".join(f"<li>{fact}</li>" for fact in facts)}</ul></header>'
        '<main><div id="grid" class="pnx-grid pnx-filling">'
        f"{still}</div></main>"
        f"{_data(description, 'id', 'grid-description')}"
        f"{''.join(_data(column, 'class', 'grid-column') for column in texts)}"
        f'<script type="text/plain" id="regular-table.LICENSE">{licence}</script>',
        style=(STATIC / "grid_file.css").read_text(encoding="utf-8"),
        scripts=[(STATIC / "grid_file.js").read_text(encoding="utf-8")],
    )


def figure_file(title: str, image: Image, alt: str, figure: Mapping[str, Any] | None = None) -> str:
    """Make a file that shows a figure's image.

    Parameters
    ----------
    title : str
        What the figure is called.
    image : Image
        Its image, in a format that browsers show.
    alt : str
        What it shows, in words.
    figure : Mapping, optional
        The figure, for plotly.js to draw it in place of the image.

    Returns
    -------
    str
        The page.
    """
    uri = f"data:{image.mime};base64,{base64.b64encode(image.data).decode()}"
    size = f'width="{image.width}" height="{image.height}"'
    shown = f'<img src="{uri}" {size} alt="{escape(alt)}">'
    if figure is None:
        return _page(title, f"<main>{shown}</main>", style=_FIGURE_STYLE)
    config = {"responsive": True, "displaylogo": False, **(figure.get("config") or {}), **PRIVATE}
    content = json.loads(figure_json({**figure, "config": config}))
    plotly_js = installed().decode().replace("</script", "<\\/script")
    return _page(
        title,
        f'<main><div id="figure">{shown}</div></main>{_data(content, "id", "figure-description")}',
        style=_FIGURE_STYLE,
        scripts=[plotly_js, _DRAW],
        draws=True,
    )


def _page(
    title: str,
    body: str,
    *,
    style: str,
    scripts: Sequence[str] = (),
    draws: bool = False,
) -> str:
    tags = "".join(f'<script type="module">{script}</script>' for script in scripts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, scripts, draws)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="pnx pnx-page">\n{body}\n{tags}\n</body>\n</html>\n'
    )


def _policy(style: str, scripts: Sequence[str], draws: bool) -> str:
    runs = " ".join(map(_hash, scripts)) or "'none'"
    if draws:
        # plotly.js compiles shaders by eval, and writes style sheets
        own = f"script-src {runs} 'unsafe-eval'; style-src 'unsafe-inline'; worker-src blob:"
        return f"default-src 'none'; {own}; img-src data: blob:; {_NOWHERE}"
    hashes = " ".join(map(_hash, (LEFT_STYLE, CAPTION_STYLE)))
    own = f"script-src {runs}; style-src {_hash(style)} 'unsafe-hashes' {hashes}"
    return f"default-src 'none'; {own}; img-src data:; {_NOWHERE}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def _data(value: object, attribute: str, name: str) -> str:
    """Embed what scripts read; no text in it ends it."""
    text = json.dumps(value).decode().replace("<", "\\u003c")
    return f'<script type="application/json" {attribute}="{name}">{text}</script>'


_NOWHERE: Final = "base-uri 'none'; form-action 'none'"

_FIGURE_STYLE: Final = (
    ":root{color-scheme:light dark}body{margin:0}main{min-height:100dvh;display:grid;"
    "align-content:safe center;justify-items:safe center}"
    "img{display:block;margin:auto;max-width:100%;height:auto}"
    "#figure,#figure>div{width:100%;height:100dvh}"
)

_DRAW: Final = """
const figure = JSON.parse(document.getElementById("figure-description").textContent);
const place = document.getElementById("figure");
const image = place.firstElementChild;
const drawing = document.createElement("div");
place.append(drawing);
// Some maps come from the web, and so are not drawn here.
Plotly.newPlot(drawing, figure).then(() => image.remove(), () => drawing.remove());
"""
