"""What is too much ends in time, in plain words, and with the next figure as before."""

from __future__ import annotations

import asyncio
import json

import pytest
import pytest_asyncio

from plotly_nbext.server.rendering import RenderError

from ..support import pages, started
from .bombs import GRACE, Field
from .cases import attempt
from .corpus import ALL
from .corpus.heavy import BOMBS, EXTREMES
from .ordinary import CANARY

pytestmark = pytest.mark.asyncio(loop_scope="module")

TIMEOUT = 3.0
"""Seconds that a figure has; those that would take a minute are as good in three."""

BROWSERS = 2
SHARE = 8
"""One of so many of a kind is in the suite."""


def by_vector() -> dict[str, list[str]]:
    """Group the bombs."""
    vectors: dict[str, list[str]] = {}
    for name, bomb in BOMBS.items():
        vectors.setdefault(bomb.vector, []).append(name)
    return vectors if ALL else {vector: names[::SHARE] for vector, names in vectors.items()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def field():
    """Two browsers with a small time limit."""
    async with started(browsers=BROWSERS, timeout=TIMEOUT) as renderer:
        await asyncio.gather(*(_ordinary(renderer) for _ in range(2 * BROWSERS)))
        yield Field(renderer, TIMEOUT, await _ordinary(renderer))


async def _ordinary(renderer) -> bytes:
    outcome = await attempt(renderer, json.dumps(CANARY).encode())
    assert outcome.rendered is not None, outcome
    return outcome.rendered.image


@pytest.mark.parametrize("vector", by_vector())
async def test_too_much_ends_in_time_and_harms_no_other(field, vector):
    """Two at once, each on a browser of its own."""
    waiting = by_vector()[vector]
    wrong = []

    async def play() -> None:
        while waiting:
            name = waiting.pop(0)
            outcome = await field.play(BOMBS[name])
            wrong.extend(f"{name}: {problem}" for problem in outcome.problems)

    await asyncio.gather(*(play() for _ in range(BROWSERS)))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", EXTREMES, ids=lambda size: "x".join(map(str, size.values())))
@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
async def test_a_size_without_measure_is_drawn_or_refused(field, size, format):
    outcome = await attempt(field.renderer, json.dumps(CANARY).encode(), format, **size)
    assert outcome.available, outcome
    assert outcome.seconds < TIMEOUT + GRACE
    assert await _ordinary(field.renderer) == field.canary


async def test_after_all_that_the_browsers_are_small_again(field):
    """Memory that a figure took is not kept for good."""
    await asyncio.gather(*(field.play(BOMBS[name]) for name in ("title of words", "points")))
    field.memory = 0
    watching = asyncio.create_task(field._watch())
    for _ in range(3 * BROWSERS):
        assert await _ordinary(field.renderer) == field.canary
    await asyncio.sleep(0.5)
    watching.cancel()
    assert 0 < field.memory < 1_000_000_000
    assert len(pages(field.renderer)) <= BROWSERS


async def test_an_endless_figure_is_refused_in_words(field):
    body = json.dumps(BOMBS["ticks"].make()).encode()
    with pytest.raises(RenderError, match=f"within {TIMEOUT:g} seconds|too (many|much|large)"):
        await field.renderer.render(body, format="png", width=300, height=200, scale=1)
