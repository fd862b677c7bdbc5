"""What is hidden from someone costs the same work as what is not there."""

from __future__ import annotations

import pytest

from plotly_nbext.errors import NotFoundError
from plotly_nbext.server.auth import Caller, readable, readable_at, writable
from plotly_nbext.server.references import drop_reference, note_source
from plotly_nbext.server.store import plots, popularity, references, trash
from plotly_nbext.server.store.files import FOLDER, PLOT
from plotly_nbext.server.store.schema import HOME


@pytest.fixture
def secrets(connection, make):
    """Files that bob must not know of, each with metadata that takes its time to read."""
    large = {"k": ["x"] * 1_000}
    folder = make(FOLDER, "secret", metadata=large)
    grid = make(filename="sales", parent=folder.idlocal, metadata=large)
    gone = trash.trash(connection, make(world_readable=True, metadata=large))
    return [folder, grid, gone]


def work(statements, action, *arguments, **options) -> list[str]:
    statements.clear()
    with pytest.raises(NotFoundError):
        action(*arguments, **options)
    return list(statements)


@pytest.mark.parametrize("action", [readable, writable])
@pytest.mark.parametrize("caller", [Caller("bob"), Caller(None), Caller(None, "wrong")])
def test_a_hidden_fid_is_the_same_work_as_a_missing_one(
    connection, statements, secrets, action, caller
):
    missing = work(statements, action, connection, caller, "alice:99")
    assert "metadata" not in missing[0]
    for file in secrets:
        assert work(statements, action, connection, caller, file.fid) == missing


def test_a_hidden_path_is_the_same_work_as_a_missing_one(connection, statements, secrets):
    def work_of(path: str) -> list[str]:
        place = {"owner": "alice", "parent": HOME}
        return work(statements, readable_at, connection, Caller("bob"), path, **place)

    assert work_of("secret/sales/x") == work_of("secret/no/x") == work_of("no/no/x")
    assert work_of("secret/sales") == work_of("no/no")
    assert work_of("secret") == work_of("no")


def test_to_name_a_hidden_file_is_the_same_work_as_to_name_a_missing_one(
    connection, statements, secrets, make
):
    plot = make(PLOT, owner="bob")
    plots.create(connection, plot, b'{"data": []}')

    def work_of(fid: str) -> list[str]:
        grid = make(owner="bob", source={"source_fid": fid})
        statements.clear()
        note_source(connection, Caller("bob"), grid)
        drop_reference(connection, grid, fid)
        drop_reference(connection, plot, fid)
        popularity.unstar(connection, fid, "bob")
        return list(statements)

    missing = work_of("alice:99")
    assert not any("metadata" in statement for statement in missing)
    for file in secrets:
        assert work_of(file.fid) == missing


def test_a_public_file_in_a_private_folder_is_found_by_its_path(connection, secrets, make):
    public = make(filename="public", parent=secrets[0].idlocal, world_readable=True)
    found = readable_at(connection, Caller("bob"), "secret/public", owner="alice", parent=HOME)
    assert found == public


def test_many_files_that_reference_one_are_named_as_far_as_they_are_seen(connection, make):
    grid = make(world_readable=True)
    for number in range(references.MAX_NAMED + 20):
        plot = make(PLOT, world_readable=number >= references.MAX_NAMED)
        references.set_references(connection, plot, [grid])
    for_alice, for_bob = (
        references.referencer_fids(connection, [grid], reader)[grid.id]
        for reader in ("alice", "bob")
    )
    assert for_alice == [f"alice:{number}" for number in range(1, references.MAX_NAMED + 1)]
    assert for_bob == [f"alice:{number}" for number in range(101, 121)]


def test_all_stars_are_counted_and_not_all_are_named(connection, make, monkeypatch):
    monkeypatch.setattr(popularity, "MAX_NAMED", 1)
    grid, other = make(), make()
    for username in ("bob", "alice", "bob"):
        popularity.star(connection, grid, username)
    found = popularity.stars_of(connection, [grid, other])
    assert found == {grid.id: (["alice"], 2), other.id: ([], 0)}
    assert popularity.unstar(connection, grid.fid, "alice")
    assert not popularity.unstar(connection, grid.fid, "alice")
    assert not popularity.unstar(connection, grid.fid, "bob", PLOT)
    assert popularity.stars_of(connection, [grid])[grid.id] == (["bob"], 1)
