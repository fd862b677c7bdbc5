"""What tells in a cell how far something is: one output that changes, and is empty at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from .conftest import Kernel

# figures that take their time to be made
SLOW = """
import time, plotly_nbext

def figures():
    for number in range(3):
        time.sleep(0.6)
        yield {"data": [{"y": [number, 0, 2]}], "layout": {"width": 200, "height": 150}}

images = plotly_nbext.render(figures())
"""

# figures that the server has drawn, and has at hand
QUICK = """
import plotly_nbext

drawn = [{"data": [{"y": [number, 1]}]} for number in range(2)]
for figure in drawn:
    plotly_nbext.render(figure)
"""


def test_the_bar_is_one_output_that_changes_and_is_empty_at_the_end(kernel: Kernel) -> None:
    ran = kernel.run(SLOW)
    assert ran.of("stream") == []
    updates = [ran.display, *ran.of("update_display_data")]
    assert len({update["transient"]["display_id"] for update in updates}) == 1
    *bars, last = [update["data"]["text/plain"] for update in updates]
    assert last == ""
    assert all(bar.startswith("Rendering: ") for bar in bars)
    assert len(set(bars)) > 1


def test_what_is_quick_shows_no_bar(kernel: Kernel) -> None:
    kernel.run(QUICK)
    assert kernel.run("plotly_nbext.render(drawn);").outputs == []


def test_tqdm_s_own_variable_turns_the_bar_off(kernel: Kernel) -> None:
    kernel.run("import os; os.environ['TQDM_DISABLE'] = '1'")
    try:
        assert kernel.run(SLOW).outputs == []
    finally:
        kernel.run("del os.environ['TQDM_DISABLE']")


def test_where_outputs_are_captured_there_are_none_of_a_bar(kernel: Kernel) -> None:
    ran = kernel.run(f"%%capture shown\n{SLOW}\nprint('done')\ndisplay(images[2])")
    assert ran.outputs == []
    assert kernel.value("shown.stdout, shown.stderr, len(shown.outputs)") == ("done\n", "", 1)


def test_a_notebook_that_was_executed_and_its_html_hold_an_empty_output_of_the_bar(
    kernel: Kernel, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del home  # its environment, but with the service that runs already
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(kernel.folder / "home"))
    cell = nbformat.v4.new_code_cell(f"{SLOW}\nprint('done')\nimages[2]")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    bar, done, image = notebook.cells[0].outputs
    assert bar.data == {"text/plain": ""}
    assert done.text == "done\n"
    assert "image/png" in image.data
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert "done" in html
    assert "Rendering: " not in html
