"""Widgets through what happens to notebooks: restarts, reloads, a second opening, many cells."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

STOCK = """frame = pd.DataFrame({"store": ["Köln", "Bonn"] * 50_000, "left": range(100_000)})
grid = frame.plotly_grid.push("stock")"""

SHOW = "view = plotly_nbext.GridView(grid); view"

# how long the page had nothing to say for, at most, in milliseconds
LONGEST_PAUSE = """() => {
  let last = performance.now();
  window.longestPause = 0;
  const tick = () => {
    const now = performance.now();
    window.longestPause = Math.max(window.longestPause, now - last);
    last = now;
    setTimeout(tick);
  };
  tick();
}"""


async def test_after_a_restart_the_widget_says_what_is_up_and_run_all_brings_it_back(
    open_notebook: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(STOCK, SHOW, own_kernel=True)
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    await table.type(0, 1, "7")
    await expect(table.button("Save 1 change")).to_be_enabled()
    await notebook.restart()
    await table.cell(1, 1).click()
    await page.keyboard.type("8")
    await page.keyboard.press("Enter")
    await expect(table.root).to_contain_text("Unsaved changes are lost then")
    await expect(table.button("Try again")).to_be_hidden()
    await page.screenshot(path=artifact("lab-grid-restarted.png"))

    await notebook.run_all()
    table = await notebook.table()
    await expect(table.cell(0, 1)).to_have_text("0")
    await table.type(0, 1, "9")
    await table.button("Save 1 change").click()
    await expect(table.button("Save")).to_be_disabled()
    assert (await asyncio.to_thread(elsewhere.pull, "stock"))["left"][0] == 9


async def test_after_a_restart_what_is_scrolled_to_does_not_load_for_ever(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(STOCK, SHOW, own_kernel=True)
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    await table.cell(0, 0).click()
    await notebook.restart()
    await table.root.locator("regular-table").evaluate(
        "table => { table.scrollTop = table.scrollHeight }"
    )
    await expect(table.footer.get_by_role("alert")).to_contain_text("kernel")
    await expect(table.root).to_have_attribute("aria-busy", "false")
    await page.screenshot(path=artifact("lab-grid-restarted-scrolled.png"))


async def test_a_reloaded_page_shows_the_widget_with_what_was_edited(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(STOCK, SHOW)
    await notebook.run_all()
    table = await notebook.table()
    await table.type(0, 1, "7")
    await notebook.until("view.pending['total']", "1")
    await notebook.saved()
    await notebook.page.reload()
    await notebook.ready()
    table = await notebook.table()
    await expect(table.cell(0, 1)).to_have_text("7")
    await expect(table.cell(1, 1)).to_have_text("1")
    await table.button("Undo").click()
    await expect(table.cell(0, 1)).to_have_text("0")
    await table.type(1, 1, "8")
    await notebook.until("view.frame['left'][:3].tolist()", "[0, 8, 2]")
    await notebook.page.screenshot(path=artifact("lab-grid-reloaded.png"))


async def test_fifty_widgets_run_at_once_and_each_is_drawn_when_it_is_come_to(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    show = "plotly_nbext.GridView(grid)"
    notebook = await open_notebook(STOCK, *[show] * 50)
    page = notebook.page
    await page.evaluate(LONGEST_PAUSE)
    start = time.monotonic()
    await notebook.run_all()
    for number in range(2, 52):
        await expect((await notebook.table(number)).cell(11, 1)).to_have_text("11")
    assert time.monotonic() - start < 60
    await page.screenshot(path=artifact("lab-fifty.png"))
    assert await page.evaluate("window.longestPause") < 1_000
    last = await notebook.table()
    await last.type(0, 1, "7")
    await expect(last.button("Save 1 change")).to_be_enabled()
