"""What rendering gives, from figures in each of the forms that people have them in."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest
from PIL import Image as PillowImage

from plotly_nbext import Image, ValidationError
from plotly_nbext.client import Client
from plotly_nbext.client.figures import figure_dict
from plotly_nbext.client.images import request

FIGURE = {"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 320, "height": 240}}


def size(image: Image) -> tuple[int, int]:
    return PillowImage.open(io.BytesIO(image.data)).size


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(FIGURE),
        FIGURE,
        go.Figure(FIGURE).to_json(),
        go.Figure(go.Scatter(y=np.array([10, 10, 2, 20])), layout={"width": 320, "height": 240}),
        {"data": [go.Scatter(y=[10, 10, 2, 20])], "layout": go.Layout(width=320, height=240)},
    ],
    ids=["figure", "dict", "json", "typed arrays", "dict of graph objects"],
)
def test_a_figure_renders_in_any_of_its_forms(client: Client, figure):
    image = client.render(figure)
    assert size(image) == (320, 240) == (image.width, image.height)


def test_express_figures_with_frames_and_templates_render(client: Client):
    frame = px.data.gapminder()
    figure = px.scatter(frame, x="gdpPercap", y="lifeExp", animation_frame="year", log_x=True)
    assert size(client.render(figure, width=500)) == (500, 500)


def test_scale_multiplies_pixels_but_not_the_size_that_is_shown(client: Client):
    image = client.render(FIGURE, scale=2)
    assert size(image) == (640, 480)
    bundle, metadata = image._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/plain"}
    assert bundle["text/plain"] == "<plotly image: 320×240 png>"
    assert metadata["image/png"] == {"width": 320, "height": 240}


@pytest.mark.parametrize(
    ("layout", "shown"),
    [
        ({"width": "320", "height": 240.4}, (320, 240)),
        ({"width": -320, "height": 240}, (700, 240)),
        ({"width": True, "height": "tall"}, (700, 500)),
        ({"width": 320, "height": 240, "autosize": True}, (700, 500)),
    ],
)
def test_an_image_tells_the_size_that_it_was_drawn_in(client: Client, layout, shown):
    image = client.render({"data": [{"y": [1, 2]}], "layout": layout})
    assert size(image) == (image.width, image.height) == shown


def test_encoded_gives_a_data_uri_and_the_same_image(client: Client):
    image = client.render(FIGURE, format="svg", encoded=True)
    assert image.data_uri is not None
    assert image.data_uri.startswith("data:image/svg+xml,")
    assert image.data.startswith(b"<svg")
    assert client.render(FIGURE, encoded=True).data.startswith(b"\x89PNG")


def test_an_image_is_saved_where_it_is_asked_to(client: Client, tmp_path):
    image = client.render(FIGURE, format="pdf")
    assert image.save(tmp_path / "figure.pdf").read_bytes() == image.data
    with pytest.raises(ValidationError, match="no folder") as refused:
        image.save(tmp_path / "missing" / "figure.pdf")
    assert refused.value.hint == f"Make it first: mkdir -p {tmp_path / 'missing'}"
    assert refused.value.field == "path"


@pytest.mark.parametrize("figure", [42, [1, 2], {"x": [1]}, "not json", go.Scatter(y=[1])])
def test_what_is_no_figure_is_refused_by_its_type(client: Client, figure):
    with pytest.raises(ValidationError) as refused:
        client.render(figure)
    assert refused.value.field == "figure"


@pytest.mark.parametrize(
    "size", [{"width": "wide"}, {"height": 0}, {"scale": -1}, {"width": float("nan")}]
)
def test_a_size_that_is_none_is_refused_by_its_name(client: Client, size):
    with pytest.raises(ValidationError) as refused:
        client.render(FIGURE, **size)
    assert refused.value.field == next(iter(size))


def test_a_format_that_is_none_is_refused_with_those_that_are(client: Client):
    with pytest.raises(ValidationError, match="png, jpeg, webp, svg, pdf, eps or jpg, not 'gif'"):
        client.render(FIGURE, format="gif")


def test_jpg_is_jpeg(client: Client):
    image = client.render(FIGURE, "jpg")
    assert (image.format, image.mime) == ("jpeg", "image/jpeg")
    assert image.data == client.render(FIGURE, "jpeg").data
    assert client.push_plot(FIGURE, "jpg").image("jpg").format == "jpeg"


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ({"dta": [], "layuot": {}}, "not a dict with 'dta', 'layuot'."),
        ({}, "not an empty dict."),
        ('{"dta": []}', "not a dict with 'dta'."),
        (
            go.Scatter(y=[1]),
            "not Scatter.\nPut it into a figure: plotly.graph_objects.Figure(…).",
        ),
        (None, "not NoneType.\nfig.show() gives None: write the figure alone."),
        (figure_dict, "not function.\nCall it: figure_dict(…)."),
        (
            type("Figure", (), {"__module__": "matplotlib.figure"})(),
            "not matplotlib.figure.Figure.",
        ),
        ({1}, "not set."),
        ([1], "not list.\nplotly_nbext.render([figure, …]) renders several."),
    ],
)
def test_what_was_given_in_place_of_a_figure_is_named(figure, words):
    with pytest.raises(ValidationError) as refused:
        figure_dict(figure)
    start = "figure must be a Plotly figure or a dict with data and layout, "
    assert str(refused.value) == start + words


def within_itself() -> dict[str, object]:
    trace: dict[str, object] = {"y": [1]}
    trace["meta"] = trace
    return {"data": [trace]}


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (within_itself(), "nested too deeply, or within itself"),
        ({"data": [{"y": [2**70]}]}, "64-bit"),
        ({"data": [{"y": [object()]}]}, "object"),
        ({"data": [{"name": "\ud800"}]}, "figure can't be written as JSON"),
    ],
)
def test_a_figure_that_json_has_no_form_for_is_refused_in_words(figure, words):
    with pytest.raises(ValidationError, match=words) as refused:
        request(figure)
    assert refused.value.field == "figure"


@pytest.mark.parametrize("data", [pd.DataFrame({"y": [1]}), np.array([1, 2])])
def test_a_table_in_place_of_a_figure_s_traces_is_no_crash(client: Client, data):
    with pytest.raises(ValidationError, match="figure"):
        client.render({"data": data})


def test_text_that_is_no_json_is_told_once(client: Client):
    with pytest.raises(ValidationError) as refused:
        client.render([FIGURE, "oops"])
    assert str(refused.value) == (
        "figure 2 (of 2): figure is a string that can't be read: not valid JSON: "
        "Expecting value: line 1 column 1 (char 0).\n"
        "Without an image: 2. The others' are in the error's `images`."
    )


def test_a_figure_that_references_a_grid_is_drawn_from_it(client: Client):
    import pandas as pd

    frame = pd.DataFrame({"x": [1, 2, 3], "y": [2, 5, 1]})
    grid = client.push(frame, "points")
    # plotly 7's graph objects know no xsrc, so that figure is a dict
    referenced = {"data": [{"xsrc": grid["x"].src, "ysrc": grid["y"].src}]}
    inline = {"data": [{"x": [1, 2, 3], "y": [2, 5, 1]}]}
    assert client.render(referenced).data == client.render(inline).data
    client.push(frame.assign(y=[5, 2, 9]), "points")
    assert client.render(referenced).data != client.render(inline).data
    with pytest.raises(ValidationError, match=grid.fid):
        client.render({"data": [{"ysrc": f"{grid.fid}:ffffff"}]})
