"""The widgets in JupyterLab, with a kernel, a local service and a person at the keys."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from nbconvert import HTMLExporter
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

frame = pd.DataFrame({"month": pd.date_range("1900-01-01", periods=100_000, freq="D")})
frame["sold"] = frame.index * 7 % 1000
frame["total"] = (frame["sold"] * 1.19).where(frame["sold"] % 10 != 0)
grid = frame.plotly_grid.push("sales/2026")
"""

SHOW_GRID = "table = plotly_nbext.GridView(grid); table"

SHOW_FIGURE = """
fig = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"title": {"text": "Sales"}})
view = plotly_nbext.FigureView(fig)
view
"""


async def test_a_grid_is_scrolled_to_its_last_row_and_keys_leave_the_notebook_alone(
    open_notebook: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(PUSH, SHOW_GRID)
    page = notebook.page
    await notebook.run_all()
    await expect(page.get_by_role("cell", name="1900-01-02")).to_be_visible()
    await page.screenshot(path=artifact("lab-grid-light.png"))
    assert not await is_dark(page.locator(".pnx-grid td").first)

    await page.locator("regular-table").click()
    await page.keyboard.press("End")
    await expect(page.get_by_role("rowheader", name="99999", exact=True)).to_be_visible()
    for key in ("b", "a", "d", "d", "x", "ArrowUp"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("rowheader", name="99986", exact=True)).to_be_in_viewport()
    assert len((await notebook.saved()).cells) == 2

    await notebook.use_theme("JupyterLab Dark")
    assert await is_dark(page.locator(".pnx-grid td").first)
    await page.screenshot(path=artifact("lab-grid-dark.png"))
    await notebook.use_theme("JupyterLab Light")


async def test_a_figure_changes_in_the_page_and_in_the_kernel(
    open_notebook: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(PUSH, SHOW_FIGURE)
    page = notebook.page
    await notebook.run_all()
    image = page.locator(".pnx-image")
    await expect(image).to_have_attribute("alt", "Plotly figure “Sales” with 1 scatter trace.")
    await expect(image).to_be_visible()
    first = await image.get_attribute("src")
    await page.screenshot(path=artifact("lab-figure-light.png"))

    control = page.get_by_label("Format")
    await control.focus()
    for key in ("d", "d", "b"):
        await page.keyboard.press(key)
    assert len((await notebook.saved()).cells) == 2
    await control.select_option("SVG")
    await notebook.until("view.format", "'svg'")
    await notebook.until("view.image[:4]", "b'<svg'")
    await expect(page.get_by_role("link", name="Download")).to_have_attribute(
        "download", "figure.svg"
    )
    assert await image.get_attribute("src") != first

    await page.get_by_label("Width").fill("420")
    await notebook.until("view.width", "420")
    await expect(image).to_have_js_property("naturalWidth", 420)

    await notebook.use_theme("JupyterLab Dark")
    assert await is_dark(page.get_by_label("Width"))
    await page.screenshot(path=artifact("lab-figure-dark.png"))
    await notebook.use_theme("JupyterLab Light")


async def test_the_controls_change_the_image_that_the_magic_left_above_them(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(PUSH, SHOW_FIGURE, "%plotly_render fig --interactive")
    page = notebook.page
    await notebook.run_all()
    cell = page.locator(".jp-Notebook-cell").last
    image = cell.locator(".jp-RenderedImage img")
    await expect(image).to_have_js_property("naturalWidth", 700)
    await cell.get_by_label("Width").fill("350")
    await expect(image).to_have_js_property("naturalWidth", 350)
    await page.screenshot(path=artifact("lab-interactive.png"))


async def test_a_figure_is_interactive_in_lab_and_an_image_in_the_saved_notebook(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(
        "%load_ext plotly_nbext\n"
        "import plotly.graph_objects as go\n"
        "import plotly.io as pio\n"
        'pio.renderers.default = "plotly_mimetype+chart_studio"',
        'go.Figure(go.Scatter(y=[2, 5, 8]), {"title": {"text": "Sales"}})',
    )
    page = notebook.page
    await notebook.run_all()
    # plotly's own extension of Lab shows the image until somebody points at it
    await page.locator(".plot-img").dispatch_event("mouseenter")
    plot = page.locator(".js-plotly-plot")
    await expect(plot).to_be_visible()
    await plot.locator(".nsewdrag").hover(force=True)
    await expect(plot.locator(".hovertext").first).to_contain_text("5")
    await page.screenshot(path=artifact("lab-renderer.png"))
    shown = (await notebook.saved()).cells[1].outputs[-1].data
    assert base64.b64decode(shown["image/png"]).startswith(b"\x89PNG")
    assert shown["text/plain"] == "<plotly figure: 1 trace, 700×500 png>"


async def test_many_grids_are_shown_and_once_saved_table_and_image_without_a_kernel(
    open_notebook: Any,
) -> None:
    more_grids = ("table", "plotly_nbext.GridView(grid)")
    notebook = await open_notebook(PUSH, SHOW_GRID, SHOW_FIGURE, *more_grids)
    await notebook.run_all()
    await expect(notebook.page.get_by_role("cell", name="1900-01-02")).to_have_count(3)
    await expect(notebook.page.locator(".pnx-image")).to_be_visible()
    saved = await notebook.saved()
    grid, figure = (cell.outputs[-1] for cell in saved.cells[1:3])
    assert grid.data["text/plain"] == "GridView(Grid('sales/2026', 100,000 rows × 3 columns))"
    assert base64.b64decode(figure.data["image/png"]).startswith(b"\x89PNG")
    assert "127.0.0.1" not in notebook.file.read_text()
    words = figure.metadata["image/png"]["alt"]
    assert words == "Plotly figure “Sales” with 1 scatter trace."
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(saved)
    assert "<td>1900-01-02" in html
    assert f'alt="{words}"' in html
