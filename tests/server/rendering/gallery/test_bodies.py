"""What clients in many languages send as a figure is drawn as it was meant, or refused in words."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

JSON = {"Content-Type": "application/json"}
TITLE = '{"layout": {"title": {"text": "t"}}}'
MARKERS = '"type": "scatter", "mode": "markers+text", "uid": "aaaaaa"'


def body(figure: str, rest: str = "") -> bytes:
    """The text of a request for an SVG."""
    return f'{{"figure": {figure}, "format": "svg"{rest}}}'.encode()


@pytest.fixture
def svg(api, drawing):
    """Have a figure drawn whose JSON is given as text, as no encoder would write it."""

    class Verbatim:
        def expect(self, status, method, path, json):
            return api.expect(status, method, path, data=body(json["figure"]), headers=JSON)

    return lambda figure: drawing(Verbatim(), figure)


def refused(api, sent: bytes) -> str:
    return api.refused(400, "POST", "/v2/images", data=sent, headers=JSON)["message"]


# --- what is no number ----------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize(
    "figure",
    [
        '{"data": [{TRACE, "y": [1, WORD, 3]}]}',
        '{"data": [{TRACE, "y": [1, 2, 3], "marker": {"size": [9, WORD, 4], "color": WORD}}]}',
        '{"data": [{TRACE, "y": [1, 2, 3]}], "layout": {"xaxis": {"range": [WORD, WORD]}}}',
        '{"data": [{TRACE, "y": [1, 2, 3]}], "layout": {"width": WORD, "shapes": [WORD]}}',
        '{"data": [{"type": "heatmap", "uid": "aaaaaa", "z": [[1, WORD], [WORD, 4]]}]}',
    ],
    ids=["in data", "in styles", "in layout", "as a size", "in a matrix"],
)
def test_what_is_no_number_counts_as_null(svg, word, figure):
    figure = figure.replace("TRACE", MARKERS)
    assert svg(figure.replace("WORD", word)) == svg(figure.replace("WORD", "null"))


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 5000])
@pytest.mark.parametrize("as_string", [False, True], ids=["an object", "a string"])
def test_a_point_too_far_out_counts_as_null_beside_nan_too(svg, number, as_string):
    figure = f'{{"data": [{{{MARKERS}, "y": [1, NUMBER, 3, NaN]}}]}}'
    sent = figure.replace("NUMBER", number)
    meant = figure.replace("NUMBER", "null").replace("NaN", "null")
    assert svg(json.dumps(sent) if as_string else sent) == svg(meant)


@pytest.mark.parametrize("field", ["width", "height", "scale"])
@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_what_is_no_number_is_no_size(api, field, word):
    sent = body('{"data": [{"y": [1, 2]}]}', f', "{field}": {word}')
    drawn = api.expect(200, "POST", "/v2/images", data=sent, headers=JSON)
    assert 'width="700" height="500"' in drawn.text


def test_numbers_beside_nan_stay_as_they_are(svg):
    numbers = ["0.30000000000000004", "1.7976931348623157e+308", "5e-324", "9007199254740991"]
    figure = f'{{"data": [{{{MARKERS}, "y": [1, 2, 3, 4], "text": [{", ".join(numbers)}]}}]}}'
    plain = svg(figure)
    assert [number for number in numbers if f">{number}<" not in plain] == []
    assert svg(figure.replace("[1, 2", "[1.0, NaN")) == svg(figure.replace("[1, 2", "[1, null"))
    texts = svg(figure.replace('"uid"', '"customdata": [NaN], "uid"'))
    assert [number for number in numbers if f">{number}<" not in texts] == []


def test_words_that_look_like_nan_are_texts(svg):
    figure = (
        f'{{"data": [{{{MARKERS}, "y": [1, 2, WORD], "text": ["NaN, Infinity", "-Infinity"]}}]}}'
    )
    drawn = svg(figure.replace("WORD", "NaN"))
    assert ">NaN, Infinity<" in drawn
    assert ">-Infinity<" in drawn


def test_integers_beyond_64_bits_are_drawn_where_javascript_has_them(svg):
    figure = f'{{"data": [{{{MARKERS}, "y": [1, 2], "x": [1, NUMBER]}}]}}'
    drawn = svg(figure.replace("NUMBER", "9" * 40))
    assert drawn == svg(figure.replace("NUMBER", "1e40"))
    assert drawn != svg(figure.replace("NUMBER", "1"))


# --- what R, Julia and MATLAB make of empty things ------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ('{"data": [{TRACE, "x": null, "text": null}], "layout": null}', '{"data": [{TRACE}]}'),
        ('{"data": [{TRACE}], "layout": []}', '{"data": [{TRACE}]}'),
        ('{"data": [{TRACE}], "layout": {}, "config": [], "frames": []}', '{"data": [{TRACE}]}'),
        ('{"data": [{TRACE}], "config": null, "frames": null}', '{"data": [{TRACE}]}'),
        ('{"data": [{TRACE, "marker": [], "line": [], "error_y": []}]}', '{"data": [{TRACE}]}'),
        (
            '{"data": [{TRACE}], "layout": {"xaxis": [], "title": [], "margin": [], "font": []}}',
            '{"data": [{TRACE}]}',
        ),
        (
            '{"data": [{TRACE}], "layout": {"legend": [], "annotations": {}, "shapes": {}}}',
            '{"data": [{TRACE}]}',
        ),
        ('{"data": null, "layout": {"title": {"text": "t"}}}', TITLE),
        ('{"data": [], "layout": {"title": {"text": "t"}}}', TITLE),
    ],
)
def test_empty_things_of_any_language_are_nothing(svg, sent, meant):
    trace = f'{MARKERS}, "y": [1, 3, 2]'
    assert svg(sent.replace("TRACE", trace)) == svg(meant.replace("TRACE", trace))


@pytest.mark.parametrize(
    "figure", ['{"data": [{TRACE}]}', '{"layout": {"width": 320}, "data": [{TRACE}]}']
)
def test_a_figure_as_a_string_is_the_figure(svg, figure):
    figure = figure.replace("TRACE", f'{MARKERS}, "y": [1, NaN, 2], "text": ["é", "漢"]')
    assert svg(json.dumps(figure)) == svg(figure)


# --- arrays ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "u4", "i2", "u2", "i1", "u1", "u1c"])
@pytest.mark.parametrize("form", ["short", "long"])
def test_arrays_in_base64_are_the_same_as_lists(svg, dtype, form):
    y = np.array([10, 120, 3, 77], dtype=dtype.removesuffix("c"))
    name = dtype if form == "short" else y.dtype.name + "_clamped" * dtype.endswith("c")
    name = name.replace("uint8_clamped", "uint8c")
    packed = json.dumps({"dtype": name, "bdata": base64.b64encode(y.tobytes()).decode()})
    figure = f'{{"data": [{{{MARKERS}, "y": Y}}]}}'
    assert svg(figure.replace("Y}", f"{packed}}}")) == svg(figure.replace("Y}", f"{y.tolist()}}}"))


@pytest.mark.parametrize("shape", ["2, 3", "2,3"])
def test_a_matrix_in_base64_is_the_same_as_lists(svg, shape):
    z = np.arange(6.0).reshape(2, 3)
    packed = {"dtype": "f8", "bdata": base64.b64encode(z.tobytes()).decode(), "shape": shape}
    figure = '{"data": [{"type": "heatmap", "uid": "aaaaaa", "z": Z}]}'
    assert svg(figure.replace("Z", json.dumps(packed))) == svg(figure.replace("Z", str(z.tolist())))


def test_arrays_in_base64_stay_whole_beside_nan(svg):
    packed = '{"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAAQAAAAAAAAPh/"}'  # 1, 2, NaN
    figure = f'{{"data": [{{{MARKERS}, "y": {packed}, "x": [1, 2, NaN]}}]}}'
    assert svg(figure) == svg(figure.replace(packed, "[1, 2, null]").replace("NaN", "null"))


@pytest.mark.parametrize("dtype", ["i8", "u8", ">f8", "complex128"])
def test_an_array_of_an_unknown_type_is_refused_by_its_name(api, dtype):
    packed = json.dumps({"dtype": dtype, "bdata": "AAAAAAAA8D8="})
    assert json.dumps(dtype) in refused(api, body(f'{{"data": [{{"y": {packed}}}]}}'))


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["é", "漢字", "👩\u200d🚀", "\U0010fffd", "a\u00a0b", "\u202ertl", "<b>ok</b> & <", '"\\'],
    ids=ascii,
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_any_text_is_drawn_however_it_is_written(api, drawing, svg, text, ascii_only):
    figure = {"data": [], "layout": {"title": {"text": text}}}
    sent = json.dumps(figure, ensure_ascii=ascii_only)
    assert svg(sent) == drawing(api, figure)


@pytest.mark.parametrize(
    "figure",
    [
        r'{"data": [{"y": [1], "text": ["a\ud800b"]}]}',
        r'{"data": [{"y": [1], "text": ["\udc00\ud800"]}]}',
        r'{"data": [{"y": [1, NaN], "text": ["a\ud800b"]}]}',
        r'{"data": [{"y": [1]}], "layout": {"\udfff": 1}}',
    ],
)
def test_half_a_surrogate_pair_is_refused_by_its_name(api, figure):
    assert "half a surrogate pair" in refused(api, body(figure))


@pytest.mark.parametrize("as_string", [False, True], ids=["an object", "a string"])
def test_a_byte_order_mark_is_passed_over(api, as_string):
    figure = f'{{"data": [{{{MARKERS}, "y": [1, 3, 2], "text": "é"}}]}}'
    plain = body(json.dumps("\ufeff" + figure) if as_string else figure)
    expected, *images = [
        api.expect(200, "POST", "/v2/images", data=sent.replace(b"svg", b"png"), headers=JSON)
        for sent in (body(figure), plain, b"\xef\xbb\xbf" + plain)
    ]
    assert expected.content.startswith(b"\x89PNG")
    assert [image.content for image in images] == [expected.content] * 2


def test_half_a_surrogate_pair_in_a_figure_as_a_string_is_refused(api):
    figure = json.dumps(r'{"data": [{"y": [1], "text": ["a\ud800b"]}]}')
    assert "half a surrogate pair" in refused(api, body(figure))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (body('{"data": [{"y": [1]}]}').decode().encode("utf-16"), "not UTF-8"),
        (body('{"data": [{"name": "é"}]}').decode().encode("latin-1"), "not UTF-8"),
        (body('{"data": [{"y": [1, 2,]}]}'), "The body can't be read: not valid JSON: "),
        (
            body(json.dumps('{"data": [{"y": [1, 2,]}]}')),
            "figure is a string that can't be read: not valid JSON: Expecting value: line 1",
        ),
        (body('{"data": [{"y": [undefined]}]}'), "column"),
        (body('{"data": [{"y": [01]}]}'), "JSON"),
        (body('{"data": [true]}'), "data[0]"),
        (b"/**/" + body("{}"), "line 1"),
        (body('{"data": [{"y": [1]}]}') + b"x", "JSON"),
    ],
    ids=[
        *("UTF-16", "Latin-1", "comma", "comma in a string"),
        *("undefined", "01", "true", "comment", "rest"),
    ],
)
def test_what_is_no_json_of_a_figure_is_refused_in_words(api, sent, words):
    assert words in refused(api, sent)


def test_of_two_members_of_one_name_the_last_counts(svg):
    trace = f'{MARKERS}, "y": [5], "y": [1, 2]'
    layout = '"layout": {"width": 900}, "layout": {"width": 300}'
    drawn = svg(f'{{"data": [], "data": [{{{trace}}}], {layout}}}')
    assert drawn == svg(f'{{"data": [{{{MARKERS}, "y": [1, 2]}}], "layout": {{"width": 300}}}}')
    assert 'width="300"' in drawn
