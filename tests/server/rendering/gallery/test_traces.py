"""Every type of trace looks as stock plotly.js draws it."""

from __future__ import annotations

import asyncio
import json

import pytest

from ..support import draw
from .compare import assert_same, shades
from .figures import GALLERY, SCALES, figure, size_of, types_shown

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_type_of_trace_is_in_the_gallery(renderer):
    known = json.loads(await renderer.plot_schema())["traces"]
    assert set(known) == types_shown()


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", GALLERY["traces"])
async def test_the_picture_is_that_of_stock_plotly(renderer, stock, hung, name, scale):
    shown = figure(name)
    size = size_of(shown) | {"scale": scale}
    ours, theirs = await asyncio.gather(draw(renderer, shown, **size), stock.image(shown, **size))
    hung[name] = ours
    assert shades(ours) > 4, "nothing is drawn"
    assert_same(ours, theirs)
