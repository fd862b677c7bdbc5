"""The widgets in Notebook 7, which is made of JupyterLab's parts, but with a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUSH = """
%load_ext plotly_nbext
import pandas as pd
import plotly.graph_objects as go
import plotly_nbext

frame = pd.DataFrame({"sold": range(100_000), "store": "Köln"})
grid = plotly_nbext.push(frame, "sales/2026")
figure = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"title": {"text": "Sales"}})
"""


async def test_a_grid_is_scrolled_edited_and_saved_in_two_views(
    open_notebook: Any, table: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(PUSH, "view = plotly_nbext.GridView(grid); view", "view")
    page = notebook.page
    await notebook.run_all()
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
    for key in ("b", "a", "Escape", "d", "d", "Escape"):
        await page.keyboard.press(key)
    assert len((await notebook.saved()).cells) == 3
    await first.button("Save").click()
    await notebook.until("int(plotly_nbext.pull('sales/2026')['sold'][1])", "77")

    await notebook.use_theme("JupyterLab Dark")
    assert await is_dark(second.cell(0, 0))
    await page.screenshot(path=artifact("notebook-grid-dark.png"))
    await notebook.use_theme("JupyterLab Light")
    assert not await is_dark(second.cell(0, 0))


async def test_a_figure_is_tuned_and_what_is_wrong_is_said(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(
        PUSH, "plotly_nbext.FigureView(figure)", "%plotly_render figure --interactive", "pull(1)"
    )
    page = notebook.page
    await notebook.command("notebook:run-all-cells")
    image = notebook.output(1).locator(".pnx-image")
    await expect(image).to_have_js_property("naturalWidth", 700)
    await notebook.output(1).get_by_label("Width").fill("420")
    await expect(image).to_have_js_property("naturalWidth", 420)
    await notebook.output(1).get_by_label("Width").fill("9999999")
    await expect(notebook.output(1).locator(".pnx-problem")).not_to_be_empty()
    await notebook.output(2).get_by_label("Width").fill("350")
    rendered = notebook.output(2).locator(".jp-RenderedImage img")
    await expect(rendered).to_have_js_property("naturalWidth", 350)
    await page.screenshot(path=artifact("notebook-figure.png"))
