"""JSON in the forms that tables have in it.

=====================================  =====================================================
``{"cols": {name: {"data": […]}}}``    a grid, as its content or as it is created
``[{name: value}, …]``                 records; also one a line (JSON Lines)
``{name: [value, …]}``                 columns, of any lengths
``[[name, …], [value, …], …]``         rows, the first of them the header; also one a line
``{"columns": […], "data": [[…]]}``    pandas, ``orient="split"``
``{"schema": …, "data": [{…}, …]}``    pandas, ``orient="table"``
``{name: {label: value}}``             pandas, ``orient="columns"``
=====================================  =====================================================

Values of any JSON type are kept as they are. A name that is there twice in an object is refused:
of its values, only one could be kept.
"""

from __future__ import annotations

import json as standard_json
from collections import Counter
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from plotly_nbext.columns import json, wire
from plotly_nbext.server.uploads.encoding import encoding_of
from plotly_nbext.server.uploads.identify import JSON_LINES, extension
from plotly_nbext.server.uploads.limits import NotATable, Unreadable
from plotly_nbext.server.uploads.spool import ColumnWriter, check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["read"]

_FORMS = (
    "The JSON holds no table: expected a grid's content, an array of objects or of arrays, "
    "or an object of arrays."
)


def read(file: Path, name: str, spool: Spool, path: Sequence[str]) -> None:
    """Read a table into a spool.

    Parameters
    ----------
    file : Path
        The JSON.
    name : str
        What the sender calls it.
    spool : Spool
        Where the table goes.
    path : sequence of str
        The table's path in the upload.

    Raises
    ------
    NotATable
        It is not JSON, or has none of these forms.
    Unreadable
        It is larger than a table may be, or an object in it has a name twice.
    """
    value = _load(file, encoding_of(file, name, spool), name)
    columns = _Table(file.stat().st_size).columns(value)
    check_size(0, len(columns), 0)
    writers = []
    for _, values in columns:
        writer = ColumnWriter(spool)
        for start in range(0, len(values), spool.chunk_rows):
            part = values[start : start + spool.chunk_rows]
            writer.extend(wire.from_values(part))
        writers.append(writer)
    spool.add(path, [label for label, _ in columns], writers)


def _load(file: Path, encoding: str, name: str) -> Any:
    text = file.read_text(encoding).strip()
    if extension(name) not in JSON_LINES:
        try:
            return _loads(text)
        except ValueError as error:
            first, newline, _ = text.partition("\n")
            if not (newline and _is_json(first)):
                raise NotATable(f"The file can't be read: {error}.") from None
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            lines += [_loads(line)] if line.strip() else []
        except ValueError as error:
            raise NotATable(f"Line {number:,} can't be read: {error}.") from None
    return lines


def _loads(text: str) -> Any:
    # what a cell holds lies deeper in a grid's content than in most of these forms
    value = json.loads(text, max_depth=json.MAX_DEPTH - 10)
    # after what the other can't read, and keeps no objects
    standard_json.loads(text, object_pairs_hook=_check_names, parse_int=len, parse_float=len)
    return value


def _check_names(items: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in items]
    if len(set(names)) < len(names):
        [(twice, _)] = Counter(names).most_common(1)
        raise Unreadable(f"The JSON has the name {twice!r} twice in one object.")


def _is_json(line: str) -> bool:
    try:
        return isinstance(_loads(line), dict | list)
    except ValueError:
        return False


class _Table:
    """Takes the columns, each with its label, out of any form."""

    def __init__(self, file_bytes: int) -> None:
        self._file_bytes = file_bytes

    def columns(self, value: Any) -> list[tuple[Any, list[Any]]]:
        match value:
            case {"data": {"cols": dict() | list() as cols}} | {"cols": dict() | list() as cols}:
                return _grid(cols)
            case {"schema": {"fields": list(fields)}, "data": list(records)}:
                return self._records(
                    records, [each.get("name") for each in fields if isinstance(each, dict)]
                )
            case {"columns": list(labels), "data": list(rows)}:
                return _index(value.get("index")) + self._rows([labels, *rows])
            case dict() if value and all(isinstance(item, list) for item in value.values()):
                return list(value.items())
            case dict() if value and all(isinstance(item, dict) for item in value.values()):
                return self._labelled(value)
            case list() if value and all(isinstance(item, dict) for item in value):
                return self._records(value, _keys(value))
            case list() if value:
                return self._rows(value)
        raise NotATable(_FORMS)

    def _records(self, records: list[Any], names: list[Any]) -> list[tuple[Any, list[Any]]]:
        if not all(isinstance(record, dict) for record in records):
            raise NotATable(_FORMS)
        check_size(len(records), len(names), self._file_bytes)
        return [(_label(name), [record.get(name) for record in records]) for name in names]

    def _rows(self, rows: list[Any]) -> list[tuple[Any, list[Any]]]:
        """Take rows below a header; short ones are filled up with nulls."""
        if not all(isinstance(row, list) for row in rows):
            raise NotATable(_FORMS)
        check_size(len(rows), max(map(len, rows)), self._file_bytes)
        columns = map(list, zip_longest(*rows))
        return [(_label(label), values) for label, *values in columns]

    def _labelled(self, columns: dict[str, dict[str, Any]]) -> list[tuple[Any, list[Any]]]:
        """Take columns whose values have the labels of their rows."""
        labels = _keys(columns.values())
        check_size(len(labels), len(columns), self._file_bytes)
        values = [(name, [item.get(at) for at in labels]) for name, item in columns.items()]
        return _index(labels) + values


def _keys(objects: Iterable[dict[str, Any]]) -> list[str]:
    """List the keys of all, in the order in which they are first met."""
    return list(dict.fromkeys(chain.from_iterable(objects)))


def _grid(cols: dict[str, Any] | list[Any]) -> list[tuple[Any, list[Any]]]:
    items = list(cols.items()) if isinstance(cols, dict) else [("", item) for item in cols]
    if not all(isinstance(item, dict) for _, item in items):
        raise NotATable(_FORMS)
    columns = [{"name": name, "order": place} | item for place, (name, item) in enumerate(items)]
    if not all(isinstance(column["order"], int) for column in columns):
        raise NotATable("The order of a column must be a whole number.")
    columns.sort(key=lambda column: column["order"])
    return [(_label(column["name"]), _as_list(column.get("data", []))) for column in columns]


def _as_list(data: Any) -> list[Any]:
    # R writes a column of one value as that value
    return data if isinstance(data, list) else [data]


def _index(labels: list[Any] | None) -> list[tuple[Any, list[Any]]]:
    """Take the index of a frame, if it says more than the position of each row."""
    if labels is None or [str(label) for label in labels] == [*map(str, range(len(labels)))]:
        return []
    return [("index", labels)]


def _label(label: Any) -> Any:
    """Take a label that may be of several levels."""
    if isinstance(label, str | None):
        return label
    if isinstance(label, list):
        return tuple(label)
    return json.dumps(label).decode()
