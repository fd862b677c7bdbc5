"""Values that the disk has damaged: who reads them is told so, and nobody gets them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest
import requests

from tests.damaging import flip_values

from .arrow import ARROW, stream

ROWS = 120_000
DAMAGED = re.compile(
    r"What the column '\w+' of the grid \S+ has in rows 114,688 to 119,999 is damaged "
    r"in the server's database\. Write it anew to mend it; .*"
)


@pytest.fixture
def long_grid(server, api):
    """A grid of 120,000 rows, the last of which are damaged: its fid."""
    columns = {"x": pa.array(range(ROWS)), "y": pa.array([n / 7 for n in range(ROWS)])}
    fields = {"filename": "long", "fingerprints": {"x": "of x", "y": "of y"}}
    body, headers = stream(columns, fields), {"Content-Type": ARROW}
    fid = api.expect(201, "POST", "/v2/grids", data=body, headers=headers).json()["file"]["fid"]
    flip_values(server.data, fid, api.uids(fid)["y"], last=True)
    return fid


@pytest.mark.parametrize("accept", [ARROW, "application/json", "text/csv"])
def test_a_download_that_meets_damage_is_broken_off_and_never_looks_whole(api, long_grid, accept):
    path = f"/v2/grids/{long_grid}/content"
    with api.request("GET", path, headers={"Accept": accept}, stream=True) as answer:
        assert answer.status_code == 200
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            b"".join(answer.iter_content(1 << 20))


@pytest.mark.parametrize("accept", [ARROW, "application/json", "text/csv"])
@pytest.mark.parametrize("part", ["content", "col"])
def test_who_asks_for_a_checked_answer_is_told_of_damage_by_its_status(
    api, long_grid, accept, part
):
    headers = {"Accept": accept, "Prefer": "respond-async, checked"}
    told = api.refused(500, "GET", f"/v2/grids/{long_grid}/{part}", headers=headers)
    assert told["code"] == "DAMAGED"
    assert DAMAGED.fullmatch(told["message"])


@pytest.mark.parametrize("accept", [ARROW, "application/json", "text/csv"])
def test_a_checked_answer_is_the_same_as_any_other(api, long_grid, accept):
    query = "?start=10&stop=100000"
    path = f"/v2/grids/{long_grid}/content{query}"
    plain = api.expect(200, "GET", path, headers={"Accept": accept})
    checked = api.expect(200, "GET", path, headers={"Accept": accept, "Prefer": "checked"})
    assert checked.content == plain.content
    assert checked.headers["Preference-Applied"] == "checked"
    assert "Preference-Applied" not in plain.headers


def test_a_grid_that_was_found_damaged_is_known_by_no_fingerprint(api, long_grid):
    assert [column["fingerprint"] for column in api.meta(long_grid)["cols"]] == ["of x", "of y"]
    revision = api.meta(long_grid)["revision"]
    api.refused(500, "GET", f"/v2/grids/{long_grid}/content", params={"start": ROWS - 1})
    meta = api.meta(long_grid)
    assert not any("fingerprint" in column for column in meta["cols"])
    assert meta["revision"] == revision


@pytest.mark.sqlite  # which has a type for each value, not for each column
def test_values_that_have_become_of_another_type_are_damaged(server, api, long_grid):
    uid = api.uids(long_grid)["x"]
    for value in ("text", 7):
        with closing(sqlite3.connect(server.data / "grids.db")) as database, database:
            database.execute("UPDATE chunks SET data = ? WHERE uid = ? AND start = 0", (value, uid))
        told = api.refused(500, "GET", f"/v2/grids/{long_grid}/content", params={"stop": 5})
        assert told["code"] == "DAMAGED"


def test_the_frame_of_a_figure_that_draws_on_damage_says_so(api, long_grid):
    plot = api.plot({"data": [{"ysrc": f"{long_grid}:{api.uids(long_grid)['y']}"}]})
    path = f"/~{api.username}/{plot['fid'].partition(':')[2]}.embed"
    shown = api.expect(500, "GET", path, headers={"Accept": "text/html"})
    assert "The server can&#39;t read this" in shown.text
    assert f"of the grid {long_grid} has in rows" in shown.text
    assert "frame-ancestors" not in shown.headers["Content-Security-Policy"]
    assert not any("fingerprint" in column for column in api.meta(long_grid)["cols"])


@pytest.mark.sqlite  # one log, of one server
def test_rows_that_are_appended_to_damage_are_kept_and_its_log_is_short(serve):
    server = serve()
    owner = server.user()
    fid = owner.grid({"x": [*range(20)]}, filename="rows")["fid"]
    flip_values(server.data, fid, owner.uids(fid)["x"])
    for first in range(0, 3000, 500):  # more than the log keeps for long
        rows = [[n] for n in range(first, first + 500)]
        owner.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": rows})
    appended = owner.content(fid, start=20)
    assert appended["x"]["data"] == [*range(3000)]
    assert server.stop().count("were not folded") == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("accept", [ARROW, "application/json", "text/csv"])
def test_values_that_are_gone_are_no_nulls(server, api, long_grid, accept):
    uid = api.uids(long_grid)["x"]
    with closing(sqlite3.connect(server.data / "grids.db")) as database, database:
        database.execute("DELETE FROM chunks WHERE uid = ? AND start = 16384", (uid,))
    path, headers = f"/v2/grids/{long_grid}/content", {"Accept": accept}
    gone = {"start": 16_384, "stop": 20_000}
    assert api.refused(500, "GET", path, params=gone, headers=headers)["code"] == "DAMAGED"
    api.expect(200, "GET", path, params={"stop": 16_384}, headers=headers)
    api.expect(200, "GET", path, params={"start": 32_768, "stop": 40_000}, headers=headers)


def test_who_may_see_a_figure_is_not_told_the_name_of_its_private_grid(
    server, api, anonymous, long_grid
):
    ysrc = f"{long_grid}:{api.uids(long_grid)['y']}"
    plot = api.plot({"data": [{"ysrc": ysrc}]}, world_readable=True)
    told = anonymous.refused(500, "GET", f"/v2/plots/{plot['fid']}/content?inline_data=true")
    assert told["code"] == "DAMAGED"
    assert "long" not in told["message"]
