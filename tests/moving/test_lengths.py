"""Columns of different lengths keep them, wherever they go."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from plotly_nbext.moving import export_to, import_from

COLS = {
    "x": {"data": [1, 2, 3], "order": 0},
    "y": {"data": ["a", None], "order": 1},
    "none": {"data": [], "order": 2},
}


def ragged(client, name: str = "ragged"):
    """Make a grid as Chart Studio's own clients do."""
    body = json.dumps({"filename": name, "data": {"cols": COLS}}).encode()
    client._session.json("POST", "/grids", body=body)
    return client.grid(name)


def values_of(grid) -> list[list]:
    return [column["data"] for column in grid.fetch_columns()]


def test_a_column_tells_its_length(client):
    grid = ragged(client)
    assert [column.length for column in grid.columns] == [3, 2, 0]
    grid.append(pd.DataFrame({"x": [4], "y": ["b"], "none": [0]}))
    assert [column.length for column in grid.columns] == [4, 4, 4]
    assert [column.length for column in grid.refresh().columns] == [4, 4, 4]


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_lengths_survive_a_move(client, target, tmp_path, format_):
    grid = ragged(client)
    figure = {"data": [{"xsrc": grid["x"].src, "ysrc": grid["y"].src}]}
    client.push_plot(figure, "chart")
    export_to(tmp_path, client, format=format_)
    assert import_from(tmp_path, target).is_complete
    assert values_of(target.grid("ragged")) == [[1, 2, 3], ["a", None], []]
    assert target.plot("chart").figure()["data"][0]["y"] == ["a", None]
    assert len(import_from(tmp_path, target).same) == 2


def test_lengths_survive_where_a_grid_is_replaced(client, target, tmp_path):
    ragged(client)
    export_to(tmp_path, client)
    target.push(pd.DataFrame({"y": range(5), "other": range(5)}), "ragged")
    import_from(tmp_path, target, on_conflict="replace")
    assert values_of(target.grid("ragged")) == [[1, 2, 3], ["a", None], []]


def test_a_shorter_column_is_not_the_same_as_one_that_ends_in_null(client, target, tmp_path):
    ragged(client)
    export_to(tmp_path, client)
    body = {"x": [1, 2, 3], "y": ["a", None, None], "none": [None] * 3}
    cols = {name: {"data": data, "order": place} for place, (name, data) in enumerate(body.items())}
    sent = json.dumps({"filename": "ragged", "data": {"cols": cols}}).encode()
    target._session.json("POST", "/grids", body=sent)
    report = import_from(tmp_path, target, on_conflict="rename")
    assert report.done == ["ragged (2)"]


def test_the_length_is_true_whoever_writes(client, tmp_path):
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    grid = client.push(frame, "sales")
    columns = f"/grids/{grid.fid}/col"

    def write(method: str, path: str, **fields: list) -> None:
        body = {name: json.dumps(value) for name, value in fields.items()}
        client._session.json(method, path, body=json.dumps(body).encode())

    def lengths(name: str = "sales") -> list[int | None]:
        there = client.grid(name)
        told = [column.length for column in there.columns]
        assert told == [len(values) for values in values_of(there)]
        assert told == [len(column["data"]) for column in there.fetch_columns()]
        return told

    assert lengths() == [3, 3]
    write("PUT", f"{columns}?uid={grid['a'].uid}", cols=[{"name": "a", "data": [1]}])
    assert lengths() == [1, 3]
    write("POST", columns, cols=[{"name": "c", "data": []}])
    assert lengths() == [1, 3, 0]
    client._session.json("POST", f"/grids/{grid.fid}/row", body=b'{"rows": [[1, "q", 2.5]]}')
    assert lengths() == [4, 4, 4]
    client.push(frame, "sales")
    assert lengths() == [3, 3]
    client.push(frame.iloc[1:] * 2, "sales", mode="upsert", key="a")
    assert lengths() == [5, 5]
    (tmp_path / "table.csv").write_text("x,y\n1,2\n3,\n")
    client.upload(tmp_path / "table.csv")
    assert lengths("table.csv") == [2, 2]
