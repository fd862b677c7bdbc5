"""Files of HTML that widgets write, opened from the disk in a browser that has no network."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import pytest_asyncio
from playwright.async_api import expect

from plotly_nbext.errors import PlotlyNbextWarning, ValidationError
from plotly_nbext.notebook.widgets import FigureView, GridView

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from playwright.async_api import Browser, BrowserContext, Locator, Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = [
    "</script><script>document.title='bad'</script>",
    "<!--<script>",
    "<img src=x onerror=\"document.title='bad'\">",
    "]]> &amp; &lt;",
    "line\u2028break\u2029\r\nand\ttab",
    "\x00\x1b[31m\x7f",
    "safe\u202egnp.exe",
    "👩‍👩‍👧 e\u0301 שלום",
    "x" * 10_000,
    "$5 and \\(a\\)",
    "",
    None,
]

FIGURE = {
    "data": [{"y": [2, 5, 8], "name": "</script><script>document.title='bad'</script>"}],
    "layout": {"title": {"text": "Sales <b>2026</b>"}},
}


@pytest_asyncio.fixture(loop_scope="session")
async def offline(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser without a network. A test in which a page asks for anything fails."""
    context = await browser.new_context(
        viewport={"width": 1100, "height": 700}, permissions=["clipboard-read", "clipboard-write"]
    )
    await context.set_offline(True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    await context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(offline: BrowserContext) -> AsyncIterator[Page]:
    """A page. A test in which it fails, or breaks its own policy, fails."""
    page = await offline.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.extend([said.text] * (said.type == "error")))
    yield page
    assert wrong == []


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell of the table."""
    return page.locator(f"tr[aria-rowindex='{row + 3}'] > [aria-colindex='{column + 2}']")


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def copied(page: Page) -> list[list[str]]:
    await page.keyboard.press("Control+c")
    await expect(page.get_by_role("status").last).to_have_text("Copied.")
    text = await page.evaluate("navigator.clipboard.readText()")
    return list(csv.reader(io.StringIO(text, newline=""), "excel-tab"))


async def test_a_large_grid_is_read_to_its_last_row_and_copied_from(
    page: Page, tmp_path: Path, artifact: Callable[[str], Path]
) -> None:
    n = 100_000
    numbers = {f"n{x}": np.arange(n) * (x + 1) for x in range(19)}
    frame = pd.DataFrame({"city": ["Łódź", None, ""] * (n // 3) + ["end"]} | numbers)
    file = tmp_path / "large.html"
    await asyncio.to_thread(frame.plotly_grid.view().to_html, file)
    await page.goto(file.as_uri())
    await expect(cell(page, 0, 0)).to_have_text("Łódź")
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(n + 2))
    await cell(page, 0, 0).click()
    await page.keyboard.press("Control+End")
    await expect(cell(page, n - 1, 19)).to_have_text(str((n - 1) * 19))
    await page.keyboard.press("Shift+ArrowUp")
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(page.get_by_text("2 rows × 2 columns selected")).to_be_visible()
    last = [[str(row * 18), str(row * 19)] for row in (n - 2, n - 1)]
    assert await copied(page) == last
    await page.screenshot(path=artifact("file-grid-light.png"))
    await page.keyboard.press("Control+f")
    await page.keyboard.type("END")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    assert await copied(page) == [["end"]]


async def test_a_file_has_as_many_rows_as_were_asked_for_and_says_so(
    page: Page, tmp_path: Path
) -> None:
    view = pd.DataFrame({"n": range(50)}).plotly_grid.view()
    file = tmp_path / "part.html"
    with pytest.warns(PlotlyNbextWarning, match="the first 20 of 50 rows"):
        view.to_html(file, rows=20)
    await page.goto(file.as_uri())
    await expect(page.get_by_text("the first 20 rows are in this file")).to_be_visible()
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "22")
    before = file.read_text(encoding="utf-8")
    with pytest.raises(ValidationError, match="rows must be 0 or more"):
        view.to_html(file, rows=-1)
    with pytest.raises(ValidationError, match="There is no folder"):
        view.to_html(tmp_path / "none" / "part.html")
    assert file.read_text(encoding="utf-8") == before
    assert names(tmp_path) == ["part.html"]


async def test_it_holds_what_the_view_shows(page: Page, client: Client, tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": [1, 2, 3, 4], "city": ["a", "b", "c", "d"]})
    grid = await asyncio.to_thread(client.push, frame, "shown/2026")
    view = GridView(grid)
    uid = view.columns[1]["uid"]
    answer, _ = view._set({"row": 1, "column": uid, "text": "edited"}, [])
    assert answer["ok"]
    view.sort("n", descending=True)
    view.filter(("n", "<", 4))
    file = tmp_path / "shown.html"
    assert await asyncio.to_thread(view.to_html, file) is None
    text = file.read_text(encoding="utf-8")
    for private in ("127.0.0.1", grid.fid, uid):
        assert private not in text
    await page.goto(file.as_uri())
    await expect(page.get_by_role("heading", name="shown/2026")).to_be_visible()
    await cell(page, 0, 0).click()
    await page.keyboard.press("Control+a")
    assert await copied(page) == [["3", "c"], ["2", "edited"], ["1", "a"]]
    await page.get_by_role("button", name="Copy with names").click()
    assert (await page.evaluate("navigator.clipboard.readText()")).startswith("n\tcity\n")


async def test_no_value_is_taken_for_anything_but_itself(
    page: Page, tmp_path: Path, artifact: Callable[[str], Path]
) -> None:
    frame = pd.DataFrame({"</script><b>name": HOSTILE, "n": range(len(HOSTILE))})
    file = tmp_path / "hostile.html"
    frame.plotly_grid.view().to_html(file)
    await page.goto(file.as_uri())
    await expect(page.get_by_role("columnheader").nth(1)).to_have_text("</script><b>name")
    await expect(cell(page, 0, 0)).to_have_text(str(HOSTILE[0]))
    await expect(cell(page, 11, 0)).to_have_attribute("aria-label", "null")
    assert await cell(page, 10, 0).get_attribute("aria-label") is None
    await cell(page, 0, 0).click()
    await page.keyboard.press("Control+ ")
    assert [row[0] for row in await copied(page)] == [text or "" for text in HOSTILE]
    assert await page.title() == "DataFrame"
    assert await page.locator("img").count() == 0
    await page.screenshot(path=artifact("file-grid-hostile.png"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_it(
    page: Page,
    tmp_path: Path,
    scheme: Any,
    *,
    artifact: Callable[[str], Path],
    barriers: Callable[[Page], Awaitable[list[str]]],
    is_dark: Callable[[Locator], Awaitable[bool]],
) -> None:
    frame = pd.DataFrame({"city": ["Łódź", None, ""] * 100, "n": range(300)})
    file = tmp_path / "axe.html"
    frame.plotly_grid.view().to_html(file)
    await page.emulate_media(color_scheme=scheme)
    await page.goto(file.as_uri())
    await cell(page, 1, 1).click()
    await page.keyboard.press("Shift+ArrowDown")
    assert await is_dark(cell(page, 5, 1)) == (scheme == "dark")
    assert await barriers(page) == []
    await page.screenshot(path=artifact(f"file-grid-{scheme}-selected.png"))
    await cell(page, 1, 1).click(button="right")
    await page.get_by_role("menuitem", name="Copy with names").click()
    await expect(page.get_by_role("status").last).to_have_text("Copied.")


async def test_where_no_script_runs_the_first_rows_are_seen(
    browser: Browser, tmp_path: Path, artifact: Callable[[str], Path]
) -> None:
    frame = pd.DataFrame({"city": ["Łódź", None, ""] * 100, "n": range(300)})
    file = tmp_path / "still.html"
    frame.plotly_grid.view().to_html(file)
    context = await browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = await context.new_page()
    await page.goto(file.as_uri())
    await expect(page.get_by_role("cell", name="Łódź").first).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(101)
    await expect(page.get_by_text("The first 100 of")).to_be_attached()
    await page.screenshot(path=artifact("file-grid-no-script.png"))
    await context.close()


async def test_a_figure_that_can_not_be_drawn_offline_keeps_its_image(
    browser: Browser, client: Client, tmp_path: Path, artifact: Callable[[str], Path]
) -> None:
    context = await browser.new_context(offline=True)
    page = await context.new_page()
    figure = {"data": [{"type": "choropleth", "locations": ["POL"], "z": [1]}], "layout": {}}
    view = await asyncio.to_thread(FigureView, figure, client=client)
    file = tmp_path / "map.html"
    view.to_html(file, interactive=True)
    await page.goto(file.as_uri())
    await expect(page.locator("#figure > div")).to_have_count(0)
    await expect(page.get_by_role("img", name="choropleth")).to_be_visible()
    await page.screenshot(path=artifact("file-map.png"))
    await context.close()


async def test_a_figure_is_seen_and_on_request_drawn(
    page: Page, client: Client, tmp_path: Path, artifact: Callable[[str], Path]
) -> None:
    view = await asyncio.to_thread(FigureView, FIGURE, client=client)
    still, drawn = tmp_path / "still.html", tmp_path / "drawn.html"
    view.to_html(still)
    view.to_html(drawn, interactive=True)
    await page.goto(still.as_uri())
    assert await page.title() == "Sales 2026"
    image = page.get_by_role("img", name="Plotly figure “Sales 2026” with 1 scatter trace.")
    await expect(image).to_have_js_property("naturalWidth", 700)
    await page.goto(drawn.as_uri())
    await expect(page.locator(".main-svg").first).to_be_visible()
    await expect(page.locator("img")).to_have_count(0)
    await expect(page.locator(".gtitle")).to_have_text("Sales 2026")
    assert await page.title() == "Sales 2026"
    assert "127.0.0.1" not in json.dumps(drawn.read_text(encoding="utf-8"))
    await page.locator(".nsewdrag").hover()
    await expect(page.locator(".modebar-btn").first).to_be_visible()
    await expect(page.locator("[data-title^='Share']")).to_have_count(0)
    await page.screenshot(path=artifact("file-figure.png"))
