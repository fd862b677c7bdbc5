"""The sample answer of the documentation of the grids endpoint, field by field."""

from __future__ import annotations

import re

import pytest


def sample(url: str, user: str, number: int) -> dict:
    """Give the documentation's sample answer, for another server, user and number."""
    one_to_ten = [str(n) for n in range(1, 11)]
    file = f"{url}/~{user}/{number}"
    none = {"results": [], "count": 0}
    return {
        "creation_time": "2020-05-12T08:36:11.620860Z",
        "comments": none,
        "parented": True,
        "embed_url": f"{file}.embed",
        "fid": f"{user}:{number}",
        "filename": "test_grid",
        "filetype": "grid",
        "img_url": "",
        "image_urls": {},
        "api_urls": {
            "files": f"{url}/v2/files/{user}:{number}",
            "grids": f"{url}/v2/grids/{user}:{number}",
            "parent": f"{url}/v2/folders/home?user={user}",
        },
        "owner": user,
        "parent": -1,
        "preview": {
            "data.0.x": one_to_ten,
            "data.0.y": ["10", "20", "None", "15", "10", "5", "15", "None", "20", "10"],
            "data.1.x": one_to_ten,
            "data.1.y": ["5", "15", "None", "10", "5", "0", "10", "None", "15", "5"],
        },
        "referencers": [],
        "references": [],
        "title": "",
        "views": 3,
        "web_url": f"{file}/",
        "world_readable": True,
        "date_modified": "2020-05-12T08:36:11.634Z",
        "stars": none,
        "collaborators": none,
        "subfolder_count": None,
        "refresh_interval": None,
        "organize_view_url": f"{file}/",
        "current_user_permission": "read",
        "is_theme": None,
        "is_template": None,
        "cols": [
            {"name": "data.0.x", "uid": "e3a9dd"},
            {"name": "data.0.y", "uid": "13df20"},
            {"name": "data.1.x", "uid": "0b0352"},
            {"name": "data.1.y", "uid": "0d7a15"},
        ],
        "metadata": {},
        "parent_id": -1,
    }


@pytest.fixture
def sample_fid(api):
    """The grid of the documentation's sample answer, two rows longer than its preview."""
    columns = {
        "data.0.x": [*range(1, 11), 11, 12],
        "data.0.y": [10, 20, None, 15, 10, 5, 15, None, 20, 10, 99, 99],
        "data.1.x": [*range(1, 11), 11, 12],
        "data.1.y": [5, 15, None, 10, 5, 0, 10, None, 15, 5, 99, 99],
    }
    return api.grid(columns, filename="test_grid", world_readable=True)["fid"]


def test_retrieve_answers_the_sample_response(api, anonymous, sample_fid):
    user, number = sample_fid.split(":")
    answer = anonymous.expect(200, "GET", f"/v2/grids/{sample_fid}/?format=api").json()
    expected = sample(anonymous.url, user, int(number))
    assert set(expected) <= set(answer)

    varying = {"creation_time", "date_modified", "views", "cols"}
    assert {name: answer[name] for name in set(expected) - varying} == {
        name: value for name, value in expected.items() if name not in varying
    }
    assert type(answer["views"]) is int
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", answer["creation_time"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer["date_modified"])
    assert [col["name"] for col in answer["cols"]] == [col["name"] for col in expected["cols"]]
    uids = [col["uid"] for col in answer["cols"]]
    assert all(re.fullmatch("[0-9a-f]{6}", uid) for uid in uids)
    assert len(set(uids)) == 4


def test_retrieve_answers_the_sample_headers(anonymous, sample_fid):
    headers = anonymous.expect(200, "GET", f"/v2/grids/{sample_fid}/?format=api").headers
    assert headers["Content-Type"] == "application/json"
    assert "Accept" in headers["Vary"].split(", ")
    allowed = {method.strip() for method in headers["Allow"].split(",")}
    assert allowed == {"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


def test_create_answers_every_field_that_retrieve_answers(api, sample_fid):
    file = api.grid()
    assert set(file) >= set(sample("", "", 0))


def test_the_api_urls_of_an_answer_lead_back_to_the_grid(api, sample_fid):
    urls = api.meta(sample_fid)["api_urls"]
    grid = api.expect(200, "GET", urls["grids"].removeprefix(api.url)).json()
    file = api.expect(200, "GET", urls["files"].removeprefix(api.url)).json()
    home = api.expect(200, "GET", urls["parent"].removeprefix(api.url)).json()
    assert grid["fid"] == file["fid"] == sample_fid
    assert [file["fid"] for file in home["children"]["results"]] == [sample_fid]
