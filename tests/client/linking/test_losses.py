"""Columns on which plots draw do not go unnoticed."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from plotly_nbext.errors import PlotlyNbextWarning

SALES = pd.DataFrame({"day": ["mon", "tue"], "total": [5, 6], "open": [True, False]})


@pytest.fixture
def grid(client):
    return client.push(SALES, "sales")


@pytest.fixture
def plot(client, grid):
    figure = {"data": [{"type": "bar", "xsrc": grid["day"].src, "ysrc": grid["total"].src}]}
    return client.push_plot(figure, "chart")


@pytest.fixture
def asked(client, monkeypatch):
    """Count what the client asks for."""
    lines = []
    send = client._session.send

    def noted(method, path, **rest):
        lines.append(f"{method} {path}")
        return send(method, path, **rest)

    monkeypatch.setattr(client._session, "send", noted)
    return lines


def test_a_push_that_drops_what_a_plot_draws_names_the_columns_and_the_plot(client, plot):
    with pytest.warns(PlotlyNbextWarning) as told:
        client.push(SALES.drop(columns="total"), "sales")
    (warning,) = told
    assert str(warning.message) == (
        f"The grid 'sales' has lost the column 'total', on which the plot {plot.fid} draws."
    )
    assert warning.filename == __file__
    assert list(client.grid("sales")) == ["day", "open"]


def test_a_push_that_drops_what_no_plot_draws_says_nothing(client, plot):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.push(SALES.drop(columns="open"), "sales")
        client.push(SALES.assign(more=1), "sales")
    assert plot.figure()["data"][0]["y"] == [5, 6]


def test_a_grid_that_no_plot_draws_on_may_lose_columns(client, grid):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.push(SALES[["day"]], "sales")
        grid.trash()


def test_nothing_more_is_asked_where_nothing_is_dropped(client, plot, asked):
    client.push(SALES.assign(total=[7, 8]), "sales")
    assert not [line for line in asked if plot.fid in line]


def test_the_trash_names_the_plots_that_draw_on_a_grid(client, grid, plot):
    with pytest.warns(PlotlyNbextWarning, match=f"trash, and the plot {plot.fid} draws on it"):
        grid.trash()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plot.trash()
    assert grid.restore().path == "sales"


def test_many_plots_are_counted(client, grid):
    figure = {"data": [{"ysrc": grid["total"].src}]}
    for number in range(7):
        client.push_plot(figure, f"chart {number}")
    with pytest.warns(PlotlyNbextWarning, match=r"the plots \S+, \S+, \S+, \S+, \S+ and 2 more"):
        client.push(SALES[["day"]], "sales")


def test_linking_anew_tells_what_a_kept_plot_loses(client):
    linked = client.link({"data": [{"x": [1, 2], "marker": {"size": [3, 4]}}]}, "drawn")
    plot = client.push_plot(linked, "chart")
    with pytest.warns(PlotlyNbextWarning, match=f"'marker.size', on which the plot {plot.fid}"):
        client.link({"data": [{"x": [1, 2]}]}, "drawn")
