"""A renderer for those tests that only draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from .support import started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.rendering import Renderer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer() -> AsyncIterator[Renderer]:
    """A renderer with one browser, shared by the tests of a module."""
    async with started(browsers=1, timeout=60) as shared:
        yield shared
