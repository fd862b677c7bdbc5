"""FigureView without a page."""

from __future__ import annotations

import base64
import io
import json
import threading
import warnings
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import pytest
from PIL import Image as Picture
from traitlets import TraitError

from plotly_nbext.errors import ValidationError
from plotly_nbext.notebook.widgets import FigureView

if TYPE_CHECKING:
    from plotly_nbext.client import Client, Image

FIGURE = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"title": {"text": "Sales"}})


def size(view: FigureView) -> tuple[int, int]:
    return Picture.open(io.BytesIO(view.image)).size


@pytest.fixture
def view(client: Client) -> FigureView:
    return FigureView(FIGURE, width=320, height=240, client=client)


def test_it_says_what_it_shows_and_no_address(view: FigureView) -> None:
    assert repr(view) == "FigureView(320×240 png)"


def test_without_a_kernel_the_image_is_there_with_its_words(view: FigureView) -> None:
    data, metadata = view._repr_mimebundle_()
    assert data["text/plain"] == "<plotly figure: 1 trace, 320×240 png>"
    assert base64.b64decode(data["image/png"]) == view.image
    assert metadata["image/png"] == {
        "width": 320,
        "height": 240,
        "alt": "Plotly figure “Sales” with 1 scatter trace.",
    }


@pytest.mark.parametrize("format_", ["svg", "webp", "pdf"])
def test_whatever_the_format_a_png_is_saved_in_the_notebook(client: Client, format_: str) -> None:
    view = FigureView(FIGURE, width=320, height=240, format=format_, client=client)
    data, _ = view._repr_mimebundle_()
    picture = Picture.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.size == (320, 240)


def test_a_trait_that_is_set_has_rendered_when_it_is_set(view: FigureView) -> None:
    view.width = 480
    assert size(view) == (480, 240)
    view.scale = 2
    assert size(view) == (960, 480)


def test_traits_that_are_set_together_render_once(view: FigureView) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    with view.hold_trait_notifications():
        view.width, view.height, view.format = 400, 300, "jpeg"
    assert [(image.width, image.height, image.format) for image in images] == [(400, 300, "jpeg")]


def test_a_figure_that_was_changed_in_place_is_rendered_again(client: Client) -> None:
    figure = go.Figure(FIGURE)
    view = FigureView(figure, client=client)
    before = view.image
    figure.update_layout(title_text="Costs", width=444)
    view.render()
    assert view.image != before
    assert size(view) == (444, 500)
    assert "Costs" in view.alt


def test_words_that_were_given_stay(client: Client, view: FigureView) -> None:
    given = FigureView(FIGURE, alt="Mine.", client=client)
    view.alt = "Mine."
    for each in (given, view):
        each.figure = go.Figure(go.Bar(y=[1]))
        each.width = 400
        assert each.alt == "Mine."


def test_jpg_is_jpeg(client: Client, view: FigureView) -> None:
    view.format = "jpg"
    assert (view.format, view.error) == ("jpeg", {})
    assert view.image.startswith(b"\xff\xd8")
    assert FigureView(FIGURE, format="jpg", client=client).format == "jpeg"


def test_half_characters_in_words_are_replaced_wherever_they_go(client: Client) -> None:
    title = {"title": {"text": "Sales"}}
    view = FigureView({"data": [], "layout": title}, alt="Up \ud83d", client=client)
    assert view.alt == "Up \ufffd"
    view.alt = "\udc00 down"
    page = view.to_html()
    assert page is not None
    assert 'alt="\ufffd down"' in page
    page.encode()
    assert view._repr_mimebundle_()[1]["image/png"]["alt"] == "\ufffd down"


def test_words_of_our_own_follow_the_figure(view: FigureView) -> None:
    view.figure = go.Figure(go.Bar(y=[1]), layout={"title": {"text": "Costs"}})
    assert view.alt == "Plotly figure “Costs” with 1 bar trace."


def test_a_failure_is_kept_and_the_last_image_too(view: FigureView) -> None:
    before = view.image
    view.width = 10_000_000
    assert view.error["type"] == "ValidationError"
    assert "width" in view.error["message"]
    assert view.image == before
    view.width = 320
    assert view.error == {}


def test_what_is_missing_is_told_in_the_view_and_not_in_a_cell(client: Client) -> None:
    web = {"source": "https://example.org/logo.png", "x": 0, "y": 1}
    figure = {"data": [{"y": [2, 5, 3]}], "layout": {"images": [web]}}
    with warnings.catch_warnings(action="error"):
        view = FigureView(figure, client=client)
        (said,) = view.warnings
        assert said.startswith("layout.images[0].source is on the web")
        view.figure = FIGURE.to_dict() | {"layout": {}}
        assert view.warnings == []


@pytest.mark.parametrize("figure", [[FIGURE], [FIGURE, FIGURE]])
def test_several_figures_are_none_for_a_view(client: Client, figure: list[go.Figure]) -> None:
    with pytest.raises(ValidationError, match="not list"):
        FigureView(figure, client=client)


def test_a_callback_that_fails_is_an_error_in_the_widget(view: FigureView) -> None:
    def fail(_image: Image) -> None:
        raise RuntimeError("no such output")

    view.on_render(fail)
    view.width = 400
    assert view.error == {"type": "RuntimeError", "message": "RuntimeError: no such output"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"format": "gif"}, "gif"),
        ({"figure": 3}, "int"),
    ],
)
def test_what_can_never_be_rendered_is_refused_at_once(
    client: Client, options: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        FigureView(**{"figure": FIGURE, "client": client} | options)


def test_a_size_that_a_calculation_gave_is_made_whole(client: Client) -> None:
    assert size(FigureView(FIGURE, width=1000 / 3, height=250.0, client=client)) == (333, 250)


def test_a_notebook_that_shows_a_view_after_an_error_still_gets_its_png(client: Client) -> None:
    view = FigureView(FIGURE, width=320, height=240, format="svg", client=client)
    view.width = 10_000_000
    data, _ = view._repr_mimebundle_()
    picture = Picture.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.size == (320, 240)


def test_a_size_below_one_is_refused(view: FigureView) -> None:
    with pytest.raises(TraitError, match="'width' trait of a FigureView"):
        view.width = 0


def test_changes_from_several_threads_end_with_what_was_set(view: FigureView) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    start = threading.Barrier(8)

    def change(width: int) -> None:
        start.wait()
        view.width = width

    threads = [threading.Thread(target=change, args=(400 + i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert view.error == {}
    assert size(view) == (view.width, 240)
    assert images[-1].data == view.image


def test_nothing_secret_reaches_the_page(view: FigureView, client: Client) -> None:
    state = json.dumps(view.get_state(), default=lambda _: "bytes")
    account = client._session.account
    assert account.api_key
    assert account.api_key not in state
    assert account.url not in state
