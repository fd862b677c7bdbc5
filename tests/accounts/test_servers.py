"""The list of named servers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from plotly_nbext import (
    PlotlyNbextError,
    PlotlyNbextWarning,
    ServiceError,
    ValidationError,
    settings,
)
from plotly_nbext.accounts import keys, login_line, resolve, servers
from plotly_nbext.accounts.listing import known_servers
from plotly_nbext.accounts.servers import Server

URL = "https://charts.example.org"


def path():
    return settings.home() / servers.FILE_NAME


def test_a_server_is_kept_with_its_name_for_the_user_s_eyes_and_never_its_key():
    keys.remember(URL, "alice", "hush")
    servers.remember(Server("team", URL, "alice"))
    assert servers.all_servers() == [Server("team", URL, "alice")]
    assert path().stat().st_mode & 0o777 == 0o600
    assert "hush" not in path().read_text()
    assert sorted(each.name for each in settings.home().glob("servers.json*")) == ["servers.json"]


def test_a_name_that_moves_to_another_server_tells_where_it_was():
    team = Server("team", URL, "alice")
    assert servers.remember(team) is None
    assert servers.remember(Server("team", URL, "bob")) is None
    assert servers.remember(Server("team", f"{URL}:8443", "bob")) == Server("team", URL, "bob")
    assert servers.all_servers() == [Server("team", f"{URL}:8443", "bob")]


def test_a_server_without_a_name_is_kept_once_for_each_user():
    for user in ("alice", "bob", "alice"):
        servers.remember(Server("", URL, user, keyring=True))
    assert [each.username for each in servers.all_servers()] == ["bob", "alice"]


@pytest.mark.parametrize(
    "name", ["local", "Local", "localhost", "a.b", "a/b", "a b", "-x", "https://x", ""]
)
def test_a_name_that_would_be_taken_for_something_else_is_refused(name):
    with pytest.raises(ValidationError) as refused:
        servers.checked_name(name)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"servers": 7}',
        '{"servers": ["team"]}',
        '{"servers": [{"name": "team"}]}',
        '{"servers": [{"name": "team", "url": 7, "username": "alice"}]}',
        '{"servers": [{"name": "team", "url": "https://a:hush@x.org", "username": "alice"}]}',
        '{"servers": [{"name": "team", "url": "HTTPS://x.org/", "username": "alice"}]}',
        f'{{"servers": {"1" * 5000}}}',
    ],
)
def test_a_broken_list_is_told_and_not_written_over(content):
    path().write_text(content)
    with pytest.raises(PlotlyNbextError, match=r"servers\.json") as told:
        servers.all_servers()
    assert told.value.hint.endswith(f"Run: mv '{path()}' '{path()}.old'")
    with pytest.raises(PlotlyNbextError, match=r"servers\.json"):
        servers.remember(Server("team", URL, "alice"))
    assert path().read_text() == content


def test_a_broken_list_stops_no_call_that_names_no_server_of_it():
    path().write_text("{")
    with pytest.warns(PlotlyNbextWarning, match=r"servers\.json .*, and is passed over\. Mend it"):
        assert resolve(URL, "alice", "hush").url == URL
    assert login_line(URL, "alice") == f"%plotly_grid login {URL} -u alice"
    with pytest.raises(PlotlyNbextError, match=r"servers\.json"):
        resolve("team")


def test_a_state_folder_that_can_not_be_made_stops_no_call_that_needs_nothing_of_it(
    tmp_path, monkeypatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "file" / "home"))
    with pytest.warns(PlotlyNbextWarning, match="can't be made: Not a directory, and is passed"):
        assert resolve(URL, "alice", "hush").url == URL


def test_the_closed_cloud_is_refused_by_its_name_too():
    servers.remember(Server("old", "https://api.plot.ly", "alice"))
    keys.remember("https://api.plot.ly", "alice", "hush")
    with pytest.raises(ServiceError, match="closed on 2025-10-31"):
        resolve("old")


def test_a_list_that_cannot_be_written_is_told():
    path().with_suffix(".lock").mkdir()
    with pytest.raises(PlotlyNbextError, match=r"servers\.json can't be written"):
        servers.remember(Server("team", URL, "alice"))


REMEMBER = """
import sys
from plotly_nbext.accounts import servers
for number in range(10):
    servers.remember(servers.Server(f"{sys.argv[1]}-{number}", "https://x.example.org", "alice"))
"""


def test_kernels_that_sign_in_at_once_lose_no_server_of_each_other():
    running = [subprocess.Popen([sys.executable, "-c", REMEMBER, name]) for name in "abcd"]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert len(json.loads(path().read_text())["servers"]) == 40


def test_the_list_tells_where_keys_are_and_each_server_once(write, monkeypatch):
    servers.remember(Server("team", URL, "alice"))
    servers.remember(Server("kept", f"{URL}:1", "alice", keyring=True))
    servers.remember(Server("other", f"{URL}:2", "alice"))
    keys.remember(URL, "alice", "hush")
    keys.remember(f"{URL}:3", "bob", "hush")
    monkeypatch.setenv("PLOTLY_API_DOMAIN", f"{URL}:2")
    monkeypatch.setenv("PLOTLY_API_KEY", "hush")
    write(".config", plotly_api_domain=f"{URL}:4")
    path = write(".credentials", username="alice", api_key="hush")
    found = [(each.name, each.username, each.key_in) for each in known_servers()]
    assert found == [
        ("local", "", None),
        ("team", "alice", "this session"),
        ("kept", "alice", "the keyring"),
        ("other", "alice", "the environment variable PLOTLY_API_KEY"),
        ("", "bob", "this session"),
        ("", "alice", str(path)),
    ]
    assert "hush" not in repr(known_servers())
