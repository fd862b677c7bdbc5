"""Names that mean something to JavaScript itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..cases import ANY, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases"]

BAD: dict[str, Any] = {
    "title": {"text": "hostile"},
    "text": "hostile",
    "name": "hostile",
    "paper_bgcolor": "red",
    "type": "bar",
    "format": "svg",
    "width": 11,
    "visible": False,
    "source": "http://evil.test/p.svg",
    "error": "hostile",
    "warnings": ["hostile"],
    "color": "red",
    "opacity": 0.1,
    "topojsonURL": "x",
    "toString": "hostile",
    "valueOf": 1,
    "then": {},
    "get": "x",
    "set": "x",
    "value": 1,
    "enumerable": True,
    "0": "hostile",
    "length": 1e9,
    "polluted": True,
}

KEYS: dict[str, Any] = {
    "__proto__": BAD,
    "__proto__ of __proto__": {"__proto__": {"__proto__": BAD}},
    "constructor": {"prototype": BAD},
    "prototype": BAD,
    "then": {"then": {}},
    "toString": "x",
    "toJSON": "x",
    "valueOf": {},
    "hasOwnProperty": 1,
    "isPrototypeOf": None,
    "__defineGetter__": "x",
    "__defineSetter__": "x",
    "__lookupGetter__": "x",
    "length": 4294967295,
    "nodeType": 1,
    "_fullLayout": BAD,
    "_fullData": [BAD],
    "_context": {"staticPlot": True, "plotlyServerURL": "http://evil.test"},
    "_module": {"plot": "x", "calc": "x"},
    "_input": BAD,
    "_transitionData": BAD,
    "_private": BAD,
    "_length": 1e9,
    "_redrawFromAutoMarginCount": -1e9,
    "constructor.prototype": BAD,
    "__proto__.polluted": True,
    "__proto__[polluted]": True,
    "a.__proto__.b": True,
    "xaxis.__proto__.title.text": "hostile",
    "xaxis.constructor.prototype.polluted": True,
}

NAMES = (
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "then",
    "__defineGetter__",
    "_fullLayout",
)

PATHS = (
    "__proto__.polluted",
    "constructor.prototype.polluted",
    "xaxis.__proto__.polluted",
    "images[0].__proto__.polluted",
    "__proto__[0]",
    "marker.constructor.prototype.color",
    "meta.__proto__.polluted",
    "['__proto__'].polluted",
    "__proto__",
)


def _put(key: str, value: Any) -> dict[str, Any]:
    return {key.split(" of ", maxsplit=1)[0]: value}


def cases() -> Iterator[Case]:
    """Each key in each part of a figure, each name as a value, each path where paths are read."""
    for key, value in KEYS.items():
        bad = _put(key, value)
        for place, figure in _everywhere(bad).items():
            yield Case("names of JavaScript as keys", f"{key} in {place}", figure, ANY)
    for name in NAMES:
        for attribute in (
            "type",
            "uid",
            "xaxis",
            "stackgroup",
            "legendgroup",
            "legend",
            "scene",
            "offsetgroup",
            "alignmentgroup",
            "coloraxis",
            "name",
            "mode",
            "geo",
            "subplot",
            "hovertemplate",
            "texttemplate",
            "templateitemname",
            "visible",
            "locationmode",
            "geojson",
            "featureidkey",
            "colorscale",
            "stream",
            "bingroup",
            "cumulative",
            "transforms",
        ):
            for kind in ("scatter", "choropleth"):
                trace = {"type": kind, "y": [1, 2], "locations": ["a"], "z": [1], attribute: name}
                whole = {"data": [trace], "layout": {"geo": {"visible": False}}}
                yield Case(
                    "names of JavaScript as values", f"{attribute}={name}, {kind}", whole, ANY
                )
        whole = {
            "data": [
                {"type": "bar", "x": [name, name, "a"], "y": [1, 2, 3]},
                {"type": "histogram", "x": [name, name, "a"]},
            ],
            "layout": {
                "xaxis": {
                    "type": "category",
                    "categoryarray": [name],
                    "matches": name,
                    "scaleanchor": name,
                    "overlaying": name,
                    "anchor": name,
                },
                "template": name,
                "barmode": name,
                "colorway": [name],
                "annotations": [{"text": "%{" + name + "}", "xref": name, "ax": name}],
                "shapes": [{"xref": name, "label": {"texttemplate": "%{" + name + "}"}}],
                "images": [{"templateitemname": name}],
            },
        }
        yield Case("names of JavaScript as values", f"categories {name}", whole, ANY)
        for kind in ("pie", "treemap", "sunburst", "parcats", "sankey", "violin", "funnelarea"):
            many = [name, "a"]
            trace = {
                "type": kind,
                "labels": many,
                "values": [1, 2],
                "parents": ["", name],
                "ids": many,
                "x": many,
                "y": [1, 2],
                "text": many,
                "name": name,
                "dimensions": [{"label": name, "values": many}],
                "node": {"label": many, "groups": [many]},
                "link": {"source": many},
            }
            yield Case("names of JavaScript as values", f"{kind} {name}", {"data": [trace]}, ANY)
    for path in PATHS:
        arguments = [{path: "hostile"}, {path: {"polluted": True}}, [0]]
        button = {"method": "update", "label": "a", "args": arguments, "args2": arguments}
        figure = {
            "data": [
                {
                    "y": [1, 2],
                    "meta": {"a": 1},
                    "mode": "text",
                    "customdata": [[1]],
                    "texttemplate": f"%{{meta.{path}}} %{{{path}}} %{{customdata.{path}}}",
                    "transforms": [{"type": "filter", "target": path}],
                    path: BAD,
                }
            ],
            "layout": {
                "updatemenus": [{"active": 0, "buttons": [button, button]}],
                "sliders": [{"active": 0, "steps": [button, button]}],
                "title": {"text": f"%{{meta.{path}}}"},
                "meta": {"a": 1},
                path: "hostile",
            },
            "frames": [
                {
                    "name": "__proto__",
                    "baseframe": path,
                    "traces": [path],
                    "layout": {path: BAD},
                    "data": [{path: BAD}],
                }
            ],
        }
        yield Case("paths", path, figure, ANY)
        outlines = {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"__proto__": BAD, "constructor": BAD},
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [[[0, 0], [0, 9], [9, 9], [0, 0]]],
                    },
                }
            ],
        }
        trace = {
            "type": "choropleth",
            "geojson": outlines,
            "featureidkey": path,
            "locations": ["hostile"],
            "z": [1],
        }
        figure = {"data": [trace], "layout": {"geo": {"visible": False}}}
        yield Case("paths", f"featureidkey {path}", figure, ANY)
    twice = b'{"data": [], "data": [{"y": [1]}], "layout": {}, "layout": {"__proto__": %b}}'
    yield Case("names of JavaScript as keys", "twice", twice % json.dumps(BAD).encode(), ANY)


def _everywhere(bad: dict[str, Any]) -> dict[str, Any]:
    line = {"y": [1, 2, 3]}
    return {
        "the figure": {"data": [line], **bad},
        "a trace": {"data": [{**line, **bad, "marker": bad, "line": bad, "error_y": bad}]},
        "data": {"data": [{"x": [bad, bad], "y": [bad, 1], "text": [bad], "z": bad}]},
        "the layout": {"data": [line], "layout": {**bad, "xaxis": bad, "title": bad, "font": bad}},
        "lists of the layout": {
            "data": [line],
            "layout": {
                name: [bad, {**bad, "text": "x"}]
                for name in (
                    "annotations",
                    "shapes",
                    "images",
                    "sliders",
                    "updatemenus",
                    "selections",
                )
            },
        },
        "a template": {
            "data": [line],
            "layout": {
                "template": {
                    **bad,
                    "layout": {**bad, "xaxis": bad, "annotationdefaults": bad},
                    "data": {**bad, "scatter": [bad], "bar": bad},
                },
                "annotations": [{"text": "x"}],
            },
        },
        "the configuration": {"data": [line], "config": {**bad, "locales": {**bad, "en": bad}}},
        "frames": {"data": [line], "frames": [bad, {**bad, "name": "a", "layout": bad}]},
        "meta": {"data": [{**line, "meta": bad, "customdata": [bad]}], "layout": {"meta": bad}},
        "subplots": {
            "data": [
                {"type": "scatter3d", "x": [1], "y": [1], "z": [1], **bad},
                {"type": "scatterpolar", "r": [1], "theta": [1]},
                {"type": "table", "cells": bad},
            ],
            "layout": {"scene": {**bad, "camera": bad}, "polar": bad, "geo": bad, "map": bad},
        },
    }
