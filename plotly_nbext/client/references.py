"""Figures that draw on grids: ``xsrc: "alice:88:e3a9dd"`` stands for ``x: [values]``.

The server reads them for what it renders; what draws a figure elsewhere needs the values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from plotly_nbext.client.forms import COLUMNS_A_REQUEST
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from plotly_nbext.client.grid import Grid
    from plotly_nbext.client.library import Library

__all__ = ["FREE_FORM", "REFERENCE", "filled", "referenced_columns", "referenced_grids"]

_Columns: TypeAlias = "list[dict[str, Any]]"

# plotly 1 writes a slash before the uids
REFERENCE: Final = re.compile(r"([^:/\s]+:(?:0|[1-9][0-9]*))[:/]([0-9a-f]{6}(?:,[0-9a-f]{6})*)")

# what users put there is theirs: a key that ends in "src" is no attribute of plotly.js
FREE_FORM: Final = frozenset({"meta", "customdata"})


class _Reference(NamedTuple):
    fid: str
    uids: list[str]
    text: str
    where: str


def referenced_grids(figure: Mapping[str, Any]) -> frozenset[str]:
    """Name the grids that a figure draws on, by their fids."""
    return frozenset(reference.fid for reference in _references(figure, "figure"))


def referenced_columns(figure: Mapping[str, Any], fid: str) -> frozenset[str]:
    """Name the columns of a grid that a figure draws on, by their uids."""
    found = [each for each in _references(figure, "figure") if each.fid == fid]
    return frozenset(uid for reference in found for uid in reference.uids)


def filled(
    client: Library, figure: Mapping[str, Any], make: Callable[[_Columns, Grid], Any] | None = None
) -> Mapping[str, Any]:
    """Put the values of grids in place of the references to them.

    Parameters
    ----------
    client : Client
        Who may read the grids.
    figure : mapping
        A figure of plain dicts and lists; it stays as it is.
    make : callable, optional
        Makes the array of the columns that a reference names, of their grid; by default the lists
        of their JSON values.

    Returns
    -------
    mapping
        The figure itself where it references nothing, else a copy of what holds references.

    Raises
    ------
    ValidationError
        A grid or a column is not there, or not for the user to see.
    """
    wanted: dict[str, list[_Reference]] = {}
    for reference in _references(figure, "figure"):
        wanted.setdefault(reference.fid, []).append(reference)
    read = {fid: _read(client, references) for fid, references in wanted.items()}

    def array(reference: _Reference) -> Any:
        grid, columns = read[reference.fid]
        return (make or _as_json)([columns[uid] for uid in reference.uids], grid)

    return _with_values(figure, array) if wanted else figure


def _as_json(columns: _Columns, grid: Grid) -> Any:
    del grid
    values = [column["data"] for column in columns]
    return values if len(values) > 1 else values[0]


def _references(node: Any, where: str) -> Iterator[_Reference]:
    if isinstance(node, dict):
        for key, value in node.items():
            if reference := _reference(key, value, where):
                yield reference
            elif isinstance(value, dict | list | tuple) and key not in FREE_FORM:
                yield from _references(value, f"{where}.{key}")
    else:
        for place, value in enumerate(node):
            if isinstance(value, dict | list | tuple):
                yield from _references(value, f"{where}[{place}]")


def _reference(key: Any, value: Any, where: str = "") -> _Reference | None:
    if not (isinstance(value, str) and isinstance(key, str) and key.endswith("src")):
        return None
    match = REFERENCE.fullmatch(value)
    if not match or key == "src":
        return None
    return _Reference(match[1], match[2].split(","), value, f"{where}.{key}")


def _read(
    client: Library, references: Sequence[_Reference]
) -> tuple[Grid, dict[str, dict[str, Any]]]:
    """Read the columns of a grid that are referenced."""
    try:
        grid = client.grid(references[0].fid)
    except NotFoundError:
        raise _gone(references[0]) from None
    there = {column.uid for column in grid.columns}
    for reference in references:
        if not there.issuperset(reference.uids):
            raise _gone(reference)
    uids = [*dict.fromkeys(uid for reference in references for uid in reference.uids)]
    columns: dict[str, dict[str, Any]] = {}
    for start in range(0, len(uids), COLUMNS_A_REQUEST):
        some = uids[start : start + COLUMNS_A_REQUEST]
        try:
            columns |= {column["uid"]: column for column in grid.fetch_columns(some)}
        except NotFoundError:  # it went just now
            raise _gone(references[0]) from None
    return grid, columns


def _gone(reference: _Reference) -> ValidationError:
    return ValidationError(
        f"{reference.where} draws on {reference.text!r}, a grid or column that is gone or not for "
        "you to see.",
        field=reference.where,
    )


def _with_values(node: Any, array: Callable[[_Reference], Any]) -> Any:
    if isinstance(node, list | tuple):
        # numbers without end are looked at, not copied
        if not any(isinstance(value, dict | list | tuple) for value in node):
            return node
        return [_with_values(value, array) for value in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    filled_in: dict[str, Any] = {}  # whatever else is there under the same key
    for key, value in node.items():
        if reference := _reference(key, value):
            filled_in[key.removesuffix("src")] = array(reference)
        else:
            made[key] = value if key in FREE_FORM else _with_values(value, array)
    return made | filled_in
