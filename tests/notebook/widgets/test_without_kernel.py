"""What is left of widgets in a saved notebook, where no kernel runs and no script."""

from __future__ import annotations

import base64
import json
import warnings
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter
from nbconvert.preprocessors.sanitize import SanitizeHTML

from plotly_nbext import settings
from plotly_nbext.service.state import read_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"

SETUP = """%load_ext plotly_nbext
import numpy as np, pandas as pd, plotly.graph_objects as go, plotly_nbext
frame = pd.DataFrame({
    "city": [
        "Łódź", "<script>alert(1)</script>", None, "", "$5 and $6", "a\\n\\nb\\u202e", "x" * 10_000
    ],
    "sold": [12, 7, None, 31, 5, 0, 1],
})
grid = frame.plotly_grid.push("sales/2026")"""

CELLS = [
    SETUP,
    "grid",
    "plotly_nbext.GridView(grid, read_only=True)",
    'plotly_nbext.FigureView(go.Figure(go.Scatter(y=[2, 5, 8]), {"title": {"text": "Sales"}}))',
    "pd.DataFrame(np.zeros((1_000_000, 100))).plotly_grid.view()",
]
GRID, VIEW, FIGURE, LARGE = 1, 2, 3, 4

# what GitHub leaves of the HTML in a notebook, as far as it is in ours
TAGS = [
    "b",
    "br",
    "caption",
    "div",
    "p",
    "small",
    "span",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
]
ATTRIBUTES = ["align", "alt", "border", "colspan", "dir", "height", "scope", "title", "width"]


def run() -> NotebookNode:
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{x}") for x, source in enumerate(CELLS)]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, store_widget_state=False).execute()
    return notebook


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of the kernel, its local service stopped at the end."""
    from plotly_nbext.service import stop

    with pytest.MonkeyPatch.context() as patch:
        for name in ("PLOTLY_USERNAME", "PLOTLY_API_KEY", "PLOTLY_DOMAIN"):
            patch.delenv(name, raising=False)
        patch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path_factory.mktemp("home")))
        yield settings.home()
        stop()


@pytest.fixture(scope="module")
def saved(folder: Path) -> NotebookNode:
    """A notebook as it is saved after it was run."""
    return run()


def outputs(notebook: NotebookNode, cell: int) -> tuple[dict[str, Any], dict[str, Any]]:
    still, widget = (output["data"] for output in notebook.cells[cell].outputs)
    return still, widget


def without_models(notebook: NotebookNode) -> Any:
    cells = [cell.outputs for cell in notebook.cells]
    for output in (output for each in cells for output in each):
        output.get("data", {}).pop(WIDGET, None)
    return cells


def html_of(notebook: NotebookNode, template: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        html, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    return str(html)


@pytest.mark.parametrize("cell", [GRID, VIEW, FIGURE, LARGE])
def test_a_widget_hides_nothing_of_what_stands_in_for_it(saved: NotebookNode, cell: int) -> None:
    still, widget = outputs(saved, cell)
    assert WIDGET not in still
    assert set(widget) == {WIDGET, "text/plain"}
    assert widget["text/plain"] == ""


def test_the_first_rows_are_saved_as_text_too(saved: NotebookNode) -> None:
    lines = outputs(saved, GRID)[0]["text/plain"].splitlines()
    assert lines[0] == "Grid('sales/2026', 7 rows × 2 columns)"
    assert lines[2].split() == ["city", "sold"]
    assert lines[3].split() == ["0", "Łódź", "12.0"]
    assert outputs(saved, GRID)[0]["text/plain"] == outputs(saved, VIEW)[0]["text/plain"]


def test_what_is_saved_is_the_same_after_each_run(saved: NotebookNode) -> None:
    assert without_models(run()) == without_models(nbformat.from_dict(saved))


def test_nothing_that_is_saved_leads_to_the_server(saved: NotebookNode, folder: Path) -> None:
    text = nbformat.writes(saved)
    state = read_state(folder)
    assert state is not None
    for secret in (
        state.api_key,
        state.url,
        "127.0.0.1",
        "localhost",
        f"{state.username}:",
        " at 0x",
    ):
        assert secret not in text


def test_a_grid_of_any_size_takes_little_room(saved: NotebookNode) -> None:
    assert len(json.dumps(saved.cells[LARGE].outputs)) < 25_000
    assert "1,000,000 rows × 100 columns" in outputs(saved, LARGE)[0]["text/html"]
    image = base64.b64decode(outputs(saved, FIGURE)[0]["image/png"])
    assert len(json.dumps(saved.cells[FIGURE].outputs)) < 4 / 3 * len(image) + 1_000


@pytest.mark.parametrize("template", ["lab", "classic", "basic"])
def test_a_converted_notebook_has_the_rows_and_the_image(
    saved: NotebookNode, template: str
) -> None:
    html = html_of(saved, template)
    assert html.count(">Łódź</td>") == 2
    assert html.count('src="data:image/png') == 1
    if template != "lab":  # which knows no words for an image
        assert 'alt="Plotly figure “Sales” with 1 scatter trace."' in html
    assert "<script>alert" not in html


def test_a_notebook_that_is_run_for_its_conversion_has_them_too(folder: Path) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS[:2]]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120).execute()
    assert notebook.metadata.widgets  # as nbconvert --execute keeps it
    assert ">Łódź</td>" in html_of(notebook, "lab")


def test_markdown_has_the_table_as_one_line(saved: NotebookNode) -> None:
    markdown, resources = MarkdownExporter().from_notebook_node(saved)
    (table,) = {line for line in markdown.splitlines() if "Łódź</td>" in line and "edit" in line}
    assert table.startswith("<div")
    assert table.endswith("</div>")
    assert "a↵↵b" in table
    assert any(name.endswith(".png") for name in resources["outputs"])


def test_latex_has_the_rows_as_text_and_the_image(saved: NotebookNode) -> None:
    source, resources = LatexExporter().from_notebook_node(saved)
    assert "0  Łódź" in source
    assert any(name.endswith(".png") for name in resources["outputs"])


def test_what_github_leaves_of_the_table_still_reads_well(saved: NotebookNode) -> None:
    html = outputs(saved, GRID)[0]["text/html"]
    sanitizer = SanitizeHTML(tags=TAGS, attributes={"*": ATTRIBUTES}, strip=True)
    left = sanitizer.sanitize_html_tags(html)
    assert "style" not in left
    assert '<th scope="col" align="right">sold' in left
    assert (
        '<th scope="row" align="right">0</th><td align="left">Łódź</td><td align="right">12.0'
        in left
    )
    assert "sales/2026</b>: 7 rows × 2 columns</caption>" in left
    assert "<td></td>" in left
    assert '<td align="left">""</td>' in left.replace("&quot;", '"')
    assert "&lt;script&gt;" in left


def test_what_is_saved_is_as_new_as_the_widget(kernel: Any) -> None:
    kernel.run("import pandas as pd, plotly.graph_objects as go, plotly_nbext")
    kernel.run("grid = pd.DataFrame({'n': [1, 2]}).plotly_grid.push('without/new')")
    shown = kernel.run("view = plotly_nbext.GridView(grid)\nview").of("display_data")[0]
    kernel.run("view._hearing.stop()  # as of what another process does")
    kernel.run("pd.DataFrame({'n': [1, 3]}).plotly_grid.push('without/new')")
    (update,) = kernel.run("view.refresh()").of("update_display_data")
    assert update["transient"] == shown["transient"]
    assert ">3</td>" in update["data"]["text/html"]
    assert kernel.run("view.refresh()").of("update_display_data") == []

    figure = "plotly_nbext.FigureView(go.Figure(), width=300, height=200)"
    shown = kernel.run(f"figure = {figure}\nfigure").of("display_data")[0]
    (update,) = kernel.run("figure.width = 310").of("update_display_data")
    assert update["transient"] == shown["transient"]
    assert update["metadata"]["image/png"]["width"] == 310
    assert kernel.run("figure.alt = 'Nothing yet'").of("update_display_data")


@pytest.mark.parametrize(
    ("make", "change"),
    [
        ("plotly_nbext.FigureView(go.Figure(), width=300, height=200)", "view.width = 310"),
        (
            "plotly_nbext.GridView(pd.DataFrame({'n': [1]}).plotly_grid.push('without/twice'))",
            "view._hearing.stop(); view.grid.replace_columns(pd.DataFrame({'n': [2]})); view.refresh()",  # noqa: E501
        ),
    ],
    ids=["figure", "grid"],
)
def test_a_view_that_is_shown_many_times_is_saved_anew_by_one_message(
    kernel: Any, make: str, change: str
) -> None:
    kernel.run("import pandas as pd, plotly.graph_objects as go, plotly_nbext")
    outputs = kernel.run(f"view = {make}\nfor _ in range(3): display(view)").of("display_data")
    shown = [output for output in outputs if WIDGET not in output["data"]]
    assert len(shown) == 3
    (update,) = kernel.run(change).of("update_display_data")
    assert {each["transient"]["display_id"] for each in shown} == {
        update["transient"]["display_id"]
    }
