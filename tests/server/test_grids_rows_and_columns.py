"""Rows and columns of a grid: padding, lengths, order, names, uids."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest


def append(caller, fid: str, rows: list) -> dict:
    return caller.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": rows}).json()


def add_columns(caller, fid: str, *columns: dict) -> list[dict]:
    body = {"cols": json.dumps(columns)}
    return caller.expect(201, "POST", f"/v2/grids/{fid}/col", json=body).json()["cols"]


def put_columns(caller, fid: str, uids: list[str], *columns: dict) -> None:
    path = f"/v2/grids/{fid}/col?uid={','.join(uids)}"
    caller.expect(200, "PUT", path, json={"cols": json.dumps(columns)})


# --- rows -----------------------------------------------------------------------------------------


def test_shorter_rows_are_padded_with_null(api):
    fid = api.grid({"x": [1], "y": [2], "z": [3]})["fid"]
    assert append(api, fid, [[4], [5, 6], [], [7, 8, 9]])["row_count"] == 5
    assert api.table(fid) == {
        "x": [1, 4, 5, None, 7],
        "y": [2, None, 6, None, 8],
        "z": [3, None, None, None, 9],
    }


def test_a_longer_row_is_400_and_none_of_its_neighbours_is_appended(api):
    fid = api.grid({"x": [1], "y": [2]})["fid"]
    body = {"rows": [[3, 4], [5, 6, 7], [8, 9]]}
    error = api.refused(400, "POST", f"/v2/grids/{fid}/row", json=body)
    assert error["field"] == "rows"
    assert api.table(fid) == {"x": [1], "y": [2]}


@pytest.mark.parametrize("rows", [5, "x", {"x": [1]}, [5], [[1, 2], "ab"], [[1, 2], None], None])
def test_rows_that_are_no_list_of_lists_are_400_and_nothing_is_appended(api, rows):
    fid = api.grid()["fid"]
    before = api.table(fid)
    error = api.refused(400, "POST", f"/v2/grids/{fid}/row", json={"rows": rows})
    assert error["field"] == "rows"
    assert api.table(fid) == before


def test_a_body_without_rows_is_400(api):
    fid = api.grid()["fid"]
    assert api.refused(400, "POST", f"/v2/grids/{fid}/row", json={})["field"] == "rows"


def test_rows_may_be_a_json_string(api):
    fid = api.grid()["fid"]
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": "[[5, 6], [7, null]]"})
    assert api.table(fid) == {"x": [1, 2, 5, 7], "y": [3, 4, 6, None]}


def test_rows_follow_the_order_of_the_columns_not_of_their_creation(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    put_columns(api, fid, [api.uids(fid)["b"]], {"order": 0})
    append(api, fid, [["to b", "to a"]])
    assert api.table(fid) == {"b": [2, "to b"], "a": [1, "to a"]}


def test_rows_of_another_type_than_the_column_are_appended(api):
    fid = api.grid({"x": ["a", "b"]})["fid"]
    append(api, fid, [[1.5], [True], [None], [{"k": [1]}]])
    assert api.table(fid) == {"x": ["a", "b", 1.5, True, None, {"k": [1]}]}


def test_appends_of_many_callers_at_once_land_whole_and_once(api, new_user):
    fid = api.grid({"writer": [], "n": []})["fid"]

    def write(writer: int) -> None:
        with type(api)(api.url, api.username, api.api_key) as own:
            for n in range(0, 20, 2):
                append(own, fid, [[writer, n], [writer, n + 1]])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    table = api.table(fid)
    rows = list(zip(table["writer"], table["n"], strict=True))
    assert len(rows) == 160
    for writer in range(8):
        assert [n for who, n in rows if who == writer] == list(range(20))
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    assert all(second == (writer, n + 1) for (writer, n), second in pairs)


# --- lengths of columns ---------------------------------------------------------------------------


def test_columns_may_differ_in_length_and_are_padded_before_rows_are_appended(api):
    fid = api.grid({"x": [1, 2, 3], "y": ["a"], "z": []})["fid"]
    assert api.table(fid) == {"x": [1, 2, 3], "y": ["a"], "z": []}
    assert append(api, fid, [[4, "d", True]])["row_count"] == 4
    assert api.table(fid) == {
        "x": [1, 2, 3, 4],
        "y": ["a", None, None, "d"],
        "z": [None, None, None, True],
    }


def test_a_longer_column_added_later_pads_the_others_before_the_next_row(api):
    fid = api.grid({"x": [1]})["fid"]
    add_columns(api, fid, {"name": "y", "data": [1, 2, 3]})
    assert api.table(fid) == {"x": [1], "y": [1, 2, 3]}
    append(api, fid, [[9, 9]])
    assert api.table(fid) == {"x": [1, None, None, 9], "y": [1, 2, 3, 9]}


def test_a_column_replaced_by_a_shorter_one_is_padded_before_the_next_row(api):
    fid = api.grid({"x": [1, 2, 3], "y": [4, 5, 6]})["fid"]
    append(api, fid, [[10, 10]])
    put_columns(api, fid, [api.uids(fid)["y"]], {"data": [7]})
    assert api.table(fid) == {"x": [1, 2, 3, 10], "y": [7]}
    append(api, fid, [[9, 9]])
    assert api.table(fid) == {"x": [1, 2, 3, 10, 9], "y": [7, None, None, None, 9]}


# --- order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "orders",
    [
        {"b": 0, "a": 1, "c": 2},
        {"b": 1, "a": 2, "c": 3},
        {"b": 0, "a": 0, "c": 0},
        {"b": 0, "a": 7, "c": 900},
        {"b": None, "a": None, "c": None},
    ],
    ids=["0-based", "1-based", "all equal", "with gaps", "missing"],
)
def test_columns_are_in_their_order_which_is_renumbered_from_0(api, orders):
    cols = {
        name: {"data": [1]} if order is None else {"data": [1], "order": order}
        for name, order in orders.items()
    }
    file = api.expect(201, "POST", "/v2/grids", json={"data": {"cols": cols}}).json()["file"]
    assert [col["name"] for col in file["cols"]] == ["b", "a", "c"]
    assert list(api.table(file["fid"])) == ["b", "a", "c"]


def test_columns_sent_alphabetically_as_old_clients_do_keep_their_order(api):
    cols = {"a": {"data": [1], "order": 2}, "b": {"data": [2], "order": 0}, "c": {"data": [3]}}
    cols["c"]["order"] = 1
    file = api.expect(201, "POST", "/v2/grids", json={"data": {"cols": cols}}).json()["file"]
    assert list(api.uids(file["fid"])) == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [("c", 0, "cab"), ("a", 1, "bac"), ("a", 2, "bca"), ("b", 0, "bac"), ("b", 1, "abc")],
)
def test_a_column_put_to_another_place_moves_the_others(api, moved, to, expected):
    fid = api.grid({"a": [1], "b": [2], "c": [3]})["fid"]
    put_columns(api, fid, [api.uids(fid)[moved]], {"order": to})
    assert "".join(api.table(fid)) == expected


def test_columns_change_places_in_one_request(api):
    fid = api.grid({"a": [1], "b": [2], "c": [3]})["fid"]
    uids = api.uids(fid)
    put_columns(api, fid, [uids["a"], uids["c"]], {"order": 2}, {"order": 0})
    assert "".join(api.table(fid)) == "cba"
    assert api.uids(fid) == {name: uids[name] for name in "cba"}


def test_new_columns_go_last_or_where_their_order_says(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    add_columns(api, fid, {"name": "last", "data": [3]})
    add_columns(api, fid, {"name": "first", "data": [4], "order": 0})
    assert list(api.table(fid)) == ["first", "a", "b", "last"]


# --- adding, replacing and removing columns -------------------------------------------------------


def test_col_post_answers_the_new_columns_only_in_request_order(api):
    fid = api.grid({"a": [1]})["fid"]
    new = add_columns(api, fid, {"name": "z", "data": [1]}, {"name": "b", "data": [2]})
    assert [col["name"] for col in new] == ["z", "b"]
    assert api.uids(fid) | {col["name"]: col["uid"] for col in new} == api.uids(fid)


@pytest.mark.parametrize(
    "columns",
    [
        [{"name": "a", "data": [1]}],
        [{"name": "new", "data": [1]}, {"name": "new", "data": [2]}],
        [{"name": "new", "data": [1]}, {"name": "a", "data": [2]}],
    ],
)
def test_a_new_column_of_a_taken_name_is_400_and_none_is_added(api, columns):
    fid = api.grid({"a": [1]})["fid"]
    error = api.refused(400, "POST", f"/v2/grids/{fid}/col", json={"cols": json.dumps(columns)})
    assert columns[-1]["name"] in error["message"]
    assert "already exists" not in error["message"]  # clients take these words for a file's name
    assert api.table(fid) == {"a": [1]}


def test_a_column_renamed_to_a_taken_name_is_400_and_nothing_changes(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    path = f"/v2/grids/{fid}/col?uid={api.uids(fid)['b']}"
    api.refused(400, "PUT", path, json={"cols": '[{"name": "a", "data": [3]}]'})
    assert api.table(fid) == {"a": [1], "b": [2]}


def test_columns_change_names_in_one_request(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    uids = api.uids(fid)
    put_columns(api, fid, [uids["a"], uids["b"]], {"name": "b"}, {"name": "a"})
    assert list(api.table(fid).items()) == [("b", [1]), ("a", [2])]


def test_col_put_takes_an_array_too(api):
    fid = api.grid({"a": [1]})["fid"]
    path = f"/v2/grids/{fid}/col?uid={api.uids(fid)['a']}"
    api.expect(200, "PUT", path, json={"cols": [{"data": [5], "name": "b", "order": 0}]})
    assert api.table(fid) == {"b": [5]}


def test_col_put_leaves_what_it_does_not_name(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    uids = api.uids(fid)
    put_columns(api, fid, [uids["b"]], {"data": [3]})
    assert api.uids(fid) == uids
    put_columns(api, fid, [uids["b"]], {"name": "c"})
    assert list(api.table(fid).items()) == [("a", [1]), ("c", [3])]


def test_col_get_without_uid_answers_all_columns(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    cols = api.expect(200, "GET", f"/v2/grids/{fid}/col").json()["cols"]
    assert [(col["name"], col["order"], col["data"]) for col in cols] == [
        ("a", 0, [1]),
        ("b", 1, [2]),
    ]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_changing_columns_without_saying_which_is_400(api, method):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    body = {"cols": '[{"data": [9]}]'}
    assert api.refused(400, method, f"/v2/grids/{fid}/col", json=body)["field"] == "uid"
    assert api.table(fid) == {"a": [1], "b": [2]}


def test_col_delete_is_204_and_renumbers(api):
    fid = api.grid({"a": [1], "b": [2], "c": [3], "d": [4]})["fid"]
    uids = api.uids(fid)
    path = f"/v2/grids/{fid}/col?uid={uids['a']},{uids['c']}"
    assert api.expect(204, "DELETE", path).content == b""
    assert list(api.table(fid).items()) == [("b", [2]), ("d", [4])]
    assert append(api, fid, [[5, 6]])["row_count"] == 2


def test_col_delete_of_an_unknown_uid_is_400_and_deletes_none(api):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    path = f"/v2/grids/{fid}/col?uid={api.uids(fid)['a']},ffffff0"
    assert "ffffff0" in api.refused(400, "DELETE", path)["message"]
    assert list(api.table(fid)) == ["a", "b"]


def test_the_uid_of_another_grids_column_is_unknown(api):
    fid, another = api.grid({"a": [1]})["fid"], api.grid({"b": [2]})["fid"]
    taken = set(api.uids(fid).values())
    uid = next(uid for uid in api.uids(another).values() if uid not in taken)
    for method in ("GET", "PUT", "DELETE"):
        body = {"cols": '[{"data": [9]}]'}
        api.refused(400, method, f"/v2/grids/{fid}/col?uid={uid}", json=body)
    assert api.table(another) == {"b": [2]}


@pytest.mark.parametrize(
    "cols",
    ["not json", "5", "{}", "[5]", '[{"data": [1]}]', '[{"name": 5, "data": [1]}]', None],
)
def test_new_columns_that_are_none_are_400(api, cols):
    fid = api.grid({"a": [1]})["fid"]
    api.refused(400, "POST", f"/v2/grids/{fid}/col", json={"cols": cols})
    assert api.table(fid) == {"a": [1]}


def test_a_grid_of_two_hundred_columns_has_two_hundred_uids(api):
    fid = api.grid({f"column {n}": [n] for n in range(200)})["fid"]
    assert len(set(api.uids(fid).values())) == 200
    assert list(api.table(fid)) == [f"column {n}" for n in range(200)]


def test_a_grid_has_16384_columns_at_most(api):
    error = api.refused(400, "POST", "/v2/grids", json={"data": {"cols": many_columns(16_385)}})
    assert error["field"] == "cols"
    answer = api.expect(201, "POST", "/v2/grids", json={"data": {"cols": many_columns(16_384)}})
    fid = answer.json()["file"]["fid"]
    column = {"cols": json.dumps([{"name": "one more", "data": [1]}])}
    error = api.refused(400, "POST", f"/v2/grids/{fid}/col", json=column)
    assert error["field"] == "cols"
    assert "16,385" in error["message"]


def many_columns(count: int) -> dict[str, dict]:
    return {f"c{n}": {"data": [1]} for n in range(count)}
