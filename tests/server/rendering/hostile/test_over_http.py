"""Hostile figures as they come in: over HTTP, from any client, in any form."""

from __future__ import annotations

import json

import pytest

from .corpus.heavy import BOMBS
from .corpus.malformed import BODIES
from .corpus.pollution import KEYS

ORDINARY = {"data": [{"y": [1, 3, 2]}]}
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Qz0AEYBxVSF+F"
    "AAhKDveksOjmAAAAAElFTkSuQmCC"
)
SPREAD = {"x": 0, "y": 1, "sizex": 1, "sizey": 1}


def with_images(*sources: str) -> dict:
    return {"data": [], "layout": {"images": [{"source": source, **SPREAD} for source in sources]}}


def post(api, body, **options):
    headers = {"Content-Type": "application/json"}
    return api.request("POST", "/v2/images", data=body, headers=headers, **options)


def test_a_warning_is_told_in_a_header(api):
    body = {"figure": with_images("http://example.org/a.png", PIXEL)}
    answer = api.expect(200, "POST", "/v2/images", json=body)
    warnings = json.loads(answer.headers["Plotly-Warnings"])
    assert any("layout.images[0].source" in warning for warning in warnings)
    assert not any("layout.images[1].source" in warning for warning in warnings)


@pytest.mark.parametrize(
    "source",
    [
        "http://example.org/\r\nSet-Cookie: a=b\r\n\r\n<html>",
        "http://example.org/\u2028\u2029\x00\x7f",
        "http://例え.テスト/漢",
        'http://example.org/"],"\\',
    ],
)
def test_what_a_warning_quotes_stays_within_its_header(api, source):
    answer = api.expect(200, "POST", "/v2/images", json={"figure": with_images(source)})
    assert answer.headers["Plotly-Warnings"].isascii()
    assert isinstance(json.loads(answer.headers["Plotly-Warnings"]), list)
    assert "Set-Cookie" not in answer.headers
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "sources",
    [["http://example.org/" + "a" * 1_000_000], [f"http://h{i}.example/" for i in range(5_000)]],
    ids=["one long", "many"],
)
def test_warnings_without_number_still_fit_a_header(api, sources):
    """Clients give up at 64 KB a line, proxies at 8 in all."""
    answer = api.expect(200, "POST", "/v2/images", json={"figure": with_images(*sources)})
    assert 0 < len(answer.headers["Plotly-Warnings"]) < 8_000
    assert json.loads(answer.headers["Plotly-Warnings"])


@pytest.mark.parametrize("form", ["object", "string", "R", "twice", "string in a string"])
def test_a_forbidden_address_is_found_in_each_form_of_a_body(api, form):
    figure = with_images("http://example.org/a.png")
    text = json.dumps(figure)
    body = {
        "object": json.dumps({"figure": figure}),
        "string": json.dumps({"figure": text}),
        "R": json.dumps({"figure": {**figure, "data": [], "config": [], "frames": []}}),
        "twice": f'{{"figure": {json.dumps(ORDINARY)}, "figure": {text}}}',
        "string in a string": json.dumps({"figure": json.dumps(text)}),
    }[form]
    answer = post(api, body)
    if form == "string in a string":
        assert answer.status_code == 400
    else:
        assert answer.status_code == 200
        assert "layout.images[0].source" in answer.headers["Plotly-Warnings"]


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_figure_is_refused(api, name):
    for body in (BODIES[name], b'{"figure": ' + BODIES[name] + b"}"):
        answer = post(api, body)
        # what the page would take for an image of its own is at least a body without a figure
        assert answer.status_code == 400, (name, answer.text[:300])
        assert answer.json()["errors"][0]["message"]


def test_outlines_elsewhere_are_refused_by_name(api):
    trace = {"type": "choropleth", "geojson": "http://example.org/a.json", "locations": ["a"]}
    error = api.refused(400, "POST", "/v2/images", json={"figure": {"data": [trace]}})
    assert "data[0].geojson" in error["message"]
    assert "http://example.org" in error["message"]


def test_names_of_javascript_are_nothing_but_names(api):
    before = api.expect(200, "POST", "/v2/images", json={"figure": ORDINARY, "format": "jpeg"})
    for key, value in KEYS.items():
        figure = {**ORDINARY, "layout": {key: value}, key: value}
        body = {"figure": figure, key: value, "options": {key: value}}
        answer = api.request("POST", "/v2/images", json=body)
        assert answer.status_code in {200, 400}, (key, answer.text[:300])
    # another format would be another entry of the cache
    again = {"data": [{"y": [1, 3, 2]}], "layout": {}}
    after = api.expect(200, "POST", "/v2/images", json={"figure": again, "format": "jpeg"})
    assert after.content == before.content


@pytest.mark.parametrize(
    "size",
    [{"width": 10**9}, {"height": 1e308}, {"scale": 1e6}, {"width": 16_384, "height": 16_384},
     {"width": -1, "scale": -1}, {"width": "1e999"}, {"width": [700]}, {"scale": {"a": 1}}],
    ids=str,
)  # fmt: skip
def test_sizes_are_had_or_refused(api, size):
    answer = api.request("POST", "/v2/images", json={"figure": ORDINARY, **size})
    assert answer.status_code in {200, 400}, answer.text[:300]


@pytest.mark.parametrize("name", ["lists", "objects"])
def test_nesting_is_refused_or_drawn(api, name):
    answer = post(api, b'{"figure": ' + BOMBS[name].make() + b"}")
    assert answer.status_code in {200, 400, 413}, answer.text[:300]
    assert api.expect(200, "POST", "/v2/images", json={"figure": ORDINARY})
