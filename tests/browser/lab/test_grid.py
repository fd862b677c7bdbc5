"""A grid is read and edited in JupyterLab, and another program of the user's sees it saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from .sales import SALES, SHOW, SOLD, STORE, stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

# as Excel puts two rows into the clipboard, the first with a text of two lines
EXCEL = """navigator.clipboard.write([new ClipboardItem({
  "text/plain": new Blob(['"Bad\\nMünstereifel"\\t7\\r\\n"6"" deep"\\t8\\r\\n'],
                         {type: "text/plain"}),
  "text/html": new Blob(["<table><tr><td>Bad<br>Münstereifel</td><td>7</td></tr></table>"],
                        {type: "text/html"}),
})])"""


async def test_a_million_rows_are_scrolled_to_the_last_and_that_is_edited(
    open_notebook: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(
        'frame = pd.DataFrame({f"c{x}": range(x, 1_000_000 + x) for x in range(8)})\n'
        'grid = plotly_nbext.push(frame, "million")',
        SHOW,
    )
    await notebook.run_all()
    table = await notebook.table()
    await expect(table.cell(0, 0)).to_have_text("0")
    await expect(table.footer).to_contain_text("1,000,000 rows × 8 columns")
    await table.cell(0, 0).click()
    await notebook.page.keyboard.press("Control+End")
    await expect(table.cell(999_999, 7)).to_have_text("1000006")
    await expect(table.cell(999_999, 7)).to_be_focused()
    await notebook.page.screenshot(path=artifact("lab-grid-million.png"))
    await notebook.page.keyboard.type("-1")
    await notebook.page.keyboard.press("Enter")
    await table.button("Save 1 change").click()
    await expect(table.button("Save")).to_be_disabled()
    grid = await asyncio.to_thread(elsewhere.grid, "million")
    assert await asyncio.to_thread(grid.window, 999_998, 1_000_000) == [
        *([999_998 + x, 999_999 + x] for x in range(7)),
        [1_000_005, -1],
    ]


async def test_what_stands_in_for_a_widget_is_not_seen_beside_it(open_notebook: Any) -> None:
    long = "#" + "\n" * 40
    notebook = await open_notebook(SALES, long, SHOW, long)
    await notebook.run_all()
    still = notebook.output(3).locator(".jp-RenderedHTML")
    await still.evaluate("table => table.scrollIntoView({ block: 'end' })")
    await expect(still).to_be_hidden()
    table = await notebook.table(3)
    await table.type(0, SOLD, "7")
    await notebook.until("view.pending['total']", "1")
    await expect(still).to_be_hidden()
    (kept,) = (each for each in (await notebook.saved()).cells[3].outputs if "html" in str(each))
    assert ">7<" in kept.data["text/html"]


async def test_what_is_edited_is_sent_by_save_and_not_before(
    open_notebook: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(SALES, SHOW)
    await notebook.run_all()
    table = await notebook.table()
    await table.type(1, STORE, "Ulm")
    await table.type(2, SOLD, "7")
    await expect(table.button("Save 2 changes")).to_be_enabled()
    await notebook.until("view.pending['total']", "2")
    await notebook.page.screenshot(path=artifact("lab-grid-edited.png"))
    before = await stored(elsewhere)
    assert list(before["store"][:3]) == ["Köln", "Bonn", "Aachen"]
    await table.button("Save 2 changes").click()
    await expect(table.button("Save")).to_be_disabled()
    after = await stored(elsewhere)
    assert list(after["store"][:3]) == ["Köln", "Ulm", "Aachen"]
    assert list(after["sold"][:3]) == [100, 101, 7]
    assert after.dtypes.equals(before.dtypes)
    assert await notebook.value("view.changes.total if view.changes else 0") == "0"


async def test_rows_are_pasted_as_excel_copies_them_and_undone_as_one(
    open_notebook: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(SALES, SHOW)
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    await page.evaluate(EXCEL)
    await table.cell(0, STORE).click()
    await page.keyboard.press("Control+v")
    await expect(table.cell(1, STORE)).to_have_text('6" deep')
    await expect(table.cell(1, SOLD)).to_have_text("8")
    await page.screenshot(path=artifact("lab-grid-pasted.png"))
    await page.keyboard.press("Control+z")
    await expect(table.cell(0, STORE)).to_have_text("Köln")
    await expect(table.cell(1, SOLD)).to_have_text("101")
    await expect(table.button("Save")).to_be_disabled()
    await page.keyboard.press("Control+Shift+z")
    await expect(table.cell(1, SOLD)).to_have_text("8")
    await page.keyboard.press("Control+s")
    await expect(table.button("Save")).to_be_disabled()
    saved = await stored(elsewhere)
    assert list(saved["store"][:3]) == ["Bad\nMünstereifel", '6" deep', "Aachen"]
    assert list(saved["sold"][:3]) == [7, 8, 102]


async def test_a_column_is_renamed_where_its_name_is_and_so_at_the_server(
    open_notebook: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(SALES, SHOW)
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    await table.cell(-1, SOLD).locator(".pnx-name").dblclick()
    field = page.get_by_role("textbox", name="Name of sold")
    await expect(field).to_be_focused()
    await field.fill("ordered")
    await page.screenshot(path=artifact("lab-grid-rename.png"))
    await page.keyboard.press("Enter")
    await expect(table.cell(-1, SOLD)).to_have_text("ordered")
    await table.button("Save 1 change").click()
    await expect(table.button("Save")).to_be_disabled()
    grid = await asyncio.to_thread(elsewhere.grid, "sales/2026")
    assert [column.name for column in grid.columns] == ["month", "store", "ordered"]
    assert await notebook.value("list(view.frame)") == "['month', 'store', 'ordered']"


async def test_what_is_typed_never_changes_the_notebook(open_notebook: Any) -> None:
    notebook = await open_notebook(SALES, SHOW)
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    cells = page.locator(".jp-Notebook-cell")
    # Lab's keys that insert, delete, cut, merge, hide, undo, move and run cells, and change them
    await table.cell(0, STORE).click()
    for key in ("ArrowDown", "Shift+ArrowDown", "Control+ArrowDown", "Control+d", "Delete"):
        await page.keyboard.press(key)
    for text in ("badd", "xcvz", "ymro"):
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
    await page.keyboard.press("Control+Home")
    await page.keyboard.type("dd")
    await page.keyboard.press("Escape")
    for key in ("Control+a", "Control+x", "Control+z", "Control+z", "Alt+ArrowRight"):
        await page.keyboard.press(key)
    await table.button("Undo").focus()
    await page.keyboard.press("b")
    await page.keyboard.press("x")
    await expect(cells).to_have_count(3)
    saved = await notebook.saved()
    assert [cell.source for cell in saved.cells[1:]] == [SALES, SHOW]
    assert [cell.cell_type for cell in saved.cells] == ["code"] * 3
    assert await notebook.value("len(grid)") == await notebook.value("len(view.frame)")


async def test_a_right_click_opens_no_menu_but_ours(open_notebook: Any) -> None:
    notebook = await open_notebook(SALES, SHOW)
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    await table.cell(1, SOLD).click(button="right")
    await expect(table.root.get_by_role("menu")).to_be_visible()
    await expect(page.locator(".lm-Menu")).to_have_count(0)
    await table.root.get_by_role("menuitem", name="Insert row below").click()
    await expect(table.button("Save 1 change")).to_be_enabled()
    await expect(table.cell(2, SOLD)).to_have_attribute("aria-label", "null")
    await expect(page.locator(".lm-Menu")).to_have_count(0)


async def test_light_and_dark_are_followed_live(
    open_notebook: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(SALES, SHOW)
    await notebook.run_all()
    table = await notebook.table()
    await table.type(1, STORE, "Ulm")
    await table.cell(3, SOLD).click()
    assert not await is_dark(table.cell(0, 0))
    await notebook.page.screenshot(path=artifact("lab-grid-light.png"))
    try:
        await notebook.use_theme("JupyterLab Dark")
        await expect(table.root).to_have_attribute("data-theme", "dark")
        assert await is_dark(table.cell(0, 0))
        assert await is_dark(table.cell(-1, 0))
        await notebook.page.screenshot(path=artifact("lab-grid-dark.png"))
    finally:
        await notebook.use_theme("JupyterLab Light")
    await expect(table.root).to_have_attribute("data-theme", "light")
    assert not await is_dark(table.cell(0, 0))
