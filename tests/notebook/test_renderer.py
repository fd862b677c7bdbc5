"""plotly's `fig.show()` through the renderer `chart_studio`, in a real kernel."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

PLOTLY = "application/vnd.plotly.v1+json"
WEB = "{'source': 'https://example.org/logo.png', 'x': 0, 'y': 1}"


@pytest.fixture(scope="module", autouse=True)
def _figures(kernel):
    kernel.run(
        "import plotly.graph_objects as go\n"
        "import plotly.io as pio\n"
        "fig = go.Figure({'data': [{'y': [1, 3, 2]}], 'layout': {'template': 'none'}})\n"
        "vast = go.Figure(fig).update_layout(width=50_000)\n"
    )


@pytest.fixture
def both(kernel):
    """An interactive figure and an image, by default."""
    kernel.run("before = pio.renderers.default")
    kernel.run("pio.renderers.default = 'plotly_mimetype+chart_studio'")
    yield
    kernel.run("pio.renderers.default = before")


def size(data) -> tuple[int, int]:
    return Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).size


def test_a_figure_is_shown_as_one_image(kernel):
    ran = kernel.run("fig.show(renderer='chart_studio')")
    assert [kind for kind, _ in ran.outputs] == ["display_data"]
    data = ran.display["data"]
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == "<plotly figure: 1 trace, 700×500 png>"
    assert size(data) == (700, 500)


def test_options_of_show_are_those_of_this_time(kernel):
    shown = kernel.run("fig.show(renderer='chart_studio', width=333, format='svg', scale=2)")
    data = shown.display["data"]
    assert data["image/svg+xml"].startswith("<svg")
    assert size(data) == (666, 1000)
    assert size(kernel.run("fig.show(renderer='chart_studio')").display["data"]) == (700, 500)


def test_options_of_the_renderer_stay_and_it_says_them(kernel):
    kernel.run("mine = pio.renderers['chart_studio']\nmine.format, mine.height = 'jpg', 200")
    data = kernel.run("fig.show(renderer='chart_studio')").display["data"]
    assert base64.b64decode(data["image/jpeg"]).startswith(b"\xff\xd8")
    assert size(data) == (700, 200)
    said = kernel.run("mine").result["text/plain"]
    assert said.startswith("ChartStudioRenderer(format='jpg', width=None, height=200, scale=None)")
    kernel.run("mine.format = mine.height = None")


@pytest.mark.usefixtures("both")
def test_one_output_is_interactive_and_an_image(kernel):
    for code in ("fig", "fig.show()"):
        data = kernel.run(code).display["data"]
        assert set(data) == {PLOTLY, "image/png", "text/plain"}
        assert data[PLOTLY]["data"] == [{"y": [1, 3, 2], "type": "scatter"}]


@pytest.mark.usefixtures("both")
def test_a_figure_whose_image_fails_is_interactive_all_the_same(kernel):
    ran = kernel.run("vast")
    assert set(ran.display["data"]) == {PLOTLY, "text/plain"}
    assert ran.display["data"]["text/plain"] == "<plotly figure: 1 trace, no image>"
    said = ran.text("stderr")
    assert "PlotlyNbextWarning: The figure is shown without an image. width 50000" in said
    assert said.count("\n") == 1  # the sentence, without the user's own line


def test_an_image_that_fails_alone_is_one_short_error(kernel):
    ran = kernel.try_("vast.show(renderer='chart_studio')")
    assert [kind for kind, _ in ran.outputs] == ["error"]
    assert ran.error["ename"] == "ValidationError"
    assert len(ran.error["traceback"]) == 1
    assert "width 50000" in ran.error["evalue"]


def test_what_is_missing_in_an_image_is_told_once_though_there_is_a_png_beside_it(kernel):
    kernel.run(f"logo = go.Figure(fig).add_layout_image({WEB})")
    said = kernel.run("logo.show(renderer='chart_studio', format='svg')").text("stderr")
    assert said.count("PlotlyNbextWarning: layout.images[0].source") == 1
    assert said.count("\n") == 1
    said = kernel.run("%plotly_render logo -f svg").text("stderr")
    assert said.count("PlotlyNbextWarning: layout.images[0].source") == 1


def test_several_figures_have_no_one_output_and_the_magic_says_what_to_do(kernel):
    error = kernel.try_("%plotly_render [fig, fig]").error
    assert error["evalue"] == (
        "figure must be a Plotly figure or a dict with data and layout, not list.\n"
        "plotly_nbext.render([figure, …]) renders several."
    )


@pytest.mark.usefixtures("both")
def test_unloading_takes_the_renderer_away_and_leaves_the_others(kernel):
    kernel.run("%unload_ext plotly_nbext")
    assert kernel.value("pio.renderers.default, 'chart_studio' in pio.renderers") == (
        "plotly_mimetype",
        False,
    )
    assert set(kernel.run("fig").display["data"]) == {PLOTLY}
    kernel.run("%load_ext plotly_nbext")
    assert kernel.value("'chart_studio' in pio.renderers")


@pytest.mark.usefixtures("both")
def test_loading_the_extension_again_changes_no_choice(kernel):
    kernel.run("pio.renderers['chart_studio'].width = 300")
    kernel.run("import plotly_nbext; plotly_nbext.load_ipython_extension(get_ipython())")
    assert size(kernel.run("fig").display["data"]) == (300, 500)
