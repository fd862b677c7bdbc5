"""What is found without a fid: the list of resources, files by a word, the schema of figures."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest


@pytest.fixture
def word():
    """A word that no file of another test contains."""
    return uuid4().hex[:12]


def search(caller, q: str, **params) -> dict:
    return caller.expect(200, "GET", "/v2/search", params={"q": q} | params).json()


def found(caller, q: str, **params) -> list[str]:
    """Give the names of what is found, sorted."""
    return sorted(file["filename"] for file in search(caller, q, **params)["results"])


# --- the resources --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v2", "/v2/", "/v2//", "//v2"])
def test_the_resources_are_listed_by_their_addresses(api, path):
    answer = api.expect(200, "GET", path).json()
    names = ["files", "folders", "grids", "images", "plot-schema", "plots", "search", "users"]
    assert sorted(answer) == names
    for name in names:
        assert answer[name].startswith(f"{api.url}/v2/{name}")
    schema = answer["plot-schema"].removeprefix(api.url)
    api.expect(200, "GET", schema)


# --- search ---------------------------------------------------------------------------------------


def test_files_are_found_by_a_part_of_their_name(api, word):
    grid = api.grid(filename=f"sales {word} 2026")
    plot = api.plot(filename=f"{word}.png", parent_path="a/b")
    folder = api.folder(f"a/x{word}")
    api.grid(filename="another")
    answer = search(api, word)
    assert set(answer) == {"count", "next", "previous", "first", "last", "results"}
    assert answer["count"] == 3
    assert answer["next"] is answer["previous"] is None
    results = {file["fid"]: file for file in answer["results"]}
    assert set(results) == {grid["fid"], plot["fid"], folder["fid"]}
    assert not any({"cols", "figure"} & set(file) for file in answer["results"])
    assert results[grid["fid"]]["filename"] == grid["filename"]
    assert found(api, f"{word} 20") == [grid["filename"]]


def test_capitals_make_no_difference(api, word):
    api.grid(filename=f"Äpfel {word}")
    for q in (word.upper(), f"äPFEL {word}", f"ÄPFEL {word.upper()}"):
        assert found(api, q) == [f"Äpfel {word}"]


@pytest.mark.parametrize("sign", ["%", "_", "*", "?", "\\", "'", '"', "[a]", "%%", "\\%", "+", "&"])
def test_signs_stand_for_themselves(api, word, sign):
    api.grid(filename=f"{word}a{sign}b")
    api.grid(filename=f"{word}axb")
    api.grid(filename=f"{word}ab")
    assert found(api, f"{word}a{sign}b") == [f"{word}a{sign}b"]
    assert found(api, f"{word}a{sign}{sign}b") == []


@pytest.mark.parametrize("sign", ["%", "_"])
def test_signs_stand_for_themselves_in_the_names_of_columns(api, word, sign):
    api.grid({f"{word}a{sign}b": [1]}, filename="with")
    api.grid({f"{word}axb": [1]}, filename="without")
    assert found(api, f"{word}a{sign}b") == ["with"]


def test_grids_are_found_by_the_names_of_their_columns(api, word):
    grid = api.grid({f"Total {word}": [1], "other": [2]}, filename="sales")["fid"]
    api.grid({"x": [word]}, filename="values are not searched")
    assert found(api, f"total {word}") == ["sales"]
    columns = [{"name": f"{word} {n}", "data": [1]} for n in range(2)]
    body = {"cols": str(columns).replace("'", '"')}
    api.expect(201, "POST", f"/v2/grids/{grid}/col", json=body)
    answer = search(api, word)
    assert (answer["count"], len(answer["results"])) == (1, 1)

    for uid in list(api.uids(grid).values())[2:]:
        api.expect(204, "DELETE", f"/v2/grids/{grid}/col?uid={uid}")
    assert found(api, f"{word} 1") == []
    path = f"/v2/grids/{grid}/col?uid={api.uids(grid)['other']}"
    api.expect(200, "PUT", path, json={"cols": [{"name": f"new {word}"}]})
    assert found(api, f"new {word}") == ["sales"]


def test_nothing_is_found_by_a_word_that_no_file_has(api, word):
    answer = search(api, word)
    assert (answer["count"], answer["results"]) == (0, [])


@pytest.mark.parametrize("query", ["", "?q=", "?filetype=grid"])
def test_a_search_for_nothing_is_400(api, query):
    api.grid(filename="sales")
    assert api.refused(400, "GET", f"/v2/search{query}")["field"] == "q"


def test_everyone_finds_his_own_files_and_public_ones(api, other, anonymous, word):
    api.grid({word: [1]}, filename="private column")
    api.grid(filename=f"{word} private")
    api.grid(filename=f"{word} secret", share_key_enabled=True)
    api.grid(filename=f"{word} public", world_readable=True)
    api.grid({word: [1]}, filename="public column", world_readable=True)
    other.grid(filename=f"{word} other's")
    public = [f"{word} public", "public column"]
    assert found(anonymous, word) == sorted(public)
    assert found(other, word) == sorted([*public, f"{word} other's"])
    own = [f"{word} private", f"{word} secret", "private column"]
    assert found(api, word) == sorted([*public, *own])
    assert search(anonymous, word)["count"] == 2


def test_nothing_in_the_trash_is_found(api, word):
    grid = api.grid(filename=word, world_readable=True)["fid"]
    inside = api.grid({word: [1]}, parent_path="folder", world_readable=True)
    api.expect(204, "DELETE", f"/v2/grids/{grid}")
    api.expect(204, "DELETE", f"/v2/folders/{api.username}:{inside['parent']}")
    assert found(api, word) == []
    api.expect(200, "POST", f"/v2/grids/{grid}/restore")
    assert found(api, word) == [word]


def test_a_search_is_narrowed_by_type_and_by_owner(api, other, word):
    api.grid(filename=f"{word} grid", world_readable=True)
    api.plot(filename=f"{word} plot")
    api.folder(f"{word} folder")
    other.grid(filename=f"{word} other's")
    assert found(api, word, filetype="plot") == [f"{word} plot"]
    assert found(api, word, filetype=["plot", "fold"]) == [f"{word} folder", f"{word} plot"]
    assert found(other, word, user=api.username) == [f"{word} grid"]
    assert found(other, word, user=other.username) == [f"{word} other's"]


def test_what_is_found_comes_in_pages_and_in_order(api, word):
    names = [f"{word} {n}" for n in range(5)]
    for name in reversed(names):
        api.grid(filename=name)
    params = {"page_size": 2, "order_by": "-filename", "filetype": "grid"}
    page = search(api, word, **params)
    seen = [file["filename"] for file in page["results"]]
    assert page["count"] == 5
    assert page["previous"] is None
    while page["next"] is not None:
        assert page["next"].startswith(f"{api.url}/v2/search?")
        page = api.expect(200, "GET", page["next"].removeprefix(api.url)).json()
        assert page["count"] == 5
        seen += [file["filename"] for file in page["results"]]
    assert seen == names[::-1]
    back = api.expect(200, "GET", page["previous"].removeprefix(api.url)).json()
    assert [file["filename"] for file in back["results"]] == [names[2], names[1]]


def test_an_order_that_is_none_is_400(api, word):
    api.refused(400, "GET", "/v2/search", params={"q": word, "order_by": "nonsense"})


# --- plot-schema ----------------------------------------------------------------------------------


def test_the_schema_of_figures_is_for_anyone(anonymous):
    answer = anonymous.expect(200, "GET", "/v2/plot-schema").json()
    assert set(answer) == {"sha1", "modified", "schema"}
    assert answer["modified"] is True
    assert re.fullmatch("[0-9a-f]{40}", answer["sha1"])
    assert "scatter" in answer["schema"]["traces"]
    assert "xaxis" in answer["schema"]["layout"]["layoutAttributes"]


def test_who_has_the_schema_is_not_sent_it_again(api):
    first = api.expect(200, "GET", "/v2/plot-schema?sha1=").json()
    known = api.expect(200, "GET", "/v2/plot-schema", params={"sha1": first["sha1"]}).json()
    assert known == {"sha1": first["sha1"], "modified": False, "schema": None}
    stale = api.expect(200, "GET", "/v2/plot-schema", params={"sha1": "0" * 40}).json()
    assert stale == first
    assert first["modified"] is True
