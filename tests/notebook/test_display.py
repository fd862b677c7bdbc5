"""What is said and shown of a figure, without a kernel."""

from __future__ import annotations

import base64

import plotly.express as px
import plotly.graph_objects as go
import pytest

from plotly_nbext.client import Image
from plotly_nbext.notebook.captions import alt_text, summary
from plotly_nbext.notebook.display import figure_bundle

PNG = Image(b"\x89PNG", "image/png", "png", 700, 500)
FIGURE = {"data": [{"y": [1, 2]}, {"type": "bar", "y": [3]}], "layout": {"title": "Sales"}}


def bundle(*images, alt=None):
    return figure_bundle(images, FIGURE, alt)


def test_a_png_is_shown_with_its_size_and_alt_text():
    data, metadata = bundle(PNG)
    assert data == {
        "text/plain": "<plotly figure: 2 traces, 700×500 png>",
        "image/png": base64.b64encode(b"\x89PNG").decode(),
    }
    alt = "Plotly figure “Sales” with 1 scatter trace, 1 bar trace."
    assert metadata == {"image/png": {"width": 700, "height": 500, "alt": alt}}


def test_an_svg_is_text_beside_its_png():
    data, metadata = bundle(Image(b"<svg/>", "image/svg+xml", "svg", 40, 30), PNG)
    assert data["image/svg+xml"] == "<svg/>"
    assert set(data) == {"text/plain", "image/svg+xml", "image/png"}
    assert metadata["image/svg+xml"]["width"] == 40
    assert "40×30 svg" in data["text/plain"]


def test_a_pdf_has_no_size_of_its_own_and_an_eps_is_not_shown():
    data, metadata = bundle(Image(b"%PDF", "application/pdf", "pdf", 700, 500), PNG)
    assert base64.b64decode(data["application/pdf"]) == b"%PDF"
    assert set(metadata) == {"image/png"}
    eps = Image(b"%!PS", "application/postscript", "eps", 700, 500)
    assert set(bundle(eps, PNG)[0]) == {"text/plain", "image/png"}


def test_an_alt_text_of_ones_own_wins_even_when_it_is_empty():
    assert bundle(PNG, alt="Two lines")[1]["image/png"]["alt"] == "Two lines"
    assert bundle(PNG, alt="")[1]["image/png"]["alt"] == ""


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ({"data": []}, "Plotly figure."),
        ({"data": [{"y": [1]}]}, "Plotly figure with 1 scatter trace."),
        (
            {"data": [{"type": "pie"}], "layout": {"title": {"text": "<b>Big</b><br> pie"}}},
            "Plotly figure “Big pie” with 1 pie trace.",
        ),
        ({"data": [{"y": [1]}], "layout": []}, "Plotly figure with 1 scatter trace."),
        (
            {
                "data": [{"type": "scatter3d"}, {"type": "scatter3d"}],
                "layout": {"scene": {"xaxis": {"title": "a"}, "zaxis": {"title": "c"}}},
            },
            "Plotly figure with 2 scatter3d traces. x axis: a. z axis: c.",
        ),
    ],
)
def test_alt_text_tells_title_traces_and_axes(figure, text):
    assert alt_text(figure) == text


def test_alt_text_of_a_real_figure_with_facets():
    figure = px.scatter(
        px.data.tips(), x="total_bill", y="tip", facet_col="sex", title="Tips"
    ).to_dict()
    assert alt_text(figure) == (
        "Plotly figure “Tips” with 2 scatter traces. x axis: total_bill. y axis: tip."
    )
    assert summary(figure) == "2 traces"
    assert summary(go.Figure(go.Bar()).to_dict()) == "1 trace"
