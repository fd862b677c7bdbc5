"""Styles where there should be colours and fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cases import ANY, Case, Drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases"]

WEB = "http://evil.test"

STYLES = {
    "url": f"url({WEB}/style.svg)",
    "url, quoted": f'url("{WEB}/quoted.svg")',
    "another declaration": f"red;background:url({WEB}/declaration.svg)",
    "end of a rule": f"red}}*{{background:url({WEB}/rule.svg)}}",
    "import": f"red}}@import url({WEB}/import.css);",
    "font-face": f"x';src:url({WEB}/font.woff2)",
    "font-face rule": f"x}}@font-face{{font-family:x;src:url({WEB}/rule.woff2)}}",
    "another attribute": f'red" onload="fetch(\'{WEB}/onload\')" x="',
    "another element": f'red"/><image href="{WEB}/element.svg" width="99" height="99"/><x y="',
    "end of text": f"red</style><script>fetch('{WEB}/script')</script>",
    "two backgrounds": f"#fff url({WEB}/two.svg)",
    "image-set": f"image-set('{WEB}/set.svg' 1x)",
    "image": f"image({WEB}/image.svg)",
    "cross-fade": f"cross-fade(url({WEB}/a.svg), url({WEB}/b.svg), 50%)",
    "variable": f"var(--x, url({WEB}/variable.svg))",
    "attribute": "attr(data-x url)",
    "reference": "url(#defs-hostile)",
    "reference elsewhere": f"url({WEB}/defs.svg#x)",
    "data": "url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\")",
    "expression": "expression(alert(1))",
    "paint": "paint(x)",
    "escaped": f"\\75 rl({WEB}/escaped.svg)",
    "null": f"red\x00;url({WEB}/null.svg)",
    "current": "currentColor",
    "inherited": "inherit",
    "address": f"{WEB}/address.svg",
    "script": "javascript:alert(1)",
}


def painted(value: str) -> dict[str, dict[str, Any]]:
    """Figures with a value in place of colours, fonts and the like, by name."""
    font = {
        "family": value,
        "color": value,
        "shadow": value,
        "style": value,
        "variant": value,
        "weight": value,
        "lineposition": value,
        "textcase": value,
        "size": value,
    }
    line = {"color": value, "dash": value, "width": value, "shape": value}
    scale = [[0, value], [1, value]]
    marker = {
        "color": value,
        "line": line,
        "symbol": value,
        "colorscale": scale,
        "pattern": {"shape": value, "path": value, "bgcolor": value, "fgcolor": value},
        "gradient": {"type": "radial", "color": value},
    }
    axis = {
        "color": value,
        "gridcolor": value,
        "linecolor": value,
        "tickfont": font,
        "tickcolor": value,
        "zerolinecolor": value,
        "title": {"text": "x", "font": font},
        "griddash": value,
        "showspikes": True,
        "spikecolor": value,
    }
    return {
        "layout": {
            "data": [
                {
                    "y": [1, 2],
                    "fill": "tozeroy",
                    "fillcolor": value,
                    "line": line,
                    "marker": marker,
                    "mode": "lines+markers+text",
                    "text": "x",
                    "textfont": font,
                    "error_y": {"value": 1, "color": value},
                    "fillgradient": {"type": "vertical", "colorscale": scale},
                    "hoverlabel": {"bgcolor": value, "font": font},
                }
            ],
            "layout": {
                "paper_bgcolor": value,
                "plot_bgcolor": value,
                "font": font,
                "colorway": [value],
                "xaxis": axis,
                "yaxis": axis,
                "showlegend": True,
                "title": {"text": "x", "font": font},
                "modebar": {"bgcolor": value},
                "legend": {"bgcolor": value, "bordercolor": value, "font": font},
                "coloraxis": {"colorscale": value},
                "hoverlabel": {"bgcolor": value},
                "annotations": [{"text": "x", "bgcolor": value, "font": font, "arrowcolor": value}],
            },
        },
        "shapes": {
            "layout": {
                "shapes": [
                    {
                        "type": "path",
                        "path": f"M0,0L1,1{value}",
                        "fillcolor": value,
                        "line": line,
                        "label": {"text": "x", "font": font},
                    },
                    {"type": "path", "path": f"M0 0{value}", "fillrule": value},
                ],
            },
        },
        "template": {
            "data": [{"y": [1, 2]}, {"type": "bar", "y": [1, 2]}],
            "layout": {
                "template": {
                    "data": {
                        "scatter": [{"line": line, "marker": marker}],
                        "bar": [{"marker": marker}],
                    },
                    "layout": {
                        "font": font,
                        "paper_bgcolor": value,
                        "colorway": [value],
                        "xaxis": axis,
                    },
                }
            },
        },
        "arrays": {
            "data": [
                {
                    "mode": "markers+text",
                    "y": [1, 2],
                    "text": ["x", "y"],
                    "marker": {
                        "color": [value, value],
                        "symbol": [value] * 2,
                        "line": {"color": [value] * 2},
                    },
                    "textfont": {"color": [value] * 2, "family": [value] * 2},
                },
                {"type": "bar", "y": [1, 2], "marker": {**marker, "color": [value] * 2}},
                {"type": "pie", "values": [1, 2], "marker": {"colors": [value] * 2}},
            ],
        },
        "tables, maps and 3D": {
            "data": [
                {
                    "type": "table",
                    "header": {"values": ["x"], "fill": {"color": value}, "font": font},
                    "cells": {"values": [["x"]], "fill": {"color": [[value]]}, "line": line},
                    "domain": {"x": [0, 0.4]},
                },
                {
                    "type": "scatter3d",
                    "x": [1],
                    "y": [1],
                    "z": [1],
                    "marker": marker,
                    "textfont": font,
                    "mode": "markers+text",
                    "text": "x",
                },
                {
                    "type": "sankey",
                    "node": {"color": value},
                    "textfont": font,
                    "link": {"source": [0], "target": [1], "value": [1], "color": [value]},
                },
            ],
            "layout": {
                "scene": {"bgcolor": value, "xaxis": {"color": value, "backgroundcolor": value}},
                "geo": {"bgcolor": value, "landcolor": value, "framecolor": value},
            },
        },
        "map": {
            "data": [
                {
                    "type": "scattermap",
                    "lat": [1, 2],
                    "lon": [1, 2],
                    "mode": "markers+lines",
                    "marker": {"color": value},
                    "line": {"color": value},
                }
            ],
            "layout": {
                "map": {
                    "style": "white-bg",
                    "layers": [
                        {
                            "sourcetype": "geojson",
                            "type": "fill",
                            "color": value,
                            "source": {"type": "Point", "coordinates": [1, 1]},
                        }
                    ],
                }
            },
        },
    }


def cases() -> Iterator[Case]:
    """Each style in each place."""
    for name, value in STYLES.items():
        for place, figure in painted(value).items():
            refused = place in {"map", "shapes"} or "\x00" in value  # by plotly.js itself
            expected = ANY if refused else Drawn()
            yield Case(f"style in {place}", name, figure, expected)
