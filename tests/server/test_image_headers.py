"""What an image is known by, who may keep it, and what it says is missing in it."""

from __future__ import annotations

import json
import time
from urllib.parse import urlsplit

import pytest

from plotly_nbext.server.rendering.discovery import find_browser
from plotly_nbext.server.routes.images import _told

FIGURE = {"data": [{"y": [1, 3, 2]}], "layout": {"width": 300}}
REMOTE = {"source": "https://pictures.example/ä.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
LACKING = {"data": [{"y": [1, 2]}], "layout": {"images": [REMOTE]}}


def post(caller, figure=FIGURE, known: str | None = None, status: int = 200, **fields):
    headers = {} if known is None else {"If-None-Match": known}
    body = {"figure": figure} | fields
    return caller.expect(status, "POST", "/v2/images", json=body, headers=headers)


def addresses(plot: dict) -> list[str]:
    """Give the two addresses of a plot's image."""
    return [f"/v2/files/{plot['fid']}/image", urlsplit(plot["web_url"]).path[:-1] + ".png"]


def test_a_tag_is_weak_and_the_same_for_the_same_request(api, other):
    etag = post(api).headers["ETag"]
    assert etag.startswith('W/"')
    assert post(api).headers["ETag"] == post(other).headers["ETag"] == etag


@pytest.mark.parametrize(
    "fields", [{"encoded": True}, {"format": "svg"}, {"width": 301}, {"scale": 2}]
)
def test_another_image_has_another_tag(api, fields):
    etag = post(api).headers["ETag"]
    assert post(api, known=etag, **fields).headers["ETag"] != etag


@pytest.mark.parametrize(
    "known",
    ["{0}", '"other", {0}', '{0},"a,b"', "{1}", "*", 'W/"x" ,\t{1}'],
)
def test_an_image_that_is_at_hand_is_not_sent_again(api, known):
    etag = post(api).headers["ETag"]
    answer = post(api, known=known.format(etag, etag.removeprefix("W/")), status=304)
    assert answer.content == b""
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("known", ["", '"other"', '"*"', "nonsense", '"', 'W/""', "{0}x"])
def test_an_image_that_is_not_at_hand_is_sent(api, known):
    bare = post(api).headers["ETag"].removeprefix('W/"').removesuffix('"')
    assert post(api, known=known.format(bare)).content.startswith(b"\x89PNG")


@pytest.fixture
def fragile(tmp_path, monkeypatch):
    """A browser that no longer starts once there is the file that is given."""
    broken, browser = tmp_path / "broken", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\n[ -e "{broken}" ] || exec "{find_browser()}" "$@"\nexit 1\n')
    browser.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(browser))
    return broken


def test_nothing_is_drawn_for_who_has_the_image(serve, fragile):
    server = serve("--browsers", "1", "--cache-mb", "0")
    api = server.user()
    etag = post(api).headers["ETag"]
    server.stop()
    fragile.touch()
    server.start()
    api.url = server.url
    post(api, known=etag, status=304)
    assert api.request("POST", "/v2/images", json={"figure": FIGURE}).status_code >= 400


def test_a_browser_that_is_changed_under_a_server_gives_no_tag_until_the_next_start(serve, fragile):
    server = serve("--browsers", "1")
    api = server.user()
    before = post(api).headers["ETag"]
    browser = fragile.with_name("browser")
    browser.write_text(f"{browser.read_text()}# upgraded\n")
    asked = {"json": {"figure": FIGURE}, "headers": {"If-None-Match": before}}
    end = time.monotonic() + 60
    while (answer := api.request("POST", "/v2/images", **asked)).status_code == 304:
        assert time.monotonic() < end
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    server.stop()
    server.start()
    api.url = server.url
    assert post(api, known=before).headers["ETag"] != before


def test_who_has_any_image_is_told_of_a_figure_that_can_t_be_drawn(api):
    post(api, {"data": ["no trace"]}, known="*", status=400)


def test_a_plot_s_image_is_not_sent_again_until_its_grid_has_changed(api):
    grid = api.grid({"y": [1, 2]})
    trace = {"ysrc": f"{grid['fid']}:{grid['cols'][0]['uid']}"}
    plot = api.plot({"data": [trace]})
    for address in addresses(plot):
        known = {"If-None-Match": api.expect(200, "GET", address).headers["ETag"]}
        assert api.expect(304, "GET", address, headers=known).content == b""
        api.expect(304, "HEAD", address, headers=known)
        api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[5]]})
        assert api.expect(200, "GET", address, headers=known).headers["ETag"] not in known.values()


def test_who_may_not_read_a_plot_learns_nothing_of_its_image(api, other, anonymous):
    plot = api.plot(FIGURE)
    for address in addresses(plot):
        for known in (api.expect(200, "GET", address).headers["ETag"], "*"):
            headers = {"If-None-Match": known}
            other.expect(404, "GET", address, headers=headers)
            anonymous.expect(404, "GET", address, headers=headers)


def test_who_may_not_read_a_grid_learns_nothing_of_a_figure_that_references_it(api, other):
    fid = api.grid({"y": [1, 2]})["fid"]
    figure = {"data": [{"ysrc": f"{fid}:{api.uids(fid)['y']}"}]}
    for known in (post(api, figure).headers["ETag"], "*"):
        post(other, figure, known=known, status=400)
        post(api, figure, known=known, status=304)


def test_nobody_learns_anything(api, anonymous):
    post(anonymous, known=post(api).headers["ETag"], status=401)
    post(anonymous, known="*", status=401)


def test_the_image_of_a_public_plot_may_be_kept_by_all_who_ask_again(api, anonymous):
    public, shared = api.plot(world_readable=True), api.plot(share_key_enabled=True)
    for address in addresses(public):
        answer = anonymous.expect(200, "GET", address)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        known = {"If-None-Match": answer.headers["ETag"]}
        again = anonymous.expect(304, "GET", address, headers=known)
        assert again.headers["Cache-Control"] == "public, no-cache"
    for address in addresses(shared):
        answer = anonymous.expect(200, "GET", f"{address}?share_key={shared['share_key']}")
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_what_is_missing_is_told_each_time_and_at_each_address(api):
    plot = api.plot(LACKING)
    answers = [post(api, LACKING) for _ in range(2)]
    answers += [api.expect(200, "GET", address) for address in addresses(plot) * 2]
    told = {answer.headers["Plotly-Warnings"] for answer in answers}
    (warning,) = json.loads(told.pop())
    assert not told
    assert "layout.images[0].source" in warning
    assert "Plotly-Warnings" not in post(api).headers


def test_what_is_missing_is_told_after_a_restart_too(serve):
    server = serve("--browsers", "1")
    api = server.user()
    before = post(api, LACKING).headers
    server.stop()
    server.start()
    api.url = server.url
    after = post(api, LACKING).headers
    assert after["Plotly-Warnings"] == before["Plotly-Warnings"]
    assert after["ETag"] == before["ETag"]


@pytest.mark.parametrize("text", ["a\r\nSet-Cookie: b", "漢 \N{PILE OF POO}", "\x7f\x00\t", '"\\'])
def test_any_text_is_told_as_a_header_may_have_it(text):
    header = _told([text])
    assert header.isascii()
    assert header.isprintable()
    assert json.loads(header) == [text]


@pytest.mark.parametrize("warning", ["No.", "漢" * 400, "long " * 1000, "\N{PILE OF POO}" * 600])
def test_warnings_without_end_fit_into_a_header(warning):
    header = _told([f"{number} {warning}" for number in range(5000)])
    assert len(header) < 4_200
    *told, others = json.loads(header)
    assert others == f"… and {5000 - len(told)} more"
    assert told[0].startswith(f"0 {warning[:90]}")
