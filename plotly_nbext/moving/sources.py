"""What can be imported: an export, a server, a folder of Chart Studio's files; each as an export.

What is read from a server lies in the state folder until it is imported, so that an interrupted
import reads nothing twice.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from plotly_nbext.client import Client
from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.moving.exporting import export_to
from plotly_nbext.moving.manifest import JOURNAL, MANIFEST, read_manifest
from plotly_nbext.moving.record import folder_of_moving

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from plotly_nbext.moving.manifest import Manifest
    from plotly_nbext.moving.report import Report

__all__ = ["opened_source"]


@contextmanager
def opened_source(
    source: str | os.PathLike[str] | Client,
    target: Client,
    report: Report,
    *,
    progress: bool,
) -> Iterator[tuple[Path, Manifest]]:
    """Give the folder of an export, and its manifest.

    Parameters
    ----------
    source : path or Client
        What :func:`~plotly_nbext.moving.import_from` takes.
    target : Client
        Where it goes.
    report : Report
        Takes what could not be read.
    progress : bool
        Whether a bar is shown.

    Raises
    ------
    PlotlyNbextError
        There is nothing to import.
    """
    if isinstance(source, Client):
        with _of_server(source, target, report, progress=progress) as root:
            yield root, _manifest(root, report)
        return
    root = Path(source).expanduser().resolve()
    if not root.is_dir():
        raise PlotlyNbextError(
            f"{root} is no folder." if root.exists() else f"There is no folder {root}.",
            hint="Name the folder of an export, or a server by its https:// address.",
        )
    if (root / MANIFEST).exists() or (root / JOURNAL).exists():
        yield root, _manifest(root, report)
        return
    from plotly_nbext.moving.chart_studio_files import as_export

    with TemporaryDirectory(prefix="plotly-nbext-") as staged:
        as_export(root, Path(staged), report)
        yield Path(staged), read_manifest(Path(staged))


@contextmanager
def _of_server(source: Client, target: Client, report: Report, *, progress: bool) -> Iterator[Path]:
    if (source.url, source.username) == (target.url, target.username):
        raise PlotlyNbextError(
            f"{source.username!r} at {source.url} is where the files are, and where they would go.",
            hint="Name the other server: --server local, say, for the one of this machine.",
        )
    key = f"{source.url}\n{source.username}"
    root = folder_of_moving() / f"from-{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    exported = export_to(root, source, progress=progress)
    report.remarks |= exported.remarks
    yield root
    shutil.rmtree(root)


def _manifest(root: Path, report: Report) -> Manifest:
    manifest = read_manifest(root)
    report.failed |= {path: f"not exported: {why}" for path, why in manifest.left_out.items()}
    return manifest
