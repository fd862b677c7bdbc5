"""What hostile figures are drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from .stage import staged

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .stage import Stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One browser for the hostile figures of a module."""
    async with staged(tmp_path_factory.mktemp("stage")) as ready:
        yield ready
