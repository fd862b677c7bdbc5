"""A notebook that is read where no kernel of it runs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAKE_BOTH = """frame = pd.DataFrame({"store": ["Köln", "Bonn"] * 300, "left": range(600)})
grid = frame.plotly_grid.push("stock")
fig = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"title": {"text": "Sales"}})"""

SHOW_BOTH = (MAKE_BOTH, "plotly_nbext.GridView(grid)", "plotly_nbext.FigureView(fig)")

WORDS = "Plotly figure “Sales” with 1 scatter trace."


async def test_a_saved_notebook_has_a_table_and_an_image_for_other_readers(
    open_notebook: Any, browser: Browser, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(*SHOW_BOTH)
    await notebook.run_all()
    await expect((await notebook.table(2)).cell(0, 0)).to_have_text("Köln")
    await expect(notebook.output(3).locator(".pnx-image")).to_be_visible()
    # while the widgets live, what stands in for them is out of the way
    await expect(notebook.output(2).locator(".pnx-rows")).to_be_hidden()
    await expect(notebook.output(3).locator(".jp-RenderedImage")).to_be_hidden()
    saved = await notebook.saved()
    grid, figure = _with("text/html", saved.cells[2]), _with("image/png", saved.cells[3])
    assert "Grid('stock', 600 rows × 2 columns)" in grid.data["text/plain"]
    assert base64.b64decode(figure.data["image/png"]).startswith(b"\x89PNG")
    assert figure.metadata["image/png"]["alt"] == WORDS
    assert "127.0.0.1" not in notebook.file.read_text()
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(saved)
    assert f'alt="{WORDS}"' in html
    page = await browser.new_page(java_script_enabled=False)
    await page.set_content(html)
    await expect(page.get_by_role("cell", name="Köln").first).to_be_visible()
    await expect(page.get_by_role("img", name=WORDS)).to_be_visible()
    await page.screenshot(path=artifact("lab-nbconvert.png"), full_page=True)
    await page.close()


async def test_a_reopened_notebook_without_its_kernel_can_still_be_read(
    open_notebook: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(*SHOW_BOTH, own_kernel=True)
    await notebook.run_all()
    await expect((await notebook.table(2)).cell(0, 0)).to_have_text("Köln")
    await notebook.saved()
    await notebook.restart()
    await notebook.page.reload()
    await notebook.ready()
    await notebook.page.screenshot(path=artifact("lab-reopened.png"))
    await expect(notebook.output(2)).to_contain_text("Köln")
    await expect(notebook.output(3).get_by_role("img")).to_be_visible()


async def test_a_notebook_of_somebody_else_is_read_before_it_is_trusted(
    open_notebook: Any, lab: Any, artifact: Callable[[str], Path]
) -> None:
    notebook = await open_notebook(*SHOW_BOTH, own_kernel=True)
    await notebook.run_all()
    await expect((await notebook.table(2)).cell(0, 0)).to_have_text("Köln")
    received = await notebook.saved()
    received.cells[0].source += "  # theirs"
    file = lab.root / f"received-{notebook.file.name}"
    nbformat.write(received, file)
    await notebook.page.goto(lab.address(file))
    await notebook.ready()
    table = notebook.output(2).get_by_role("table")
    await expect(table.get_by_role("cell", name="Köln").first).to_be_visible()
    await expect(notebook.output(3).get_by_role("img")).to_be_visible()
    await notebook.page.screenshot(path=artifact("lab-untrusted.png"))


def _with(mime_type: str, cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Find a cell's output of a type."""
    (found,) = (output for output in cell.outputs if mime_type in output.get("data", {}))
    return found
