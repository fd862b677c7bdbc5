"""A grid is made of what the workers sent."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import pandas as pd

from plotly_nbext.client.creation import created
from plotly_nbext.client.dask_frames.computing import send_all
from plotly_nbext.client.dask_frames.merging import counts_rows, merged, without_index
from plotly_nbext.client.dask_frames.sending import Sender, this_machine
from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.client.forms import if_match
from plotly_nbext.client.grid import Grid
from plotly_nbext.client.insisting import insist
from plotly_nbext.client.losses import tell_lost_columns
from plotly_nbext.client.paths import ensure_folder, split_path
from plotly_nbext.client.progress import bar
from plotly_nbext.columns import json
from plotly_nbext.columns.encode import check_same_columns
from plotly_nbext.columns.schema import is_readable
from plotly_nbext.errors import ApiError, ServiceError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plotly_nbext.client.dask_frames.sending import Sent
    from plotly_nbext.client.session import Session

__all__ = ["Push", "begin", "check_whole"]

PARTITIONS: Final = {"unit": " partitions"}

# after so many, a grid is one that others never leave alone
STRICT_TRIES: Final = 4


def check_whole(mode: str, key: object, *, dry_run: bool) -> None:
    """Refuse what can only be done with all of a frame, and of a grid, in one memory.

    Raises
    ------
    ValidationError
        It is asked for.
    """
    what = "mode='upsert'" if mode == "upsert" else "dry_run" if dry_run else None
    if what:
        raise ValidationError(
            f"{what} compares all rows of a frame with all of a grid, and those of a DataFrame of "
            "Dask are never in one place.",
            field="mode" if mode == "upsert" else "dry_run",
            hint="Push those that changed, as pandas has them: plotly_nbext.push(ddf.compute(), …)"
            "; or all of them with mode='replace'.",
        )
    if key is not None:
        raise ValidationError(
            f"key has no meaning for mode={mode!r} of a DataFrame of Dask.", field="key"
        )


def begin(
    session: Session,
    frame: Any,
    path: str,
    *,
    index: Literal["auto"] | bool,
    there: Grid | None,
    progress: bool,
) -> Push:
    """Have all partitions sent; nothing is seen of them before one of the push's methods.

    Parameters
    ----------
    session : Session
        The server.
    frame : DataFrame or Series of Dask
        What is sent.
    path : str
        The grid's path.
    index : {"auto", True, False}
        Whether row labels become columns.
    there : Grid, optional
        The grid whose rows they are to follow.
    progress : bool
        Whether a bar is shown when it takes more than a second.

    Raises
    ------
    ValidationError
        The server takes no parts, or a partition holds what no grid can.
    """
    if index not in {"auto", True, False}:
        raise ValidationError(f'index must be "auto", True or False, not {index!r}', field="index")
    _check_server(session)
    push = uuid.uuid4().hex
    sender = Sender(
        session.account,
        this_machine(),
        push,
        _dtypes(frame),
        index,
        # the types of a grid that stays tell how narrow floats are written
        there.all_metadata if there else None,
    )
    try:
        with bar(path, frame.npartitions, shown=progress, **PARTITIONS) as shown:
            parts = send_all(frame, sender, lambda _: shown.advance())
    except BaseException:
        _drop(session, push)
        raise
    return Push(session, push, path, parts, index=index)


class Push:
    """Parts that wait on the server; a context at whose end none do.

    Parameters
    ----------
    session : Session
        The server.
    push : str
        What it calls the push.
    path : str
        The grid's path.
    parts : sequence of Sent
        The partitions.
    index : {"auto", True, False}
        Whether row labels become columns.
    """

    def __init__(
        self,
        session: Session,
        push: str,
        path: str,
        parts: Sequence[Sent],
        *,
        index: Literal["auto"] | bool,
    ) -> None:
        self._session = session
        self._push = push
        self._path = path
        self._parts = parts
        self._done = False
        self._drops_index = index == "auto" and counts_rows(parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._done:
            _drop(self._session, self._push)

    def make(self, *, metadata: Mapping[str, Any] | None, world_readable: bool) -> Grid:
        """Make a new grid: ``POST /v2/pushes/PUSH``."""
        schema = self._schema()
        folder, filename = split_path(self._path)
        fields: dict[str, Any] = {
            "filename": filename,
            "world_readable": world_readable,
            "metadata": {**(metadata or {}), SCHEMA_KEY: schema},
        }
        if folder:
            ensure_folder(self._session, folder)
            fields["parent_path"] = folder
        answer = self._finish([*schema["columns"]], fields)
        return Grid(self._session, created(answer), self._path)

    def replace(self, grid: Grid, *, metadata: Mapping[str, Any] | None) -> None:
        """Put the rows in the place of those of a grid, whose columns keep their uids."""
        schema = self._schema()
        kept = schema["columns"]
        lost: list[Any] = []
        plots: list[str] = []

        def attempt(tried: int) -> None:
            grid.refresh()
            lost[:] = [column for column in grid.columns if column.name not in kept]
            plots[:] = grid.referencers
            facts = grid.metadata if metadata is None else metadata
            fields = {"fid": grid.fid, "metadata": {**facts, SCHEMA_KEY: schema}}
            revision = grid.revision if tried < STRICT_TRIES else None
            grid.take(grid.found(lambda: self._finish([*kept], fields, revision)))

        insist(attempt)
        tell_lost_columns(grid, lost, plots)

    def append(self, grid: Grid, *, metadata: Mapping[str, Any] | None) -> None:
        """Put the rows after those of a grid."""

        def attempt(_: int) -> None:
            grid.refresh()
            names = [column.name for column in grid.columns]
            stored = grid.all_metadata.get(SCHEMA_KEY)
            drops = self._drops_index and not _index_of(stored)
            parts = self._without_index() if drops else self._parts
            for sent in parts:
                check_same_columns(grid=names, frame=[*sent.nulls])
            schema = None
            if stored:
                if is_readable(stored):
                    # a column that another client made has the frame's type
                    columns = parts[0].schema["columns"] | stored["columns"]
                    stored = stored | {"columns": {name: columns[name] for name in names}}
                schema = merged(parts, stored=stored, row_count=grid.row_count)
            facts = grid.metadata if metadata is None else metadata
            attached = facts if schema is None else {**facts, SCHEMA_KEY: schema}
            fields = {"fid": grid.fid, "append": True, "metadata": attached}
            grid.take(grid.found(lambda: self._finish(names, fields, grid.revision)))

        insist(attempt)

    def _schema(self) -> dict[str, Any]:
        return merged(self._without_index() if self._drops_index else self._parts)

    def _without_index(self) -> Sequence[Sent]:
        found = []
        for sent in self._parts:
            schema = without_index(sent.schema)
            nulls = {name: sent.nulls[name] for name in schema["columns"]}
            found.append(replace(sent, schema=schema, nulls=nulls))
        return found

    def _finish(
        self, columns: Sequence[str], fields: Mapping[str, Any], revision: int | None = None
    ) -> Any:
        parts = [sent.part for sent in self._parts if sent.row_count]
        body = json.dumps({"parts": parts or [self._parts[-1].part], "columns": columns, **fields})
        answer = self._session.json(
            "POST", f"/pushes/{self._push}", body=body, headers=if_match(revision), once=True
        )
        self._done = True
        return answer


def _check_server(session: Session) -> None:
    """Refuse a server that does not take the parts of a grid from several senders."""
    try:
        takes = session.takes_arrow and "POST" in session.send(
            "OPTIONS", f"/pushes/{uuid.uuid4().hex}"
        ).headers.get("Allow", "")
    except ApiError as error:
        if error.status_code not in {404, 405}:
            raise
        takes = False
    if not takes:
        raise ValidationError(
            f"{session.account.url} takes no grid in parts, as the workers of Dask send it.",
            field="frame",
            hint="Bring it here and push that: plotly_nbext.push(ddf.compute(), …).",
        )


def _drop(session: Session, push: str) -> None:
    # what is left is forgotten in a day; what is wrong was told, or is past
    with suppress(ApiError, ServiceError):
        session.send("DELETE", f"/pushes/{push}")


def _dtypes(frame: Any) -> tuple[Any, ...]:
    meta = frame._meta  # noqa: SLF001 - which Dask names so, and tells others of
    return tuple(meta.dtypes) if isinstance(meta, pd.DataFrame) else (meta.dtype,)


def _index_of(stored: Any) -> bool:
    return bool(is_readable(stored) and stored.get("index"))
