"""What nobody may know of answers as what is not there: in every word, and in time."""

from __future__ import annotations

import re
import statistics
from string import Template

import pytest

from .actions import CASES, RESOURCES, Action, Case, File, World, ask

HIDDEN = ["private", "secret", "trashed"]


def odd_requests(resource: str) -> list[Action]:
    """Give what nobody means to do, and what is wrong in itself."""
    file = f"/v2/{resource}/$owner:$id"
    return [
        Action("read", 200, "HEAD", file),
        Action("read", 200, "OPTIONS", file),
        Action("read", 200, "POST", file, {}),
        Action("read", 200, "GET", f"{file}/nonsense"),
        Action("read", 200, "GET", f"{file}/content?start=-1"),
        Action("read", 200, "GET", f"{file}/col?uid=nonsense"),
        Action("read", 200, "GET", f"/v2/{resource}/lookup?user=$owner&parent=$id&path=a"),
        Action("read", 200, "GET", f"/v2/{resource}/lookup?user=$owner&path=file $id/a"),
        Action("read", 200, "GET", f"/v2/{resource}/lookup?user=$owner&path=file $id&exists=true"),
        Action("write", 200, "PATCH", file, {"filename": 5}),
        Action("write", 200, "PATCH", file, {"filename": "a" * 101}),
        Action("write", 200, "PATCH", file, {"parent": 932, "world_readable": "perhaps"}),
        Action("write", 200, "PUT", file, {"metadata": "not json", "figure": 5}),
        Action("copy", 201, "POST", f"{file}/copy", {"parent": 932, "filename": 5}),
        Action("write", 200, "POST", f"{file}/drop_reference", {"fid": "nonsense"}),
        Action("write", 201, "POST", f"{file}/row", {"rows": [[1, 2, 3, 4]]}),
        Action("write", 201, "POST", f"{file}/col", {"cols": [5]}),
    ]


ODD = [
    Case(filetype, action)
    for filetype in RESOURCES
    for resource in [*RESOURCES.values(), "files"]
    for action in odd_requests(resource)
]


@pytest.fixture(scope="module")
def hiding(new_user):
    """Files whose ids have as many digits as the id that is missing."""
    world = World(new_user, type(new_user()), missing=99)
    for _ in range(10):
        world.owner.grid({})
    assert world.kept("grid", "private").number in range(10, 90)
    return world


def told(caller, action: Action, file: File, headers: dict[str, str] | None = None) -> tuple:
    """Give all that an answer says, but for its date and id and what the file is called."""
    response = ask(caller, action, file, headers)
    said = response.headers.lower_items()
    kept = {name: value for name, value in said if name not in {"date", "x-request-id"}}
    body = re.sub(rf"\b{file.number}\b".encode(), b"ID", response.content)
    return response.status_code, kept, body


@pytest.mark.parametrize("case", [*CASES, *ODD], ids=str)
def test_a_hidden_file_answers_as_a_missing_one(hiding, case):
    filetype, action = case
    for caller in (hiding.other, hiding.anonymous):
        expected = told(caller, action, hiding.kept(filetype, "missing"))
        for hidden in HIDDEN:
            there = hiding.kept(filetype, hidden)
            assert told(caller, action, there) == expected, (caller.username, hidden)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("page", ["/", "", ".embed", ".csv", ".json", ".png", "/.json"])
@pytest.mark.parametrize("filetype", RESOURCES)
def test_a_hidden_page_answers_a_browser_as_a_missing_one(hiding, filetype, page, hidden):
    there, missing = hiding.kept(filetype, hidden), hiding.kept(filetype, "missing")
    action = Action("read", 200, "GET", f"/~$owner/$id{page}")
    for caller, status in [(hiding.other, 404), (hiding.anonymous, 401)]:
        for headers in ({"Accept": "text/html"}, {"Sec-Fetch-Mode": "navigate"}):
            seen = told(caller, action, there, headers)
            assert seen == told(caller, action, missing, headers)
            assert seen[0] == status
            if status == 401:
                assert seen[1]["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_naming_a_hidden_file_tells_no_more_than_naming_a_missing_one(hiding, hidden):
    caller, files = hiding.other, [hiding.kept("grid", v) for v in (hidden, "missing")]

    def created(file: File) -> list:
        body = {"data": {"cols": {}}, "source_fid": file.fid}
        response = caller.post("/v2/grids", json=body)
        if response.status_code != 201:
            return [response.status_code, response.text.replace(file.fid, "FID")]
        answer = response.json()
        fid = answer["file"]["fid"]
        dropped = caller.post(f"/v2/grids/{fid}/drop_reference", json={"fid": file.fid})
        sources = caller.get(f"/v2/grids/{fid}/sources").json()
        return [answer["file"]["references"], answer["warnings"], dropped.status_code, sources]

    assert created(files[0]) == created(files[1])


def test_a_public_file_does_not_tell_of_the_private_folder_that_it_lies_in(api, other, anonymous):
    for _ in range(10):
        api.grid({})
    grid = api.grid(filename="public", parent_path="hush/hush", world_readable=True)
    folder = f"{api.username}:{grid['parent']}"
    owner = api.expect(200, "GET", f"/v2/grids/{grid['fid']}").text
    assert folder in owner
    for caller in (other, anonymous):
        for path in (
            f"/v2/grids/{grid['fid']}",
            f"/v2/files/{grid['fid']}/path",
            f"/v2/folders/all?user={api.username}",
            f"/v2/search?q=public&user={api.username}",
            f"/~{grid['fid'].replace(':', '/')}/",
        ):
            told = caller.expect(200, "GET", path).text
            assert "public" in told
            assert folder not in told
            assert "hush" not in told
        file = caller.expect(200, "GET", f"/v2/files/{grid['fid']}").json()
        assert grid["parent"] not in {file["parent"], file["parent_id"]}


# --- time -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(hiding):
    """A private and a public grid that it takes its time to tell of, and two ids of nobody."""
    columns = {f"column {n}": [n] for n in range(300)}
    metadata = {f"key {n}": "value" for n in range(5_000)}
    fids = [
        hiding.owner.grid(columns, metadata=metadata, world_readable=public)["fid"]
        for public in (False, True)
    ]
    return dict(zip(("private", "public"), fids, strict=True)) | {
        "missing": f"{hiding.owner.username}:98",
        "missing too": f"{hiding.owner.username}:97",
    }


def told_by_time(
    caller, method: str, path: str, fids: dict[str, str], *, rounds: int, body: str | None = None
) -> bool:
    """Tell whether one file's answers take longer than those of two that are missing.

    Whatever else the machine does only adds to a time, so the quickest tenth of each is compared;
    and it meets all alike, as their requests take turns.
    """
    times: dict[str, list[float]] = {kind: [] for kind in fids}
    for round_ in range(rounds):
        for kind in fids if round_ % 2 else reversed(fids):
            owner, number = fids[kind].split(":")
            address, data = (
                text and Template(text).substitute(owner=owner, id=number) for text in (path, body)
            )
            headers = {"Content-Type": "application/json"} if data else {}
            elapsed = caller.request(method, address, data=data, headers=headers).elapsed
            times[kind].append(elapsed.total_seconds())
    there, missing, too = (statistics.quantiles(kept, n=10)[0] for kept in times.values())
    bound = max(4 * abs(missing - too), 0.25 * missing)
    return abs(there - (missing + too) / 2) > bound


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2/grids/$owner:$id"),
        ("GET", "/v2/files/$owner:$id/content"),
        ("GET", "/~$owner/$id.json"),
        ("POST", "/v2/grids/$owner:$id/copy"),
        ("DELETE", "/v2/grids/$owner:$id"),
    ],
)
def test_a_private_file_is_not_told_by_the_time_that_its_answer_takes(hiding, large, method, path):
    fids = {kind: large[kind] for kind in ("private", "missing", "missing too")}
    assert not told_by_time(hiding.other, method, path, fids, rounds=200)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/grids", '{"data": {"cols": {}}, "source_fid": "$owner:$id"}'),
        ("/v2/grids/%s/drop_reference", '{"fid": "$owner:$id"}'),
        ("/v2/plots/%s/drop_reference", '{"fid": "$owner:$id"}'),
    ],
)
def test_a_private_file_is_not_told_by_the_time_that_it_takes_to_name_it(
    hiding, large, api, path, body
):
    fids = {kind: large[kind] for kind in ("private", "missing", "missing too")}
    if "%s" in path:
        path %= (api.plot() if "plots" in path else api.grid())["fid"]
    assert not told_by_time(api, "POST", path, fids, rounds=100, body=body)


def test_a_public_file_would_be_told_by_the_same_measure(hiding, large):
    fids = {kind: large[kind] for kind in ("public", "missing", "missing too")}
    assert told_by_time(hiding.other, "GET", "/v2/grids/$owner:$id", fids, rounds=40)
