"""What loading costs a kernel that has just started, beside what people import anyway.

Each figure is from a process of its own, in which IPython is there as in a kernel, by that
process's clock; all of them are taken one after the other in each round. ``--quick``: two rounds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from importlib.metadata import version

ROUNDS = 15
GOAL = 0.1
LIMIT = "`import pandas`"
LOADING = "`%load_ext plotly_nbext`"

STATEMENTS = {
    LIMIT: "import pandas",
    LOADING: "shell.run_line_magic('load_ext', 'plotly_nbext')",
    "`import plotly_nbext`": "import plotly_nbext",
    "`%load_ext plotly_nbext`, pandas and plotly are there": (
        "shell.run_line_magic('load_ext', 'plotly_nbext')"
    ),
    "`import requests`": "import requests",
    "`import anywidget`": "import anywidget",
    "`import plotly.graph_objects`": "import plotly.graph_objects",
}
BEFORE = {"`%load_ext plotly_nbext`, pandas and plotly are there": "import pandas, plotly.express"}

PROGRAM = """
import sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
{before}
start = time.perf_counter()
{statement}
print(time.perf_counter() - start)
"""


def seconds(statement: str, before: str) -> float:
    """Time a statement in a new process."""
    program = PROGRAM.format(statement=statement, before=before)
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return float(run.stdout)


def main() -> None:
    """Print the table, and whether the figure to reach was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds: whether it works")
    rounds = 2 if parser.parse_args().quick else ROUNDS
    taken: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for lap in range(rounds + 1):
        for name, statement in STATEMENTS.items():
            measured = seconds(statement, BEFORE.get(name, "pass"))
            if lap:  # the first compiles, and fills the page cache
                taken[name].append(measured)
    limit = statistics.median(taken[LIMIT])
    print(
        f"pandas {version('pandas')}, plotly {version('plotly')}, IPython {version('ipython')}. "
        f"Rounds: {rounds} after one that warms up. × is the ratio of p50 to the first row.\n"
    )
    print("| in a new process | ms, p50 | from – to | × |\n| --- | --- | --- | --- |")
    for name, times in taken.items():
        middle = statistics.median(times)
        spread = f"{min(times) * 1000:.0f} – {max(times) * 1000:.0f}"
        print(f"| {name} | {middle * 1000:.0f} | {spread} | {middle / limit:.3f} |")
    ratio = statistics.median(taken[LOADING]) / limit
    print("\n| what | goal | measured | reached |\n| --- | --- | --- | --- |")
    reached = "yes" if ratio <= GOAL else "no"
    print(f"| {LOADING} / {LIMIT} | ≤ {GOAL} | {ratio:.3f} | {reached} |")


if __name__ == "__main__":
    main()
