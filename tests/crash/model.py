"""What must be there: the files of one user, as their acknowledged changes have made them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

__all__ = ["File", "World", "seen"]


@dataclass(frozen=True)
class File:
    """A grid, a plot or a folder; a change makes another one.

    Attributes
    ----------
    columns : dict
        Of a grid, name to values, in their order.
    figure : dict
        Of a plot.
    folder : str
        The name of the folder that it lies in; "" for none.
    trashed : bool
        Whether it was put in the trash itself.
    """

    kind: str
    columns: dict[str, list[Any]] = field(default_factory=dict)
    figure: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    folder: str = ""
    trashed: bool = False

    def changed(self, **fields: Any) -> File:
        """Make the file that it becomes."""
        return replace(self, **fields)


World: TypeAlias = dict[str, File]
"""Names, which nobody uses twice, to files."""


def seen(world: World) -> dict[str, Any]:
    """Give what a user is shown of their files: of the trash, what was put there."""
    return {
        name: "in the trash" if file.trashed else _told(file)
        for name, file in world.items()
        if not (file.folder and world[file.folder].trashed)
    }


def _told(file: File) -> dict[str, Any]:
    return {
        "kind": file.kind,
        "columns": [*file.columns.items()],
        "figure": file.figure,
        "metadata": file.metadata,
        "folder": file.folder,
    }
