"""Sorting, filtering, finding and summing up in a grid."""

from __future__ import annotations

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


@pytest.fixture
def grid(client: Client) -> Any:
    stores = [["Köln", "Bonn", None][row % 3] for row in range(60)]
    return client.push(
        pd.DataFrame({"store": stores, "sold": [row * 37 % 61 for row in range(60)]}), "sales"
    )


async def test_a_column_is_sorted_from_its_menu(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(-1, 1).hover()
    await page.get_by_role("button", name="Menu of sold").click()
    await page.get_by_role("menuitem", name="Sort largest first").click()
    await expect(cell(0, 1)).to_have_text("60")
    await expect(cell(-1, 1)).to_have_attribute("aria-sort", "descending")
    await cell(0, 0).click()
    await page.keyboard.press("Alt+ArrowDown")
    await page.get_by_role("menuitem", name="Then A to Z").click()
    await expect(page.locator(".pnx-chip")).to_have_count(2)
    assert [sort["descending"] for sort in view.arrangement["sort"]] == [True, False]
    await page.get_by_role("button", name="Remove: ↓ sold").click()
    await expect(cell(0, 0)).to_have_text("Bonn")
    await page.get_by_role("button", name="Remove: ↑ store").click()
    await expect(cell(0, 1)).to_have_text("0")
    await expect(page.locator(".pnx-chip")).to_have_count(0)


async def test_rows_that_are_not_sorted_yet_are_not_taken_for_sorted(
    page: Page, grid: Any, show: Any, kernel: Kernel, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.press("Alt+ArrowDown")
    kernel.pause()
    await page.get_by_role("menuitem", name="Sort largest first").click()
    await expect(page.get_by_text("Working…")).to_be_visible()
    await expect(page.locator(".pnx-grid tbody")).to_have_css("opacity", "0.4")
    kernel.resume()
    await expect(cell(0, 1)).to_have_text("60")
    await expect(page.get_by_text("Working…")).to_be_hidden()
    await expect(page.locator(".pnx-grid tbody")).to_have_css("opacity", "1")


async def test_the_menu_of_a_column_takes_its_sort_and_filter_away(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    def arranged() -> GridView:
        view = GridView(grid)
        uid = view.columns[1]["uid"]
        sort = [{"column": uid, "descending": True}]
        filters = [{"column": uid, "op": "≥", "value": "50"}]
        assert view._arrange({"sort": sort, "filters": filters}, [])[0]["ok"]
        return view

    view = await show(arranged)
    await cell(0, 0).click()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.get_by_role("menuitem", name="Remove")).to_have_count(0)
    await page.keyboard.press("Escape")
    for what in ("sort", "filter"):
        await cell(0, 1).click()
        await page.keyboard.press("Alt+ArrowDown")
        await page.get_by_role("menuitem", name=f"Remove {what}").click()
        await expect(page.locator(".pnx-chip")).to_have_count(1 if what == "sort" else 0)
    assert view.arrangement == {"sort": [], "filters": []}
    await expect(page.locator(".pnx-footer")).to_contain_text("60 rows × 2 columns")


async def test_rows_are_filtered_and_shown_again(
    page: Page, grid: Any, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.get_by_role("button", name="Filter").click()
    await page.get_by_label("Condition").select_option("≥")
    await page.get_by_label("Value", exact=True).fill("many")
    await page.get_by_label("Value", exact=True).press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("many")
    await page.get_by_label("Value", exact=True).fill("50")
    await page.get_by_label("Value", exact=True).press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".pnx-footer")).to_contain_text("of 60 rows")
    await page.screenshot(path=artifact("grid-filtered.png"))
    shown = view.row_count
    assert 0 < shown < 60
    await page.get_by_role("button", name="Filter").click()
    await page.get_by_role("combobox", name="Column").select_option("store")
    await page.get_by_label("Condition").select_option("one of")
    await page.get_by_label("Value", exact=True).fill("Köln\nUlm")
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator(".pnx-chip")).to_have_count(2)
    assert set(view.frame["store"].iloc[view.selection.rows]) <= {"Köln"}
    await page.get_by_role("button", name="Remove: store one of Köln, Ulm").click()
    await page.get_by_role("button", name="Remove: sold ≥ 50").click()
    await expect(page.locator(".pnx-footer")).to_contain_text("60 rows × 2 columns")


async def test_a_filter_that_nothing_passes_says_so(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 0).click()
    await page.keyboard.press("Alt+ArrowDown")
    await page.get_by_role("menuitem", name="Filter…").click()
    await page.get_by_label("Value", exact=True).fill("Ulm")
    await page.get_by_label("Value", exact=True).press("Enter")
    await expect(page.get_by_text("No rows pass the filters.")).to_be_visible()
    await expect(page.locator(".pnx-footer")).to_contain_text("0 of 60 rows")
    await page.get_by_role("button", name="Remove: store = Ulm").click()
    await expect(cell(0, 0)).to_have_text("Köln")


async def test_text_is_found_forwards_and_backwards(
    page: Page, grid: Any, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 0).click()
    await page.keyboard.press("Control+f")
    field = page.get_by_role("searchbox", name="Find")
    await expect(field).to_be_focused()
    await page.keyboard.type("köln")
    await page.keyboard.press("Enter")
    await expect(cell(3, 0)).to_have_attribute("aria-selected", "true")
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(cell(6, 0)).to_have_attribute("aria-selected", "true")
    await page.screenshot(path=artifact("grid-find.png"))
    await page.get_by_role("button", name="Previous").click()
    await expect(cell(3, 0)).to_have_attribute("aria-selected", "true")
    await field.fill("Ulm")
    await field.press("Enter")
    await expect(page.get_by_text("Not found.")).to_be_visible()
    await field.press("Escape")
    await expect(field).to_be_hidden()
    await expect(cell(3, 0)).to_be_focused()


async def test_a_column_is_summed_up(
    page: Page, grid: Any, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.press("Alt+ArrowDown")
    await page.get_by_role("menuitem", name="Summary").click()
    summary = page.get_by_role("dialog", name="Summary of sold")
    await expect(summary).to_contain_text("distinct60")
    await expect(summary.get_by_role("img", name="Histogram from 0 to 60")).to_be_visible()
    await page.screenshot(path=artifact("grid-summary.png"))
    await page.keyboard.press("Escape")
    await expect(cell(0, 1)).to_be_focused()
    await cell(0, 0).click()
    await page.keyboard.press("Alt+ArrowDown")
    await page.get_by_role("menuitem", name="Summary").click()
    summary = page.get_by_role("dialog", name="Summary of store")
    await expect(summary.get_by_role("listitem").filter(has_text="Köln")).to_contain_text("20")
    await expect(summary).to_contain_text("nulls20")
    await summary.get_by_role("button", name="Close").click()
    await expect(summary).to_have_count(0)


async def test_a_menu_is_gone_through_by_keys(page: Page, grid: Any, show: Any, cell: Any) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 0).click()
    await page.keyboard.press("Shift+F10")
    item = page.get_by_role("menuitem")
    await expect(item.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(item.nth(1)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(item.last).to_be_focused()
    await page.keyboard.press("d")
    await expect(page.get_by_role("menuitem", name="Delete row")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(item).to_have_count(0)
    await expect(cell(0, 0)).to_be_focused()


async def test_the_menu_of_a_cell_out_of_view_brings_it_into_view(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(1, 1).click()
    await page.mouse.wheel(0, 1_000)
    await expect(cell(1, 1)).to_have_count(0)
    await page.keyboard.press("Shift+F10")
    await expect(page.get_by_role("menu")).to_be_visible()
    menu, box = await page.get_by_role("menu").bounding_box(), await cell(1, 1).bounding_box()
    assert menu["x"] == pytest.approx(box["x"], abs=2)
