"""What Python and R write that JSON has not, and sizes at the edges: read as meant, or refused."""

from __future__ import annotations

import io
import json
import math

import pytest
from PIL import Image

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
EXACT = [0.1, 1e-7, 12345678901234567890, -0.0, 3.141592653589793]
ODD = [1.0, math.nan, math.inf, -math.inf]


def as_json(figure: str) -> dict:
    return {"data": f'{{"figure": {figure}}}', "headers": JSON}


def as_json_called_a_form(figure: str) -> dict:
    return {"data": f'{{"figure": {figure}}}', "headers": FORM}


def as_a_string(figure: str) -> dict:
    return {"data": json.dumps({"figure": figure}), "headers": JSON}


def as_a_form(figure: str) -> dict:
    return {"data": {"figure": figure}}


WAYS = [as_json, as_json_called_a_form, as_a_string, as_a_form]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_number_is_null_in_a_plot_and_other_numbers_stay_exact(api, way):
    figure = json.dumps({"data": [{"y": EXACT + ODD, "z": math.nan}], "layout": {"width": 300}})
    created = api.expect(201, "POST", "/v2/plots", **way(figure)).json()["file"]
    path = f"/v2/plots/{created['fid']}"
    expected = {"y": [*EXACT, 1.0, None, None, None], "z": None}
    assert api.expect(200, "GET", f"{path}/content").json()["data"] == [expected]
    api.expect(200, "PATCH", path, **way(figure.replace("0.1", "0.2")))
    (trace,) = api.expect(200, "GET", f"{path}/content").json()["data"]
    assert trace["y"] == [0.2, *expected["y"][1:]]


@pytest.mark.parametrize("way", WAYS)
def test_a_figure_with_what_is_no_number_draws_what_null_draws(api, way):
    trace = {"uid": "aaaaaa", "x": [1, 2, 3, 4], "y": [1, 3, 2, 4], "mode": "lines+markers"}
    with_gaps = {"data": [trace | {"y": [1, math.nan, -math.inf, 4]}], "layout": {"width": 300}}
    gaps = json.loads(json.dumps(with_gaps), parse_constant=lambda _: None)
    response = api.expect(200, "POST", "/v2/images", **way(json.dumps(with_gaps)))
    again = api.expect(200, "POST", "/v2/images", json={"figure": gaps})
    assert Image.open(io.BytesIO(response.content)) == Image.open(io.BytesIO(again.content))


@pytest.mark.parametrize(
    "body",
    [
        '{"figure": {"data": [{"y": [1]}]}, "scale": NaN, "width": NaN}',
        '{"figure": {"data": [{"y": [1]}], "layout": {"width": NaN, "height": null}}}',
    ],
)
def test_a_size_that_is_no_number_is_as_if_left_out(api, body):
    answer = api.expect(200, "POST", "/v2/images", data=body, headers=JSON)
    assert Image.open(io.BytesIO(answer.content)).size == (700, 500)


TOO_LARGE = ["1e400", "-1e400", "1" * 5000]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize(
    "figure",
    [
        '{"data": [{TRACE, "y": [1, 2]}], "layout": {"yaxis": {"range": [0, NUMBER]}}REST}',
        '{"data": [{TRACE, "y": [1, 2], "text": ["a", NUMBER], "mode": "text"}]REST}',
        '{"data": [{TRACE, "y": [1, NUMBER]}], "layout": {"width": NUMBER}REST}',
    ],
    ids=["a range", "a text", "a size"],
)
def test_a_number_too_large_draws_the_same_whatever_stands_beside_it(api, way, number, figure):
    fid, uids = api.grid({"n": [1, 2]})["fid"], api.uids
    reference = f'"uid": "aaaaaa", "xsrc": "{fid}:{uids(fid)["n"]}"'

    def drawn(trace: str, rest: str) -> bytes:
        sent = figure.replace("TRACE", trace).replace("REST", rest).replace("NUMBER", number)
        return api.expect(200, "POST", "/v2/images", **way(sent)).content

    plain = drawn('"uid": "aaaaaa", "x": [1, 2]', "")
    for trace in ('"uid": "aaaaaa", "x": [1, 2]', reference):
        for rest in ("", ', "other": NaN', ', "imgsrc": "a.png"', ', "imgsrc": NaN'):
            assert drawn(trace, rest) == plain


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize("rest", ["", ', "other": NaN', ', "imgsrc": "a.png"'])
def test_a_number_too_large_is_not_kept_in_a_plot(api, way, number, rest):
    figure = f'{{"data": [{{"y": [1, {number}]}}]{rest}}}'
    message = api.refused(400, "POST", "/v2/plots", **way(figure))["message"]
    assert "too large for a float" in message or "digits" in message


@pytest.mark.parametrize("headers", [JSON, FORM])
def test_json_after_a_byte_order_mark_is_read_whatever_it_is_called(api, headers):
    body = b'\xef\xbb\xbf {"figure": {"data": [{"y": [1, 2]}]}}'
    api.expect(200, "POST", "/v2/images", data=body, headers=headers)


@pytest.mark.parametrize("width", ["400", "1e400"])
def test_what_a_layout_holds_beside_its_size_is_not_looked_at(api, width):
    deep = "[" * 300 + "]" * 300
    figure = f'{{"data": [{{"y": [1]}}], "layout": {{"width": {width}, "meta": {deep}}}}}'
    api.expect(200, "POST", "/v2/images", **as_json(figure))


@pytest.mark.parametrize(
    ("figure", "field"),
    [
        (b'{"data": [{}], "layout": {"width": "\xff"}}', "figure.layout.width"),
        (b'{"data": [{}], "layout": [1]}', "figure.layout"),
        (b'{"data": [{}]}, "format": "\xff"', "format"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(api, figure, field):
    body = b'{"figure": %b}' % figure
    assert api.refused(400, "POST", "/v2/images", data=body, headers=JSON)["field"] == field


@pytest.mark.parametrize("scale", [0.1, 0.3, 4, 10])
def test_a_scale_from_a_tenth_to_ten_makes_so_many_pixels(api, scale):
    body = {"figure": {"data": [{"y": [1, 2]}]}, "width": 300, "height": 200, "scale": scale}
    answer = api.expect(200, "POST", "/v2/images", json=body)
    assert Image.open(io.BytesIO(answer.content)).size == (300 * scale, 200 * scale)


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
@pytest.mark.parametrize(
    ("size", "field", "words"),
    [
        ({"scale": 1e-9}, "scale", "less than a pixel"),
        ({"width": 10, "scale": 0.05}, "scale", "less than a pixel of the width 10"),
        ({"scale": 24}, "width", "width 700 at scale 24 is over 16,384 pixels"),
        ({"height": 16_385}, "height", "height 16385 at scale 1 is over 16,384 pixels"),
        ({"width": 9}, "width", "10 pixels or more, not 9"),
        ({"width": 12_000, "height": 12_000}, "scale", "over 100,000,000 pixels"),
    ],
)
def test_a_size_beyond_the_bounds_is_refused_by_its_name(api, format, size, field, words):
    body = {"figure": {"data": [{"y": [1, 2]}]}, "format": format} | size
    error = api.refused(400, "POST", "/v2/images", json=body)
    assert error["field"] == field
    assert words in error["message"]
