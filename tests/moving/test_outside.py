"""A folder that somebody else may have changed leads an export or an import nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.moving import export_to, import_from
from plotly_nbext.moving.manifest import Column
from plotly_nbext.moving.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pd.DataFrame({"n": range(3)})


def unfinished(folder: Path, *more: dict) -> None:
    """Make of an export one that was interrupted, with more lines in its journal."""
    manifest = json.loads((folder / "manifest.json").read_text())
    lines = [manifest | {"files": []}, *manifest["files"], *more]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (folder / "manifest.unfinished.jsonl").write_text(text)
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize("is_absolute", [True, False])
def test_a_journal_removes_nothing_outside_of_its_folder(client, tmp_path, is_absolute):
    client.push(FRAME, "sales")
    folder, outside = tmp_path / "out", tmp_path / "letter.txt"
    export_to(folder, client)
    outside.write_text("kept")
    file = str(outside) if is_absolute else "../letter.txt"
    stored = {"file": file, "sha256": "", "size": 4}
    unfinished(folder, {"fid": "x:9", "filetype": "grid", "path": ["x"], "stored": stored})
    assert export_to(folder, client).is_complete
    assert outside.read_text() == "kept"


def test_an_export_writes_nothing_through_a_link(client, tmp_path):
    client.push(FRAME, "sales/2026")
    folder, outside = tmp_path / "out", tmp_path / "elsewhere"
    export_to(folder, client)
    (folder / "sales").rename(outside)
    (outside / "2026.parquet").write_text("mine")
    (folder / "sales").symlink_to(outside)
    with pytest.raises(PlotlyNbextError, match="sales is a link that leads out of the export"):
        export_to(folder, client)
    assert [path.read_text() for path in outside.iterdir()] == ["mine"]


def test_an_import_reads_nothing_through_a_link(client, target, tmp_path):
    client.push(FRAME, "sales")
    folder, outside = tmp_path / "out", tmp_path / "same bytes"
    export_to(folder, client)
    (folder / "sales.parquet").rename(outside)
    (folder / "sales.parquet").symlink_to(outside)
    with pytest.raises(PlotlyNbextError, match=r"sales\.parquet: it is a link that leads out"):
        import_from(folder, target)
    assert target.list() == []


def test_files_of_chart_studio_are_not_read_through_a_link(target, tmp_path):
    folder, secret = tmp_path / "files", tmp_path / "secret"
    folder.mkdir()
    secret.write_text("user,password\nalice,hidden\n")
    (folder / "a.csv").write_text("x\n1\n")
    (folder / "b.csv").symlink_to(secret)
    report = import_from(folder, target)
    assert report.failed == {"b.csv": "it is a link that leads out of the folder."}
    assert [file.name for file in target.list()] == ["a.csv"]


def test_a_table_with_more_rows_than_were_written_is_not_read(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [0] * 100_000}), path)
    with pytest.raises(ValueError, match="is not the table of 3 rows"):
        read_table(path, [Column("n", "abcdef", 3)])


def test_what_was_moved_before_an_interruption_leaves_nothing_behind(client, tmp_path):
    grid = client.push(FRAME, "sales/2026")
    export_to(tmp_path, client)
    grid.move("")
    entry = next(
        entry
        for entry in json.loads((tmp_path / "manifest.json").read_text())["files"]
        if entry["fid"] == grid.fid
    )
    data = (tmp_path / "sales" / "2026.parquet").read_bytes()
    (tmp_path / "2026.parquet").write_bytes(data)
    moved = {"path": ["2026"], "stored": entry["stored"] | {"file": "2026.parquet"}}
    unfinished(tmp_path, entry | moved)  # it was interrupted after the grid was written anew
    export_to(tmp_path, client)
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["2026.parquet"]
    assert (tmp_path / "2026.parquet").exists()


def test_a_path_too_long_for_the_disk_keeps_nothing_else_out(client, tmp_path):
    deep = "/".join(["𝔸" * 100] * 30)
    client.push(FRAME, f"{deep}/sales")
    client.push(FRAME, "sales")
    report = export_to(tmp_path, client)
    assert "sales" in report.done
    assert report.failed[f"{deep}/sales"] == "its path is longer than this system takes."
