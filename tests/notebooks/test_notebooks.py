"""The notebooks that users read run as they are committed, and show what they should."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

SANITIZE = Path(__file__).with_name("sanitize.cfg")
PATIENCE = 240


def test_it_runs_and_gives_the_outputs_that_are_committed(notebook, home):
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider"]
    options = ["--nbval", f"--nbval-sanitize-with={SANITIZE}", "--nbval-kernel-name=python3"]
    run = subprocess.run(
        [*command, "-p", "nbval.plugin", *options, str(notebook)],
        check=False,
        capture_output=True,
        text=True,
        # whether a bar is shown, and leaves its empty output, is up to how busy the machine is
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TQDM_DISABLE": "1"},
        timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stdout[-5000:]


def test_the_demo_s_page_describes_its_images(home, tmp_path):
    command = [sys.executable, "-m", "plotly_nbext", "demo", "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    described = re.findall(r'alt="([^"]+)"', (tmp_path / "quickstart.html").read_text())
    assert len(described) == len(list((tmp_path / "images").iterdir())) > 3
    assert any("Wealth and health in 2007" in alt for alt in described)
