"""Selecting in a grid, and where the focus goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from playwright.async_api import expect

from plotly_nbext.notebook.widgets import GridView

if TYPE_CHECKING:
    from playwright.async_api import Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def grid(client: Client) -> Any:
    return client.push(pd.DataFrame({name: range(200) for name in "abcdef"}), "letters")


def selected(view: GridView) -> tuple[list[int], list[str]]:
    return list(view.selection.rows), view.selection.columns


async def test_a_drag_selects_a_block_that_python_knows(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(1, 1).hover()
    await page.mouse.down()
    await cell(3, 2).hover()
    await page.mouse.up()
    await expect(page.locator("td[aria-selected=true]")).to_have_count(6)
    await expect(page.locator(".pnx-footer")).to_contain_text("3 rows × 2 columns selected")
    await until(lambda: selected(view) == ([1, 2, 3], ["b", "c"]))


async def test_a_drag_beyond_the_edge_scrolls_on(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(5, 0).hover()
    await page.mouse.down()
    below = await page.locator(".pnx-footer").bounding_box()
    await page.mouse.move(60, below["y"] + 100, steps=3)
    await expect(cell(30, 0)).to_be_visible()
    await page.mouse.up()
    await until(lambda: len(view.selection.rows) > 25)


async def test_rows_columns_and_everything_are_selected_by_their_headers(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(4, -1).click()
    await until(lambda: selected(view) == ([4], list("abcdef")))
    await cell(6, -1).click(modifiers=["Shift"])
    await until(lambda: selected(view) == ([4, 5, 6], list("abcdef")))
    await cell(-1, 2).click()
    await until(lambda: selected(view) == (list(range(200)), ["c"]))
    await cell(-1, 4).click(modifiers=["Shift"])
    await until(lambda: selected(view) == (list(range(200)), ["c", "d", "e"]))
    await cell(-1, -1).click()
    await until(lambda: selected(view) == (list(range(200)), list("abcdef")))


async def test_keys_select_as_in_a_spreadsheet(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(2, 2).click()
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowRight")
    await until(lambda: selected(view) == ([2, 3], ["c", "d"]))
    await page.keyboard.press("Control+Shift+ArrowDown")
    await until(lambda: len(view.selection.rows) == 198)
    await page.keyboard.press("Shift+Space")
    await until(lambda: view.selection.columns == list("abcdef"))
    await page.keyboard.press("Control+a")
    await until(lambda: len(view.selection.rows) == 200)


async def test_python_selects_and_the_page_goes_there(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("0")
    choose = {"rows": [150, 152], "columns": [4, 6]}
    await asyncio.to_thread(setattr, view, "selection", choose)
    await expect(cell(151, 5)).to_have_attribute("aria-selected", "true")
    await expect(page.locator("td[aria-selected=true]")).to_have_count(4)


async def test_tab_goes_through_a_row_and_leaves_the_grid(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await page.evaluate("document.body.append(document.createElement('button'))")
    after = page.locator("body > button")
    await cell(1, 4).click()
    await page.keyboard.press("Tab")
    await expect(cell(1, 5)).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(after).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(cell(1, 5)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(cell(1, 4)).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(after).to_be_focused()


async def test_the_focus_comes_back_to_its_cell_after_scrolling(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(3, 1).click()
    await page.mouse.wheel(0, 2_000)
    await expect(cell(80, 1)).to_be_visible()
    await expect(page.locator("regular-table")).to_be_focused()
    await page.mouse.wheel(0, -2_000)
    await expect(cell(3, 1)).to_be_focused()
    await page.mouse.wheel(0, 2_000)
    await expect(cell(80, 1)).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(cell(4, 1)).to_be_focused()
    await expect(cell(4, 1)).to_be_in_viewport(ratio=1)


async def test_the_focus_stays_in_a_grid_that_becomes_narrow(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(1, 5).click()
    await page.set_viewport_size({"width": 320, "height": 700})
    await expect(cell(1, 5)).to_have_count(0)
    await page.keyboard.press("ArrowLeft")
    await expect(cell(1, 4)).to_be_focused()


async def test_two_views_of_one_grid_are_apart(page: Page, grid: Any, show: Any, cell: Any) -> None:
    await show(lambda: GridView(grid))
    await page.evaluate("() => window.showWidget()")
    grids = page.get_by_role("grid")
    await expect(grids).to_have_count(2)
    await expect(grids.nth(1).locator("tr[aria-rowindex='3'] td").first).to_have_text("0")
    await grids.nth(1).locator("tr[aria-rowindex='3'] td").first.click()
    await page.keyboard.type("77")
    await page.keyboard.press("Enter")
    await expect(grids.nth(0).locator("tr[aria-rowindex='3'] td").first).to_have_text("77")


async def test_a_view_that_was_closed_leaves_the_other_alone(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await page.evaluate("() => window.showWidget()")
    grids = page.get_by_role("grid")
    await expect(grids.nth(1).locator("tr[aria-rowindex='3'] td").first).to_have_text("0")
    await page.evaluate("window.closeWidget()")
    await asyncio.to_thread(
        view._set, {"row": 0, "column": view.columns[0]["uid"], "text": "5"}, []
    )
    await expect(grids.nth(0).locator("tr[aria-rowindex='3'] td").first).to_have_text("5")
    await expect(grids.nth(1).locator("tr[aria-rowindex='3'] td").first).to_have_text("0")
