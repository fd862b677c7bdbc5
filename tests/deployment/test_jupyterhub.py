"""Users of a JupyterHub at the server that they share: no account, no key, nothing to set up."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from plotly_nbext.server.hub import MOST_AT_ONCE, TIMEOUT_SECONDS

from . import hub as hubs

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.deployment, pytest.mark.timeout(600)]

PUSH = """
import pandas as pd
grid = plotly_nbext.push(pd.DataFrame({"x": [1, 2]}), "mine", world_readable=False)
print(grid.fid, grid.url)
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[hubs.Hub]:
    with hubs.running() as running:
        yield running


@pytest.fixture(scope="module")
def alice(hub: hubs.Hub) -> hubs.User:
    return hub.sign_in("alice")


@pytest.fixture(scope="module")
def bob(hub: hubs.Hub) -> hubs.User:
    return hub.sign_in("bob")


def await_connections(port: int, count: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        there = [each.raddr for each in psutil.net_connections("tcp4") if each.raddr]
        if sum(address.port == port for address in there) >= count:
            return
        assert time.monotonic() < deadline
        time.sleep(0.01)


def texts(outputs: list[dict]) -> str:
    errors = [each["content"] for each in outputs if each["msg_type"] == "error"]
    assert not errors
    return "".join(each["content"].get("text", "") for each in outputs)


def test_a_spawned_notebook_renders_with_nothing_set_up(hub: hubs.Hub, alice: hubs.User) -> None:
    outputs = alice.run(
        "%load_ext plotly_nbext\nimport plotly_nbext\nimport plotly.graph_objects as go",
        "fig = go.Figure(go.Scatter(y=[1, 3, 2]))\n%plotly_render fig",
        PUSH,
    )
    said = texts(outputs)
    images = [each["content"]["data"] for each in outputs if "data" in each["content"]]
    assert any("image/png" in data for data in images), outputs
    assert f"{hub.shared_url}/~alice/" in said
    assert "alice:" in said


def test_users_see_nothing_private_of_each_other(
    hub: hubs.Hub, alice: hubs.User, bob: hubs.User
) -> None:
    _, of_alice = alice.token()
    _, of_bob = bob.token()
    files = hub.ask("alice", of_alice, "/v2/folders/home").json()["children"]["results"]
    (mine,) = [file for file in files if file["filename"] == "mine"]
    path = f"/v2/grids/{mine['fid']}"
    assert hub.ask("alice", of_alice, path).status_code == 200
    assert hub.ask("bob", of_bob, path).status_code == 404
    assert hub.ask("bob", of_bob).json() == {"username": "bob"}


def test_a_token_is_good_for_its_owner_alone(hub: hubs.Hub, alice: hubs.User) -> None:
    _, token = alice.token()
    assert hub.ask("alice", token).json() == {"username": "alice"}
    assert hub.ask("bob", token).status_code == 401
    assert hub.ask("alice", "no token at all").status_code == 401


def test_a_token_that_may_not_access_the_service_is_refused(
    hub: hubs.Hub, alice: hubs.User
) -> None:
    _, token = alice.token("users:activity!user")
    assert hub.ask("alice", token).status_code == 401
    _, token = alice.token("access:services!service=plotly")
    assert hub.ask("alice", token).json() == {"username": "alice"}


def test_a_service_of_the_hub_is_no_user_whatever_it_may(hub: hubs.Hub) -> None:
    token = hubs.ROBOT_TOKEN
    headers = {"Authorization": f"token {token}"}
    known = requests.get(f"{hub.url}/hub/api/user", headers=headers, timeout=60).json()
    assert known["kind"] == "service"
    assert "access:services!service=plotly" in known["scopes"]
    for name in ("robot", "alice"):
        assert hub.ask(name, token).status_code == 401


@pytest.mark.parametrize("secret", ["a\nb", "a\0b", "é", "x" * 30_000], ids=len)
def test_what_can_be_no_token_is_no_hub_out_of_order(
    hub: hubs.Hub, alice: hubs.User, secret: str
) -> None:
    _, token = alice.token()
    assert hub.ask("alice", secret).status_code == 401
    assert hub.ask("alice", token).json() == {"username": "alice"}


def test_a_name_that_no_address_can_have_is_refused_in_words(hub: hubs.Hub) -> None:
    _, token = hub.sign_in("eve+1").token()
    refused = hub.ask("eve+1", token)
    assert refused.status_code == 403
    assert "eve+1" in refused.json()["detail"]


def test_a_revoked_token_is_soon_refused(hub: hubs.Hub, alice: hubs.User) -> None:
    number, token = alice.token()
    assert hub.ask("alice", token).status_code == 200
    alice.revoke(number)
    deadline = time.monotonic() + 15
    while hub.ask("alice", token).status_code != 401:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_page_is_shown_to_whoever_signs_in_with_a_token(hub: hubs.Hub, alice: hubs.User) -> None:
    _, token = alice.token()
    page = alice.browser.get(
        f"{hub.shared_url}/~alice/",
        auth=("alice", token),
        headers={"Accept": "text/html"},
        timeout=60,
    )
    assert page.status_code == 200
    assert 'href="/services/plotly/' in page.text
    assert 'href="/~' not in page.text
    asked = alice.browser.get(
        f"{hub.shared_url}/~alice/?sign_in", headers={"Accept": "text/html"}, timeout=60
    )
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic")


def test_a_hub_that_does_not_answer_is_no_wrong_password(hub: hubs.Hub, alice: hubs.User) -> None:
    key = hub.add_local_user("local")
    _, known = alice.token()
    _, unknown = alice.token()
    assert hub.ask("alice", known).status_code == 200
    hub.process.send_signal(signal.SIGSTOP)
    try:
        # who has a key here needs no hub, however many wait for it
        with ThreadPoolExecutor(2 * MOST_AT_ONCE) as others:
            for number in range(2 * MOST_AT_ONCE):
                others.submit(hub.ask, "alice", f"unknown-{number}")
            await_connections(hub.port, MOST_AT_ONCE)
            begun = time.monotonic()
            assert hub.ask("local", key).json() == {"username": "local"}
            assert time.monotonic() - begun < TIMEOUT_SECONDS / 2
        refused = hub.ask("alice", unknown)
        assert refused.status_code == 503, refused.text
        assert int(refused.headers["Retry-After"]) > 0
        assert "JupyterHub" in refused.json()["detail"]
    finally:
        hub.process.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + 30
    while hub.ask("alice", unknown).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert hub.ask("alice", unknown).json() == {"username": "alice"}
    assert unknown not in hub.logs()
