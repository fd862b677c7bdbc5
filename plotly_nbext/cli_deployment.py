"""``plotly-nbext deployment``: the files that a team starts its own servers from."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

__all__ = ["FILES", "write"]

FILES = (
    "README.md",
    "Containerfile",
    "compose.yaml",
    "nginx.conf",
    "seccomp.json",
    "plotly-nbext.service",
    "jupyterhub_config.py",
)


def write(arguments: argparse.Namespace) -> None:
    """Write the files to a folder in which none of them is.

    Raises
    ------
    ServiceError
        One of them is there, or can't be written; then none is.
    """
    folder: Path = arguments.folder
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        raise ServiceError(
            f"{folder} has {', '.join(there)} already; nothing is written.",
            hint="Name another folder.",
        )
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            with (folder / name).open("xb") as file:
                written.append(folder / name)
                file.write((files("plotly_nbext") / "deployment" / name).read_bytes())
    except OSError as error:
        for path in written:
            path.unlink()
        raise ServiceError(f"{folder} can't be written to: {error.strerror}.") from None
    print(f"Written: {', '.join(FILES)}\nHow to go on: {folder / 'README.md'}")
