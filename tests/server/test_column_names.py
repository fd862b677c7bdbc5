"""What no column can be named, whichever way its name comes."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from .arrow import ARROW, stream

NAME = "a\0b"
COLUMN = {"name": NAME, "data": [1]}
ROW = {"Content-Type": ARROW}


def create(fid, _uid):
    return "POST", "/v2/grids", {"json": {"data": {"cols": {NAME: {"data": [1], "order": 0}}}}}


def create_of_arrow(fid, _uid):
    return "POST", "/v2/grids", {"data": stream({NAME: [1]}), "headers": ROW}


def add(fid, _uid):
    return "POST", f"/v2/grids/{fid}/col", {"json": {"cols": json.dumps([COLUMN])}}


def add_arrow(fid, _uid):
    return "POST", f"/v2/grids/{fid}/col", {"data": stream({NAME: [1]}), "headers": ROW}


def rename(fid, uid):
    body = {"cols": json.dumps([{"name": NAME}])}
    return "PUT", f"/v2/grids/{fid}/col?uid={quote(uid)}", {"json": body}


def replace(fid, _uid):
    return "PUT", f"/v2/grids/{fid}/content", {"data": stream({NAME: [1]}), "headers": ROW}


def append(fid, _uid):
    return "POST", f"/v2/grids/{fid}/row", {"data": stream({NAME: [1]}), "headers": ROW}


@pytest.mark.parametrize(
    "write", [create, create_of_arrow, add, add_arrow, rename, replace, append]
)
def test_a_column_with_a_nul_in_its_name_is_refused_by_that_name(api, write):
    fid = api.grid({"a": [1]})["fid"]
    method, path, body = write(fid, api.uids(fid)["a"])
    error = api.refused(400, method, path, **body)
    assert error["field"] == "cols"
    assert repr(NAME) in error["message"]
    assert "NUL" in error["message"]
    assert api.table(fid) == {"a": [1]}
