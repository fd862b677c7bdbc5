"""Plots and grids that are changed at the same time: nothing is lost, nothing half done."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from .conftest import Api

ROUNDS = 10


def together(*works) -> list:
    """Start functions at the same moment, and give their results."""
    barrier = Barrier(len(works))

    def run(work):
        barrier.wait(timeout=60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


@pytest.fixture
def again(api):
    """Make another session of the same user: each thread needs its own."""
    return lambda: Api(api.url, api.username, api.auth[1])


def drawing_on(*grids: dict) -> dict:
    traces = [{"ysrc": f"{grid['fid']}:{grid['cols'][0]['uid']}"} for grid in grids]
    return {"data": traces, "layout": {}}


def fids_in(figure: dict) -> set[str]:
    return {trace["ysrc"].rpartition(":")[0] for trace in figure["data"] if "ysrc" in trace}


def test_figure_metadata_and_name_changed_at_once_are_all_kept(api, again):
    plot = api.plot(filename="plot 0")
    path = f"/v2/plots/{plot['fid']}"

    def changing(field, value):
        def change():
            caller = again()
            for i in range(1, ROUNDS + 1):
                caller.expect(200, "PATCH", path, json={field: value(i)})

        return change

    together(
        changing("figure", lambda i: {"data": [{"y": [i]}], "layout": {}}),
        changing("metadata", lambda i: {"at": i}),
        changing("filename", lambda i: f"plot {i}"),
    )
    meta = api.expect(200, "GET", path).json()
    assert meta["figure"]["data"] == [{"y": [ROUNDS]}]
    assert meta["metadata"] == {"at": ROUNDS}
    assert meta["filename"] == f"plot {ROUNDS}"


def test_a_change_of_what_has_changed_meanwhile_is_refused_where_that_is_asked(api, again):
    fid = api.plot()["fid"]
    path = f"/v2/plots/{fid}"
    seen = api.expect(200, "GET", f"{path}/content").headers["ETag"]

    def change():
        body = {"figure": {"data": [{"y": [1]}], "layout": {}}}
        return again().patch(path, json=body, headers={"If-Match": seen}).status_code

    assert sorted(together(*[change] * 4)) == [200, 412, 412, 412]


def test_a_figure_replaced_while_its_grid_is_deleted_is_never_half_done(api, again):
    path = f"/v2/plots/{api.plot()['fid']}"
    kept = api.grid({"y": [1]})
    plain = {"data": [{"y": [0]}], "layout": {}}
    for _ in range(ROUNDS):
        grid = api.grid({"y": [1, 2]})
        figure = drawing_on(grid, kept)
        api.expect(200, "PUT", path, json={"figure": plain})

        def delete(fid=grid["fid"]):
            caller = again()
            caller.expect(204, "DELETE", f"/v2/grids/{fid}")
            caller.expect(204, "DELETE", f"/v2/grids/{fid}/permanent_delete")

        def replace(figure=figure):
            return again().put(path, json={"figure": figure}).status_code

        status, _ = together(replace, delete)
        answer = api.expect(200, "GET", path).json()
        shown = api.expect(200, "GET", f"{path}/content?inline_data=true").json()["data"]
        if status == 200:
            assert (answer["figure"], answer["references"]) == (figure, [kept["fid"]])
            assert ["y" in trace for trace in shown] == [False, True]
        else:
            assert status == 400
            assert (answer["figure"], answer["references"]) == (plain, [])
            assert shown == plain["data"]


def test_a_grid_dropped_while_the_figure_is_replaced_is_referenced_or_not(api, again):
    grid = api.grid({"y": [1, 2]})
    figure = drawing_on(grid)
    fid = api.plot(figure)["fid"]
    for _ in range(ROUNDS):
        together(
            lambda: again().expect(200, "PATCH", f"/v2/plots/{fid}", json={"figure": figure}),
            lambda: again().expect(
                200, "POST", f"/v2/plots/{fid}/drop_reference", json={"fid": grid["fid"]}
            ),
        )
        meta = api.expect(200, "GET", f"/v2/plots/{fid}").json()
        assert set(meta["references"]) == fids_in(meta["figure"])
        shown = api.expect(200, "GET", f"/v2/plots/{fid}/content?inline_data=true").json()
        assert shown["data"][0]["y"] == [1, 2]


def test_a_plot_read_while_rows_are_appended_shows_columns_of_one_length(api, again):
    grid = api.grid({"x": [0], "y": [0]})
    fid = grid["fid"]
    trace = {f"{col['name']}src": f"{fid}:{col['uid']}" for col in grid["cols"]}
    plot = api.plot({"data": [trace], "layout": {}})["fid"]

    def append():
        caller = again()
        for i in range(ROUNDS):
            caller.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[i, i]] * 100})

    def read():
        caller = again()
        answers = [
            caller.expect(200, "GET", f"/v2/plots/{plot}/content?inline_data=true").json()
            for _ in range(ROUNDS)
        ]
        return [answer["data"][0] for answer in answers]

    _, shown = together(append, read)
    assert all(trace["x"] == trace["y"] for trace in shown)
    assert all(re.fullmatch(r"\d*01", str(len(trace["x"]))) for trace in shown if trace["x"] != [0])
