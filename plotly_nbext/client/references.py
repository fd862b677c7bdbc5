"""Figures that draw on grids: ``xsrc: "alice:88:e3a9dd"`` stands for ``x: [values]``.

The server reads them for what it renders; what draws a figure elsewhere needs the values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plotly_nbext.client.client import Client

__all__ = ["filled", "referenced_grids"]

# plotly 1 writes a slash before the uids
_REFERENCE: Final = re.compile(r"([^:/\s]+:(?:0|[1-9][0-9]*))[:/]([0-9a-f]{6}(?:,[0-9a-f]{6})*)")

# what users put there is theirs: a key that ends in "src" is no attribute of plotly.js
_FREE_FORM: Final = frozenset({"meta", "customdata"})


class _Reference(NamedTuple):
    fid: str
    uids: list[str]


def referenced_grids(figure: Mapping[str, Any]) -> frozenset[str]:
    """Name the grids that a figure draws on, by their fids."""
    return frozenset(reference.fid for reference in _references(figure))


def filled(client: Client, figure: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the values of grids in place of the references to them.

    Parameters
    ----------
    client : Client
        Who may read the grids.
    figure : mapping
        A figure of plain dicts and lists; it stays as it is.

    Returns
    -------
    mapping
        The figure itself where it references nothing, else a copy of what holds references.

    Raises
    ------
    ValidationError
        A grid or a column is not there, or not for the user to see.
    """
    wanted: dict[str, dict[str, None]] = {}
    for reference in _references(figure):
        wanted.setdefault(reference.fid, {}).update(dict.fromkeys(reference.uids))
    values = {fid: _values(client, fid, [*uids]) for fid, uids in wanted.items()}
    return _with_values(figure, values) if values else figure


def _references(node: Any) -> Iterator[_Reference]:
    if isinstance(node, dict):
        for key, value in node.items():
            if reference := _reference(key, value):
                yield reference
            elif isinstance(value, dict | list | tuple) and key not in _FREE_FORM:
                yield from _references(value)
    else:
        for value in node:
            if isinstance(value, dict | list | tuple):
                yield from _references(value)


def _reference(key: Any, value: Any) -> _Reference | None:
    if not (isinstance(value, str) and isinstance(key, str) and key.endswith("src")):
        return None
    match = _REFERENCE.fullmatch(value)
    return _Reference(match[1], match[2].split(",")) if match and key != "src" else None


def _values(client: Client, fid: str, uids: list[str]) -> dict[str, list[Any]]:
    try:
        columns = client.grid(fid).fetch_columns(uids)
    except NotFoundError:
        raise ValidationError(
            f"The figure draws on the grid {fid}, of which a column is gone or not for you to see.",
            field="figure",
        ) from None
    return {column["uid"]: column["data"] for column in columns}


def _with_values(node: Any, values: Mapping[str, Mapping[str, list[Any]]]) -> Any:
    if isinstance(node, list | tuple):
        # numbers without end are looked at, not copied
        if not any(isinstance(value, dict | list | tuple) for value in node):
            return node
        return [_with_values(value, values) for value in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    filled_in: dict[str, Any] = {}  # whatever else is there under the same key
    for key, value in node.items():
        if reference := _reference(key, value):
            columns = [values[reference.fid][uid] for uid in reference.uids]
            filled_in[key.removesuffix("src")] = columns if len(columns) > 1 else columns[0]
        else:
            made[key] = value if key in _FREE_FORM else _with_values(value, values)
    return made | filled_in
