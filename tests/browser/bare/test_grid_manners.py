"""What a GridView does as people know it from spreadsheets, in a page without Jupyter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from playwright.async_api import expect

from plotly_nbext.notebook.widgets import GridView

if TYPE_CHECKING:
    from conftest import Kernel
    from playwright.async_api import Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASTE = """([text, html]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  clipboardData.setData("text/html", html);
  const init = { clipboardData, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
}"""


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


async def test_a_click_on_save_says_so_and_leaves_the_focus_in_the_cells(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(1, 1).dblclick()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("7")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await expect(cell(1, 1)).to_be_focused()
    await page.get_by_role("button", name="Undo").click()
    await expect(cell(1, 1)).to_have_text("101")
    await expect(page.get_by_text("Saved.")).to_be_hidden()
    await expect(page.get_by_role("button", name="Save 1 change")).to_be_enabled()


@pytest.mark.parametrize("width", [1100, 420])
async def test_no_button_moves_while_the_grid_is_edited_and_saved(
    *, page: Page, grid: Any, show: Any, cell: Any, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 600})
    await show(lambda: GridView(grid))
    buttons = page.locator(".pnx-toolbar button")
    boxes = "buttons => buttons.map((button) => JSON.stringify(button.getBoundingClientRect()))"
    await cell(0, 1).click()
    before = await buttons.evaluate_all(boxes)
    await page.evaluate(PASTE, ["\n".join(map(str, range(1_500))), ""])
    await expect(page.get_by_role("button", name="Undo: ")).to_be_enabled()
    await expect(page.get_by_role("button", name="Save", exact=False)).to_be_enabled()
    assert await buttons.evaluate_all(boxes) == before
    await page.keyboard.press("Control+s")
    await expect(page.locator(".pnx-said", has_text="Saved.")).to_have_count(1)
    assert await buttons.evaluate_all(boxes) == before


async def test_escape_lets_tab_leave_the_cells_in_both_ways(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    for keys in ("Tab", "Shift+Tab"):
        await cell(1, 1).click()
        await page.keyboard.press("Escape")
        await page.keyboard.press(keys)
        assert not await page.evaluate("!!document.activeElement.closest('regular-table')")


async def test_undo_and_save_keys_work_from_the_toolbar_too(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.keyboard.press("Delete")
    await expect(cell(0, 1)).to_have_attribute("aria-label", "null")
    await page.get_by_role("button", name="Find").focus()
    await page.keyboard.press("Control+z")
    await expect(cell(0, 1)).to_have_text("100")


async def test_a_text_of_several_lines_has_one_row_and_is_edited_as_it_is(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    frame = pd.DataFrame({"two\nlines": ["a\r\nb\nc", "d"]})
    view = await show(lambda: GridView(client.push(frame, "notes")))
    await expect(cell(0, 0)).to_have_text("a↵b↵c")
    assert (await cell(0, 0).bounding_box())["height"] == 26
    assert (await cell(-1, 0).bounding_box())["height"] == 26
    await cell(0, 0).dblclick()
    await expect(page.get_by_role("textbox")).to_have_value("a\nb\nc")
    await page.keyboard.press("Enter")
    await expect(cell(1, 0)).to_be_focused()
    assert view.pending["total"] == 0


async def test_what_sheets_and_excel_copy_is_pasted_as_text(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(1, 0).click()
    text = '"two\nlines, ""quoted"""\t7\r\nplain\t8\r\n'
    await page.evaluate(PASTE, [text, "<table><td>of HTML</td></table>"])
    await expect(cell(1, 0)).to_have_text('two↵lines, "quoted"')
    await expect(cell(2, 0)).to_have_text("plain")
    await expect(cell(2, 1)).to_have_text("8")
    await expect(page.locator(".pnx-footer")).to_contain_text("2 rows × 2 columns selected")


async def test_a_long_paste_leaves_the_view_where_it_begins(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(1, 1).click()
    await page.evaluate(PASTE, ["\n".join(map(str, range(10_000))), ""])
    await expect(page.locator(".pnx-footer")).to_contain_text("10,001 rows × 3 columns")
    await expect(page.locator(".pnx-footer")).to_contain_text("10,000 rows × 1 column selected")
    await expect(cell(1, 1)).to_have_text("0")
    await expect(cell(1, 1)).to_be_focused()


async def test_a_change_is_marked_in_far_rows_too(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(client.push(sales(900), "long")))
    await cell(0, 1).click()
    await page.keyboard.press("Control+End")
    await expect(cell(899, 2)).to_be_focused()
    corner = "cell => getComputedStyle(cell).backgroundImage"
    assert await cell(899, 2).evaluate(corner) == "none"
    await page.keyboard.type("1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Save 1 change")).to_be_enabled()
    await expect(cell(899, 2)).not_to_have_css("background-image", "none")


async def test_escape_lets_go_of_a_column_that_is_dragged(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    start, end = await cell(-1, 0).bounding_box(), await cell(-1, 2).bounding_box()
    await page.mouse.move(start["x"] + 20, start["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] - 12, end["y"] + 10, steps=4)
    await expect(page.locator(".pnx-drop")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".pnx-drop")).to_be_hidden()
    await page.mouse.up()
    await cell(0, 0).click()
    await expect(cell(-1, 0)).to_have_text("store")
    assert view.pending["total"] == 0


async def test_what_is_wrong_with_a_text_is_read_in_a_narrow_page(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    await page.set_viewport_size({"width": 320, "height": 600})
    frame = pd.DataFrame({"id": [1, 2, 3], "month": pd.date_range("2026-01-01", periods=3)})
    await show(lambda: GridView(client.push(frame, "months")))
    await cell(0, 1).click()
    await page.keyboard.type("nonsense")
    await page.keyboard.press("Enter")
    problem = page.locator(".pnx-editor [role=alert]")
    await expect(problem).to_contain_text("nonsense")
    await expect(problem).to_be_in_viewport(ratio=1)
    box, around = await problem.bounding_box(), await page.locator(".pnx-stage").bounding_box()
    assert box
    assert around
    assert box["x"] >= around["x"]
    assert box["x"] + box["width"] <= around["x"] + around["width"]


async def test_a_second_view_selects_along_and_stays_where_it_is_scrolled_to(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: GridView(client.push(sales(900), "long")))
    await page.evaluate("window.showWidget()")
    views = page.locator(".pnx-grid")
    await expect(views).to_have_count(2)
    first, second = views.nth(0), views.nth(1)
    await expect(second.get_by_role("gridcell", name="100", exact=True)).to_be_visible()
    await first.get_by_role("gridcell", name="100", exact=True).click()
    await page.keyboard.press("Control+End")
    await page.keyboard.press("Shift+ArrowUp")
    for view in (first, second):
        await expect(view.locator(".pnx-footer")).to_contain_text("2 rows × 1 column selected")
    await expect(first.locator(".pnx-position")).to_have_text("rows 888–899")
    await expect(second.locator(".pnx-position")).to_have_text("rows 0–11")


async def test_nothing_is_asked_for_until_the_grid_is_about_to_be_seen(
    page: Page, grid: Any, show: Any, kernel: Kernel, cell: Any
) -> None:
    await page.evaluate("document.body.style.paddingTop = '3000px'")
    await show(lambda: GridView(grid))
    await expect(page.locator("regular-table")).to_have_css("height", "364px")
    assert kernel.commands == []
    await page.mouse.move(100, 100)
    await page.evaluate("scrollTo(0, 2600)")
    await expect(cell(0, 1)).to_have_text("100")


async def test_a_grid_in_a_closed_tab_is_drawn_when_the_tab_is_opened(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await page.evaluate("document.body.style.display = 'none'")
    await show(lambda: GridView(grid))
    await page.evaluate("document.body.style.display = ''")
    await expect(cell(0, 1)).to_have_text("100")
    await expect(cell(0, 2)).to_be_visible()


async def test_a_kernel_that_takes_long_is_said_to(
    page: Page, grid: Any, show: Any, kernel: Kernel, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 1).click()
    kernel.pause()
    await page.keyboard.type("7")
    await page.keyboard.press("Enter")
    await expect(cell(0, 1)).to_have_text("7")
    await expect(page.get_by_text("Waiting for the kernel…")).to_be_visible()
    kernel.resume()
    await expect(page.get_by_text("Waiting for the kernel…")).to_be_hidden()
    await expect(page.get_by_role("button", name="Save 1 change")).to_be_enabled()


async def test_a_pasted_image_empties_no_cell(
    page: Page, grid: Any, show: Any, cell: Any, until: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await cell(0, 1).click()
    await page.evaluate(PASTE, ["", "<img>"])
    await cell(1, 1).click()
    await page.keyboard.press("Delete")  # comes after what was pasted
    await until(lambda: view.pending["total"] > 0)
    assert list(view.frame["sold"].isna()[:2]) == [False, True]


async def test_a_closed_view_leaves_nothing_behind(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await expect(cell(0, 1)).to_have_text("100")
    assert await page.evaluate("window.listenersOfModel()") > 0
    await page.evaluate("window.closeWidget()")
    assert await page.evaluate("window.listenersOfModel()") == 0
    assert await page.evaluate("document.adoptedStyleSheets.length") == 0


async def test_a_composed_first_character_is_not_lost(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await cell(0, 0).click()
    session = await page.context.new_cdp_session(page)
    stroke = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process", "code": "KeyK"}
    await session.send("Input.dispatchKeyEvent", stroke)
    for text in ("k", "か", "かん"):
        ends = {"selectionStart": len(text), "selectionEnd": len(text)}
        await session.send("Input.imeSetComposition", {"text": text, **ends})
    await session.send("Input.insertText", {"text": "漢"})
    await expect(page.get_by_role("textbox", name="store, row 0")).to_have_value("漢")
    await page.keyboard.press("Enter")
    await expect(cell(0, 0)).to_have_text("漢")
