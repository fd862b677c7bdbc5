"""A grid on the server: what it holds, and what can be done with it.

What JSON loses of a DataFrame (dtypes, the index, labels that are no strings) is kept under the key
``plotly_nbext`` of the grid's metadata, which other clients leave alone.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

import plotly_nbext
from plotly_nbext.client.column import Column, GridColumn
from plotly_nbext.client.creation import created
from plotly_nbext.client.file import SCHEMA_KEY, File
from plotly_nbext.client.fitting import (
    encoded_columns,
    json_columns,
    same_length,
    same_names,
    table_of_columns,
)
from plotly_nbext.client.paths import ensure_folder, split_path
from plotly_nbext.columns import decode_frame, encode_frame, json, merge_schemas
from plotly_nbext.columns.schema import forget_rows, is_readable
from plotly_nbext.errors import Conflict, NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from plotly_nbext.client.session import Session
    from plotly_nbext.columns import Table

__all__ = ["Grid"]

# others may change the grid at the same time; then it is read anew
TRIES: Final = 30
STRICT_TRIES: Final = 4

# uids travel in the address, which servers cut at some 8,000 characters
COLUMNS_A_REQUEST: Final = 500


class Grid(File, filetype="grid", resource="grids"):
    """A table on the server; made by :func:`plotly_nbext.push` and :func:`plotly_nbext.grid`.

    It has what every :class:`File` has; ``grid["total"]`` is its column of that name.
    """

    # a server that knows no windows sends all rows, which serve until something changes
    _whole: dict[str, Any] | None = None

    @classmethod
    def create(
        cls,
        session: Session,
        table: Table,
        path: str,
        *,
        metadata: Mapping[str, Any] | None,
        world_readable: bool,
    ) -> Self:
        """Make a grid that holds a table: ``POST /v2/grids``."""
        folder, filename = split_path(path)
        rest: dict[str, Any] = {
            "filename": filename,
            "world_readable": world_readable,
            "metadata": {**(metadata or {}), SCHEMA_KEY: table.schema},
        }
        if folder:
            ensure_folder(session, folder)
            rest["parent_path"] = folder
        cols = b",".join(
            json.dumps(column.name) + b':{"data":' + column.data + b',"order":%d}' % place
            for place, column in enumerate(table.columns)
        )
        body = b'{"data":{"cols":{' + cols + b"}}," + json.dumps(rest)[1:]
        return cls(session, created(session.json("POST", "/grids", body=body)), path)

    def __repr__(self) -> str:
        # what is known: nothing is asked for it
        rows = None if self.told_rows is None else f"{self.told_rows} rows"
        columns = f"{len(self.columns)} columns" if "cols" in self._meta else None
        size = " × ".join(filter(None, [rows, columns]))
        return f"Grid({', '.join(filter(None, [repr(self._label), size]))})"

    def __getitem__(self, name: str) -> GridColumn:
        for column in self.columns:
            if column.name == name:
                return GridColumn(self, column)
        known = ", ".join(repr(column.name) for column in self.columns)
        raise NotFoundError(f"{self!r} has no column {name!r}; it has {known}.", field=name)

    @property
    def columns(self) -> list[Column]:
        """The columns by their order."""
        if "cols" not in self._meta:  # a listing tells of files in general
            self.refresh()
        return [
            Column(column["name"], column["uid"], place)
            for place, column in enumerate(self._meta["cols"])
        ]

    @property
    def told_rows(self) -> int | None:
        """The :attr:`row_count` that the server told with the rest; nothing is asked for it."""
        return self._meta.get("row_count")

    @property
    def row_count(self) -> int:
        """The length of the longest column; for one that the server told not, all are read."""
        if self.told_rows is not None:
            return self.told_rows
        cols = self._all_rows()["cols"].values()
        return max((len(column["data"]) for column in cols), default=0)

    def refresh(self) -> Self:
        """Ask what the server knows of the grid now: ``GET /v2/grids/FID``."""
        self._whole = None
        return super().refresh()

    def to_frame(self) -> pd.DataFrame:
        """Read the grid as a DataFrame: ``GET /v2/grids/FID/content``.

        Returns
        -------
        pandas.DataFrame
            Equal to the one that was pushed, in values, dtypes, index and labels. What another
            client wrote has the dtypes that its values suggest.
        """
        return self._frame(self._get("/content"))

    def head(self, n: int = 5) -> pd.DataFrame:
        """Read the first rows as a DataFrame: ``GET /v2/grids/FID/content?start=0&stop=``."""
        return self._frame(self._window(0, n))

    def window(self, start: int, stop: int) -> list[list[Any]]:
        """Read the rows ``start`` … ``stop`` - 1: ``GET /v2/grids/FID/content?start=&stop=``.

        Returns
        -------
        list of list
            One list of JSON values a column, in the columns' order; all of one length.
        """
        cols = self._window(start, stop)["cols"]
        found = [column["data"] for column in sorted(cols.values(), key=lambda col: col["order"])]
        length = max(map(len, found), default=0)
        return [data + [None] * (length - len(data)) for data in found]

    def fetch_columns(self, uids: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Read columns with their values: ``GET /v2/grids/FID/col``."""
        query = {} if uids is None else {"uid": ",".join(uids)}
        cols: list[dict[str, Any]] = self._get("/col", **query)["cols"]
        return cols

    def append(self, frame: pd.DataFrame) -> Self:
        """Append the rows of a DataFrame, all or none: ``POST /v2/grids/FID/row``.

        Parameters
        ----------
        frame : pandas.DataFrame
            With the grid's columns, in any order. Row labels that are mere numbers are left out
            where the grid keeps none.

        Raises
        ------
        ValidationError
            Columns are missing, too many, or of a type that does not fit.
        """
        return self._insist(lambda tried: self._append(frame, strict=tried < STRICT_TRIES))

    def _append(self, frame: pd.DataFrame, *, strict: bool) -> Self:
        """Append to the grid as it is now, or not at all.

        Not ``strict`` is for a grid that others never leave alone: rows that change nothing of its
        types are appended to whatever it has become, which the server does in one piece too.
        """
        self.refresh()
        table = encode_frame(frame, index=self._index_to_append(frame))
        names = [column.name for column in self.columns]
        same_names(self, names, [column.name for column in table.columns])
        fields: dict[str, Any] = {"rows": table.rows(names)}
        metadata = self._all_metadata
        revision = self._meta.get("revision")
        if stored := metadata.get(SCHEMA_KEY):
            if is_readable(stored):
                # a column that another client made has the frame's type
                columns = table.schema["columns"] | stored["columns"]
                stored = stored | {"columns": {name: columns[name] for name in names}}
            schema = merge_schemas(stored, table.schema, row_count=self.row_count)
            if strict or schema | {"row_count": 0} != stored | {"row_count": 0}:
                # our server takes them in one transaction with the rows
                fields["metadata"] = metadata | {SCHEMA_KEY: schema}
            else:
                revision = None
        answer = self._session.send(
            "POST",
            self._address("/row"),
            body=json.dumps(fields),
            headers=_if_match(revision),
        )
        if "metadata" in fields and not _took(answer.content, fields["metadata"]):
            self._patch(metadata=fields["metadata"])
        return self.refresh()

    def set_metadata(self, metadata: Mapping[str, Any]) -> Self:
        """Attach other facts, of JSON types, in place of those there: ``PATCH /v2/grids/FID``.

        The columns' types are no such facts: they stay as they are on the server by then.

        Raises
        ------
        Conflict
            Others change the grid all the time.
        """
        return self._insist(lambda _: self._set_metadata(metadata))

    def _set_metadata(self, metadata: Mapping[str, Any]) -> Self:
        """Attach facts to the grid as it is now, or not at all."""
        self.refresh()
        there = self._all_metadata
        kept = {SCHEMA_KEY: there[SCHEMA_KEY]} if SCHEMA_KEY in there else {}
        answer = self._session.send(
            "PATCH",
            self._address(),
            body=json.dumps({"metadata": {**metadata, **kept}}),
            headers=_if_match(self._meta.get("revision")),
        )
        return self._took(answer)

    def _insist(self, change: Callable[[int], Self]) -> Self:
        """Make a change to the grid as it is, anew where others changed it meanwhile.

        ``change`` is told how often it was tried.
        """
        for tried in range(TRIES):
            with suppress(Conflict):
                return change(tried)
            time.sleep(random.uniform(0, min(1, 0.02 * 2**tried)))  # noqa: S311 - a pause, no secret
        return change(TRIES)

    def add_columns(self, frame: pd.DataFrame) -> Self:
        """Add the columns of a DataFrame after the others: ``POST /v2/grids/FID/col``.

        Raises
        ------
        ValidationError
            The frame has row labels, or not as many rows as the grid.
        """
        table = table_of_columns(frame)
        same_length(self.refresh(), table)
        self._post_columns(json_columns(table))
        return self._keep_schema(table)

    def replace_columns(self, frame: pd.DataFrame) -> Self:
        """Replace the values of the columns that a DataFrame has: ``PUT /v2/grids/FID/col``.

        Raises
        ------
        NotFoundError
            The grid has no column of that name.
        ValidationError
            The frame has row labels, where values are laid by position, or not as many rows as the
            columns that stay.
        """
        table = table_of_columns(frame)
        self.refresh()
        uids = [self[column.name].uid for column in table.columns]
        same_length(self, table)
        self._forget_rows()
        self._put_columns(dict(zip(uids, json_columns(table, with_name=False), strict=True)))
        return self._keep_schema(table)

    def view(self) -> Any:
        """Show the grid as a scrollable table: a :class:`plotly_nbext.GridView`."""
        return plotly_nbext.GridView(self)

    def update_to(
        self,
        table: Table,
        *,
        metadata: Mapping[str, Any] | None = None,
        world_readable: bool = False,
    ) -> Self:
        """Make the grid hold a table, in place: columns of the same name keep their uids.

        ``POST``, ``PUT`` and ``DELETE /v2/grids/FID/col``, then ``PATCH /v2/grids/FID``.

        New columns come first and lost ones go last. A failure on the way leaves columns of both
        states, each of them whole, and what is read then is what was written.
        """
        self._forget_rows()
        uids = {column.name: column.uid for column in self.columns}
        new = [column.name for column in table.columns]
        by_name = dict(zip(new, json_columns(table, with_name=False), strict=True))
        self._post_columns(
            [
                body
                for body, column in zip(json_columns(table), table.columns, strict=True)
                if column.name not in uids
            ]
        )
        self._put_columns({uids[name]: by_name[name] for name in new if name in uids})
        gone = [uid for name, uid in uids.items() if name not in by_name]
        self._delete_columns(gone)
        self.refresh()
        there = {column.name: column for column in self.columns}
        if set(there) != set(new):
            raise Conflict(
                f"Someone else changes the columns of {self!r} at the same time.",
                hint="Run the cell again when they are done.",
            )
        if [column.name for column in self.columns] != new:
            order = {there[name].uid: b'{"order":%d}' % place for place, name in enumerate(new)}
            self._put_columns(order)
        kept = dict(self.metadata if metadata is None else metadata)
        changes: dict[str, Any] = {"metadata": kept | {SCHEMA_KEY: table.schema}}
        if world_readable:
            changes["world_readable"] = True
        self._patch(**changes)
        return self.refresh()

    def _frame(self, content: Mapping[str, Any]) -> pd.DataFrame:
        cols = sorted(content["cols"].items(), key=lambda item: item[1]["order"])
        columns = [(name, column["data"]) for name, column in cols]
        return decode_frame(columns, self._all_metadata.get(SCHEMA_KEY))

    def _window(self, start: int, stop: int) -> dict[str, Any]:
        if self.told_rows is not None:
            content: dict[str, Any] = self._get("/content", start=str(start), stop=str(stop))
            return content
        cols = self._all_rows()["cols"].items()
        return {
            "cols": {name: col | {"data": col["data"][start:stop]} for name, col in cols},
        }

    def _all_rows(self) -> dict[str, Any]:
        """Read the content of a server that knows no windows and counts no rows."""
        if self._whole is None:
            self._whole = self._get("/content")
        return self._whole

    def _index_to_append(self, frame: pd.DataFrame) -> bool:
        """Tell whether the row labels are data: where the grid keeps them, or they say more."""
        schema = self._all_metadata.get(SCHEMA_KEY)
        if is_readable(schema) and schema.get("index"):
            return True
        index = frame.index
        return index.name is not None or index.nlevels > 1 or index.dtype.kind not in "iu"

    def _keep_schema(self, table: Table) -> Self:
        """Note the types of the columns that a table wrote; a column keeps its label."""
        stored = self._all_metadata.get(SCHEMA_KEY)
        if is_readable(stored):
            columns = dict(stored["columns"])
            for name, spec in table.schema["columns"].items():
                there = columns.get(name, {})
                columns[name] = spec | ({"label": there["label"]} if "label" in there else {})
            self._patch(metadata=self._all_metadata | {SCHEMA_KEY: stored | {"columns": columns}})
        return self.refresh()

    def _forget_rows(self) -> None:
        """Before values change, drop what is noted of single rows: of new values it is wrong."""
        stored = self._all_metadata.get(SCHEMA_KEY)
        if is_readable(stored) and (schema := forget_rows(stored)) != stored:
            self._patch(metadata=self._all_metadata | {SCHEMA_KEY: schema})

    def _post_columns(self, columns: Sequence[bytes]) -> None:
        if columns:
            body = encoded_columns(columns)
            self._session.send("POST", self._address("/col"), body=body)

    def _put_columns(self, columns: Mapping[str, bytes]) -> None:
        for uids in _batches(list(columns)):
            self._session.send(
                "PUT",
                self._address("/col"),
                query={"uid": ",".join(uids)},
                body=encoded_columns([columns[uid] for uid in uids]),
            )

    def _delete_columns(self, uids: Sequence[str]) -> None:
        for some in _batches(uids):
            try:
                self._session.send("DELETE", self._address("/col"), query={"uid": ",".join(some)})
            except (NotFoundError, ValidationError):
                # they are gone where the answer to the first request was lost
                if {column.uid for column in self.refresh().columns}.intersection(some):
                    raise


def _if_match(revision: int | None) -> dict[str, str] | None:
    """Ask our server to refuse a change where the grid has another revision by now."""
    return None if revision is None else {"If-Match": f'"{revision}"'}


def _took(answer: bytes, metadata: Mapping[str, Any]) -> bool:
    """Tell whether a server kept the metadata; what others answer to rows is not documented."""
    try:
        meta = json.loads(answer)
    except ValueError:
        return False
    return isinstance(meta, dict) and meta.get("metadata") == metadata


def _batches(uids: Sequence[str]) -> Iterable[Sequence[str]]:
    return [
        uids[start : start + COLUMNS_A_REQUEST] for start in range(0, len(uids), COLUMNS_A_REQUEST)
    ]
