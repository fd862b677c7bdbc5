"""A renderer for those tests that only draw."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from .support import started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from plotly_nbext.server.rendering import Renderer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer() -> AsyncIterator[Renderer]:
    """A renderer with one browser, shared by the tests of a module."""
    async with started(browsers=1, timeout=60) as shared:
        yield shared


@pytest.fixture
def temporary(monkeypatch) -> Iterator[Path]:
    """A folder of the test's own for temporary files; a browser's socket wants a short path."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the large collections, which have a command each."""
    for item in items:
        for collection in ("gallery", "hostile"):
            if collection in item.path.parts:
                item.add_marker(collection)
