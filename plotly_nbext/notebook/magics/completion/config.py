"""The values of ``%config PlotlyRender.format = …``: IPython completes the names only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from traitlets import Bool, Enum

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["config_values"]

_LINE: Final = re.compile(
    r"""\s*%config\s+(?P<magics>PlotlyRender|PlotlyGrid)\.(?P<trait>\w+)\s*=\s*(?P<word>["']?\w*)$"""
)


def config_values(line: str, ip: InteractiveShell) -> tuple[str, list[str]] | None:
    """List what a setting can be.

    Parameters
    ----------
    line : str
        The line up to the cursor.
    ip : InteractiveShell
        The shell that has the magics.

    Returns
    -------
    tuple or None
        What is written of the value, and the values that it can become; None where the line sets
        nothing of ours.
    """
    found = _LINE.match(line)
    magics = ip.magics_manager.registry.get(found["magics"]) if found else None
    if found is None or magics is None:
        return None
    trait = magics.traits(config=True).get(found["trait"])
    word = found["word"]
    quote = word[:1] if word[:1] in {'"', "'"} else '"'
    if isinstance(trait, Enum):
        values = [f"{quote}{value}{quote}" for value in trait.values or ()]
    else:
        values = ["True", "False"] if isinstance(trait, Bool) else []
    typed = word.lstrip("\"'")
    return word, [value for value in values if value.lstrip("\"'").startswith(typed)]
