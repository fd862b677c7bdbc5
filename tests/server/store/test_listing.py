"""Lists and searches: what is in them, for whom, and in what order."""

from __future__ import annotations

import pytest

from plotly_nbext.server.store import files, grids, listing, popularity, trash
from plotly_nbext.server.store.files import FOLDER, PLOT
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.listing import Listing


@pytest.fixture
def names(connection):
    """List files, by their names: to alice if not said otherwise."""

    def names(order: tuple[str, ...] = ("filename",), **conditions) -> list[str]:
        scope = Listing(**{"reader": "alice"} | conditions)
        found = listing.children(connection, scope, order=order)
        assert listing.count(connection, scope) == len(found)
        return [record.filename for record in found]

    return names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%", ["50 % off"]),
        ("_", ["a_b"]),
        ("a_b", ["a_b"]),
        ("/", []),
        ("\\", ["back\\slash"]),
        ("'", ["it's"]),
        ("SALES", ["sales", "Sales 2"]),
        ("äpfel", ["ÄPFEL"]),
        ("straße", ["Straße"]),
        ("off", ["50 % off"]),
        (" ", ["50 % off", "Sales 2"]),
    ],
)
def test_every_character_of_a_search_stands_for_itself(make, names, text, found):
    for name in ("sales", "Sales 2", "50 % off", "a_b", "axb", "back\\slash", "it's"):
        make(filename=name)
    for name in ("ÄPFEL", "Straße"):
        make(filename=name)
    assert sorted(names(text=text)) == sorted(found)


def test_a_grid_is_found_by_the_name_of_a_column_once(connection, make, names):
    grid = make(filename="sales")
    new = [ColumnChange(name, [1]) for name in ("Région", "région 2", "a/b %_")]
    grids.add_columns(connection, grid, new)
    for text in ("RÉGION", "/b %_", "sales"):
        assert names(text=text) == ["sales"]
    assert names(text="1") == []


def test_a_search_for_someone_finds_their_own_and_the_public(connection, make, names):
    make(filename="private of alice")
    make(filename="public of alice", world_readable=True)
    make(filename="private of bob", owner="bob")
    trash.trash(connection, make(filename="of alice, in the trash", world_readable=True))
    for_bob = ["private of bob", "public of alice"]
    assert names(text="of", reader="bob") == for_bob
    assert names(text="of", reader=None) == ["public of alice"]
    assert names(text="of", reader="bob", owner="alice") == ["public of alice"]


def test_a_star_on_what_became_private_is_not_listed(connection, make, names):
    grid = make(filename="sales", world_readable=True)
    popularity.star(connection, grid, "bob")
    stars = {"starred_by": "bob", "reader": "bob"}
    assert names(**stars) == ["sales"]
    files.change(connection, grid, world_readable=False)
    assert names(**stars) == []


def test_orders_are_by_each_name_in_turn(make, names):
    make(PLOT, "b")
    make(FOLDER, "c")
    make(PLOT, "a")
    assert names() == ["a", "b", "c"]
    assert names(("-filename",)) == ["c", "b", "a"]
    assert names(("filetype", "filename")) == ["c", "a", "b"]
    assert names(("-filetype", "-filename")) == ["b", "a", "c"]
    assert names(("creation_time",)) == ["b", "c", "a"]


def test_subfolders_are_counted_of_those_that_are_seen(connection, make):
    folder, grid = make(FOLDER), make()
    make(FOLDER, parent=folder.idlocal)
    public = make(FOLDER, parent=folder.idlocal, world_readable=True)
    make(FOLDER, parent=public.idlocal, world_readable=True)
    make(parent=folder.idlocal, world_readable=True)
    trash.trash(connection, make(FOLDER, parent=folder.idlocal))

    def counts(reader: str | None) -> dict[int, int]:
        return listing.subfolder_counts(connection, [folder, grid], reader)

    assert counts("alice") == {folder.id: 2}
    assert counts("bob") == counts(None) == {folder.id: 1}
