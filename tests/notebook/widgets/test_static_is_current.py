"""The built front end in the package is that of the sources beside it; told without Node."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest

import plotly_nbext

PACKAGE = Path(plotly_nbext.__file__).parent
SOURCES = PACKAGE / "notebook" / "widgets" / "js"
WIDGETS = PACKAGE / "notebook" / "widgets" / "static"
PAGES = PACKAGE / "server" / "pages" / "static"
GRIDS = (WIDGETS / "grid_view.js", WIDGETS / "grid_file.js", PAGES / "grid_page.js")
STYLES = (
    WIDGETS / "figure_view.css",
    WIDGETS / "grid_file.css",
    WIDGETS / "grid_view.css",
    PAGES / "pages.css",
)
BUILT = (WIDGETS / "figure_view.js", *GRIDS, *STYLES)
BANNER = re.compile(
    rb"/\* sources sha256:(\w{16}) body sha256:(\w{16}) built by esbuild [\d.]+ \*/"
)
HINT = "Run `npm ci && npm run build` in plotly_nbext/notebook/widgets/js."


def digits(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]


def hash_of_sources() -> str:
    """Hash what build.mjs hashes, in the same way."""
    files = [SOURCES / "build.mjs", SOURCES / "package-lock.json", *(SOURCES / "src").iterdir()]
    parts = {file.relative_to(SOURCES).as_posix(): file.read_bytes() for file in files}
    return digits(b"".join(f"{name}\0".encode() + parts[name] for name in sorted(parts)))


@pytest.mark.parametrize("built", BUILT, ids=lambda built: built.name)
def test_a_bundle_is_built_from_these_sources_and_not_edited(built: Path) -> None:
    banner, _, body = built.read_bytes().partition(b"\n")
    match = BANNER.fullmatch(banner)
    assert match, f"{built.name} has no banner. {HINT}"
    sources_hash, body_hash = (group.decode() for group in match.groups())
    assert sources_hash == hash_of_sources(), f"{built.name} is older than its sources. {HINT}"
    assert body_hash == digits(body), f"{built.name} was edited after its build. {HINT}"


@pytest.mark.parametrize("built", GRIDS, ids=lambda built: built.name)
def test_third_party_code_comes_with_its_licence(built: Path) -> None:
    assert "Copyright (c) 2020, the Regular Table Authors" in built.read_text()
    assert "Apache License" in (built.parent / "regular-table.LICENSE").read_text()


def test_the_widgets_are_small_enough_to_travel_with_each_output() -> None:
    scripts = WIDGETS / "grid_view.js", WIDGETS / "figure_view.js"
    assert sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts) < 40_000


def test_the_lock_file_names_no_registry() -> None:
    assert "://" not in (SOURCES / "package-lock.json").read_text()
