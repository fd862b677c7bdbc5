"""Figures that draw on grids, filled here as the server fills them."""

from __future__ import annotations

import pandas as pd
import pytest

from plotly_nbext.client.references import filled, referenced_grids
from plotly_nbext.errors import ValidationError


@pytest.fixture
def grid(client):
    return client.push(pd.DataFrame({"x": [1, 2], "y": [3.5, None]}), "points")


def test_values_take_the_place_of_each_reference_and_nothing_of_the_server_is_left(client, grid):
    x, y = grid["x"], grid["y"]
    figure = {
        "data": [
            {"type": "bar", "x": [9], "xsrc": x.src, "marker": {"colorsrc": y.src}, "name": "sold"}
        ],
        "layout": {"annotations": [{"text": "a"}]},
    }
    made = filled(client, figure)
    assert made["data"] == [
        {"type": "bar", "x": [1, 2], "marker": {"color": [3.5, None]}, "name": "sold"}
    ]
    assert made["layout"] == figure["layout"]
    assert figure["data"][0]["x"] == [9]


def test_several_columns_are_an_array_of_them(client, grid):
    trace = {"zsrc": f"{grid.fid}:{grid['x'].uid},{grid['y'].uid}"}
    assert filled(client, {"data": [trace]})["data"][0]["z"] == [[1, 2], [3.5, None]]


def test_what_users_attach_and_what_only_looks_like_it_is_left_alone(client, grid):
    trace = {"meta": {"xsrc": grid["x"].src}, "customdata": [{"ysrc": "nobody:9:abcdef"}]}
    figure = {"data": [trace], "layout": {"images": [{"src": "a:1:b", "source": "a:1:abcdef"}]}}
    assert filled(client, figure) is figure
    assert referenced_grids(figure) == set()


def test_the_grids_of_a_figure_are_named(grid):
    figure = {"data": ({"xsrc": grid["x"].src}, {"ysrc": "bob:7/abcdef", "x": [1, 2]})}
    assert referenced_grids(figure) == {grid.fid, "bob:7"}


def test_a_grid_that_is_gone_is_told_by_its_fid(client, grid):
    figure = {"data": [{"xsrc": grid["x"].src}]}
    grid.trash()
    with pytest.raises(ValidationError, match=grid.fid):
        filled(client, figure)


def test_a_column_that_is_gone_is_told_too(client, grid):
    with pytest.raises(ValidationError, match=grid.fid):
        filled(client, {"data": [{"xsrc": f"{grid.fid}:ffffff"}]})
