"""Text is text: no markup, style or formula loads, runs or stays."""

from __future__ import annotations

import pytest

from .cases import attempt
from .corpus.text import MARKUP, texts
from .svg import loads
from .vectors import play, vectors

pytestmark = pytest.mark.asyncio(loop_scope="module")


@vectors("text", "styles", "mathematics")
async def test_text_does_nothing_but_be_read(stage, cases):
    await play(stage, cases)


async def test_an_svg_that_is_handed_out_loads_nothing_either(stage):
    """In a notebook it is part of the page, and styles in it load as they would in ours."""
    found = []
    for name, markup in MARKUP.items():
        body = stage.scene.bytes(texts(markup)["titles"])
        drawn = await attempt(stage.renderer, body, "svg")
        found += [f"{name}: {style}" for style in dict.fromkeys(loads(drawn.rendered.image))]
    assert not found, "\n".join(found)
