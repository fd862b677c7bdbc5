"""What is done to a figure in the page, in each form that people have figures in."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from plotly_nbext.notebook.widgets._tuning import changing, tuned

ZOOM = [{"layout": {"xaxis.range[0]": 1, "xaxis.range[1]": 2}, "traces": []}]
HIDE = [{"layout": {}, "traces": [[{"visible": ["legendonly"]}, [1]]]}]

CONTENT: dict[str, Any] = {
    "data": [{"type": "scatter", "y": [1, 2]}, {"type": "bar", "y": [3]}],
    "layout": {
        "title": {"text": "Sales"},
        "xaxis": {"autorange": True},
        "annotations": [{"text": "a", "x": 0}],
    },
}
FORMS = {"figure": go.Figure, "dict": lambda content: content, "text": json.dumps}


def plain(figure: Any) -> Any:
    if isinstance(figure, str):
        return json.loads(figure)
    return figure.to_plotly_json() if isinstance(figure, go.Figure) else figure


@pytest.mark.parametrize("form", FORMS)
def test_a_figure_of_the_same_kind_is_made_and_the_callers_stays(form: str) -> None:
    figure = FORMS[form](CONTENT)
    before = json.dumps(plain(figure), default=repr)
    made = tuned(figure, [*ZOOM, *HIDE])
    assert type(made) is type(figure)
    assert plain(made)["layout"]["xaxis"] == {"autorange": False, "range": [1, 2]}
    assert plain(made)["data"][1]["visible"] == "legendonly"
    assert "visible" not in plain(made)["data"][0]
    assert json.dumps(plain(figure), default=repr) == before


@pytest.mark.parametrize("form", FORMS)
def test_the_last_of_several_steps_holds(form: str) -> None:
    back = {"layout": {"xaxis.autorange": True}, "traces": []}
    there = plain(tuned(FORMS[form](CONTENT), [*ZOOM, back]))["layout"]["xaxis"]
    assert there["autorange"] is True
    there = plain(tuned(FORMS[form](CONTENT), [back, *ZOOM]))["layout"]["xaxis"]
    assert there["autorange"] is False


@pytest.mark.parametrize("form", FORMS)
def test_a_moved_annotation_and_a_written_title_are_kept(form: str) -> None:
    step = {"layout": {"annotations[0].x": 1, "title.text": "Costs"}, "traces": []}
    layout = plain(tuned(FORMS[form](CONTENT), [step]))["layout"]
    assert layout["annotations"] == [{"text": "a", "x": 1}]
    assert layout["title"]["text"] == "Costs"


def test_a_title_that_was_its_text_alone_can_be_written() -> None:
    step = {"layout": {"title.text": "Costs"}, "traces": []}
    made = tuned({"data": [], "layout": {"title": "Sales"}}, [step])
    assert made["layout"]["title"] == {"text": "Costs"}


def test_one_value_is_for_all_traces_and_several_go_around_them() -> None:
    figure = {"data": [{}, {}, {}]}
    made = tuned(figure, [{"layout": {}, "traces": [[{"visible": [True, False]}, [0, 1, 2]]]}])
    assert [trace["visible"] for trace in made["data"]] == [True, False, True]
    made = tuned(figure, [{"layout": {}, "traces": [[{"line.width": 3}, [0, 2]]]}])
    assert made["data"] == [{"line": {"width": 3}}, {}, {"line": {"width": 3}}]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_done_to_a_trace_that_is_gone_is_left_out(form: str) -> None:
    gone = {"layout": {}, "traces": [[{"visible": ["legendonly"]}, [2]]]}
    made = plain(tuned(FORMS[form](CONTENT), [gone, *HIDE]))
    assert len(made["data"]) == 2
    assert made["data"][1]["visible"] == "legendonly"


def test_text_stays_text_and_bytes_stay_bytes() -> None:
    text = json.dumps(CONTENT)
    assert isinstance(tuned(text, ZOOM), str)
    assert json.loads(tuned(text.encode(), ZOOM)) == json.loads(tuned(text, ZOOM))
    assert isinstance(tuned(text.encode(), ZOOM), bytes)


def test_values_are_not_copied_into_other_types() -> None:
    figure = go.Figure(go.Scatter(y=np.arange(3)))
    assert isinstance(tuned(figure, ZOOM).data[0].y, np.ndarray)


def test_a_camera_is_no_axis() -> None:
    eye = {"x": 1, "y": 2, "z": 3}
    step = {"layout": {"scene.camera": {"eye": eye}, "geo.lonaxis.range": [1, 2]}, "traces": []}
    layout = tuned({"data": []}, [step])["layout"]
    assert layout == {"scene": {"camera": {"eye": eye}}, "geo": {"lonaxis": {"range": [1, 2]}}}


def test_a_live_figure_is_changed_itself() -> None:
    live = go.FigureWidget(CONTENT)
    assert tuned(live, ZOOM) is live
    assert live.layout.xaxis.range == (1, 2)


def test_the_room_that_a_figure_has_in_the_page_is_no_change_of_it() -> None:
    resized = {"layout": {"autosize": True, "width": 300, "height": 200}, "traces": []}
    assert changing([resized, *ZOOM, *HIDE]) == [*ZOOM, *HIDE]
    mixed = {"layout": {"legend.x": 3, "width": 300}, "traces": []}
    assert changing([mixed]) == [{"layout": {"legend.x": 3}, "traces": []}]


def test_what_plotly_js_notes_for_itself_stays_in_the_page() -> None:
    moved = {"layout": {"map.zoom": 3, "map._derived": {}, "_private": 1}, "traces": []}
    assert changing([moved]) == [{"layout": {"map.zoom": 3}, "traces": []}]
