"""No figure opens a connection or reads a file, and each says in words what is missing."""

from __future__ import annotations

import pytest

from .vectors import play, vectors

pytestmark = pytest.mark.asyncio(loop_scope="module")


@vectors("addresses", "pictures", "configuration")
async def test_what_is_elsewhere_stays_there(stage, cases):
    await play(stage, cases)
