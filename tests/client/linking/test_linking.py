"""Figures whose arrays are columns of a grid, on a real server."""

from __future__ import annotations

import base64
import inspect
import json
import secrets

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import plotly.io as pio
import pytest

import plotly_nbext
from plotly_nbext import api
from plotly_nbext.client import Client
from plotly_nbext.errors import PlotlyNbextWarning, ValidationError

GAPMINDER = px.data.gapminder()
DAYS = pd.date_range("2026-01-01", periods=3)
GALLERY = {
    "bubbles": px.scatter(
        GAPMINDER, x="gdpPercap", y="lifeExp", size="pop", color="continent", hover_name="country"
    ),
    "frames": px.scatter(
        GAPMINDER.query("year < 1965"),
        x="gdpPercap",
        y="lifeExp",
        color="continent",
        animation_frame="year",
    ),
    "facets": px.histogram(px.data.tips(), x="total_bill", facet_col="sex", color="smoker"),
    "lines": px.line(px.data.stocks(), x="date", y=["GOOG", "AAPL"]),
    "heatmap": px.imshow(np.arange(12.0).reshape(3, 4), x=list("abcd")),
    "pie": px.pie(px.data.tips(), names="sex", values="tip"),
    "splom": px.scatter_matrix(px.data.iris(), dimensions=["sepal_width", "petal_width"]),
    "sunburst": px.sunburst(px.data.tips(), path=["day", "time"], values="total_bill"),
    "map": px.choropleth(
        GAPMINDER.query("year == 2007 and continent == 'Europe'"),
        locations="iso_alpha",
        color="lifeExp",
        hover_name="pop",
    ),
    "table": go.Figure(
        go.Table(header={"values": ["name", "n"]}, cells={"values": [["a", "b"], [1, 2]]})
    ),
    "sankey": go.Figure(
        go.Sankey(
            node={"label": ["a", "b", "c"]},
            link={"source": [0, 1], "target": [1, 2], "value": [3.5, 4]},
        )
    ),
    "bars": go.Figure(
        go.Bar(
            x=DAYS,
            y=np.array([1, 3, 2], dtype="f4"),
            text=DAYS,
            error_y={"array": [0.1, 0.2, 0.3]},
            marker={"color": ["red", "green", "blue"]},
        )
    ),
    "surface": go.Figure(go.Surface(z=np.outer(np.arange(4), np.arange(5)))),
    "candles": go.Figure(
        go.Candlestick(x=DAYS, open=[1, 2, 3], high=[2, 3, 4], low=[0, 1, 2], close=[2, 2, 3])
    ),
    "categories": go.Figure(go.Bar(x=DAYS, y=[1, 2, 3]), layout={"xaxis": {"type": "category"}}),
    "dates": go.Figure(
        go.Table(
            header={"values": [["day"], ["at"]]},
            cells={"values": [[*DAYS.date], [*DAYS.to_pydatetime()]]},
        )
    ),
    "gaps": go.Figure(
        go.Scatter(x=np.array([1, np.inf, 3, np.nan]), y=[1, None, float("nan"), 2], mode="lines")
    ),
    "parallel": px.parallel_categories(px.data.tips(), dimensions=["sex", "day"], color="size"),
    "contour": go.Figure(go.Contour(z=[[1, 2, None], [3, float("nan"), 5]], text=[["a"], ["b"]])),
    "polar": px.line_polar(px.data.wind(), r="frequency", theta="direction", color="strength"),
    "three": px.scatter_3d(px.data.iris(), x="sepal_length", y="sepal_width", z="petal_width"),
    "boxes": px.box(px.data.tips(), x="day", y="tip", points="all"),
    "years": go.Figure(go.Scatter(x=[["a", "a", "b"], [1, 2, 1]], y=[3, 4, 5])),
    "template": go.Figure(
        go.Scatter(x=("a", "b"), y=(1, 2)), layout={"template": "plotly_dark", "title": "T"}
    ),
}


@pytest.mark.parametrize("name", GALLERY)
def test_a_figure_comes_back_as_it_was_and_looks_the_same_meanwhile(client, name):
    figure = GALLERY[name]
    before = pio.to_json(figure)
    linked = client.link(figure, f"drawn/{name}")
    assert pio.to_json(figure) == before
    assert "src" in json.dumps(linked["data"], default=str)
    assert client.render(linked).data == client.render(figure).data
    back, plain = go.Figure(client.unlink(linked)), go.Figure(figure)  # without empty parts
    assert json.loads(pio.to_json(back)) == json.loads(pio.to_json(plain))
    for trace, other in zip(back.data, figure.data, strict=True):
        for key, value in other.to_plotly_json().items():
            there = trace.to_plotly_json()[key]
            assert type(there) is type(value), key
            assert getattr(there, "dtype", None) == getattr(value, "dtype", None), key


def test_columns_are_called_what_they_are_in_the_figure(client):
    client.link(GALLERY["bubbles"], "names/bubbles")
    assert {"Asia, gdpPercap", "Asia, pop", "Europe, lifeExp"} <= {*client.grid("names/bubbles")}
    client.link(GALLERY["lines"], "names/lines")
    assert list(client.grid("names/lines")) == ["date", "GOOG, value", "AAPL, value"]
    client.link(GALLERY["table"], "names/table")
    assert {"name", "n"} <= {*client.grid("names/table")}
    titled = go.Figure([go.Scatter(x=[1], y=[2]), go.Bar(y=[3], marker={"color": [4]}, name="b")])
    titled.update_layout(xaxis_title="<b>mass</b><br>in kg")
    client.link(titled, "names/titled")
    assert set(client.grid("names/titled")) == {
        "mass in kg",
        "trace 0, y",
        "b, y",
        "b, marker.color",
    }


def test_dates_are_moved_where_they_look_the_same(client):
    waits = pd.to_timedelta([1, 2], unit="h").to_numpy()
    figure = {"data": [{"x": [*DAYS], "text": DAYS.to_numpy(), "y": waits}]}
    with pytest.warns(PlotlyNbextWarning, match=r"stay in the figure: data\[0\]\.y\."):
        (trace,) = client.link(figure, "dates")["data"]
    assert set(trace) == {"xsrc", "textsrc", "y"}
    assert trace["y"] is waits


def test_an_array_that_is_there_twice_is_one_column_and_each_keeps_its_length(client):
    shared = np.arange(3)
    figure = go.Figure([go.Scatter(x=shared, y=[1, 2]), go.Scatter(x=shared.copy(), y=[5])])
    linked = client.link(figure, "twice")
    first, second = linked["data"]
    assert first["xsrc"] == second["xsrc"]
    columns = client.grid("twice").fetch_columns()
    assert sorted(len(column["data"]) for column in columns) == [1, 2, 3]


def test_a_grid_of_the_name_is_updated_in_place(client):
    first = client.link(go.Figure(go.Bar(x=["a", "b"], y=[1, 2])), "again")
    second = client.link(go.Figure(go.Bar(x=["a", "b", "c"], y=[1, 2])), "again")
    assert first["data"] == second["data"]
    assert client.unlink(first)["data"][0]["x"] == ["a", "b", "c"]
    third = client.link(go.Figure(go.Bar(x=["c"], y=[1])), "again")
    assert third["data"] == first["data"]
    assert client.unlink(first)["data"][0]["x"] == ["c"]
    with pytest.raises(ValidationError, match="There is a file 'again' already"):
        client.link(GALLERY["bars"], "again", mode="create")


def test_a_grid_is_a_file_like_any_other(client):
    client.link(GALLERY["pie"], "pie", parent="drawn", world_readable=True, metadata={"a": 1})
    grid = client.grid("drawn/pie")
    assert grid.world_readable
    assert grid.metadata == {"a": 1}
    pd.testing.assert_series_equal(grid.to_frame()["tip"], px.data.tips()["tip"])


@pytest.mark.parametrize("write", [json.loads, str.encode, str])
def test_a_figure_may_be_a_dict_or_text_and_typed_arrays_come_back_packed(client, write):
    packed = {"dtype": "f8", "bdata": base64.b64encode(np.arange(3.0).tobytes()).decode()}
    trace = {"type": "bar", "y": packed, "marker": {"color": ["red", "red", "blue"]}}
    figure = {"data": [trace, {"y": [4, None]}], "layout": {"title": {"text": "packed"}}}
    linked = client.link(write(json.dumps(figure)), "dict")
    assert set(linked["data"][0]) == {"type", "ysrc", "marker"}
    assert set(linked["data"][1]) == {"ysrc"}
    assert client.unlink(write(json.dumps(linked))) == figure


def test_a_dict_may_hold_graph_objects_and_series(client):
    series = pd.Series([3, 1], name="total", index=["a", "b"])
    bars = {"type": "bar", "y": series, "marker": go.bar.Marker(opacity=[0.5, 1])}
    figure = {"data": [go.Scatter(x=[1, 2]), bars]}
    linked = client.link(figure, "mixed")
    assert set(client.grid("mixed")) == {"trace 0, x", "total", "trace 1, marker.opacity"}
    back = client.unlink(linked)["data"][1]
    assert (back["y"].tolist(), back["marker"]) == ([3, 1], {"opacity": [0.5, 1]})
    assert isinstance(figure["data"][0], go.Scatter)


def test_a_figure_widget_is_a_figure(client):
    widget = go.FigureWidget(GALLERY["sankey"])
    linked = client.link(widget, "widget")
    assert "sourcesrc" in linked["data"][0]["link"]
    back = go.Figure(client.unlink(linked))
    assert back.to_dict() == go.Figure(widget).to_dict()
    assert type(client.unlink(widget)).__name__ == "FigureWidget"  # each has a class of its own


def test_a_graph_object_stays_one(client):
    figure = client.unlink(GALLERY["bars"])
    assert type(figure) is go.Figure
    assert figure == GALLERY["bars"]


def test_what_has_no_column_stays_and_is_told(client):
    image = np.zeros((2, 2, 3), dtype="u1")
    points = np.arange(6).reshape(3, 2)
    figure = go.Figure([go.Image(z=image), go.Scatter(y=[1, 2, 3], customdata=points)])
    with pytest.warns(PlotlyNbextWarning, match=r"stay in the figure: data\[0\]\.z\.$") as told:
        linked = client.link(figure, "left")
    assert told[0].filename == __file__
    assert np.array_equal(linked["data"][0]["z"], image)
    assert np.array_equal(linked["data"][1]["customdata"], points)
    assert go.Figure(client.unlink(linked)) == figure


def test_a_figure_without_arrays_makes_no_grid(client):
    figure = go.Figure(layout={"title": {"text": "nothing"}})
    with pytest.warns(PlotlyNbextWarning, match="no grid is made"):
        linked = client.link(figure, "nothing")
    assert not client.exists("nothing")
    assert go.Figure(linked) == figure


def test_a_linked_figure_is_not_linked_again(client):
    linked = client.link(GALLERY["sankey"], "first")
    with pytest.warns(PlotlyNbextWarning, match="no grid is made"):
        assert client.link(linked, "second") == linked


def test_what_is_no_figure_is_refused_before_a_grid_is_made(client):
    with pytest.raises(ValidationError, match="figure must be a Plotly figure"):
        client.link([1, 2], "none")
    with pytest.raises(ValidationError, match="name must be"):
        client.link(GALLERY["pie"], "")
    with pytest.raises(ValidationError, match="mode must be"):
        client.link(GALLERY["pie"], "pie", mode="append")
    assert client.list() == []


def test_traces_and_attributes_that_plotly_does_not_know_are_left_alone(client):
    traces = [{"type": "new", "x": [1]}, {"type": "bar", "new": [1], "y": [1]}, {"type": 3}]
    linked = client.link({"data": traces}, "unknown")
    assert linked["data"][0] == traces[0]
    assert linked["data"][1]["new"] == [1]
    assert client.unlink(linked)["data"] == traces


def test_a_grid_that_is_gone_names_the_trace_and_the_reference(client):
    linked = client.link(GALLERY["bubbles"], "gone")
    grid = client.grid("gone")
    reference = linked["data"][3]["marker"]["sizesrc"]
    grid.trash()
    with pytest.raises(ValidationError, match=r"figure\.data\[0\]") as told:
        client.unlink(linked)
    assert grid.fid in str(told.value)
    only = {"data": [{}, {"marker": {"sizesrc": reference}}]}
    with pytest.raises(ValidationError, match=r"figure\.data\[1\]\.marker\.sizesrc") as told:
        client.unlink(only)
    assert reference in str(told.value)


def test_grids_of_others_are_read_where_they_may_be(client, server):
    name = f"other-{secrets.token_hex(4)}"
    other = server.client(name, server.add_user(name))
    figure = go.Figure(go.Bar(x=["a"], y=[1]))
    public = other.link(figure, "public", world_readable=True)
    private = other.link(figure, "private")
    assert go.Figure(client.unlink(public)) == figure
    with pytest.raises(ValidationError, match=r"figure\.data\[0\].*not for you to see"):
        client.unlink(private)


def test_columns_that_were_pushed_come_as_plotly_would_take_them(client):
    frame = pd.DataFrame({"day": DAYS, "n": [1, 2, 3], "c": pd.Categorical(["a", "b", "a"])})
    grid = client.push(frame, "pushed")
    trace = {"xsrc": grid["day"].src, "ysrc": grid["n"].src, "textsrc": grid["c"].src}
    made = client.unlink({"data": [trace]})["data"][0]
    assert made["x"].dtype == frame["day"].dtype
    assert made["y"].dtype == frame["n"].dtype
    assert made["text"].tolist() == ["a", "b", "a"]


def test_a_plot_takes_what_link_gives(client):
    linked = client.link(GALLERY["bars"], "sales/values")
    plot = client.push_plot(linked, "sales/chart")
    assert plot.references == [client.grid("sales/values").fid]
    client.link(go.Figure(GALLERY["bars"]).update_traces(marker_color=["red"] * 3), "sales/values")
    assert plot.figure()["data"][0]["marker"]["color"] == ["red"] * 3


def test_several_hundred_rows_of_a_heatmap_are_read_in_several_requests(client):
    z = np.arange(1400).reshape(700, 2)
    linked = client.link(go.Figure(go.Heatmap(z=z)), "many")
    back = client.unlink(linked)["data"][0]["z"]
    assert back.dtype == z.dtype
    assert np.array_equal(back, z)


def test_the_session_links_and_unlinks_too(client, monkeypatch):
    monkeypatch.setattr(api, "_current", client)
    linked = plotly_nbext.link(GALLERY["bars"], "session")
    assert go.Figure(plotly_nbext.unlink(linked)) == GALLERY["bars"]
    for name in ("link", "unlink"):
        own = inspect.signature(getattr(plotly_nbext, name)).parameters
        assert ["self", *own] == [*inspect.signature(getattr(Client, name)).parameters]


def test_another_server_that_speaks_json_holds_figures_too(json_client):
    linked = json_client.link(GALLERY["bars"], "drawn")
    assert go.Figure(json_client.unlink(linked)) == GALLERY["bars"]


def test_a_grid_of_a_figure_is_read_and_appended_to_as_any_other(client):
    linked = client.link({"data": [{"x": ["a", "b"], "y": np.array([1, 2], "i2")}]}, "grid")
    grid = client.grid("grid")
    assert grid.to_frame().to_dict("list") == {"x": ["a", "b"], "y": [1, 2]}
    grid.append(pd.DataFrame({"x": ["c"], "y": np.array([3], "i2")}))
    (trace,) = client.unlink(linked)["data"]
    assert trace["x"] == ["a", "b", "c"]
    assert trace["y"].dtype == "i2"
    assert trace["y"].tolist() == [1, 2, 3]
    uneven = client.link({"data": [{"x": ["a", "b"], "y": [1]}]}, "uneven")
    assert client.grid("uneven").to_frame()["y"].isna().tolist() == [False, True]
    assert client.unlink(uneven)["data"] == [{"x": ["a", "b"], "y": [1]}]


def test_a_graph_object_of_references_stays_one_where_plotly_has_them(client):
    linked = client.link(GALLERY["candles"], "candles")
    if "xsrc" in go.Candlestick():  # up to plotly 6
        back = client.unlink(go.Figure(linked))
        assert type(back) is go.Figure
        assert back == GALLERY["candles"]
    else:
        with pytest.raises(ValueError, match="src"):
            go.Figure(linked)


def test_chart_studio_itself_holds_figures_too(chart_studio):
    client = chart_studio.client()
    linked = client.link(GALLERY["table"], "drawn")
    assert go.Figure(client.unlink(linked)) == GALLERY["table"]
    again = client.link(GALLERY["table"], "drawn")
    assert again == linked
