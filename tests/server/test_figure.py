"""Figures as clients send them: taken as they are, or refused by what is wrong with them."""

from __future__ import annotations

import msgspec
import pytest

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.figure import Figure, Layout, decode_figure


def read(text: str) -> Figure:
    return Figure.read(msgspec.Raw(text.encode()))


def refused(text: str) -> ValidationError:
    with pytest.raises(ValidationError) as refusal:
        decode_figure(read(text).text)
    assert refusal.value.status_code == 400
    return refusal.value


EXACT = '{ "data": [{"y": [1.50, 1e5, 36893488147419103232, "\\u00e4"]}],  "frames": []}'


@pytest.mark.parametrize("text", [EXACT, '{"data":[],"layout":{"width":  300}}', "{}"])
def test_a_figure_stays_the_text_that_was_sent(text):
    assert read(text).text == text.encode()


def test_a_figure_in_a_string_stays_the_text_in_the_string():
    assert read(json.dumps(EXACT).decode()).text == EXACT.encode()


def test_nan_in_a_string_becomes_null():
    figure = read(json.dumps('{"data": [{"y": [NaN, -Infinity, 2]}]}').decode())
    assert json.loads(figure.text) == {"data": [{"y": [None, None, 2]}]}


def test_no_figure_is_asked_for_by_name():
    for missing in (msgspec.UNSET, msgspec.Raw(b"null")):
        with pytest.raises(ValidationError) as refusal:
            Figure.read(missing)
        assert refusal.value.field == "figure"


@pytest.mark.parametrize("text", ["[]", "5", "true", '""', '"5"', '"[]"', '"{"', '"\\"{}\\""'])
def test_what_is_no_object_is_refused(text):
    assert refused(text).field == "figure"


@pytest.mark.parametrize("data", ["{}", "5", '"[]"', '{"0": {}}'])
def test_data_that_is_no_array_is_refused(data):
    assert refused(f'{{"data": {data}}}').field == "figure.data"


@pytest.mark.parametrize("layout", ["[1]", "[[]]", "5", '"{}"', "true"])
def test_a_layout_that_is_no_object_is_refused(layout):
    assert refused(f'{{"data": [], "layout": {layout}}}').field == "figure.layout"


@pytest.mark.parametrize("layout", ["null", "[]", "[ ]", "{}", '{"title": []}'])
def test_what_r_writes_for_an_empty_layout_is_one(layout):
    assert read(f'{{"data": null, "layout": {layout}}}').layout == Layout()


def test_a_figure_tells_whether_there_is_something_to_draw():
    told = {
        text: (figure.has_traces, figure.layout is not None)
        for text in ("{}", '{"data": []}', '{"data": [ {} ]}', '{"data": null, "layout": null}')
        for figure in [read(text)]
    }
    assert list(told.values()) == [(False, False), (False, False), (True, False), (False, True)]


def test_a_layout_tells_its_size():
    layout = read('{"layout": {"width": 300, "height": "200", "autosize": true}}').layout
    assert layout == Layout(width=300, height="200", autosize=True)


@pytest.mark.parametrize(
    "value",
    ["[" * 195 + "]" * 195, '{"a":' * 195 + "1" + "}" * 195, "[" * 5000 + "]" * 5000, "1e999"],
    ids=["lists", "objects", "without end", "a number beyond doubles"],
)
def test_what_cannot_be_kept_is_refused(value):
    assert refused(f'{{"data": [{{"meta": {value}}}]}}').field == "figure"


def test_text_that_is_not_unicode_is_refused():
    with pytest.raises(ValidationError) as refusal:
        decode_figure(b'{"layout": {"title": "\xff"}}')
    assert refusal.value.field == "figure"


# --- as plots keep them ---------------------------------------------------------------------------


def test_a_plot_keeps_the_text_of_its_figure(api):
    headers = {"Content-Type": "application/json"}
    body = f'{{"filename": "exact", "figure":  {EXACT} }}'
    file = api.expect(201, "POST", "/v2/plots", data=body, headers=headers).json()["file"]
    for query in ("", "?inline_data=true"):
        response = api.expect(200, "GET", f"/v2/plots/{file['fid']}/content{query}")
        assert response.text == EXACT
    assert EXACT in api.expect(200, "GET", f"/v2/plots/{file['fid']}").text
    api.expect(200, "PATCH", f"/v2/plots/{file['fid']}", json={"filename": "renamed"})
    assert api.expect(200, "GET", f"/v2/plots/{file['fid']}/content").text == EXACT


def test_nan_in_the_figure_of_a_plot_becomes_null(api):
    headers = {"Content-Type": "application/json"}
    body = '{"figure": {"data": [{"y": [1, NaN, Infinity]}]}}'
    file = api.expect(201, "POST", "/v2/plots", data=body, headers=headers).json()["file"]
    assert file["figure"] == {"data": [{"y": [1, None, None]}]}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_figure_is_not_replaced_by_null(api, method):
    file = api.plot()
    body = {"figure": None, "filename": "renamed"}
    path = f"/v2/plots/{file['fid']}"
    assert api.refused(400, method, path, json=body)["field"] == "figure"
    assert api.expect(200, "GET", path).json() == file


def test_a_figure_without_traces_and_layout_is_a_plot_and_no_image(api):
    assert api.plot({})["figure"] == {}
    headers = {"Content-Type": "application/json"}
    api.refused(400, "POST", "/v2/images", json={"figure": {}}, headers=headers)


@pytest.mark.parametrize("depth", [988, 992, 996, 999, 1100])
def test_nesting_at_the_limit_of_the_interpreter_is_refused(api, depth):
    headers = {"Content-Type": "application/json"}
    nested = "[" * depth + "]" * depth
    for figure in (f'{{"data": [{nested}]}}', f'{{"data": [], "layout": {{"a": {nested}}}}}'):
        api.refused(400, "POST", "/v2/plots", data=f'{{"figure": {figure}}}', headers=headers)
