"""The notebooks that users read: they run as they are committed, and show what they should."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbconvert import HTMLExporter

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SANITIZE = Path(__file__).with_name("sanitize.cfg")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request) -> Path:
    return request.param


def outputs(notebook: Path) -> list[dict]:
    cells = json.loads(notebook.read_text())["cells"]
    return [output for cell in cells for output in cell.get("outputs", [])]


def images(notebook: Path) -> list[tuple[bytes, dict]]:
    return [
        (base64.b64decode(output["data"]["image/png"]), output["metadata"].get("image/png", {}))
        for output in outputs(notebook)
        if "image/png" in output.get("data", {})
    ]


def test_it_runs_and_gives_the_outputs_that_are_committed(notebook, home):
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider"]
    options = ["--nbval", f"--nbval-sanitize-with={SANITIZE}", "--nbval-kernel-name=python3"]
    run = subprocess.run(
        [*command, "-p", "nbval.plugin", *options, str(notebook)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert run.returncode == 0, run.stdout[-5000:]


def test_its_images_are_real_and_described(notebook):
    found = images(notebook)
    assert found
    for data, metadata in found:
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(data) > 5_000
        assert metadata["width"] > 0
        assert metadata["height"] > 0
        assert len(metadata["alt"]) > len("Plotly figure")


def test_it_says_nothing_of_the_machine_it_ran_on(notebook):
    text = notebook.read_text()
    for secret in (
        r"127\.0\.0\.1",
        r"localhost",
        r"\bat 0x[0-9a-f]{6,}",
        r"api_?key",
        r"/(home|root|tmp|Users)/",
    ):
        assert not re.search(secret, text, re.IGNORECASE), secret


def test_a_page_made_of_it_shows_its_images_and_tables(notebook):
    html, _ = HTMLExporter().from_filename(str(notebook))
    # nbconvert leaves the alt text out; it is in the notebook, for viewers that read it
    shown = re.findall(r'<img[^>]* src="data:image/png;base64,', html)
    assert len(shown) == len(images(notebook))
    assert "11 rows × 6 columns" in html


def test_the_demo_s_page_describes_its_images(home, tmp_path):
    command = [sys.executable, "-m", "plotly_nbext", "demo", "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    described = re.findall(r'alt="([^"]+)"', (tmp_path / "quickstart.html").read_text())
    assert len(described) == len(images(tmp_path / "quickstart.ipynb")) > 3
    assert any("Wealth and health in 2007" in alt for alt in described)
