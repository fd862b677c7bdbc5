"""All places of a figure at which plotly.js loads from an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cases import ANY, Case, Drawn, Refused, Warned
from .addresses import ELSEWHERE, LOCAL, ORDINARY, REACHING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases"]

BLANK = {"data": [], "layout": {}}
SPREAD = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
POINT = {"type": "scattermap", "lat": [1], "lon": [1]}
WHITE = {"data": [POINT], "layout": {"map": {"style": "white-bg"}}}


def image(source: Any, **more: Any) -> dict[str, Any]:
    """A figure with a picture over all of it."""
    return {"data": [], "layout": {"images": [{"source": source, **SPREAD, **more}]}}


def styled(style: Any) -> dict[str, Any]:
    """A map of a style."""
    return {"data": [POINT], "layout": {"map": {"style": style}}}


def layered(*layers: Any) -> dict[str, Any]:
    """A white map with layers."""
    return {"data": [POINT], "layout": {"map": {"style": "white-bg", "layers": list(layers)}}}


def outlined(geojson: Any, kind: str = "choropleth") -> dict[str, Any]:
    """Places coloured by outlines."""
    return {
        "data": [{"type": kind, "locations": ["a"], "z": [1], "geojson": geojson}],
        "layout": {"map": {"style": "white-bg"}, "geo": {"visible": False}},
    }


def cases() -> Iterator[Case]:
    """Each place with some addresses, and three places with all."""
    yield from _all_addresses()
    for name, address in ORDINARY.items():
        yield from _images(name, address)
        yield from _maps(name, address)
        yield from _outlines(name, address)
        yield from _dead_ends(name, address)


def _all_addresses() -> Iterator[Case]:
    for name, address in ELSEWHERE.items():
        reaches = name in REACHING
        yield Case(
            "address of an image",
            name,
            image(address),
            Warned(r"layout\.images\[0\]\.source", like=BLANK),
            reaches,
        )
        yield Case(
            "address of outlines", name, outlined(address), Refused(r"data\[0\]\.geojson"), reaches
        )
        yield Case(
            "address of a map style",
            name,
            styled(address),
            Warned(r"layout\.map\.style", like=WHITE),
            # what is not http, MapLibre asks of the page's own server
            reaches and address.lower().startswith("http"),
            as_svg=False,
        )


def _images(name: str, address: str) -> Iterator[Case]:
    def case(place: str, figure: Any, *words: str, reaches: bool = True) -> Case:
        expected = Warned(*words, like=BLANK) if words else Drawn(like=BLANK)
        return Case(f"image {place}", name, figure, expected, reaches and name in REACHING)

    other = {"source": address, "name": "a", **SPREAD}
    yield case("second", {"layout": {"images": [{}, other]}}, r"layout\.images\[1\]\.source")
    yield case(
        "among others",
        {"layout": {"images": [None, 5, "x", other]}},
        r"layout\.images\[3\]\.source",
    )
    yield case("below", image(address, layer="below"), r"layout\.images\[0\]\.source")
    yield case("on axes", image(address, xref="x", yref="y"), r"layout\.images\[0\]\.source")
    yield case("invisible", image(address, visible=False), reaches=False)
    yield case(
        "of a template",
        {"layout": {"template": {"layout": {"images": [other]}}}},
        r"template.*images\[0\]",
    )
    yield case(
        "of a template, named",
        {
            "layout": {
                "template": {"layout": {"images": [other]}},
                "images": [{"templateitemname": "a", "opacity": 1}],
            }
        },
        r"images\[0\]",
    )
    yield case(
        "by default of a template",
        {
            "layout": {
                "template": {"layout": {"imagedefaults": {"source": address}}},
                "images": [SPREAD],
            }
        },
        r"imagedefaults|images\[0\]",
    )
    for form, source in {
        "in a list": [address],
        "in lists": [[address]],
        "in an object": {"0": address, "length": 1},
        "with toString": {"toString": address, "valueOf": address, "href": address},
    }.items():
        yield Case(f"image {form}", name, image(source), Drawn(like=BLANK))
    trace = {"type": "image", "source": address, "z": None}
    yield Case("image trace", name, {"data": [trace]}, Drawn())
    yield Case(
        "image trace of a template",
        name,
        {"data": [{"type": "image"}], "layout": {"template": {"data": {"image": [trace]}}}},
        Drawn(),
    )


def _maps(name: str, address: str) -> Iterator[Case]:
    web = name in REACHING

    def case(place: str, figure: Any, *words: str, like: Any = WHITE, reaches: bool = web) -> Case:
        return Case(f"map: {place}", name, figure, Warned(*words, like=like), reaches, as_svg=False)

    yield case(
        "style of another subplot",
        {
            "data": [{**POINT, "subplot": "map7"}],
            "layout": {"map7": {"style": address}},
        },
        r"layout\.map7\.style",
        reaches=name == "http",
    )
    yield case(
        "style of a template",
        {"data": [POINT], "layout": {"template": {"layout": {"map": {"style": address}}}}},
        r"map\.style",
        reaches=name == "http",
    )
    yield Case("map: style in a list", name, styled([address]), ANY)
    inline = {
        "glyphs": {
            "glyphs": f"{address}/{{fontstack}}/{{range}}.pbf",
            "sources": {"p": {"type": "geojson", "data": {"type": "Point", "coordinates": [1, 1]}}},
            "layers": [{"id": "t", "type": "symbol", "source": "p", "layout": {"text-field": "a"}}],
        },
        "sprite": {"sprite": address, "sources": {}, "layers": []},
        "sprites": {"sprite": [{"id": "a", "url": address}], "sources": {}, "layers": []},
        "tiles": {
            "sources": {"r": {"type": "raster", "tiles": [f"{address}?{{z}}/{{x}}/{{y}}"]}},
            "layers": [{"id": "r", "type": "raster", "source": "r"}],
        },
        "TileJSON": {
            "sources": {"r": {"type": "vector", "url": address}},
            "layers": [{"id": "r", "type": "fill", "source": "r", "source-layer": "x"}],
        },
        "geojson": {
            "sources": {"g": {"type": "geojson", "data": address}},
            "layers": [{"id": "g", "type": "fill", "source": "g"}],
        },
        "image": {
            "sources": {
                "i": {
                    "type": "image",
                    "url": address,
                    "coordinates": [[-80, 70], [80, 70], [80, -70], [-80, -70]],
                }
            },
            "layers": [{"id": "i", "type": "raster", "source": "i"}],
        },
        "video": {
            "sources": {
                "v": {
                    "type": "video",
                    "urls": [address],
                    "coordinates": [[-80, 70], [80, 70], [80, -70], [-80, -70]],
                }
            },
            "layers": [{"id": "v", "type": "raster", "source": "v"}],
        },
        "terrain": {
            "sources": {"d": {"type": "raster-dem", "tiles": [f"{address}?{{z}}/{{x}}/{{y}}"]}},
            "terrain": {"source": "d"},
            "layers": [],
        },
        "imports": {"imports": [{"id": "b", "url": address}], "sources": {}, "layers": []},
    }
    for what, style in inline.items():
        yield case(
            f"style with {what}",
            styled({"version": 8, **style}),
            r"layout\.map\.style",
            like=None,  # the rest of the style may stay
            reaches=name == "http" and what not in {"video", "imports", "terrain", "glyphs"},
        )
    corners = [[-80, 70], [80, 70], [80, -70], [-80, -70]]
    tiles = f"{address}?{{z}}/{{x}}/{{y}}"
    layers = {
        "geojson": {"sourcetype": "geojson", "source": address, "type": "fill"},
        "raster": {"sourcetype": "raster", "source": [tiles, tiles]},
        "raster, one": {"sourcetype": "raster", "source": tiles},
        "vector": {"sourcetype": "vector", "source": [tiles], "sourcelayer": "x", "type": "line"},
        "vector by TileJSON": {"sourcetype": "vector", "source": address, "sourcelayer": "x"},
        "image": {"sourcetype": "image", "source": address, "coordinates": corners},
    }
    for what, layer in layers.items():
        yield case(
            f"{what} layer",
            layered({"type": "raster", **layer}),
            r"layout\.map\.layers\[0\]",
            reaches=name == "http" and not what.startswith(("vector", "raster, one")),
        )
    raster = {"name": "a", "type": "raster", "sourcetype": "raster", "source": [tiles]}
    white = {"map": {"style": "white-bg"}}
    yield case(
        "layer of a template",
        {
            "data": [POINT],
            "layout": {**white, "template": {"layout": {"map": {"layers": [raster]}}}},
        },
        r"map\.layers\[0\]",
        reaches=name == "http",
    )
    yield case(
        "layer by default of a template",
        {
            "data": [POINT],
            "layout": {
                "map": {"style": "white-bg", "layers": [{}]},
                "template": {"layout": {"map": {"layerdefaults": raster}}},
            },
        },
        r"layerdefaults|layers\[0\]",
        reaches=False,
    )
    yield Case(
        "map: icon",
        name,
        {
            "data": [{**POINT, "marker": {"symbol": address, "size": 30}}],
            "layout": {"map": {"style": "white-bg"}},
        },
        ANY,
    )
    yield Case(
        "map: geojson layer with an address inside",
        name,
        layered(
            {"sourcetype": "geojson", "type": "fill", "source": {"type": "x", "data": address}}
        ),
        ANY,
    )


def _outlines(name: str, address: str) -> Iterator[Case]:
    web = name in REACHING
    for kind in ("choropleth", "choroplethmap"):
        figure = outlined(address, kind)
        yield Case(f"outlines of a {kind}", name, figure, Refused(r"data\[0\]\.geojson"), web)
        second = {**figure, "data": [{}, {**figure["data"][0]}]}
        yield Case(
            f"outlines of a second {kind}", name, second, Refused(r"data\[1\]\.geojson"), web
        )
        template = {"data": {kind: [{"geojson": address}]}}
        yield Case(
            f"outlines of a {kind}'s template",
            name,
            {
                "data": [{"type": kind, "locations": ["a"], "z": [1]}],
                "layout": {**figure["layout"], "template": template},
            },
            Warned(r"template.*geojson"),
            web,
        )
        for form, geojson in {
            "list": [address],
            "object": {"type": "FeatureCollection", "features": address},
            "link": {"type": "Link", "href": address},
            "typed array": {"dtype": "u1", "bdata": "AAEC"},
            "number": 5,
            "empty": "",
        }.items():
            yield Case(f"outlines of a {kind} as {form}", name, outlined(geojson, kind), ANY)
    points = {"type": "scattergeo", "locations": ["a"], "locationmode": "geojson-id"}
    yield Case(
        "outlines of scattergeo",
        name,
        {"data": [{**points, "geojson": address}], "layout": {"geo": {"visible": False}}},
        Refused(r"data\[0\]\.geojson"),
        web,
    )


def _dead_ends(name: str, address: str) -> Iterator[Case]:
    """Places that a picture does not use: the image must be as without them."""
    plain = {"data": [{"y": [1, 3, 2]}], "layout": {}}
    with_image = {"layout": {"images": [{"source": address, **SPREAD}]}}
    button = {"method": "relayout", "label": "a", "args": [{"images[0].source": address}]}
    restyle = {"method": "restyle", "label": "b", "args": ["geojson", address]}
    slider = {"steps": [{"method": "update", "label": "c", "args": [{}, with_image["layout"]]}]}
    for place, figure in {
        "frames": {
            **plain,
            "frames": [{"name": "a", **with_image, "data": [{"geojson": address}]}],
        },
        "meta": {**plain, "layout": {"meta": {"images": with_image, "url": address}}},
        "meta of a trace": {"data": [{"y": [1, 3, 2], "meta": [address], "customdata": [address]}]},
        "unknown keys": {**plain, **with_image["layout"], "url": address, "src": address},
        "references": {"data": [{"y": [1, 3, 2], "xsrc": address, "ysrc": address}]},
        "another subplot": {
            **plain,
            "layout": {"map": {"style": address}, "map2": {"style": address}},
        },
    }.items():
        yield Case(f"address in {place}", name, figure, Drawn(like=plain))
    yield Case(
        "address in buttons and sliders",
        name,
        {**plain, "layout": {"updatemenus": [{"buttons": [button, restyle]}], "sliders": [slider]}},
        Drawn(),
    )
    if name in LOCAL:
        return
    yield Case(
        "address of an image in a JSON string",
        name,
        {"data": [], "layout": f'{{"images": [{{"source": "{address}"}}]}}'},
        Refused("layout"),
    )
