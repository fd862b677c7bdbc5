"""What is built of the same sources is the same to the byte, wherever and whenever that is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import plotly_nbext

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".*_cache", "artifacts")
FOLDERS = ("plotly_nbext", "notebooks", "tests")


def copied(folder: Path) -> Path:
    """Copy the sources to a folder, as if they had just been made there."""
    folder.mkdir(parents=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT, copy_function=shutil.copyfile)
    for file in ROOT.iterdir():
        if file.is_file() and (not file.name.startswith(".") or file.name == ".gitignore"):
            shutil.copyfile(file, folder / file.name)
    return folder


def built(source: Path, target: Path, kind: str, *, umask: int) -> Path:
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "-o", target, source],
        check=True,
        capture_output=True,
        env=environment,
        umask=umask,
    )
    (made,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> list[Path]:
    """The sources in two folders, of different ages and with different rights."""
    first = copied(tmp_path_factory.mktemp("first") / "source")
    other = copied(tmp_path_factory.mktemp("other") / "elsewhere")
    for path in other.rglob("*"):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o700 if path.is_dir() else 0o600)
    return [first, other]


@pytest.fixture(scope="module")
def wheels(sources, tmp_path_factory) -> list[Path]:
    return [
        built(source, tmp_path_factory.mktemp("wheel"), "wheel", umask=umask)
        for source, umask in zip(sources, (0o022, 0o077), strict=True)
    ]


@pytest.fixture(scope="module")
def sdists(sources, tmp_path_factory) -> list[Path]:
    return [
        built(source, tmp_path_factory.mktemp("sdist"), "sdist", umask=umask)
        for source, umask in zip(sources, (0o022, 0o077), strict=True)
    ]


def test_two_wheels_of_the_same_sources_are_the_same(wheels):
    assert wheels[0].name == f"plotly_nbext-{plotly_nbext.__version__}-py3-none-any.whl"
    assert wheels[0].read_bytes() == wheels[1].read_bytes()


def test_two_sdists_of_the_same_sources_are_the_same(sdists):
    assert sdists[0].name == f"plotly_nbext-{plotly_nbext.__version__}.tar.gz"
    assert sdists[0].read_bytes() == sdists[1].read_bytes()


def test_the_wheel_of_an_sdist_is_that_of_the_sources(wheels, sdists, tmp_path):
    with tarfile.open(sdists[0]) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    (folder,) = (tmp_path / "unpacked").iterdir()
    again = built(folder, tmp_path / "wheel", "wheel", umask=0o022)
    assert again.read_bytes() == wheels[0].read_bytes()


def test_a_wheel_has_nothing_but_the_package(wheels):
    names = zipfile.ZipFile(wheels[0]).namelist()
    assert {name.partition("/")[0] for name in names} == {
        "plotly_nbext",
        f"plotly_nbext-{plotly_nbext.__version__}.dist-info",
    }
    stray = [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".map"))]
    assert stray == []


def test_the_built_front_end_is_in_both_and_its_sources_in_the_sdist(wheels, sdists):
    built_file = "plotly_nbext/notebook/widgets/static/grid_view.js"
    assert built_file in zipfile.ZipFile(wheels[0]).namelist()
    with tarfile.open(sdists[0]) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
    assert {
        built_file,
        "plotly_nbext/notebook/widgets/js/package.json",
        "tests/conftest.py",
    } <= inside
    assert not [name for name in inside if "node_modules" in name or name.startswith(".git/")]
