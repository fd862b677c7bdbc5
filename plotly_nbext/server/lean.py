"""A server without pandas, which would take a third of its memory and a second of its first push.

The first array that pyarrow makes of anything looks for pandas, to know a Series when it gets one;
a server gets none.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["keep_pandas_from_pyarrow"]


def keep_pandas_from_pyarrow() -> None:
    """Let pyarrow look for pandas, once for all, where there is none.

    For a process that hands pyarrow nothing of pandas; it may import pandas itself.
    """
    sys.meta_path.insert(0, _Hidden)
    try:
        pa.scalar(0)
    finally:
        sys.meta_path.remove(_Hidden)


class _Hidden:
    """A finder of modules for which there is no pandas."""

    @staticmethod
    def find_spec(
        name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse to find pandas; leave all else to other finders."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)
        return None
