"""``plotly-nbext backup``, ``restore`` and ``verify``, as an operator runs them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.damaging import flip_values
from tests.databases import databases

from .arrow import ARROW, stream
from .conftest import Api, OwnServer

pytestmark = pytest.mark.sqlite  # of the other kind, see tests/server/store/test_backups.py


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "plotly_nbext", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def live(serve):
    """A server at work, with a grid, a plot of it and appended rows."""
    server = serve()
    user = server.user()
    grid = user.grid({"x": [1, 2], "y": ["a", "b"]}, filename="sales")
    user.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[3, "c"]]})
    uid = user.uids(grid["fid"])["x"]
    user.plot({"data": [{"xsrc": f"{grid['fid']}:{uid}"}]}, filename="drawn")
    return server, user, grid["fid"]


def at(server: OwnServer) -> tuple[str, ...]:
    return tuple(databases.options(server.data))


def test_a_server_that_is_lost_comes_back_from_its_backup_with_its_users(live, tmp_path):
    server, user, fid = live
    backup = tmp_path / "all.backup"
    made = command("backup", backup, *at(server))
    assert made.returncode == 0, made.stderr
    assert f"{backup}: 1 user, 2 files, 2 chunks of values, 0." in made.stdout
    assert "Nothing is damaged." in made.stdout
    table = user.table(fid)
    server.stop()

    other = tmp_path / "other"
    restored = command("restore", backup, "--data", other)
    assert restored.returncode == 0, restored.stderr
    assert "Restored: 1 user, 2 files" in restored.stdout
    again = OwnServer(other, ())
    try:
        owner = Api(again.url, user.username, user.api_key)
        assert owner.table(fid) == table
        assert owner.grid({"z": [1]})["fid"] == f"{user.username}:2"
    finally:
        again.stop()


def test_damage_is_told_by_grid_and_column_and_the_rest_is_served(live, tmp_path):
    server, user, fid = live
    uids = user.uids(fid)
    with closing(sqlite3.connect(server.data / "grids.db")) as connection, connection:
        connection.execute(
            "UPDATE chunks SET data = zeroblob(length(data)) WHERE uid = ?", (uids["y"],)
        )

    error = user.refused(500, "GET", f"/v2/grids/{fid}/content")
    assert error["code"] == "DAMAGED"
    assert f"column {uids['y']!r} of the grid {fid}" in error["message"]
    found = user.expect(200, "GET", f"/v2/grids/{fid}/col", params={"uid": uids["x"]}).json()
    assert found["cols"][0]["data"] == [1, 2, 3]

    verified = command("verify", *at(server))
    assert verified.returncode == 1
    told = f"DAMAGED: {fid} (sales), column 'y' ({uids['y']}), rows 0 to 2: "
    assert told in verified.stdout
    made = command("backup", tmp_path / "x.backup", *at(server))
    assert (made.returncode, told in made.stdout) == (1, True)
    verified = command("verify", tmp_path / "x.backup")
    assert (verified.returncode, told in verified.stdout) == (1, True)
    assert "The tables" not in verified.stdout
    # one line for whoever looks after the server, and no traceback
    log = server.stop()
    assert "is damaged in the server's database" in log
    assert "Traceback" not in log


def test_a_download_that_meets_damage_is_broken_off_with_a_line_in_the_log(serve):
    server = serve()
    user = server.user()
    fid = user.grid({"x": ["a" * 20] * 150_000, "y": ["b" * 20] * 150_000})["fid"]
    with closing(sqlite3.connect(server.data / "grids.db")) as connection, connection:
        connection.execute(
            "UPDATE chunks SET data = zeroblob(length(data)) WHERE start > 20000 AND uid = ?",
            (user.uids(fid)["y"],),
        )
    with pytest.raises(Exception, match=r"(?i)ended prematurely|incomplete|broken"):
        user.get(f"/v2/grids/{fid}/content").json()
    assert user.meta(fid)["row_count"] == 150_000
    log = server.stop()
    assert "was broken off: What the column" in log
    assert "Traceback" not in log


def zero_page(file, table: str) -> None:
    """Write zeros over the first page of a table."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        named = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(named, (table,)).fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(bytes(size))


@pytest.mark.parametrize("what", [["user", "add", "eve"], ["backup"]])
def test_a_command_that_meets_damaged_pages_says_so_in_a_line(live, tmp_path, what):
    server, _, _ = live
    server.stop()
    zero_page(server.data / "grids.db", "users")
    path = [tmp_path / "x.backup"] if what == ["backup"] else []
    done = command(*what, *path, *at(server))
    assert done.returncode == 1
    assert "malformed" in done.stderr
    assert "`plotly-nbext verify` tells" in done.stderr
    assert "Traceback" not in done.stderr


def test_damage_in_the_pages_of_a_database_is_told_and_the_rest_is_served(live, tmp_path):
    server, user, fid = live
    server.stop()
    file = server.data / "grids.db"
    zero_page(file, "chunks")

    again = OwnServer(server.data, ())
    try:
        owner = Api(again.url, user.username, user.api_key)
        assert owner.refused(500, "GET", f"/v2/grids/{fid}/content")["code"] == "DAMAGED"
        assert owner.meta(fid)["filename"] == "sales"
        owner.expect(200, "GET", f"/v2/plots/{user.username}:1/content")
        assert "DAMAGED: " in command("verify", *at(server)).stdout
        made = command("backup", tmp_path / "x.backup", *at(server))
        assert (made.returncode, "`plotly-nbext verify`" in made.stderr) == (1, True)
        assert not (tmp_path / "x.backup").exists()
    finally:
        log = again.stop()
    assert "malformed" in log
    assert "Traceback" not in log


def test_verify_notes_a_plot_that_draws_on_nothing_and_is_content(live):
    server, user, fid = live
    user.expect(204, "DELETE", f"/v2/grids/{fid}/col", params={"uid": user.uids(fid)["x"]})
    verified = command("verify", *at(server))
    assert verified.returncode == 0
    assert f"note: {user.username}:1 (drawn): data[0].xsrc" in verified.stdout


@pytest.mark.parametrize("name", ["backup", "verify"])
def test_a_folder_without_a_database_gets_none(tmp_path, name):
    arguments = [tmp_path / "x.backup"] if name == "backup" else []
    done = command(name, *arguments, "--data", tmp_path / "nowhere")
    assert done.returncode == 1
    assert f"There is no database in {tmp_path / 'nowhere'}" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["backup", "verify"])
def test_a_home_without_a_database_gets_none(tmp_path, monkeypatch, name):
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "home"))
    arguments = [tmp_path / "x.backup"] if name == "backup" else []
    done = command(name, *arguments)
    assert done.returncode == 1
    assert f"There is no database in {tmp_path / 'home'}" in done.stderr
    assert [*tmp_path.rglob("grids.db"), *tmp_path.rglob("*.backup")] == []


def test_to_verify_both_a_backup_and_a_database_is_refused(tmp_path):
    done = command("verify", tmp_path / "x", "--data", tmp_path)
    assert (done.returncode, "not both" in done.stderr) == (2, True)


def test_a_backup_takes_nobodys_name(live, tmp_path):
    server, _, _ = live
    there, nowhere = tmp_path / "there", tmp_path / "link"
    there.write_text("precious")
    nowhere.symlink_to(tmp_path / "nowhere")
    for path in (there, nowhere):
        done = command("backup", path, *at(server))
        assert done.returncode == 1
        assert f"There is a file {path} already." in done.stderr
    assert there.read_text() == "precious"
    assert nowhere.is_symlink()
    done = command("backup", tmp_path / "no-folder" / "x", *at(server))
    assert "can't be written: No such file or directory." in done.stderr


@pytest.mark.parametrize("fault", ["cut short", "damaged", "no backup"])
def test_a_restore_that_is_refused_leaves_no_database_and_no_folder(live, tmp_path, fault):
    server, _, _ = live
    backup, data = tmp_path / "x.backup", tmp_path / "new" / "folder"
    assert command("backup", backup, *at(server)).returncode == 0
    content = backup.read_bytes()
    place = content.index(b"sales")
    backup.write_bytes(
        {
            "cut short": content[:-5000],
            "damaged": content[:place] + b"t" + content[place + 1 :],
            "no backup": b"something else",
        }[fault]
    )
    done = command("restore", backup, "--data", data)
    assert done.returncode == 1
    assert f"{backup} is {fault}" in done.stderr
    if fault == "cut short":
        assert f"{len(content) - 5000:,} of its {len(content):,} bytes are there" in done.stderr
    assert not (tmp_path / "new").exists()
    assert [*tmp_path.glob(".plotly*")] == []
    if fault == "damaged":
        assert command("restore", backup, "--damaged", "--data", data).returncode == 0
        assert [each.name for each in data.iterdir()] == ["grids.db"]


def test_a_backup_in_the_place_of_a_database_stays_what_it_is(live, tmp_path):
    server, _, _ = live
    data = tmp_path / "copied"
    data.mkdir()
    assert command("backup", data / "grids.db", *at(server)).returncode == 0
    for arguments in (
        ["serve", "--port", "0"],
        ["verify"],
        ["user", "add", "eve"],
        ["user", "list"],
    ):
        done = command(*arguments, "--data", data)
        assert done.returncode == 1
        assert "The database is a backup" in done.stderr
        assert "plotly-nbext restore FILE --data FOLDER" in done.stderr
    assert command("verify", data / "grids.db").returncode == 0
    assert command("restore", data / "grids.db", "--data", tmp_path / "new").returncode == 0


def test_verify_sends_who_names_a_database_as_a_backup_to_its_option(live):
    server, _, _ = live
    for path in (server.data, server.data / "grids.db"):
        done = command("verify", path)
        assert done.returncode == 1
        assert f"--data {server.data}" in done.stderr


def test_damage_is_told_with_the_folder_that_the_grid_lies_in(live):
    server, user, _ = live
    user.folder("reports/2026")
    grid = user.expect(
        201,
        "POST",
        "/v2/grids",
        json={
            "data": {"cols": {"x": {"data": [1]}}},
            "parent_path": "reports/2026",
            "filename": "sales",
        },
    ).json()["file"]
    flip_values(server.data, grid["fid"], user.uids(grid["fid"])["x"])
    told = command("verify", *at(server)).stdout
    assert f"DAMAGED: {grid['fid']} (reports/2026/sales), column 'x'" in told
    assert "the next push of a damaged one sends all of it" in told


def test_a_push_sends_all_of_a_grid_that_verify_has_found_damaged(live):
    server, user, _ = live
    body, headers = stream({"x": [1, 2]}, {"fingerprints": {"x": "known"}}), {"Content-Type": ARROW}
    fid = user.expect(201, "POST", "/v2/grids", data=body, headers=headers).json()["file"]["fid"]
    flip_values(server.data, fid, user.uids(fid)["x"])
    assert user.meta(fid)["cols"][0]["fingerprint"] == "known"
    assert command("verify", *at(server)).returncode == 1
    assert "fingerprint" not in user.meta(fid)["cols"][0]


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_restore_beside_what_is_left_of_another_database_is_refused(live, tmp_path, ending):
    """SQLite would take it for a part of the restored one, and write it in."""
    server, _, _ = live
    backup, data = tmp_path / "x.backup", tmp_path / "new"
    assert command("backup", backup, *at(server)).returncode == 0
    data.mkdir()
    left = data / f"grids.db{ending}"
    left.write_bytes(b"left")
    done = command("restore", backup, "--data", data)
    assert done.returncode == 1
    assert f"There is {left}, which is left of another database." in done.stderr
    assert [*data.iterdir()] == [left]


def test_a_push_after_a_damaged_backup_was_restored_sends_all(live, tmp_path):
    server, user, _ = live
    body, headers = stream({"x": [1, 2]}, {"fingerprints": {"x": "known"}}), {"Content-Type": ARROW}
    fid = user.expect(201, "POST", "/v2/grids", data=body, headers=headers).json()["file"]["fid"]
    flip_values(server.data, fid, user.uids(fid)["x"])
    backup, data = tmp_path / "x.backup", tmp_path / "new"
    assert command("backup", backup, *at(server)).returncode == 1
    assert "fingerprint" not in user.meta(fid)["cols"][0]
    assert command("restore", backup, "--data", data).returncode == 1
    again = OwnServer(data, ())
    try:
        owner = Api(again.url, user.username, user.api_key)
        assert "fingerprint" not in owner.meta(fid)["cols"][0]
    finally:
        again.stop()
