"""Grids written as Arrow streams: the same grids as JSON makes, through the same addresses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pyarrow as pa
import pytest

from .arrow import ARROW, JSON_TYPE, as_json, read, stream

HEADERS = {"Content-Type": ARROW}
MOMENTS = [datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC), None]
COLUMNS = {
    "null": pa.nulls(2),
    "bool": pa.array([True, None]),
    "int8": pa.array([-128, None], pa.int8()),
    "uint64": pa.array([2**64 - 1, None], pa.uint64()),
    "float32": pa.array([0.1, None], pa.float32()),
    "float64": pa.array([0.1 + 0.2, None]),
    "text": pa.array(["é 🐧 \0", None]),
    "naive": pa.array([moment and moment.replace(tzinfo=None) for moment in MOMENTS]),
    "zoned": pa.array(MOMENTS, pa.timestamp("us", "Europe/Berlin")),
    "mixed": as_json([[1, {"a": 2**70}], None]),
}
VALUES = {
    "null": [None, None],
    "bool": [True, None],
    "int8": [-128, None],
    "uint64": [2**64 - 1, None],
    "float32": [0.1, None],
    "float64": [0.1 + 0.2, None],
    "text": ["é 🐧 \0", None],
    "naive": ["2026-01-02T03:04:05.678901", None],
    "zoned": ["2026-01-02T04:04:05.678901+01:00", None],
    "mixed": [[1, {"a": 2**70}], None],
}


def send(api, method: str, path: str, columns, fields=None, *, status: int = 201, **options):
    headers = HEADERS | options.pop("headers", {})
    body = stream(columns, fields, **options)
    return api.expect(status, method, path, data=body, headers=headers).json()


def made(api, columns, fields=None, **options) -> str:
    return send(api, "POST", "/v2/grids", columns, fields, **options)["file"]["fid"]


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_a_stream_makes_the_grid_that_json_makes(api, compression):
    assert api.table(made(api, COLUMNS, compression=compression)) == VALUES


def test_what_is_said_beside_the_columns_holds(api):
    name = uuid4().hex
    fields = {
        "filename": name,
        "parent_path": "from/arrow",
        "world_readable": True,
        "metadata": {"a": [1, None]},
        "source_url": "https://example.com/data",
        "fingerprints": {"x": "of x"},
    }
    answered = send(api, "POST", "/v2/grids", {"x": [1, 2], "y": [0.5, None]}, fields)
    assert answered["warnings"] == []
    meta = answered["file"]
    assert (meta["filename"], meta["world_readable"], meta["metadata"]) == (
        name,
        True,
        {"a": [1, None]},
    )
    assert meta["source_url"] == "https://example.com/data"
    assert meta["row_count"] == 2
    assert [(col["name"], col.get("fingerprint")) for col in meta["cols"]] == [
        ("x", "of x"),
        ("y", None),
    ]
    assert api.expect(200, "GET", f"/v2/grids/{meta['fid']}/path").json() == {
        "path": f"/from/arrow/{name}"
    }
    assert api.meta(meta["fid"]) == meta


@pytest.mark.parametrize("rows", [1_000, 16_384, 20_000, 50_000])
def test_batches_of_any_size_are_one_grid(api, rows):
    columns = {"n": pa.array(range(50_000)), "t": pa.array([f"row {n}" for n in range(50_000)])}
    fid = made(api, columns, rows=rows)
    assert api.table(fid) == {name: array.to_pylist() for name, array in columns.items()}


@pytest.mark.parametrize("columns", [{}, {"x": []}])
def test_a_stream_without_rows_makes_a_grid_without_rows(api, columns):
    fid = made(api, {name: pa.array(values, pa.int64()) for name, values in columns.items()})
    assert api.meta(fid)["row_count"] == 0
    assert api.table(fid) == columns


def test_floats_that_json_has_no_form_for_are_null(api):
    fid = made(api, {"x": pa.array([1.5, float("nan"), float("inf"), -float("inf")])})
    assert api.table(fid) == {"x": [1.5, None, None, None]}


def test_rows_of_a_stream_go_to_the_columns_of_their_names(api):
    fid = api.grid({"x": [1], "y": ["a"], "z": [None]})["fid"]
    path = f"/v2/grids/{fid}/row"
    rows = {"y": ["b", "c"], "x": [2, 3]}
    meta = send(api, "POST", path, rows, {"metadata": {"seen": 2}})
    assert meta["row_count"] == 3
    assert meta["metadata"] == {"seen": 2}
    assert api.table(fid) == {"x": [1, 2, 3], "y": ["a", "b", "c"], "z": [None] * 3}
    error = api.refused(400, "POST", path, data=stream({"x": [4], "w": [5]}), headers=HEADERS)
    assert "'w'" in error["message"]
    assert api.meta(fid)["row_count"] == 3


def test_rows_of_other_types_are_appended_as_they_are(api):
    fid = made(api, {"x": pa.array([1, 2], pa.int8()), "y": pa.array([0.5, None])})
    send(api, "POST", f"/v2/grids/{fid}/row", {"x": ["three"], "y": [2**62]})
    send(api, "POST", f"/v2/grids/{fid}/row", {"x": as_json([[4], None])})
    assert api.table(fid) == {
        "x": [1, 2, "three", [4], None],
        "y": [0.5, None, 2**62, None, None],
    }


def test_columns_of_a_stream_are_added_at_their_places(api):
    fid = api.grid({"x": [1, 2]})["fid"]
    path = f"/v2/grids/{fid}/col"
    fields = {"cols": [{"order": 0, "fingerprint": "of a"}, {}]}
    new = {"a": [0.5, 1.5, 2.5], "b": ["x", "y", None]}
    cols = send(api, "POST", path, new, fields)["cols"]
    assert [(col["name"], col.get("fingerprint")) for col in cols] == [("a", "of a"), ("b", None)]
    assert [*api.table(fid).items()] == [("a", new["a"]), ("x", [1, 2]), ("b", new["b"])]


def test_columns_of_a_stream_replace_others_by_uid(api):
    fid = api.grid({"x": [1, 2], "y": [3, 4], "z": [5, 6]})["fid"]
    uids = api.uids(fid)
    path = f"/v2/grids/{fid}/col?uid={uids['z']},{uids['x']}"
    fields = {"cols": [{"order": 0}, {"fingerprint": "new x"}]}
    cols = send(api, "PUT", path, {"z": ["a"], "renamed": ["b"]}, fields, status=200)["cols"]
    assert cols == [
        {"name": "z", "uid": uids["z"], "order": 0},
        {"name": "renamed", "uid": uids["x"], "order": 1, "fingerprint": "new x"},
    ]
    assert [*api.table(fid).items()] == [("z", ["a"]), ("renamed", ["b"]), ("y", [3, 4])]


@pytest.mark.parametrize(
    "case",
    [
        ("PUT", "/col?uid={x}", {"a": [1], "b": [2]}, None, "cols"),
        ("PUT", "/col?uid={x}", {"a": [1]}, {"cols": [{}, {}]}, "cols"),
        ("PUT", "/col?uid=000000", {"a": [1]}, None, "uid"),
        ("POST", "/col", {"a": [1]}, {"cols": [{"order": -1}]}, "cols[0].order"),
        ("POST", "/col", {"a": [1]}, {"cols": [{"fingerprint": 5}]}, "cols[0].fingerprint"),
        ("POST", "/col", {"a": [1]}, {"cols": [{"fingerprint": "f" * 129}]}, None),
        ("POST", "/col", {"x": [1]}, None, "cols"),
        ("PUT", "/content", {"x": [1]}, {"kept": "x"}, "kept"),
        ("PUT", "/content", {"x": [1]}, {"kept": ["000000"]}, None),
        ("PUT", "/content", {"x": [1]}, {"kept": ["{x}"]}, None),
        ("PUT", "/content", {"a": [1]}, {"order": ["b"]}, "order"),
        ("PUT", "/content", {"a": [1]}, {"order": [1]}, "order"),
        ("PUT", "/content", {"a": [1]}, {"fingerprints": {"a": None}}, "fingerprints['a']"),
        ("PUT", "/content", {"a": [1]}, {"metadata": 5}, "metadata"),
        ("POST", "/row", {"x": [1]}, {"metadata": []}, "metadata"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name_and_changes_nothing(api, case):
    method, path, columns, fields, field = case
    fid = api.grid({"x": [1, 2], "y": [3, 4]})["fid"]
    before = api.meta(fid)
    told = json.loads(json.dumps([path, fields]).replace("{x}", api.uids(fid)["x"]))
    error = api.refused(
        400, method, f"/v2/grids/{fid}{told[0]}", data=stream(columns, told[1]), headers=HEADERS
    )
    assert field in {None, error["field"]}, error
    assert api.meta(fid) == before
    assert api.table(fid) == {"x": [1, 2], "y": [3, 4]}


def test_new_content_keeps_uids_by_name_and_columns_that_were_not_sent(api):
    fid = made(api, {"x": [1], "y": ["a"], "z": [0.5]}, {"fingerprints": {"y": "of y"}})
    uids = api.uids(fid)
    fields = {
        "kept": [uids["y"]],
        "order": ["new", "y", "x"],
        "fingerprints": {"new": "of new"},
        "metadata": {"version": 2},
    }
    sent = {"x": [2, 3], "new": as_json([[], {}])}
    meta = send(api, "PUT", f"/v2/grids/{fid}/content", sent, fields, status=200)
    assert meta["fid"] == fid
    assert meta["metadata"] == {"version": 2}
    assert [(col["name"], col.get("fingerprint")) for col in meta["cols"]] == [
        ("new", "of new"),
        ("y", "of y"),
        ("x", None),
    ]
    assert {name: uid for name, uid in api.uids(fid).items() if name != "new"} == {
        "y": uids["y"],
        "x": uids["x"],
    }
    assert api.table(fid) == {"new": [[], {}], "y": ["a"], "x": [2, 3]}


def test_new_content_is_refused_when_the_grid_is_no_longer_as_it_was_seen(api):
    fid = api.grid({"x": [1]})["fid"]
    seen = api.meta(fid)["revision"]
    path = f"/v2/grids/{fid}/content"
    match = {"headers": {"If-Match": f'"{seen}"'}}
    send(api, "PUT", path, {"x": [2]}, status=200, **match)
    api.refused(412, "PUT", path, data=stream({"x": [3]}), headers=HEADERS | match["headers"])
    assert api.table(fid) == {"x": [2]}


def test_new_content_that_breaks_off_leaves_the_old(api):
    columns = {"x": list(range(40_000)), "y": [str(n) for n in range(40_000)]}
    fid = made(api, columns)
    before = api.meta(fid)
    body = stream({"x": list(range(100_000)), "z": list(range(100_000))})
    for broken in (body[: len(body) // 2], body[: len(body) // 2] + body[-8:]):
        api.refused(400, "PUT", f"/v2/grids/{fid}/content", data=broken, headers=HEADERS)
        assert api.meta(fid) == before
        assert api.table(fid) == columns


def test_new_content_is_a_stream_and_nothing_else(api):
    fid = api.grid()["fid"]
    api.refused(415, "PUT", f"/v2/grids/{fid}/content", json={"cols": {}})


@pytest.mark.parametrize("path", ["/v2/grids", "/v2/grids/{fid}/row", "/v2/grids/{fid}/col"])
def test_that_streams_are_taken_is_told_beforehand(api, anonymous, path):
    path = path.format(fid=api.grid()["fid"])
    offered = anonymous.expect(200, "OPTIONS", path).headers["Accept-Post"]
    assert offered == f"application/json, {ARROW}"
    assert api.request("POST", path, json={"odd": 1}).headers["Accept-Post"] == offered


def test_a_fingerprint_lasts_as_long_as_the_values(api):
    fields = {"fingerprints": {"x": "of x", "y": "of y"}}
    fid = made(api, {"x": [1, 2], "y": [3, 4]}, fields)

    def told() -> dict:
        cols = api.meta(fid)["cols"]
        return {col["name"]: col["fingerprint"] for col in cols if "fingerprint" in col}

    uid = api.uids(fid)["x"]
    api.expect(200, "PUT", f"/v2/grids/{fid}/col?uid={uid}", json={"cols": [{"order": 1}]})
    assert told() == fields["fingerprints"]
    api.expect(200, "PUT", f"/v2/grids/{fid}/col?uid={uid}", json={"cols": [{"data": [1, 2]}]})
    assert told() == {"y": "of y"}
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[5, 6]]})
    assert told() == {}


def test_the_order_of_columns_is_the_stream_s(api):
    names = [f"column {n % 7} {n}" for n in range(300)]
    fid = made(api, {name: [place] for place, name in enumerate(names)})
    assert [*api.table(fid)] == names


def test_rights_are_asked_for_before_a_stream_is_read(api, other, anonymous):
    fid = api.grid(world_readable=True)["fid"]
    private = api.grid()["fid"]
    body = stream({"x": [1], "y": [2]})
    for path, method in (("row", "POST"), ("col", "POST"), ("content", "PUT")):
        address = f"/v2/grids/{fid}/{path}"
        other.refused(403, method, address, data=body, headers=HEADERS)
        anonymous.refused(401, method, address, data=body, headers=HEADERS)
        other.refused(404, method, f"/v2/grids/{private}/{path}", data=body, headers=HEADERS)
    anonymous.refused(401, "POST", "/v2/grids", data=body, headers=HEADERS)
    assert api.table(fid) == {"x": [1, 2], "y": [3, 4]}


def test_types_come_back_as_they_were_sent(api):
    fid = made(api, COLUMNS)
    response = api.expect(200, "GET", f"/v2/grids/{fid}/content", headers={"Accept": ARROW})
    found, told = read(response)
    assert found.schema.types == pa.table(COLUMNS).schema.types
    assert found.schema.field("mixed").type == JSON_TYPE
    mixed = found.column("mixed").to_pylist()
    assert [text and json.loads(text) for text in mixed] == VALUES["mixed"]
    assert found.drop("mixed").equals(pa.table(COLUMNS).drop("mixed"))
    assert told["uids"] == [*api.uids(fid).values()]
