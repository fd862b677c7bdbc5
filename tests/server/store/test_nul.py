"""No NUL is sent to the database: PostgreSQL would refuse the statement, and the server fail."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files, listing, paths, popularity
from plotly_nbext.server.store.listing import Listing
from plotly_nbext.server.store.schema import HOME

NAMES = ["\0", "a\0", "alice\0"]


@pytest.fixture
def sent(connection):
    """What was sent as values of statements."""
    found: list[str] = []

    def note(_connection, _cursor, _statement, parameters, *_rest) -> None:
        found.append(str(parameters))

    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("name", NAMES)
def test_what_has_a_nul_in_its_name_is_not_there(connection, make, sent, name):
    make(filename="a")
    sent.clear()
    assert files.head(connection, f"{name}:0") is None
    assert paths.at(connection, "alice", HOME, name) is None
    assert paths.at(connection, "alice", HOME, f"a/{name}") is None
    assert paths.at(connection, name, HOME, "a") is None
    assert listing.count(connection, Listing(name, reader="alice")) == 0
    assert listing.children(connection, Listing(name, reader="alice")) == []
    assert not popularity.unstar(connection, f"{name}:0", "alice")
    assert sent
    assert not any(r"\x00" in each for each in sent)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_made_or_named_with_a_nul(connection, make, sent, name):
    grid = make()
    sent.clear()
    for attempt in (
        lambda: make(filename=name),
        lambda: files.change(connection, grid, filename=name),
        lambda: paths.ensure_folders(connection, "alice", HOME, f"a/{name}"),
    ):
        with pytest.raises(ValidationError) as refusal:
            attempt()
        assert refusal.value.field == "filename"
    assert sent
    assert not any(r"\x00" in each for each in sent)


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "a\x85"])
def test_no_new_file_has_a_control_character_in_its_name(name):
    with pytest.raises(ValidationError, match="has a control character"):
        files.checked_filename(name)
