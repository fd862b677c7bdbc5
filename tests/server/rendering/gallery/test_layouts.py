"""Templates, subplots, axes, texts and maps look as stock plotly.js draws them."""

from __future__ import annotations

import asyncio

import pytest

from ..support import draw
from .compare import assert_same, shades
from .figures import GALLERY, SCALES, figure, size_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", GALLERY["layouts"])
async def test_the_picture_is_that_of_stock_plotly(renderer, stock, hung, name, scale):
    shown = figure(name)
    size = size_of(shown) | {"scale": scale}
    ours, theirs = await asyncio.gather(draw(renderer, shown, **size), stock.image(shown, **size))
    hung[name] = ours
    assert shades(ours) > 4, "nothing is drawn"
    assert_same(ours, theirs)
