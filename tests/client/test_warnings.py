"""What a server says is missing in an image, and where it is said."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

import pytest

from plotly_nbext import PlotlyNbextWarning

if TYPE_CHECKING:
    from plotly_nbext.client import Client
    from tests.other_servers import ChartStudio

FIGURE = {"data": [{"y": [10, 10, 2, 20]}]}
LEFT_OUT = "layout.images[0].source is on the web: the image is left out."
BOX = "No font here has the character 漢 (U+6F22): it is drawn as a box."


def header(*sentences: str) -> dict[str, str]:
    return {"Plotly-Warnings": json.dumps(sentences)}


def test_what_is_missing_is_told_once_at_the_users_line_and_kept_with_the_image(
    chart_studio: ChartStudio,
) -> None:
    chart_studio.image_headers = header(LEFT_OUT, BOX, LEFT_OUT)
    with pytest.warns(PlotlyNbextWarning) as told:
        image = chart_studio.client().render(FIGURE)
    assert [str(each.message) for each in told] == [LEFT_OUT, BOX]
    assert {each.filename for each in told} == {__file__}
    assert image.warnings == (LEFT_OUT, BOX)


def test_who_shows_them_otherwise_is_not_warned(chart_studio: ChartStudio) -> None:
    chart_studio.image_headers = header(BOX)
    with warnings.catch_warnings(action="error"):
        assert chart_studio.client().render(FIGURE, warn=False).warnings == (BOX,)


@pytest.mark.parametrize(
    "value", ["", "none", "{}", "[1]", '["a", null]', '"a"', "[" * 10_000, "null", "\xff"]
)
def test_a_header_that_is_something_else_is_passed_over(
    chart_studio: ChartStudio, value: str
) -> None:
    chart_studio.image_headers = {"Plotly-Warnings": value}
    with warnings.catch_warnings(action="error"):
        assert chart_studio.client().render(FIGURE).warnings == ()


def test_a_server_that_says_nothing_warns_of_nothing(chart_studio: ChartStudio) -> None:
    with warnings.catch_warnings(action="error"):
        assert chart_studio.client().render(FIGURE).warnings == ()


def test_of_many_figures_each_sentence_is_told_once_with_whose_it_is(
    chart_studio: ChartStudio,
) -> None:
    client = chart_studio.client()
    chart_studio.image_headers = header(BOX)
    with pytest.warns(PlotlyNbextWarning) as told:
        images = client.render([FIGURE] * 5)
    assert [str(each.message) for each in told] == [f"figures 1, 2, 3 and 2 more (of 5): {BOX}"]
    assert {each.filename for each in told} == {__file__}
    assert [image.warnings for image in images] == [(BOX,)] * 5
    with pytest.warns(PlotlyNbextWarning, match=r"^figure 1 \(of 1\): No font"):
        client.render([FIGURE])
    with pytest.warns(PlotlyNbextWarning, match="^figures 1, 2: No font"):
        client.render(FIGURE for _ in range(2))


def test_our_own_server_s_words_arrive_for_figures_and_plots(client: Client) -> None:
    web = {"source": "https://example.org/logo.png", "x": 0, "y": 1}
    figure = FIGURE | {"layout": {"images": [web]}}
    with pytest.warns(PlotlyNbextWarning, match="images.*example.org"):
        image = client.render(figure)
    plot = client.push_plot(figure, "with a logo")
    with pytest.warns(PlotlyNbextWarning, match="images.*example.org"):
        assert plot.image().warnings == image.warnings
