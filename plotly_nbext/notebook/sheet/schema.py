"""The types of a grid's columns, as they are when its edits are saved."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from plotly_nbext.client.file import SCHEMA_KEY
from plotly_nbext.columns import schema as schemas

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.columns.schema import Spec
    from plotly_nbext.notebook.sheet.change import Ids
    from plotly_nbext.notebook.sheet.draft import Draft

    AnySpec = TypeVar("AnySpec", bound=Spec)

__all__ = ["edited_metadata", "with_rows"]


def edited_metadata(draft: Draft) -> dict[str, Any] | None:
    """Tell the metadata of a grid with its edits; None if it is the same.

    Where the grid has no types, none are made: its values tell them.
    """
    before = draft.stored.metadata
    schema = schemas.read(before.get(SCHEMA_KEY))
    if schema is None:
        return None
    names = {column.uid: column.name for column in draft.stored.columns}
    columns = {}
    for column in draft.columns:
        name = names.get(column.uid)
        spec = column.kind.spec if name is None else schema.columns.get(name)
        if spec is not None:
            if name not in {None, column.name}:
                spec = msgspec.structs.replace(spec, label=msgspec.UNSET)
            columns[column.name] = with_rows(
                spec, functools.partial(_kept, draft=draft, uid=column.uid)
            )
    after = msgspec.structs.replace(
        schema,
        columns=columns,
        index=_index(schema.index, draft),
    )
    plain = schemas.write(after)
    return None if plain == before[SCHEMA_KEY] else {**before, SCHEMA_KEY: plain}


def with_rows(spec: AnySpec, moved: Callable[[list[int]], list[int]]) -> AnySpec:
    """Keep what is told of single rows, under the numbers that these have now."""
    kept: dict[str, Any] = {
        part: moved(rows)
        for part in ("none", "nan", "inf", "minus_inf")
        if (rows := getattr(spec, part))
    }
    if spec.of is not None and (of := with_rows(spec.of, moved)) is not spec.of:
        kept["of"] = of
    return msgspec.structs.replace(spec, **kept) if kept else spec


def _kept(rows: list[int], draft: Draft, uid: str) -> list[int]:
    """Tell where rows are now, but for those in which the column was edited."""
    ids: Ids = np.setdiff1d(np.array(rows, np.int64), draft.edited(uid).ids)
    if draft.rows is None:
        return list(map(int, ids[ids < draft.stored.row_count]))
    return list(map(int, np.flatnonzero(np.isin(draft.rows, ids))))


def _index(index: schemas.RowIndex | None, draft: Draft) -> schemas.RowIndex | None:
    """Keep an index whose columns are there, under the names that these have now."""
    if index is None:
        return None
    uids = {column.name: column.uid for column in draft.stored.columns}
    now = {column.uid: column.name for column in draft.columns}
    kept = [
        (now[uids[column]], now[uids[column]] if name == column else name)
        for column, name in zip(index.columns, index.names, strict=True)
        if uids.get(column) in now
    ]
    if not kept:
        return None
    columns, names = map(list, zip(*kept, strict=True))
    return msgspec.structs.replace(index, columns=columns, names=names)
