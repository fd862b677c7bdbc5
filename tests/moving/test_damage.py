"""What was not written whole, or not kept whole, is never taken for whole."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.moving import export_to, import_from
from tests.damaging import flip_values

from .conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNT = 60


def fill(client) -> None:
    frame = pd.DataFrame({"n": range(3)})
    for number in range(COUNT):
        grid = client.push(frame + number, f"grids/{number}")
    client.push_plot({"data": [{"ysrc": grid["n"].src}]}, "plot")


def killed(arguments: list[str | Path], has_begun: Callable[[], bool]) -> None:
    """Run a command, and kill it once some of its work is done."""
    with subprocess.Popen(
        [sys.executable, "-m", "plotly_nbext", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 60
        while not has_begun():
            assert process.poll() is None
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL


def lines_of(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_an_export_that_was_killed_goes_on(client, target, tmp_path, signed_in):
    fill(client)
    signed_in(client)
    folder = tmp_path / "out"
    journal = folder / "manifest.unfinished.jsonl"
    killed(["export", folder], lambda: lines_of(journal) > 10)
    done = lines_of(journal) - 1
    assert not (folder / "manifest.json").exists()
    with pytest.raises(PlotlyNbextError, match="was not finished"):
        import_from(folder, target)
    (folder / "grids" / ".unfinished-7.parquet").write_text("what was written when it was killed")
    report = export_to(folder, client)
    assert len(report.same) >= done
    assert len(report.same) + len(report.done) == COUNT + 2
    assert not journal.exists()
    assert not [*folder.rglob(".*")]
    assert import_from(folder, target).is_complete
    assert target.plot("plot").figure()["data"][0]["y"] == [COUNT - 1, COUNT, COUNT + 1]


def test_an_import_that_was_killed_goes_on(client, target, tmp_path, signed_in, home):
    fill(client)
    export_to(tmp_path, client)
    signed_in(target)
    records = home / "moving"
    killed(["import", tmp_path], lambda: sum(map(lines_of, records.glob("import-*.jsonl"))) > 10)
    done = run("import", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "there already" in done.stdout
    grids = target.folder("grids").list()
    assert {file.name for file in grids} == {str(number) for number in range(COUNT)}
    assert target.plot("plot").figure()["data"][0]["y"] == [COUNT - 1, COUNT, COUNT + 1]
    third = import_from(tmp_path, target)
    assert third.done == []
    assert len(third.same) == COUNT + 2


@pytest.mark.parametrize("damage", ["changed", "cut", "missing", "unreadable"])
def test_a_damaged_file_is_named_and_nothing_is_imported(client, target, tmp_path, damage):
    grid = client.push(pd.DataFrame({"n": range(3)}), "sales/2026")
    client.push_plot({"data": [{"ysrc": grid["n"].src, "type": "bar"}]}, "chart")
    export_to(tmp_path, client)
    path = tmp_path / "sales" / "2026.parquet"
    data = path.read_bytes()
    match damage:
        case "changed":
            path.write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])
        case "cut":
            path.write_bytes(data[:-1])
        case "missing":
            path.unlink()
        case "unreadable":  # root may read what has no permissions
            path.unlink()
            path.mkdir()
    with pytest.raises(PlotlyNbextError, match=r"sales/2026\.parquet: it (is|can't be)") as caught:
        import_from(tmp_path, target)
    assert "--skip-damaged" in str(caught.value)
    assert target.list() == []
    report = import_from(tmp_path, target, skip_damaged=True)
    assert [*report.failed] == ["sales/2026"]
    assert sorted(report.done) == ["chart", "sales"]
    assert "without its values" in report.remarks["chart"]
    if damage != "unreadable":
        export_to(tmp_path, client)
        assert path.read_bytes() == data
    else:
        assert len(pd.read_parquet(path)) == 3 if export_to(tmp_path, client) else False


def test_a_damaged_manifest_is_named(client, target, tmp_path):
    client.push(pd.DataFrame({"n": range(3)}), "sales")
    export_to(tmp_path, client)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"][0]["metadata"] = {}
    for text in (json.dumps(manifest), path.read_text()[:-20], "[]"):
        path.write_text(text)
        with pytest.raises(PlotlyNbextError, match=r"manifest\.json is damaged"):
            import_from(tmp_path, target)
    assert target.list() == []


def test_a_manifest_reads_nothing_outside_of_its_folder(client, target, tmp_path):
    from plotly_nbext.moving.manifest import read_manifest, write_manifest

    client.push(pd.DataFrame({"n": range(3)}), "sales")
    folder = tmp_path / "out"
    export_to(folder, client)
    (folder / "sales.parquet").replace(tmp_path / "sales.parquet")
    manifest = read_manifest(folder)
    manifest.files[0].stored.file = "../sales.parquet"
    write_manifest(folder, manifest)
    with pytest.raises(PlotlyNbextError, match="damaged"):
        import_from(folder, target)


def test_a_failing_command_says_so(tmp_path, signed_in, target):
    signed_in(target)
    done = run("import", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no folder" in done.stderr
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "todo.json").write_text("[1, 2]")
    done = run("import", tmp_path / "notes")
    assert done.returncode == 1
    assert "not imported: todo.json: it is neither a figure nor a grid" in done.stderr


def test_an_export_names_a_damaged_grid_and_goes_on_with_the_rest(client, server, tmp_path):
    frame = pd.DataFrame({"n": range(200_000)})
    for name in ("first", "last", "middle"):
        client.push(frame, name)
    client.push_plot({"data": [{"ysrc": client.grid("middle")["n"].src}]}, "plot")
    flip_values(server.data, client.grid("middle").fid, client.grid("middle")["n"].uid, last=True)
    report = export_to(tmp_path, client)
    assert sorted(report.done) == ["first", "last", "plot"]
    ((name, why),) = report.failed.items()
    assert name == "middle"
    assert "is damaged" in why
    assert "before" not in why
    assert pd.read_parquet(tmp_path / "last.parquet")["n"].tolist() == [*range(200_000)]


def test_what_was_exported_of_a_grid_before_it_was_damaged_stays(client, server, target, tmp_path):
    client.push(pd.DataFrame({"n": range(3)}), "sales")
    export_to(tmp_path, client)
    grid = client.push(pd.DataFrame({"n": range(4)}), "sales")
    flip_values(server.data, grid.fid, grid["n"].uid)
    for _ in range(2):
        report = export_to(tmp_path, client)
        assert report.done == []
        assert "What was exported of it before stays." in report.failed["sales"]
    import_from(tmp_path, target)
    assert target.pull("sales")["n"].tolist() == [0, 1, 2]

    client.push(pd.DataFrame({"n": range(4)}), "sales")
    assert export_to(tmp_path, client).done == ["sales"]
    assert len(pd.read_parquet(tmp_path / "sales.parquet")) == 4


def test_what_another_grid_has_taken_the_place_of_is_not_said_to_stay(client, server, tmp_path):
    client.push(pd.DataFrame({"n": range(3)}), "sales")
    export_to(tmp_path, client)
    grid = client.push(pd.DataFrame({"n": range(4)}), "sales").rename("old sales")
    client.push(pd.DataFrame({"n": range(5)}), "sales")
    flip_values(server.data, grid.fid, grid["n"].uid)
    report = export_to(tmp_path, client)
    assert report.done == ["sales"]
    assert "before stays" not in report.failed["old sales"]
    assert len(pd.read_parquet(tmp_path / "sales.parquet")) == 5


def test_what_was_exported_stays_also_in_another_form(client, server, target, tmp_path):
    client.push(pd.DataFrame({"n": range(3)}), "sales")
    export_to(tmp_path, client)
    grid = client.push(pd.DataFrame({"n": range(4)}), "sales")
    flip_values(server.data, grid.fid, grid["n"].uid)
    for _ in range(2):
        report = export_to(tmp_path, client, format="csv")
        assert "What was exported of it before stays." in report.failed["sales"]
    import_from(tmp_path, target)
    assert target.pull("sales")["n"].tolist() == [0, 1, 2]
