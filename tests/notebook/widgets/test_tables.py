"""The static table of a grid, and how values are written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from plotly_nbext.notebook.tables import cell_text, column_type, preview_html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", ""),
        ("Köln", "Köln"),
        (True, "true"),
        (0.1, "0.1"),
        (9007199254740993, "9007199254740993"),
        (10**30, "1" + "0" * 30),
        ({"a": [1, "ü"]}, '{"a":[1,"ü"]}'),
    ],
)
def test_a_value_is_written_with_all_that_it_says(value: Any, text: str | None) -> None:
    assert cell_text(value) == text


def test_a_very_long_text_is_cut() -> None:
    text = cell_text("a" * 1_000_000)
    assert text is not None
    assert len(text) == 250
    assert text.endswith("a…")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "empty"),
        ([None, None], "empty"),
        ([1, None, 3], "integer"),
        ([1, 2.5], "number"),
        ([True, False], "boolean"),
        ([True, 1], "mixed"),
        (["2026-01-31", None], "date"),
        (["2026-01-31", "2026-01-31 12:00:00.5"], "datetime"),
        (["2026-01-31T12:00:00Z"], "datetime"),
        (["2026-01-31", "soon"], "text"),
        (["1", "2"], "text"),
        ([1, "one"], "mixed"),
        ([[1], [2]], "mixed"),
    ],
)
def test_the_type_of_a_column_is_that_of_its_values(values: list[Any], expected: str) -> None:
    assert column_type(values) == expected


def test_nothing_in_a_grid_becomes_markup() -> None:
    html = preview_html(["<b>name</b>"], [["<script>alert(1)</script>"], ['"><img>']], 2)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_large_grid_is_shown_in_part_and_its_size_is_said() -> None:
    names = [f"c{x}" for x in range(60)]
    rows = [[x + y for x in range(60)] for y in range(100)]
    html = preview_html(names, rows, 1_000_000)
    root = ET.fromstring(html)
    assert len(root.findall(".//tbody/tr")) == 10
    assert [cell.text for cell in root.findall(".//thead/tr[1]/th")][-2:] == ["c19", "…"]
    assert "1,000,000 rows × 60 columns" in html
    widths = {len(list(row)) for row in root.iter("tr")}
    assert widths == {22}


def test_a_grid_without_rows_or_columns_is_a_table_all_the_same() -> None:
    assert "0 rows × 1 columns" in preview_html(["a"], [], 0)
    assert "0 rows × 0 columns" in preview_html([], [], 0)
