"""Arrow streams as clients send and get them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from requests import Response

ARROW = "application/vnd.apache.arrow.stream"
JSON_TYPE = pa.json_(pa.string())


def as_json(values: list[Any]) -> pa.Array:
    """Make a column of any JSON values; None is null."""
    texts = [None if value is None else json.dumps(value) for value in values]
    return pa.ExtensionArray.from_storage(JSON_TYPE, pa.array(texts, pa.string()))


def stream(
    columns: dict[str, Any] | pa.Table,
    fields: dict[str, Any] | None = None,
    *,
    rows: int = 16_384,
    compression: str | None = None,
) -> bytes:
    """Write a stream of some columns, with other fields beside them."""
    sent = columns if isinstance(columns, pa.Table) else pa.table(columns)
    metadata = None if fields is None else {"plotly_nbext": json.dumps(fields)}
    schema = sent.schema.with_metadata(metadata)
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, schema, options=options) as writer:
        writer.write_table(sent.replace_schema_metadata(metadata), max_chunksize=rows)
    return sink.getvalue()


def read(response: Response) -> tuple[pa.Table, dict[str, Any]]:
    """Read an answer: its table, and what is said beside it."""
    assert response.headers["Content-Type"] == ARROW
    found = pa.ipc.open_stream(response.content).read_all()
    found.validate(full=True)
    return found.replace_schema_metadata(None), json.loads(found.schema.metadata[b"plotly_nbext"])


def batches(pieces: Iterable[bytes]) -> Iterator[pa.RecordBatch]:
    """Read the record batches of a stream while the store makes it."""
    messages = iter(pieces)
    schema = pa.ipc.read_schema(pa.py_buffer(next(messages)))
    for message in messages:
        if message != b"\xff\xff\xff\xff\0\0\0\0":
            yield pa.ipc.read_record_batch(pa.py_buffer(message), schema)


def values(found: pa.Table) -> dict[str, list[Any]]:
    """Give the JSON values of a table of numbers, texts and JSON."""
    return {
        name: [
            json.loads(value) if column.type == JSON_TYPE and value is not None else value
            for value in column.to_pylist()
        ]
        for name, column in zip(found.column_names, found.columns, strict=True)
    }
