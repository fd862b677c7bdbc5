"""Scripts that somebody plants in names, cells, metadata and figures run for nobody who looks."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest
import requests
from playwright.async_api import expect

from plotly_nbext import connect
from plotly_nbext.notebook.widgets import FigureView, GridView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Server
    from playwright.async_api import BrowserContext, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

RUN = "window.planted=1"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<!--<script>-->{RUN}",
    f'<img src=x onerror="{RUN}">',
    f"<img src=x onerror={RUN}//",
    f'<svg onload="{RUN}">',
    f"<svg><script>{RUN}</script></svg>",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}',
    f"javascript:{RUN}",
    f'<a href="javascript:{RUN}">click</a>',
    f"<a href='java\tscript:{RUN}'>click</a>",
    f'<a href="data:text/html,<script>{RUN}</script>">click</a>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"<details open ontoggle={RUN}>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<template><img src=x onerror={RUN}></template>",
    f"<style>@import 'x'</style><video><source onerror={RUN}></video>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"＜script＞{RUN}＜/script＞",
    f"]]><script>{RUN}</script><![CDATA[",
    f"<object data='javascript:{RUN}'></object>",
    f"<form action='javascript:{RUN}'><button autofocus>x</button></form>",
    f"<base href='javascript:{RUN}//'>",
]


def named(payload: str) -> str:
    """Make a name of it: they have no slash, no tab, and a hundred characters at most."""
    return payload.replace("/", "∕").replace("\t", " ")[:90]


def figure_of(payloads: list[str]) -> dict[str, Any]:
    """Plant them wherever a figure has text."""
    all_of_them = {"text": " ".join(payloads)}
    traces: list[dict[str, Any]] = []
    for text in payloads:
        traces += [
            {"y": [1, 2], "name": text, "text": [text] * 2, "mode": "markers+text"},
            {"y": [2, 1], "hovertemplate": text, "customdata": [text] * 2, "meta": text},
        ]
    buttons = [{"label": text, "method": "relayout", "args": [{}]} for text in payloads]
    return {
        "data": traces,
        "layout": {
            "title": all_of_them,
            "xaxis": {"title": all_of_them, "ticktext": payloads[:2], "tickvals": [0, 1]},
            "annotations": [
                {"text": text, "hovertext": text, "x": 1, "y": place / len(payloads)}
                for place, text in enumerate(payloads)
            ],
            "legend": {"title": all_of_them},
            "updatemenus": [{"buttons": buttons}],
            "meta": payloads,
        },
    }


GROUPS = [PAYLOADS[start : start + 10] for start in range(0, len(PAYLOADS), 10)]


@pytest.fixture(scope="module")
def planted(server: Server) -> Iterator[list[str]]:
    """The addresses of what a stranger made, all of it public."""
    name = f"mallory-{secrets.token_hex(4)}"
    mallory = requests.Session()
    mallory.trust_env = False
    mallory.auth = (name, server.add_user(name))
    mallory.headers["Plotly-Client-Platform"] = "test"

    def made(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = mallory.post(f"{server.url}/v2/{path}", json=body, timeout=60)
        assert answer.status_code == 201, answer.text
        file: dict[str, Any] = answer.json()["file"]
        return file

    addresses = []
    for payload in PAYLOADS:
        shared = {"world_readable": True, "metadata": {payload: payload}}
        folder = made("folders", {"path": named(payload), "world_readable": True})
        inside = {"parent": int(folder["fid"].split(":")[1]), "filename": named(payload)}
        cols = {payload: {"data": [payload] * 3, "order": 0}}
        grid = made("grids", {"data": {"cols": cols}, **shared, **inside})
        addresses += [folder["web_url"], grid["web_url"]]
    addresses.append(grid["embed_url"])
    for group in GROUPS:
        shared = {"world_readable": True, "filename": named(f"plot {group[0]}")}
        plot = made("plots", {"figure": figure_of(group), **shared})
        addresses += [plot["web_url"], plot["embed_url"]]
    yield [*addresses, f"{server.url}/~{name}/"]
    mallory.close()


async def watched(page: Page, address: str, seen: list[str]) -> None:
    """Open a page, let it settle, and touch it."""
    await page.goto(address, wait_until="load")
    shown = page.locator("main, body").first
    await expect(shown).to_be_visible()
    await shown.hover(force=True)
    ran = [frame.url for frame in page.frames if await frame.evaluate("'planted' in window")]
    seen += [f"{address}: ran in {url}" for url in ran]


async def test_nothing_that_a_stranger_planted_runs_in_a_page(
    context: BrowserContext, planted: list[str]
) -> None:
    assert len(planted) > 2 * len(PAYLOADS)
    page = await context.new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    for address in planted:
        await watched(page, address, seen)
    assert seen == []


async def test_nothing_that_was_planted_runs_in_a_file_of_a_widget(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    name = f"user-{secrets.token_hex(4)}"
    client = connect(server.url, name, server.add_user(name), current=False)
    import pandas as pd

    grid = client.push(pd.DataFrame({payload: [payload] * 3 for payload in PAYLOADS}), "planted")
    files = [tmp_path / "grid.html"]
    GridView(grid).to_html(files[0])
    for number, group in enumerate(GROUPS):
        files.append(tmp_path / f"{number}.html")
        FigureView(figure_of(group), alt=" ".join(group)).to_html(files[-1])
    context = await browser.new_context()
    await context.set_offline(True)
    page = await context.new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    for file in files:
        await watched(page, file.as_uri(), seen)
    await context.close()
    assert seen == []


async def test_what_is_planted_would_run_if_it_were_let(browser: Any, tmp_path: Path) -> None:
    """The tests above can fail."""
    context = await browser.new_context()
    page = await context.new_page()
    ran = 0
    for number, payload in enumerate(PAYLOADS[:7]):
        file = tmp_path / f"{number}.html"
        file.write_text(f"<!doctype html><meta charset=utf-8><main>{payload}x</main>")
        seen: list[str] = []
        await watched(page, file.as_uri(), seen)
        ran += bool(seen)
    await context.close()
    assert ran >= 4
