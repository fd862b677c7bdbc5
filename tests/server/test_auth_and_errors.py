"""Who may do what, how credentials are sent, and what a refusal looks like."""

from __future__ import annotations

import base64

import pytest

BAD_KEY = {
    "errors": [{"code": "UNKNOWN", "message": "Bad API key", "path": None, "field": None}],
    "detail": "Bad API key",
}


def basic(username: str, key: str) -> str:
    return base64.b64encode(f"{username}:{key}".encode()).decode()


def whoami(caller, **headers: str):
    return caller.expect(200, "GET", "/v2/users/current", headers=headers).json()["username"]


# --- credentials ----------------------------------------------------------------------------------


def test_basic_credentials_are_the_user(api):
    assert whoami(api) == api.username


@pytest.mark.parametrize(
    "form",
    [
        "Basic {}",
        "basic {}",
        "BASIC {}",
        "Basic   {}",
        "Basic {} ",
    ],
)
def test_the_scheme_and_the_spaces_around_the_token_may_vary(api, anonymous, form):
    token = basic(api.username, api.api_key)
    assert whoami(anonymous, Authorization=form.format(token)) == api.username


@pytest.mark.parametrize("gap", [" ", "\t", "  "])
def test_whitespace_inside_the_token_is_ignored(api, anonymous, gap):
    token = basic(api.username, api.api_key)
    broken = f"Basic {token[:7]}{gap}{token[7:20]}{gap}{token[20:]}"
    assert whoami(anonymous, Authorization=broken) == api.username


def test_behind_a_proxy_the_user_is_in_plotly_authorization(api, anonymous):
    headers = {
        "Authorization": f"Basic {basic('proxy_user', 'proxy_password')}",
        "Plotly-Authorization": f"Basic {basic(api.username, api.api_key)}",
    }
    assert whoami(anonymous, **headers) == api.username
    fid = api.grid()["fid"]
    anonymous.expect(200, "GET", f"/v2/grids/{fid}", headers=headers)


def test_a_bad_key_in_plotly_authorization_is_401(api, anonymous):
    headers = {
        "Authorization": f"Basic {basic(api.username, api.api_key)}",
        "Plotly-Authorization": f"Basic {basic(api.username, 'wrong')}",
    }
    assert anonymous.get("/v2/users/current", headers=headers).status_code == 401


def test_a_bearer_token_is_the_key(api, anonymous):
    assert whoami(anonymous, Authorization=f"Bearer {api.api_key}") == api.username


@pytest.mark.parametrize("authorization", ["Basic", "Bearer"])
@pytest.mark.parametrize("user", ["known", "unknown"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bad_key_is_401_in_the_documented_words(api, anonymous, authorization, user, method):
    name = api.username if user == "known" else "nobody-of-this-name"
    token = "wrong" if authorization == "Bearer" else basic(name, "wrong")
    path = "/v2/users/current" if method == "GET" else "/v2/grids"
    headers = {"Authorization": f"{authorization} {token}"}
    response = anonymous.expect(401, method, path, headers=headers)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == BAD_KEY


@pytest.mark.parametrize("key", ["", " ", "wrong", "\N{DEGREE SIGN}"])
def test_no_other_key_than_the_users_own_signs_in(api, anonymous, key):
    token = base64.b64encode(f"{api.username}:{key}".encode("latin1")).decode()
    headers = {"Authorization": f"Basic {token}"}
    assert anonymous.post("/v2/grids", json={}, headers=headers).status_code == 401


def test_the_key_of_another_user_is_a_bad_key(api, other, anonymous):
    headers = {"Authorization": f"Basic {basic(api.username, other.api_key)}"}
    assert anonymous.expect(401, "GET", "/v2/users/current", headers=headers).json() == BAD_KEY


def test_a_bad_key_is_401_even_where_no_key_is_needed(api, anonymous):
    fid = api.grid(world_readable=True)["fid"]
    headers = {"Authorization": f"Basic {basic(api.username, 'wrong')}"}
    assert anonymous.expect(401, "GET", f"/v2/grids/{fid}", headers=headers).json() == BAD_KEY


def test_anonymous_sign_in_is_200_and_nobody(anonymous):
    assert not whoami(anonymous)


@pytest.mark.parametrize("authorization", ["Digest abc", "nonsense", "Token x y z"])
def test_a_scheme_that_is_not_known_is_anonymous(api, anonymous, authorization):
    assert not whoami(anonymous, Authorization=authorization)
    fid = api.grid()["fid"]
    headers = {"Authorization": authorization}
    anonymous.refused(404, "GET", f"/v2/grids/{fid}", headers=headers)


@pytest.mark.parametrize("token", ["", "!!!!", "YWJj", "/w==", "Og==", "Ojo6"])
def test_basic_credentials_that_are_none_never_fail_the_server_or_sign_in(anonymous, token):
    headers = {"Authorization": f"Basic {token}"}
    assert anonymous.get("/v2/users/current", headers=headers).status_code in {200, 401}
    anonymous.refused(401, "POST", "/v2/grids", json={"data": {"cols": {}}}, headers=headers)


# --- rights ---------------------------------------------------------------------------------------

READS = ["", "/content", "/col"]
WRITES = {
    ("PATCH", ""): {"metadata": {}},
    ("PUT", ""): {"metadata": {}},
    ("POST", "/row"): {"rows": [[1, 2]]},
    ("POST", "/col"): {"cols": '[{"name": "z", "data": [1]}]'},
    ("PUT", "/col?uid={uid}"): {"cols": '[{"data": [1]}]'},
    ("DELETE", "/col?uid={uid}"): None,
    ("DELETE", ""): None,
    ("POST", "/drop_reference"): {"fid": "someone:0"},
}


def test_a_new_grid_is_private(api, other, anonymous):
    file = api.grid()
    assert file["world_readable"] is False
    for caller in (other, anonymous):
        for action in READS:
            error = caller.refused(404, "GET", f"/v2/grids/{file['fid']}{action}")
            assert error["message"] == "Not found."


def test_a_private_grid_is_found_by_its_owner_only(api, other, anonymous):
    api.grid(filename="sales")
    params = {"user": api.username, "path": "sales"}
    for resource in ("grids", "files"):
        api.expect(200, "GET", f"/v2/{resource}/lookup", params=params)
        for caller in (other, anonymous):
            caller.refused(404, "GET", f"/v2/{resource}/lookup", params=params)


def test_a_public_grid_is_readable_by_everyone(api, other, anonymous):
    fid = api.grid({"x": [1]}, filename="sales", world_readable=True)["fid"]
    params = {"user": api.username, "path": "sales"}
    for caller in (other, anonymous):
        assert caller.meta(fid)["current_user_permission"] == "read"
        assert caller.table(fid) == {"x": [1]}
        caller.expect(200, "GET", f"/v2/grids/{fid}/col")
        assert caller.expect(200, "GET", "/v2/grids/lookup", params=params).json()["fid"] == fid


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
@pytest.mark.parametrize(("readable", "status"), [(True, 403), (False, 404)])
def test_another_user_writes_nothing(api, other, write, readable, status):
    method, action = write
    fid = api.grid(world_readable=readable)["fid"]
    content = api.content(fid)
    path = f"/v2/grids/{fid}{action.format(uid=api.uids(fid)['x'])}"
    other.refused(status, method, path, json=WRITES[write])
    assert api.content(fid) == content


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_anonymous_writes_nothing(api, anonymous, write):
    method, action = write
    fid = api.grid(world_readable=True)["fid"]
    content = api.content(fid)
    path = f"/v2/grids/{fid}{action.format(uid=api.uids(fid)['x'])}"
    assert anonymous.request(method, path, json=WRITES[write]).status_code in {401, 403}
    assert api.content(fid) == content


@pytest.mark.parametrize("path", ["/v2/grids", "/v2/folders", "/v2/images"])
def test_anonymous_creates_nothing(anonymous, path):
    body = {"data": {"cols": {}}, "path": "a", "figure": {"data": [{"y": [1]}]}}
    anonymous.refused(401, "POST", path, json=body)


def test_a_grid_made_private_again_is_gone_for_the_others(api, other):
    fid = api.grid(world_readable=True)["fid"]
    other.meta(fid)
    api.expect(200, "PATCH", f"/v2/grids/{fid}", json={"world_readable": False})
    other.refused(404, "GET", f"/v2/grids/{fid}/content")


def test_secrets_of_a_file_are_not_for_those_who_may_only_read_it(api, other):
    fid = api.grid(world_readable=True)["fid"]
    assert "share_key" not in other.meta(fid)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/v2/grids/nobody:0",
        "/v2/grids/nonsense",
        "/v2/grids/a:b",
        "/v2/grids/nobody:99999999999999999999999",
        "/v2/grids/nobody:-1",
        "/v2/grids/nobody:0/content",
        "/v2/grids/nobody:0/nonsense",
        "/v2/nonsense",
        "/nonsense",
        "/v2/files/lookup?path=no/such/file",
    ],
)
def test_what_does_not_exist_is_404_in_the_exact_words(api, path):
    assert api.refused(404, "GET", path)["message"] == "Not found."


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v2/images"), ("DELETE", "/v2/grids"), ("PUT", "/v2/folders")]
)
def test_a_method_that_is_not_allowed_is_405_naming_the_allowed(api, method, path):
    api.refused(405, method, path)
    assert "POST" in api.request(method, path).headers["Allow"]


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_the_allowed_methods_of_a_grid_are_named_in_full(api, method):
    allowed = api.request(method, f"/v2/grids/{api.grid()['fid']}").headers["Allow"]
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(allowed.replace(" ", "").split(","))


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"[1]",
        b"5",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"data": {"cols": {}}} trailing',
        b"[" * 100_000,
        b'{"data": ' * 10_000,
    ],
)
def test_a_body_that_cannot_be_read_is_400(api, body):
    headers = {"Content-Type": "application/json"}
    api.refused(400, "POST", "/v2/grids", data=body, headers=headers)
    fid = api.grid()["fid"]
    for method, action in [("POST", "/row"), ("POST", "/col"), ("PATCH", "")]:
        api.refused(400, method, f"/v2/grids/{fid}{action}", data=body, headers=headers)


def test_a_grid_of_an_empty_body_is_400(api):
    headers = {"Content-Type": "application/json"}
    assert api.refused(400, "POST", "/v2/grids", data=b"", headers=headers)["field"] == "data"


def test_grids_need_neither_content_type_nor_client_platform(api):
    body = b'{"data": {"cols": {"a": {"data": [1], "order": 0}}}}'
    headers = {"Plotly-Client-Platform": None}
    answer = api.expect(201, "POST", "/v2/grids", data=body, headers=headers).json()
    fid = answer["file"]["fid"]
    api.expect(200, "GET", f"/v2/grids/{fid}/content", headers=headers)


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/v2/grids/{fid}",
        "/v2/grids/{fid}/",
        "//v2//grids//{fid}",
        "/v2/grids//{fid}//",
        "/v2/grids/{quoted}",
        "/v2/grids/{quoted}/",
        "/v2/grids/{quoted}?format=json",
        "/v2/grids/lookup/?path=the+sales",
        "/v2/grids/lookup?path=the%20sales",
        "/v2/grids/lookup?path=/the+sales",
    ],
)
def test_a_grid_is_retrieved_by_every_form_of_its_address(api, path):
    fid = api.grid(filename="the sales")["fid"]
    address = path.format(fid=fid, quoted=fid.replace(":", "%3A"))
    assert api.expect(200, "GET", address).json()["fid"] == fid


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_every_action_takes_a_trailing_slash(api, slash):
    cols = {"x": {"data": [1], "order": 0}}
    body = {"data": {"cols": cols}}
    fid = api.expect(201, "POST", f"/v2/grids{slash}", json=body).json()["file"]["fid"]
    uid = api.uids(fid)["x"]
    new = {"cols": '[{"name": "y", "data": [1]}]'}
    for status, method, action, sent in [
        (200, "GET", f"/content{slash}", None),
        (201, "POST", f"/row{slash}", {"rows": [[2]]}),
        (200, "GET", f"/col{slash}?uid={uid}", None),
        (201, "POST", f"/col{slash}", new),
        (200, "PUT", f"/col{slash}?uid={uid}", {"cols": '[{"data": [5]}]'}),
        (204, "DELETE", f"/col{slash}?uid={uid}", None),
        (200, "PATCH", slash, {"metadata": {}}),
        (200, "POST", f"/trash{slash}", None),
        (200, "POST", f"/restore{slash}", None),
        (204, "DELETE", slash, None),
        (204, "DELETE", f"/permanent_delete{slash}", None),
    ]:
        api.expect(status, method, f"/v2/grids/{fid}{action}", json=sent)
    api.expect(201, "POST", f"/v2/folders{slash}", json={"path": "folder"})
    api.expect(200, "GET", f"/v2/folders/home{slash}")
    api.expect(200, "GET", f"/v2/files/lookup{slash}?path=folder")
    api.expect(200, "GET", f"/v2/users/current{slash}")


@pytest.mark.parametrize("comma", [",", "%2C"])
def test_the_comma_between_uids_may_be_escaped(api, comma):
    fid = api.grid({"a": [1], "b": [2]})["fid"]
    uids = api.uids(fid)
    path = f"/v2/grids/{fid}/col?uid={uids['b']}{comma}{uids['a']}"
    cols = api.expect(200, "GET", path).json()["cols"]
    assert [col["name"] for col in cols] == ["b", "a"]


def test_the_server_says_that_it_is_well_to_anyone(anonymous):
    anonymous.expect(200, "GET", "/healthz", headers={"Plotly-Client-Platform": None})


# --- the key stays with the user ------------------------------------------------------------------


def test_no_answer_holds_the_key(api, anonymous):
    fid = api.grid(world_readable=True)["fid"]
    token = basic(api.username, api.api_key)
    bad_figure = {"figure": {"data": [{"xsrc": "a:0:e3a9dd"}]}}
    responses = [
        api.get("/v2/users/current"),
        api.get(f"/v2/grids/{fid}"),
        api.get(f"/v2/grids/{fid}/content"),
        api.get("/v2/folders/home"),
        api.get("/v2/nonsense"),
        api.post("/v2/images", json={"figure": {"data": [{"y": [1]}]}, "format": "svg"}),
        api.post("/v2/images", json=bad_figure),
        api.post("/v2/grids", data=b"{not json"),
        anonymous.get(f"/v2/grids/{fid}", headers={"Authorization": f"Digest {token}"}),
    ]
    for response in responses:
        for text in (response.text, str(response.headers)):
            assert api.api_key not in text
            assert token not in text


@pytest.mark.sqlite
def test_neither_the_log_nor_the_disk_holds_the_key(serve):
    server = serve()
    api = server.user()
    token = basic(api.username, api.api_key)
    fid = api.grid()["fid"]
    api.get(f"/v2/grids/{fid}")
    api.get("/v2/nonsense")
    api.post("/v2/grids", data=b"{not json", headers={"Content-Type": "application/json"})
    api.post("/v2/images", json={"figure": {"data": [None]}})
    headers = {"Authorization": f"Basic {basic(api.username, api.api_key + 'x')}"}
    api.get("/v2/users/current", headers=headers, auth=lambda request: request)
    headers = {"Authorization": f"Bearer {api.api_key}"}
    api.get("/v2/users/current", headers=headers, auth=lambda request: request)

    output = server.stop()
    assert server.url in output
    kept = {str(path): path.read_bytes() for path in server.data.rglob("*") if path.is_file()}
    assert kept
    for name, content in ({"log": output.encode()} | kept).items():
        assert api.api_key.encode() not in content, name
        assert token.encode() not in content, name
