"""Sheets of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from plotly_nbext.notebook.frame_table import FrameTable
from plotly_nbext.notebook.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


@pytest.fixture
def sheet_of() -> Callable[[pd.DataFrame], Sheet]:
    """Make the sheet of a frame, which can be edited as that of a grid can."""

    def make(frame: Any) -> Sheet:
        return Sheet(FrameTable(frame))

    return make
