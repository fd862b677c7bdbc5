"""Grids are read lazily as DataFrames of Dask: equal to pandas', and all of one revision."""

from __future__ import annotations

import subprocess
import sys

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from plotly_nbext.client.dask_frames import pulling
from plotly_nbext.columns import json
from plotly_nbext.errors import Conflict, ServiceError, ValidationError

from .dask_cluster import cluster

__all__ = ["cluster"]

ROWS = 40_000
CHUNK = 16_384


@pytest.fixture(scope="module", autouse=True)
def threads():
    """Read in this process, but where a test has a cluster."""
    with dask.config.set(scheduler="threads"):
        yield


def wide(rows: int = ROWS) -> pd.DataFrame:
    """Columns of many types, with what JSON has no form for here and there."""
    numbers = np.arange(rows)
    floats = numbers / 7
    floats[::9_999] = np.inf
    floats[5::7_777] = np.nan
    objects = np.empty(rows, dtype=object)
    objects[:] = [[{"a": n}, n, "text", None, np.nan][n % 5] for n in range(rows)]
    return pd.DataFrame(
        {
            "n": numbers,
            "float": floats,
            "text": pd.Series([f"row {n % 97}" for n in range(rows)]),
            "nullable": pd.Series([None if n % 3 else n for n in range(rows)], dtype="Int64"),
            "moment": pd.date_range("2020", periods=rows, freq="min", tz="Europe/Paris"),
            "category": pd.Categorical([f"c{n % 4}" for n in range(rows)]),
            "object": objects,
            "sparse": pd.arrays.SparseArray(np.where(numbers % 100, 0.0, 1.5), fill_value=0.0),
        }
    )


def test_all_partitions_are_what_pandas_reads(client):
    grid = client.push(wide(), "wide")
    frame = client.pull("wide", "dask", chunksize=CHUNK)
    assert isinstance(frame, dd.DataFrame)
    assert frame.divisions == (0, CHUNK, 2 * CHUNK, ROWS - 1)
    pulled = grid.to_frame()
    assert_frame_equal(frame.compute(), pulled)
    assert_frame_equal(frame._meta, pulled[:0], check_index_type=False)
    assert_frame_equal(frame.loc[20_000:20_002].compute(), pulled.loc[20_000:20_002])


def test_nothing_is_read_before_it_is_computed_and_then_only_what_is_wanted(client, monkeypatch):
    grid = client.push(wide(), "wide")
    asked = []
    real = pulling.Session.receive

    def receive(self, path, read, **options):
        asked.append(options["query"])
        return real(self, path, read, **options)

    monkeypatch.setattr(pulling.Session, "receive", receive)
    frame = client.pull(grid, "dask", chunksize=CHUNK)
    assert asked == [{"start": "0", "stop": "0"}]
    with dask.config.set(scheduler="synchronous"):
        total = frame["n"].sum().compute()
    assert total == sum(range(ROWS))
    assert [query["cols"] for query in asked[1:]] == [grid["n"].uid] * 3


@pytest.mark.parametrize("chunksize", [None, 1, CHUNK + 1, 10**9])
def test_partitions_are_cut_where_chunks_are(client, chunksize):
    grid = client.push(wide(), "wide")
    frame = client.pull(grid, "dask", chunksize=chunksize)
    assert all(start % CHUNK == 0 for start in frame.divisions[:-1])
    assert frame.npartitions == {1: 3, CHUNK + 1: 2}.get(chunksize, 1)
    assert len(frame) == ROWS


def test_the_index_is_restored(client):
    index = pd.date_range("2020", periods=ROWS, freq="min", name="when")
    client.push(pd.DataFrame({"x": range(ROWS), "y": "a"}, index=index), "indexed")
    frame = client.pull("indexed", "dask", chunksize=CHUNK)
    whole = client.pull("indexed")
    assert_frame_equal(frame.compute(), whole, check_freq=False)
    assert_frame_equal(frame[["y"]].compute(), whole[["y"]], check_freq=False)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": pd.Series([], dtype="int8"), "y": pd.Series([], dtype="str")}),
        pd.DataFrame({("a", 1): [1], ("a", 2): [2]}),
        pd.DataFrame([[1, 2], [3, 4]], columns=["x", "x"]),
        pd.DataFrame({0: [1], 1.5: ["a"]}),
    ],
    ids=["no rows", "a MultiIndex", "equal labels", "labels that are numbers"],
)
def test_odd_frames_come_back(client, frame):
    client.push(frame, "odd")
    pulled = client.pull("odd", "dask").compute()
    assert_frame_equal(pulled, frame, check_index_type=False)


def theirs(client, columns: dict[str, list]) -> None:
    """Make a grid as other clients do."""
    cols = {name: {"data": data} for name, data in columns.items()}
    body = json.dumps({"filename": "theirs", "data": {"cols": cols}})
    client._session.send("POST", "/grids", body=body)


def test_what_another_client_wrote_has_one_dtype_in_all_partitions(client):
    late = [*range(ROWS - 1), None]
    mixed = [*range(10), "a", *[None] * (ROWS - 11)]
    columns = {"null": late, "text": ["a"] * ROWS, "flag": [True] * ROWS, "mixed": mixed}
    theirs(client, columns)
    frame = client.pull("theirs", "dask", chunksize=CHUNK)
    text = str(pd.Series(["a"]).dtype)
    types = {"null": "Int64", "text": text, "flag": "boolean", "mixed": "object"}
    assert frame.dtypes.astype(str).to_dict() == types
    for number in range(3):
        assert frame.partitions[number].compute().dtypes.astype(str).to_dict() == types
    found = frame.compute()
    assert found["null"].tolist()[-2:] == [ROWS - 2, pd.NA]
    assert found["mixed"].tolist()[:11] == [*range(10), "a"]


@pytest.mark.parametrize("late", [0.5, "text", True])
def test_a_value_of_another_type_is_not_made_one_of_the_first_rows(client, late):
    theirs(client, {"x": [*range(ROWS - 1), late]})
    with pytest.raises(ValidationError, match=r"column 'x' holds .* from row 32,768 on"):
        client.pull("theirs", "dask", chunksize=CHUNK).compute()


def test_a_grid_that_was_changed_is_not_mixed_with_what_it_was(client):
    grid = client.push(wide(), "wide")
    frame = client.pull(grid, "dask", chunksize=CHUNK)
    grid.append(wide(1))
    with pytest.raises(Conflict, match="was changed while it was read"):
        frame.compute()
    grid.trash()
    with pytest.raises(Conflict, match="was changed while it was read"):
        frame.compute()


def test_a_push_of_what_was_pulled_is_the_grid_again(client, cluster):
    grid = client.push(wide(), "wide")
    with dask.config.set(scheduler="distributed"):
        again = client.push(client.pull(grid, "dask", chunksize=CHUNK), "again")
        graph = client.pull(grid, "dask")
        key = str(client._session.account.api_key)
        assert key not in repr(graph) + str(graph.expr) + str(dict(graph.__dask_graph__()))
    assert_frame_equal(again.to_frame(), grid.to_frame())


def test_what_is_wrong_is_said(client, json_client, monkeypatch):
    grid = client.push(wide(10), "wide")
    for chunksize in (0, True, 1.5):
        with pytest.raises(ValidationError, match="chunksize must be a number of rows"):
            client.pull(grid, "dask", chunksize=chunksize)
    with pytest.raises(ValidationError, match="chunksize has no meaning for as_='pandas'"):
        client.pull(grid, chunksize=5)
    with pytest.raises(ValidationError, match="pandas, polars, arrow, dask"):
        client.pull(grid, "spark")
    theirs = json_client.push(wide(10)[["n"]], "wide")
    with pytest.raises(ValidationError, match="by windows of one revision"):
        json_client.pull(theirs, "dask")
    monkeypatch.setattr(pulling, "this_machine", lambda: "another one")
    frame = client.pull(grid, "dask")
    monkeypatch.undo()
    with pytest.raises(ServiceError, match="known on one machine alone"):
        frame.compute()


def test_without_dask_the_error_says_how_to_have_it(server, client):
    client.push(wide(10)[["n"]], "n")
    code = f"""
import sys
sys.modules["dask"] = None
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
client = Client(lambda: Account({server.url!r}, {client.username!r}, sys.stdin.read()))
try:
    client.pull("n", "dask")
except Exception as error:
    print(error)
"""
    key = str(client._session.account.api_key)
    told = subprocess.run(
        [sys.executable, "-c", code], input=key, capture_output=True, text=True, check=True
    )
    assert 'pip install "plotly_nbext[dask]"' in told.stdout


def test_a_push_of_pandas_imports_nothing_of_dask(server, client):
    code = f"""
import sys
import pandas as pd
import plotly_nbext
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
client = Client(lambda: Account({server.url!r}, {client.username!r}, sys.stdin.read()))
client.push(pd.DataFrame({{"x": [1]}}), "x")
client.pull("x")
print([name for name in sys.modules if name.partition(".")[0] in ("dask", "distributed")])
"""
    key = str(client._session.account.api_key)
    told = subprocess.run(
        [sys.executable, "-c", code], input=key, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
