"""Copies within the database: all of it or nothing, and no tie between copy and original."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.copies import copy_file
from plotly_nbext.server.store import copying, files, grids, listing, plots, references, trash
from plotly_nbext.server.store.files import FOLDER, PLOT
from plotly_nbext.server.store.grids import ColumnChange
from plotly_nbext.server.store.listing import Listing
from plotly_nbext.server.store.schema import CHUNK_ROWS, HOME, metadata

LONG = [*range(CHUNK_ROWS + 1)]


@pytest.fixture
def grid(connection, make):
    """A grid with a column of two chunks and one of a few values."""
    grid = make(filename="sales", metadata={"k": 1}, share_key_enabled=True)
    grids.add_columns(connection, grid, [ColumnChange("x", LONG), ColumnChange("y", ["a", None])])
    return files.load(connection, grid)


@pytest.fixture
def draw(connection, make):
    """Make a plot of a grid's first column."""

    def draw(grid: files.FileRecord, **fields) -> files.FileRecord:
        column = grids.list_columns(connection, grid)[0]
        figure = {"data": [{"xsrc": f"{grid.fid}:{column.uid}"}]}
        plot = make(PLOT, **fields)
        plots.create(connection, plot, json.dumps(figure))
        references.set_references(connection, plot, [grid])
        return plot

    return draw


def table(connection, grid) -> dict[str, list]:
    return {
        column.name: grids.values(connection, grid, column)
        for column in grids.list_columns(connection, grid)
    }


def sizes(connection) -> dict[str, int]:
    """Count the rows of every table."""
    return {
        each.name: connection.execute(select(func.count()).select_from(each)).scalar_one()
        for each in metadata.sorted_tables
    }


def inside(connection, folder) -> dict[str, files.FileRecord]:
    found = listing.children(connection, Listing(folder.owner, folder.idlocal, reader=folder.owner))
    return {record.filename: record for record in found}


def test_a_copied_grid_has_all_values_and_shares_none(connection, grid):
    copy = copying.copy(connection, grid, owner="bob", parent=HOME)
    assert (copy.owner, copy.source_fid, copy.metadata) == ("bob", grid.fid, {"k": 1})
    assert copy.row_count == grid.row_count == len(LONG)
    assert grids.list_columns(connection, copy) == grids.list_columns(connection, grid)
    grids.append_rows(connection, grid, [["new", "new"]])
    assert table(connection, copy) == {"x": LONG, "y": ["a", None]}
    trash.remove(connection, trash.trash(connection, grid))
    assert table(connection, copy) == {"x": LONG, "y": ["a", None]}


def test_the_keys_of_the_original_do_not_open_the_copy(connection, make):
    folder = make(FOLDER, share_key_enabled=True)
    make(filename="grid", parent=folder.idlocal, share_key_enabled=True)
    copy = copying.copy(connection, folder, owner="alice", parent=HOME)
    pairs = [(folder, copy), (inside(connection, folder)["grid"], inside(connection, copy)["grid"])]
    for original, copied in pairs:
        assert copied.share_key != original.share_key
        assert not copied.share_key_enabled


@pytest.mark.parametrize("fields", [{"filename": "taken"}, {"filename": "a/b"}, {"parent": 99}])
def test_a_copy_that_is_refused_leaves_nothing_behind(database, fields):
    with database.write() as connection:
        folder = files.create(
            connection, owner="alice", filetype=FOLDER, filename="taken", parent=HOME
        )
        grid = files.create(
            connection, owner="alice", filetype="grid", filename=None, parent=folder.idlocal
        )
        grids.add_columns(connection, grid, [ColumnChange("x", [1])])
        before = sizes(connection)
    with pytest.raises(ValidationError) as refused, database.write() as connection:
        copying.copy(connection, folder, owner="alice", **({"parent": HOME} | fields))
    assert refused.value.field == next(iter(fields))
    with database.read() as connection:
        assert sizes(connection) == before


def test_a_name_that_is_taken_gets_a_number_within_the_limit(connection, make):
    long = "x" * files.MAX_FILENAME
    original = make(filename=long)
    copies = [copying.copy(connection, original, owner="alice", parent=HOME) for _ in range(2)]
    assert [copy.filename for copy in copies] == [long[:-4] + " (2)", long[:-4] + " (3)"]


def test_a_folder_can_be_copied_into_itself(connection, make):
    folder = make(FOLDER, "folder")
    make(FOLDER, "inner", parent=folder.idlocal)
    copy = copying.copy(connection, folder, owner="alice", parent=folder.idlocal)
    assert list(inside(connection, folder)) == ["folder", "inner"]
    assert list(inside(connection, copy)) == ["inner"]


def test_what_someone_may_not_see_is_not_copied_nor_what_lies_in_it(connection, make):
    top = make(FOLDER, "top", world_readable=True)
    make(filename="private", parent=top.idlocal)
    make(filename="public", parent=top.idlocal, world_readable=True)
    secret = make(FOLDER, "secret", parent=top.idlocal)
    make(filename="public in secret", parent=secret.idlocal, world_readable=True)
    trash.trash(connection, make(filename="gone", parent=top.idlocal, world_readable=True))
    copy = copying.copy(connection, top, owner="bob", parent=HOME)
    assert list(inside(connection, copy)) == ["public"]
    assert listing.count(connection, Listing("bob", reader="bob")) == 2


@pytest.mark.parametrize("world_readable", [True, False])
def test_a_copied_folder_publishes_nothing_that_was_private(connection, make, world_readable):
    top = make(FOLDER, "top")
    for name, public in [("private", False), ("public", True)]:
        make(filename=name, parent=top.idlocal, world_readable=public)
    copy = copying.copy(connection, top, owner="alice", parent=HOME, world_readable=world_readable)
    copies = inside(connection, copy)
    assert copy.world_readable is world_readable
    assert copies["public"].world_readable is world_readable
    assert not copies["private"].world_readable


def test_copies_of_a_folder_reference_what_they_came_from(connection, make, grid, draw):
    folder = make(FOLDER)
    plot = draw(grid, filename="plot", parent=folder.idlocal)
    files.change(connection, grid, parent=folder.idlocal)
    copies = inside(connection, copying.copy(connection, folder, owner="alice", parent=HOME))
    named = references.referenced_fids(connection, list(copies.values()), "alice")
    assert named == {copies["plot"].id: [grid.fid], copies["sales"].id: [grid.fid]}
    assert plots.figure(connection, copies["plot"]) == plots.figure(connection, plot)
    referencers = references.referencer_fids(connection, [grid], "alice")[grid.id]
    assert set(referencers) == {plot.fid, copies["plot"].fid, copies["sales"].fid}


def test_a_plot_copied_from_someone_keeps_the_values_that_only_they_can_read(
    connection, make, grid, draw
):
    folder = make(FOLDER, world_readable=True)
    draw(grid, filename="plot", parent=folder.idlocal, world_readable=True)
    public = make(world_readable=True)
    grids.add_columns(connection, public, [ColumnChange("x", [1])])
    draw(public, filename="of public", parent=folder.idlocal, world_readable=True)

    copy = copy_file(connection, folder, owner="bob", parent=HOME)
    plot, of_public = (inside(connection, copy)[name] for name in ("plot", "of public"))
    assert json.loads(plots.figure(connection, plot)) == {"data": [{"x": LONG}]}
    assert list(json.loads(plots.figure(connection, of_public))["data"][0]) == ["xsrc"]
    assert references.referenced_by(connection, [plot, of_public]) == {
        plot.id: [],
        of_public.id: [files.load(connection, public)],
    }


def test_a_copied_plot_is_rewritten_once_however_many_grids_it_loses(connection, make, draw):
    many = [make() for _ in range(20)]
    src = []
    for grid in many:
        (column,) = grids.add_columns(connection, grid, [ColumnChange("x", [1, 2])])
        src.append(f"{grid.fid}:{column.uid}")
    plot = make(PLOT, world_readable=True)
    plots.create(connection, plot, json.dumps({"data": [{"xsrc": each} for each in src]}))
    references.set_references(connection, plot, many)

    written: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("UPDATE plots"):
            written.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    copy = copy_file(connection, plot, owner="bob", parent=HOME)
    event.remove(connection, "before_cursor_execute", note)
    assert len(written) == 1
    assert json.loads(plots.figure(connection, copy)) == {"data": [{"x": [1, 2]}] * 20}
    assert references.referenced_by(connection, [copy]) == {copy.id: []}
