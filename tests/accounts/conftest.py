"""A user of whom nothing is known: no variables, no files, no keys of this session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from plotly_nbext.accounts import keys, sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def nothing_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLOTLY_API_DOMAIN", "PLOTLY_USERNAME", "PLOTLY_API_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path / "plotly"))
    monkeypatch.setattr(keys, "_known", {})
    monkeypatch.setattr(sources, "_said", set())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write one of the files of Chart Studio's clients, with the mode that they gave it."""

    def put(name: str, mode: int = 0o600, **content: object) -> Path:
        path = tmp_path / "plotly" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))
        path.chmod(mode)
        return path

    return put
