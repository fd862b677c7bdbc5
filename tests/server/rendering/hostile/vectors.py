"""A test of each way of doing harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .corpus import LIGHT, by_vector

if TYPE_CHECKING:
    from .stage import Stage

__all__ = ["play", "vectors"]


def vectors(*names: str) -> Any:
    """Parametrize a test with all vectors of these modules of the corpus."""
    assert set(names) <= set(LIGHT)
    return pytest.mark.parametrize(
        "cases",
        [
            pytest.param(cases, id=vector)
            for name in names
            for vector, cases in by_vector(name).items()
        ],
    )


async def play(stage: Stage, cases: list) -> None:
    """Play all cases; fail with all that is wrong, by name."""
    wrong = []
    for case in cases:
        outcome = await stage.play(case)
        wrong += [f"{case}: {problem}" for problem in outcome.problems]
    assert not wrong, "\n".join(wrong)
