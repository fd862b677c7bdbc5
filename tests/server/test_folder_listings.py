"""What folders list: whose files, in which order, page by page, before and after they are moved."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

PLACES = ["home", "all"]


def number(file: dict) -> int:
    return int(file["fid"].split(":")[1])


def listing(caller, place: str = "home", **params) -> dict:
    path = f"/v2/folders/{place}"
    return caller.expect(200, "GET", path, params=params).json()["children"]


def names(caller, place: str = "home", **params) -> list[str]:
    return [file["filename"] for file in listing(caller, place, **params)["results"]]


def folder_of(file: dict) -> str:
    """Give the fid of the folder that a file lies in."""
    return f"{file['owner']}:{file['parent']}"


def path_of(caller, fid: str) -> str:
    return caller.expect(200, "GET", f"/v2/files/{fid}/path").json()["path"]


@pytest.fixture
def tree(api):
    """``/grid``, ``/plot``, ``/a/grid``, ``/a/b/plot``, and a trashed ``/a/gone``."""
    files = {
        "grid": api.grid(filename="grid"),
        "plot": api.plot(filename="plot"),
        "a/grid": api.grid(filename="grid", parent_path="a"),
        "a/b/plot": api.plot(filename="plot", parent_path="a/b"),
    }
    gone = api.grid(filename="gone", parent_path="a")["fid"]
    api.expect(204, "DELETE", f"/v2/grids/{gone}")
    for path in ("a", "a/b"):
        files[path] = api.expect(200, "GET", f"/v2/files/lookup?path={path}").json()
    return {path: file["fid"] for path, file in files.items()}


# --- what each folder lists -----------------------------------------------------------------------


def test_each_folder_lists_what_lies_in_it(api, tree):
    assert names(api) == ["a", "grid", "plot"]
    assert names(api, tree["a"]) == ["b", "grid"]
    assert names(api, tree["a/b"]) == ["plot"]


def test_all_lists_what_lies_anywhere(api, tree):
    listed = listing(api, "all")
    assert {file["fid"] for file in listed["results"]} == set(tree.values())
    assert listed["count"] == len(tree)


@pytest.mark.parametrize("place", PLACES)
def test_a_listing_is_filtered_by_one_type_or_several(api, tree, place):
    expected = {path: path.rsplit("/", 1)[-1] for path in tree}
    kinds = {"grid": "grid", "plot": "plot", "a": "fold", "b": "fold"}
    for chosen in (["grid"], ["plot"], ["fold"], ["grid", "fold"], ["grid", "plot", "fold"]):
        fids = {
            tree[path]
            for path, name in expected.items()
            if kinds[name] in chosen and (place == "all" or "/" not in path)
        }
        listed = listing(api, place, filetype=chosen)
        assert {file["fid"] for file in listed["results"]} == fids
        assert listed["count"] == len(fids)


def test_what_is_listed_carries_its_meta_but_neither_cols_nor_figure(api, tree):
    for file in listing(api, "all")["results"]:
        meta = api.expect(200, "GET", f"/v2/files/{file['fid']}").json()
        assert file == meta
        assert not {"cols", "figure"} & set(file)


def test_nothing_is_shared_with_anyone_yet(api, other):
    api.grid(world_readable=True, share_key_enabled=True)
    for caller in (api, other):
        listed = listing(caller, "shared")
        assert (listed["count"], listed["results"]) == (0, [])


def test_a_folder_is_retrieved_by_its_resource_with_its_children(api, tree):
    folder = api.expect(200, "GET", f"/v2/folders/{tree['a']}").json()
    assert (folder["fid"], folder["filename"], folder["filetype"]) == (tree["a"], "a", "fold")
    assert folder["children"]["count"] == 2
    for place in ("grid", "plot"):
        api.refused(404, "GET", f"/v2/folders/{tree[place]}")


# --- other users ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_another_users_listing_shows_what_is_public(api, other, anonymous, tree, place):
    public = api.grid(filename="public", world_readable=True)["fid"]
    inside = api.grid(filename="inside", parent_path="a", world_readable=True)["fid"]
    other.grid(filename="mine")
    expected = {public} | ({inside} if place == "all" else set())
    for caller in (other, anonymous):
        listed = listing(caller, place, user=api.username)
        assert {file["fid"] for file in listed["results"]} == expected
        assert listed["count"] == len(expected)
    assert names(other, place) == names(other, place, user=other.username) == ["mine"]


def test_a_public_folder_shows_others_what_is_public_in_it(api, other, anonymous, tree):
    inside = api.grid(filename="inside", parent_path="a", world_readable=True)["fid"]
    for caller in (other, anonymous):
        caller.refused(404, "GET", f"/v2/folders/{tree['a']}")
    api.expect(200, "PATCH", f"/v2/folders/{tree['a']}", json={"world_readable": True})
    for caller in (other, anonymous):
        listed = listing(caller, tree["a"])
        assert [file["fid"] for file in listed["results"]] == [inside]
        assert listed["count"] == 1
    assert names(api, tree["a"]) == ["b", "grid", "inside"]


def test_nobody_sees_the_trash_of_another_user(api, other, anonymous):
    fid = api.grid(world_readable=True)["fid"]
    api.expect(204, "DELETE", f"/v2/grids/{fid}")
    for caller in (other, anonymous):
        for place in ("trashed", "all", "home"):
            response = caller.get(f"/v2/folders/{place}", params={"user": api.username})
            assert fid not in response.text
            assert response.status_code < 500


# --- stars ----------------------------------------------------------------------------------------


def test_the_starred_are_what_the_caller_starred_and_may_still_read(api, other):
    theirs = other.grid(filename="theirs", world_readable=True)["fid"]
    mine, plot = api.grid(filename="mine")["fid"], api.plot(filename="plot", parent_path="a")["fid"]
    api.grid(filename="not starred")
    assert names(api, "starred") == []
    for fid in (theirs, mine, plot):
        api.expect(200, "POST", f"/v2/files/{fid}/star")
    assert names(api, "starred") == ["mine", "plot", "theirs"]
    assert names(api, "starred", filetype="plot") == ["plot"]
    assert names(other, "starred") == []

    other.expect(200, "PATCH", f"/v2/grids/{theirs}", json={"world_readable": False})
    assert names(api, "starred") == ["mine", "plot"]
    assert listing(api, "starred")["count"] == 2
    other.expect(200, "PATCH", f"/v2/grids/{theirs}", json={"world_readable": True})
    api.expect(200, "POST", f"/v2/grids/{mine}/trash")
    assert names(api, "starred") == ["plot", "theirs"]
    api.expect(204, "DELETE", f"/v2/files/{plot}/star")
    assert names(api, "starred") == ["theirs"]


# --- order ----------------------------------------------------------------------------------------


def create_in_different_orders(api) -> None:
    """Create files whose order differs by each key."""
    files = [
        api.grid(filename="c"),
        api.plot(filename="a"),
        api.expect(201, "POST", "/v2/folders", json={"path": "b"}).json()["file"],
        api.grid(filename="d"),
    ]
    fids = {file["filename"]: file["fid"] for file in files}
    seen = {file["date_modified"] for file in files}
    for name in ("d", "b", "c", "a"):
        for n in itertools.count():
            body = {"metadata": {"n": n}}
            changed = api.expect(200, "PATCH", f"/v2/files/{fids[name]}", json=body).json()
            if changed["date_modified"] not in seen:  # they are told to the millisecond
                break
        seen.add(changed["date_modified"])


ORDERS = {
    "filename": ["a", "b", "c", "d"],
    "-filename": ["d", "c", "b", "a"],
    "creation_time": ["c", "a", "b", "d"],
    "-creation_time": ["d", "b", "a", "c"],
    "date_modified": ["d", "b", "c", "a"],
    "-date_modified": ["a", "c", "b", "d"],
    "filetype,filename": ["b", "c", "d", "a"],
    "filetype,-filename": ["b", "d", "c", "a"],
    "-filetype,filename": ["a", "c", "d", "b"],
    "-filetype,-creation_time": ["a", "d", "c", "b"],
}


@pytest.mark.parametrize("place", PLACES)
def test_a_listing_is_in_the_order_that_is_asked_for(api, place):
    create_in_different_orders(api)
    assert names(api, place) == ORDERS["filename"]
    for order, expected in ORDERS.items():
        assert names(api, place, order_by=order) == expected, order
        paged = [names(api, place, order_by=order, page_size=1, page=n) for n in range(1, 5)]
        assert list(itertools.chain(*paged)) == expected, order
    for order in ("filetype", "-filetype"):
        kinds = [file["filetype"] for file in listing(api, place, order_by=order)["results"]]
        assert kinds == sorted(kinds, reverse=order.startswith("-"))


@pytest.mark.parametrize("order", ["nonsense", "-nonsense", "filename,nonsense", "--filename"])
def test_an_order_that_is_none_is_400_naming_those_there_are(api, order):
    error = api.refused(400, "GET", "/v2/folders/home", params={"order_by": order})
    assert error["field"] == "order_by"
    for valid in ("filename", "filetype", "date_modified", "creation_time"):
        assert valid in error["message"]


@pytest.mark.parametrize(
    "order", ["filename,filename", "filename,-filename", ",".join(["filename"] * 3_000)]
)
def test_an_order_that_names_one_thing_twice_is_400(api, order):
    error = api.refused(400, "GET", "/v2/folders/home", params={"order_by": order})
    assert error["field"] == "order_by"
    assert "once" in error["message"]


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [*PLACES, "folder", "starred", "trashed"])
def test_pages_lead_to_each_other_and_keep_what_was_asked(api, place):
    files = [api.grid({}, filename=f"f{n}", parent_path="folder") for n in range(7)]
    home = [api.grid({}, filename=f"f{n}")["fid"] for n in range(7)]
    for fid in home if place in {"starred", "trashed"} else []:
        api.expect(200, "POST", f"/v2/files/{fid}/{'star' if place == 'starred' else 'trash'}")
    where = folder_of(files[0]) if place == "folder" else place
    asked = {"page_size": 3, "order_by": "-filename,creation_time", "filetype": "grid"}
    expected = names(api, where, page_size=100, order_by=asked["order_by"], filetype="grid")
    assert len(expected) == (14 if place == "all" else 7)

    pages = [listing(api, where, **asked)]
    while (following := pages[-1]["next"]) is not None:
        assert following.startswith(f"{api.url}/v2/folders/")
        page = api.expect(200, "GET", following.removeprefix(api.url)).json()["children"]
        pages.append(page)
    seen = [[file["filename"] for file in page["results"]] for page in pages]
    assert list(itertools.chain(*seen)) == expected
    assert [len(page) for page in seen[:-1]] == [3] * (len(seen) - 1)
    assert {page["count"] for page in pages} == {len(expected)}
    assert pages[0]["previous"] is None

    for page, after in itertools.pairwise(pages):
        back = api.expect(200, "GET", after["previous"].removeprefix(api.url)).json()["children"]
        assert back == page
        for end, at in (("first", 0), ("last", -1)):
            url = page[end].removeprefix(api.url)
            assert api.expect(200, "GET", url).json()["children"] == pages[at]


@pytest.mark.parametrize("place", [*PLACES, "starred", "trashed"])
def test_a_page_past_the_end_is_404(api, place):
    fid = api.grid()["fid"]
    if place in {"starred", "trashed"}:
        api.expect(200, "POST", f"/v2/files/{fid}/{'star' if place == 'starred' else 'trash'}")
    assert len(names(api, place, page=1)) == 1
    for page in (2, 3, 10**6):
        api.refused(404, "GET", f"/v2/folders/{place}", params={"page": page})


@pytest.mark.parametrize("params", [{"page": value} for value in ("0", "-1", "x", "", "1.5")])
def test_a_page_that_is_no_number_of_a_page_is_refused(api, params):
    api.grid()
    response = api.get("/v2/folders/home", params=params)
    assert response.status_code in ({200, 400, 404} if params["page"] == "" else {400, 404})


@pytest.mark.parametrize("size", ["0", "-1", "x", str(10**30)])
def test_a_page_size_of_any_kind_never_breaks_the_server(api, size):
    api.grid()
    assert api.get("/v2/folders/home", params={"page_size": size}).status_code in {200, 400}


# --- moves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ["files", "own"])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize("way", ["parent", "parent_path"])
def test_files_of_every_type_move_between_folders(api, tree, resource, method, way):
    api.folder("new/place")
    place = api.expect(200, "GET", "/v2/files/lookup?path=new/place").json()
    target = {"parent": number(place)} if way == "parent" else {"parent_path": "new/place"}
    for path, name in [("grid", "grid"), ("a/b/plot", "plot"), ("a", "a")]:
        kind = {"grid": "grids", "plot": "plots", "a": "folders"}[name]
        address = f"/v2/{kind if resource == 'own' else resource}/{tree[path]}"
        answer = api.expect(200, method, address, json=target).json()
        assert answer["parent"] == answer["parent_id"] == number(place)
        assert path_of(api, tree[path]) == f"/new/place/{name}"
    assert names(api, place["fid"]) == ["a", "grid", "plot"]
    assert names(api) == ["new", "plot"]
    assert path_of(api, tree["a/grid"]) == "/new/place/a/grid"
    assert names(api, tree["a"]) == ["b", "grid"]
    assert names(api, tree["a/b"]) == []
    api.expect(200, "PATCH", f"/v2/files/{tree['a']}", json={"parent": -1})
    assert path_of(api, tree["a/b"]) == "/a/b"


def test_a_folder_does_not_move_into_itself(api, tree):
    for target in ("a", "a/b"):
        parent = int(tree[target].split(":")[1])
        error = api.refused(400, "PATCH", f"/v2/folders/{tree['a']}", json={"parent": parent})
        assert error["field"] == "parent"
        api.refused(400, "PATCH", f"/v2/files/{tree['a']}", json={"parent_path": f"{target}/new"})
    assert path_of(api, tree["a/b/plot"]) == "/a/b/plot"
    assert set(names(api, "all")) == {"a", "b", "grid", "plot"}


def test_two_folders_moved_into_each_other_at_once_stay_in_the_tree(api):
    first, second = api.folder("first"), api.folder("second")

    def move(what: dict, where: dict) -> int:
        with type(api)(api.url, api.username, api.api_key) as own:
            path = f"/v2/folders/{what['fid']}"
            return own.patch(path, json={"parent": number(where)}).status_code

    with ThreadPoolExecutor(2) as pool:
        moved = [pool.submit(move, first, second), pool.submit(move, second, first)]
    assert sorted(answer.result() for answer in moved) == [200, 400]
    assert sorted(path_of(api, file["fid"]).count("/") for file in (first, second)) == [1, 2]


def test_a_file_moves_into_no_other_file_and_not_into_the_trash(api, tree):
    gone = api.folder("gone")
    api.expect(204, "DELETE", f"/v2/folders/{gone['fid']}")
    for parent in (932, number(gone), int(tree["grid"].split(":")[1])):
        error = api.refused(400, "PATCH", f"/v2/files/{tree['plot']}", json={"parent": parent})
        assert error["field"] == "parent"
    assert path_of(api, tree["plot"]) == "/plot"


@pytest.mark.parametrize("moved", ["grid", "plot", "folder"])
@pytest.mark.parametrize("taken", ["grid", "plot", "folder"])
def test_a_file_moved_onto_a_taken_name_stays_where_it_is(api, moved, taken):
    def make(filetype: str, path: str) -> dict:
        if filetype == "folder":
            return api.folder(path)
        parent, _, name = path.rpartition("/")
        place = {"parent_path": parent} if parent else {}
        return (api.grid if filetype == "grid" else api.plot)(filename=name, **place)

    there, here = make(taken, "there/name"), make(moved, "name")
    body = {"parent": there["parent"]}
    error = api.refused(400, "PATCH", f"/v2/files/{here['fid']}", json=body)
    assert error["message"] == "Sorry, a file named 'name' already exists"
    assert error["field"] == "filename"
    assert path_of(api, here["fid"]) == "/name"
    assert path_of(api, there["fid"]) == "/there/name"
    body["filename"] = "another"
    api.expect(200, "PATCH", f"/v2/files/{here['fid']}", json=body)
    assert path_of(api, here["fid"]) == "/there/another"


def test_folders_are_created_inside_folders_of_any_depth(api):
    path = "/".join(f"level {n}" for n in range(20))
    deepest = api.folder(path)
    grid = api.grid(filename="grid", parent_path=path)
    assert grid["parent"] == number(deepest)
    assert path_of(api, grid["fid"]) == f"/{path}/grid"
    assert listing(api, "all")["count"] == 21
    assert names(api) == ["level 0"]


# --- trash ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ["folders", "files"])
def test_the_trash_lists_what_was_put_there_and_not_what_went_along(api, tree, resource):
    assert names(api, "trashed") == ["gone"]
    api.expect(200, "POST", f"/v2/{resource}/{tree['a']}/trash")
    assert names(api, "trashed") == ["a", "gone"]
    assert listing(api, "trashed")["count"] == 2
    assert all(file["deleted"] is True for file in listing(api, "trashed")["results"])
    assert names(api, "trashed", filetype="fold") == ["a"]
    assert names(api, "trashed", order_by="-filename") == ["gone", "a"]
    assert names(api, "all") == ["grid", "plot"]
    for inside in ("a", "a/b", "a/grid", "a/b/plot"):
        api.refused(404, "GET", f"/v2/files/{tree[inside]}")
    api.refused(404, "GET", f"/v2/folders/{tree['a']}")

    assert api.expect(200, "POST", f"/v2/{resource}/{tree['a']}/restore").json()["fid"] == tree["a"]
    assert names(api, "trashed") == ["gone"]
    assert names(api, tree["a"]) == ["b", "grid"]
    assert path_of(api, tree["a/b/plot"]) == "/a/b/plot"


def test_what_is_deleted_for_good_leaves_the_trash(api, tree):
    api.expect(204, "DELETE", f"/v2/folders/{tree['a']}")
    api.expect(204, "DELETE", f"/v2/folders/{tree['a']}/permanent_delete")
    assert "a" not in names(api, "trashed")
    for inside in ("a", "a/b", "a/grid", "a/b/plot"):
        api.refused(404, "POST", f"/v2/files/{tree[inside]}/restore")
    assert names(api, "all") == ["grid", "plot"]


def test_a_folder_restored_onto_a_taken_name_stays_in_the_trash_whole(api, tree):
    api.expect(200, "POST", f"/v2/folders/{tree['a']}/trash")
    api.plot(filename="a")
    error = api.refused(400, "POST", f"/v2/folders/{tree['a']}/restore")
    assert error["field"] == "filename"
    assert "a" in names(api, "trashed")
    api.refused(404, "GET", f"/v2/files/{tree['a/grid']}")
    plot = api.expect(200, "GET", "/v2/plots/lookup?path=a").json()["fid"]
    api.expect(204, "DELETE", f"/v2/plots/{plot}")
    api.expect(200, "POST", f"/v2/folders/{tree['a']}/restore")
    assert names(api, tree["a"]) == ["b", "grid"]


def test_what_was_starred_referenced_and_seen_is_deleted_for_good_with_its_folder(api, other):
    grid = api.grid({"y": [1]}, parent_path="a/b", world_readable=True)
    src = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    figure = {"data": [{"ysrc": src}], "layout": {}}
    inside = api.plot(figure, parent_path="a", world_readable=True)["fid"]
    outside = other.plot(figure)["fid"]
    copy = other.expect(201, "POST", f"/v2/grids/{grid['fid']}/copy").json()["file"]["fid"]
    for fid in (grid["fid"], inside):
        other.expect(200, "POST", f"/v2/files/{fid}/star")
        other.expect(200, "GET", f"/~{fid.replace(':', '/')}/")
    folder = api.expect(200, "GET", "/v2/files/lookup?path=a").json()["fid"]
    api.expect(204, "DELETE", f"/v2/folders/{folder}")
    api.expect(204, "DELETE", f"/v2/folders/{folder}/permanent_delete")
    assert names(api, "trashed") == names(api, "all") == names(other, "starred") == []
    for fid in (outside, copy):
        assert other.expect(200, "GET", f"/v2/files/{fid}").json()["references"] == []
    assert other.table(copy) == {"y": [1]}


def test_what_was_trashed_before_its_folder_is_deleted_for_good_with_it(api, tree):
    for fid in (tree["a/grid"], tree["a"]):
        api.expect(204, "DELETE", f"/v2/files/{fid}")
    assert names(api, "trashed") == ["a", "gone", "grid"]
    api.expect(204, "DELETE", f"/v2/folders/{tree['a']}/permanent_delete")
    assert names(api, "trashed") == []
    api.refused(404, "POST", f"/v2/files/{tree['a/grid']}/restore")
    assert names(api, "all") == ["grid", "plot"]
