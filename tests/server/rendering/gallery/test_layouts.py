"""Templates, subplots, axes, texts and maps look as stock plotly.js draws them."""

from __future__ import annotations

import pytest

from .compare import assert_as_stock
from .figures import GALLERY, SCALES

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", GALLERY["layouts"])
async def test_the_picture_is_that_of_stock_plotly(renderer, stock, hung, name, scale):
    await assert_as_stock(renderer, stock, hung, name, scale)
