"""Grids as Arrow streams, as our own server takes and gives them.

A stream's columns are of one length; those of several lengths travel as JSON here too.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final, TypedDict

import pyarrow as pa
import urllib3

from plotly_nbext.client import json_form
from plotly_nbext.client.content import Content
from plotly_nbext.client.fingerprints import fingerprints
from plotly_nbext.client.forms import if_match
from plotly_nbext.client.progress import ROWS, bar
from plotly_nbext.client.session import ARROW
from plotly_nbext.columns import json
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from plotly_nbext.client.forms import Change, Place
    from plotly_nbext.columns import Table

__all__ = ["append", "content", "create", "put_part", "write"]

# the key of a stream's schema metadata that holds what JSON would have beside the values
FIELDS: Final = b"plotly_nbext"

# as many as the server's own chunks have: those of a new grid are kept as they come
ROWS_A_BATCH: Final = 16_384

# how a stream ends; pyarrow reads one that is cut between two batches as a shorter one
END: Final = b"\xff\xff\xff\xff\0\0\0\0"

# fewer rows are appended as JSON, which the server gathers
FEW_ROWS: Final = 1024


def create(grids: Place, table: Table, fields: Mapping[str, Any], *, progress: bool) -> Any:
    """Make a grid: ``POST /v2/grids``."""
    if not table.is_even:
        return json_form.create(grids, table, fields, progress=progress)
    fields = {**fields, "fingerprints": fingerprints(table.columns)}
    with _stream(grids, table, fields, progress=progress) as body:
        headers = {"Content-Type": ARROW}
        return grids.session.json("POST", grids.address, body=body, headers=headers, once=True)


def content(
    grid: Place, meta: Mapping[str, Any], query: Mapping[str, str], *, progress: bool
) -> Content:
    """Read a grid: ``GET /v2/grids/FID/content``; show how far it was read."""
    length = None if "start" in query else meta.get("row_count")
    with bar(grid.name, length, shown=progress, **ROWS) as shown:

        def read(answer: IO[bytes]) -> pa.Table:
            shown.restart()
            return _read(answer, shown.advance)

        table = grid.session.receive(
            f"{grid.address}/content", read, query=query, headers={"Accept": ARROW}
        )
    fields = grid.session.checked(_said(table.schema.metadata or {}), _Said)
    columns = list(zip(table.column_names, table.columns, strict=True))
    return Content(columns, fields["metadata"], fields["revision"])


class _Said(TypedDict):
    """What is told of a grid beside its values."""

    metadata: dict[str, Any]
    revision: int | None


def _said(metadata: Mapping[bytes, bytes]) -> Any:
    try:
        return json.loads(metadata.get(FIELDS, b""))
    except ValueError:
        return None


def write(grid: Place, change: Change, *, progress: bool) -> Any:
    """Change a grid, all of it or nothing: ``PUT /v2/grids/FID/content``."""
    if not change.table.is_even:
        return json_form.write(grid, change, progress=progress)
    fields = {
        "metadata": change.metadata,
        "order": change.order,
        "kept": change.kept,
        "fingerprints": fingerprints(change.table.columns),
    }
    with _stream(grid, change.table, fields, progress=progress) as body:
        headers = {"Content-Type": ARROW, **if_match(change.revision)}
        return grid.session.json(
            "PUT", f"{grid.address}/content", body=body, headers=headers, once=True
        )


def append(grid: Place, change: Change, *, progress: bool) -> Any:
    """Append rows: ``POST /v2/grids/FID/row``."""
    if change.table.row_count < FEW_ROWS:
        return json_form.append(grid, change, progress=progress)
    fields = {"metadata": change.metadata}
    with _stream(grid, change.table, fields, progress=progress) as body:
        headers = {"Content-Type": ARROW, **if_match(change.revision)}
        return grid.session.json(
            "POST", f"{grid.address}/row", body=body, headers=headers, once=True
        )


def put_part(part: Place, table: Table) -> None:
    """Send a table that is to be part of a grid: ``PUT /v2/pushes/PUSH/PART``."""
    with _stream(part, table, {}, progress=False) as body:
        part.session.send("PUT", part.address, body=body, headers={"Content-Type": ARROW})


@contextmanager
def _stream(
    place: Place, table: Table, fields: Mapping[str, Any], *, progress: bool
) -> Iterator[Callable[[], Iterator[bytes]]]:
    """Give a table, and what else there is to say, as a stream; show how far it was sent."""
    columns = table.to_arrow().replace_schema_metadata({FIELDS: json.dumps(fields)})
    # memory is copied faster than it is compressed
    options = pa.ipc.IpcWriteOptions(compression=None if place.session.is_near else "lz4")
    with bar(place.name, table.row_count, shown=progress, **ROWS) as shown:

        def pieces() -> Iterator[bytes]:
            shown.restart()
            written = _Written()
            with pa.ipc.new_stream(written, columns.schema, options=options) as writer:
                for batch in columns.to_batches(ROWS_A_BATCH):
                    writer.write_batch(batch)
                    yield written.take()
                    shown.advance(batch.num_rows)
            yield written.take()
            shown.say("the server keeps it")

        yield pieces


class _Written:
    """What pyarrow writes to, for others to take from."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._pieces.append(data)

    def flush(self) -> None:
        """Do nothing: what was written is there."""

    def take(self) -> bytes:
        """Take what was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


class _Watched:
    """What pyarrow reads from, which remembers the last of it."""

    closed = False

    def __init__(self, answer: IO[bytes]) -> None:
        self._answer = answer
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        data = self._answer.read(size)
        self.last = (self.last + data[-len(END) :])[-len(END) :]
        return data


def _read(answer: IO[bytes], advance: Callable[[int], object]) -> pa.Table:
    watched = _Watched(answer)
    batches = []
    try:
        with pa.ipc.open_stream(watched) as reader:
            for batch in reader:
                batch.validate(full=True)  # what lies elsewhere than it says would be read there
                batches.append(batch)
                advance(batch.num_rows)
            table = pa.Table.from_batches(batches, reader.schema)
    except pa.ArrowException:
        raise ServiceError("The server answered something that is no Arrow stream.") from None
    if watched.last != END:
        raise urllib3.exceptions.ProtocolError("the stream was cut off")
    return table
