"""Whatever is sent, it is drawn or refused in plain words, and the next figure is as before."""

from __future__ import annotations

import pytest

from .vectors import play, vectors

pytestmark = pytest.mark.asyncio(loop_scope="module")


@vectors("malformed", "pollution")
async def test_a_figure_is_drawn_or_refused_and_leaves_nothing(stage, cases):
    await play(stage, cases)
