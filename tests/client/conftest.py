"""A screen for bars."""

from __future__ import annotations

import io

import pytest


class Terminal(io.StringIO):
    """A screen, which a bar is shown on."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal() -> Terminal:
    """Give a screen to redirect stderr to."""
    return Terminal()
