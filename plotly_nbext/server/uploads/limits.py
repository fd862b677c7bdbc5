"""How much an upload may hold, and what reading it may cost; beyond it, it is refused."""

from __future__ import annotations

from typing import Final

__all__ = [
    "CPU_SECONDS",
    "FREE_CELLS",
    "FREE_UNPACKED_BYTES",
    "MAX_CELLS",
    "MAX_CELLS_A_BYTE",
    "MAX_CELL_CHARACTERS",
    "MAX_CHUNK_BYTES",
    "MAX_COLUMNS",
    "MAX_DEPTH",
    "MAX_MEMBERS",
    "MAX_RATIO",
    "MAX_RESULT_BYTES",
    "MAX_TABLES",
    "MAX_TOTAL_COLUMNS",
    "MAX_UNPACKED_BYTES",
    "MEMORY_BYTES",
    "WALL_SECONDS",
    "NotATable",
    "Unreadable",
]

MAX_TABLES: Final = 256
MAX_COLUMNS: Final = 16_384
"""Of one table: as many as a spreadsheet has."""
MAX_TOTAL_COLUMNS: Final = 4 * MAX_COLUMNS
"""Of all tables together: each takes the store's one writer its time."""
MAX_CELLS: Final = 100_000_000
"""Of all tables together."""
MAX_CELL_CHARACTERS: Final = 1_000_000
MAX_CHUNK_BYTES: Final = 100_000_000
"""Of a column's chunk as JSON: whoever reads a row of it has all of it in memory."""
FREE_CELLS: Final = 1_000_000
MAX_CELLS_A_BYTE: Final = 100
"""Of a table in text or a workbook, beyond the first: more of them are only there to be filled."""

MAX_MEMBERS: Final = 5_000
MAX_DEPTH: Final = 16
"""Of an archive's folders in each other."""
MAX_UNPACKED_BYTES: Final = 2_000_000_000
MAX_RATIO: Final = 100
FREE_UNPACKED_BYTES: Final = 10_000_000
"""Up to here an archive may be packed as tightly as it likes."""

MEMORY_BYTES: Final = 2 * 2**30
"""Address space of the process that reads."""
CPU_SECONDS: Final = 60
WALL_SECONDS: Final = 180
MAX_RESULT_BYTES: Final = 4_000_000_000


class Unreadable(Exception):  # noqa: N818 - what it says of the file, in words for its sender
    """The file is refused; the message says why, and what would be right."""


class NotATable(Unreadable):
    """The file is of another kind than those that are read."""
