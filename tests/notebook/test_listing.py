"""The table that `%plotly_grid ls` shows."""

from __future__ import annotations

from plotly_nbext.accounts import Account
from plotly_nbext.client.file import opened
from plotly_nbext.client.session import Session
from plotly_nbext.notebook.magics.listing import Facts, Listing


def locate():
    return Account("http://127.0.0.1:9", "alice", "key")  # nobody is there, so nothing can be asked


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


def test_a_listing_is_a_sequence_of_files_by_name():
    listing = Listing(FILES)
    assert [each.name for each in listing] == ["<sales>", "a", "archive", FILES[3].name]
    assert (len(listing), listing[1].fid) == (4, "alice:12")


def test_the_trash_is_listed_by_the_paths_that_files_had():
    listing = Listing.of_trash([("old/archive", FILES[1]), ("old/a", FILES[2])])
    assert repr(listing).splitlines() == [
        "name          rows",
        "old/a            0",
        "old/archive/",
    ]
    assert repr(Listing.of_trash([])) == "The trash is empty."


def test_facts_of_a_wide_grid_are_of_its_first_columns_and_its_html_is_escaped():
    meta = {
        "filename": "<wide>",
        "filetype": "grid",
        "fid": "alice:7",
        "owner": "alice",
        "row_count": 1704,
        "date_modified": "2026-11-21T18:00:00.000Z",
        "web_url": "http://127.0.0.1:9/~alice/7/",
        "cols": [{"name": f"<{place}>", "uid": f"{place:06}"} for place in range(32)],
    }
    facts = Facts(opened(Session(locate), meta, "<wide>"))
    lines = repr(facts).splitlines()
    assert lines[:4] == [
        "path      <wide>",
        "fid       alice:7",
        "rows      1,704",
        "columns   <0> (alice:7:000000)",
    ]
    assert "          … and 2 more" in lines
    assert "<td>&lt;wide&gt;</td>" in facts._repr_html_()
