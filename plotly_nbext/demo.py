"""``plotly-nbext demo``: run the quickstart on the local service and keep what it shows."""

from __future__ import annotations

import base64
import os
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import plotly_nbext
from plotly_nbext.errors import PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

__all__ = ["quickstart", "run"]

CELL_SECONDS = 300

# nbconvert's own page leaves out the text that describes an image
DESCRIBED = "described.html.j2"
TEMPLATE = """
{%- extends "lab/index.html.j2" -%}
{%- block data_png scoped -%}
<div class="jp-RenderedImage jp-OutputArea-output">
<img src="data:image/png;base64,{{ output.data['image/png'] }}"
  alt="{{ output | get_metadata('alt', 'image/png') | escape_html }}"
  width="{{ output | get_metadata('width', 'image/png') | escape_html }}"
  height="{{ output | get_metadata('height', 'image/png') | escape_html }}">
</div>
{%- endblock data_png -%}
"""
# what could name another server than the local one, besides the files of PLOTLY_DIR
ACCOUNT = frozenset({"plotly_api_domain", "plotly_username", "plotly_api_key"})


def quickstart() -> Path:
    """Find the quickstart notebook: the installed package's, or a checkout's."""
    package = Path(str(resources.files(plotly_nbext)))
    for folder in (package, package.parent):
        notebook = folder / "notebooks" / "quickstart.ipynb"
        if notebook.is_file():
            return notebook
    raise PlotlyNbextError(
        "The quickstart notebook is missing from this installation.",
        hint="Run `pip install --force-reinstall --no-deps plotly_nbext`.",
    )


def run(notebook: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Execute a notebook on the local service; write it, its HTML and its images.

    Parameters
    ----------
    notebook : Path
        What to run, with the interpreter that runs this.
    folder : Path
        Gets the executed notebook, an HTML page of the same name with the images in it, and
        ``images/`` with every PNG.
    say : Callable[[str], None]
        Told of each step in a line.

    Raises
    ------
    PlotlyNbextError
        The extra ``demo`` is missing, or a cell failed; what was executed is written even so.
    """
    try:
        import ipykernel  # noqa: F401 - the kernel, which runs in a process of its own
        import nbclient
        import nbformat
        from jinja2 import DictLoader
        from nbconvert import HTMLExporter
    except ImportError as error:
        raise PlotlyNbextError(
            f"Running a notebook takes {error.name}, which is not installed.",
            hint='Run `pip install "plotly_nbext[demo]"`, then try again.',
        ) from None

    cells = nbformat.read(notebook, as_version=4)
    folder.mkdir(parents=True, exist_ok=True)
    executed, page = folder / notebook.name, folder / f"{notebook.stem}.html"
    say(f"Running {notebook.name} on the local service.")
    try:
        _execute(cells, folder)
    except nbclient.exceptions.CellExecutionError as error:
        raise PlotlyNbextError(
            f"A cell failed: {error.ename}: {error.evalue}", hint=f"See {executed}."
        ) from None
    finally:
        nbformat.write(cells, executed)
    exporter = HTMLExporter(
        embed_images=True,
        extra_loaders=[DictLoader({DESCRIBED: TEMPLATE})],
        template_file=DESCRIBED,
    )
    html, _ = exporter.from_notebook_node(cells)
    page.write_text(html, "utf-8")
    images = _write_images(cells, folder / "images")
    say(f"Notebook: {executed}")
    say(f"Page:     {page}")
    for image in images:
        say(f"Image:    {image}")


def _execute(cells: NotebookNode, folder: Path) -> None:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    # no folders: a kernel "python3" that someone installed may be another interpreter
    kernel = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = NotebookClient(
        cells,
        km=kernel,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],  # its warnings are not about the notebook
        # with it, a page would ask the web for widgets, and leave the static tables out
        store_widget_state=False,
    )
    with tempfile.TemporaryDirectory() as no_account:
        environment = {name: os.environ[name] for name in os.environ if name.lower() not in ACCOUNT}
        client.execute(env={**environment, "PLOTLY_DIR": no_account}, cleanup_kc=True)


def _write_images(cells: NotebookNode, folder: Path) -> list[Path]:
    """Write each PNG that the notebook shows, numbered in order."""
    folder.mkdir(exist_ok=True)
    contents = [
        output["data"]["image/png"]
        for cell in cells.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    images = [folder / f"{number:02}.png" for number in range(1, len(contents) + 1)]
    for image, content in zip(images, contents, strict=True):
        image.write_bytes(base64.b64decode(content))
    return images
