"""What a kept picture is known by besides its figure: all that could make it look different."""

from __future__ import annotations

import os
import shutil
from importlib import resources
from pathlib import Path

import pytest

from plotly_nbext.server.rendering import Edition
from plotly_nbext.server.rendering import edition as room


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch):
    monkeypatch.setattr(room, "LOOK_AFTER", 0.0)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A browser and a pdftops that can be upgraded."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("browser", "pdftops"):
        program = folder / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(folder / "browser"))
    monkeypatch.setenv("PATH", str(folder))
    return folder


async def test_it_is_the_same_as_long_as_nothing_changes(programs, home):
    edition = Edition()
    assert await edition.name() == await edition.name() == await Edition().name()


@pytest.mark.parametrize("name", ["browser", "pdftops"])
@pytest.mark.parametrize("way", ["in place", "by another", "removed"])
async def test_a_program_that_changes_while_the_server_runs_is_noticed(programs, home, name, way):
    edition = Edition()
    before = await edition.name()
    program = programs / name
    if way == "in place":
        program.write_text("#!/bin/sh\n# another\n")
    elif way == "removed":
        program.unlink()
    else:
        new = programs / "new"
        shutil.copy2(program, new)
        os.utime(new, (1, 1))
        new.replace(program)
    assert await edition.name() != before


async def test_a_font_that_comes_while_the_server_runs_is_noticed(programs, home):
    edition = Edition()
    names = [await edition.name()]
    folder = home / ".local/share/fonts/family"
    folder.mkdir(parents=True)
    names.append(await edition.name())
    (folder / "bold.ttf").write_bytes(b"a font")
    names.append(await edition.name())
    assert names[0] == names[1] != names[2]  # a folder is no font
    shutil.rmtree(folder)
    assert await edition.name() == names[0]


async def test_what_the_operator_chooses_is_part_of_it(programs, home):
    editions = [Edition(), Edition(["a.example"]), Edition(["a.example", "b.example"])]
    assert len({await edition.name() for edition in editions}) == 3


@pytest.mark.parametrize(
    "name", ["js/draw.js", "js/page.html", "static/new.js", "static/deep/down.json", "pdf.py"]
)
async def test_every_file_that_draws_is_part_of_it(programs, home, tmp_path, monkeypatch, name):
    copy = tmp_path / "rendering"
    package = Path(str(resources.files("plotly_nbext.server.rendering")))
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    files = room.resources.files

    def moved(package: str):
        return copy if package == "plotly_nbext.server.rendering" else files(package)

    monkeypatch.setattr(room.resources, "files", moved)
    before = await Edition().name()
    assert await Edition().name() == before
    changed = copy / name
    changed.parent.mkdir(parents=True, exist_ok=True)
    with changed.open("ab") as file:
        file.write(b" ")
    assert await Edition().name() != before


async def test_between_two_looks_nothing_is_read(programs, home, monkeypatch):
    monkeypatch.setattr(room, "LOOK_AFTER", 60.0)
    edition = Edition()
    before = await edition.name()
    (programs / "browser").write_text("#!/bin/sh\n# another\n")
    assert await edition.name() == before
