"""The same request is drawn once.

An SVG by plotly.js has an id that is made up anew each time: equal bytes are one drawing.
"""

from __future__ import annotations

import base64
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

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
    for _ in range(2):
        error = api.refused(400, "POST", "/v2/images", json={"figure": {"data": ["no trace"]}})
        assert "data[0]" in error["message"]


def test_images_are_still_there_after_a_restart(serve):
    server = serve("--browsers", "1")
    user = server.user()
    before = svg(user)
    server.stop()
    server.start()
    user.url = server.url
    assert svg(user) == before


@pytest.mark.sqlite
def test_an_operator_can_do_without(serve):
    server = serve("--browsers", "1", "--cache-mb", "0")
    svg(server.user())
    server.stop()
    assert not (server.data / "renders.db").exists()


def test_a_plot_s_image_is_that_of_its_figure_however_it_is_asked_for(api):
    plot = api.plot(FIGURE)
    images = [
        api.expect(200, "GET", f"/v2/files/{plot['fid']}/image?format=svg").content,
        svg(api),
        svg(api, json.dumps(FIGURE)),
        svg(api, encoded=False, width=300, scale="1"),
    ]
    assert len(set(images)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("trouble", ["no database", "a folder"])
def test_a_server_draws_without_its_disk(serve, trouble):
    server = serve("--browsers", "1")
    user = server.user()
    server.stop()
    for file in server.data.glob("renders.db*"):
        file.unlink()
    if trouble == "a folder":
        (server.data / "renders.db").mkdir()
    else:
        (server.data / "renders.db").write_bytes(b"no database" * 1000)
    server.start()
    user.url = server.url
    figures = [{"data": [{"y": [number]}]} for number in range(5)]
    drawn = [svg(user, figure) for figure in figures]
    assert [svg(user, figure) for figure in figures] == drawn
    assert server.stop().count("Images can't be kept") == 1


def send(caller, figure: dict) -> socket.socket:
    """Ask for an image, and leave the answer where it comes."""
    body = json.dumps({"figure": figure}).encode()
    key = base64.b64encode(f"{caller.username}:{caller.api_key}".encode()).decode()
    where = urlsplit(caller.url)
    head = (
        f"POST /v2/images HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Basic {key}\r\n"
        "Content-Type: application/json\r\nPlotly-Client-Platform: test\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    sender = socket.create_connection((where.hostname, where.port), timeout=60)
    sender.sendall(head.encode() + body)
    return sender


def test_nobody_waits_for_images_whose_callers_have_gone(serve):
    user = serve("--browsers", "1").user()
    svg(user)

    def slow(number: int) -> dict:
        return {"data": [{"y": [number, 2] * 4000, "mode": "markers"}]}

    begun = time.monotonic()
    svg(user, slow(0))
    alone = time.monotonic() - begun
    callers = [send(user, slow(number)) for number in range(1, 31)]
    for caller in callers:
        caller.close()
    begun = time.monotonic()
    svg(user, {"data": [{"y": [7]}]})
    assert time.monotonic() - begun < 10 * alone
