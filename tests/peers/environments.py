"""The environments: what is installed, and where."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".peers"

NEEDED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
(OLDEST,) = (need.removeprefix("plotly>=") for need in NEEDED if need.startswith("plotly>="))
OLDEST_PLOTLY = f"oldest-plotly-{OLDEST}"
MATHJAX = "mathjax-3.2.2"

PYTHON = {
    # chart_studio says neither that it needs six, retrying and requests, nor that plotly 6.0.1
    # breaks it; IPython shows what image.ishow displays
    "chart_studio-1.1.0": [
        "chart_studio==1.1.0",
        "plotly==5.24.1",
        "ipython",
        "pandas",
        "requests",
        "retrying",
        "six",
    ],
    "figlinq-0.18.0": ["figlinq==0.18.0", "plotly==7.1.0"],
    "plotly-3.10.0": ["plotly==3.10.0", "ipython"],
    # these import pkg_resources, which setuptools has left out since
    "plotly-2.7.0": ["plotly==2.7.0", "ipython", "setuptools<80"],
    "plotly-1.12.9": ["plotly==1.12.9", "ipython", "setuptools<80"],
    # this package, with the oldest plotly that it allows, and what its gallery is drawn with
    OLDEST_PLOTLY: [
        f"plotly=={OLDEST}",
        f"--editable={ROOT}",
        *NEEDED,
        "jsonschema-rs",
        "pillow",
        "psycopg[binary]",
        "pypdf",
        "pytest",
        "pytest-asyncio",
        "pytest-timeout",
        "pytest-xdist",
    ],
    # MathJax's es5 folder, file by file; without Sphinx, which it is packed for
    MATHJAX: ["sphinx-mathjax-offline==0.0.2", "--no-deps"],
}

# programs by Debian's packages that have them; pdftops is what the server makes eps with
DEBIAN = {
    "curl": "curl",
    "openssl": "openssl",
    "pdftops": "poppler-utils",
    "Rscript": "r-cran-plotly",
}


def python(name: str) -> str:
    """Give the interpreter of an environment."""
    return str(FOLDER / name / "bin" / "python")
