"""What clients ask for: the mix of a team that reads more than it writes."""

from __future__ import annotations

import json
from itertools import count
from typing import Any, Final

import plotly.graph_objects as go

__all__ = ["GRID", "MIX", "ROW", "asked"]

MIX: Final = {
    "window": 35,
    "metadata": 20,
    "append": 15,
    "render": 12,
    "render again": 8,
    "create": 5,
    "upload": 3,
    "pull": 2,
}
"""How many of a hundred requests are of a kind."""

ROWS: Final = 5_000
WINDOW: Final = 100
ROW: Final = [1, 2.5, "appended"]


def _cols(rows: int) -> dict[str, Any]:
    columns = {
        "n": [*range(rows)],
        "x": [number / 7 for number in range(rows)],
        "name": [f"row {number}" for number in range(rows)],
    }
    return {name: {"data": data, "order": i} for i, (name, data) in enumerate(columns.items())}


GRID: Final = json.dumps({"data": {"cols": _cols(ROWS)}})
"""The grid that each client has: what is asked of ``POST /v2/grids``."""

_SMALL: Final = json.dumps({"data": {"cols": _cols(100)}})
_CSV: Final = ("name,value\n" + "\n".join(f"row {n},{n * 1.5}" for n in range(500))).encode()
_FIGURE: Final = json.loads(go.Figure(go.Scatter(y=[n % 7 for n in range(50)])).to_json())

# an image is drawn anew where its figure is another one
_numbers = count(1)


def _body(number: int) -> str:
    figure = _FIGURE | {"layout": _FIGURE["layout"] | {"meta": number}}
    return json.dumps({"figure": figure, "format": "png"})


def asked(kind: str, fid: str) -> tuple[str, str, dict[str, Any]]:
    """Tell what a client sends: the method, the path, and the rest as ``httpx`` takes it.

    Parameters
    ----------
    kind : str
        One of :data:`MIX`.
    fid : str
        The client's grid.
    """
    grid = f"/v2/grids/{fid}"
    match kind:
        case "window":
            start = next(_numbers) * 37 % (ROWS - WINDOW)
            window = {"start": start, "stop": start + WINDOW}
            return "GET", f"{grid}/content", {"params": window}
        case "metadata":
            return "GET", grid, {}
        case "append":
            return "POST", f"{grid}/row", {"content": json.dumps({"rows": [ROW]})}
        case "render":
            return "POST", "/v2/images", {"content": _body(next(_numbers))}
        case "render again":
            return "POST", "/v2/images", {"content": _body(0)}
        case "create":
            return "POST", "/v2/grids", {"content": _SMALL}
        case "upload":
            name = f"{next(_numbers)}.csv"
            return "POST", "/v2/grids/upload", {"content": _CSV, "headers": {"X-File-Name": name}}
        case _:
            return "GET", f"{grid}/content", {}
