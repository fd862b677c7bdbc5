"""curl: the examples of the API's documents and, with its arrays, what Falcon sent."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from recorder import call

USER = f"{os.environ['PLOTLY_USERNAME']}:{os.environ['PLOTLY_API_KEY']}"
COLUMNS = {
    "first column": {"data": ["a", "b", "c"], "order": 0},
    "second column": {"data": [1, 2, 3], "order": 1},
}


class CurlError(Exception):
    """An answer that is an error; curl's own exit status is 22 then."""


def curl(path: str, *options: str, body: object = None, platform: str = "curl") -> bytes:
    """Run curl as a user would type it, with a JSON body on its standard input."""
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "--user", USER]
    command += ["-H", f"Plotly-Client-Platform: {platform}", *options]
    if body is not None:
        command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
    done = subprocess.run(
        [*command, os.environ["PLOTLY_API_DOMAIN"] + path],
        check=False,
        input=json.dumps(body).encode(),
        capture_output=True,
    )
    if done.returncode:
        raise CurlError(f"{done.stderr.decode().strip()}: {done.stdout.decode()}")
    return done.stdout


def grid(name: str, **fields: object) -> dict:
    body = {"data": {"cols": COLUMNS}, "filename": name} | fields
    return json.loads(curl("/v2/grids", body=body))["file"]


# grids: the examples of the grids endpoint's document
with call("POST /v2/grids") as detail:
    detail.update(grid("created"))
with call("POST /v2/grids, data as a string, in a folder") as detail:
    folder = json.loads(curl("/v2/folders", body={"path": "folder"}))["file"]
    parent = int(folder["fid"].split(":")[1])
    cols = {"first": {"data": [1, 2, 3], "order": 0}}
    detail.update(grid("new grid", data=json.dumps({"cols": cols}), parent=parent))
    detail["asked"] = parent
with call("POST /v2/grids/FID/row") as detail:
    detail["fid"] = grid("rows")["fid"]
    curl(f"/v2/grids/{detail['fid']}/row", body={"rows": [[1, 0.5], [2, 0.1], [3, 0.7]]})
with call("GET /v2/grids/FID/col") as detail:
    file = grid("col get")
    uids = [col["uid"] for col in file["cols"]]
    got = json.loads(curl(f"/v2/grids/{file['fid']}/col?uid={uids[1]},{uids[0]}"))
    detail.update({"asked": uids[::-1], "cols": got["cols"]})
with call("GET /v2/grids/FID/col, of a uid that it has not"):
    curl(f"/v2/grids/{grid('col get other')['fid']}/col?uid=not_contained_in_grid")
with call("PUT /v2/grids/FID/col") as detail:
    file = grid("col put")
    detail.update({"fid": file["fid"], "uids": [col["uid"] for col in file["cols"]]})
    cols = json.dumps([{"data": [0, 1], "name": "new name"}, {"data": ["a", "b"]}])
    query = "uid=" + ",".join(detail["uids"])
    curl(f"/v2/grids/{file['fid']}/col?{query}", "-X", "PUT", body={"cols": cols})
with call("POST /v2/grids/FID/col") as detail:
    detail["fid"] = grid("col post")["fid"]
    new = [{"name": "col name 1", "data": [0, 1]}, {"name": "col name 2", "data": [9, 9]}]
    got = curl(f"/v2/grids/{detail['fid']}/col", body={"cols": json.dumps(new)})
    detail["cols"] = json.loads(got)["cols"]
with call("POST /v2/grids/FID/col, cols as an array"):
    curl(f"/v2/grids/{grid('col array')['fid']}/col", body={"cols": new})
with call("GET /v2/grids/FID") as detail:
    file = grid("retrieved")
    detail.update({"created": file, "retrieved": json.loads(curl(f"/v2/grids/{file['fid']}"))})
with call("GET /v2/grids/FID/content") as detail:
    detail.update(json.loads(curl(f"/v2/grids/{grid('content')['fid']}/content")))
with call("DELETE /v2/grids/FID") as detail:
    detail["fid"] = grid("destroyed")["fid"]
    curl(f"/v2/grids/{detail['fid']}", "-X", "DELETE")
with call("PATCH /v2/grids/FID") as detail:
    detail["fid"] = grid("patched")["fid"]
    fields = {"filename": "my new and unique grid name", "parent": parent}
    fields["metadata"] = json.dumps({"content": "copy copy"})
    curl(f"/v2/grids/{detail['fid']}", "-X", "PATCH", body=fields)
with call("PUT /v2/grids/FID") as detail:
    detail["fid"] = grid("put", parent=parent)["fid"]
    fields = {"filename": "my newer grid name", "parent": -1, "world_readable": True}
    curl(f"/v2/grids/{detail['fid']}", "-X", "PUT", body=fields)
with call("POST /v2/grids/FID/trash") as detail:
    detail["fid"] = grid("trashed")["fid"]
    curl(f"/v2/grids/{detail['fid']}/trash", "-X", "POST")
with call("POST /v2/grids/FID/restore") as detail:
    detail["fid"] = grid("restored")["fid"]
    curl(f"/v2/grids/{detail['fid']}/trash", "-X", "POST")
    curl(f"/v2/grids/{detail['fid']}/restore", "-X", "POST")
with call("DELETE /v2/grids/FID/permanent_delete") as detail:
    detail["fid"] = grid("deleted")["fid"]
    curl(f"/v2/grids/{detail['fid']}/trash", "-X", "POST")
    curl(f"/v2/grids/{detail['fid']}/permanent_delete", "-X", "DELETE")
with call("GET /v2/grids/lookup") as detail:
    detail["fid"] = grid("my_file", parent_path="my_folder")["fid"]
    detail["found"] = json.loads(curl("/v2/grids/lookup?path=my_folder/my_file"))["fid"]
with call("POST /v2/grids/FID/drop_reference") as detail:
    original = grid("original")["fid"]
    detail["fid"] = grid("derived", source_fid=original)["fid"]
    detail["before"] = json.loads(curl(f"/v2/grids/{detail['fid']}"))["references"]
    detail["original"] = original
    curl(f"/v2/grids/{detail['fid']}/drop_reference", body={"fid": original})
with call("POST /v2/grids/upload") as detail:
    Path("sales.csv").write_text("month,total\nJan,1.5\nFeb,\n")
    headers = ["-H", "X-File-Name: sales.csv", "-H", "Plotly-Parent-Path: uploads"]
    sent = ["--data-binary", "@sales.csv"]  # which curl calls a form
    detail.update(json.loads(curl("/v2/grids/upload", *headers, *sent))["file"])
with call("POST /v2/grids/upload, a form") as detail:
    Path("form.csv").write_text("a;b\n1;ä\n2;ö\n")
    detail.update(json.loads(curl("/v2/grids/upload", "-F", "files=@form.csv"))["file"])

# Falcon
with call("Falcon's update of a grid") as detail:
    platform = "db-connect"
    cols = {"a": {"data": [1], "order": 0}, "b": {"data": ["x"], "order": 1}}
    body = {"data": {"cols": cols | {"c": {"data": [0], "order": 2}}}, "filename": "falcon"}
    path = "/v2/grids"
    file = json.loads(curl(path, body=body, platform=platform))["file"]
    path += f"/{file['fid']}/col"
    uids = [col["uid"] for col in json.loads(curl(path, platform=platform))["cols"]]
    curl(f"{path}?uid={uids[2]}", "-X", "DELETE", platform=platform)
    update = {"cols": [{"data": [3], "name": "d", "order": 0}, {"data": ["z"], "order": 1}]}
    curl(f"{path}?uid={uids[0]},{uids[1]}", "-X", "PUT", body=update, platform=platform)
    detail.update({"fid": file["fid"], "uids": uids})

# images: the example of the images endpoint's document
for kind in ("png", "jpeg", "webp", "svg", "pdf", "eps"):
    with call(f"POST /v2/images, {kind}") as detail:
        shown = {"data": [{"y": [10, 10, 2, 20]}], "layout": {"width": 700}}
        body = {"figure": shown, "format": kind, "encoded": False}
        detail["file"] = f"image.{kind}"
        Path(detail["file"]).write_bytes(curl("/v2/images", body=body))
with call("POST /v2/images, encoded") as detail:
    body = {"figure": shown, "format": "png", "encoded": True}
    detail["url"] = curl("/v2/images", body=body).decode()
with call("POST /v2/images, of a grid's columns") as detail:
    file = grid("to draw")
    x, y = (f"{file['fid']}:{col['uid']}" for col in file["cols"])
    body = {"figure": {"data": [{"xsrc": x, "ysrc": y}]}, "format": "svg"}
    detail["file"] = "columns.svg"
    Path(detail["file"]).write_bytes(curl("/v2/images", body=body))

# plots, and what a browser would open
with call("POST /v2/plots") as detail:
    body = {"figure": shown, "filename": "plot", "world_readable": True}
    detail.update(json.loads(curl("/v2/plots", body=body))["file"])
with call("GET /v2/plots/FID/content") as detail:
    fid = json.loads(curl("/v2/plots", body={"figure": shown}))["file"]["fid"]
    detail.update(json.loads(curl(f"/v2/plots/{fid}/content?inline_data=true")))
with call("GET /~USER/ID.csv") as detail:
    page = f"/~{grid('to download')['fid'].replace(':', '/')}"
    detail["text"] = curl(f"{page}.csv").decode()
with call("GET /~USER/ID.json") as detail:
    detail.update(json.loads(curl(f"{page}.json")))
with call("GET /v2/search") as detail:
    detail["fid"] = grid("needle in a haystack")["fid"]
    detail["found"] = json.loads(curl("/v2/search?q=NEEDLE"))["results"]
with call("GET /v2/folders/home") as detail:
    detail.update(json.loads(curl("/v2/folders/home"))["children"])
with call("GET /v2") as detail:
    detail.update(json.loads(curl("/v2")))
with call("GET /v2/plot-schema") as detail:
    schema = json.loads(curl("/v2/plot-schema?sha1="))
    again = json.loads(curl(f"/v2/plot-schema?sha1={schema['sha1']}"))
    detail.update({"traces": sorted(schema["schema"]["traces"]), "again": again["schema"]})
