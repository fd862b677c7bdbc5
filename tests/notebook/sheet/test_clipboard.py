"""Tab-separated text as Excel and Sheets write and read it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.errors import ValidationError
from plotly_nbext.notebook.sheet.clipboard import block_of, check_size, tsv

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n))))
def test_what_is_copied_is_what_is_pasted(rows: list[list[str]]) -> None:
    if rows:
        assert block_of(tsv(rows)) == rows


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("", [[""]]),
        ("a", [["a"]]),
        ("a\n", [["a"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\rb\r", [["a"], ["b"]]),
        ("a\t\n\tb", [["a", ""], ["", "b"]]),
        ("a\n\nb\n", [["a"], [""], ["b"]]),
        ('"two\nlines"\t"say ""hi"""\n', [["two\nlines", 'say "hi"']]),
        ('5" pipe\t6\n', [['5" pipe', "6"]]),
        ("a\tb\nc\n", [["a", "b"], ["c", ""]]),
        ("\t\n", [["", ""]]),
    ],
)
def test_what_programs_copy_is_read_as_they_show_it(text: str, block: list[list[str]]) -> None:
    assert block_of(text) == block


def test_null_is_an_empty_cell_and_only_what_has_to_be_is_quoted() -> None:
    assert tsv([["a", None, 'b"c'], ["d\te", "f\ng", "h,i"]]) == (
        'a\t\t"b""c"\n"d\te"\t"f\ng"\th,i'
    )


def test_a_carriage_return_in_a_cell_parts_no_rows() -> None:
    assert tsv([["a\rb", "c"]]) == '"a\rb"\tc'


def test_other_programs_read_what_is_copied() -> None:
    rows = [["a", 'say "hi"'], ["two\nlines", "tab\there"]]
    assert list(csv.reader(io.StringIO(tsv(rows), newline=""), dialect="excel-tab")) == rows


def test_too_much_for_a_clipboard_is_refused() -> None:
    check_size(1_000_000, 1, "copied")
    with pytest.raises(ValidationError, match="At most 1,000,000 cells are copied at once"):
        check_size(1_000, 1_001, "copied")
    with pytest.raises(ValidationError, match="not 1,000,001 × 1"):
        block_of("1\n" * 1_000_001)
