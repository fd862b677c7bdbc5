"""Pushes in parts: what several senders bring for one grid, aside until all of it is there.

A part is a table, cut into record batches of a chunk's rows. Parts have no order but the one in
which they are asked for at the end, and one that no one asks for was sent in vain: a sender that is
not sure may send again, as another part.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from sqlalchemy import DateTime, bindparam, delete, insert, select, text, tuple_

from plotly_nbext.columns import wire
from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files
from plotly_nbext.server.store.grids.writing import recut
from plotly_nbext.server.store.schema import CHUNK_ROWS, push_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

__all__ = ["end", "keep", "rows_of", "schema_of"]

KEPT: Final = timedelta(days=1)

SWEPT: Final = 256
"""Rows that were kept for long enough, and go whenever a part comes: no sender waits for all."""

# the part that says that a push is over, which no sender can name
_END: Final = ""
# where a part's schema lies; its batches follow
_SCHEMA: Final = 0

# spelled out, because SQLAlchemy has an "on conflict" of each database and none of both
_MARK = text(
    "INSERT INTO push_parts (owner, push, part, place, length, data, at) "
    "VALUES (:owner, :push, :part, :place, :length, :data, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=DateTime))

_WRITE = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


def keep(  # noqa: PLR0917 - a part has a name of three words
    connection: Connection,
    owner: str,
    push: str,
    part: str,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
) -> int:
    """Keep a part, in place of the one of its name, and tell how many rows it has.

    Parameters
    ----------
    push, part : str
        What the sender calls them.
    schema, batches
        The part; read once.

    Raises
    ------
    ValidationError
        400: the push is over.
    """
    now = files.now()
    _sweep(connection, now - KEPT)
    here = (push_parts.c.owner == owner) & (push_parts.c.push == push)
    if connection.execute(select(push_parts.c.part).where(here, push_parts.c.part == _END)).first():
        raise ValidationError(f"The push {push!r} is over.", status_code=400, field="push")
    connection.execute(delete(push_parts).where(here, push_parts.c.part == part))
    row = {"owner": owner, "push": push, "part": part, "at": now}
    types = schema.remove_metadata().serialize().to_pybytes()
    connection.execute(insert(push_parts), row | {"place": _SCHEMA, "length": 0, "data": types})
    rows = 0
    for place, batch in enumerate(recut(batches, CHUNK_ROWS), _SCHEMA + 1):
        packed = {"place": place, "length": batch.num_rows, "data": _packed(batch)}
        connection.execute(insert(push_parts), row | packed)
        rows += batch.num_rows
        del batch, packed  # or both would stay until the next one is there
    return rows


def schema_of(
    connection: Connection, owner: str, push: str, parts: Sequence[str], names: Sequence[str]
) -> pa.Schema:
    """Tell of which types some columns are, so that all values of some parts fit.

    Raises
    ------
    ValidationError
        400: a part, or a column of one, is not there.
    """
    types: dict[str, set[pa.DataType]] = {name: set() for name in names}
    for part in parts:
        # one at a time in memory: they are as many as partitions, and as wide as the grid
        which = {"owner": owner, "push": push, "part": part, "place": _SCHEMA}
        found = connection.execute(select(push_parts.c.data).where(*_at(which))).scalar()
        if found is None or part == _END:
            raise ValidationError(
                f"The push {push!r} has no part {part!r}.", status_code=400, field="parts"
            )
        schema = pa.ipc.read_schema(pa.py_buffer(found))
        for name, of_parts in types.items():
            place = schema.get_field_index(name)
            if place < 0:
                raise ValidationError(
                    f"The part {part!r} has no column {name!r}.", status_code=400, field="columns"
                )
            of_parts.add(schema.field(place).type)
    return pa.schema([(name, wire.common_type(types[name])) for name in names])


def rows_of(
    connection: Connection, owner: str, push: str, parts: Iterable[str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Give the rows of parts one after the other, a batch at a time in memory."""
    for part in parts:
        which = {"owner": owner, "push": push, "part": part}
        places = connection.execute(
            select(push_parts.c.place)
            .where(*_at(which), push_parts.c.place > _SCHEMA)
            .order_by(push_parts.c.place)
        ).scalars()
        for place in places.all():
            data = connection.execute(
                select(push_parts.c.data).where(*_at(which | {"place": place}))
            ).scalar_one()
            yield _unpacked(data, schema)
            del data  # as above


def end(connection: Connection, owner: str, push: str) -> None:
    """Forget what there is of a push, and what late senders may still bring."""
    here = {"owner": owner, "push": push}
    connection.execute(delete(push_parts).where(*_at(here)))
    mark = {"part": _END, "place": _SCHEMA, "length": 0, "data": b"", "at": files.now()}
    connection.execute(_MARK, here | mark)  # another may end it at the same time


def _sweep(connection: Connection, before: datetime) -> None:
    """Forget some of what nobody came back for; what another server is about to forget is its."""
    key = push_parts.primary_key.columns
    oldest = select(*key).where(push_parts.c.at < before).order_by(push_parts.c.at).limit(SWEPT)
    found = oldest.with_for_update(skip_locked=True)
    connection.execute(delete(push_parts).where(tuple_(*key).in_(found)))


def _at(which: Mapping[str, object]) -> list[ColumnElement[bool]]:
    return [push_parts.c[name] == value for name, value in which.items()]


def _packed(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_WRITE) as stream:
        stream.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _unpacked(data: bytes, schema: pa.Schema) -> pa.RecordBatch:
    with pa.ipc.open_stream(data) as stream:
        batch = stream.read_next_batch()
    arrays = [
        wire.cast(batch.column(batch.schema.get_field_index(field.name)), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
