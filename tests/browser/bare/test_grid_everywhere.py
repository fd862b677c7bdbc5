"""A grid in the dark, in a narrow cell, enlarged, from right to left, by touch and by ear."""

from __future__ import annotations

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


@pytest.fixture
def grid(client: Client) -> Any:
    frame = pd.DataFrame(
        {
            "store": [["Köln", "Bonn", None][row % 3] for row in range(60)],
            "sold": range(60),
            "שם": "שלום עולם (3)",
            "note": "A text that is rather long for a cell of a table",
        }
    )
    return client.push(frame, "sales/2026")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_keeps_people_out(
    *,
    page: Page,
    grid: Any,
    show: Any,
    cell: Any,
    barriers: Any,
    is_dark: Any,
    artifact: Any,
    scheme: Any,
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("Köln")
    assert await is_dark(cell(0, 0)) == (scheme == "dark")

    async def check(state: str) -> None:
        await page.screenshot(path=artifact(f"grid-{state}-{scheme}.png"))
        assert await barriers(page) == [], state

    await check("read")
    await cell(0, 1).click()
    await page.keyboard.type("x")
    await check("editing")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pnx-editor [role=alert]")).not_to_be_empty()
    await check("wrong")
    await page.keyboard.press("Escape")
    await page.keyboard.type("7")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Shift+ArrowDown")
    await page.get_by_role("button", name="Add row").click()
    await expect(cell(60, 0)).to_have_attribute("aria-label", "null")
    await check("edited")
    for keys, state in {"Shift+F10": "menu", "Alt+ArrowDown": "column"}.items():
        await page.keyboard.press(keys)
        await expect(page.get_by_role("menu")).to_be_visible()
        await check(state)
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Filter").click()
    await check("filter")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Find").click()
    await check("find")


@pytest.mark.parametrize(
    ("attribute", "light", "dark"),
    [
        ("data-jp-theme-light", "true", "false"),
        ("class", "vscode-light", "vscode-dark"),
        ("data-vscode-theme-kind", "vscode-light", "vscode-dark"),
        ("theme", "light", "dark"),
        ("class", "light", "dark"),
        ("data-theme", "light", "dark"),
    ],
)
async def test_the_theme_of_the_host_is_followed_live(
    *,
    page: Page,
    grid: Any,
    show: Any,
    cell: Any,
    is_dark: Any,
    attribute: Any,
    light: Any,
    dark: Any,
) -> None:
    await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("Köln")
    for value in (dark, light, dark):
        set_it = f"value => document.body.setAttribute('{attribute}', value)"
        await page.evaluate(set_it, value)
        scheme = "dark" if value == dark else "light"
        await expect(page.locator(".pnx-grid")).to_have_attribute("data-theme", scheme)
        assert await is_dark(cell(0, 0)) == (value == dark)


async def test_at_200_per_cent_and_in_a_narrow_cell_all_of_it_is_there(
    *,
    page: Page,
    grid: Any,
    show: Any,
    cell: Any,
    barriers: Any,
    artifact: Callable[[str], Path],
) -> None:
    await page.set_viewport_size({"width": 320, "height": 520})
    await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("Köln")
    await page.screenshot(path=artifact("grid-narrow.png"))
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    for name in ("Add row", "Add column", "Find", "Filter", "More"):
        await expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    await cell(0, 0).click()
    await page.keyboard.press("Shift+F10")
    await expect(page.get_by_role("menu")).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Escape")
    await page.keyboard.press("End")
    await expect(cell(0, 3)).to_be_focused()
    await page.keyboard.press("F2")
    await expect(page.get_by_role("textbox", name="note, row 0")).to_be_in_viewport(ratio=0.9)
    assert await barriers(page) == []


async def test_the_editor_lies_over_its_cell_where_the_page_is_zoomed(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    await show(lambda: GridView(grid))
    await page.evaluate("document.body.style.zoom = 2")
    await cell(1, 1).click()
    await page.keyboard.press("F2")
    field = await page.get_by_role("textbox").bounding_box()
    box = await cell(1, 1).bounding_box()
    assert field["x"] == pytest.approx(box["x"], abs=2)
    assert field["y"] == pytest.approx(box["y"], abs=2)
    assert field["width"] >= box["width"] - 2


async def test_text_from_right_to_left_is_read_so(
    page: Page, grid: Any, show: Any, cell: Any, artifact: Callable[[str], Path]
) -> None:
    await page.evaluate("document.documentElement.dir = 'rtl'")
    await show(lambda: GridView(grid))
    await expect(cell(0, 2)).to_have_text("שלום עולם (3)")
    await page.screenshot(path=artifact("grid-rtl.png"))
    box = await cell(0, 2).bounding_box()
    text = await cell(0, 2).evaluate(
        "cell => { const range = document.createRange(); range.selectNodeContents(cell);"
        " return range.getBoundingClientRect().right; }"
    )
    assert box["x"] + box["width"] - text == pytest.approx(11, abs=1)
    await cell(0, 0).click()
    await page.keyboard.press("ArrowRight")
    await expect(cell(0, 1)).to_be_focused()


async def test_a_finger_selects_edits_and_opens_menus(
    page: Page, grid: Any, show: Any, cell: Any
) -> None:
    view = await show(lambda: GridView(grid))
    await expect(cell(0, 0)).to_have_text("Köln")
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    async def tap(locator: Any) -> None:
        box = await locator.bounding_box()
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        await session.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]}
        )
        await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    await tap(cell(2, 1))
    await expect(cell(2, 1)).to_have_attribute("aria-selected", "true")
    await tap(page.get_by_role("button", name="More"))
    await tap(page.get_by_role("menuitem", name="Edit"))
    await page.get_by_role("textbox", name="sold, row 2").fill("99")
    await page.keyboard.press("Enter")
    await expect(cell(2, 1)).to_have_text("99")
    await tap(page.get_by_role("button", name="Menu of sold"))
    await tap(page.get_by_role("menuitem", name="Sort largest first"))
    await expect(cell(0, 1)).to_have_text("99")
    assert view.arrangement["sort"]


async def test_the_text_of_a_clipped_cell_is_told(grid: Any, show: Any, cell: Any) -> None:
    await show(lambda: GridView(grid))
    text = "A text that is rather long for a cell of a table"
    await expect(cell(0, 3)).to_have_text(text)
    await cell(-1, 3).click()
    for _ in range(10):
        await cell(-1, 3).press("Alt+ArrowLeft")
    await cell(0, 3).hover()
    await expect(cell(0, 3)).to_have_attribute("title", text)


async def test_in_a_shadow_tree_it_is_the_same_grid(
    page: Page, client: Client, show: Any, cell: Any, is_dark: Any
) -> None:
    frame = pd.DataFrame({"sold": range(100), "store": "Köln"})
    view = await show(lambda: GridView(client.push(frame, "shadow")), in_shadow=True)
    await page.evaluate("document.documentElement.classList.add('dark')")
    await cell(1, 0).click()
    await page.keyboard.type("7")
    await page.keyboard.press("Enter")
    await expect(cell(1, 0)).to_have_text("7")
    await expect(cell(2, 0)).to_have_attribute("aria-selected", "true")
    assert await is_dark(cell(0, 0))
    await page.keyboard.press("Shift+F10")
    await page.get_by_role("menuitem", name="Insert row above").click()
    await expect(page.locator(".pnx-footer")).to_contain_text("101 rows")
    await expect(cell(2, 0)).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.type("8")
    await page.keyboard.press("Enter")
    await expect(cell(3, 0)).to_have_text("8")
    await expect(page.get_by_role("button", name="Save")).to_contain_text("3")
    assert view.pending["total"] == 3
