"""Each action of the server's API is something that the client does."""

from __future__ import annotations

import io
import re

import pandas as pd
import requests

from plotly_nbext.client import Client, Edits

FRAME = pd.DataFrame({"x": [1, 2]})
FIGURE = {"data": [{"y": [1, 2]}], "layout": {}}

# other ways to ask for the same
SAME = {
    "PUT /v2/TYPE/FID": "PATCH /v2/TYPE/FID",
    "DELETE /v2/TYPE/FID": "POST /v2/TYPE/FID/trash",
    "POST /v2/TYPE/FID/permanent_delete": "DELETE /v2/TYPE/FID/permanent_delete",
    "GET /v2/files/FID/content": "GET /v2/grids/FID/content",
}


def action(method: str, path: str) -> str:
    """Name an action, one that all types of files share by TYPE in place of theirs."""
    path = re.sub(r"\{fid\}|[^/:]+:\d+", "FID", path)
    shared = "path|sources|copy|star|drop_reference|trash|restore|permanent_delete"
    path = re.sub(rf"^/v2/\w+/FID(/(?:{shared}))?$", r"/v2/TYPE/FID\1", path)
    name = f"{method.upper()} {path}"
    return SAME.get(name, name)


def use_everything(client: Client) -> None:
    """Call each method of the client and of what it makes."""
    client.whoami()
    client.endpoints()
    client.plot_schema()
    client.render(FIGURE)
    grid = client.push(FRAME, "folder/grid")
    grid.add_columns(FRAME.rename(columns={"x": "y"})).replace_columns(FRAME)
    client.push(FRAME, "folder/rows").append(FRAME).upsert(FRAME, key="x")
    client.push(FRAME, "folder/grid")
    grid.refresh().edit(Edits({grid["x"].uid: ([0], [5])}))
    grid["x"].data  # noqa: B018 - it is asked for
    client.pull(grid)
    client.upload(io.BytesIO(b"a,b\n1,2\n"), "uploaded.csv")
    plot = client.push_plot(FIGURE, "plot")
    plot.figure()
    plot.image()
    folder = client.folder("folder")
    folder.list()
    for list_files in (client.list, client.all_files, client.starred, client.shared):
        list_files()
    client.trashed()
    client.search("grid")
    client.grid(grid.fid)
    client.plot("plot")
    client.file("plot")
    for file in (grid, plot, folder):
        file.star().unstar().sources()
        file.drop_reference(grid)
        file.copy(parent="copies").trash().restore().rename("renamed").delete()


def test_each_action_of_the_api_has_its_method(client: Client, server):
    done: set[str] = set()

    def note(response: requests.Response, **_: object) -> None:
        request = response.request
        assert request.method
        done.add(action(request.method, requests.utils.unquote(request.path_url.partition("?")[0])))

    in_json = server.client("in-json", server.add_user("in-json"))
    in_json._session._takes_arrow = False  # then a change takes other requests, and more
    for one in (client, in_json):
        one._session._requests().hooks["response"].append(note)
        use_everything(one)
    paths = requests.get(f"{client.url}/openapi.json", timeout=60).json()["paths"]
    offered = {
        action(method, path)
        for path, item in paths.items()
        for method in item
        if path.startswith("/v2") and method in {"get", "post", "put", "patch", "delete"}
    }
    assert len(offered) > 30
    # what the workers of a Dask cluster send: test_dask_push.py
    assert {action for action in offered - done if "/v2/pushes/" not in action} == set()
