"""Where uploads lie while they are read."""

from __future__ import annotations

from pathlib import Path

from plotly_nbext.server.uploads.folders import Folders


def test_what_a_killed_server_left_goes_at_the_next_start_and_nothing_else(tmp_path):
    folders = Folders(tmp_path)
    left = Path(folders.new().name)
    (left.parent / "thesis.txt").write_text("precious")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "thesis.txt").write_text("precious")
    left.mkdir(exist_ok=True)

    Folders(tmp_path)
    assert not left.exists()
    assert (left.parent / "thesis.txt").read_text() == "precious"
    assert (tmp_path / "uploads" / "thesis.txt").read_text() == "precious"


def test_an_upload_leaves_nothing_behind(tmp_path):
    folders = Folders(tmp_path)
    with folders.new() as name:
        (Path(name) / "body").write_bytes(b"a,b")
    assert list(tmp_path.rglob("body")) == []
