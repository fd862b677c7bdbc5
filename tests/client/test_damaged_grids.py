"""A grid that the server's disk has damaged: its reader is told so, and its writer mends it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from plotly_nbext.errors import ServerError
from tests.damaging import flip_logged_rows, flip_values

SHORT = pd.DataFrame({"x": [1, 2, 3], "y": [0.5, 0.25, 0.125]})
LONG = pd.DataFrame({"x": np.random.default_rng(0).random(200_000), "y": range(200_000)})


@pytest.mark.parametrize("frame", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("as_", ["pandas", "arrow"])
def test_pulling_a_damaged_grid_tells_of_the_damage_and_not_of_the_network(
    server, client, frame, as_
):
    grid = client.push(frame, "values")
    flip_values(server.data, grid.fid, grid["y"].uid, last=True)
    with pytest.raises(ServerError, match=r"the grid \S+ has in rows .* is damaged"):
        client.pull("values", as_)
    if frame is LONG:
        assert grid.head(2).equals(frame.head(2))


@pytest.mark.parametrize("frame", [SHORT, LONG], ids=["short", "long"])
def test_pushing_the_same_values_mends_a_damaged_grid(server, client, frame):
    grid = client.push(frame, "values")
    uid = grid["y"].uid
    for _ in range(2):
        flip_values(server.data, grid.fid, uid, last=True)
        with pytest.raises(ServerError, match="is damaged"):
            client.pull("values")
        assert client.push(frame, "values")["y"].uid == uid
        assert client.pull("values").equals(frame)


def test_pushing_mends_a_grid_whose_appended_rows_are_damaged(server, client):
    frame = pd.DataFrame({"n": range(30)})
    grid = client.push(frame, "rows")
    grid.append(pd.DataFrame({"n": [30]}))
    flip_logged_rows(server.data, grid.fid)
    with pytest.raises(ServerError, match="Row 30 of the grid"):
        client.pull("rows")
    assert client.grid("rows").head(30).equals(frame)
    client.push(frame, "rows")
    assert client.pull("rows").equals(frame)
