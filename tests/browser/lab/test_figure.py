"""A figure's image is tuned in JupyterLab, in the page, in Python and in the saved notebook."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import nbformat

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIGURE = 'fig = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"title": {"text": "Sales"}})'

SHOW = "view = plotly_nbext.FigureView(fig); view"

WORDS = "Plotly figure “Sales” with 1 scatter trace."


def width_of_png(cell: nbformat.NotebookNode) -> int:
    """Tell how wide the image is that a saved cell shows."""
    (png,) = (found for each in cell.outputs if (found := each.get("data", {}).get("image/png")))
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return image.width


async def test_controls_change_the_image_in_the_page_in_python_and_in_the_saved_notebook(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(FIGURE, SHOW)
    page = notebook.page
    await notebook.run_all()
    image = page.locator(".pnx-image")
    await expect(image).to_have_attribute("alt", WORDS)
    await expect(image).to_have_js_property("naturalWidth", 700)
    first = await image.get_attribute("src")
    await page.screenshot(path=artifact("lab-figure-light.png"))

    await page.get_by_label("Format").select_option("SVG")
    await notebook.until("view.format", "'svg'")
    await notebook.until("view.image[:4]", "b'<svg'")
    download = page.get_by_role("link", name="Download")
    await expect(download).to_have_attribute("download", "sales.svg")
    assert await image.get_attribute("src") != first

    await page.get_by_label("Width").fill("420")
    await notebook.until("view.width", "420")
    await expect(image).to_have_js_property("naturalWidth", 420)
    assert await notebook.value("setattr(view, 'height', 300)") == "None"
    await expect(page.get_by_label("Height")).to_have_value("300")
    await expect(image).to_have_js_property("naturalHeight", 300)
    assert width_of_png((await notebook.saved()).cells[-1]) == 420


async def test_what_is_typed_into_controls_never_changes_the_notebook(open_notebook: Any) -> None:
    notebook = await open_notebook(FIGURE, SHOW)
    page = notebook.page
    await notebook.run_all()
    for label in ("Format", "Width"):
        await page.get_by_label(label).focus()
        for key in ("d", "d", "b", "a", "x", "m"):
            await page.keyboard.press(key)
    await expect(page.locator(".jp-Notebook-cell")).to_have_count(3)
    saved = await notebook.saved()
    assert [cell.cell_type for cell in saved.cells] == ["code"] * 3


async def test_the_controls_are_dark_in_the_dark(
    open_notebook: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(FIGURE, SHOW)
    page = notebook.page
    await notebook.run_all()
    width = page.get_by_label("Width")
    await expect(width).to_be_visible()
    assert not await is_dark(width)
    try:
        await notebook.use_theme("JupyterLab Dark")
        await expect(page.locator(".pnx-figure")).to_have_attribute("data-theme", "dark")
        assert await is_dark(width)
        await page.screenshot(path=artifact("lab-figure-dark.png"))
    finally:
        await notebook.use_theme("JupyterLab Light")


async def test_a_figure_that_can_t_be_rendered_says_so_over_the_image_that_was(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(FIGURE, SHOW)
    page = notebook.page
    await notebook.run_all()
    image = page.locator(".pnx-image")
    await expect(image).to_have_js_property("naturalWidth", 700)
    await page.get_by_label("Width").fill("1000000")
    await expect(page.locator(".pnx-problem")).to_contain_text("width")
    await expect(image).to_have_js_property("naturalWidth", 700)
    await page.screenshot(path=artifact("lab-figure-failure.png"))
    await page.get_by_label("Width").fill("350")
    await expect(image).to_have_js_property("naturalWidth", 350)
    await expect(page.locator(".pnx-problem")).to_be_empty()


async def test_the_magic_shows_one_box_and_leaves_its_image_in_the_saved_notebook(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(FIGURE, "%plotly_render fig --interactive")
    await notebook.run_all()
    output = notebook.output(-1)
    image = output.locator(".pnx-image")
    left = output.locator(".jp-RenderedImage, .jp-RenderedSVG")
    await expect(image).to_have_js_property("naturalWidth", 700)
    await expect(left).to_be_hidden()
    await notebook.page.screenshot(path=artifact("lab-figure-magic.png"))

    # another format is laid out anew by Lab, and still hidden
    await output.get_by_label("Format").select_option("SVG")
    await expect(output.locator(".jp-RenderedSVG")).to_have_count(1)
    await output.get_by_label("Width").fill("350")
    await expect(image).to_have_js_property("naturalWidth", 350)
    await expect(left).to_be_hidden()
    await output.get_by_role("button", name="Interactive").click()
    await expect(output.locator(".js-plotly-plot")).to_be_visible()
    await expect(image).to_be_hidden()
    await expect(left).to_be_hidden()
    await notebook.page.screenshot(path=artifact("lab-figure-magic-interactive.png"))
    cell = (await notebook.saved()).cells[-1]
    assert width_of_png(cell) == 350
    assert "image/svg+xml" in cell.outputs[0].data

    # where the view does not live, its image does
    await notebook.value("__import__('ipywidgets').Widget.close_all()")
    await expect(output.locator(".pnx-figure")).to_have_count(0)
    await expect(left.locator("img")).to_be_visible()


async def test_a_magic_that_runs_again_shows_one_box_again(open_notebook: Any) -> None:
    notebook = await open_notebook(FIGURE, "%plotly_render fig --interactive --display-id sales")
    output = notebook.output(-1)
    for _ in range(2):
        await notebook.run_all()
        await expect(output.locator(".pnx-figure")).to_have_count(1)
        await expect(output.locator(".pnx-image")).to_have_js_property("naturalWidth", 700)
        await expect(output.locator(".jp-RenderedImage")).to_be_hidden()
    await output.get_by_label("Width").fill("350")
    await expect(output.locator(".pnx-image")).to_have_js_property("naturalWidth", 350)


async def test_the_figure_itself_is_shown_on_demand_and_what_is_zoomed_in_it_is_in_the_image(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(FIGURE, SHOW)
    page = notebook.page
    await notebook.run_all()
    image = page.locator(".pnx-image")
    await expect(image).to_have_js_property("naturalWidth", 700)
    assert await notebook.value("globals().update(first=view.image)") == "None"
    before = await image.get_attribute("src")
    await page.get_by_role("button", name="Interactive").click()
    plot = page.locator(".js-plotly-plot")
    await expect(plot).to_be_visible()
    await page.screenshot(path=artifact("lab-figure-interactive.png"))
    area = plot.locator(".nsewdrag")
    await area.scroll_into_view_if_needed()
    box = await area.bounding_box()
    assert box is not None
    for part in (0.3, 0.5, 0.7):
        await page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
        if part == 0.3:
            await page.mouse.down()
    await page.mouse.up()
    await notebook.until("view.figure.layout.xaxis.autorange", "False")
    await notebook.until("view.image != first and not view._busy", "True")
    await page.get_by_role("button", name="Image").click()
    await expect(image).to_be_visible()
    await expect(plot).to_be_hidden()
    await expect(image).not_to_have_attribute("src", before or "")
    await page.screenshot(path=artifact("lab-figure-zoomed.png"))


async def test_a_plotly_figure_is_interactive_in_lab_and_an_image_in_the_saved_notebook(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(
        'import plotly.io as pio\npio.renderers.default = "plotly_mimetype+chart_studio"',
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
    (shown,) = (await notebook.saved()).cells[-1].outputs
    assert base64.b64decode(shown.data["image/png"]).startswith(b"\x89PNG")
    assert shown.data["text/plain"] == "<plotly figure: 1 trace, 700×500 png>"
