"""Grids read as Arrow streams and in windows: the values that JSON has, and none twice."""

from __future__ import annotations

import pyarrow as pa
import pytest

from .arrow import ARROW, as_json, read, stream, values
from .documented import check

ROWS = 40_000
COLUMNS = {
    "n": pa.array(range(ROWS)),
    "float": pa.array([None if n % 11 == 0 else n / 7 for n in range(ROWS)]),
    "text": pa.array([f"row {n}" for n in range(ROWS)]),
    "mixed": as_json([[n, str(n), None][n % 3] for n in range(ROWS)]),
}


@pytest.fixture(scope="module")
def owner(new_user):
    with new_user() as caller:
        yield caller


@pytest.fixture(scope="module")
def fid(owner):
    """A grid of three chunks and some rows that were appended."""
    body = stream(COLUMNS, {"metadata": {"kept": True}})
    headers = {"Content-Type": ARROW}
    fid = owner.expect(201, "POST", "/v2/grids", data=body, headers=headers).json()["file"]["fid"]
    rows = [[ROWS, 0.5, "appended", [1]], [ROWS + 1]]
    owner.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": rows})
    return fid


def as_arrow(caller, fid: str, **params):
    response = caller.expect(
        200, "GET", f"/v2/grids/{fid}/content", params=params, headers={"Accept": ARROW}
    )
    return read(response)


def test_the_whole_grid_is_what_json_has(owner, fid):
    found, told = as_arrow(owner, fid)
    assert values(found) == owner.table(fid)
    meta = owner.meta(fid)
    assert told == {
        "revision": meta["revision"],
        "row_count": ROWS + 2,
        "uids": [col["uid"] for col in meta["cols"]],
        "metadata": {"kept": True},
    }


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 0),
        (0, 1),
        (16_380, 16_390),
        (ROWS - 3, ROWS + 2),
        (ROWS + 1, None),
        (ROWS + 2, ROWS + 9),
        (10**30, None),
        (100, 33_000),
        (None, 5),
    ],
)
def test_windows_are_what_json_has(owner, fid, start, stop):
    found, told = as_arrow(owner, fid, start=start, stop=stop)
    window = owner.content(fid, start=start, stop=stop)
    assert values(found) == {name: column["data"] for name, column in window.items()}
    assert told["row_count"] == ROWS + 2


@pytest.mark.parametrize("names", [["text"], ["mixed", "n"], ["text", "float", "n", "mixed"]])
@pytest.mark.parametrize("window", [{}, {"start": 16_383, "stop": 16_386}])
def test_some_columns_are_read_alone_and_in_the_order_asked_for(owner, fid, names, window):
    uids = owner.uids(fid)
    cols = ",".join(uids[name] for name in names)
    whole = owner.content(fid, **window)
    found, told = as_arrow(owner, fid, cols=cols, **window)
    assert found.column_names == names
    assert told["uids"] == [uids[name] for name in names]
    assert values(found) == {name: whole[name]["data"] for name in names}
    assert owner.content(fid, cols=cols, **window) == {name: whole[name] for name in names}
    lines = owner.expect(
        200,
        "GET",
        f"/v2/grids/{fid}/content",
        params={"cols": cols, **window},
        headers={"Accept": "text/csv"},
    ).text.splitlines()
    assert lines[0] == ",".join(names)
    assert len(lines) == 1 + len(whole["n"]["data"])


@pytest.mark.parametrize("cols", ["", "000000", "x", ",", "{n},{n}", "{n},"])
def test_columns_that_can_t_be_are_400_by_name(owner, fid, cols):
    told = cols.format(n=owner.uids(fid)["n"])
    error = owner.refused(400, "GET", f"/v2/grids/{fid}/content", params={"cols": told})
    assert error["field"] == "cols"


def test_columns_of_other_lengths_end_in_nulls(api):
    short = api.grid({"a": [1, 2, 3], "b": ["x"], "c": []})["fid"]
    found, _ = as_arrow(api, short)
    assert values(found) == {"a": [1, 2, 3], "b": ["x", None, None], "c": [None] * 3}


def test_a_window_of_appended_rows_is_not_of_those_before_them(api):
    """Even where as many of them lie in a chunk, which starts elsewhere."""
    fid = api.grid({"n": [*range(20)]})["fid"]
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[n] for n in range(20, 40)]})
    window = {"start": 20, "stop": 40}
    answer = api.expect(
        200, "GET", f"/v2/grids/{fid}/content", params=window, headers={"Accept": ARROW}
    )
    assert values(read(answer)[0]) == {"n": [*range(20, 40)]}


@pytest.mark.parametrize("columns", [{}, {"x": []}])
def test_a_grid_without_values_is_a_stream_without_rows(api, columns):
    found, told = as_arrow(api, api.grid(columns)["fid"])
    assert (found.num_rows, found.column_names) == (0, [*columns])
    assert told["row_count"] == 0


@pytest.mark.parametrize(
    "accept",
    [None, ARROW, "text/csv", f"{ARROW}, application/json;q=0.5"],
)
@pytest.mark.parametrize("params", [{}, {"start": 5, "stop": 9}])
def test_what_is_at_hand_is_not_sent_again_until_it_changes(api, accept, params):
    fid = api.grid({"x": list(range(20))})["fid"]
    path, headers = f"/v2/grids/{fid}/content", {"Accept": accept} if accept else {}

    def ask(**more):
        return api.request("GET", path, params=params, headers=headers | more)

    first = ask()
    assert first.status_code == 200
    tag = first.headers["ETag"]
    assert "Accept" in first.headers["Vary"]
    again = ask(**{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[5]]})
    changed = ask(**{"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    check(changed)


def test_forms_of_a_grid_are_not_taken_for_each_other(api):
    path = f"/v2/grids/{api.grid()['fid']}/content"
    kinds = ["application/json", "text/csv", ARROW]
    tags = {}
    for kind in kinds:
        answer = api.expect(200, "GET", path, headers={"Accept": kind})
        assert answer.headers["Content-Type"].partition(";")[0] == kind
        tags[kind] = answer.headers["ETag"]
    for kind in kinds:
        others = ", ".join(tag for other, tag in tags.items() if other != kind)
        headers = {"Accept": kind, "If-None-Match": others}
        api.expect(200, "GET", path, headers=headers)


def test_the_tag_of_the_json_is_what_if_match_takes(api):
    fid = api.grid({"x": [1]})["fid"]
    tag = api.expect(200, "GET", f"/v2/grids/{fid}/content").headers["ETag"]
    headers = {"If-Match": tag}
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[2]]}, headers=headers)
    api.refused(412, "POST", f"/v2/grids/{fid}/row", json={"rows": [[2]]}, headers=headers)


def test_head_tells_the_tag_and_reads_nothing(api, fid, owner):
    answer = owner.expect(200, "HEAD", f"/v2/grids/{fid}/content", headers={"Accept": ARROW})
    assert answer.headers["ETag"]
    assert answer.content == b""


def test_a_private_grid_is_its_owner_s_as_arrow_too(fid, other, anonymous):
    for caller in (other, anonymous):
        caller.refused(404, "GET", f"/v2/grids/{fid}/content", headers={"Accept": ARROW})


def test_values_travel_packed(api):
    body, headers = stream({"x": pa.array([1] * 50_000)}), {"Content-Type": ARROW}
    made = api.expect(201, "POST", "/v2/grids", data=body, headers=headers).json()
    path = f"/v2/grids/{made['file']['fid']}/content"
    answer = api.expect(200, "GET", path, headers={"Accept": ARROW})
    assert values(read(answer)[0]) == {"x": [1] * 50_000}
    assert len(answer.content) < len(body) / 5
