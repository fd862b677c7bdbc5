"""A server behind a proxy, in a folder of its own or not: what it says of itself is the proxy's."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import requests

from plotly_nbext import cli
from plotly_nbext.cli_addresses import public_url

from .stack import SCRIPTS, end, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Ask = Callable[..., requests.Response]

PUBLIC = "https://team.example.com/services/plotly"
TEXT = {"Accept": "text/html"}


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Ask]:
    """Run a server; give what asks it as a user."""
    environment = os.environ | {"PLOTLY_NBEXT_HOME": str(data / "home")}
    key = subprocess.run(
        [SCRIPTS / "plotly-nbext", "user", "add", "alice", "--data", data],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[-1]
    port = free_port()
    command = [SCRIPTS / "plotly-nbext", "serve", f"--port={port}", f"--data={data}"]
    process = subprocess.Popen(
        [*command, f"--public-url={PUBLIC}/", *options],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert "serving" in process.stdout.readline()
        with requests.Session() as session:
            session.trust_env = False
            session.auth = ("alice", key)

            def ask(path: str, method: str = "GET", **options) -> requests.Response:
                return session.request(
                    method,
                    f"http://127.0.0.1:{port}{path}",
                    timeout=60,
                    allow_redirects=False,
                    **options,
                )

            yield ask
    finally:
        end(process, signal.SIGTERM)
        process.stdout.close()


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with serving(tmp_path_factory.mktemp("public")) as ask:
        yield ask


@pytest.mark.parametrize("passed_on", ["", "/services/plotly"], ids=["taken away", "left"])
def test_answers_link_to_the_public_address(get: Ask, passed_on: str) -> None:
    assert get(f"{passed_on}/v2").json()["plots"] == f"{PUBLIC}/v2/plots"
    body = {"data": {"cols": {"x": {"data": [1], "order": 0}}}}
    file = get(f"{passed_on}/v2/grids", "POST", json=body).json()["file"]
    assert file["web_url"].startswith(f"{PUBLIC}/~alice/")
    children = get(f"{passed_on}/v2/folders/home?page_size=1").json()["children"]
    assert children["first"].startswith(f"{PUBLIC}/v2/folders/home?")


@pytest.mark.parametrize(
    "path", ["/services/plotly", "/services/plotly/", "/", "//services/plotly//"]
)
def test_its_first_page_is_at_the_address_itself(get: Ask, path: str) -> None:
    page = get(path, headers=TEXT)
    assert page.status_code in {200, 302, 303, 307}, page.text
    assert page.headers.get("location", PUBLIC).startswith((PUBLIC, "/services/plotly/"))


def test_pages_link_into_the_folder(get: Ask) -> None:
    get("/v2/grids", "POST", json={"data": {"cols": {"x": {"data": [1], "order": 0}}}})
    page = get("/~alice/", headers=TEXT).text
    addresses = [
        part.partition('"')[0] for part in page.replace('src="', 'href="').split('href="')[1:]
    ]
    assert addresses
    here = [each for each in addresses if each.startswith("/")]
    assert here
    assert all(each.startswith("/services/plotly/") for each in here), here
    for each in here:
        assert get(each, headers=TEXT).status_code == 200, each


def test_its_own_pages_are_no_foreigners(get: Ask) -> None:
    own = {"Origin": "https://team.example.com"}
    assert get("/v2/folders", "POST", json={"path": "own"}, headers=own).status_code == 201
    other = {"Origin": "https://evil.example.com"}
    assert get("/v2/folders", "POST", json={"path": "other"}, headers=other).status_code == 403


def test_limits_hold_in_the_folder_too(tmp_path: Path) -> None:
    paths = ["/v2", "/services/plotly/v2", "//v2/", "/services/plotly//v2/users/current"]
    with serving(tmp_path, "--rate-limit=4/day") as ask:
        assert [ask(path).status_code for path in paths] == [200] * 4
        assert [ask(path).status_code for path in paths] == [429] * 4
        assert ask("/services/plotly/healthz").status_code == 200


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://Team.Example.com:443/", "https://team.example.com"),
        ("http://team.example.com:80/a/b/", "http://team.example.com/a/b"),
        ("http://team.example.com:443", "http://team.example.com:443"),
        ("https://bücher.example:8443/~x", "https://xn--bcher-kva.example:8443/~x"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_address_is_the_one_that_browsers_say(said: str, meant: str) -> None:
    assert public_url(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "team.example.com",
        "https://",
        "https://team example.com",
        "https://a..b",
        "https://alice:secret@team.example.com",
        "https://team.example.com/a b",
        "https://team.example.com/a%20b",
        "https://team.example.com/a//b",
        "https://team.example.com/../a",
        "https://team.example.com/?a",
    ],
)
def test_what_can_be_no_address_is_refused(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["serve", f"--public-url={said}"])
    assert "https://HOST/PATH" in capsys.readouterr().err


def test_nobody_is_let_in_by_any_name_beside_the_users_of_a_hub(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = "--jupyterhub-api-url=http://127.0.0.1:1/hub/api"
    with pytest.raises(SystemExit):
        cli.main(["serve", f"--data={tmp_path}", "--accept-any-credentials", hub])
    assert "those of the JupyterHub too" in capsys.readouterr().err


def test_a_folder_whose_name_only_begins_so_is_another(get: Ask) -> None:
    assert get("/services/plotlyish/v2").status_code == 404
