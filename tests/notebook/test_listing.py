"""The table that `%plotly_grid ls` shows."""

from __future__ import annotations

from plotly_nbext.client import FileInfo
from plotly_nbext.notebook.magics.listing import Listing

FILES = [
    FileInfo("<sales>", "<sales>", "grid", "alice:9", 1704, "2026-11-21T18:00:00Z"),
    FileInfo("archive", "archive", "fold", "alice:3", None, "2026-11-20T18:00:00Z"),
    FileInfo("a", "a", "grid", "alice:12", 0, "2026-11-19T18:00:00Z"),
]


def test_files_are_listed_by_name_with_nothing_that_changes_from_run_to_run():
    assert repr(Listing(FILES)) == "name       rows\n<sales>   1,704\na             0\narchive/"
    assert repr(Listing(reversed(FILES))) == repr(Listing(FILES))


def test_the_long_form_tells_ids_and_times():
    line = repr(Listing(FILES, long=True)).splitlines()[1]
    assert line.split() == ["<sales>", "1,704", "alice:9", "2026-11-21T18:00:00Z"]


def test_names_are_escaped_in_html():
    html = Listing(FILES)._repr_html_()
    assert "<td>&lt;sales&gt;</td>" in html
    assert "alice" not in html


def test_an_empty_folder_says_so():
    assert repr(Listing([])) == "No grids yet."
    assert Listing([], folder="a & b")._repr_html_() == "<p>Nothing in &#x27;a &amp; b&#x27;.</p>"
