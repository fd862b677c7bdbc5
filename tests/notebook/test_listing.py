"""The table that `%plotly_grid ls` shows."""

from __future__ import annotations

from plotly_nbext.client.file import opened
from plotly_nbext.client.session import Session
from plotly_nbext.notebook.magics.listing import Listing


def locate():
    raise AssertionError("nothing is asked for a listing")


def file(name, filetype, fid, row_count, modified):
    meta = {"filename": name, "filetype": filetype, "fid": fid, "date_modified": modified}
    return opened(Session(locate), meta | ({} if row_count is None else {"row_count": row_count}))


FILES = [
    file("<sales>", "grid", "alice:9", 1704, "2026-11-21T18:00:00.000Z"),
    file("archive", "fold", "alice:3", None, "2026-11-20T18:00:00.000Z"),
    file("a", "grid", "alice:12", 0, "2026-11-19T18:00:00.000Z"),
    file("of a server that counts none", "grid", "alice:13", None, "2026-11-19T18:00:00.000Z"),
]


def test_files_are_listed_by_name_with_nothing_that_changes_from_run_to_run():
    assert repr(Listing(FILES)).splitlines() == [
        "name                           rows",
        "<sales>                       1,704",
        "a                                 0",
        "archive/",
        "of a server that counts none",
    ]
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
