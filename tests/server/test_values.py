"""Values go into a grid and come out of it exactly as they were, whatever way they went in."""

from __future__ import annotations

import json

import pytest

COLUMNS = {
    "big integers": [2**53 + 1, -(2**63), 2**64, 2**70, -(10**40), 0],
    "floats": [1e-300, 1.7976931348623157e308, 5e-324, -0.0, 0.1, 1.0],
    "floats with gaps": [1.5, None, 2.5, None, None, -3.25],
    "integers with gaps": [1, None, 3, None, 5, -6],
    "integers and floats": [1, 1.0, 2, 2.5, 3, 3.0],
    "true, 1 and 1.0": [True, 1, 1.0, False, 0, 0.0],
    "booleans": [True, False, None, True, False, None],
    "text": ["", " ", "naïve", "日本語", "🐝🏽", "\u202eabc"],
    "control characters": ["\0", "a\0b", "\n", "\r\n", "\t", "\x7f"],
    "quotes": ['"', "\\", "</script>", "'; DROP TABLE files; --", "%s", "{}"],
    "text that looks like other things": ["1", "null", "true", "NaN", "[1]", "2026-01-01"],
    "dates": ["2020-01-02", "2020-01-01T00:00:00-05:00", "2020-01-01 03:04:05.000000"] * 2,
    "lists and objects": [[], {}, [[1, [2]]], {"a": {"b": [None]}}, {"": 0}, [2**70]],
    "mixed": [1, "one", None, True, 1.5, [1, "x", {"k": None}]],
    "nothing": [None] * 6,
}


def exact(value) -> str:
    """Write a value so that 1, 1.0 and true differ, and so do 0.0 and -0.0."""
    return repr(value)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_created_column_comes_back_exactly(api, name):
    fid = api.grid({name: COLUMNS[name]})["fid"]
    assert exact(api.table(fid)) == exact({name: COLUMNS[name]})


def test_columns_of_all_types_side_by_side_come_back_exactly(api):
    fid = api.grid(COLUMNS)["fid"]
    assert exact(api.table(fid)) == exact(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_appended_rows_come_back_exactly(api, name):
    fid = api.grid({name: COLUMNS[name][:2]})["fid"]
    for value in COLUMNS[name][2:]:
        api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[value]]})
    assert exact(api.table(fid)) == exact({name: COLUMNS[name]})


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_sent_inside_a_json_string_come_back_exactly(api, name):
    fid = api.grid({"first": [0]})["fid"]
    body = {"cols": json.dumps([{"name": name, "data": COLUMNS[name]}])}
    api.expect(201, "POST", f"/v2/grids/{fid}/col", json=body)
    assert exact(api.table(fid)[name]) == exact(COLUMNS[name])

    path = f"/v2/grids/{fid}/col?uid={api.uids(fid)[name]}"
    data = COLUMNS[name][::-1]
    api.expect(200, "PUT", path, json={"cols": json.dumps([{"data": data}])})
    answer = api.expect(200, "GET", path).json()
    assert exact(answer["cols"][0]["data"]) == exact(data)


@pytest.mark.parametrize("name", ["", " ", "a.b", "a,b", "日本語", 'say "hi"', "x" * 500])
def test_a_column_may_have_any_name(api, name):
    fid = api.grid({name: [1], "other": [2]})["fid"]
    assert api.table(fid) == {name: [1], "other": [2]}
    assert list(api.uids(fid)) == [name, "other"]


def test_metadata_comes_back_exactly(api):
    metadata = {"columns": COLUMNS, "é\0": [2**70, 1.0, 1, True, None]}
    fid = api.grid(metadata=metadata)["fid"]
    assert exact(api.meta(fid)["metadata"]) == exact(metadata)


@pytest.mark.parametrize("filename", ["日本語 🐝", "a & b = c?", "100%", "x;y:z", "'--"])
def test_a_file_of_any_name_is_found_by_it(api, filename):
    file = api.grid(filename=filename)
    assert file["filename"] == filename
    found = api.expect(200, "GET", "/v2/grids/lookup", params={"path": filename}).json()
    assert found["fid"] == file["fid"]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_what_json_has_no_number_for_is_null(api, literal):
    body = f'{{"data": {{"cols": {{"a": {{"data": [1, {literal}, 2.5], "order": 0}}}}}}}}'
    headers = {"Content-Type": "application/json"}
    answer = api.expect(201, "POST", "/v2/grids", data=body.encode(), headers=headers).json()
    assert api.table(answer["file"]["fid"]) == {"a": [1, None, 2.5]}


@pytest.mark.parametrize("depth", [100, 900, 960, 965, 970, 980, 985, 1000, 50_000])
@pytest.mark.parametrize("place", ["metadata", "data"])
def test_deeply_nested_values_are_refused_or_can_be_read_wherever_they_appear(api, place, depth):
    nested = '{"a":' * depth + "1" + "}" * depth
    cols = f'{{"a": {{"data": [{nested if place == "data" else 1}], "order": 0}}}}'
    metadata = nested if place == "metadata" else "{}"
    body = f'{{"data": {{"cols": {cols}}}, "metadata": {metadata}, "filename": "deep"}}'
    headers = {"Content-Type": "application/json"}
    status = api.post("/v2/grids", data=body.encode(), headers=headers).status_code
    assert status in ({201} if depth == 100 else {201, 400})
    api.expect(200, "GET", "/v2/folders/home")
    if status == 400:
        api.refused(404, "GET", "/v2/grids/lookup?path=deep")
        return
    api.expect(200, "GET", "/v2/grids/lookup?path=deep")
    for action in ("", "/content", "/col"):
        api.expect(200, "GET", f"/v2/grids/{api.username}:0{action}")


@pytest.mark.parametrize("literal", ["1e400", "NaN, 1e400", r'"\ud800"', r'"\udc00\ud800"'])
def test_what_cannot_be_kept_is_refused_and_never_changed(api, literal):
    body = f'{{"data": {{"cols": {{"a": {{"data": [{literal}], "order": 0}}}}}}}}'
    headers = {"Content-Type": "application/json"}
    response = api.post("/v2/grids", data=body.encode(), headers=headers)
    assert response.status_code in {201, 400}
    if response.status_code == 201:
        assert api.table(response.json()["file"]["fid"]) == {"a": [json.loads(literal)]}
