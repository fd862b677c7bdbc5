"""The same request is drawn once.

An SVG by plotly.js has an id that is made up anew each time: equal bytes are one drawing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

FIGURE = {"data": [{"y": [1, 3, 2]}], "layout": {"width": 300}}


def svg(api, figure=FIGURE, **fields) -> bytes:
    body = {"figure": figure, "format": "svg"} | fields
    return api.expect(200, "POST", "/v2/images", json=body).content


def test_the_same_figure_again_is_the_same_image(api):
    assert svg(api) == svg(api)


def test_it_is_the_same_for_another_user(api, other):
    assert svg(api) == svg(other)


@pytest.mark.parametrize("fields", [{"width": 301}, {"height": 200}, {"scale": 2}])
def test_another_size_is_another_image(api, fields):
    assert svg(api) != svg(api, **fields)


def test_another_figure_is_another_image(api):
    assert svg(api) != svg(api, {"data": [{"y": [1, 3, 4]}], "layout": {"width": 300}})


def test_a_figure_that_references_a_grid_follows_the_grid(api):
    fid = api.grid({"y": [1, 2]})["fid"]
    uid = api.uids(fid)["y"]
    figure = {"data": [{"ysrc": f"{fid}:{uid}"}]}
    before = svg(api, figure)
    assert svg(api, figure) == before
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[50]]})
    assert svg(api, figure) != before


def test_those_who_ask_at_once_get_one_drawing(api):
    figure = {"data": [{"y": list(range(5000)), "mode": "markers"}], "layout": {"title": "one"}}
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: svg(api, figure), range(8)))) == 1


def test_a_figure_that_fails_is_refused_each_time(api):
    body = {"figure": {"data": [{"type": "choropleth", "locations": ["FRA"], "z": [1]}]}}
    for _ in range(2):
        api.refused(400, "POST", "/v2/images", json=body)


def test_images_are_still_there_after_a_restart(serve):
    server = serve("--browsers", "1")
    user = server.user()
    before = svg(user)
    server.stop()
    server.start()
    user.url = server.url
    assert svg(user) == before


def test_an_operator_can_do_without(serve):
    server = serve("--browsers", "1", "--cache-mb", "0")
    svg(server.user())
    server.stop()
    assert not (server.data / "renders.db").exists()
