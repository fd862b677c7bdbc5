"""Templates, subplots, axes, texts and maps look as stock plotly.js draws them."""

from __future__ import annotations

import asyncio
import json

import pytest

from .compare import assert_same, shades
from .figures import GALLERY, SCALES, figure, size_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", GALLERY["layouts"])
async def test_the_picture_is_that_of_stock_plotly(renderer, stock, hung, name, scale):
    shown = figure(name)
    size = size_of(shown) | {"scale": scale}
    asked = renderer.render(json.dumps(shown).encode(), format="png", **size)
    ours, theirs = await asyncio.gather(asked, stock.image(shown, **size))
    hung[name] = ours.image
    assert shades(ours.image) > 4, "nothing is drawn"
    assert_same(ours.image, theirs)
    assert [said for said in ours.warnings if not said.startswith("No font here")] == []
