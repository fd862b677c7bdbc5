"""The stock page for a module, and the sheet that its pictures are pasted on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import plotly
import pytest
import pytest_asyncio

from ..support import pages, started
from .compare import Stock, contact_sheet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
ARTIFACTS = Path(__file__).parents[3] / "artifacts"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stock() -> AsyncIterator[Stock]:
    """Stock plotly.js, in a browser that nothing else draws in."""
    async with started(browsers=1) as keeper:
        await keeper.warm()
        (page,) = pages(keeper)
        yield await Stock.open(page, keeper._assets.port)


@pytest.fixture(scope="module")
def hung(request: pytest.FixtureRequest) -> Iterator[dict[str, bytes]]:
    """The pictures of a module, by name: at the end they are a tests/artifacts/gallery-….png."""
    pictures: dict[str, bytes] = {}
    yield pictures
    room = request.module.__name__.rpartition("test_")[2]
    contact_sheet(pictures, ARTIFACTS / f"gallery-{room}-{plotly.__version__}.png")
