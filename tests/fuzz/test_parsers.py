"""The server's own readers of bodies, in process: quicker than over HTTP, and compared."""

from __future__ import annotations

import json
import tempfile

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.errors import ApiError
from plotly_nbext.server.arrow_body import ArrowBody
from plotly_nbext.server.bodies import form_as_json, parse_fields, unjson
from plotly_nbext.server.figure import Figure, decode_figure
from plotly_nbext.server.image_request import ImageRequest
from plotly_nbext.server.json_body import JsonBody
from plotly_nbext.server.store.grids import SpooledValues

from .changes import changed_bytes, changed_json, examples, json_text
from .test_requests import BODIES, DRAWN, FIGURE
from .test_streams import STREAMS

pytestmark = pytest.mark.fuzz

GRIDS = [
    {
        "data": {
            "cols": {"x": {"data": [1, "a", None, [1, {}], 0.5], "order": 0}, "y": {"data": []}}
        }
    },
    {"cols": [{"name": "x", "data": [1, 2]}, {"data": ["é", "\\", '"', "\u2028"]}]},
    {"cols": json.dumps([{"name": "x", "data": [1, "a,b", {"c": [1]}]}]), "data": 1},
    {"data": json.dumps({"cols": {"x": {"data": ["[", "]", "{", ","]}}}), "filename": "n"},
    {"data": {"cols": {"data": {"data": {"data": [1]}}, "cols": {"data": [[1], [2]]}}}},
]
TWICE = [
    b'{"cols": [{"data": [1], "data": [2, 3]}], "cols": [{"data": [4]}]}',
    b'{"data": {"cols": {"x": {"data": [1]}, "x": {"data": [2]}}}, "cols": "[{\\"data\\": [1]}]"}',
    b'{"cols": [{"d\\u0061ta": [1, 2]}]}',
    b'\xef\xbb\xbf {"cols": [ { "data" : [ 1 , 2 ] } ] } ',
    b'{"cols": "[{\\"data\\": [\\"\\\\u00e9\\", 1]}]"}',
]
BODY = changed_json(GRIDS).map(json_text) | changed_bytes(
    [*TWICE, *(json.dumps(body).encode() for body in GRIDS)]
)


def in_pieces(text, size):
    with tempfile.TemporaryFile() as file:
        body = JsonBody(file)
        for start in range(0, len(text), size):
            body.feed(text[start : start + size])
        return plain(body.fields())


def plain(value):
    """Put values in place of those that were laid aside."""
    if isinstance(value, SpooledValues):
        return [each for chunk in value.chunks() for each in chunk.values()]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def decoded(fields):
    """Read what is JSON in a string, as the endpoints do."""
    found = dict(fields)
    for name in {"data", "cols"} & fields.keys():
        try:
            found[name] = unjson(fields[name], name)
        except ApiError:
            continue
    return found


def outcome(read, *arguments):
    try:
        return read(*arguments)
    except ApiError as error:
        refusal = error
    assert refusal.status_code in {400, 413}
    assert refusal.message
    return None


@examples(5)
@given(BODY, st.integers(1, 60))
def test_a_long_body_means_the_same_as_it_comes_as_it_does_at_once(text, size):
    pieces, whole = outcome(in_pieces, text, size), outcome(parse_fields, text)
    if pieces is not None:
        assert whole is not None
        assert decoded(pieces) == decoded(whole)


@examples(5)
@given(
    changed_json([DRAWN, FIGURE, *(body for _, _, body in BODIES)]).map(json_text)
    | changed_bytes([json.dumps(DRAWN).encode(), json.dumps(FIGURE).encode(), b"a=%7B&b=c+d%FF"])
)
def test_what_is_read_of_a_body_is_refused_in_words_or_good(text):
    wanted = outcome(ImageRequest.parse, text)
    assert wanted is None or (wanted.width > 0 and wanted.scale > 0)
    outcome(parse_fields, text)
    form = outcome(form_as_json, text)
    assert form is None or isinstance(json.loads(form), dict)
    try:
        msgspec.json.decode(text, type=msgspec.Raw)  # as all is that comes to be a figure
    except (msgspec.DecodeError, RecursionError):
        return
    if outcome(Figure.parse, text) is not None:
        outcome(decode_figure, text)


@examples(5)
@given(changed_bytes(STREAMS))
def test_a_stream_is_refused_in_words_or_good(data):
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(data)
        body = outcome(ArrowBody, file)
        if body is not None:
            for batch in outcome(lambda: [*body.batches()]) or []:
                batch.validate(full=True)
                assert isinstance(pa.Table.from_batches([batch]).num_rows, int)
