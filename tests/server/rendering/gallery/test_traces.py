"""Every type of trace looks as stock plotly.js draws it."""

from __future__ import annotations

import json

import pytest

from plotly_nbext.server.rendering import RenderError

from .compare import SIZE, assert_as_stock
from .figures import GALLERY, SCALES, types_shown

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_type_of_trace_is_in_the_gallery(renderer):
    known = json.loads(await renderer.plot_schema())["traces"]
    assert set(known) == types_shown()


@pytest.mark.parametrize("kind", ["map", "mapbox"])
async def test_a_map_that_can_t_be_drawn_is_refused_in_words(renderer, kind):
    broken = {"version": 8, "sources": {}, "layers": [{"id": "a", "type": "nonsense"}]}
    figure = {"data": [{"type": f"scatter{kind}"}], "layout": {kind: {"style": broken}}}
    if f"scatter{kind}" not in types_shown():  # this plotly does not know it
        rendered = await renderer.render(json.dumps(figure).encode(), format="png", **SIZE)
        assert "is not known" in " ".join(rendered.warnings)
        return
    with pytest.raises(RenderError, match="A part of its style or layers is not valid"):
        await renderer.render(json.dumps(figure).encode(), format="png", **SIZE)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", GALLERY["traces"])
async def test_the_picture_is_that_of_stock_plotly(renderer, stock, hung, name, scale):
    await assert_as_stock(renderer, stock, hung, name, scale)
