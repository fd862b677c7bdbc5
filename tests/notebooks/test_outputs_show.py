"""What nbconvert makes of the notebooks: pages, PDF, Markdown, LaTeX.

No xelatex and no pandoc is needed: of LaTeX the source is looked at, and without the texts between
the cells, which pandoc converts.
"""

from __future__ import annotations

import io
import re
import struct
from functools import partialmethod

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter, WebPDFExporter
from nbconvert.preprocessors.sanitize import SanitizeHTML
from playwright.async_api import BrowserType
from pypdf import PdfReader
from traitlets.config import Config

from plotly_nbext.server.rendering.discovery import find_browser

# what GitHub leaves of the HTML in an output, as far as it is in ours
TAGS = ["b", "caption", "div", "p", "small", "span", "table", "tbody", "td", "th", "thead", "tr"]
ATTRIBUTES = ["align", "alt", "border", "colspan", "dir", "scope", "title"]


def grids(committed):
    """Give the titles of the tables that are shown: ``sales/2026: 2 rows × 2 columns``."""
    tables = [each.data["text/html"] for each in committed.with_mime("text/html")]
    captions = [re.search(r"<caption[^>]*>(.*?)</caption>", table) for table in tables]
    titles = [re.sub(r"<[^>]+>", "", caption[1]) for caption in captions if caption]
    return [title for title in titles if " × " in title]


def sizes(images):
    return {struct.unpack(">II", image[16:24]) for image in images}


def drawings(committed):
    """Give the outputs that are an svg, which pages show in place of the PNG beside it."""
    return committed.with_mime("image/svg+xml")


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_a_page_has_each_image_and_each_grid(committed, template):
    html, _ = HTMLExporter(template_name=template).from_notebook_node(committed.node)
    pngs = re.findall(r'src="data:image/png;base64,', html)
    drawn = len(drawings(committed))
    assert len(pngs) == len(committed.images) - drawn
    assert html.count('src="data:image/svg+xml;base64,') == drawn
    for title in grids(committed):
        assert title.split(":")[0] in html
    assert "model not found" not in html


def test_what_github_leaves_of_the_tables_is_all_they_say(committed):
    sanitizer = SanitizeHTML(tags=TAGS, attributes={"*": ATTRIBUTES}, strip=True)
    for output in committed.with_mime("text/html"):
        left = sanitizer.sanitize_html_tags(
            re.sub(r"<style.*?</style>", "", output.data["text/html"], flags=re.DOTALL)
        )
        words = re.sub(r"<style.*?</style>|<[^>]+>", " ", output.data["text/html"], flags=re.DOTALL)
        assert re.sub(r"<[^>]+>", " ", left).split() == words.split()
        assert "<table" in left


def test_markdown_has_each_image_as_a_file(committed):
    _, resources = MarkdownExporter().from_notebook_node(committed.node)
    files = [name for name in resources.get("outputs", {}) if name.endswith((".png", ".svg"))]
    assert len(files) >= len(committed.images)


def test_latex_has_each_image_as_a_file_and_each_grid_as_text(committed):
    # nbconvert wants Inkscape for an svg, also where a PNG stands beside it
    config = Config({"SVG2PDFPreprocessor": {"enabled": False}})
    node = nbformat.v4.new_notebook(cells=committed.cells("code"), metadata=committed.node.metadata)
    source, resources = LatexExporter(config=config).from_notebook_node(node)
    pngs = {name for name in resources.get("outputs", {}) if name.endswith(".png")}
    assert sizes(resources["outputs"][name] for name in pngs) == sizes(committed.images)
    assert len(pngs) == len(committed.images)
    assert all(f"{{{name}}}" in source for name in pngs)
    assert source.count(" rows × ") >= len(grids(committed))


def test_a_pdf_by_way_of_a_browser_has_each_image_and_each_grid(committed, monkeypatch):
    # it looks for playwright's own browser, and here is the machine's
    launch = partialmethod(BrowserType.launch, executable_path=find_browser())
    monkeypatch.setattr(BrowserType, "launch", launch)
    nowhere = ["--host-resolver-rules=MAP * ~NOTFOUND"]
    exporter = WebPDFExporter(disable_sandbox=True, browser_args=nowhere)
    content, _ = exporter.from_notebook_node(committed.node)
    pages = PdfReader(io.BytesIO(content)).pages
    shown = {each.image.size for page in pages for each in page.images if each.image}
    drawn = sizes(
        image
        for output, image in zip(committed.with_mime("image/png"), committed.images, strict=True)
        if "image/svg+xml" not in output.data
    )
    assert drawn <= shown
    text = "".join(page.extract_text() for page in pages)
    for title in grids(committed):
        assert title.split(":")[0].split()[0] in text


def test_an_error_is_its_message_wherever_it_is_converted(home):
    cells = ["%load_ext plotly_nbext", "%plotly_grid pull 'sales/none'"]
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(node, allow_errors=True, timeout=60).execute()
    for exporter in (HTMLExporter(), MarkdownExporter(), LatexExporter()):
        text, _ = exporter.from_notebook_node(node)
        assert "NotFoundError" in text
        assert text.count("sales/none") > 1  # in the cell, and in what is said of it
        assert "Traceback (most recent call last)" not in text
