"""GridView as its users see it, in a page without Jupyter."""

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


async def test_names_types_and_rows_are_read_as_a_table(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: GridView(client.push(SALES, "sales/2026")))
    await expect(page.get_by_role("table", name="sales/2026")).to_match_aria_snapshot("""
        - table "sales/2026":
          - rowgroup:
            - row:
              - columnheader
              - columnheader "month"
              - columnheader "store"
              - columnheader "sold"
              - columnheader "total"
              - columnheader "open"
            - row:
              - columnheader
              - columnheader "date"
              - columnheader "text"
              - columnheader "integer"
              - columnheader "number"
              - columnheader "boolean"
          - rowgroup:
            - row "0 2026-01-31 Köln 12 1.5 true":
              - rowheader "0"
              - cell "2026-01-31"
              - cell "Köln"
              - cell "12"
              - cell "1.5"
              - cell "true"
            - row:
              - rowheader "1"
              - cell "2026-02-28"
              - cell
              - cell "7"
              - cell "null"
              - cell "false"
            - row:
              - rowheader "2"
              - cell "null"
              - cell "<b>Bonn</b>"
              - cell "9007199254740993"
              - cell "3.25"
              - cell "true"
    """)
    table = page.get_by_role("table")
    await expect(table).to_have_attribute("aria-rowcount", "5")
    await expect(table).to_have_attribute("aria-colcount", "6")
    last = page.get_by_role("row", name="9007199254740993")
    await expect(last).to_have_attribute("aria-rowindex", "5")


async def test_a_null_does_not_look_like_an_empty_text(
    page: Page, client: Client, show: Any
) -> None:
    frame = pd.DataFrame({"note": ["", None]})
    await show(lambda: GridView(client.push(frame, "notes")))
    empty, null = page.locator("td").nth(0), page.locator("td").nth(1)
    await expect(null).to_have_text("")
    pattern = "cell => getComputedStyle(cell).backgroundImage"
    assert await empty.evaluate(pattern) == "none"
    assert await null.evaluate(pattern) != "none"


async def test_keys_reach_the_last_of_100_000_rows(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: GridView(client.push(numbers(100_000), "many")))
    await page.locator("regular-table").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("rowheader", name="99999", exact=True)).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("cell", name="100004", exact=True)).to_be_in_viewport(ratio=1)
    await page.screenshot(path=artifact("grid-last-row.png"))
    await page.keyboard.press("Home")
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_in_viewport()


async def test_arrows_go_by_a_row_and_pages_by_a_screen(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: GridView(client.push(numbers(5_000), "many")))
    await page.locator("regular-table").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(".pnx-position")).to_have_text("rows 1–13")
    await page.keyboard.press("PageDown")
    await expect(page.locator(".pnx-position")).to_have_text("rows 12–24")
    await page.keyboard.press("PageUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(".pnx-position")).to_have_text("rows 0–12")


async def test_columns_beyond_the_cell_are_reached(page: Page, client: Client, show: Any) -> None:
    await show(lambda: GridView(client.push(numbers(50, columns=120), "wide")))
    await expect(page.get_by_role("columnheader", name="c0", exact=True)).to_be_visible()
    await page.locator("regular-table").hover()
    last = page.get_by_role("columnheader", name="c119", exact=True)
    async with asyncio.timeout(20):
        while not await last.is_visible():
            await page.mouse.wheel(1000, 0)
    await page.mouse.wheel(1000, 0)
    await expect(last).to_be_in_viewport(ratio=1)


async def test_a_long_drag_asks_for_few_pages(
    page: Page, client: Client, show: Any, kernel: Kernel
) -> None:
    await show(lambda: GridView(client.push(numbers(100_000), "many")))
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_visible()
    kernel.pause()
    asked = len(kernel.commands)
    table = page.locator("regular-table")
    drag = "(table, part) => { table.scrollTop = table.scrollHeight * part }"
    for tenth in range(1, 11):
        await table.evaluate(drag, tenth / 10)
        await expect(page.locator(".pnx-position")).to_have_text("Loading…")
        await table.evaluate("table => table.flush()")
    kernel.resume()
    await expect(page.get_by_role("rowheader", name="99999", exact=True)).to_be_visible()
    await expect(page.get_by_role("cell", name="100004", exact=True)).to_be_visible()
    assert len(kernel.commands) - asked <= 6


async def test_while_the_kernel_is_busy_the_table_still_scrolls(
    page: Page, client: Client, show: Any, kernel: Kernel
) -> None:
    await show(lambda: GridView(client.push(numbers(5_000), "many")))
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_visible()
    kernel.pause()
    await page.locator("regular-table").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("rowheader", name="4999", exact=True)).to_be_visible()
    await expect(page.locator(".pnx-grid")).to_have_attribute("aria-busy", "true")
    kernel.resume()
    await expect(page.get_by_role("cell", name="5004", exact=True)).to_be_visible()
    await expect(page.locator(".pnx-grid")).to_have_attribute("aria-busy", "false")


async def test_what_went_wrong_is_said_and_can_be_tried_again(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    grid = client.push(numbers(5_000), "many")
    await show(lambda: GridView(grid))
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_visible()
    await asyncio.to_thread(grid.trash)
    await page.locator("regular-table").focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("alert")).not_to_be_empty()
    await page.screenshot(path=artifact("grid-error.png"))
    await asyncio.to_thread(grid.restore)
    again = page.get_by_role("button", name="Try again")
    await again.click()
    await expect(page.get_by_role("cell", name="5004", exact=True)).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_empty()
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


async def test_two_columns_of_one_name_are_two_columns(
    page: Page, client: Client, show: Any
) -> None:
    frame = pd.DataFrame([[1, "a"], [2, "b"]], columns=["same", "same"])
    await show(lambda: GridView(client.push(frame, "twins")))
    await expect(page.get_by_role("row", name="1 2 b")).to_be_visible()
    await expect(page.locator("thead tr").first.locator("th")).to_have_count(3)


async def test_the_table_follows_the_reader_into_the_dark(
    page: Page, client: Client, show: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    frame = pd.concat([SALES] * 30, ignore_index=True)
    await show(lambda: GridView(client.push(frame, "sales/2026")))
    await expect(page.get_by_role("rowheader", name="0", exact=True)).to_be_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await is_dark(page.locator("td").first) == (scheme == "dark")
        await page.screenshot(path=artifact(f"grid-{scheme}.png"))
