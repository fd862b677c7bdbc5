"""What chart_studio and the plotlys before it have in common.

Its argument is the package: plotly, or chart_studio, into which the client moved.
"""

from __future__ import annotations

import collections
import os
import sys
from collections import abc
from importlib import import_module
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from recorder import call

for moved in ("Iterable", "Mapping", "MutableMapping", "MutableSequence", "Sequence"):
    setattr(collections, moved, getattr(abc, moved))  # plotly 1 and 2 are older than Python 3.10

PACKAGE = sys.argv[1]
py = import_module(f"{PACKAGE}.plotly")
tls = import_module(f"{PACKAGE}.tools")
session = import_module(f"{PACKAGE}.session")
grid_objs = import_module(f"{PACKAGE}.grid_objs")
Column, Grid = grid_objs.Column, grid_objs.Grid

URL = os.environ["PLOTLY_DOMAIN"]
FIGURE = {
    "data": [
        {"type": "bar", "x": ["a", "b"], "y": [2, 3], "name": "bars"},
        {"type": "scatter", "x": ["a", "b"], "y": [1, 4]},
    ],
    "layout": {"title": "A title"},
}


def uploaded(name: str, **options: object) -> tuple[Grid, dict]:
    grid = Grid([Column([1, 2, 3], "time"), Column([4, None, 5.5], "voltage")])
    url = py.grid_ops.upload(grid, name, auto_open=False, **options)
    return grid, {"url": url, "fid": grid.id, "ids": [column.id for column in grid]}


username, api_key = os.environ["PLOTLY_USERNAME"], os.environ["PLOTLY_API_KEY"]
with call("sign_in"):
    py.sign_in(username, api_key, plotly_domain=URL, plotly_api_domain=URL)
with call("sign_in, with a wrong key"):
    py.sign_in(username, "wrong", plotly_domain=URL, plotly_api_domain=URL)
session.sign_in("", "")  # from here on, what the files say
with call("tools.set_credentials_file"):
    tls.set_config_file(plotly_domain=URL, plotly_api_domain=URL)
    tls.set_credentials_file(username, api_key)
    uploaded("the first")

# grids
with call("grid_ops.upload") as detail:
    detail.update(uploaded("time vs voltage")[1])
with call("grid_ops.upload, over a grid of that name") as detail:
    detail["first"] = uploaded("again")[1]["fid"]
    grid = Grid([Column(["new"], "only")])
    py.grid_ops.upload(grid, "again", auto_open=False)
    detail["fid"] = grid.id
with call("grid_ops.upload, in a folder") as detail:
    detail.update(uploaded("a folder/within/grid")[1])
with call("grid_ops.upload, private") as detail:
    detail.update(uploaded("private grid", world_readable=False)[1])
with call("grid_ops.upload, with meta") as detail:
    detail.update(uploaded("grid with meta", meta={"k": [1, {"deep": "ü"}]})[1])
with call("grid_ops.append_rows") as detail:
    grid, seen = uploaded("rows")
    py.grid_ops.append_rows([[9, "x"], [10, None]], grid=grid)
    detail.update(seen)
with call("grid_ops.append_columns") as detail:
    grid, seen = uploaded("columns")
    py.grid_ops.append_columns([Column([7, 8], "new")], grid=grid)
    detail.update(seen | {"id": grid.get_column("new").id})
with call("get_grid") as detail:
    grid = py.get_grid(uploaded("to get")[1]["url"])
    detail.update({"fid": grid.id, "columns": [[c.name, c.data, c.id] for c in grid]})
with call("grid_ops.delete") as detail:
    grid, seen = uploaded("to delete")
    py.grid_ops.delete(grid)
    detail.update(seen)
with call("meta_ops.upload") as detail:
    detail.update(uploaded("meta later")[1])
    py.meta_ops.upload({"a": [1, {"b": 2}]}, grid_url=detail["url"])
with call("file_ops.mkdirs") as detail:
    detail["status"] = py.file_ops.mkdirs("some/new/dir")
with call("file_ops.mkdirs, of what exists"):
    py.file_ops.mkdirs("some/new/dir")
with call("file_ops.ensure_dirs"):
    py.file_ops.ensure_dirs("some/new/dir")

# images
for kind in ("png", "jpeg", "svg", "pdf"):
    with call(f"image.get, {kind}") as detail:
        data = py.image.get(FIGURE, kind, width=300, height=200, scale=2)
        detail["file"] = f"got.{kind}"
        Path(detail["file"]).write_bytes(data)
    with call(f"image.save_as, {kind}") as detail:
        detail["file"] = f"saved.{kind}"
        py.image.save_as(FIGURE, detail["file"], width=300, height=200, scale=2)
for kind, mime in (("png", "image/png"), ("jpeg", "image/jpeg"), ("svg", "image/svg+xml")):
    with call(f"image.ishow, {kind}") as detail:
        InteractiveShell.instance()
        with capture_output() as shown:
            py.image.ishow(FIGURE, kind, width=300, height=200)
        (output,) = shown.outputs
        detail.update({"mime": mime, "data": output.data[mime]})
with call("image.save_as, of a grid's columns") as detail:
    grid = uploaded("to draw")[0]
    py.image.save_as([{"type": "scatter", "xsrc": grid[0].id, "ysrc": grid[1].id}], "columns.svg")
    detail["file"] = "columns.svg"

# plots: these are made with v2, `plot` is not
with call("create_animations") as detail:
    frames = [{"data": [{"x": [1, 2], "y": [i, 2 * i]}], "name": str(i)} for i in (1, 2)]
    animated = {"data": [{"type": "scatter", "x": [1, 2], "y": [0, 0]}], "frames": frames}
    detail["url"] = py.create_animations(animated, "animation", auto_open=False)
with call("create_animations, secret") as detail:
    options = {"sharing": "secret", "auto_open": False}
    detail["url"] = py.create_animations(FIGURE, "secret", **options)
with call("get_figure") as detail:
    url = py.create_animations(FIGURE, "to get back", auto_open=False)
    detail["figure"] = py.get_figure(url, raw=True)
    detail["same"] = list(py.get_figure(url)["data"][0]["y"])
with call("tools.get_embed") as detail:
    detail["html"] = tls.get_embed(py.create_animations(FIGURE, "embedded", auto_open=False))
with call("plot") as detail:
    detail["url"] = py.plot(FIGURE, filename="my plot", auto_open=False)
