"""A grid that others change, that is shown twice, beside a busy kernel and code that fails."""

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


async def test_what_is_copied_is_pasted_into_another_grid(open_notebook: Any) -> None:
    notebook = await open_notebook(
        SALES,
        SHOW,
        'other = plotly_nbext.GridView(frame.head().plotly_grid.push("sales/head")); other',
    )
    await notebook.run_all()
    page, table, other = notebook.page, await notebook.table(2), await notebook.table(3)
    await table.cell(2, STORE).click()
    await table.cell(3, SOLD).click(modifiers=["Shift"])
    await page.keyboard.press("Control+c")
    await expect(page.get_by_text("Copied.")).to_be_attached()
    await other.cell(0, STORE).click()
    await page.keyboard.press("Control+v")
    await expect(other.cell(1, SOLD)).to_have_text("103")
    await notebook.until("list(other.frame['store'])[:3]", "['Aachen', 'Köln', 'Aachen']")


@pytest.fixture
def conflict(open_notebook: Any, elsewhere: Client) -> Callable[[], Any]:
    """Edit a grid, change it in another program meanwhile, and try to save."""

    async def run_into_it() -> tuple[Any, Any]:
        notebook = await open_notebook(SALES, SHOW)
        await notebook.run_all()
        table = await notebook.table()
        await table.type(0, SOLD, "7")
        await notebook.until("view.pending['total']", "1")
        theirs = (await stored(elsewhere)).assign(store="Ulm")
        await asyncio.to_thread(elsewhere.push, theirs, "sales/2026")
        await table.button("Save 1 change").click()
        await expect(table.notices).to_contain_text("changed")
        unsaved = await stored(elsewhere)
        assert unsaved.iloc[0, 1:].to_list() == ["Ulm", 100]
        return notebook, table

    return run_into_it


async def test_a_grid_that_others_changed_is_not_overwritten_and_mine_goes_on_top(
    conflict: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook, table = await conflict()
    await notebook.page.screenshot(path=artifact("lab-grid-conflict.png"))
    await table.button("Save mine too").click()
    await expect(table.notices).to_be_empty()
    await expect(table.cell(0, STORE)).to_have_text("Ulm")
    await expect(table.cell(0, SOLD)).to_have_text("7")
    assert (await stored(elsewhere)).iloc[0, 1:].to_list() == ["Ulm", 7]


async def test_a_grid_that_others_changed_is_shown_as_it_is_when_mine_is_dropped(
    conflict: Any, elsewhere: Client
) -> None:
    notebook, table = await conflict()
    await table.button("Drop my changes").click()
    await expect(table.notices).to_be_empty()
    await expect(table.cell(0, STORE)).to_have_text("Ulm")
    await expect(table.cell(0, SOLD)).to_have_text("100")
    assert (await stored(elsewhere)).iloc[0, 1:].to_list() == ["Ulm", 100]
    assert await notebook.value("view.pending['total']") == "0"


async def test_what_is_edited_in_one_view_of_it_is_seen_in_the_other(open_notebook: Any) -> None:
    notebook = await open_notebook(SALES, SHOW, "view")
    await notebook.run_all()
    one, two = await notebook.table(2), await notebook.table(3)
    await one.type(0, SOLD, "7")
    await expect(two.cell(0, SOLD)).to_have_text("7")
    await two.button("Undo").click()
    await expect(one.cell(0, SOLD)).to_have_text("100")
    await two.type(1, STORE, "Ulm")
    await expect(one.cell(1, STORE)).to_have_text("Ulm")
    await expect(one.button("Save 1 change")).to_be_enabled()


async def test_while_a_cell_runs_the_grid_is_edited_and_saved(
    open_notebook: Any, elsewhere: Client
) -> None:
    notebook = await open_notebook(
        SALES,
        "import threading\n"
        "saved = threading.Event()\n"
        "view = plotly_nbext.GridView(grid)\n"
        "view.on_change(lambda view: view.changes or saved.set())\n"
        "view",
        "print(saved.wait(60))",
    )
    await notebook.run(0, 1, 2)
    table = await notebook.table(2)
    await expect(table.cell(0, SOLD)).to_have_text("100")
    await notebook.heard()
    await notebook.start("notebook:run-cell-and-select-next")
    await expect(notebook.prompt(3)).to_have_text("[*]:")
    await table.type(0, SOLD, "7")
    await table.button("Save 1 change").click()
    await expect(notebook.output(3)).to_have_text("True")
    assert (await stored(elsewhere))["sold"][0] == 7


async def test_what_fails_in_python_is_said_in_the_widget(
    open_notebook: Any, elsewhere: Client, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(
        SALES,
        "def check(view):\n"
        "    if view.frame['sold'].min() < 0:\n"
        "        raise ValueError('Nobody sells less than nothing.')\n"
        "view = plotly_nbext.GridView(grid)\n"
        "view.on_change(check)\n"
        "view",
    )
    await notebook.run_all()
    page, table = notebook.page, await notebook.table()
    await table.type(0, SOLD, "-3")
    await expect(table.notices).to_contain_text("Nobody sells less than nothing.")
    await page.screenshot(path=artifact("lab-grid-callback.png"))
    await table.button("Undo").click()
    await expect(table.notices).to_be_empty()

    grid = await asyncio.to_thread(elsewhere.grid, "sales/2026")
    await asyncio.to_thread(grid.trash)
    await table.type(0, SOLD, "3")
    await table.button("Save 1 change").click()
    await expect(table.notices).not_to_be_empty()
    await page.screenshot(path=artifact("lab-grid-failure.png"))
    await expect(table.cell(0, SOLD)).to_have_text("3")
    await asyncio.to_thread(grid.restore)  # which makes it another revision
    await table.button("Save 1 change").click()
    await table.button("Save mine too").click()
    await expect(table.notices).to_be_empty()
    await expect(table.button("Save")).to_be_disabled()
    assert (await stored(elsewhere))["sold"][0] == 3
