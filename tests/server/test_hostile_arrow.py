"""Arrow streams that mean harm: each is refused in words, within memory, and leaves nothing."""

from __future__ import annotations

import base64
import io
import json
import random
import struct
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psutil
import pyarrow as pa
import pytest

from tests.databases import databases

from .arrow import ARROW, JSON_TYPE, as_json, read, stream
from .memory import MEGABYTE, growth

HEADERS = {"Content-Type": ARROW}
ROWS, BUFFER, BODY = 97, 194, 200  # of the one batch that is forged
ORDINARY = stream({"x": [1]})
END = b"\xff\xff\xff\xff\0\0\0\0"
MAX_GROWTH = 350 * MEGABYTE  # columns that are added are in memory whole


def with_batches(schema: pa.Schema, *batches: pa.RecordBatch, compression: str | None = None):
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue()


def of_buffers(kind: pa.DataType, length: int, buffers: list[bytes | None], null_count: int = 0):
    """Make a stream of one column from the bytes of its buffers, whatever they hold."""
    storage = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
    made = [None if buffer is None else pa.py_buffer(buffer) for buffer in buffers]
    array = pa.Array.from_buffers(storage, length, made, null_count)
    if storage is not kind:
        array = pa.ExtensionArray.from_storage(kind, array)
    batch = pa.RecordBatch.from_arrays([array], names=["x"])
    return with_batches(batch.schema, batch)


def text(values: list[bytes]) -> list[bytes | None]:
    offsets = [sum(map(len, values[:count])) for count in range(len(values) + 1)]
    return [None, struct.pack(f"<{len(offsets)}i", *offsets), b"".join(values) or b"\0"]


def replaced(data: bytes, form: str, old: int, new: int) -> bytes:
    """Put another number in place of one, wherever it is."""
    assert struct.pack(form, old) in data
    return data.replace(struct.pack(form, old), struct.pack(form, new))


def with_offsets(*offsets: int) -> bytes:
    """Make a stream of two texts that begin and end at other places than they do."""
    data = stream({"x": ["abcde", "f"]})
    assert struct.pack("<3i", 0, 5, 6) in data
    return data.replace(struct.pack("<3i", 0, 5, 6), struct.pack("<3i", *offsets))


def forged(position: int, form: str, value: int) -> bytes:
    """Put another number at a place of an ordinary stream, counted from its end if negative."""
    data = bytearray(stream({"x": list(range(100)), "y": ["text"] * 100}))
    struct.pack_into(form, data, position, value)
    return bytes(data)


def second_message(data: bytes) -> int:
    """Find where the schema ends and the first record batch begins."""
    return 8 + struct.unpack_from("<i", data, 4)[0]


def forged_batch(old: int, new: int) -> bytes:
    """Put another number in place of one in the header of the first record batch."""
    data = stream({"x": pa.array(range(ROWS), pa.int16())})
    start = second_message(data)
    size = struct.unpack_from("<i", data, start + 4)[0]
    header = data[start + 8 : start + 8 + size]
    return data[: start + 8] + replaced(header, "<q", old, new) + data[start + 8 + size :]


def rows_of_nothing(rows: int) -> bytes:
    batch = pa.RecordBatch.from_arrays([pa.nulls(rows)], names=["x"])
    return with_batches(batch.schema, batch)


def empty_batches(*, columns: int, batches: int) -> bytes:
    """Write batches without rows."""
    empty = pa.RecordBatch.from_pydict({f"c{n}": pa.nulls(0) for n in range(columns)})
    return with_batches(empty.schema, *[empty] * batches)


def zeros(compression: str, count: int, batches: int = 1) -> bytes:
    """Make a column of zeros, a byte each, which are packed very tightly."""
    array = pa.Array.from_buffers(pa.int8(), count, [None, pa.py_buffer(bytes(count))])
    batch = pa.RecordBatch.from_arrays([array], names=["x"])
    return with_batches(batch.schema, *[batch] * batches, compression=compression)


def claims(compression: str, size: int) -> bytes:
    """Make a packed buffer that says to be of another length than it is."""
    magic = {"lz4": b"\x04\x22\x4d\x18", "zstd": b"\x28\xb5\x2f\xfd"}[compression]
    data = zeros(compression, 1_000_000)
    packed = struct.pack("<q", 1_000_000) + magic
    assert packed in data
    return data.replace(packed, struct.pack("<q", size) + magic)


def one(array: pa.Array) -> Callable[[], bytes]:
    return lambda: stream({"x": array})


class Unknown(pa.ExtensionType):
    def __init__(self) -> None:
        super().__init__(pa.int64(), "tests.unknown")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type, serialized):
        return cls()


def nested(depth: int) -> bytes:
    kind = pa.int64()
    for _ in range(depth):
        kind = pa.list_(kind)
    return with_batches(pa.schema([("x", kind)]))


def file_format() -> bytes:
    sink = io.BytesIO()
    batch = pa.RecordBatch.from_arrays([pa.array([1])], names=["x"])
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def fields_of(said: bytes) -> bytes:
    """Make a stream that says something beside its columns, JSON or not."""
    ordinary = {"p": "p" * 20_000}
    data = stream({"x": [1]}, ordinary)
    return data.replace(json.dumps(ordinary).encode(), said.ljust(len(json.dumps(ordinary))))


def big_endian() -> bytes:
    """Make a stream whose schema says that its numbers are the other way round."""
    data = bytearray(ORDINARY)

    def at(form: str, place: int) -> int:
        return struct.unpack_from(form, data, place)[0]

    message = 8 + at("<I", 8)
    header = message + at("<H", message - at("<i", message) + 8)
    schema = header + at("<I", header)
    # the first field, which is left out where it is 0, is put where the second begins
    struct.pack_into("<H", data, schema - at("<i", schema) + 4, 4)
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "an end alone": lambda: END,
    "two ends": lambda: END + END,
    "json": lambda: b'{"data": {"cols": {}}}',
    "random": lambda: bytes(range(256)) * 40,
    "random, and an end": lambda: bytes(range(256)) * 40 + END,
    "a file in place of a stream": file_format,
    "no end marker": lambda: stream({"x": [1]})[:-8],
    "half": lambda: stream({"x": list(range(1_000))})[:2_000],
    "half, and an end": lambda: stream({"x": list(range(1_000))})[:2_000] + END,
    "two streams": lambda: stream({"x": [1]}) * 2,
    "a batch first": lambda: ORDINARY[second_message(ORDINARY) :],
    "two schemas": lambda: ORDINARY[: second_message(ORDINARY)] + ORDINARY,
    "big-endian": big_endian,
    "header of 2 GB": lambda: forged(4, "<i", 2**31 - 1),
    "header of -1 bytes": lambda: forged(4, "<i", -2),
    "header of 8 bytes": lambda: forged(4, "<i", 8),
    "header that starts beyond its end": lambda: forged(8, "<I", 2**31),
    "body of 2^62 bytes": lambda: forged_batch(BODY, 2**62),
    "body of 20 GB": lambda: forged_batch(BODY, 20 * 10**9),
    "body of -8 bytes": lambda: forged_batch(BODY, -8),
    "10^9 rows in a buffer for 97": lambda: forged_batch(ROWS, 10**9),
    "-1 rows": lambda: forged_batch(ROWS, -1),
    "a buffer beyond the body": lambda: forged_batch(BUFFER, 1 << 40),
    "a buffer of -194 bytes": lambda: forged_batch(BUFFER, -194),
    "10^9 rows of nulls": lambda: rows_of_nothing(10**9),
    "2^62 rows of nulls": lambda: replaced(rows_of_nothing(10**6 + 3), "<q", 10**6 + 3, 2**62),
    "bomb of one batch, zstd": lambda: zeros("zstd", 400_000_000),
    "bomb of one batch, lz4": lambda: zeros("lz4", 400_000_000),
    "bomb of many batches": lambda: zeros("zstd", 16_000_000, 40),
    "claims 1 TB, zstd": lambda: claims("zstd", 10**12),
    "claims 100 MB, lz4": lambda: claims("lz4", 10**8),
    "claims 10 bytes, lz4": lambda: claims("lz4", 10),
    "claims -5 bytes, zstd": lambda: claims("zstd", -5),
    "too many batches without rows": lambda: empty_batches(columns=1, batches=20_000),
    "too many batches of many columns": lambda: empty_batches(columns=1_000, batches=300),
    "too many batches of a row": lambda: with_batches(
        pa.schema([("x", pa.int8())]),
        *[pa.RecordBatch.from_arrays([pa.array([1], pa.int8())], names=["x"])] * 20_000,
    ),
    "too many columns": lambda: stream({f"c{n}": pa.nulls(0) for n in range(16_385)}),
    "equal names": lambda: stream(pa.table([[1], [2]], names=["x", "x"])),
    "a name that is no UTF-8": lambda: stream({"xyzxyz": [1]}).replace(
        b"xyzxyz", b"\xff\xfexyz\xff"
    ),
    "fields that are no JSON": lambda: fields_of(b"{"),
    "fields that are no object": lambda: fields_of(b"[]"),
    "fields that are no UTF-8": lambda: fields_of(b'{"filename": "\xff"}'),
    "fields that are deep": lambda: fields_of(b'{"metadata": ' + b"[" * 10_000),
    "text that is no UTF-8": lambda: of_buffers(pa.string(), 2, text([b"\xff\xfe", b"a"])),
    "text cut within a character": lambda: of_buffers(
        pa.string(), 2, text(["é".encode()[:1], "é".encode()[1:]])
    ),
    "offsets that go back": lambda: with_offsets(0, 5, 2),
    "offsets beyond the text": lambda: with_offsets(0, 5, 2**31 - 1),
    "offsets below nothing": lambda: with_offsets(-5, 0, 2),
    "json that is none": lambda: of_buffers(JSON_TYPE, 2, text([b"1", b"}{"])),
    "json that is two": lambda: of_buffers(JSON_TYPE, 2, text([b"1", b"1,2"])),
    "json that closes more": lambda: of_buffers(JSON_TYPE, 2, text([b"[1", b"2]"])),
    "json that is empty": lambda: of_buffers(JSON_TYPE, 2, text([b"1", b""])),
    "json that is deep": lambda: of_buffers(JSON_TYPE, 1, text([b"[" * 500 + b"]" * 500])),
    "json with half a pair": lambda: of_buffers(JSON_TYPE, 1, text([b'"\\ud800"'])),
    "json beyond floats": lambda: of_buffers(JSON_TYPE, 1, text([b"1e999"])),
    "json of 10^5 digits": lambda: of_buffers(JSON_TYPE, 1, text([b"1" * 100_000])),
    "a zone that is none": one(pa.array([1], pa.timestamp("s", "Middle/Earth"))),
    "a zone that is no UTF-8": lambda: stream(
        {"x": pa.array([1], pa.timestamp("s", "Etc/UTC"))}
    ).replace(b"Etc/UTC", b"Etc/U\xff\xfe"),
    "a name within a type that is no UTF-8": lambda: stream({"x": pa.array([{"abc": 1}])}).replace(
        b"abc", b"a\xff\xfe"
    ),
    "a zone that is a path": one(pa.array([1], pa.timestamp("s", "../../etc/passwd"))),
    "a dictionary": one(pa.array(["a", "b"]).dictionary_encode()),
    "a dictionary in an extension": one(pa.array([["a"]]).cast(pa.list_(pa.string()))),
    "an extension": one(pa.ExtensionArray.from_storage(Unknown(), pa.array([1]))),
    "a large string": one(pa.array(["a"], pa.large_string())),
    "a string view": one(pa.array(["a"], pa.string_view())),
    "binary": one(pa.array([b"a"])),
    "a list": one(pa.array([[1]])),
    "a struct": one(pa.array([{"a": 1}])),
    "a map": one(pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))),
    "a union": one(pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])])),
    "runs": one(pa.RunEndEncodedArray.from_arrays([1], ["a"])),
    "decimals": one(pa.array([Decimal("1.5")])),
    "days": one(pa.array([1], pa.date32())),
    "durations": one(pa.array([timedelta(1)])),
    "nested 60 deep": lambda: nested(60),
    "nested 1,000 deep": lambda: nested(1_000),
}


@pytest.fixture(scope="module")
def owner(new_user):
    with new_user() as caller:
        yield caller


@pytest.fixture(scope="module")
def process(server):
    found = [
        process
        for process in psutil.process_iter(["cmdline"])
        if databases.options(server.data)[1] in (process.info["cmdline"] or ())
    ]
    return min(found, key=lambda process: process.create_time())


def files_of(owner) -> int:
    return owner.expect(200, "GET", "/v2/folders/home").json()["children"]["count"]


def files_in(folder) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.name != "server.log"}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_words_and_leaves_nothing(server, owner, process, name):
    body = HOSTILE[name]()
    fid = owner.grid({"x": [1, 2]})["fid"]
    before, count = owner.meta(fid), files_of(owner)
    files, open_files = files_in(server.data), process.num_fds()
    with growth(process) as seen:
        for method, path in (
            ("POST", "/v2/grids"),
            ("PUT", f"/v2/grids/{fid}/content"),
            ("POST", f"/v2/grids/{fid}/row"),
            ("POST", f"/v2/grids/{fid}/col"),
        ):
            error = owner.refused(400, method, path, data=body, headers=HEADERS)
            assert len(error["message"]) > 15
            assert "Traceback" not in error["message"]
    assert seen.most < MAX_GROWTH, f"{seen.most / MEGABYTE:.0f} MB"
    assert owner.meta(fid) == before
    assert owner.table(fid) == {"x": [1, 2]}
    assert files_of(owner) == count
    assert files_in(server.data) <= files
    assert process.num_fds() <= open_files + 4


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Change some bytes, or some numbers of the headers, or the order of things."""
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 3, 10])):
        place, other = (chance.randrange(len(found) - 72) for _ in range(2))
        match chance.randrange(4):
            case 0:
                found[place] ^= 1 << chance.randrange(8)
            case 1:
                number = chance.choice([-1, 0, 2**31 - 1, -(2**31), chance.randrange(1_000)])
                struct.pack_into("<i", found, place & ~3, number)
            case 2:
                number = chance.choice([-1, 0, 2**62, -(2**62), 2**33, chance.randrange(1_000)])
                struct.pack_into("<q", found, place & ~7, number)
            case 3:
                found[place : place + 48] = found[other : other + 48]
    return bytes(found)


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_what_was_changed_at_random_is_read_or_refused_and_never_fails(owner, compression):
    columns = {
        "n": pa.array([1, None, 3] * 20),
        "t": pa.array(["a", "é", None] * 20),
        "z": pa.array([1, 2, None] * 20, pa.timestamp("us", "Europe/Berlin")),
        "m": as_json([1, "x", [2]] * 20),
        "b": pa.array([True, None, False] * 20),
    }
    data = stream(columns, {"metadata": {}}, rows=16, compression=compression)
    chance = random.Random(compression)
    for _ in range(120):
        body = mutated(chance, data)
        answer = owner.request("POST", "/v2/grids", data=body, headers=HEADERS)
        assert answer.status_code in {201, 400}, answer.text
        if answer.ok:
            path = f"/v2/grids/{answer.json()['file']['fid']}/content"
            owner.expect(200, "GET", path)
            owner.expect(200, "GET", path, headers={"Accept": ARROW})


def test_other_callers_are_answered_while_a_bomb_is_read(owner, other):
    grid: dict[str, Any] = other.grid()
    owner.refused(400, "POST", "/v2/grids", data=HOSTILE["bomb of many batches"](), headers=HEADERS)
    assert other.table(grid["fid"]) == {"x": [1, 2], "y": [3, 4]}


@pytest.mark.parametrize("length", [8_000_000_001, 10**17])
def test_a_stream_that_is_announced_too_long_is_413_before_it_is_read(owner, length):
    connection = HTTPConnection(urlsplit(owner.url).netloc, timeout=60)
    connection.putrequest("POST", "/v2/grids")
    token = base64.b64encode(f"{owner.username}:{owner.api_key}".encode()).decode()
    headers = HEADERS | {"Authorization": f"Basic {token}", "Content-Length": str(length)}
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    with closing(connection):
        assert connection.getresponse().status == 413


@pytest.mark.parametrize(
    ("name", "array", "value"),
    [
        ("year", pa.array([2**62], pa.timestamp("s")), "146138514283-06-19T07:45:04"),
        ("", pa.array([1]), 1),
        ("a" * 10_000, pa.array([1]), 1),
        ("\u202e ☃", pa.array(["\0"]), "\0"),
        ("{fid}", as_json([{"": [2**70, "\0"]}]), {"": [2**70, "\0"]}),
    ],
)
def test_what_is_odd_but_means_no_harm_is_kept(owner, name, array, value):
    body = stream({name: array})
    answer = owner.expect(201, "POST", "/v2/grids", data=body, headers=HEADERS).json()["file"]
    path = f"/v2/grids/{answer['fid']}/content"
    assert owner.table(answer["fid"]) == {name: [value]}
    found, _ = read(owner.expect(200, "GET", path, headers={"Accept": ARROW}))
    assert found.schema.equals(pa.schema([(name, array.type)]))


def test_who_goes_away_in_the_middle_leaves_neither_a_grid_nor_a_file(owner, process):
    body = stream({"x": list(range(1_000_000))})
    fid = owner.grid({"x": [1, 2]})["fid"]
    before, count, open_files = owner.meta(fid), files_of(owner), process.num_fds()
    token = base64.b64encode(f"{owner.username}:{owner.api_key}".encode()).decode()
    for method, path in (("POST", "/v2/grids"), ("PUT", f"/v2/grids/{fid}/content")):
        with closing(HTTPConnection(urlsplit(owner.url).netloc, timeout=60)) as connection:
            connection.putrequest(method, path)
            sent = HEADERS | {"Authorization": f"Basic {token}", "Content-Length": str(len(body))}
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(body[: len(body) // 2])
    deadline = time.monotonic() + 30
    while process.num_fds() > open_files + 4 and time.monotonic() < deadline:
        owner.expect(200, "GET", "/healthz")
    assert process.num_fds() <= open_files + 4
    assert owner.meta(fid) == before
    assert files_of(owner) == count
