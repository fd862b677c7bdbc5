"""What a reader sees of a GridView while it is scrolled, and before anything is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest
from playwright.async_api import expect

from plotly_nbext.notebook.widgets import GridView

if TYPE_CHECKING:
    from conftest import Kernel
    from playwright.async_api import Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROWS: Final = 100_000

# A kernel as slow as the machine that tests is in time for the table's patience.
WATCH = """table => {
  const { setTimeout: real } = window;
  window.setTimeout = (act, wait, ...rest) => wait < 300 ? real(act, wait, ...rest) : 0;
  window.screens = [];
  table.addStyleListener(() => {
    const cells = [...table.querySelectorAll("tbody tr")].map(({ cells }) => cells[1].textContent);
    window.screens.push(cells);
  });
}"""
DRAG = """async (table, row) => {
  const end = table.scrollHeight - table.clientHeight;
  table.scrollTop = ((row - 6) / (ROWS - 12)) * end;
  for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
}""".replace("ROWS", str(ROWS))


def numbers(columns: int = 6) -> pd.DataFrame:
    return pd.DataFrame({f"c{x}": range(x, ROWS + x) for x in range(columns)})


async def test_while_the_scroll_bar_is_dragged_rows_are_shown(
    page: Page, client: Client, show: Any, kernel: Kernel, cell: Any
) -> None:
    await show(lambda: GridView(client.push(numbers(), "many")))
    await expect(cell(0, 0)).to_have_text("0")
    table = page.locator("regular-table")
    await table.evaluate(WATCH)
    asked = len(kernel.commands)
    steps = range(10_000, 60_000, 10_000)
    for row in steps:
        kernel.pause()
        await table.evaluate(DRAG, row)
        await table.evaluate(DRAG, row + 5_000)  # before the kernel has answered
        kernel.resume()
        await expect(cell(row + 5_000, 0)).to_have_text(str(row + 5_000))
    screens = await page.evaluate("window.screens")
    assert all("" not in cells for cells in screens), "the table was empty"
    seen = {int(cell) for cells in screens for cell in cells}
    assert seen >= set(range(10_000, 60_000, 5_000))
    asked_for = [command["msg"] for command in kernel.commands[asked:]]
    lengths = [window["stop"] - window["start"] for window in asked_for]
    # those of 48 are beside the rows where it rests
    assert max(lengths) <= 48
    assert sum(length < 48 for length in lengths) <= 2 * len(steps)


async def test_the_first_rows_are_there_without_being_asked_for(
    client: Client, show: Any, kernel: Kernel, cell: Any
) -> None:
    kernel.pause()
    await show(lambda: GridView(client.push(numbers(columns=40), "many")))
    await expect(cell(0, 0)).to_have_text("0")
    await expect(cell(11, 5)).to_have_text("16")
    assert kernel.commands == []


async def test_a_view_that_was_edited_before_it_is_shown_shows_the_edit(
    client: Client, show: Any, cell: Any
) -> None:
    grid = client.push(numbers(), "many")

    def edited() -> GridView:
        view = GridView(grid)
        uid = view.columns[0]["uid"]
        assert view._set({"row": 1, "column": uid, "text": "77"}, [])[0]["ok"]
        return view

    await show(edited)
    await expect(cell(1, 0)).to_have_text("77")
    await expect(cell(0, 0)).to_have_text("0")


async def test_the_last_of_many_columns_is_in_view_when_it_is_gone_to(
    page: Page, client: Client, show: Any, cell: Any
) -> None:
    frame = pd.DataFrame(
        {f"column {x}": ["one two three " * (x % 7), "", "x"] * 30 for x in range(100)}
    )
    await show(lambda: GridView(client.push(frame, "wide")))
    await cell(0, 0).click()
    await page.keyboard.press("Control+End")
    await expect(cell(89, 99)).to_be_focused()
    await expect(cell(89, 99)).to_be_in_viewport(ratio=1)
    for x in (98, 97):
        await page.keyboard.press("ArrowLeft")
        await expect(cell(89, x)).to_be_focused()
        await expect(cell(89, x)).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Control+Home")
    await expect(cell(0, 0)).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Control+ArrowRight")
    await expect(cell(0, 99)).to_be_focused()
    await expect(cell(0, 99)).to_be_in_viewport(ratio=1)
