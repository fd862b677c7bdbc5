"""Figures that draw on grids: ``xsrc: "alice:88:e3a9dd"`` becomes ``x: [values]``.

A reference names the grid by its fid and a column by its uid; several uids with commas make an
array of columns. It is read with the caller's rights.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json
from plotly_nbext.errors import ApiError
from plotly_nbext.server.auth import readable
from plotly_nbext.server.bodies import bad_request
from plotly_nbext.server.store import grids
from plotly_nbext.server.store.files import GRID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from plotly_nbext.server.auth import Caller

__all__ = ["fill_references", "may_have_references"]

MAX_VALUES = 10_000_000

_REFERENCE = re.compile(r"([^:/\s]+:\d+):([0-9a-f]{6}(?:,[0-9a-f]{6})*)")

# what users put there is theirs: a key that ends in "src" is no attribute of plotly.js
_FREE_FORM = frozenset({"meta", "customdata"})


def may_have_references(figure: bytes) -> bool:
    """Tell whether a figure's JSON text could hold a reference, without reading it."""
    return b'src"' in figure


def fill_references(connection: Connection, caller: Caller, figure: bytes) -> bytes:
    """Put the values in place of all references of a figure.

    Raises
    ------
    ValidationError
        400: a reference can't be read, by a column or grid that is not there or not the caller's.
    """
    content = json.loads(figure)
    read: dict[str, list[Any]] = {}
    total = 0
    for holder, attribute, path in list(_references(content, "figure")):
        reference = holder[attribute]
        if reference not in read:
            read[reference] = _resolve(connection, caller, reference, path)
        total += _size(read[reference])
        if total > MAX_VALUES:
            raise bad_request(f"The references up to {path} are over {MAX_VALUES:,} values.", path)
        holder[attribute.removesuffix("src")] = read[reference]
    return json.dumps(content)


def _is_meant(value: Any) -> bool:
    """Tell what is meant as a reference, well-formed or not: other names end in "src" too."""
    return isinstance(value, str) and re.match(r"[^:/\s]+:\d+", value) is not None


def _size(values: list[Any]) -> int:
    return sum(len(value) if isinstance(value, list) else 1 for value in values)


def _references(node: Any, path: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Find the objects that hold a reference, the attribute that it is in, and where that is."""
    if isinstance(node, dict):
        for key, value in node.items():
            where = f"{path}.{key}"
            if len(key) > len("src") and key.endswith("src") and _is_meant(value):
                yield node, key, where
            elif key not in _FREE_FORM:
                yield from _references(value, where)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if isinstance(value, dict | list):
                yield from _references(value, f"{path}[{index}]")


def _resolve(connection: Connection, caller: Caller, reference: str, path: str) -> list[Any]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise bad_request(f"{reference!r} is not a column reference (user:id:uid) in {path}.", path)
    try:
        grid = readable(connection, caller, match[1], GRID)
        columns = grids.pick_columns(connection, grid, match[2].split(","))
    except ApiError:
        # one answer for both, which tells nothing of what others have
        raise bad_request(
            f"The column reference {reference!r} in {path} leads nowhere, or not for you to see.",
            path,
        ) from None
    found = [grids.values(connection, grid, column) for column in columns]
    return found if len(found) > 1 else found[0]
