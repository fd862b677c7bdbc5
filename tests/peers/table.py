"""The table of README.md, from what a run of the tests saw.

Usage: ``python tests/peers/table.py [--check] JUNIT.xml``, after ``pytest -m peers tests/peers
--junitxml JUNIT.xml``. It writes the table; with ``--check`` it only tells whether the table that
is there is the one that the run saw.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

README = Path(__file__).parent / "README.md"
START, END = "<!-- table -->\n", "<!-- end of table -->\n"


def rows(report: Path) -> dict[tuple[str, str, str], str]:
    """Give the result of each call: what its tests say of it, or that one of them fails."""
    results: dict[tuple[str, str, str], str] = {}
    for test in ET.parse(report).iter("testcase"):
        passed = test.find("failure") is None and test.find("error") is None
        for seen in test.iterfind("properties/property[@name='call']"):
            *call, result = json.loads(seen.get("value", ""))
            if not passed or results.get(tuple(call)) == "FAILS":
                result = "FAILS"
            results[tuple(call)] = result
    return results


def table(report: Path) -> str:
    """Give the table as Markdown, sorted by client and call."""
    lines = ["| client | version | call | result |", "|---|---|---|---|"]
    for (client, version, call), result in sorted(rows(report).items()):
        name, *how = call.split(", ", 1)
        lines.append(f"| {client} | {version} | {', '.join([f'`{name}`', *how])} | {result} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the table, or compare it."""
    check = arguments[0] == "--check"
    before, rest = README.read_text().split(START)
    committed, after = rest.split(END)
    seen = table(Path(arguments[-1]))
    if check and seen != committed:
        difference = sorted(set(committed.splitlines()) ^ set(seen.splitlines()))
        print(f"{README} differs from what was seen:", *difference, sep="\n  ")
        return 1
    if not check:
        README.write_text(f"{before}{START}{seen}{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
