"""plotly.js's own description of figures, as its pages give it."""

from __future__ import annotations

import asyncio
import json
import os
import signal

import pytest

from .support import SCATTER, draw, leader, pages, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_schema_describes_what_the_installed_plotly_js_draws(renderer):
    schema = json.loads(await renderer.plot_schema())
    assert {"traces", "layout", "frames", "animation", "config", "defs"} <= set(schema)
    assert "y" in schema["traces"]["scatter"]["attributes"]
    assert await draw(renderer, SCATTER)


async def test_all_who_ask_at_once_are_answered_by_one_browser():
    async with started(browsers=4) as renderer:
        schemas = await asyncio.gather(*(renderer.plot_schema() for _ in range(8)))
        assert len({id(schema) for schema in schemas}) == 1
        assert len(pages(renderer)) == 1


async def test_a_browser_that_died_is_replaced_for_who_asks():
    async with started(browsers=1) as renderer:
        await renderer.warm()
        (page,) = pages(renderer)
        os.kill(leader(page).pid, signal.SIGKILL)
        assert json.loads(await renderer.plot_schema())["traces"]
