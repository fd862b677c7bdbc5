"""GridView as its readers see it, in a page without Jupyter."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from playwright.async_api import expect

from plotly_nbext.notebook.widgets import GridView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Kernel
    from playwright.async_api import Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

SALES = pd.DataFrame(
    {
        "month": ["2026-01-31", "2026-02-28", None],
        "store": ["Köln", "", "<b>Bonn</b>"],
        "sold": [12, 7, 9007199254740993],
        "total": [1.5, None, 3.25],
        "open": [True, False, True],
    }
)


def numbers(rows: int, columns: int = 6) -> pd.DataFrame:
    return pd.DataFrame({f"c{x}": range(x, rows + x) for x in range(columns)})


async def test_names_types_uids_and_rows_are_read_as_a_grid(
    page: Page, client: Client, show: Any
) -> None:
    grid = client.push(SALES, "sales/2026")
    await show(lambda: GridView(grid))
    uids = [column.uid for column in grid.columns]
    await expect(page.get_by_role("grid", name="sales/2026")).to_match_aria_snapshot(f"""
        - grid "sales/2026":
          - rowgroup:
            - row:
              - columnheader
              - columnheader "month":
                - button "Menu of month"
              - columnheader "store":
                - button "Menu of store"
              - columnheader "sold":
                - button "Menu of sold"
              - columnheader "total":
                - button "Menu of total"
              - columnheader "open":
                - button "Menu of open"
            - row:
              - columnheader
              - columnheader "date {uids[0]}"
              - columnheader "text {uids[1]}"
              - columnheader "integer {uids[2]}"
              - columnheader "number {uids[3]}"
              - columnheader "boolean {uids[4]}"
          - rowgroup:
            - row:
              - rowheader "0"
              - gridcell "2026-01-31"
              - gridcell "Köln"
              - gridcell "12"
              - gridcell "1.5"
              - gridcell "true"
            - row:
              - rowheader "1"
              - gridcell "2026-02-28"
              - gridcell
              - gridcell "7"
              - gridcell "null"
              - gridcell "false"
            - row:
              - rowheader "2"
              - gridcell "null"
              - gridcell "<b>Bonn</b>"
              - gridcell "9007199254740993"
              - gridcell "3.25"
              - gridcell "true"
    """)
    grid_element = page.get_by_role("grid")
    await expect(grid_element).to_have_attribute("aria-rowcount", "5")
    await expect(grid_element).to_have_attribute("aria-colcount", "6")
    last = page.get_by_role("row", name="9007199254740993")
    await expect(last).to_have_attribute("aria-rowindex", "5")


async def test_a_null_does_not_look_like_an_empty_text(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    frame = pd.DataFrame({"note": ["", None]})
    await show(lambda: GridView(client.push(frame, "notes")))
    await expect(cell(1, 0)).to_have_text("")
    pattern = "cell => getComputedStyle(cell).backgroundImage"
    assert await cell(0, 0).evaluate(pattern) == "none"
    assert await cell(1, 0).evaluate(pattern) != "none"


async def test_numbers_are_aligned_at_their_right_with_their_name(
    client: Client, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(client.push(SALES, "sales/2026")))
    await expect(cell(0, 2)).to_have_css("text-align", "right")
    await expect(cell(0, 1)).to_have_css("text-align", "start")
    right = "element => element.getBoundingClientRect().right"
    name = await cell(-1, 2).locator(".pnx-name").evaluate(right)
    column = await cell(0, 2).evaluate(right)
    assert column - name == pytest.approx(11, abs=1)


async def test_keys_reach_the_last_of_100_000_rows_and_40_columns(
    page: Page, client: Client, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: GridView(client.push(numbers(100_000, 40), "many")))
    await cell(0, 0).click()
    await page.keyboard.press("Control+End")
    last = page.get_by_role("gridcell", name="100038", exact=True)
    await expect(last).to_be_in_viewport(ratio=1)
    await expect(last).to_be_focused()
    await expect(cell(-1, 39)).to_be_in_viewport(ratio=1)
    await page.screenshot(path=artifact("grid-last-row.png"))
    await page.keyboard.press("Control+Home")
    await expect(cell(0, 0)).to_be_in_viewport(ratio=1)
    await expect(cell(0, 0)).to_be_focused()


async def test_pages_go_by_a_screen(page: Page, client: Client, show: Any, cell: Any) -> None:
    await show(lambda: GridView(client.push(numbers(5_000), "many")))
    await cell(0, 0).click()
    await page.keyboard.press("PageDown")
    await page.keyboard.press("PageDown")
    await expect(cell(22, 0)).to_be_focused()
    await expect(page.locator(".pnx-position")).to_have_text("rows 11–22")
    await page.keyboard.press("PageUp")
    await expect(cell(11, 0)).to_be_focused()


async def test_the_wheel_reaches_the_last_column(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(client.push(numbers(50, columns=120), "wide")))
    await cell(0, 0).hover()
    async with asyncio.timeout(20):
        while not await cell(-1, 119).is_visible():
            await page.mouse.wheel(1000, 0)
    await page.mouse.wheel(1000, 0)
    await expect(cell(-1, 119)).to_be_in_viewport(ratio=1)
    await expect(cell(0, 119)).to_have_text("119")


async def test_a_long_drag_asks_for_few_tiles(
    page: Page, client: Client, show: Any, kernel: Kernel, cell: Any
) -> None:
    await show(lambda: GridView(client.push(numbers(100_000), "many")))
    await expect(cell(0, 0)).to_have_text("0")
    kernel.pause()
    asked = len(kernel.commands)
    table = page.locator("regular-table")
    drag = "(table, part) => { table.scrollTop = table.scrollHeight * part }"
    for tenth in range(1, 11):
        await table.evaluate(drag, tenth / 10)
        await expect(page.locator(".pnx-position")).to_have_text("Loading…")
        await table.evaluate("table => table.flush()")
    kernel.resume()
    await expect(cell(99_999, 5)).to_have_text("100004")
    assert len(kernel.commands) - asked <= 6


async def test_while_the_kernel_is_busy_the_table_still_scrolls(
    page: Page, client: Client, show: Any, kernel: Kernel, cell: Any
) -> None:
    await show(lambda: GridView(client.push(numbers(5_000), "many")))
    await expect(cell(0, 0)).to_have_text("0")
    kernel.pause()
    await cell(0, 0).click()
    await page.keyboard.press("Control+End")
    await expect(page.get_by_role("rowheader", name="4999", exact=True)).to_be_visible()
    await expect(page.locator(".pnx-grid")).to_have_attribute("aria-busy", "true")
    kernel.resume()
    await expect(cell(4_999, 5)).to_have_text("5004")
    await expect(page.locator(".pnx-grid")).to_have_attribute("aria-busy", "false")


async def test_what_went_wrong_is_said_and_can_be_tried_again(
    page: Page, client: Client, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    grid = client.push(numbers(5_000), "many")
    await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("0")
    await asyncio.to_thread(grid.trash)
    await cell(0, 0).click()
    await page.keyboard.press("Control+End")
    problem = page.locator(".pnx-footer [role=alert]")
    await expect(problem).not_to_be_empty()
    await page.screenshot(path=artifact("grid-failure.png"))
    await asyncio.to_thread(grid.restore)
    again = page.get_by_role("button", name="Try again")
    await again.click()
    await expect(cell(4_999, 5)).to_have_text("5004")
    await expect(problem).to_be_empty()
    await expect(again).to_be_hidden()


async def test_a_refreshed_grid_shows_its_new_rows(page: Page, client: Client, show: Any) -> None:
    grid = client.push(numbers(3, columns=1), "growing")
    view = await show(lambda: GridView(grid))
    await expect(page.locator("tbody tr")).to_have_count(3)
    await asyncio.to_thread(client.push, pd.DataFrame({"c0": [5, 6], "new": ["x", "y"]}), "growing")
    await asyncio.to_thread(view.refresh)
    await expect(page.get_by_role("columnheader", name="new")).to_be_visible()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(page.locator(".pnx-footer")).to_contain_text("2 rows × 2 columns")


async def test_a_grid_without_rows_still_names_its_columns(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: GridView(client.push(SALES.iloc[:0], "empty")))
    await expect(page.get_by_role("columnheader", name="month")).to_be_visible()
    await expect(page.locator(".pnx-footer")).to_contain_text("0 rows × 5 columns")
    await expect(page.locator(".pnx-grid")).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_text("No rows yet.")).to_be_visible()


async def test_two_columns_of_one_name_are_two_columns(
    client: Client, show: Any, cell: Any
) -> None:
    frame = pd.DataFrame([[1, "a"], [2, "b"]], columns=["same", "same"])
    await show(lambda: GridView(client.push(frame, "twins")))
    await expect(cell(1, 0)).to_have_text("2")
    await expect(cell(1, 1)).to_have_text("b")
    await expect(cell(-1, 0)).to_have_text("same")
    await expect(cell(-1, 1)).to_have_text("same (2)")


async def test_the_wheel_goes_through_a_million_rows_as_through_a_few(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(client.push(numbers(1_000_000, columns=1), "million")))
    await cell(0, 0).hover()
    for _ in range(5):
        await page.mouse.wheel(0, 52)
    await expect(page.locator(".pnx-position")).to_have_text("rows 10–22")
    await page.mouse.wheel(0, -26)
    await expect(page.locator(".pnx-position")).to_have_text("rows 9–21")


async def test_a_grid_without_columns_can_be_given_one(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(client.push(pd.DataFrame(), "nothing")))
    await expect(page.locator(".pnx-footer")).to_contain_text("0 rows × 0 columns")
    await page.get_by_role("button", name="Add column").click()
    await page.get_by_label("Name", exact=True).fill("first")
    await page.keyboard.press("Enter")
    await expect(cell(-1, 0)).to_have_text("first")
    await page.get_by_role("button", name="Add row").click()
    await expect(cell(0, 0)).to_be_focused()
    await page.keyboard.type("a")
    await page.keyboard.press("Enter")
    await expect(cell(0, 0)).to_have_text("a")
    assert view.row_count == 1


async def test_a_column_is_dragged_wider_and_fitted_again(
    page: Page, client: Client, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(client.push(SALES, "sales/2026")))
    await expect(cell(0, 0)).to_have_text("2026-01-31")
    before = await cell(-1, 1).bounding_box()
    edge = before["x"] + before["width"] - 2
    await page.mouse.move(edge, before["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(edge + 80, before["y"] + 10, steps=4)
    await page.mouse.up()
    await expect(cell(-1, 1)).to_have_css("width", f"{before['width'] + 80}px")
    await until(lambda: bool(view.widths))
    assert list(view.widths.values()) == [before["width"] + 80]
    await cell(-1, 1).click()
    await page.keyboard.press("Alt+ArrowLeft")
    await expect(cell(-1, 1)).to_have_css("width", f"{before['width'] + 64}px")
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Fit to its cells").click()
    await expect(cell(-1, 1)).to_have_css("width", f"{before['width']}px")
