"""A server over TLS, a client's script run against it, and what each of its calls gave."""

from __future__ import annotations

import functools
import json
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Server, start_server, stop_server
from tests.server.conftest import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPTS = Path(__file__).parent / "scripts"
SCRIPT_TIMEOUT = 240  # seconds


@dataclass(frozen=True)
class Calls:
    """What a client's script did: its files are in ``folder``, its account is ``username``'s."""

    client: str
    version: str
    answers: dict[str, dict]
    folder: Path
    username: str
    api_key: str = field(repr=False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """The certificate and key of a server at 127.0.0.1, which is its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    command += " -addext subjectAltName=IP:127.0.0.1"
    outputs = ["-out", str(cert), "-keyout", str(key)]
    subprocess.run([*command.split(), *outputs], check=True, capture_output=True)
    return cert, key


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory, certificate) -> Iterator[Server]:
    """A server as old clients know theirs: https, and API keys."""
    data = tmp_path_factory.mktemp("server")
    cert, key = certificate
    options = ("--browsers", "2", "--tls-cert", str(cert), "--tls-key", str(key))
    process, url = start_server(data, *options)
    yield Server(url, data, data / "server.log", "", "")
    stop_server(process)


@pytest.fixture(scope="session")
def run_calls(tls_server, certificate, tmp_path_factory) -> Callable[..., Calls]:
    """Run a client's script, once, as a fresh user, whom its environment names."""

    @functools.cache
    def run(
        client: str, version: str, program: str, script: str, *arguments: str, **environment: str
    ) -> Calls:
        username = f"user{secrets.token_hex(4)}"
        api_key = tls_server.add_user(username)
        folder = tmp_path_factory.mktemp("peer")
        account = {"username": username, "api_key": api_key}
        account |= {"domain": tls_server.url, "api_domain": tls_server.url}
        environment |= {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        for name, value in account.items():
            environment |= {f"plotly_{name}": value, f"PLOTLY_{name.upper()}": value}
        for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
            environment[name] = str(certificate[0])
        if shutil.which(program) is None:
            pytest.fail(f"There is no {program}: run tests/peers/install.py first.")
        done = subprocess.run(
            [program, str(SCRIPTS / script), *arguments],
            cwd=folder,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SCRIPT_TIMEOUT,
        )
        if done.returncode:
            pytest.fail(f"{script} ended early: {done.stderr[-1000:]}")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        answers = {line["call"]: line for line in lines}
        assert len(answers) == len(lines)
        return Calls(client, version, answers, folder, username, api_key)

    return run


@pytest.fixture
def answer(calls: Calls, record_property) -> Callable[..., dict]:
    """Give what a call gave; that it did, and this test's outcome, become a row of the table."""

    def ask(call: str, result: str = "works") -> dict:
        record_property("call", json.dumps([calls.client, calls.version, call, result]))
        seen = calls.answers[call]
        assert seen["ok"], seen["detail"]
        return seen["detail"]

    return ask


@pytest.fixture
def refusal(calls: Calls, record_property) -> Callable[[str, str], str]:
    """Give why a call failed that has to fail; ``result`` is what the table says of it."""

    def ask(call: str, result: str) -> str:
        record_property("call", json.dumps([calls.client, calls.version, call, result]))
        seen = calls.answers[call]
        assert not seen["ok"], seen["detail"]
        return seen["detail"]

    return ask


@pytest.fixture
def api(calls: Calls, tls_server, certificate) -> Iterator[Api]:
    """The account that the script used, as it is after the script."""
    with Api(tls_server.url, calls.username, calls.api_key) as caller:
        caller.verify = str(certificate[0])
        yield caller


@pytest.fixture
def anonymous(tls_server, certificate) -> Iterator[Api]:
    """A caller without credentials."""
    with Api(tls_server.url) as caller:
        caller.verify = str(certificate[0])
        yield caller
