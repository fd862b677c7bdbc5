"""Previews: the first values of each column, and never more of them than one can see."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pytest
from pyarrow import parquet

from ..memory import MEGABYTE, growth

LONG = "x" * 500_000
SHORT = ["plain", "it's", None, True, 1.5, [1, "a", {"b": [None]}], {}, [], 'say "x"', "x" * 100]


def cut(value) -> str:
    text = str(value)
    return text if len(text) <= 100 else text[:99] + "…"


@pytest.mark.parametrize("way", ["created", "uploaded", "appended", "replaced"])
def test_short_values_are_whole_and_long_ones_are_cut_whichever_way_they_come(api, way):
    values = [LONG, [LONG, 1], {LONG: 1}, {"a": [list(range(100))]}, 10**200, *SHORT]
    for first in (values, SHORT):
        match way:
            case "created":
                fid = api.grid({"a": first})["fid"]
            case "uploaded":
                content = json.dumps({"a": first}).encode()
                fid = api.upload(content, f"{len(first)}.json")["file"]["fid"]
            case "appended":
                fid = api.grid({"a": first[:1]})["fid"]
                rows = {"rows": [[value] for value in first[1:]]}
                api.expect(201, "POST", f"/v2/grids/{fid}/row", json=rows)
            case "replaced":
                fid = api.grid({"a": [1]})["fid"]
                cols = {"cols": json.dumps([{"data": first}])}
                uid = api.uids(fid)["a"]
                api.expect(200, "PUT", f"/v2/grids/{fid}/col?uid={uid}", json=cols)
        assert api.meta(fid)["preview"] == {"a": [cut(value) for value in first[:10]]}
        assert api.table(fid) == {"a": first}


def test_the_preview_of_an_upload_begins_with_its_first_rows_in_every_kind_of_column(api):
    rows = [f"{n},{n / 8},{n % 2 == 0},w{n},\n" for n in range(40)]
    rows[39] = "39,x,,w39,late\n"
    file = api.upload(("i,f,b,t,e\n" + "".join(rows)).encode(), "t.csv")["file"]
    assert file["preview"] == {
        "i": [str(n) for n in range(10)],
        "f": [str(n / 8) for n in range(10)],
        "b": [str(n % 2 == 0) for n in range(10)],
        "t": [f"w{n}" for n in range(10)],
        "e": ["None"] * 10,
    }


def test_a_small_file_of_one_long_value_costs_the_server_little_memory(site, api):
    values = pa.array([0.5]).take(pa.array([0] * 4_000_000, pa.int32()))
    column = pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"a": column}), buffer)
    assert len(buffer.getvalue()) < MEGABYTE
    api.upload(b"a\n1\n", "warm.csv")
    with growth(site.process) as memory:
        fid = api.upload(buffer.getvalue(), "long.parquet")["file"]["fid"]
        assert api.meta(fid)["preview"]["a"][0].startswith("[0.5, 0.5, ")
    assert memory.most < 80 * MEGABYTE
