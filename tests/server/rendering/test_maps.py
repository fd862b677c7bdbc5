"""Maps have their coastlines, countries and subunits, of each scope, without the web."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from contextlib import closing
from http.client import HTTPConnection
from importlib import resources
from itertools import product

import pytest

from .gallery.compare import assert_same, pixels
from .support import draw, drawn_by_plotly, evaluate, pages

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOPOJSON = resources.files("plotly_nbext.server.rendering") / "static" / "topojson"
CONTINENTS = ("africa", "asia", "europe", "north america", "south america", "usa", "world")
SCOPES = (*CONTINENTS, "antarctica", "oceania")
RESOLUTIONS = (50, 110)
LAYERS = ("coastlines", "countries", "lakes", "land", "ocean", "rivers", "subunits")
SIZE = {"width": 400, "height": 300}
SQUARE = {
    "type": "Feature",
    "id": "square",
    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]]},
}


async def theirs(renderer, figure: dict) -> bytes:
    """What plotly.js draws with the same outlines."""
    config = {"topojsonURL": "/static/topojson/un/"}
    return await drawn_by_plotly(renderer, {**figure, "config": config}, **SIZE)


def map_with(*layers: str, **geo) -> dict:
    """A map with these layers and no others."""
    shown = {f"show{layer}": layer in layers for layer in LAYERS}
    trace = {"type": "scattergeo", "lon": [10], "lat": [20]}
    return {"data": [trace], "layout": {"geo": {"fitbounds": False, **shown, **geo}}}


def choropleth(locations: list[str], **trace) -> dict:
    values = list(range(len(locations)))
    return {"data": [{"type": "choropleth", "locations": locations, "z": values, **trace}]}


async def warnings(renderer, data: list[dict], layout: dict) -> tuple[str, ...]:
    body = json.dumps({"data": data, "layout": layout}).encode()
    return (await renderer.render(body, format="png", scale=1, **SIZE)).warnings


@pytest.mark.parametrize(("scope", "resolution"), list(product(SCOPES, RESOLUTIONS)))
async def test_a_map_is_the_one_that_plotly_draws(renderer, scope, resolution):
    figure = map_with(*LAYERS, scope=scope, resolution=resolution)
    ours = await draw(renderer, figure, **SIZE)
    assert_same(ours, await theirs(renderer, figure))
    blank = map_with(scope=scope, resolution=resolution)
    outlines = pixels(ours) != pixels(await draw(renderer, blank, **SIZE))
    assert outlines.any(axis=2).sum() > 1000


@pytest.mark.parametrize(
    ("trace", "scope"),
    [
        ({"locationmode": "ISO-3", "locations": ["FRA", "BRA", "KEN"]}, "world"),
        ({"locationmode": "country names", "locations": ["France", "Brazil", "Kenya"]}, "world"),
        ({"locationmode": "USA-states", "locations": ["CA", "TX", "NY"]}, "usa"),
        (
            {
                "locationmode": "geojson-id",
                "locations": ["square"],
                "geojson": {"type": "FeatureCollection", "features": [SQUARE]},
            },
            "world",
        ),
    ],
    ids=lambda value: value["locationmode"] if isinstance(value, dict) else value,
)
async def test_places_are_found_by(renderer, trace, scope):
    figure = {**choropleth(**trace), "layout": {"geo": {"scope": scope}}}
    svg = (await draw(renderer, figure, "svg", **SIZE)).decode()
    areas = re.findall(r'class="choroplethlocation"[^>]* d="M', svg)
    assert len(areas) == len(trace["locations"])
    assert_same(await draw(renderer, figure, **SIZE), await theirs(renderer, figure))


async def test_points_are_placed_by_the_names_of_countries(renderer):
    trace = {"type": "scattergeo", "locationmode": "country names", "locations": ["France"]}
    svg = (await draw(renderer, {"data": [trace]}, "svg", **SIZE)).decode()
    assert svg.count('<path class="point"') == 1


SMALLER = " Smaller countries are there with the resolution 50 of layout.geo."
MORE = '"A", "B", "C", "D", "E" and more'
AREAS = {"type": "FeatureCollection", "features": [SQUARE, {**SQUARE, "properties": {"n": 7}}]}
NUMBERED = {"locations": [7, 8], "geojson": AREAS, "featureidkey": "properties.n"}
NO_AREA = "its geojson has no Polygon or MultiPolygon whose"
NO_NUMBER = f'{NO_AREA} "properties.n" is "8".'
POINT = {"type": "Feature", "id": "p", "geometry": {"type": "Point", "coordinates": [1, 2]}}
POINTS = {"type": "FeatureCollection", "features": [POINT]}


@pytest.mark.parametrize("kind", ["choropleth", "scattergeo"])
@pytest.mark.parametrize(
    ("mode", "trace", "words"),
    [
        (
            "ISO-3",
            {"locations": ["FRA", "XYZ", None, "", "SGP", "XYZ"]},
            f'the map has no "XYZ" and "SGP", by the locationmode "ISO-3".{SMALLER}',
        ),
        (
            "ISO-3",
            {"locations": [1, "FRA", 2, None, "", [3], {"toString": 4}]},
            'the map has no "1", "2", "a list" and "an object", by the locationmode "ISO-3".'
            + SMALLER,
        ),
        (
            "country names",
            {"locations": ["France", *"ABCDEF"]},
            f'the map has no {MORE}, by the locationmode "country names".{SMALLER}',
        ),
        (
            "USA-states",
            {"locations": ["Texas", "XX"]},
            'the map has no "XX", by the locationmode "USA-states".',
        ),
        (
            "geojson-id",
            {"locations": ["square", "circle"], "geojson": AREAS},
            f'{NO_AREA} "id" is "circle".',
        ),
        ("geojson-id", {"locations": ["p"], "geojson": POINTS}, f'{NO_AREA} "id" is "p".'),
        ("geojson-id", NUMBERED, NO_NUMBER),
    ],
)
async def test_places_that_are_nowhere_are_told(renderer, kind, mode, trace, words):
    traces = choropleth(**trace, locationmode=mode)["data"]
    told = await warnings(renderer, [traces[0] | {"type": kind}], {})
    assert told == (f"data[0].locations: {words}",)


async def test_areas_that_are_nowhere_are_told_of_maps_with_tiles_too(renderer):
    traces = [{"type": "scattermap"}, *choropleth(**NUMBERED)["data"]]
    traces[1]["type"] = "choroplethmap"
    told = await warnings(renderer, traces, {"map": {"style": "white-bg"}})
    assert told == (f"data[1].locations: {NO_NUMBER}",)


@pytest.mark.parametrize(
    ("trace", "geo"),
    [
        ({"locations": ["FRA", "SGP"]}, {"resolution": 50}),
        ({"locations": ["FRA", "BRA", "XYZ"]}, {"scope": "europe"}),
        ({"locations": ["CA", "Texas"], "locationmode": "USA-states"}, {"scope": "usa"}),
        ({"locations": ["XYZ"], "visible": "legendonly"}, {}),
        ({"type": "scattergeo", "locations": None, "lon": [1, None], "lat": [2, 3]}, {}),
    ],
    ids=["there", "a map of one continent", "states", "not shown", "no names"],
)
async def test_places_that_need_not_be_there_are_not_told(renderer, trace, geo):
    data = [{"type": "choropleth", "z": [1, 2, 3], **trace}]
    assert await warnings(renderer, data, {"geo": geo}) == ()


async def test_a_map_of_one_continent_that_has_none_of_the_places_is_told(renderer):
    traces = choropleth(["BRA", "KEN"])["data"]
    (warning,) = await warnings(renderer, traces, {"geo": {"scope": "europe"}})
    assert warning == (
        'data[0].locations: the map has no "BRA" and "KEN", by the locationmode "ISO-3", '
        'in the scope "europe" of layout.geo.'
    )


async def test_a_number_is_told_on_a_map_of_one_continent_that_has_other_places(renderer):
    traces = choropleth([1, "FRA", "BRA"])["data"]
    (warning,) = await warnings(renderer, traces, {"geo": {"scope": "europe"}})
    assert 'has no "1", by' in warning


async def test_a_place_without_a_value_is_not_told(renderer):
    trace = {"type": "choropleth", "locations": ["FRA", "XYZ", 7], "z": [1, None, None]}
    data = [trace, {**trace, "geojson": AREAS, "featureidkey": "properties.n", "locations": [7, 8]}]
    (told,) = await warnings(renderer, data[:1], {})
    assert '"7"' in told
    assert "XYZ" not in told
    assert await warnings(renderer, data[1:], {}) == ()


async def test_of_many_traces_with_lost_places_some_are_told_and_the_number_of_others(renderer):
    told = await warnings(renderer, choropleth(["XYZ"])["data"] * 12, {})
    assert [warning.split(".")[0] for warning in told[:-1]] == [f"data[{i}]" for i in range(10)]
    assert told[-1] == "Locations that are not found, in traces beyond these: 2."


async def test_a_warning_holds_no_control_characters_and_is_not_long(renderer):
    key = "properties.\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\nERROR"
    names = [f"{i}\x01" * 100 for i in range(6)]
    figure = choropleth(names, geojson=AREAS, featureidkey=key)
    (told,) = await warnings(renderer, figure["data"], {})
    assert told.isprintable()
    assert r'"properties.\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\nERROR" is "0\u0001' in told
    assert len(told) == 401


async def test_the_figure_does_not_choose_where_outlines_come_from(renderer):
    figure = map_with(*LAYERS, scope="oceania")
    poisoned = {**figure, "config": {"topojsonURL": "http://127.0.0.1:9/"}}
    assert_same(await draw(renderer, poisoned), await draw(renderer, figure))


async def test_an_older_plotly_has_the_outlines_that_it_had(renderer):
    """Those of plotly.js 3.0 are Natural Earth's, those since 3.1 the United Nations'."""
    figure = map_with(*LAYERS, scope="europe")
    (page,) = pages(renderer)
    forget = "PlotlyGeoAssets.topojson = {}; "
    new = await draw(renderer, figure)
    await evaluate(page, f"{forget} window.version = Plotly.version; Plotly.version = '3.0.1'")
    try:
        old = await draw(renderer, figure)
        assert await evaluate(page, "Object.keys(PlotlyGeoAssets.topojson)") == ["europe_110m"]
    finally:
        await evaluate(page, f"{forget} Plotly.version = window.version")
    assert (pixels(old) != pixels(new)).any()
    assert_same(await draw(renderer, figure), new)


@pytest.mark.parametrize(("source", "scopes"), [("natural-earth", CONTINENTS), ("un", SCOPES)])
async def test_there_are_outlines_for_each_scope_and_resolution(source, scopes):
    names = {f"{scope.replace(' ', '-')}_{m}m.json.gz" for scope in scopes for m in RESOLUTIONS}
    assert {file.name for file in (TOPOJSON / source).iterdir()} == names
    for file in (TOPOJSON / source).iterdir():
        assert set(json.loads(gzip.decompress(file.read_bytes()))["objects"]) == set(LAYERS)


async def test_the_page_can_ask_for_outlines_and_for_nothing_else_beside_them(renderer):
    def ask(path: str) -> tuple[int, bytes]:
        # unlike others, it sends a path as it is
        with closing(HTTPConnection("127.0.0.1", renderer._assets.port)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    status, body = await asyncio.to_thread(ask, "/static/topojson/un/world_110m.json")
    assert status == 200
    assert json.loads(gzip.decompress(body))["type"] == "Topology"
    for path in (
        "/static/topojson/un/world_110m.json.gz",
        "/static/topojson/un/nowhere_110m.json",
        "/static/manifest.json",
        "/static/mathjax.LICENSE",
        "/static/../js/page.js",
        "/static/%2e%2e/js/page.js",
        "/static//etc/passwd",
    ):
        assert (await asyncio.to_thread(ask, path))[0] == 404, path
