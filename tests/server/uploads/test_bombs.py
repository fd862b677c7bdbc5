"""Files that would take all memory, all disk or all time: refused in seconds, and nothing left."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from . import bombs
from .conftest import archive

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
LONG_CELL = SHEET + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
CSV = b"a\n1\n"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bombs.far_cell, "memory"),
        (lambda: bombs.packed("xl/worksheets/sheet1.xml", LONG_CELL, 1500), "times its"),
        (lambda: bombs.packed("xl/worksheets/sheet1.xml", LONG_CELL, 3000, declared=999), "read"),
        (bombs.repeated_cells, "workbook"),
        (bombs.entities, "workbook"),
        (lambda: bombs.packed("a.csv", CSV, 1900), "times its"),
        (lambda: bombs.packed("a.csv", CSV, 4000), "bytes when unpacked"),
        (lambda: bombs.packed("a.csv", CSV, 4000, declared=999), "damaged"),
        (bombs.overlapping, "within each other"),
        (bombs.encrypted, "encrypted"),
        (lambda: archive(**{"../a.csv": CSV}), "leads out"),
        (lambda: archive(**{"/etc/a.csv": CSV}), "leads out"),
        (lambda: archive(**{"C:\\a.csv": CSV}), "leads out"),
        (lambda: archive(**{"a/" * 20 + "a.csv": CSV}), "folders deep"),
        (lambda: archive(**{f"{n}.csv": CSV for n in range(5001)}), "5,001 members"),
        (lambda: archive(**{f"{n}.csv": CSV for n in range(257)}), "256 tables"),
        (lambda: archive(**{"a.csv": CSV, "b.zip": archive(**{"a.csv": CSV})}), "'b.zip'"),
        (bombs.wide_tables, "more than 65,536 columns"),
        (bombs.long_values, "more than 100,000,000 bytes"),
        (bombs.many_rows, "100,663,296 rows"),
        (bombs.many_columns, "2,000,000 columns"),
        (lambda: b"a,b\n" + b"," * 16_384 + b"\n", "16,385 columns"),
        (lambda: b"a" + b"," * 16_383 + b"\n1" * 7_000, "almost all of them empty"),
        (lambda: b"[[1]" + b",[]" * 7_000 + b",[" + b"1," * 16_383 + b"1]]", "almost all"),
        (lambda: bombs.far_cell(2_000), "almost all of them empty"),
        (bombs.open_quote, "limit (1000000)"),
        (bombs.deep_json, "nested too deeply"),
    ],
)
def test_a_bomb_is_refused_within_seconds_while_others_are_served(site, api, make, said):
    content = make()
    assert len(content) < 40_000_000
    with site.user() as neighbour, ThreadPoolExecutor(1) as threads:
        begun = time.monotonic()
        refusal = threads.submit(api.not_uploaded, content, "bomb")
        waits = []
        while not waits or not refusal.done():
            asked = time.monotonic()
            neighbour.expect(200, "GET", "/v2/users/current")
            waits.append(time.monotonic() - asked)
        assert said in refusal.result()
        assert time.monotonic() - begun < 30
        assert max(waits) < 5
    assert api.names() == {}
    site.assert_clean()


def test_as_many_columns_as_there_may_be_are_taken(api):
    names = [f"c{number}" for number in range(16_384)]
    file = api.upload((",".join(names) + "\n" + ",".join(["1"] * 16_384) + "\n").encode())["file"]
    assert [column["name"] for column in file["cols"]] == names
