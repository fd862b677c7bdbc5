"""The keys of the local service are in its state file, for the user's eyes, and nowhere else."""

from __future__ import annotations

import base64
import http.client
import json
import os
import pickle
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import pytest

from plotly_nbext import service
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from pathlib import Path


def ask(info: service.ServiceInfo, path: str, *, api_key: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(info.url).netloc, timeout=30)
    token = base64.b64encode(f"{info.username}:{api_key}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Plotly-Client-Platform": "Python 0.2"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_key_is_good_for_the_user_local_and_a_wrong_one_is_not(home):
    info = service.ensure()
    status, body = ask(info, "/v2/users/current", api_key=info.api_key)
    assert (status, json.loads(body)["username"]) == (200, "local")
    assert ask(info, "/v2/users/current", api_key="0" * 40)[0] == 401


def test_a_service_answers_on_loopback_only(home):
    info = service.ensure()
    listening = [
        connection.laddr.ip
        for process in [psutil.Process(info.pid)]
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def test_all_that_the_service_writes_is_for_the_user_alone(home):
    old = os.umask(0)
    try:
        service.ensure()
    finally:
        os.umask(old)
    paths = [home, *home.rglob("*")]
    assert {"service.json", "service.log", "grids.db"} < {path.name for path in paths}
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_secrets_are_not_in_the_log_the_database_the_command_line_or_the_environment(home):
    info = service.ensure()
    ask(info, "/v2/users/current", api_key=info.api_key)
    ask(info, f"/v2/nothing?key={info.api_key}", api_key=info.api_key)
    process = psutil.Process(info.pid)
    assert service.stop()
    second = service.ensure()
    family = [psutil.Process(second.pid), *psutil.Process(second.pid).children(recursive=True)]
    shown = "".join(f"{member.cmdline()}{member.environ()}" for member in family)
    assert "plotly_nbext" in shown
    assert process.pid != second.pid
    written = [path for path in home.rglob("*") if path.is_file()]
    files = {path: path.read_bytes() for path in written if path.name != "service.json"}
    for secret in (info.api_key, info.proof, second.api_key, second.proof):
        assert len(secret) >= 40
        assert secret not in shown
        assert [path for path, content in files.items() if secret.encode() in content] == []


def test_secrets_are_not_in_the_repr(home):
    info = service.ensure()
    for text in (repr(info), str(info), f"{[info]}"):
        assert info.api_key not in text
        assert info.proof not in text
    assert pickle.loads(pickle.dumps(info)) == info


def test_a_service_that_fails_late_shows_no_key(home):
    """The database can be read but not written when the user `local` is to be added."""
    service.ensure()
    service.stop()
    broken = "import sqlite3; c = sqlite3.connect('grids.db'); c.execute('drop table users'); "
    broken += "c.execute('create view users as select 1 as username')"
    subprocess.run([sys.executable, "-c", broken], check=True, cwd=home)
    with pytest.raises(ServiceError) as caught:
        service.ensure()
    words = str(caught.value) + (home / "service.log").read_text()
    assert "cannot modify users" in words
    assert re.findall(r"\b[0-9a-f]{40}\b", words) == []  # what looks like a key


def test_every_start_makes_new_secrets(home):
    def secrets() -> set[str]:
        info = service.ensure()
        service.stop()
        return {info.api_key, info.proof}

    assert len(secrets() | secrets()) == 4


def test_the_log_holds_two_runs_and_grows_no_further(home: Path):
    for _ in range(3):
        service.ensure()
        service.stop()
        (home / "service.log").write_bytes(b"x" * 100_000)
    logs = sorted(path.name for path in home.glob("service.log*"))
    assert logs == ["service.log", "service.log.1"]
    service.ensure()
    assert (home / "service.log").stat().st_size < 10_000
