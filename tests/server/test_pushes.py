"""Grids that several senders bring in parts: nothing is seen of them before the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from uuid import uuid4

import pyarrow as pa
import pytest
import requests
from sqlalchemy import insert, select, update

from plotly_nbext.server.store import Database
from plotly_nbext.server.store.pushes import SWEPT
from plotly_nbext.server.store.schema import push_parts
from tests.databases import databases

from .arrow import ARROW, as_json, stream

AS_ARROW = {"Content-Type": ARROW}


def new() -> str:
    return uuid4().hex


def put(caller, push: str, columns: dict, part: str | None = None) -> str:
    """Send a part; give its name."""
    part = part or new()
    body = stream(columns)
    caller.expect(200, "PUT", f"/v2/pushes/{push}/{part}", data=body, headers=AS_ARROW)
    return part


def finish(caller, push: str, status: int = 201, **fields):
    response = caller.expect(status, "POST", f"/v2/pushes/{push}", json=fields)
    return response.json()["file"] if status == 201 else response.json()


def test_parts_are_a_grid_in_the_order_that_is_asked_for(api):
    push = new()
    late = put(api, push, {"x": pa.array(range(20_000, 50_000)), "y": pa.array(["b"] * 30_000)})
    early = put(api, push, {"y": pa.array(["a"] * 20_000), "x": pa.array(range(20_000))})
    put(api, push, {"x": pa.array([-1]), "y": pa.array(["never asked for"])})
    made = finish(api, push, parts=[early, late], columns=["x", "y"], filename="all")
    assert made["filename"] == "all"
    assert api.table(made["fid"]) == {
        "x": [*range(50_000)],
        "y": ["a"] * 20_000 + ["b"] * 30_000,
    }


def test_a_part_that_is_sent_twice_is_there_once(api):
    push, part = new(), new()
    put(api, push, {"x": pa.array([1, 2])}, part)
    put(api, push, {"x": pa.array([3])}, part)
    made = finish(api, push, parts=[part], columns=["x"])
    assert api.table(made["fid"]) == {"x": [3]}


def test_a_part_that_is_sent_several_times_at_once_is_there_once(api):
    push, part = new(), new()
    url, auth = f"{api.url}/v2/pushes/{push}/{part}", api.auth
    body = stream({"x": pa.array(range(40_000))})

    def send(_: int) -> int:
        return requests.put(url, data=body, headers=AS_ARROW, auth=auth, timeout=60).status_code

    with ThreadPoolExecutor(6) as threads:
        assert {*threads.map(send, range(12))} == {200}
    made = finish(api, push, parts=[part], columns=["x"])
    assert api.table(made["fid"]) == {"x": [*range(40_000)]}


def test_a_column_of_several_types_keeps_every_value(api):
    push = new()
    parts = [
        put(api, push, {"x": values, "y": pa.array([1], pa.int8())})
        for values in (
            pa.array([2**53 + 1]),
            pa.array([0.5]),
            pa.array(["a"]),
            pa.nulls(1),
            as_json([{"b": [1]}]),
        )
    ]
    put(api, push, {"x": pa.array([1])})
    made = finish(api, push, parts=parts, columns=["y", "x"])
    assert api.table(made["fid"]) == {
        "y": [1] * 5,
        "x": [2**53 + 1, 0.5, "a", None, {"b": [1]}],
    }


def test_columns_that_are_not_named_are_dropped(api):
    push = new()
    part = put(api, push, {"index": pa.array([0]), "x": pa.array([1])})
    assert api.table(finish(api, push, parts=[part], columns=["x"])["fid"]) == {"x": [1]}


def test_the_content_of_a_grid_is_replaced_and_its_columns_keep_their_uids(api):
    grid = api.grid({"x": [1, 2], "y": [3, 4]}, metadata={"unit": "kg"})
    uids = api.uids(grid["fid"])
    push = new()
    part = put(api, push, {"z": pa.array(["new"]), "y": pa.array([5])})
    assert api.table(grid["fid"]) == {"x": [1, 2], "y": [3, 4]}
    told = finish(api, push, 200, parts=[part], columns=["z", "y"], fid=grid["fid"])
    assert told["fid"] == grid["fid"]
    assert told["metadata"] == {"unit": "kg"}
    assert api.table(grid["fid"]) == {"z": ["new"], "y": [5]}
    assert api.uids(grid["fid"])["y"] == uids["y"]


def test_rows_are_appended_after_those_of_the_log(api):
    grid = api.grid({"x": [1], "y": ["a"]})
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[2, "b"]]})
    push = new()
    parts = [put(api, push, {"x": pa.array([n])}) for n in (3, 4)]
    finish(
        api,
        push,
        200,
        parts=parts,
        columns=["x"],
        fid=grid["fid"],
        append=True,
        metadata={"by": "me"},
    )
    assert api.table(grid["fid"]) == {"x": [1, 2, 3, 4], "y": ["a", "b", None, None]}
    assert api.meta(grid["fid"])["metadata"] == {"by": "me"}


def test_a_grid_that_was_changed_meanwhile_is_left_alone(api):
    grid = api.grid()
    push = new()
    body = {"parts": [put(api, push, {"x": pa.array([9])})], "columns": ["x"], "fid": grid["fid"]}
    path, match = f"/v2/pushes/{push}", f'"{grid["revision"]}"'
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[5, 6]]})
    api.refused(412, "POST", path, json=body, headers={"If-Match": match})
    assert api.table(grid["fid"]) == {"x": [1, 2, 5], "y": [3, 4, 6]}
    api.expect(200, "POST", path, json=body)  # the parts still wait
    assert api.table(grid["fid"]) == {"x": [9]}


def test_a_finish_that_is_sent_again_makes_no_second_grid(api):
    push = new()
    body = {"parts": [put(api, push, {"x": pa.array([1])})], "columns": ["x"]}
    headers = {"Idempotency-Key": new()}
    made = [
        api.expect(201, "POST", f"/v2/pushes/{push}", json=body, headers=headers).json()
        for _ in range(2)
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"parts": "x"}, "parts"),
        ({"columns": None}, "columns"),
        ({"parts": ["0" * 32]}, "parts"),
        ({"parts": [""]}, "parts"),
        ({"columns": ["x", "y"]}, "columns"),
        ({"columns": ["x", "x"]}, "cols"),
        ({"append": True}, "append"),
        ({"append": "yes"}, "append"),
        ({"fid": 7}, "fid"),
        ({"filename": "a/b"}, "filename"),
    ],
)
def test_what_can_not_be_done_is_refused_and_the_parts_wait(api, said, field):
    push = new()
    body = {"parts": [put(api, push, {"x": pa.array([1])})], "columns": ["x"]}
    assert api.refused(400, "POST", f"/v2/pushes/{push}", json=body | said)["field"] == field
    api.expect(201, "POST", f"/v2/pushes/{push}", json=body)


def test_parts_are_their_sender_s_alone(api, other, anonymous):
    push = new()
    part = put(api, push, {"x": pa.array([1])})
    body = {"parts": [part], "columns": ["x"]}
    assert other.refused(400, "POST", f"/v2/pushes/{push}", json=body)["field"] == "parts"
    other.expect(204, "DELETE", f"/v2/pushes/{push}")
    anonymous.refused(401, "POST", f"/v2/pushes/{push}", json=body)
    anonymous.refused(401, "DELETE", f"/v2/pushes/{push}")
    sent = stream({"x": pa.array([1])})
    anonymous.refused(401, "PUT", f"/v2/pushes/{push}/{part}", data=sent, headers=AS_ARROW)
    others = other.grid()
    api.refused(404, "POST", f"/v2/pushes/{push}", json=body | {"fid": others["fid"]})
    finish(api, push, **body)


def test_a_push_that_was_dropped_takes_nothing_more(api):
    push = new()
    part = put(api, push, {"x": pa.array([1])})
    for _ in range(2):
        api.expect(204, "DELETE", f"/v2/pushes/{push}")
    sent = stream({"x": pa.array([1])})
    refused = api.refused(400, "PUT", f"/v2/pushes/{push}/{new()}", data=sent, headers=AS_ARROW)
    assert "is over" in refused["message"]
    body = {"parts": [part], "columns": ["x"]}
    assert api.refused(400, "POST", f"/v2/pushes/{push}", json=body)["field"] == "parts"


@pytest.mark.parametrize("name", ["x", "A" * 32, "0" * 31])
def test_a_push_and_a_part_have_names_that_no_one_guesses(api, name):
    sent = stream({"x": pa.array([1])})
    for path, field in ((f"{name}/{new()}", "push"), (f"{new()}/{name}", "part")):
        refused = api.refused(400, "PUT", f"/v2/pushes/{path}", data=sent, headers=AS_ARROW)
        assert refused["field"] == field


def test_a_part_is_an_arrow_stream_and_whole(api):
    path = f"/v2/pushes/{new()}/{new()}"
    api.refused(415, "PUT", path, json={"x": [1]})
    api.refused(400, "PUT", path, data=stream({"x": pa.array([1])})[:-8], headers=AS_ARROW)


@pytest.mark.sqlite
def test_nothing_is_left_of_a_push_that_is_over(serve):
    own = serve()
    with own.user() as api:
        kept, dropped = new(), new()
        finish(api, kept, parts=[put(api, kept, {"x": pa.array([1])})], columns=["x"])
        put(api, dropped, {"x": pa.array([1])})
        api.expect(204, "DELETE", f"/v2/pushes/{dropped}")
    with closing(Database(databases.location(own.data))) as database:
        assert kept_aside(database) == {(kept, "", b""), (dropped, "", b"")}
        # a day later that is gone too, with what no one came back for
        with own.user() as api:
            left = {"owner": api.username, "push": new(), "place": 0, "length": 0, "data": b""}
            with database.write() as connection:
                connection.execute(
                    insert(push_parts),
                    [left | {"part": new(), "at": datetime.now()} for _ in range(2 * SWEPT)],
                )
                connection.execute(update(push_parts).values(at=datetime(2020, 1, 1)))
            push = new()
            put(api, push, {"x": pa.array([1])})
            # some at a time: whoever sends a part does not wait for all of it
            assert len(kept_aside(database)) == SWEPT + 4
            for _ in range(2):
                put(api, push, {"x": pa.array([1])})
        assert {of for of, *_ in kept_aside(database)} == {push}


def kept_aside(database) -> set:
    with database.read() as connection:
        rows = connection.execute(select(push_parts))
        return {(row.push, row.part, bytes(row.data)) for row in rows}
