"""The notebooks that users read, as they are committed."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    """Each notebook's file."""
    return request.param


class Committed:
    """A notebook and what it shows."""

    def __init__(self, file: Path) -> None:
        self.node = nbformat.read(file, as_version=4)

    def cells(self, kind: str) -> list[Any]:
        return [cell for cell in self.node.cells if cell.cell_type == kind]

    @property
    def outputs(self) -> list[Any]:
        return [output for cell in self.cells("code") for output in cell.outputs]

    def with_mime(self, mime: str) -> list[Any]:
        """Give the outputs that have a type."""
        return [output for output in self.outputs if mime in output.get("data", {})]

    @property
    def images(self) -> list[bytes]:
        return [base64.b64decode(each.data["image/png"]) for each in self.with_mime("image/png")]


@pytest.fixture
def committed(notebook: Path) -> Committed:
    """Each notebook, read."""
    return Committed(notebook)
