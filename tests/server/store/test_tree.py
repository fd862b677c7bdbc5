"""Folders as trees: deep ones and large ones, and what moves with them."""

from __future__ import annotations

import pytest

from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.auth import Caller, readable
from plotly_nbext.server.store import copying, files, listing, paths, trash
from plotly_nbext.server.store.files import FOLDER
from plotly_nbext.server.store.listing import Listing
from plotly_nbext.server.store.schema import HOME

# SQLite takes 32,766 variables in a statement
LARGE = 33_000
DEEP = 300


def test_a_folder_of_very_many_files_is_copied_trashed_restored_and_deleted(
    connection, make, make_many
):
    folder = make(FOLDER, "large")
    make_many(folder, LARGE)
    inside = Listing("alice", folder.idlocal, reader="alice")

    copy = copying.copy(connection, folder, owner="bob", parent=HOME)
    assert listing.count(connection, Listing("bob", copy.idlocal, reader="bob")) == LARGE

    folder = trash.trash(connection, folder)
    assert listing.count(connection, inside) == 0
    assert listing.children(connection, Listing("alice", in_trash=True, reader="alice")) == [folder]
    folder = trash.restore(connection, folder)
    assert listing.count(connection, inside) == LARGE

    trash.remove(connection, trash.trash(connection, folder))
    assert listing.count(connection, Listing("alice", reader="alice")) == 0
    assert listing.count(connection, Listing("alice", in_trash=True, reader="alice")) == 0
    assert listing.count(connection, Listing("bob", copy.idlocal, reader="bob")) == LARGE


def test_a_very_deep_folder_is_trashed_and_restored_to_its_end(connection, make, make_deep):
    folders = make_deep(DEEP)
    grid = make(parent=folders[-1].idlocal)
    top = trash.trash(connection, folders[0])
    assert files.head(connection, grid.fid).trashed
    trash.restore(connection, top)
    assert not files.head(connection, grid.fid).trashed


def test_the_folders_above_a_file_are_told_from_the_innermost_out(connection, make, make_deep):
    folders = make_deep(DEEP)
    grid = make(parent=folders[-1].idlocal)
    above = paths.folders_above(connection, grid)
    assert [folder.id for folder in above] == [folder.id for folder in reversed(folders)]
    assert paths.folders_above(connection, folders[0]) == []


def test_folders_of_other_users_with_the_same_numbers_stay_where_they_are(connection, make):
    his, hers = make(FOLDER, owner="bob"), make(FOLDER)
    assert his.idlocal == hers.idlocal
    kept = make(owner="bob", parent=his.idlocal)
    trash.remove(connection, trash.trash(connection, hers))
    assert files.load(connection, files.head(connection, kept.fid)) == kept
    assert paths.folders_above(connection, kept) == [his]


@pytest.mark.parametrize("depth", [0, 1, DEEP - 1])
def test_a_folder_can_not_be_moved_into_itself(connection, make_deep, depth):
    folders = make_deep(DEEP)
    with pytest.raises(ValidationError, match="can't be moved into itself"):
        files.change(connection, folders[0], parent=folders[depth].idlocal)


def test_a_folder_moves_with_all_that_lies_in_it(connection, make, make_deep):
    folders, target = make_deep(3), make(FOLDER, "target")
    grid = make(filename="grid", parent=folders[2].idlocal)
    files.change(connection, folders[1], parent=target.idlocal)
    found = paths.at(connection, "alice", HOME, "target/1/2/grid")
    assert found is not None
    assert found.id == grid.id
    assert paths.at(connection, "alice", HOME, "0/1") is None


def test_nothing_can_be_put_into_a_folder_in_the_trash(connection, make):
    folder = make(FOLDER, "old")
    inside = make(FOLDER, "inside", parent=folder.idlocal)
    outside = make()
    trash.trash(connection, folder)
    for parent in (folder, inside):
        with pytest.raises(ValidationError, match="is not a folder"):
            make(parent=parent.idlocal)
        with pytest.raises(ValidationError, match="is not a folder"):
            files.change(connection, outside, parent=parent.idlocal)


def test_what_lies_in_a_trashed_folder_says_which_folder_to_restore(connection, make):
    folder = make(FOLDER, "old")
    grid = make(filename="sales", parent=folder.idlocal)
    first = trash.trash(connection, grid)
    trash.trash(connection, folder)
    with pytest.raises(ValidationError, match="'old' of 'sales' is in the trash") as refused:
        trash.restore(connection, first)
    assert refused.value.field == "parent"


def test_each_time_in_the_trash_brings_back_what_it_took(connection, make):
    outer = make(FOLDER, "outer")
    inner = make(FOLDER, "inner", parent=outer.idlocal)
    early, late = (make(parent=inner.idlocal) for _ in range(2))
    trash.trash(connection, early)
    gone_inner = trash.trash(connection, inner)
    gone_outer = trash.trash(connection, outer)

    def there() -> list[int]:
        found = listing.children(
            connection, Listing("alice", reader="alice"), order=["creation_time"]
        )
        return [record.id for record in found]

    assert there() == []
    trash.restore(connection, gone_outer)
    assert there() == [outer.id]
    trash.restore(connection, gone_inner)
    assert there() == [outer.id, inner.id, late.id]


@pytest.mark.parametrize(
    "fid", ["alice:-1", "alice:", ":1", "alice:1:2", "alice:9999999999", "alice:\u0661"]
)
def test_what_is_no_fid_is_not_found(connection, fid):
    with pytest.raises(NotFoundError):
        readable(connection, Caller("alice"), fid)
