"""The command line: what it prints, and how it ends."""

from __future__ import annotations

import base64
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

import plotly_nbext
from plotly_nbext import service

from .conftest import runs, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `plotly-nbext serve` and give its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "plotly_nbext", "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        line = server.stdout.readline().rstrip("\n")
        assert line.startswith("plotly-nbext serving http"), server.stderr.read()
        try:
            yield server, line.removeprefix("plotly-nbext serving ")
        finally:
            server.terminate()


def who(url: str, username: str, api_key: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    token = base64.b64encode(f"{username}:{api_key}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Plotly-Client-Platform": "Python 0.2"}
    connection.request("GET", "/v2/users/current", headers=headers)
    return connection.getresponse().status


def test_start_status_and_stop_tell_the_same_story(command):
    stopped = command("status")
    assert stopped.returncode == 1
    assert stopped.stdout == (
        "The local service is not running.\nHosts that it would allow: none\n"
    )
    started = command("start")
    info = service.find()
    assert started.returncode == 0
    assert started.stdout == (
        f"The local service runs: {info.url}, process {info.pid}, "
        f"version {plotly_nbext.__version__}.\n"
        "Allowed hosts: none\n"
    )
    assert command("start").stdout == command("status").stdout == started.stdout
    assert command("status").returncode == 0
    assert command("stop").stdout == "The local service is stopped.\n"
    again = command("stop")
    assert (again.returncode, again.stdout) == (0, "The local service was not running.\n")


def test_the_console_script_and_the_module_are_the_same_command(command):
    version = command("--version")
    assert version.stdout == f"plotly_nbext {plotly_nbext.__version__}\n"
    code = "import sys; from importlib.metadata import entry_points as e; "
    code += "[s] = e(group='console_scripts', name='plotly-nbext'); sys.exit(s.load()(['status']))"
    script = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert script.returncode == 1
    assert script.stdout == command("status").stdout.encode()


def test_help_lists_every_command_and_no_other(command):
    listed = command("--help").stdout
    names = ["demo", "serve", "start", "stop", "status", "user", "install-browser", "doctor"]
    names += ["export", "import", "backup", "restore", "verify", "deployment"]
    assert re.findall(r"^ {4}(\S+)", listed, re.MULTILINE) == names


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "COMMAND"),
        (("--verison",), "plotly-nbext has no use for --verison. Did you mean --version?"),
        (("paint",), "paint"),
        (("sttus",), "there is no command 'sttus'"),
        (("sttus",), "Did you mean status?"),
        (("user", "ad"), "there is no action 'ad': it is one of add, list, rotate-key, remove."),
        (("serve", "--prot", "1"), "Did you mean --port?"),
        (("status", "now"), "plotly-nbext status has no use for now."),
        (("serve", "--port", "http"), "--port"),
        (("serve", "--data", "x", "--database-url", "postgresql://x"), "not allowed with"),
        (("serve", "--database-url", "sqlite:///x.db"), "--data"),
        (("serve", "--tls-cert", "x.pem"), "--tls-key"),
        (("serve", "--accept-any-credentials", "--host", "0.0.0.0"), "0.0.0.0 is not loopback"),
        (("serve", "--browsers", "0"), "--browsers: it is a whole number from 1 on, not '0'"),
        (("serve", "--browsers", "-1"), "whole number from 1 on, not '-1'"),
        (("serve", "--cache-mb", "-1"), "--cache-mb: it is a whole number from 0 on"),
        (("serve", "--max-upload-mb", "0"), "--max-upload-mb: it is a whole number from 1 on"),
        (("serve", "--max-upload-mb", "1.5"), "--max-upload-mb: it is a whole number"),
        (("user", "add"), "NAME"),
        (("user",), "ACTION"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(command, arguments, words):
    done = command(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_the_commands_that_there_are_are_those_of_the_help(command):
    assert re.search(r"it is one of demo, .*doctor", command("paint").stderr)
    assert ", service" not in command("paint").stderr
    assert "Did you mean" not in command("paint").stderr


def test_an_error_is_one_message_without_a_traceback(command, tmp_path):
    file = tmp_path / "file"
    file.touch()
    done = command("serve", "--data", str(file / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"plotly-nbext: The data folder {file}/data can't be made: Not a directory.\n"
    )


def test_serve_on_a_taken_port_says_so(command, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command("serve", "--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert f"127.0.0.1:{port} can't be listened on: Address already in use." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_quietly_when_it_is_told_to(home, number):
    with served() as (server, url):
        server.send_signal(number)
        server.wait(30)
        assert server.returncode in (0, 128 + number)
        assert server.stderr.read() == ""
    with pytest.raises(ConnectionRefusedError):
        who(url, "local", "")


def test_two_servers_on_one_folder_are_refused(command, tmp_path):
    folder = str(tmp_path / "data")
    with served("--data", folder):
        done = command("serve", "--data", folder)
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"plotly-nbext: Another server uses the data folder {folder} already.\n"
    )
    with served("--data", folder):
        pass


def test_serve_beside_the_local_service_names_it_and_the_way_out(command):
    assert command("start").returncode == 0
    pid = service.find().pid
    done = command("serve")
    assert done.returncode == 1
    assert f"The local service (process {pid}) uses the data folder" in done.stderr
    assert "`plotly-nbext stop`" in done.stderr
    assert "--data" in done.stderr
    assert service.find().pid == pid


def test_serve_clears_the_state_file_of_a_local_service_that_died(home):
    info = service.ensure()
    service.stop()
    (home / "service.json").write_text(json.dumps({"url": info.url, "pid": info.pid}))
    with served():
        assert not (home / "service.json").exists()


def test_a_folder_made_by_serve_is_for_the_user_alone(tmp_path):
    folder: Path = tmp_path / "new" / "data"
    with served("--data", str(folder)):
        assert folder.stat().st_mode & 0o777 == 0o700
        for path in folder.rglob("*"):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_users_are_added_listed_given_new_keys_and_removed(command, tmp_path):
    data = ("--data", str(tmp_path / "data"))
    with served(*data) as (_, url):
        added = command("user", "add", "alice", *data)
        key = added.stdout.splitlines()[-1]
        assert added.returncode == 0
        assert key.isalnum()
        assert who(url, "alice", key) == 200

        command("user", "add", "bob", *data)
        assert command("user", "list", *data).stdout == "alice\nbob\n"

        new = command("user", "rotate-key", "alice", *data).stdout.splitlines()[-1]
        assert who(url, "alice", key) == 401
        assert who(url, "alice", new) == 200

        assert command("user", "remove", "alice", *data).returncode == 0
        assert who(url, "alice", new) == 401
        assert command("user", "list", *data).stdout == "bob\n"


@pytest.mark.parametrize("action", [("list",), ("rotate-key", "alice"), ("remove", "alice")])
def test_a_misspelled_folder_gets_no_database(command, tmp_path, action):
    refused = command("user", *action, "--data", str(tmp_path / "dat"))
    assert refused.returncode == 1
    assert "There is no database in" in refused.stderr
    assert not (tmp_path / "dat").exists()


def test_a_user_with_files_is_not_removed_by_a_slip(command, tmp_path):
    data = ("--data", str(tmp_path / "data"))
    with served(*data) as (_, url):
        key = command("user", "add", "alice", *data).stdout.splitlines()[-1]
        body = {"data": {"cols": {"a": {"data": [1]}}}}
        requests.post(f"{url}/v2/grids", json=body, auth=("alice", key)).raise_for_status()

        refused = command("user", "remove", "alice", *data)
        assert refused.returncode == 2
        assert "alice has 1 files" in refused.stderr
        assert who(url, "alice", key) == 200

        assert command("user", "remove", "alice", "--yes", *data).returncode == 0
        assert who(url, "alice", key) == 401


def test_the_local_services_own_user_is_left_alone(command):
    info = service.ensure()
    for action in ("add", "rotate-key", "remove"):
        refused = command("user", action, info.username)
        assert refused.returncode == 2, action
        assert "status --key" in refused.stderr
        assert who(info.url, info.username, info.api_key) == 200


def test_the_key_to_the_local_pages_is_told_only_when_asked_for(command):
    command("start")
    key = service.ensure().api_key
    assert key not in command("status").stdout
    assert command("status", "--key").stdout.splitlines()[-1] == key


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "bob"), "There is a user 'bob' already."),
        (("add", "a:b"), "'a:b' can't be a username"),
        (("rotate-key", "carol"), "There is no user 'carol'."),
        (("remove", "carol"), "There is no user 'carol'."),
    ],
)
def test_a_wrong_user_name_is_an_error_that_names_it(command, tmp_path, arguments, words):
    data = ("--data", str(tmp_path / "data"))
    assert command("user", "add", "bob", *data).returncode == 0
    done = command("user", *arguments, *data)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_any_credentials_are_accepted_when_asked_for(tmp_path):
    with served("--data", str(tmp_path / "data"), "--accept-any-credentials") as (_, url):
        assert who(url, "whoever", "comes") == 200


def test_the_local_service_can_be_started_by_the_command_and_used_by_a_notebook(command):
    command("start")
    info = service.ensure()
    assert who(info.url, info.username, info.api_key) == 200
    command("stop")
    wait_until(lambda: not runs(info.pid))
