"""Rows and columns of a grid: added, deleted, named, moved, and a grid that others changed."""

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

    from playwright.async_api import Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")


def sales(rows: int = 30) -> pd.DataFrame:
    stores = [["Köln", "Bonn", "Aachen"][row % 3] for row in range(rows)]
    return pd.DataFrame({"store": stores, "sold": range(100, 100 + rows), "open": True})


@pytest.fixture
def grid(client: Client) -> Any:
    return client.push(sales(), "sales/2026")


def names(view: GridView) -> list[str]:
    return [column["name"] for column in view.columns]


async def test_a_row_is_added_filled_and_taken_away(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await page.get_by_role("button", name="Add row").click()
    await expect(cell(30, 0)).to_be_focused()
    await page.keyboard.type("Ulm")
    await page.keyboard.press("Enter")
    await until(lambda: view.frame["store"].iloc[-1] == "Ulm")
    colour = "cell => getComputedStyle(cell).backgroundColor"
    await cell(29, 1).hover()
    old = await cell(29, 1).evaluate(colour)
    await cell(30, 1).hover()
    assert await cell(30, 1).evaluate(colour) != old
    await cell(30, -1).click(button="right")
    await page.get_by_role("menuitem", name="Delete row").click()
    await until(lambda: len(view.frame) == 30)
    await expect(page.locator(".pnx-footer")).to_contain_text("30 rows")


async def test_rows_are_inserted_above_and_below_as_many_as_are_selected(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(2, -1).click()
    await cell(4, -1).click(modifiers=["Shift"])
    await page.keyboard.press("Shift+F10")
    await page.get_by_role("menuitem", name="Insert 3 rows above").click()
    await until(lambda: len(view.frame) == 33)
    assert list(view.frame["sold"].isna()[:6]) == [False, False, True, True, True, False]
    await page.keyboard.press("Control+z")
    await until(lambda: len(view.frame) == 30)


async def test_a_column_is_added_named_and_deleted(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await page.get_by_role("button", name="Add column").click()
    await page.get_by_label("Name", exact=True).fill("sold")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("sold")
    await page.get_by_label("Name", exact=True).fill("price")
    await page.get_by_label("Type").select_option("number")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(cell(-1, 3)).to_have_text("price")
    await expect(cell(0, 3)).to_be_focused()
    await page.keyboard.type("2.5")
    await page.keyboard.press("Enter")
    await until(lambda: view.frame["price"][0] == 2.5)
    await page.keyboard.press("Alt+ArrowDown")
    await page.get_by_role("menuitem", name="Delete column").click()
    await until(lambda: names(view) == ["store", "sold", "open"])


async def test_a_column_is_renamed_by_key_and_by_double_click(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.press("ArrowUp")
    await expect(cell(-1, 1)).to_be_focused()
    await page.keyboard.press("F2")
    field = page.get_by_role("textbox", name="Name of sold")
    await field.fill("store")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pnx-editor [role=alert]")).to_contain_text("store")
    await expect(field).to_have_value("store")
    await field.fill("ordered")
    await page.keyboard.press("Enter")
    await expect(cell(-1, 1)).to_have_text("ordered")
    await cell(-1, 0).locator(".pnx-name").dblclick()
    await page.get_by_role("textbox", name="Name of store").fill("shop")
    await page.keyboard.press("Enter")
    await until(lambda: names(view) == ["shop", "ordered", "open"])


async def test_a_column_is_moved_by_key_and_by_dragging(
    *,
    page: Page,
    grid: Any,
    show: Any,
    cell: Any,
    until: Any,
    artifact: Callable[[str], Path],
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 0).click()
    await page.keyboard.press("Alt+Shift+ArrowRight")
    await until(lambda: names(view) == ["sold", "store", "open"])
    await expect(cell(0, 1)).to_be_focused()
    await expect(cell(0, 1)).to_have_text("Köln")
    start, end = await cell(-1, 1).bounding_box(), await cell(-1, 2).bounding_box()
    await page.mouse.move(start["x"] + 20, start["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] - 10, end["y"] + 10, steps=5)
    await page.screenshot(path=artifact("grid-drag-column.png"))
    await page.mouse.up()
    await until(lambda: names(view) == ["sold", "open", "store"])


async def test_a_conflict_is_shown_and_mine_can_be_kept(
    *,
    page: Page,
    client: Client,
    grid: Any,
    show: Any,
    cell: Any,
    until: Any,
    artifact: Callable[[str], Path],
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.type("7")
    await page.keyboard.press("Enter")
    await until(lambda: view.pending["total"] == 1)
    theirs = sales().assign(store="Ulm")
    await asyncio.to_thread(client.push, theirs, "sales/2026")
    await page.get_by_role("button", name="Save 1 change").click()
    notice = page.locator(".pnx-notices")
    await expect(notice).to_contain_text("changed")
    await page.screenshot(path=artifact("grid-conflict.png"))
    assert list(client.pull("sales/2026")["sold"][:2]) == [100, 101]
    await notice.get_by_role("button", name="Save mine too").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(notice).to_be_empty()
    await expect(cell(0, 0)).to_have_text("Ulm")
    saved = await asyncio.to_thread(client.pull, "sales/2026")
    assert saved.iloc[0].to_list() == ["Ulm", 7, True]


async def test_a_conflict_can_be_ended_by_dropping_mine(
    *,
    page: Page,
    client: Client,
    grid: Any,
    show: Any,
    cell: Any,
    until: Any,
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.type("7")
    await page.keyboard.press("Enter")
    await until(lambda: view.pending["total"] == 1)
    await asyncio.to_thread(client.push, sales(5), "sales/2026")
    await page.keyboard.press("Control+s")
    drop = page.get_by_role("button", name="Drop my changes")
    await drop.click()
    await expect(page.locator(".pnx-notices")).to_be_empty()
    await expect(page.locator(".pnx-footer")).to_contain_text("5 rows")
    await expect(cell(0, 1)).to_have_text("100")
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
