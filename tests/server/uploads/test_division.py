"""The fast way to cells: what it reads is what the standard library reads; the rest it leaves."""

from __future__ import annotations

import csv
import io
import tracemalloc
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import wire
from plotly_nbext.server.uploads import cells, delimited
from plotly_nbext.server.uploads.dialect import Dialect, read_rows
from plotly_nbext.server.uploads.division import Divider
from plotly_nbext.server.uploads.limits import MAX_CELL_CHARACTERS, Unreadable
from plotly_nbext.server.uploads.lossless import KINDS, read_numbers
from plotly_nbext.server.uploads.spool import Spool, read_span

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    "a",
    "é",
    "日本",
    "1",
    ",",
    '"',
    '""',
    '",',
    ',"',
    '"\n',
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    " ",
    "",
]
CELLS = [
    *("", "1", "-7", "0", "-0", "2.5", "2.50", "-0.0", "0.00", "1e5", "1E-05", "1e-300", "1e400"),
    *("007", "+1", "1.", ".5", "0x1F", "1_0", "NaN", "nan", "inf", " 1", "1 ", "9" * 40, "x", "é"),
    *("9223372036854775807", "9223372036854775808", "18446744073709551616", "9007199254740993"),
    *("0.1", "0.30000000000000004", "1.000000000000000056e-01", "0.33333333333333333333", "1e16"),
    *(
        "12345678901234567",
        "5e-324",
        "1e-400",
        "true",
        "True",
        "TRUE",
        "false",
        "False",
        "2020-01-02",
    ),
    *(
        "null",
        "[1]",
        "1,5",
        'a "b" c',
        "two\nlines",
        "two\r\nlines",
        "1;2",
        "--1",
        "1-1",
        "1e",
        "-",
    ),
]


def rows_of(text: str, dialect: Dialect) -> list[list[str]]:
    return [*filter(None, read_rows(io.StringIO(text, newline=""), dialect))]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.sampled_from([Dialect(), Dialect("\t"), Dialect("a", "1")]),
)
def test_what_is_divided_fast_is_divided_as_the_standard_library_does(text, dialect):
    division = Divider(dialect).divide(text.encode())
    if division is None:
        return
    read = text.encode()[: division.end].decode()
    columns = [[cell or "" for cell in column.to_pylist()] for column in division.columns]
    assert [list(row) for row in zip(*columns, strict=True)] == rows_of(read, dialect)
    assert all(None not in column.to_pylist() or column.null_count for column in division.columns)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[st.text('a,"\n é')] * width))))
def test_all_that_programs_write_is_divided_fast(rows):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    division = Divider(Dialect()).divide(file.getvalue().encode())
    if not rows:
        assert division is None
        return
    assert division.length == len(rows)
    assert division.end == len(file.getvalue().encode())
    columns = [[cell or "" for cell in column.to_pylist()] for column in division.columns]
    assert [*zip(*columns, strict=True)] == rows


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1" 2,3\n',
        '5" pipe,b\n',
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        "no end of a row",
        "",
        f"{'x' * (MAX_CELL_CHARACTERS + 1)}\n",
    ],
)
def test_what_is_not_by_the_book_is_left(text):
    assert Divider(Dialect()).divide(text.encode()) is None


@pytest.mark.parametrize(
    "dialect",
    [Dialect("ß"), Dialect('"'), Dialect(escapechar="\\"), Dialect(skipinitialspace=True)],
)
def test_there_is_no_book_for_every_dialect(dialect):
    assert not Divider.knows(dialect)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6).filter(any))
def test_numbers_are_read_fast_as_they_are_read_one_by_one(found):
    texts = [cell or None for cell in found]
    array = pa.array(["before", *texts, "after"], pa.string())[1:-1]
    values = KINDS[0](array)
    expected = read_numbers(texts)
    assert (values is None) == (expected is None)
    if values is not None:
        assert wire.to_json(values) == wire.to_json(wire.from_values(expected))
        assert values.type == wire.from_values(expected).type


def read(file: Path, folder: Path) -> list | str:
    """Give all that is read of a file, in chunks of a few rows."""
    with (folder / "spool").open("wb+") as spooled:
        spool = Spool(spooled, 4)
        try:
            delimited.read(file, file.name, spool, [])
        except Unreadable as error:
            return str(error)
        [table] = spool.tables or [None]
        columns = [
            (
                column.name,
                column.preview,
                [wire.to_json(read_span(spooled, s)) for s in column.chunks],
            )
            for column in (table.columns if table else [])
        ]
        return [columns, spool.warnings]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    data=st.data(),
    rows=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.sampled_from(CELLS), min_size=width, max_size=width)
            | st.lists(st.sampled_from(CELLS), max_size=width + 1),
            max_size=20,
        )
    ),
)
def test_a_text_is_the_same_table_whichever_way_it_is_divided(tmp_path, monkeypatch, data, rows):
    width = data.draw(st.integers(1, 4))
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    spoiled = data.draw(st.none() | st.tuples(st.integers(0, 200), st.sampled_from('",\n\rx')))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting, lineterminator=end)
    writer.writerows([[f"column {place}" for place in range(width)], *rows])
    content = text.getvalue()
    if spoiled:
        content = content[: spoiled[0]] + spoiled[1] + content[spoiled[0] :]
    file = tmp_path / "t.csv"
    file.write_text(content, data.draw(st.sampled_from(["utf-8", "utf-16"])), newline="")
    monkeypatch.setattr(cells, "_BLOCK_CHARACTERS", data.draw(st.integers(1, 200)))
    monkeypatch.setattr(cells, "_COLUMN_CHARACTERS", 0)
    fast = read(file, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Divider, "knows", staticmethod(lambda _: False))
        assert read(file, tmp_path) == fast


def source(folder: Path, lines: list[str]) -> cells.Source:
    file = folder / "wide.csv"
    file.write_text("\n".join(lines) + "\n")
    return cells.Source(file, file.name, Spool(io.BytesIO(), 16_384))


def test_the_blocks_of_a_wide_text_are_worth_the_time_of_its_columns(tmp_path):
    """However it is divided: each column takes its time anew for every block."""
    width, rows = 16_384, 200
    header = ",".join(f"c{place}" for place in range(width))
    line = ",".join("1" * width)
    for spoiled in ("1", ""):  # a row of one cell is not by the book
        lines = [header, *[line] * rows, *([spoiled] if spoiled else [])]
        lengths = [block.length for block in source(tmp_path, lines).blocks()]
        assert sum(lengths) == len(lines) - 1
        assert len(lengths) <= 2


def test_to_divide_a_wide_text_takes_no_more_memory_than_there_is(tmp_path):
    """The process that reads has 2 GB of addresses, of which its cells take half."""
    width, rows = 16_384, 1_200
    lines = [",".join(f"c{place}" for place in range(width)), *["," * (width - 1)] * rows]
    blocks = source(tmp_path, lines).blocks()
    tracemalloc.start()
    try:
        assert sum(block.length for block in blocks) == rows
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000_000
