"""What only chart_studio can do; each call leaves files of its own in the account."""

from __future__ import annotations

import os
from pathlib import Path

import chart_studio.plotly as py
import pandas as pd
import plotly.graph_objs as go
from chart_studio.api import v2
from chart_studio.grid_objs import Column, Grid
from recorder import call

URL = os.environ["PLOTLY_DOMAIN"]
FIGURE = go.Figure(
    [go.Bar(x=["a", "b"], y=[2, 3], name="bars"), go.Scatter(x=["a", "b"], y=[1, 4])],
    {"title": {"text": "From chart_studio"}},
)


def uploaded(name: str | None) -> tuple[Grid, dict]:
    grid = Grid([Column([1, 2, 3], "time"), Column([4, None, 5.5], "voltage")])
    url = py.grid_ops.upload(grid, name, auto_open=False)
    return grid, {"url": url, "fid": grid.id}


username, api_key = os.environ["PLOTLY_USERNAME"], os.environ["PLOTLY_API_KEY"]
py.sign_in(username, api_key, plotly_domain=URL, plotly_api_domain=URL)

# grids
with call("grid_ops.upload, without a name") as detail:
    detail.update(uploaded(None)[1])
with call("grid_ops.upload, of a DataFrame") as detail:
    frame = pd.DataFrame(
        {
            "n": [1, 2],
            "when": pd.to_datetime(["2026-01-02T00:00:00", "2026-01-03T04:05:06"]),
            "gap": [0.5, float("nan")],
            "ok": [True, False],
        }
    )
    grid = Grid(frame)
    py.grid_ops.upload(grid, "frame", auto_open=False)
    detail["fid"] = grid.id
with call("grid_ops.append_rows, by URL") as detail:
    detail.update(uploaded("rows by url")[1])
    py.grid_ops.append_rows([[9, 10]], grid_url=detail["url"])
with call("get_grid, raw") as detail:
    detail.update(py.get_grid(uploaded("to get raw")[1]["url"], raw=True))

# images
with call("image.get, of the figure's own size") as detail:
    detail["file"] = "own.png"
    sized = {"data": FIGURE.data, "layout": {"width": 420, "height": 210}}
    Path(detail["file"]).write_bytes(py.image.get(sized))

# plots
with call("plot, over a plot of that name") as detail:
    detail["first"] = py.plot(FIGURE, filename="plot again", auto_open=False)
    detail["url"] = py.plot([go.Scatter(y=[7, 8, 9])], filename="plot again", auto_open=False)
with call("plot, in a folder") as detail:
    detail["url"] = py.plot(FIGURE, filename="plots/within/plot", auto_open=False)
with call("plot, without a name") as detail:
    detail["url"] = py.plot(FIGURE, auto_open=False)
with call("plot, private") as detail:
    options = {"sharing": "private", "auto_open": False}
    detail["url"] = py.plot(FIGURE, filename="private plot", **options)
with call("plot, secret") as detail:
    options = {"sharing": "secret", "auto_open": False}
    detail["url"] = py.plot(FIGURE, filename="secret plot", **options)
with call("plot, of a grid's columns") as detail:
    grid, _ = uploaded("drawn")
    trace = go.Scatter(xsrc=grid[0], ysrc=grid[1])
    detail["url"] = py.plot([trace], filename="graph from grid", auto_open=False)
    detail["ids"] = [column.id for column in grid]
with call("plot, over a grid of that name") as detail:
    uploaded("a grid, not a plot")
    py.plot(FIGURE, filename="a grid, not a plot", auto_open=False)
with call("plot, with frames") as detail:
    frames = [go.Frame(data=[go.Scatter(x=[1, 2], y=[i, 2 * i])], name=str(i)) for i in (1, 2)]
    animated = go.Figure([go.Scatter(x=[1, 2], y=[0, 0])], frames=frames)
    detail["url"] = py.plot(animated, filename="animated", auto_open=False)
with call("iplot") as detail:
    detail["url"] = py.iplot(FIGURE, filename="iplot").src
with call("get_figure, of a private plot") as detail:
    url = py.plot(FIGURE, filename="to get back too", sharing="private", auto_open=False)
    detail["figure"] = py.get_figure(url, raw=True)
with call("add_share_key_to_url") as detail:
    url = py.plot(FIGURE, filename="shared later", sharing="private", auto_open=False)
    detail["url"] = py.plotly.add_share_key_to_url(url)
with call("api.v2.plot_schema.retrieve") as detail:
    schema = v2.plot_schema.retrieve("").json()
    detail["traces"] = sorted(schema["schema"]["traces"])
with call("api.v2.folders.retrieve, home") as detail:
    results = v2.folders.retrieve("home").json()["children"]["results"]
    detail["names"] = [file["filename"] for file in results]

# not part of what the server keeps
with call("dashboard_ops.upload"):
    from chart_studio.dashboard_objs import Dashboard

    py.dashboard_ops.upload(Dashboard(), "dashboard", auto_open=False)
with call("presentation_ops.upload"):
    from chart_studio.presentation_objs import Presentation

    py.presentation_ops.upload(Presentation("# A slide"), "slides", auto_open=False)
