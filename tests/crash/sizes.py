"""Crashes: what is killed, loses its power, or has no disk, no descriptors or no clock.

``CRASH_ROUNDS`` says how many rounds there are (on SQLite; a third of it on PostgreSQL, a tenth in
which PostgreSQL itself is killed), and ``CRASH_SEED`` repeats a run, as far as the moments of its
kills can be repeated.
"""

from __future__ import annotations

import os
from random import randrange
from typing import Final

SEED: Final = int(os.environ.get("CRASH_SEED", randrange(1_000_000)))

_ROUNDS: Final = int(os.environ.get("CRASH_ROUNDS", "12"))
ROUNDS: Final = {
    "sqlite": _ROUNDS,
    "postgresql": max(4, _ROUNDS // 3),
    "postgresql itself": max(2, _ROUNDS // 10),
}
IMAGES: Final = max(60, 2 * _ROUNDS)
