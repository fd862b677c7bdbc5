"""Names of files on disk, of whatever files are called on a server."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.moving.names import disk_name, numbered, server_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026", "2026.csv"),
        ("größer", "größer.csv"),
        ("a/b\\c", "a_b_c.csv"),
        ("..", "_.csv"),
        (".hidden", "_.hidden.csv"),
        ("CON", "_CON.csv"),
        ("what?*", "what__.csv"),
        ("tab\there", "tab_here.csv"),
        ("ends in dots..", "ends in dots.csv"),
        ("x" * 300, "x" * 150 + ".csv"),
    ],
)
def test_any_system_takes_the_name(name, expected):
    assert disk_name(name, ".csv", set()) == expected


def test_names_that_differ_by_case_alone_do_not_meet():
    taken: set[str] = set()
    names = [disk_name(name, ".csv", taken) for name in ("Sales", "sales", "SALES", "sales (2)")]
    assert names == ["Sales.csv", "sales (2).csv", "SALES (3).csv", "sales (2) (2).csv"]


@given(st.lists(st.text(max_size=200), max_size=20))
def test_no_two_files_share_a_name(names):
    taken: set[str] = set()
    chosen = [disk_name(name, ".csv", taken) for name in names]
    folded = {unicodedata.normalize("NFC", name.casefold()) for name in chosen}
    assert len(folded) == len(names)
    assert all("/" not in name and "\\" not in name and name[0] != "." for name in chosen)
    assert all(len(name.encode()) < 200 for name in chosen)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026", "2026"),
        ("a/b", "a_b"),
        ("..", "_.."),
        (" ", "_"),
        ("line\nbreak", "line_break"),
        ("x" * 120, "x" * 100),
        ("bob:88", "bob_88"),
        ("alice:88", "alice:88"),
    ],
)
def test_our_server_takes_the_name(name, expected):
    assert server_name(name, "bob") == expected


def test_a_number_that_is_free_is_found():
    assert numbered("a", {"a", "a (2)"}) == "a (3)"
    assert len(numbered("x" * 100, set())) == 100
