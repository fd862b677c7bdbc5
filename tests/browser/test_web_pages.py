"""The server's pages as their readers see them, in a real browser."""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
import requests
from PIL import Image
from playwright.async_api import Error, expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from conftest import Server
    from playwright.async_api import Browser, BrowserContext, Frame, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

BARS = {
    "data": [{"type": "bar", "x": ["a", "b"], "y": [1234, 2000]}],
    "layout": {"title": {"text": "Two bars"}},
}

FRAME = "iframe.pnx-figure-frame"


@dataclass
class Owner:
    """A user of the server, who makes files there."""

    url: str
    username: str
    api_key: str

    def send(self, method: str, path: str, body: Any = None) -> Any:
        credentials = (self.username, self.api_key)
        answer = requests.request(method, self.url + path, json=body, auth=credentials, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def grid(self, columns: dict[str, list[Any]], filename: str, **fields: Any) -> dict[str, Any]:
        cols = {name: {"data": data, "order": i} for i, (name, data) in enumerate(columns.items())}
        body = {"data": {"cols": cols}, "filename": filename, **fields}
        file: dict[str, Any] = self.send("POST", "/v2/grids", body)["file"]
        return file

    def plot(self, figure: dict[str, Any], filename: str, **fields: Any) -> dict[str, Any]:
        body = {"figure": figure, "filename": filename, **fields}
        file: dict[str, Any] = self.send("POST", "/v2/plots", body)["file"]
        return file


@pytest.fixture
def owner(server: Server) -> Owner:
    name = f"user-{secrets.token_hex(4)}"
    return Owner(server.url, name, server.add_user(name))


@pytest_asyncio.fixture(loop_scope="session")
async def page(page: Page) -> AsyncIterator[Page]:
    """A page. A test in which it breaks its own policy fails."""
    broken: list[str] = []
    page.on(
        "console",
        lambda message: "Content Security" in message.text and broken.append(message.text),
    )
    yield page
    assert broken == []


@pytest_asyncio.fixture(loop_scope="session")
async def signed_in(browser: Browser, owner: Owner) -> AsyncIterator[BrowserContext]:
    """The browser of the owner, who has been asked for their key and is not asked again."""
    context = await browser.new_context()
    page = await context.new_page()
    host = owner.url.removeprefix("http://")
    await page.goto(f"http://{owner.username}:{owner.api_key}@{host}/~{owner.username}/?sign_in")
    await page.close()
    yield context
    await context.close()


class Recorder:
    """Somebody else's server, which remembers what it was asked for."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.url = ""
        self.body = b"<!doctype html>"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen.append(await reader.readline())
        writer.write(
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"
            b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(self.body), self.body)
        )
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def recorder() -> AsyncIterator[Recorder]:
    recorder = Recorder()
    listening = await asyncio.start_server(recorder.answer, "127.0.0.1", 0)
    recorder.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield recorder


async def figure_of(page: Page) -> Frame:
    """Wait until the figure of a page is drawn, and give the document that it is in."""
    await expect(page.frame_locator(FRAME).locator(".main-svg").first).to_be_visible()
    await expect(page.frame_locator(FRAME).get_by_role("status")).to_be_empty()
    element = await page.locator(FRAME).element_handle()
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    return frame


def colours(png: bytes) -> dict[tuple[int, int, int], int]:
    """Count the pixels of an image by colour."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    counted = image.getcolors(image.width * image.height)
    assert counted is not None
    return {colour: count for count, colour in counted}


# grids


async def test_the_last_of_a_million_rows_is_a_key_away(
    page: Page, owner: Owner, artifact: Callable[[str], Path]
) -> None:
    columns = {"n": [*range(1_000_000)], "half": [n / 2 for n in range(1_000_000)]}
    grid = await asyncio.to_thread(owner.grid, columns, "a million", world_readable=True)
    await page.goto(grid["web_url"])
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_visible()
    await page.locator("regular-table").focus()
    await page.keyboard.press("End")
    last = page.get_by_role("row", name="999999 999999 499999.5", exact=True)
    await expect(last).to_be_in_viewport(ratio=0.9)
    await expect(last).to_have_attribute("aria-rowindex", "1000002")
    await expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", "1000002")
    await page.screenshot(path=artifact("page-last-row.png"))
    await page.keyboard.press("Home")
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_in_viewport()


async def test_the_last_of_a_hundred_columns_is_reached(page: Page, owner: Owner) -> None:
    columns = {f"c{x}": [*range(x, x + 500)] for x in range(100)}
    grid = await asyncio.to_thread(owner.grid, columns, "wide", world_readable=True)
    await page.goto(grid["web_url"])
    await expect(page.get_by_role("columnheader", name="c0", exact=True)).to_be_visible()
    await page.locator("regular-table").hover()
    last = page.get_by_role("columnheader", name="c99", exact=True)
    async with asyncio.timeout(20):
        while not await last.is_visible():
            await page.mouse.wheel(1000, 0)
    await page.mouse.wheel(1000, 0)
    await expect(last).to_be_in_viewport(ratio=0.9)


MIXED = {
    "day": ["2026-01-31", "2026-02-28", None],
    "<i>name</i>": ["Köln", "", "<img src=x onerror=alert(1)>"],
    "count": [9007199254740993, -(10**20), None],
    "total": [1.0, None, 2.5],
    "open": [True, False, None],
    "list": [[1, 2.0], [None], None],
}


async def test_values_are_read_as_they_are_written(page: Page, owner: Owner) -> None:
    grid = owner.grid(MIXED, "mixed", world_readable=True)
    await page.goto(grid["web_url"])
    await expect(page.get_by_role("table", name="mixed")).to_match_aria_snapshot("""
        - table "mixed":
          - rowgroup:
            - row:
              - columnheader
              - columnheader "day"
              - columnheader "<i>name</i>"
              - columnheader "count"
              - columnheader "total"
              - columnheader "open"
              - columnheader "list"
            - row:
              - columnheader
              - columnheader "date"
              - columnheader "text"
              - columnheader "integer"
              - columnheader "number"
              - columnheader "boolean"
              - columnheader "mixed"
          - rowgroup:
            - row:
              - rowheader "0"
              - cell "2026-01-31"
              - cell "Köln"
              - cell "9007199254740993"
              - cell "1.0"
              - cell "true"
              - cell "[1,2.0]"
            - row:
              - rowheader "1"
              - cell "2026-02-28"
              - cell
              - cell "-100000000000000000000"
              - cell "null"
              - cell "false"
              - cell "[null]"
            - row:
              - rowheader "2"
              - cell "null"
              - cell "<img src=x onerror=alert(1)>"
              - cell "null"
              - cell "2.5"
              - cell "null"
              - cell "null"
    """)


async def test_a_page_has_landmarks_and_a_way_past_them(page: Page, owner: Owner) -> None:
    grid = owner.grid(MIXED, "deep", parent_path="reports/2026", world_readable=True)
    await page.goto(grid["web_url"])
    await expect(page.get_by_role("table")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("deep")
    for landmark in ("banner", "navigation", "main"):
        await expect(page.get_by_role(landmark)).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator("regular-table")).to_be_focused()


async def test_what_goes_wrong_is_said_and_can_be_tried_again(page: Page, owner: Owner) -> None:
    grid = owner.grid({"n": [*range(5_000)]}, "short-lived", world_readable=True)
    await page.goto(grid["web_url"])
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_visible()
    await asyncio.to_thread(owner.send, "POST", f"/v2/files/{grid['fid']}/trash")
    await page.locator("regular-table").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("alert")).to_contain_text("The server answered 404: Not found.")
    await asyncio.to_thread(owner.send, "POST", f"/v2/files/{grid['fid']}/restore")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("cell", name="4999", exact=True)).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_empty()


async def test_what_is_downloaded_is_the_data(page: Page, owner: Owner) -> None:
    grid = owner.grid(MIXED, "mixed", world_readable=True)
    await page.goto(grid["web_url"])
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="CSV").click()
    download = await downloading.value
    assert download.suggested_filename == "mixed.csv"
    text = (await download.path()).read_bytes().decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == [*MIXED]
    assert rows == [
        ["2026-01-31", "Köln", "9007199254740993", "1.0", "true", "[1,2.0]"],
        # what a spreadsheet would take for a formula is no number
        ["2026-02-28", "", "-100000000000000000000", "", "false", "[null]"],
        ["", "<img src=x onerror=alert(1)>", "", "2.5", "", ""],
    ]
    async with page.expect_response("**/*.json") as answering:
        await page.get_by_role("link", name="JSON").click()
    answer = json.loads(await (await answering.value).text())
    assert {name: col["data"] for name, col in answer["cols"].items()} == MIXED


# figures


async def test_a_figure_answers_to_the_pointer(
    page: Page, owner: Owner, artifact: Callable[[str], Path]
) -> None:
    grid = owner.grid({"y": [1234, 2000]}, "numbers")
    column = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    figure = {**BARS, "data": [{"type": "bar", "x": ["a", "b"], "ysrc": column}]}
    plot = owner.plot(figure, "bars", world_readable=True)
    await page.goto(plot["web_url"])
    await figure_of(page)
    drawn = page.frame_locator(FRAME)
    await drawn.locator(".bars .point").first.hover(force=True)
    await expect(drawn.locator(".hoverlayer .hovertext")).to_contain_text("1234")
    await page.screenshot(path=artifact("page-figure-hover.png"))


async def test_a_figure_can_be_saved_as_an_image(page: Page, owner: Owner) -> None:
    plot = owner.plot(BARS, "bars", world_readable=True)
    await page.goto(plot["web_url"])
    await figure_of(page)
    drawn = page.frame_locator(FRAME)
    await drawn.locator(".main-svg").first.hover(force=True)
    async with page.expect_download() as downloading:
        await drawn.locator("[data-title^='Download plot']").click()
    image = Image.open(await (await downloading.value).path())
    assert (31, 119, 180) in colours((await (await downloading.value).path()).read_bytes())
    assert image.format == "PNG"


async def test_a_figure_in_webgl_is_drawn(page: Page, owner: Owner) -> None:
    trace = {
        "type": "scattergl",
        "mode": "markers",
        "x": [*range(100)],
        "y": [*range(100)],
        "marker": {"color": "#d00000", "size": 12},
    }
    plot = owner.plot({"data": [trace]}, "webgl", world_readable=True)
    await page.goto(plot["web_url"])
    await figure_of(page)
    red = (208, 0, 0)

    async def marks() -> int:
        return colours(await page.locator(FRAME).screenshot()).get(red, 0)

    async with asyncio.timeout(20):
        while await marks() < 1_000:
            await page.wait_for_timeout(100)


async def test_a_figure_of_its_own_size_fits_a_phone_and_fills_no_screen(
    page: Page, owner: Owner
) -> None:
    plot = owner.plot(
        {"data": [{"y": [1, 2]}], "layout": {"width": 900, "height": 1200}},
        "tall",
        world_readable=True,
    )
    await page.set_viewport_size({"width": 1400, "height": 700})
    await page.goto(plot["embed_url"])
    size = "svg => [svg.getBoundingClientRect().width, svg.getBoundingClientRect().height]"
    drawn = page.locator(".main-svg").first
    await expect(drawn).to_be_visible()
    assert await drawn.evaluate(size) == [900, 1200]
    await page.set_viewport_size({"width": 390, "height": 700})
    await page.wait_for_function(
        "document.querySelector('.main-svg').getBoundingClientRect().width"
        " === document.documentElement.clientWidth"
    )
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_why_a_figure_is_not_drawn_is_said(context: BrowserContext, owner: Owner) -> None:
    page = await context.new_page()
    figure = {"data": [{"type": "scattergeo", "lon": [0], "lat": [0]}]}
    plot = owner.plot(figure, "map", world_readable=True)
    await page.goto(plot["web_url"])
    state = page.frame_locator(FRAME).get_by_role("status")
    await expect(state).to_contain_text("The figure can't be drawn")
    await expect(state).to_contain_text("no network")


def picture(source: str) -> dict[str, Any]:
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
    return {"source": source, **place}


def hostile(url: str) -> dict[str, Any]:
    """Reach for an address in all ways that a figure has."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/svg"/></svg>'
    inner = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    text = (
        f"</script><script src='{url}/script'></script><img src='{url}/img' onerror='alert(1)'>"
        f"<span style='background:url({url}/span)'>x</span>"
        f"<a href='javascript:fetch(`{url}/js`)'>y</a>"
    )
    return {
        "data": [
            {"type": "scatter", "y": [1, 2], "text": [text, text], "hovertemplate": text},
            {"type": "image", "source": f"{url}/trace"},
            {"type": "table", "cells": {"values": [[text]]}, "domain": {"x": [0, 0.2]}},
        ],
        "layout": {
            "title": {"text": text},
            "annotations": [{"text": text, "x": 1, "y": 1}],
            "images": [picture(f"{url}/image"), picture(inner)],
            "font": {"family": f"x;background:url({url}/font)"},
        },
        "config": {"plotlyServerURL": url, "topojsonURL": url, "sendData": True},
    }


ATTEMPTS = """async (url) => {
  const attempt = async (act) => {
    try {
      return [await act()].map(String)[0] || "done";
    } catch (error) {
      return `refused: ${error.name}`;
    }
  };
  const loaded = (element) => new Promise((resolve, reject) => {
    element.onload = () => resolve("loaded");
    element.onerror = () => reject(new Error("blocked"));
    document.body.append(element);
  });
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  return {
    api: await attempt(() => fetch("/v2/users/current", { credentials: "include" })),
    data: await attempt(() => fetch(location.href)),
    elsewhere: await attempt(() => fetch(`${url}/fetch`, { mode: "no-cors" })),
    socket: await attempt(() => new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/socket`);
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error("blocked"));
    })),
    image: await attempt(() => loaded(make("img", { src: `${url}/image` }))),
    script: await attempt(() => loaded(make("script", { src: `${url}/script` }))),
    style: await attempt(() => loaded(make("link", { rel: "stylesheet", href: `${url}/style` }))),
    parent: await attempt(() => parent.document.title),
    storage: await attempt(() => localStorage.length),
    cookies: await attempt(() => document.cookie),
  };
}"""


SUBMIT = """url => {
  const form = Object.assign(document.createElement("form"), { action: url, method: "post" });
  document.body.append(form);
  form.submit();
}"""


async def test_a_hostile_figure_reaches_nothing(
    signed_in: BrowserContext, owner: Owner, recorder: Recorder
) -> None:
    """Neither by what plotly.js makes of it, nor as a script that it might let through."""
    plot = owner.plot(hostile(recorder.url), "hostile", world_readable=True)
    page = await signed_in.new_page()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    await page.goto(plot["web_url"])
    frame = await figure_of(page)
    await page.frame_locator(FRAME).locator(".main-svg").first.hover(force=True)

    answers = await frame.evaluate(ATTEMPTS, recorder.url)
    assert [name for name, answer in answers.items() if not answer.startswith("refused")] == []
    assert recorder.seen == []
    inline = ("data:", "blob:", f"{owner.url}/static/")
    assert {url for url in asked if not url.startswith(inline)} == {
        plot["web_url"],
        f"{plot['web_url']}.embed",
    }


async def test_without_its_policy_the_same_figure_would_reach_out(
    browser: Browser, owner: Owner, recorder: Recorder
) -> None:
    """The test above can fail."""
    plot = owner.plot(hostile(recorder.url), "hostile", world_readable=True)
    context = await browser.new_context(bypass_csp=True)
    page = await context.new_page()
    await page.goto(plot["embed_url"])
    await expect(page.locator(".main-svg").first).to_be_visible()
    await page.evaluate(ATTEMPTS, recorder.url)
    asked = {line.split()[1] for line in recorder.seen}
    assert asked >= {b"/span", b"/image", b"/fetch", b"/script", b"/style", b"/socket"}
    await context.close()


async def test_a_hostile_figure_leads_its_reader_nowhere(
    context: BrowserContext, owner: Owner, recorder: Recorder
) -> None:
    page = await context.new_page()
    plot = owner.plot(BARS, "bars", world_readable=True)
    await page.goto(plot["web_url"])
    frame = await figure_of(page)
    for act in ("url => { top.location = url }", SUBMIT):
        try:
            await frame.evaluate(act, recorder.url)
        except Error as error:
            assert "SecurityError" in str(error)  # noqa: PT017 - either way it is refused
    async with page.expect_event("console", lambda message: "frame-src" in message.text):
        await frame.evaluate("url => { location = url }", recorder.url)
    assert page.url == plot["web_url"]
    assert recorder.seen == []


async def test_a_figure_and_a_grid_are_shown_within_any_page(
    page: Page, owner: Owner, recorder: Recorder
) -> None:
    plot = owner.plot(BARS, "bars", world_readable=True)
    grid = owner.grid(MIXED, "mixed", world_readable=True)
    # as chart_studio's tools.get_embed writes it
    frame = (
        '<iframe id="igraph" scrolling="no" style="border:none;" seamless="seamless" src="{}" '
        'height="525" width="100%"></iframe>'
    )
    for file in (plot, grid):
        recorder.body += frame.format(file["embed_url"]).encode()
    await page.goto(recorder.url)
    figure, table = (page.frame_locator("iframe").nth(place) for place in (0, 1))
    await expect(figure.locator(".bars .point")).to_have_count(2)
    await expect(table.get_by_role("cell", name="Köln")).to_be_visible()


async def test_a_page_is_framed_by_no_other(
    context: BrowserContext, owner: Owner, recorder: Recorder
) -> None:
    grid = owner.grid(MIXED, "mixed", world_readable=True)
    recorder.body += f'<iframe src="{grid["web_url"]}"></iframe>'.encode()
    page = await context.new_page()
    refused = page.expect_event("console", lambda message: "frame-ancestors" in message.text)
    async with refused:
        await page.goto(recorder.url)
    await expect(page.frame_locator("iframe").get_by_role("table")).to_have_count(0)


# who sees it


async def test_a_private_grid_opens_for_its_owner_who_is_asked_once(
    signed_in: BrowserContext, owner: Owner
) -> None:
    grid = owner.grid(MIXED, "secret")
    page = await signed_in.new_page()
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status))
    await page.goto(grid["web_url"])
    await expect(page.get_by_role("cell", name="Köln")).to_be_visible()
    await expect(page.get_by_role("link", name=owner.username).first).to_be_visible()
    assert set(statuses) == {200}


@pytest.mark.parametrize("kind", ["grid", "plot"])
async def test_who_signs_in_at_a_file_s_own_page_sees_all_of_it(
    browser: Browser, owner: Owner, kind: str
) -> None:
    """The browser keeps the key for what is below that page, and gives it for nothing beside."""
    file = owner.grid(MIXED, "secret") if kind == "grid" else owner.plot(BARS, "secret")
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(file["web_url"].replace("://", f"://{owner.username}:{owner.api_key}@"))
    # frames of a page whose address holds a key are blocked; who is asked for it has another
    await page.goto(file["web_url"])
    if kind == "grid":
        await expect(page.get_by_role("cell", name="Köln")).to_be_visible()
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="CSV").click()
        assert (await downloading.value).suggested_filename == "secret.csv"
    else:
        await figure_of(page)
        await expect(page.frame_locator(FRAME).locator(".bars .point")).to_have_count(2)
    await context.close()


async def test_a_page_of_another_site_changes_nothing_with_its_reader_s_key(
    signed_in: BrowserContext, owner: Owner, recorder: Recorder
) -> None:
    grid = owner.grid(MIXED, "secret")
    copy = f"{owner.url}/v2/files/{grid['fid']}/copy"
    page = await signed_in.new_page()
    # now the browser gives the key to /v2 by itself
    host = owner.url.removeprefix("http://")
    await page.goto(f"http://{owner.username}:{owner.api_key}@{host}/v2/folders/home")
    await page.goto(recorder.url)
    async with page.expect_response(copy) as answering:
        await page.evaluate(SUBMIT, copy)
    answer = await answering.value
    assert answer.status == 403
    assert [file["fid"] for file in owner.send("GET", "/v2/search?q=secret")["results"]] == [
        grid["fid"]
    ]


async def test_a_private_plot_opens_for_its_owner_in_its_sandbox(
    signed_in: BrowserContext, owner: Owner
) -> None:
    plot = owner.plot(BARS, "secret")
    page = await signed_in.new_page()
    await page.goto(plot["web_url"])
    await figure_of(page)
    await expect(page.frame_locator(FRAME).locator(".bars .point")).to_have_count(2)


async def test_a_private_grid_opens_with_its_share_key(page: Page, owner: Owner) -> None:
    grid = owner.grid(MIXED, "shared", share_key_enabled=True)
    await page.goto(f"{grid['web_url'][:-1]}?share_key={grid['share_key']}")
    await expect(page.get_by_role("cell", name="Köln")).to_be_visible()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="CSV").click()
    assert (await downloading.value).suggested_filename == "shared.csv"


async def test_a_private_plot_opens_with_its_share_key(page: Page, owner: Owner) -> None:
    plot = owner.plot(BARS, "shared", share_key_enabled=True)
    await page.goto(f"{plot['web_url'][:-1]}?share_key={plot['share_key']}")
    await figure_of(page)
    await expect(page.frame_locator(FRAME).locator(".bars .point")).to_have_count(2)


async def test_nobody_is_asked_for_a_key_and_gets_nothing(page: Page, owner: Owner) -> None:
    grid = owner.grid(MIXED, "secret")
    async with page.expect_event("response") as answering:
        with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
            await page.goto(grid["web_url"])
    response = await answering.value
    assert response.status == 401
    assert response.headers["www-authenticate"].startswith("Basic")


# how it looks


async def test_pages_follow_the_reader_into_the_dark_and_onto_a_phone(
    page: Page, owner: Owner, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    days = [f"2026-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(500)]
    stores = [["Köln", "Bonn", "", None][n % 4] for n in range(500)]
    sales = {"day": days, "store": stores, "sold": [n * 37 % 911 for n in range(500)]}
    sales |= {"total": [n / 8 if n % 7 else None for n in range(500)]}
    public = {"world_readable": True, "parent_path": "reports"}
    grid = owner.grid(sales, "sales 2026", **public)
    plot = owner.plot(BARS, "Sales by store and quarter", **public)
    addresses = {
        "grid": grid["web_url"],
        "plot": plot["web_url"],
        "files": f"{owner.url}/~{owner.username}/",
    }
    for width, height in ((1100, 700), (390, 760)):
        await page.set_viewport_size({"width": width, "height": height})
        for name, address in addresses.items():
            await page.emulate_media(color_scheme="light")
            await page.goto(address)
            if name == "plot":
                await figure_of(page)
            else:
                await expect(page.get_by_role("row").nth(1)).to_be_visible()
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                assert await is_dark(page.locator("body")) == (scheme == "dark")
                await page.screenshot(path=artifact(f"page-{name}-{scheme}-{width}.png"))


async def test_files_are_found_by_following_links(page: Page, owner: Owner) -> None:
    public = {"world_readable": True}
    grid = owner.grid(MIXED, "numbers", parent_path="reports", **public)
    folder = f"{owner.username}:{grid['parent']}"
    owner.send("PATCH", f"/v2/folders/{folder}", public)
    await page.goto(f"{owner.url}/~{owner.username}/")
    await page.get_by_role("link", name="reports").click()
    await page.get_by_role("link", name="numbers").click()
    await expect(page.get_by_role("cell", name="Köln")).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="reports").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("reports")
