"""Windows of a grid: the same rows as the whole content has, at any place of a long grid."""

from __future__ import annotations

import json
import random

import pytest

ROWS = 50_000
LENGTHS = {"integers": ROWS, "floats": ROWS, "text": ROWS, "mixed": ROWS, "short": 20_000}


def value(name: str, row: int):
    return {
        "integers": row,
        "floats": None if row % 11 == 0 else row / 7,
        "text": f"row {row}",
        "mixed": [row, f"{row}", row / 2, None, row % 3 == 0][row % 5],
        "short": row,
    }[name]


@pytest.fixture(scope="module")
def owner(new_user):
    with new_user() as caller:
        yield caller


@pytest.fixture(scope="module")
def long_grid(owner):
    """A grid of 50,000 rows, the last ones appended, one column replaced: fid and content."""
    start = ROWS - 200
    columns = {
        name: [value(name, row) for row in range(min(length, start))]
        for name, length in LENGTHS.items()
        if name != "short"
    }
    fid = owner.grid(columns)["fid"]
    for first in range(start, ROWS, 20):
        rows = [[value(name, row) for name in columns] for row in range(first, first + 20)]
        owner.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": rows})
    path = f"/v2/grids/{fid}/col?uid={owner.uids(fid)['text']}"
    text = [f"new {row}" for row in range(ROWS)]
    owner.expect(200, "PUT", path, json={"cols": json.dumps([{"data": text, "order": 0}])})
    short = [{"name": "short", "data": list(range(LENGTHS["short"]))}]
    owner.expect(201, "POST", f"/v2/grids/{fid}/col", json={"cols": json.dumps(short)})
    return fid, owner.content(fid)


def sliced(content: dict, start: int | None, stop: int | None) -> dict:
    return {name: col | {"data": col["data"][start:stop]} for name, col in content.items()}


def test_the_whole_content_is_what_was_written(long_grid):
    _, content = long_grid
    assert {name: len(col["data"]) for name, col in content.items()} == LENGTHS
    assert content["text"]["data"] == [f"new {row}" for row in range(ROWS)]
    for name in ("integers", "floats", "mixed", "short"):
        assert content[name]["data"] == [value(name, row) for row in range(LENGTHS[name])]


@pytest.mark.parametrize("seed", range(8))
def test_random_windows_equal_slices_of_the_content(owner, long_grid, seed):
    fid, content = long_grid
    chance = random.Random(seed)
    for _ in range(10):
        start = chance.randrange(ROWS)
        stop = min(start + chance.choice([0, 1, 17, 100, 5_000, ROWS]), ROWS)
        assert owner.content(fid, start=start, stop=stop) == sliced(content, start, stop)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 0),
        (0, 1),
        (0, ROWS),
        (ROWS - 1, ROWS),
        (ROWS - 250, ROWS - 150),
        (ROWS, ROWS),
        (ROWS - 5, ROWS + 5),
        (ROWS + 5, ROWS + 10),
        (0, 10**30),
        (2**63, None),
        (10**30, 10**30 + 1),
        (19_990, 20_010),
        *((edge - 1, edge + 1) for edge in (1024, 4096, 8192, 16_384, 32_768, 49_152)),
        (None, 10),
        (ROWS - 10, None),
        (None, None),
    ],
)
def test_windows_at_the_edges_equal_slices_of_the_content(owner, long_grid, start, stop):
    fid, content = long_grid
    params = {"start": start, "stop": stop}
    assert owner.content(fid, **params) == sliced(content, start, stop)


@pytest.mark.parametrize("field", ["start", "stop"])
@pytest.mark.parametrize("bad", ["-1", "a", "1.5", "", "0x10", "1 2", "1_000", "٣", "null"])
def test_a_bad_bound_is_400_naming_it(owner, long_grid, field, bad):
    fid, _ = long_grid
    error = owner.refused(400, "GET", f"/v2/grids/{fid}/content", params={field: bad})
    assert error["field"] == field
    assert field in error["message"]


def test_a_stop_before_the_start_is_400_naming_it(owner, long_grid):
    fid, _ = long_grid
    error = owner.refused(400, "GET", f"/v2/grids/{fid}/content?start=10&stop=9")
    assert error["field"] in {"start", "stop"}


def test_a_window_of_a_private_grid_is_its_owners(other, long_grid):
    fid, _ = long_grid
    other.refused(404, "GET", f"/v2/grids/{fid}/content?start=0&stop=1")


def test_a_window_of_a_grid_without_columns_is_empty(api):
    fid = api.grid({})["fid"]
    assert api.content(fid, start=0, stop=10) == {}
