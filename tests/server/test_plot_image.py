"""The image of a plot: as large as asked for, within the limits of all images."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

FIGURE = {"data": [{"y": [1, 3, 2]}], "layout": {"width": 300, "height": 200}}


FORMATS = {
    "png": ("image/png", b"\x89PNG"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "webp": ("image/webp", b"RIFF"),
    "svg": ("image/svg+xml", b"<svg"),
    "pdf": ("application/pdf", b"%PDF"),
    "": ("image/png", b"\x89PNG"),
}
if shutil.which("pdftops"):  # test_seed_images has what is said without it
    FORMATS["eps"] = ("application/postscript", b"%!PS")


def image(caller, fid: str, **query) -> Image.Image:
    response = caller.expect(200, "GET", f"/v2/files/{fid}/image", params=query)
    assert response.headers["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(response.content))


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ({}, (300, 200)),
        ({"width": "400"}, (400, 200)),
        ({"width": 400, "height": "50.4", "scale": "2"}, (800, 100)),
        ({"width": "", "height": "0", "scale": "nonsense"}, (300, 200)),
    ],
)
def test_the_size_is_the_querys_then_the_layouts(api, query, size):
    assert image(api, api.plot(FIGURE)["fid"], **query).size == size


@pytest.mark.parametrize("format", FORMATS)
def test_the_image_is_of_the_format_that_is_asked_for(api, anonymous, format):
    grid = api.grid({"y": [1, 3, 2]})
    trace = {"ysrc": f"{grid['fid']}:{grid['cols'][0]['uid']}"}
    fid = api.plot({"data": [trace]}, world_readable=True)["fid"]
    query = {"format": format}
    response = anonymous.expect(200, "GET", f"/v2/files/{fid}/image", params=query)
    kind, start = FORMATS[format]
    assert response.headers["Content-Type"].partition(";")[0] == kind
    assert response.content.startswith(start)
    # opened in a window, an svg has nobody's rights
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_the_png_of_a_page_is_a_png_whatever_is_asked_for(api):
    page = api.plot(FIGURE)["web_url"].removeprefix(api.url).rstrip("/")
    response = api.expect(200, "GET", f"{page}.png", params={"format": "svg"})
    assert response.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"format": "bmp"}, "format"),
        ({"format": "PNG"}, "format"),
        ({"width": 1_000_000}, "width"),
        ({"height": 5}, "height"),
        ({"width": 4000, "height": 4000, "scale": 4}, "scale"),
    ],
)
def test_a_size_beyond_the_limits_is_400(api, query, field):
    path = f"/v2/files/{api.plot(FIGURE)['fid']}/image"
    assert api.refused(400, "GET", path, params=query)["field"] == field


@pytest.mark.parametrize("figure", [{}, {"data": []}, {"data": None, "layout": []}])
def test_a_plot_without_traces_has_an_image_too(api, figure):
    assert image(api, api.plot(figure)["fid"]).size == (700, 500)


def test_a_plot_that_plotly_js_can_not_draw_has_a_400_in_its_words(api):
    fid = api.plot({"data": ["no trace"], "layout": {}})["fid"]
    assert "data[0]" in api.refused(400, "GET", f"/v2/files/{fid}/image")["message"]


def test_a_server_without_a_browser_keeps_plots_and_says_what_is_missing(
    serve, monkeypatch, tmp_path
):
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(tmp_path / "no-browser"))
    api = serve().user()
    fid = api.plot(FIGURE)["fid"]
    assert api.expect(200, "GET", f"/v2/plots/{fid}/content").json() == FIGURE
    for path in (f"/v2/files/{fid}/image", "/v2/plot-schema"):
        assert api.refused(400, "GET", path)["code"] == "BROWSER_NOT_FOUND"
