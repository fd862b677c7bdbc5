"""figlinq in v2 mode: the fork of chart_studio that is kept, with a current plotly."""

from __future__ import annotations

import os
from pathlib import Path

import figlinq
import figlinq.plotly as py
import numpy as np
import pandas as pd
import plotly.graph_objects as go
from figlinq import Column, Grid
from figlinq.api import client
from recorder import call

FIGURE = go.Figure(
    [go.Bar(x=["a", "b"], y=np.array([2, 3]), name="bars"), go.Scatter(x=["a", "b"], y=[1, 4])],
    {"title": {"text": "From figlinq"}},
)


def some_grid() -> Grid:
    return Grid([Column([1, 2, 3], "time"), Column([4, None, 5.5], "voltage")])


def uploaded(name: str, **options: object) -> dict:
    fid = figlinq.upload(some_grid(), "grid", name, silent=True, **options)
    return {"fid": fid, "uids": uids(fid)}


def uids(fid: str) -> dict:
    cols = client.grids.content(fid).json()["cols"]
    return {name: col["uid"] for name, col in cols.items()}


with call("plotly.sign_in"):
    py.sign_in(os.environ["PLOTLY_USERNAME"], os.environ["PLOTLY_API_KEY"])

# grids
with call("upload, a Grid") as detail:
    detail.update(uploaded("time vs voltage"))
with call("upload, a DataFrame") as detail:
    frame = pd.DataFrame({"n": [1, 2], "gap": [0.5, float("nan")], "name": ["ä", "b"]})
    detail["fid"] = figlinq.upload(frame, "grid", "frame")
with call("upload, a Grid in a folder, public") as detail:
    detail.update(uploaded("a folder/within/grid", world_readable=True))
with call("upload, a Grid of a name that is taken"):
    uploaded("taken")
    figlinq.upload(Grid([Column(["new"], "only")]), "grid", "taken")
with call("upload, a Grid in place") as detail:
    detail["before"] = uploaded("in place")
    changed = Grid([Column([7, 8], "new"), Column([99, 2], "time")])
    options = {"filename": "moved/in place too", "updated_file_fid": detail["before"]["fid"]}
    detail["fid"] = figlinq.upload(changed, "grid", **options)
    detail["uids"] = uids(detail["fid"])
with call("download, a grid") as detail:
    grid = figlinq.download(uploaded("to get")["fid"])
    detail.update({"fid": grid.id, "columns": [[c.name, c.data] for c in grid]})
with call("plotly.grid_ops.append_rows") as detail:
    detail.update(uploaded("rows"))
    py.grid_ops.append_rows([[9, 10]], grid=figlinq.download(detail["fid"]))
with call("plotly.grid_ops.append_columns") as detail:
    detail.update(uploaded("columns"))
    py.grid_ops.append_columns([Column([7, 8], "new")], grid=figlinq.download(detail["fid"]))
with call("plotly.grid_ops.delete") as detail:
    detail.update(uploaded("to delete"))
    py.grid_ops.delete(figlinq.download(detail["fid"]))
with call("plotly.meta_ops.upload") as detail:
    detail.update(uploaded("meta later"))
    py.meta_ops.upload({"a": [1, {"b": 2}]}, grid=figlinq.download(detail["fid"]))
with call("upload, a Grid with context") as detail:
    detail.update(uploaded("with context", context="what it is about"))

# folders
with call("plotly.file_ops.mkdirs") as detail:
    detail["status"] = py.file_ops.mkdirs("some/new/dir")
with call("plotly.file_ops.ensure_dirs"):
    py.file_ops.ensure_dirs("some/new/dir")
with call("find_file, by its path") as detail:
    uploaded("to find/by path")
    detail["found"] = figlinq.find_file("to find/by path")
with call("find_file, by its name") as detail:
    detail["fid"] = uploaded("needle in a haystack")["fid"]
    detail["found"] = figlinq.find_file("needle in a haystack")

# images
for kind in ("png", "jpeg", "svg", "pdf"):
    with call(f"plotly.image.get, {kind}") as detail:
        data = py.image.get(FIGURE, kind, width=300, height=200, scale=2)
        detail["file"] = f"got.{kind}"
        Path(detail["file"]).write_bytes(data)
    with call(f"plotly.image.save_as, {kind}") as detail:
        detail["file"] = f"saved.{kind}"
        py.image.save_as(FIGURE, detail["file"], width=300, height=200, scale=2)

# plots
with call("plotly.plot") as detail:
    detail["url"] = py.plot(FIGURE, filename="my plot", auto_open=False)
with call("plotly.plot, over a plot of that name") as detail:
    detail["first"] = py.plot(FIGURE, filename="plot again", auto_open=False)
    detail["url"] = py.plot([go.Scatter(y=[7, 8, 9])], filename="plot again", auto_open=False)
with call("plotly.plot, private, in a folder") as detail:
    options = {"sharing": "private", "auto_open": False}
    detail["url"] = py.plot(FIGURE, filename="plots/within/plot", **options)
with call("plotly.plot, secret") as detail:
    options = {"sharing": "secret", "auto_open": False}
    detail["url"] = py.plot(FIGURE, filename="secret plot", **options)
with call("plotly.get_figure") as detail:
    url = py.plot(FIGURE, filename="to get back", auto_open=False)
    detail["figure"] = py.get_figure(url, raw=True)
with call("upload, a plot of a grid's columns") as detail:
    grid = uploaded("drawn")
    ids = [f"{grid['fid']}:{uid}" for uid in grid["uids"].values()]
    reference = {"data": [{"type": "scatter", "xsrc": ids[0], "ysrc": ids[1]}], "layout": {}}
    detail.update({"fid": figlinq.upload(reference, "plot", "graph from grid"), "ids": ids})
with call("upload, a plot in place") as detail:
    changed = {"data": [{"type": "bar", "xsrc": ids[0], "ysrc": ids[1]}], "layout": {}}
    detail["before"] = figlinq.upload(reference, "plot", "plot in place")
    detail["fid"] = figlinq.upload(changed, "plot", updated_file_fid=detail["before"])
with call("download, a plot") as detail:
    fid = figlinq.upload(reference, "plot", "plot to get")
    detail.update({"fid": fid, "figure": figlinq.download(fid, raw=True)})

# Figlinq's own
with call("upload, a text"):
    figlinq.upload("<p>text</p>", "text", "text")
