"""What is seen of the notebooks by somebody who reads them and runs none."""

from __future__ import annotations

import re
import struct

import pytest

from .conftest import FOLDER, NOTEBOOKS, Committed

MOST_CELLS = 12
MOST_BYTES = 300_000

# what the first text of a notebook has: a heading, and then what the notebook shows
OPENING = re.compile(r"# \S.*\n\n[A-Z].{60,}", re.DOTALL)

PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)]+)\)")

SECRETS = (
    r"localhost",
    r"\bat 0x[0-9a-f]{6,}",
    r"\b[0-9a-f]{40}\b",  # an API key
    r"(?<![\w.])/(home|root|tmp|work|Users|var)/",
    r"[A-Z]:\\\\",
)


def texts(committed):
    """Give all that is written in a notebook: sources, and outputs but for images."""
    yield from (cell.source for cell in committed.node.cells)
    for output in committed.outputs:
        yield str(output.get("text", ""))
        for mime, content in output.get("data", {}).items():
            if not mime.startswith("image/"):
                yield str(content)


def test_it_opens_with_a_heading_and_what_it_shows(committed):
    first = committed.node.cells[0]
    assert first.cell_type == "markdown"
    assert OPENING.match(first.source), first.source


def test_it_is_short_and_small(committed, notebook):
    assert len(committed.cells("code")) <= MOST_CELLS
    assert notebook.stat().st_size <= MOST_BYTES


def test_it_was_run_from_its_beginning_to_its_end(committed):
    cells = committed.cells("code")
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert committed.node.metadata.kernelspec.name == "python3"


def test_nothing_went_wrong_and_nothing_was_warned_of(committed):
    for output in committed.outputs:
        assert output.output_type != "error"
        assert output.get("name") != "stderr", output.text


def test_it_keeps_no_times_and_no_widgets_of_the_run(committed):
    assert "widgets" not in committed.node.metadata
    assert all("execution" not in cell.metadata for cell in committed.cells("code"))


def test_it_says_nothing_of_the_machine_it_ran_on(committed):
    for text in texts(committed):
        for secret in SECRETS:
            assert not re.search(secret, text, re.IGNORECASE), (secret, text)


def test_no_host_is_named_but_this_machine_and_an_example(committed):
    for text in texts(committed):
        hosts = re.findall(r"https?://([\w.-]+)", text)
        assert set(hosts) <= {"127.0.0.1", "plotly.example.org"}, text


def test_its_images_are_real_and_described(committed):
    for output in committed.with_mime("image/png"):
        metadata = output.metadata["image/png"]
        assert len(metadata["alt"]) > len("Plotly figure.")
        assert metadata["width"] > 0
        assert metadata["height"] > 0
    for image in committed.images:
        assert image.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(image) > 5_000


def test_its_pictures_are_there_and_described(committed, notebook):
    for cell in committed.cells("markdown"):
        for picture in PICTURE.finditer(cell.source):
            assert (notebook.parent / picture["file"]).is_file()
            assert len(picture["alt"]) > 20


def test_the_index_has_a_line_for_it(notebook):
    assert f"]({notebook.name})" in (FOLDER / "README.md").read_text()


@pytest.mark.parametrize("page", ["README.md", "where-outputs-show.md", "scale.md"])
def test_what_the_pages_beside_them_lead_to_is_there(page):
    places = re.findall(r"\]\(([^)]+)\)", (FOLDER / page).read_text())
    assert len(places) > (0 if page == "scale.md" else len(NOTEBOOKS))
    assert [each for each in places if not (FOLDER / each.partition("#")[0]).exists()] == []


def test_the_image_for_a_paper_has_300_dots_an_inch():
    committed = Committed(FOLDER / "images_for_papers.ipynb")
    metadata = committed.with_mime("image/png")[0].metadata["image/png"]
    width, height = struct.unpack(">II", committed.images[0][16:24])
    assert (metadata["width"], width) == (3.5 * 96, 3.5 * 300)
    assert metadata["height"] * 300 / 96 == pytest.approx(height, abs=2)
