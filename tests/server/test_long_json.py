"""Long JSON bodies of grids are taken apart as they come, and mean what they mean as a whole."""

from __future__ import annotations

import base64
import json
import random
from contextlib import closing
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plotly_nbext.columns.preview import preview
from plotly_nbext.errors import ApiError
from plotly_nbext.server.bodies import parse_fields, unjson
from plotly_nbext.server.json_body import JsonBody
from plotly_nbext.server.store.grids import SpooledValues

LONG = 70_000
HEADERS = {"Content-Type": "application/json"}

KEYS = st.sampled_from(["data", "cols", "a", 'say "x"', "\\", "é"])
SCALARS = st.sampled_from([None, True, 2**70, -0.5, 1e300, 'a,b"]}{[:\\', "\\\\", "é😀,", ""])
CELLS = st.recursive(SCALARS, lambda cell: st.lists(cell) | st.dictionaries(KEYS, cell))
COLUMNS = st.fixed_dictionaries(
    {"data": st.lists(CELLS) | CELLS}, optional={"name": KEYS, "order": st.just(1)}
)
COLS = st.lists(COLUMNS)
DATA = st.fixed_dictionaries({"cols": st.dictionaries(KEYS, COLUMNS)}, optional={"x": CELLS})
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "data": DATA | DATA.map(json.dumps) | CELLS,
        "cols": COLS | COLS.map(lambda cols: json.dumps(cols, ensure_ascii=False)) | CELLS,
        "metadata": DATA,
    },
)


def taken_apart(body: bytes, size: int) -> dict[str, Any]:
    """Read a body in parts of some size."""
    long = JsonBody(BytesIO())
    for start in range(0, len(body), size):
        long.feed(body[start : start + size])
    return plain(long.fields())


def plain(value: Any) -> Any:
    """Put the values of columns in their places."""
    match value:
        case SpooledValues():
            values = [cell for chunk in value.chunks() for cell in chunk.values()]
            assert len(values) == len(value)
            assert value.head == preview(values[:10])
            return values
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [*map(plain, value)]
    return value


def decoded(fields: dict[str, Any]) -> dict[str, Any]:
    """Read the encoded fields that hold no columns."""
    return {
        name: unjson(value, name) if name in {"data", "cols"} and value else value
        for name, value in fields.items()
    }


@settings(deadline=None)
@given(BODIES, st.integers(1, 50), st.booleans())
def test_a_body_says_the_same_in_parts(body, size, narrow):
    text = json.dumps(
        body, ensure_ascii=narrow, separators=(",", ":") if narrow else (" , ", " : ")
    )
    try:
        expected = decoded(parse_fields(text.encode()))
    except ApiError:
        return
    assert json.dumps(decoded(taken_apart(text.encode(), size))) == json.dumps(expected)


@settings(deadline=None)
@given(BODIES, st.integers(1, 50), st.data())
@example({"data": {"cols": {"a": {"data": [1, 2]}}}}, 7, None)
def test_what_is_refused_as_a_whole_is_refused_in_parts(body, size, draw):
    text = json.dumps(body).encode()
    if draw is None:
        text = text.replace(b"]", b"")
    else:
        place = draw.draw(st.integers(0, len(text) - 1))
        put = draw.draw(st.sampled_from([b"", b",", b"[", b"]", b"}", b'"', b"\\", b":", b"1e999"]))
        text = text[:place] + put + text[place + 1 :]
    try:
        parse_fields(text)
    except ApiError:
        with pytest.raises(ApiError):
            taken_apart(text, size)


def long_values() -> list[Any]:
    """Make a megabyte of JSON and more, of all types."""
    rng = random.Random(0)
    kinds = [None, True, 2**64, "ü, \"'", {"data": [1]}, [[]], ""]
    return [rng.random() if n % 4 else kinds[n // 4 % len(kinds)] for n in range(LONG)]


@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "encoded"])
def test_a_long_body_makes_a_grid(api, encoded):
    values = long_values()
    data = {"cols": {"x": {"data": values, "order": 1}, "y": {"data": [1, 2], "order": 0}}}
    body = {"data": json.dumps(data) if encoded else data}
    file = api.expect(201, "POST", "/v2/grids", json=body).json()["file"]
    assert list(api.table(file["fid"])) == ["y", "x"]
    assert api.table(file["fid"]) == {"y": [1, 2], "x": values}
    assert api.meta(file["fid"])["row_count"] == LONG


def test_a_long_form_makes_a_grid(api):
    values = long_values()
    form = urlencode({"data": json.dumps({"cols": {"x": {"data": values}}}), "filename": "form"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = api.expect(201, "POST", "/v2/grids", data=form, headers=headers).json()
    assert answer["file"]["filename"] == "form"
    assert api.table(answer["file"]["fid"]) == {"x": values}


def test_columns_come_and_change_with_long_bodies(api):
    fid, values = api.grid()["fid"], long_values()
    cols = json.dumps([{"name": "z", "data": values}])
    api.expect(201, "POST", f"/v2/grids/{fid}/col", json={"cols": cols})
    assert api.table(fid)["z"] == values
    path = f"/v2/grids/{fid}/col?uid={api.uids(fid)['z']}"
    api.expect(200, "PUT", path, json={"cols": [{"data": values[::-1], "name": "new"}]})
    assert api.table(fid)["new"] == values[::-1]


def test_cols_of_a_long_body_must_be_a_string_too(api):
    fid = api.grid()["fid"]
    body = {"cols": [{"name": "z", "data": long_values()}]}
    error = api.refused(400, "POST", f"/v2/grids/{fid}/col", json=body)
    assert "JSON-encoded string" in error["message"]


def test_nan_in_a_long_body_is_null(api):
    body = b'{"data": {"cols": {"x": {"data": [' + b"NaN, 1.5, -Infinity," * LONG + b"2]}}}}"
    answer = api.expect(201, "POST", "/v2/grids", data=body, headers=HEADERS).json()
    assert api.table(answer["file"]["fid"])["x"] == [None, 1.5, None] * LONG + [2]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (b"1e999]}}}}", ["too large for a float", "'x'", "from value"]),
        (b'"\\ud800"]}}}}', ["half a surrogate pair", "'x'"]),
        (b"1,]}}}}", ["a value is missing", "'x'", "from value 600001 on"]),
        (b"1}}}}", ["'x'", "ends with"]),
        (b"1", ["ends within the values"]),
        (b"1]}}}", ["not valid JSON"]),
        (b"[" * 186 + b"]" * 186 + b"]}}}}", ["nested too deeply", "'x'"]),
        (b"1" * 17_000_000 + b"]}}}}", None),
    ],
    ids=["number", "surrogate", "comma", "brace", "no end", "rest", "depth", "value"],
)
def test_what_is_wrong_in_a_long_body_is_told(api, end, words):
    body = b'{"data": {"cols": {"x": {"data": [' + b"[]," * 600_000 + end
    status = 413 if words is None else 400
    error = api.refused(status, "POST", "/v2/grids", data=body, headers=HEADERS)
    assert all(word in error["message"] for word in words or ["A value of data.cols['x']"]), error


def test_a_value_may_be_as_deep_in_a_long_body_as_in_a_short_one(api):
    deepest = b"[" * 185 + b"]" * 185
    for count in (1, LONG * 6):
        body = b'{"data": {"cols": {"x": {"data": [' + b"[]," * count + deepest + b"]}}}}"
        api.expect(201, "POST", "/v2/grids", data=body, headers=HEADERS)
        deeper = body.replace(deepest, b"[%b]" % deepest)
        api.refused(400, "POST", "/v2/grids", data=deeper, headers=HEADERS)


def test_a_long_body_with_too_many_columns_or_too_long_a_rest_is_refused(api):
    columns = ",".join(
        f'"column {n}": {{"data": [{n}, 1, 2, 3, 4, 5, 6, 7, 8]}}' for n in range(30_000)
    )
    body = f'{{"data": {{"cols": {{{columns}}}}}}}'
    error = api.refused(400, "POST", "/v2/grids", data=body, headers=HEADERS)
    assert "16,384 columns" in error["message"]
    body = json.dumps({"metadata": "x" * 17_000_000, "data": {"cols": {}}})
    error = api.refused(413, "POST", "/v2/grids", data=body, headers=HEADERS)
    assert "without the values of columns" in error["message"]


def test_rows_that_are_announced_too_long_are_413_before_they_are_read(api):
    connection = HTTPConnection(urlsplit(api.url).netloc, timeout=60)
    connection.putrequest("POST", f"/v2/grids/{api.grid()['fid']}/row")
    token = base64.b64encode(f"{api.username}:{api.api_key}".encode()).decode()
    headers = HEADERS | {"Authorization": f"Basic {token}", "Content-Length": "100000001"}
    for name, value in (headers | {"Plotly-Client-Platform": "test"}).items():
        connection.putheader(name, value)
    connection.endheaders()
    with closing(connection):
        assert connection.getresponse().status == 413
