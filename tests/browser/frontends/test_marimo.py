"""The widgets in marimo: shadow trees, cells that run by themselves, no magics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRIDS = """
import marimo

app = marimo.App()

@app.cell
def _():
    import marimo as mo
    import pandas as pd
    import plotly_nbext
    frame = pd.DataFrame({"sold": range(100_000), "store": "Köln"})
    grid = plotly_nbext.push(frame, "sales/2026")
    return grid, mo, plotly_nbext

@app.cell
def _(grid, mo, plotly_nbext):
    element = mo.ui.anywidget(plotly_nbext.GridView(grid))
    element
    return element,

@app.cell
def _(element):
    element
    return

@app.cell
def _(element, mo):
    mo.md(f"Selected: {element.selection.rows.tolist()}")
    return

@app.cell
def _(grid):
    grid
    return

@app.cell
def _(plotly_nbext):
    plotly_nbext.grid("nobody/none")
    return
"""

FIGURES = """
import marimo

app = marimo.App()

@app.cell
def _():
    import plotly.graph_objects as go
    import plotly_nbext
    figure = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"title": {"text": "Sales"}})
    plotly_nbext.render(figure)
    return figure, plotly_nbext

@app.cell
def _(figure, plotly_nbext):
    plotly_nbext.FigureView(figure)
    return
"""


async def test_a_grid_is_scrolled_edited_and_saved_in_two_views(
    *,
    page: Page,
    open_marimo: Any,
    marimo: Any,
    table: Any,
    is_dark: Any,
    artifact: Callable[[str], Path],
) -> None:
    await open_marimo(GRIDS)
    await page.set_viewport_size({"width": 1100, "height": 2000})
    first, second = table(0), table(1)
    await expect(second.cell(1, 0)).to_have_text("1")
    await first.cell(0, 0).click()
    await page.keyboard.press("Control+End")
    await expect(first.cell(99_999, 0)).to_have_text("99999")
    await page.keyboard.press("Control+Home")

    await first.type(1, 0, "many")
    await expect(first.root.locator(".pnx-editor [role=alert]")).to_contain_text("many")
    await page.keyboard.press("Escape")
    await first.type(1, 0, "77")
    await expect(second.cell(1, 0)).to_have_text("77")
    await page.screenshot(path=artifact("marimo-grid.png"))
    await first.button("Save").click()
    await expect(second.button("Save")).to_be_disabled()
    assert marimo.client.pull("sales/2026")["sold"][1] == 77

    await second.cell(4, 0).click()
    await expect(page.get_by_text("Selected: [4]")).to_be_visible()
    await expect(page.get_by_text("Grid('sales/2026', 100,000 rows × 2 columns)")).to_be_visible()
    await expect(page.get_by_text("There is no grid 'nobody/none'.").first).to_be_visible()

    for scheme in ("dark", "light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await expect(first.root).to_have_attribute("data-theme", scheme)
        assert await is_dark(first.cell(0, 0)) == (scheme == "dark")
    await first.root.scroll_into_view_if_needed()
    await page.screenshot(path=artifact("marimo-grid-dark.png"))


async def test_a_figure_is_rendered_and_tuned(
    page: Page, open_marimo: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    await open_marimo(FIGURES)
    image = page.locator(".pnx-image")
    await expect(image).to_have_js_property("naturalWidth", 700)
    alone = page.locator("img").first
    await expect(alone).to_have_js_property("naturalWidth", 700)
    assert await alone.get_attribute("class") != "pnx-image"
    await page.get_by_label("Width").fill("420")
    await expect(image).to_have_js_property("naturalWidth", 420)
    await page.get_by_label("Width").fill("9999999")
    await expect(page.locator(".pnx-problem")).not_to_be_empty()
    await expect(image).to_have_js_property("naturalWidth", 420)
    for scheme in ("dark", "light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator(".pnx-figure")).to_have_attribute("data-theme", scheme)
        assert await is_dark(page.get_by_label("Width")) == (scheme == "dark")
    await page.screenshot(path=artifact("marimo-figure-dark.png"))
