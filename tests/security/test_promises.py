"""Each promise that is written down is held by a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((tests/[\w/]+\.py)(?:#(\w+))?\)")
PAGES = ("README.md", "SECURITY.md")


def links(page: str) -> list[tuple[str, str]]:
    return LINK.findall((ROOT / page).read_text())


@pytest.mark.parametrize("page", PAGES)
def test_each_test_that_is_named_is_there(page):
    missing = [
        f"{file}#{name}"
        for file, name in links(page)
        if not (ROOT / file).is_file() or (name and name not in functions_of(ROOT / file))
    ]
    assert missing == []


def functions_of(file: Path) -> set[str]:
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return {
        node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, functions)
    }


@pytest.mark.parametrize(("page", "least"), [("README.md", 8), ("SECURITY.md", 24)])
def test_no_promise_is_without_a_test(page, least):
    rows = [
        line
        for table in re.findall(
            r"\| Promise \| Test \|\n\|[ -|]+\|\n((?:\|.*\n)+)", (ROOT / page).read_text()
        )
        for line in table.splitlines()
    ]
    assert len(rows) >= least
    assert [row for row in rows if not LINK.search(row)] == []
