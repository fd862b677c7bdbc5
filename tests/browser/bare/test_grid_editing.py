"""A grid is edited as a spreadsheet, by keyboard alone and by mouse alone."""

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
    from playwright.async_api import BrowserContext, Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")


def sales(rows: int = 30) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "store": [["Köln", "Bonn", "Aachen"][row % 3] for row in range(rows)],
            "sold": range(100, 100 + rows),
            "total": [row / 4 for row in range(rows)],
        }
    )


@pytest.fixture
def grid(client: Client) -> Any:
    return client.push(sales(), "sales/2026")


def stored(client: Client, column: str = "sold") -> list[Any]:
    return list(client.pull("sales/2026")[column])


async def test_by_keyboard_alone_a_cell_is_changed_saved_and_undone(
    page: Page, client: Client, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("Köln")
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await cell(0, 0).evaluate("cell => cell === document.activeElement"):
            break
    await page.keyboard.press("ArrowRight")
    await page.keyboard.type("7")
    await page.keyboard.press("Enter")
    await expect(cell(0, 1)).to_have_text("7")
    await expect(cell(1, 1)).to_be_focused()
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert (await asyncio.to_thread(stored, client))[:2] == [7, 101]
    await page.keyboard.type("8")
    await page.keyboard.press("Enter")
    await expect(cell(1, 1)).to_have_text("8")
    await page.keyboard.press("Control+z")
    await expect(cell(1, 1)).to_have_text("101")
    await expect(cell(1, 1)).to_be_focused()
    await page.keyboard.press("Control+Shift+z")
    await expect(cell(1, 1)).to_have_text("8")
    assert view.pending["total"] == 1


async def test_by_mouse_alone_a_cell_is_changed_saved_and_undone(
    *,
    page: Page,
    context: BrowserContext,
    client: Client,
    grid: Any,
    show: Any,
    cell: Any,
) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await show(lambda: GridView(grid))
    await cell(3, 1).click(button="right")
    await page.get_by_role("menuitem", name="Copy", exact=False).first.click()
    await expect(page.get_by_text("Copied.")).to_be_attached()
    await cell(0, 1).click(button="right")
    await page.get_by_role("menuitem", name="Paste").click()
    await expect(cell(0, 1)).to_have_text("103")
    await page.get_by_role("button", name="Save 1 change").click()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert (await asyncio.to_thread(stored, client))[0] == 103
    await cell(1, 0).click()
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Clear").click()
    await expect(cell(1, 0)).to_have_attribute("aria-label", "null")
    await page.get_by_role("button", name="Undo").click()
    await expect(cell(1, 0)).to_have_text("Bonn")


async def test_a_wrong_text_stays_at_its_cell_and_says_why(
    page: Page, grid: Any, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(2, 1).click()
    await page.keyboard.type("many")
    await page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="sold, row 2")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("many")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(page.locator(".pnx-editor [role=alert]")).to_contain_text("integer")
    await page.screenshot(path=artifact("grid-wrong.png"))
    await cell(5, 0).click()
    await expect(cell(2, 1)).to_have_text("many")
    await expect(cell(2, 1)).to_have_attribute("aria-invalid", "true")
    await cell(2, 1).dblclick()
    await expect(field).to_have_value("many")
    await page.keyboard.type("12")
    await page.keyboard.press("Enter")
    await expect(cell(2, 1)).to_have_text("12")
    await expect(cell(2, 1)).not_to_have_attribute("aria-invalid", "true")
    assert list(view.frame["sold"][:4]) == [100, 101, 12, 103]


async def test_escape_brings_back_what_was_there(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(2, 0).click()
    await page.keyboard.type("Ulm")
    await page.keyboard.press("Escape")
    await expect(cell(2, 0)).to_have_text("Aachen")
    await expect(cell(2, 0)).to_be_focused()
    await page.keyboard.press("F2")
    field = page.get_by_role("textbox", name="store, row 2")
    await expect(field).to_have_value("Aachen")
    await page.keyboard.press("Enter")
    await expect(cell(3, 0)).to_be_focused()
    assert view.pending["total"] == 0


async def test_tab_fills_a_row_and_enter_begins_the_next(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 0).click()
    for text in ("Ulm", "1", "2.5"):
        await page.keyboard.type(text)
        await page.keyboard.press("Enter" if text == "2.5" else "Tab")
    await expect(cell(1, 0)).to_be_focused()
    await page.keyboard.type("Trier")
    await page.keyboard.press("Shift+Enter")
    await expect(cell(0, 0)).to_be_focused()
    await until(lambda: view.pending["cells"] == 4)
    assert view.frame.iloc[0].to_list() == ["Ulm", 1, 2.5]
    assert view.frame["store"][1] == "Trier"


async def test_what_is_typed_while_the_kernel_is_busy_is_not_lost(
    *,
    page: Page,
    grid: Any,
    show: Any,
    cell: Any,
    until: Any,
    kernel: Kernel,
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    kernel.pause()
    for text in ("1", "x", "3"):
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
    await page.keyboard.type("4")
    await expect(cell(2, 1)).to_have_text("3")
    kernel.resume()
    await expect(cell(1, 1)).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("textbox", name="sold, row 3")).to_have_value("4")
    await page.keyboard.press("Enter")
    await until(lambda: view.pending["cells"] == 3)
    assert list(view.frame["sold"][:5]) == [1, 101, 3, 4, 104]


async def test_a_block_is_pasted_and_copied_as_excel_does(
    page: Page, context: BrowserContext, grid: Any, show: Any, cell: Any
) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = await show(lambda: GridView(grid))
    await page.evaluate(
        "navigator.clipboard.writeText('Ulm\\t1\\t0.5\\r\\n\"a\\tb\"\\t2\\t1.5\\r\\n')"
    )
    await cell(0, 0).click()
    await page.keyboard.press("Control+End")
    await page.keyboard.press("Home")
    await expect(cell(29, 0)).to_be_focused()
    await page.keyboard.press("Control+v")
    await expect(cell(30, 0)).to_have_text("a\tb")
    await expect(page.locator(".pnx-selected-size")).to_have_text("2 rows × 3 columns selected")
    assert len(view.frame) == 31
    await page.keyboard.press("Control+c")
    await expect(page.get_by_text("Copied.")).to_be_attached()
    text = await page.evaluate("navigator.clipboard.readText()")
    assert text.splitlines() == ["Ulm\t1\t0.5", '"a\tb"\t2\t1.5']
    await page.keyboard.press("Control+z")
    await expect(page.locator(".pnx-footer")).to_contain_text("30 rows")


async def test_a_paste_that_can_t_be_is_refused_as_a_whole(
    page: Page, context: BrowserContext, grid: Any, show: Any, cell: Any
) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = await show(lambda: GridView(grid))
    await page.evaluate("navigator.clipboard.writeText('1\\nmany')")
    await cell(0, 1).click()
    await page.keyboard.press("Control+v")
    await expect(page.locator(".pnx-notices")).to_contain_text("many")
    assert view.pending["total"] == 0
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator(".pnx-notices")).to_be_empty()
    await expect(cell(0, 1)).to_be_focused()


async def test_a_value_fills_a_selection_and_delete_empties_it(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(1, 1).click()
    await cell(4, 1).click(modifiers=["Shift"])
    await page.keyboard.press("Control+d")
    await expect(cell(4, 1)).to_have_text("101")
    assert list(view.frame["sold"][:6]) == [100, 101, 101, 101, 101, 105]
    await page.keyboard.press("Delete")
    await expect(cell(4, 1)).to_have_attribute("aria-label", "null")
    assert list(view.frame["sold"].isna()[:6]) == [False, True, True, True, True, False]


async def test_a_text_of_several_lines_is_edited_as_it_is(
    page: Page, client: Client, show: Any, cell: Any, until: Any
) -> None:
    frame = pd.DataFrame({"note": ["one\ntwo", "x" * 500]})
    view = await show(lambda: GridView(client.push(frame, "notes")))
    await cell(0, 0).dblclick()
    field = page.get_by_role("textbox", name="note, row 0")
    await expect(field).to_have_value("one\ntwo")
    await page.keyboard.press("Alt+Enter")
    await page.keyboard.type("three")
    await page.keyboard.press("Enter")
    await until(lambda: view.pending["total"] == 1)
    assert view.frame["note"][0] == "one\ntwo\nthree"
    await page.keyboard.press("F2")
    await expect(page.get_by_role("textbox", name="note, row 1")).to_have_value("x" * 500)


async def test_the_end_of_a_long_text_is_not_lost_while_the_kernel_is_busy(
    *, page: Page, client: Client, show: Any, cell: Any, until: Any, kernel: Kernel
) -> None:
    view = await show(lambda: GridView(client.push(pd.DataFrame({"note": ["x" * 500]}), "notes")))
    await cell(0, 0).click()
    kernel.pause()
    await page.keyboard.press("F2")
    field = page.get_by_role("textbox", name="note, row 0")
    await page.keyboard.type("y")
    await expect(field).to_have_value("x" * 199 + "…")
    kernel.resume()
    await expect(field).to_have_value("x" * 500)
    await page.keyboard.type("z")
    await page.keyboard.press("Enter")
    await until(lambda: view.pending["total"] == 1)
    assert view.frame["note"][0] == "x" * 500 + "z"


async def test_a_text_that_was_refused_is_not_shown_in_the_row_that_a_sort_puts_there(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(2, 1).click()
    await page.keyboard.type("many")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pnx-editor [role=alert]")).to_contain_text("integer")
    await cell(-1, 1).hover()
    await page.get_by_role("button", name="Menu of sold").click()
    await page.get_by_role("menuitem", name="Sort largest first").click()
    await expect(cell(0, 1)).to_have_text("129")
    await expect(cell(2, 1)).to_have_text("127")
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()


async def test_a_save_leads_to_the_cell_whose_text_was_refused(
    page: Page, client: Client, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 1).dblclick()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("7")
    await cell(2, 1).dblclick()
    await page.keyboard.type("many")
    await cell(5, 1).click()
    await page.get_by_role("button", name="Save 1 change").click()
    await expect(page.locator(".pnx-editor [role=alert]")).to_contain_text("integer")
    await expect(page.locator(".pnx-editor textarea")).to_have_value("102many")
    await expect(page.get_by_text("All else is saved.")).to_be_visible()
    assert (await asyncio.to_thread(stored, client))[:3] == [7, 101, 102]
    await page.keyboard.press("Escape")
    await expect(cell(2, 1)).to_have_text("102")


async def test_what_is_still_being_typed_is_saved_by_the_button(
    page: Page, client: Client, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(4, 1).click()
    await page.keyboard.type("77")
    await page.get_by_role("button", name="Save").click()
    await expect(cell(4, 1)).to_have_text("77")
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert (await asyncio.to_thread(stored, client))[4] == 77


async def test_revert_asks_once_and_drops_what_is_not_saved(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.press("Delete")
    await until(lambda: view.pending["total"] == 1)
    await page.get_by_role("button", name="Revert").click()
    await page.keyboard.press("Escape")
    assert view.pending["total"] == 1
    await page.get_by_role("button", name="Revert").click()
    await page.get_by_role("menuitem", name="Drop 1 change").click()
    await expect(cell(0, 1)).to_have_text("100")
    await expect(page.get_by_role("button", name="Revert")).to_be_disabled()


async def test_a_read_only_grid_offers_no_change(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid, read_only=True))
    await cell(0, 0).click()
    await page.keyboard.type("Ulm")
    await page.keyboard.press("Delete")
    await cell(0, 0).dblclick()
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await expect(cell(0, 0)).to_have_text("Köln")
    await expect(page.get_by_role("button", name="Save")).to_have_count(0)
    await cell(0, 0).click(button="right")
    await expect(page.get_by_role("menuitem", name="Copy", exact=False).first).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Paste")).to_have_count(0)
    assert view.pending["total"] == 0


async def test_keys_typed_in_the_grid_reach_nothing_around_it(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await page.evaluate(
        "window.heard = []; addEventListener('keydown', event => heard.push(event.key))"
    )
    await cell(0, 0).click()
    await expect(cell(0, 0)).to_have_attribute("data-lm-suppress-shortcuts", "true")
    for keys in ("Control+s", "ArrowDown", "Delete", "Enter", "Escape", "d", "d", "Escape"):
        await page.keyboard.press(keys)
    assert await page.evaluate("heard.filter(key => key !== 'Control')") == []
