"""Keys of the configuration: none but a few have any effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cases import ANY, Case, Drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases"]

WEB = "http://evil.test"
BUTTON = {
    "name": "x",
    "icon": {"path": "M0 0", "svg": f'<image href="{WEB}/icon.svg"/>'},
    "click": "alert(1)",
}

WITHOUT_EFFECT: dict[str, list[Any]] = {
    "topojsonURL": [f"{WEB}/", "/hostile/", "//evil.test/", "file:///SECRETS/", {"toString": WEB}],
    "plotlyServerURL": [WEB, "", f"javascript:fetch('{WEB}')"],
    "mapboxAccessToken": ["pk.hostile", [f"{WEB}"]],
    "mapAccessToken": ["pk.hostile"],
    "setBackground": ["opaque", "transparent", f"url({WEB}/background.svg)", "function(){}"],
    "modeBarButtons": [[[BUTTON]], "toImage"],
    "modeBarButtonsToAdd": [[BUTTON, "drawline"]],
    "modeBarButtonsToRemove": [["toImage"], {"length": 1e9}],
    "displayModeBar": [True],
    "displaylogo": [True],
    "watermark": [True],
    "showSendToCloud": [True],
    "showEditInChartStudio": [True],
    "sendData": [True],
    "linkText": [f'<a href="{WEB}">x</a>'],
    "showLink": [True],
    "toImageButtonOptions": [{"filename": "../../hostile", "format": "exe", "width": 1e9}],
    "_exportedPlot": [True, False, "x"],
    "_hasZeroHeight": [True],
    "staticPlot": [True, False],
    "editable": [True],
    "edits": [{"titleText": True}],
    "editSelection": [True],
    "autosizable": [True],
    "responsive": [True],
    "fillFrame": [True],
    "frameMargins": [0.4],
    "queueLength": [1e9],
    "globalTransforms": [[{"type": "filter"}]],
    "plotGlPixelRatio": [1e9, 0, -1],
    "logging": [2],
    "notifyOnLogging": [2],
    "scrollZoom": [True],
    "doubleClickDelay": [1e9],
    "showTips": [False],
    "plotly_domain": [WEB],
    "baseUrl": [WEB],
    "__proto__": [{"topojsonURL": f"{WEB}/", "plotlyServerURL": WEB, "staticPlot": True}],
    "constructor": [{"prototype": {"topojsonURL": f"{WEB}/"}}],
    "prototype": [{"topojsonURL": f"{WEB}/"}],
    "toString": ["x"],
    "hasOwnProperty": [1],
    "then": ["x", {}],
    "toJSON": ["x"],
    "length": [1e9],
}

LOCALES: dict[str, Any] = {
    "unknown": {"locale": f"{WEB}/locale.js"},
    "not a string": {"locale": {"toString": "x"}},
    "prototype": {"locale": "__proto__", "locales": {"__proto__": {"format": {"date": "x"}}}},
    "constructor": {"locale": "constructor", "locales": {}},
    "wrong kinds": {"locale": "en", "locales": {"en": 5, "de": None, "fr": []}},
    "a list": {"locale": "0", "locales": [{"format": {"months": "x"}}]},
    "empty": {"locale": "x", "locales": {"x": {}}},
    "functions": {
        "locale": "x",
        "locales": {
            "x": {
                "moduleType": "locale",
                "format": {"date": "function(){}", "days": {"toString": "x"}},
            }
        },
    },
    "long names": {"locale": "x", "locales": {"x": {"format": {"months": ["m" * 10**6] * 12}}}},
    "no months": {"locale": "x", "locales": {"x": {"format": {"months": [], "days": []}}}},
    "markup": {
        "locale": "x",
        "locales": {
            "x": {
                "dictionary": {
                    "Click to enter Plot title": f'<img src="{WEB}/title.svg">',
                    "trace": f'<span style="background:url({WEB}/trace.svg)">',
                },
                "format": {"months": [f'<a href="javascript:alert(1)">{WEB}</a>'] * 12},
            }
        },
    },
    "of all": {
        "locale": "en",
        "locales": {
            "en": {"format": {"months": ["hostile"] * 12}, "dictionary": {"trace": "hostile"}}
        },
    },
    "of all, and the US": {
        "locale": "en-US",
        "locales": {
            "en-US": {
                "format": {
                    "thousands": "hostile",
                    "decimal": "x",
                    "currency": [5, {}],
                    "grouping": [0],
                }
            }
        },
    },
    "mathematics": {"typesetMath": {"toString": "x"}, "locale": 5},
}

FIGURE = {"data": [{"x": ["2026-01-01", "2026-03-01"], "y": [1000, 30000], "name": "a"}]}
OTHERS: dict[str, dict[str, Any]] = {
    "outlines": {
        "data": [{"type": "scattergeo", "lat": [1], "lon": [1]}],
        "layout": {"geo": {"visible": False}},
    },
    "map": {
        "data": [{"type": "scattermap", "lat": [1], "lon": [1]}],
        "layout": {"map": {"style": "white-bg"}},
    },
    "WebGL": {"data": [{"type": "scattergl", "y": [1, 2], "mode": "markers"}]},
}


def cases() -> Iterator[Case]:
    """Each key, with some figures that it might change."""
    for key, values in WITHOUT_EFFECT.items():
        for i, value in enumerate(values):
            config = {key: value}
            yield Case("configuration", f"{key} {i}", {**FIGURE, "config": config}, Drawn(FIGURE))
    everything = {key: values[0] for key, values in WITHOUT_EFFECT.items()}
    for name, figure in OTHERS.items():
        whole = {**figure, "config": everything}
        yield Case("configuration", f"all, {name}", whole, Drawn(figure))
    for place in ("template", "meta"):
        figure = {**FIGURE, "layout": {place: {"config": everything, "layout": everything}}}
        yield Case("configuration", f"all, in {place}", figure, Drawn(FIGURE))
    for name, config in LOCALES.items():
        yield Case("locale", name, {**FIGURE, "config": config}, ANY)
