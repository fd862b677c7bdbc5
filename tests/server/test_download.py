"""A grid as CSV: the rows that its content has, in as much memory as a part of it takes."""

from __future__ import annotations

import csv
import io
import random
from itertools import zip_longest

import psutil
import pytest

from .memory import MEGABYTE, growth

ROWS = 17_000  # a chunk, and the beginning of a second one
WIDTH = 70


@pytest.fixture(scope="module")
def owner(new_user):
    with new_user() as caller:
        yield caller


@pytest.fixture(scope="module")
def ragged(owner):
    """A grid of columns that differ in length, and its rows."""
    lengths = [0, 100, 16_384, 16_385] + [ROWS] * (WIDTH - 4)
    columns = {
        f"c{place}": [place * row for row in range(length)] for place, length in enumerate(lengths)
    }
    rows = zip_longest(*columns.values(), fillvalue="")
    return owner.grid(columns)["fid"], [[str(value) for value in row] for row in rows]


def exported(owner, fid: str, **params) -> list[list[str]]:
    answer = owner.expect(
        200, "GET", f"/v2/grids/{fid}/content", params=params, headers={"Accept": "text/csv"}
    )
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == [f"c{place}" for place in range(WIDTH)]
    return rows


def test_a_csv_of_many_columns_has_every_row_in_its_place(owner, ragged):
    fid, rows = ragged
    assert exported(owner, fid) == rows


def test_a_window_of_a_csv_has_the_same_rows_as_the_whole(owner, ragged):
    fid, rows = ragged
    chance = random.Random(1)
    starts = [0, 16_383, 16_384, ROWS - 1, ROWS, *chance.sample(range(ROWS), 4)]
    for start in starts:
        stop = start + chance.choice([0, 1, 700, 9_000])
        assert exported(owner, fid, start=start, stop=stop) == rows[start:stop]


def test_a_csv_of_a_wide_grid_is_sent_in_little_memory(serve):
    server = serve()
    process = psutil.Process(server._process.pid)
    content = b",".join(b"c%d" % place for place in range(3_000)) + b"\r\n"
    content += (b",".join([b"12345.5"] * 3_000) + b"\r\n") * 1_000
    with server.user() as user:
        file = user.expect(201, "POST", "/v2/grids/upload", data=content).json()["file"]
        options = {"headers": {"Accept": "text/csv"}}
        user.expect(200, "GET", f"/v2/grids/{file['fid']}/content?stop=1", **options)
        with growth(process) as memory:
            answer = user.expect(200, "GET", f"/v2/grids/{file['fid']}/content", **options)
        assert answer.content == content
    assert memory.most < 70 * MEGABYTE
