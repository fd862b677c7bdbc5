"""The deployment that the tests of this folder share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import stack as stacks

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def stack() -> Iterator[stacks.Stack]:
    """All that compose.yaml starts."""
    with stacks.running() as running:
        yield running
