"""Servers with limits, and two of one PostgreSQL database."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests import postgres
from tests.databases import databases

from ..conftest import Api, OwnServer


@pytest.fixture(scope="module")
def new_server(tmp_path_factory):
    """Start servers with options of their own; they end with the module."""
    servers = []

    def start(*options: str) -> OwnServer:
        servers.append(OwnServer(tmp_path_factory.mktemp("server") / "data", options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def two_servers(tmp_path, monkeypatch):
    """Start two servers, and give the same user of each."""
    with ExitStack() as stack:
        url = stack.enter_context(stack.enter_context(postgres.running()).database())
        monkeypatch.setattr(databases, "location", lambda _: url)

        def start(*options: str) -> list[Api]:
            servers = [OwnServer(tmp_path / f"data{number}", options) for number in range(2)]
            for server in servers:
                stack.callback(server.stop)
            user = servers[0].user()
            return [user, Api(servers[1].url, user.username, user.api_key)]

        yield start
