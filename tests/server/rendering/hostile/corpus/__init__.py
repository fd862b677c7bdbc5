"""The hostile figures, by what they try."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import config, latex, malformed, pictures, places, pollution, styles, text

if TYPE_CHECKING:
    from types import ModuleType

    from ..cases import Case

__all__ = ["ALL", "LIGHT", "by_vector"]

ALL = os.environ.get("HOSTILE") == "all"
"""Whether all are drawn, and not only as many as a test suite has time for."""

LIGHT: dict[str, ModuleType] = {
    "addresses": places,
    "pictures": pictures,
    "text": text,
    "styles": styles,
    "configuration": config,
    "mathematics": latex,
    "malformed": malformed,
    "pollution": pollution,
}

MANY = 6
"""How many of a vector are drawn otherwise."""


def by_vector(name: str) -> dict[str, list[Case]]:
    """Group the cases of one of the modules."""
    vectors: dict[str, list[Case]] = {}
    for case in LIGHT[name].cases():
        vectors.setdefault(case.vector, []).append(case)
    if ALL:
        return vectors
    return {vector: cases[:: -(-len(cases) // MANY)] for vector, cases in vectors.items()}
