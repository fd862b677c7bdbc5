"""The images endpoint: the documented request, every field, default, format and error."""

from __future__ import annotations

import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote
from uuid import uuid4
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

SEED = {
    "figure": {"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 700}},
    "format": "png",
    "encoded": False,
}
FIGURE = SEED["figure"]
LINE = [{"type": "scatter", "y": [10, 10, 2, 20]}]
MIMES = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF", "pdf": b"%PDF"}


def image(caller, figure, **fields) -> bytes:
    """Ask for an image; give its bytes."""
    body = {"figure": figure} | fields
    return caller.expect(200, "POST", "/v2/images", json=body).content


def new() -> dict:
    """A figure that was not drawn before: its image is in no cache."""
    return {"data": [{"y": [1, 2]}], "layout": {"title": {"text": uuid4().hex}}}


def refused(caller, **body) -> dict:
    return caller.refused(400, "POST", "/v2/images", json=body)


def size(data: bytes, kind: str = "png") -> tuple[float, float]:
    """Measure an image in CSS pixels, by a library that is not the renderer's."""
    if kind == "svg":
        root = ET.fromstring(data)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        return float(root.get("width")), float(root.get("height"))
    if kind == "pdf":
        (page,) = PdfReader(io.BytesIO(data)).pages
        return round(page.mediabox.width * 96 / 72), round(page.mediabox.height * 96 / 72)
    with Image.open(io.BytesIO(data)) as opened:
        opened.load()
        assert opened.format == kind.upper()
        return opened.size


# --- the documented request -----------------------------------------------------------------------


def test_the_seed_request_answers_a_png_700_pixels_wide(api):
    response = api.expect(200, "POST", "/v2/images", json=SEED)
    assert response.headers["Content-Type"] == "image/png"
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert size(response.content) == (700, 500)


def test_the_seed_request_draws_its_four_points(api):
    drawn = ET.fromstring(image(api, FIGURE, format="svg"))
    points = [element for element in drawn.iter() if element.get("class") == "point"]
    assert len(points) == 4


def test_the_seed_request_encoded_answers_a_data_uri(api):
    response = api.expect(200, "POST", "/v2/images", json=SEED | {"encoded": True})
    assert response.headers["Content-Type"] == "image/png"
    prefix, _, text = response.text.partition(",")
    assert prefix == "data:image/png;base64"
    assert size(base64.b64decode(text, validate=True)) == (700, 500)


def test_a_trailing_slash_makes_no_difference(api):
    assert size(api.expect(200, "POST", "/v2/images/", json=SEED).content) == (700, 500)


def test_without_plotly_client_platform_it_is_400_naming_the_header(api):
    headers = {"Plotly-Client-Platform": None}
    error = api.refused(400, "POST", "/v2/images", json=SEED, headers=headers)
    assert "Plotly-Client-Platform" in error["message"]


def test_without_content_type_it_is_400_naming_the_header(api):
    error = api.refused(400, "POST", "/v2/images", data=json.dumps(SEED).encode())
    assert "Content-Type" in error["message"]


def test_plotly_client_platform_may_be_written_with_underscores(api):
    headers = {"Plotly-Client-Platform": None, "plotly_client_platform": "MATLAB"}
    api.expect(200, "POST", "/v2/images", json=SEED, headers=headers)


def test_content_type_may_name_a_charset(api):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    api.expect(200, "POST", "/v2/images", data=json.dumps(SEED).encode(), headers=headers)


def test_without_credentials_it_is_401(anonymous):
    anonymous.refused(401, "POST", "/v2/images", json=SEED)


# --- formats --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MIMES)
def test_each_format_has_its_content_type_signature_and_size(api, kind):
    response = api.expect(200, "POST", "/v2/images", json=SEED | {"format": kind})
    assert response.headers["Content-Type"] == MIMES[kind]
    assert response.content.startswith(SIGNATURES.get(kind, b"<"))
    assert size(response.content, kind) == (700, 500)


def test_eps_is_postscript_or_says_what_to_install(api):
    response = api.post("/v2/images", json=SEED | {"format": "eps"})
    if response.status_code == 200:
        assert response.headers["Content-Type"] == "application/postscript"
        assert response.content.startswith(b"%!PS")
    else:
        assert response.status_code == 400
        assert "install" in response.json()["detail"].lower()


@pytest.mark.parametrize("kind", ["jpg", "JPEG", "gif", "json", "png ", "image/png"])
def test_an_unknown_format_is_400_listing_the_valid_ones(api, kind):
    error = refused(api, figure=FIGURE, format=kind)
    assert error["field"] == "format"
    assert all(valid in error["message"] for valid in MIMES)


def test_the_default_format_is_png(api):
    response = api.expect(200, "POST", "/v2/images", json={"figure": FIGURE})
    assert response.headers["Content-Type"] == "image/png"
    assert size(response.content) == (700, 500)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "pdf"])
def test_encoded_is_base64_under_the_images_own_content_type(api, kind):
    body = SEED | {"format": kind, "encoded": True}
    response = api.expect(200, "POST", "/v2/images", json=body)
    assert response.headers["Content-Type"] == MIMES[kind]
    prefix, _, text = response.text.partition(",")
    assert prefix == f"data:{MIMES[kind]};base64"
    assert size(base64.b64decode(text, validate=True), kind) == (700, 500)


def test_encoded_svg_is_percent_encoded(api):
    response = api.expect(200, "POST", "/v2/images", json=SEED | {"format": "svg", "encoded": True})
    assert response.headers["Content-Type"] == "image/svg+xml"
    prefix, _, text = response.text.partition(",")
    assert prefix == "data:image/svg+xml"
    assert not set(text) & set('<>"# \n')
    assert size(unquote(text).encode(), "svg") == (700, 500)


@pytest.mark.parametrize(("encoded", "start"), [("true", b"data:"), ("False", b"\x89PNG")])
def test_encoded_may_be_a_string(api, encoded, start):
    assert image(api, FIGURE, encoded=encoded).startswith(start)


# --- sizes ----------------------------------------------------------------------------------------

LARGE = {"width": 640, "height": 360}


@pytest.mark.parametrize(
    ("layout", "fields", "expected"),
    [
        ({}, {}, (700, 500)),
        (LARGE, {}, (640, 360)),
        ({"height": 360}, {}, (700, 360)),
        (LARGE, {"width": 300, "height": 200}, (300, 200)),
        (LARGE, {"height": 200}, (640, 200)),
        (LARGE | {"autosize": True}, {}, (700, 500)),
        (LARGE | {"autosize": False}, {}, (640, 360)),
        (LARGE | {"autosize": True}, {"width": 300}, (300, 500)),
        ({}, {"width": "300", "height": "200"}, (300, 200)),
        ({"width": None, "height": 0}, {}, (700, 500)),
        ({"width": "", "height": -3}, {}, (700, 500)),
    ],
)
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_size_is_the_bodys_then_the_layouts_then_700_by_500(
    api, kind, layout, fields, expected
):
    figure = {"data": LINE, "layout": layout}
    assert size(image(api, figure, format=kind, **fields), kind) == expected


@pytest.mark.parametrize("field", ["width", "height", "scale"])
@pytest.mark.parametrize("value", ["", None, 0, -200])
def test_empty_zero_and_negative_sizes_are_ignored(api, field, value):
    figure = {"data": LINE, "layout": LARGE}
    assert size(image(api, figure, **{field: value})) == (640, 360)


@pytest.mark.parametrize("kind", ["png", "jpeg"])
@pytest.mark.parametrize("scale", [0.5, 1.5, 3.0, "2"])
def test_scale_multiplies_the_pixels(api, kind, scale):
    data = image(api, {"data": LINE}, format=kind, width=300, height=200, scale=scale)
    assert size(data, kind) == (300 * float(scale), 200 * float(scale))


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_sizes_of_vector_formats_are_the_asked_ones(api, kind):
    data = image(api, {"data": LINE}, format=kind, width=320, height=240)
    assert size(data, kind) == (320, 240)


@pytest.mark.parametrize(
    "fields",
    [
        {"width": 1_000_000, "height": 1_000_000},
        {"width": 1e300},
        {"height": 10**400},
        {"scale": 1000},
    ],
)
def test_a_size_over_the_ceiling_is_400_and_the_next_image_is_fine(api, fields):
    message = refused(api, figure=FIGURE, **fields)["message"]
    assert any(word in message for word in ("pixel", "width", "height", "scale"))
    assert size(image(api, new())) == (700, 500)


def test_a_layout_over_the_ceiling_is_400(api):
    refused(api, figure={"data": LINE, "layout": {"width": 1_000_000, "height": 1_000_000}})


def test_a_tiny_size_is_kept_or_refused_but_never_another(api):
    response = api.post("/v2/images", json={"figure": FIGURE, "width": 5, "height": 5})
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert size(response.content) == (5, 5)


# --- figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figure",
    [
        {"data": LINE},
        {"layout": {"title": {"text": "no data"}}},
        {"data": [], "layout": {}},
        {"data": LINE, "layout": {}, "frames": []},
        {"data": LINE, "layout": []},
    ],
    ids=["data only", "layout only", "both empty", "frames", "R's empty layout"],
)
@pytest.mark.parametrize("form", [dict, json.dumps], ids=["object", "string"])
def test_a_figure_with_data_or_a_layout_is_drawn(api, figure, form):
    assert size(image(api, form(figure))) == (700, 500)


@pytest.mark.parametrize(
    "figure",
    [
        {"data": []},
        {},
        [],
        None,
        5,
        "",
        "not json",
        '"a string"',
        '{"data": []}',
        {"data": {"y": [1]}},
        {"data": "y"},
        {"data": LINE, "layout": "wide"},
        {"data": LINE, "layout": 5},
    ],
)
def test_what_is_no_figure_is_400(api, figure):
    assert (refused(api, figure=figure)["field"] or "").startswith("figure")


def test_a_body_without_a_figure_is_400(api):
    assert refused(api, format="png")["field"] == "figure"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"{not json", b"\xff\xfe"])
def test_a_body_that_is_no_request_is_400(api, body):
    headers = {"Content-Type": "application/json"}
    api.refused(400, "POST", "/v2/images", data=body, headers=headers)


@pytest.mark.parametrize(
    ("trace", "words"),
    [
        ({"y": {"bdata": "AAAAAAAAAAA=", "dtype": "i8"}}, "dtype"),
        ({"y": {"bdata": "AAAA", "dtype": "f8"}}, "Float64Array"),
        (None, "null"),
    ],
)
def test_a_figure_that_plotly_js_cannot_draw_is_400_in_its_words(api, trace, words):
    assert words in refused(api, figure={"data": [trace]})["message"]
    assert size(image(api, new())) == (700, 500)


@pytest.mark.parametrize("depth", [50_000, 500_000])
def test_a_figure_nested_beyond_reading_is_400(api, depth):
    body = f'{{"figure": {{"data": [{{"y": {"[" * depth}{"]" * depth}}}]}}}}'.encode()
    headers = {"Content-Type": "application/json"}
    api.refused(400, "POST", "/v2/images", data=body, headers=headers)


def test_members_that_the_endpoint_does_not_know_are_ignored(api):
    data = image(api, FIGURE, filename="2026-11-21 10:00:00", fid="someone:1", nonsense=None)
    assert size(data) == (700, 500)


def test_the_body_that_r_sends_is_drawn(api):
    trace = {"x": [1, 2], "y": [3, 4], "mode": "lines", "type": "scatter", "frame": None}
    layout = {
        "title": [],
        "margin": {"b": 40, "l": 60, "t": 25, "r": 10},
        "xaxis": {"domain": [0, 1], "automargin": True, "title": []},
        "showlegend": None,
    }
    body = {
        "figure": {"data": [trace], "layout": layout, "source": "A", "config": []},
        "width": 1000,
        "height": 500,
        "format": "png",
        "scale": 1,
        "encoded": False,
        "filename": "2026-11-21 10:00:00",
    }
    headers = {"Plotly-Client-Platform": "R 4.10.1", "plotly_version": "4.10.1"}
    response = api.expect(200, "POST", "/v2/images", json=body, headers=headers)
    assert size(response.content) == (1000, 500)


def test_a_form_encoded_body_is_drawn(api):
    form = {"figure": json.dumps(FIGURE), "format": "jpeg", "width": "300", "encoded": "False"}
    assert size(api.expect(200, "POST", "/v2/images", data=form).content, "jpeg") == (300, 500)


def test_nan_in_a_body_is_a_gap(api):
    body = (
        b'{"figure": {"data": [{"mode": "markers", "y": [1, NaN, Infinity, 2]}]}, "format": "svg"}'
    )
    headers = {"Content-Type": "application/json"}
    drawn = api.expect(200, "POST", "/v2/images", data=body, headers=headers)
    points = [e for e in ET.fromstring(drawn.content).iter() if e.get("class") == "point"]
    assert len(points) == 2


# --- typed arrays ---------------------------------------------------------------------------------


def typed(array: np.ndarray) -> dict:
    """Write an array as plotly 6 and 7 do."""
    code = array.dtype.str[1:]
    encoded = {"bdata": base64.b64encode(array.tobytes()).decode(), "dtype": code}
    if array.ndim > 1:
        encoded["shape"] = ", ".join(map(str, array.shape))
    return encoded


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "u4", "i2", "u2", "i1", "u1"])
def test_typed_arrays_draw_what_lists_draw(api, drawing, dtype):
    y = np.array([10, 10, 2, 20], dtype=dtype)
    trace = {"type": "scatter", "uid": "aaaaaa", "y": typed(y)}
    expected = drawing(api, {"data": [trace | {"y": y.tolist()}]})
    assert drawing(api, {"data": [trace]}) == expected


def test_a_typed_array_of_two_dimensions_draws_what_nested_lists_draw(api, drawing):
    z = np.arange(6.0).reshape(2, 3)
    trace = {"type": "heatmap", "uid": "aaaaaa", "z": typed(z)}
    expected = drawing(api, {"data": [trace | {"z": z.tolist()}]})
    assert drawing(api, {"data": [trace]}) == expected


# --- many at once ---------------------------------------------------------------------------------


def test_images_asked_for_at_once_go_each_to_its_own_caller(server, new_user):
    caller = new_user()

    def ask(width: int) -> tuple[float, float]:
        with type(caller)(server.url, caller.username, caller.api_key) as own:
            return size(image(own, {"data": LINE}, width=width, height=300))

    widths = range(300, 348, 2)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, widths)) == [(width, 300) for width in widths]
