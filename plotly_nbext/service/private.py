"""Files that only the user may read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedWriter
    from pathlib import Path

__all__ = ["create"]


def create(path: Path) -> BufferedWriter:
    """Open a new file of mode 0600 for writing, in place of what is there."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
