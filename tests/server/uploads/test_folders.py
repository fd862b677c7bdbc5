"""Where uploads lie while they are read."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext.server.uploads.folders import PREFIX, Folders

if TYPE_CHECKING:
    from collections.abc import Iterator


_HOLD = """
import sys, time
from pathlib import Path
from plotly_nbext.server.uploads.folders import Folders
with Folders(Path(sys.argv[1]) if sys.argv[1:] else None).new() as name:
    (Path(name) / "body").write_bytes(b"a,b")
    print(name, flush=True)
    time.sleep(600)
"""


@contextmanager
def another_server(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Receive an upload in a process that can be killed."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_server_left_goes_at_the_next_start_and_nothing_else(tmp_path):
    with another_server(str(tmp_path)) as (_, left):
        pass
    (left.parent / "thesis.txt").write_text("precious")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "thesis.txt").write_text("precious")
    assert (left / "body").exists()

    Folders(tmp_path)
    assert not left.exists()
    assert (left.parent / "thesis.txt").read_text() == "precious"
    assert (tmp_path / "uploads" / "thesis.txt").read_text() == "precious"


def test_what_a_killed_server_left_in_the_temporary_folder_goes_and_not_what_others_use(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    precious = tmp_path / "elsewhere"
    precious.mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(precious)
    with another_server() as (_, used):
        with another_server() as (_, left):
            pass
        assert left.parent == tmp_path
        Folders(None)
        assert not left.exists()
        assert (used / "body").read_bytes() == b"a,b"
    Folders(None)
    assert not used.exists()
    assert precious.exists()


def test_an_upload_leaves_nothing_behind(tmp_path):
    folders = Folders(tmp_path)
    with folders.new() as name:
        (Path(name) / "body").write_bytes(b"a,b")
    assert list(tmp_path.rglob("body")) == []
