"""The static table of a grid, and how values are written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from plotly_nbext.notebook.tables import Head, column_type, html_table, text_table

LARGE = [Head(f"c{x}", "integer", "integer") for x in range(60)]
LARGE_TEXTS = [[str(x + y) for y in range(100)] for x in range(60)]


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
    heads = [Head("<b>name</b>", "text", "text")]
    html = html_table("</title><i>", heads, [["<script>alert(1)</script>", '"><img>']], 2)
    for markup in ("<script", "<img", "<b>name", "<i>"):
        assert markup not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_large_grid_is_shown_in_part_and_that_is_said() -> None:
    html = html_table("sales/2026", LARGE, LARGE_TEXTS, 1_000_000, note="Run the cell.")
    root = ET.fromstring(html)
    assert len(root.findall(".//tbody/tr")) == 10
    names = [cell.text for cell in root.findall(".//thead/tr/th")]
    assert names == [*(f"c{x}" for x in range(20)), "…"]
    assert "".join(root.find(".//caption").itertext()) == "sales/2026: 1,000,000 rows × 60 columns"
    assert root.find("p").text == (
        "The first 10 of 1,000,000 rows and 20 of 60 columns. Run the cell."
    )
    assert {len(list(row)) for row in root.iter("tr")} == {22}


def test_a_small_grid_is_shown_whole_and_nothing_is_said() -> None:
    html = html_table("small", LARGE[:2], [["1"], ["2"]], 1)
    assert "The first" not in html
    assert "<p>" not in html


def test_a_grid_without_rows_or_columns_is_a_table_all_the_same() -> None:
    assert "0 rows × 1 column<" in html_table("a", [Head("a", "empty", "anything")], [[]], 0)
    assert "0 rows × 0 columns" in html_table("none", [], [], 0)
    assert text_table([], [], 0) == ""
    assert text_table([Head("a", "empty", "anything")], [[]], 0) == "  a"


def test_headers_belong_to_their_cells_and_numbers_lie_to_the_right() -> None:
    heads = [Head("sold", "integer", "integer"), Head("city", "text", "text")]
    root = ET.fromstring(html_table("sales", heads, [["12"], ["Łódź"]], 1))
    assert [cell.get("scope") for cell in root.findall(".//th")] == ["col", "col", "row"]
    number, text = root.findall(".//tbody/tr/td")
    # GitHub keeps the one, JupyterLab heeds the other
    assert (number.get("align"), number.get("style")) == ("right", None)
    assert (text.get("align"), text.get("style")) == ("left", "text-align:left")


def test_null_is_empty_and_an_empty_text_is_seen() -> None:
    root = ET.fromstring(html_table("n", [Head("a", "text", "text")], [[None, "", '""']], 3))
    assert [cell.text for cell in root.findall(".//td")[1:]] == [None, '""', '""']
    assert text_table([Head("a", "text", "text")], [[None, ""]], 2).splitlines() == [
        "   a",
        "0",
        '1  ""',
    ]


HOSTILE = {
    "line\r\nbreak\u2028": "line↵break↵",
    "\x00\x1b[31m\x7f": "␀␛[31m␡",
    "half \ud83d": "half \ufffd",
    "]]> &amp; </td>": "]]> &amp; </td>",
    "👩‍👩‍👧 e\u0301": "👩‍👩‍👧 e\u0301",
}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_each_text_is_one_line_that_every_file_can_hold(text: str) -> None:
    html = html_table("h", [Head("a", "text", "text")], [[text]], 1)
    html.encode()
    # an empty line would end what Markdown leaves alone
    assert "\n" not in html
    assert ET.fromstring(html).findall(".//td")[1].text == HOSTILE[text]
    assert HOSTILE[text] in text_table([Head("a", "text", "text")], [[text]], 1)


@pytest.mark.parametrize("text", ["$5 and $6", r"\(a^2\)", r"\begin{align}x\end{align}", "$$x$$"])
def test_no_text_is_taken_for_mathematics(text: str) -> None:
    cell = ET.fromstring(html_table("m", [Head("a", "text", "text")], [[text]], 1)).findall(
        ".//td"
    )[1]
    assert "".join(cell.itertext()) == text
    runs = [cell.text, *(part for child in cell for part in (child.text, child.tail))]
    # MathJax looks for both ends of a formula in one run of text
    assert all(run in {"$", "\\"} for run in runs if run and set("$\\") & set(run))


def test_what_turns_the_direction_of_a_text_turns_no_other() -> None:
    turned = "safe\u202egnp.exe\u2066"
    root = ET.fromstring(html_table("t", [Head("a", "text", "text")], [[turned, "שלום"]], 2))
    assert [cell.get("dir") for cell in root.findall(".//td")[1:]] == ["auto", "auto"]
    assert "safe\ufffdgnp.exe\ufffd" in text_table([Head("a", "text", "text")], [[turned]], 1)


def test_lines_of_text_are_no_wider_than_a_terminal() -> None:
    lines = text_table(LARGE, LARGE_TEXTS, 1_000_000).splitlines()
    assert max(map(len, lines)) <= 82
    assert lines[0].endswith("  …")
    assert lines[-1] == "…"
    narrow = [Head(f"{x}", "integer", "integer") for x in range(21)]
    assert text_table(narrow, [["1"]] * 20, 1).splitlines()[0].endswith("  19  …")
    (line,) = text_table([Head("a", "text", "text")], [["x" * 10_000]], 1).splitlines()[1:]
    assert line == f"0  {'x' * 23}…"
