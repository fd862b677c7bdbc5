"""With the oldest plotly that the package allows, figures look as that plotly.js draws them."""

from __future__ import annotations

import os
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from .environments import OLDEST, OLDEST_PLOTLY, ROOT, python

pytestmark = [pytest.mark.peers, pytest.mark.timeout(900)]

GALLERY = "tests/server/rendering/gallery"
PICTURES = [
    "test_traces.py",
    "test_layouts.py",
    "test_files.py::test_other_raster_formats_are_those_of_stock_plotly",
    "test_files.py::test_an_svg_is_that_of_stock_plotly_save_its_random_ids",
    "test_files.py::test_the_text_of_a_pdf_is_text",
    "test_files.py::test_an_eps_has_the_box_of_the_figure",
]
LEFT_OUT = {"skipped", "failures", "errors"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run the Python of the environment, as from a shell of its own."""
    program = python(OLDEST_PLOTLY)
    if shutil.which(program) is None:
        pytest.fail(f"There is no {program}: run tests/peers/install.py first.")
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("PYTEST")}
    return subprocess.run(
        [program, *command], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )


def test_the_gallery_has_the_pictures_of_the_oldest_plotly_too(tmp_path):
    version = run("-c", "import plotly; print(plotly.__version__)")
    assert version.stdout.strip() == OLDEST
    report = tmp_path / "report.xml"
    options = ["-m=gallery", "-n=2", "-pno:cacheprovider", "--disable-warnings", "--tb=short"]
    pictures = [f"{GALLERY}/{name}" for name in PICTURES]
    done = run("-m", "pytest", *options, f"--junitxml={report}", *pictures)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
    (suite,) = ET.parse(report).getroot()
    assert int(suite.get("tests")) > 150
    assert {suite.get(count) for count in LEFT_OUT} == {"0"}


def test_figures_are_linked_to_grids_and_come_back_with_the_oldest_plotly_too():
    options = ["-n=2", "-pno:cacheprovider", "--disable-warnings", "--tb=short"]
    done = run("-m", "pytest", *options, "tests/client/linking/test_linking.py")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
