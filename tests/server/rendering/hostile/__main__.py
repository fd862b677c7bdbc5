"""Draw hostile figures and tell what came: ``python -m tests.server.rendering.hostile``."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .corpus import LIGHT, by_vector
from .stage import staged

if TYPE_CHECKING:
    from .cases import Outcome


async def main(names: list[str]) -> int:
    """Print a table of the vectors, their variants, and what came of them."""
    bad = 0
    write = sys.stdout.write
    write("| vector | figures | image | with a warning | refused | wrong |\n")
    write("|---|---|---|---|---|---|\n")
    for name in names or LIGHT:
        with TemporaryDirectory() as folder:
            async with staged(Path(folder)) as stage:
                for vector, cases in by_vector(name).items():
                    count: Counter[str] = Counter()
                    wrong = []
                    for case in cases:
                        outcome = await stage.play(case)
                        count[_kind(outcome)] += 1
                        wrong += [f"{case}: {problem}" for problem in outcome.problems]
                    wrong += await stage.check_others()
                    bad += len(wrong)
                    row = [count[kind] for kind in ("image", "warning", "refused")]
                    cells = map(str, [vector, len(cases), *row, len(wrong)])
                    write(f"| {' | '.join(cells)} |\n")
                    sys.stderr.writelines(f"    {problem[:600]}\n" for problem in wrong)
    return bool(bad)


def _kind(outcome: Outcome) -> str:
    if outcome.rendered is None:
        return "refused"
    return "warning" if outcome.rendered.warnings else "image"


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
