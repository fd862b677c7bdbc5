"""The changelog has the form of Keep a Changelog, and this version is in it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import plotly_nbext

TEXT = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
SEMANTIC = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?")


def versions() -> list[tuple[str, str, list[str]]]:
    """Give each version with its date and the kinds of changes that are listed."""
    found = []
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        version, _, date = heading.partition(" - ")
        found.append((version.strip("[]"), date, re.findall(r"^### (.+)$", rest, re.MULTILINE)))
    return found


def test_each_version_has_a_date_and_changes_of_known_kinds():
    for version, date, kinds in versions():
        if version == "Unreleased":
            assert not date
        else:
            assert SEMANTIC.fullmatch(version)
            assert dt.date.fromisoformat(date) >= dt.date(2026, 1, 1)
        known = [kind for kind in kinds if kind in KINDS]
        assert known == sorted(known, key=KINDS.index), version
        assert set(kinds) <= {*KINDS, "As measured"}, version


def test_the_version_is_the_last_one_of_the_changelog():
    released = [version for version, _, _ in versions() if version != "Unreleased"]
    assert released[0] == plotly_nbext.__version__
