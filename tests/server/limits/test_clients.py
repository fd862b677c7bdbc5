"""Clients who are told to come again later, and do."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
from plotly_nbext.errors import RateLimited

CHART_STUDIO = """
import sys, types
import plotly
plotly.version = types.SimpleNamespace(stable_semver=lambda: plotly.__version__)
import chart_studio
from chart_studio.api.v2 import users
url, name, key = sys.argv[1:]
chart_studio.session.sign_in(name, key, plotly_domain=url, plotly_api_domain=url)
for _ in range(5):
    print(users.current().json()["username"])
"""


@pytest.fixture(scope="module")
def server(new_server):
    return new_server("--rate-limit", "3/2seconds", "--render-limit", "1/hour", "--metrics")


def refusals(user) -> int:
    lines = user.expect(200, "GET", "/metrics").text.splitlines()
    found = [line for line in lines if "request_refusals" in line and 'limit="requests"' in line]
    return int(float(found[0].split()[-1])) if found else 0


def test_chart_studio_comes_again_by_itself(server, tmp_path):
    user = server.user()
    before = refusals(user)
    done = subprocess.run(
        [sys.executable, "-c", CHART_STUDIO, user.url, user.username, user.api_key],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == [user.username] * 5, done.stderr
    assert refusals(user) > before


def test_our_client_waits_as_it_is_told_and_says_so(server, caplog):
    user = server.user()
    before = refusals(user)
    client = Client(lambda: Account(user.url, user.username, user.api_key))
    with caplog.at_level(logging.WARNING, "plotly_nbext"):
        assert [client.username for _ in range(5)] == [user.username] * 5
        for _ in range(5):
            client.search("nothing")
    assert refusals(user) > before
    assert "busy (429)" in caplog.text


def test_a_wait_that_is_too_long_is_an_error_that_names_it(server):
    user = server.user()
    client = Client(lambda: Account(user.url, user.username, user.api_key))
    client.render({"data": [{"y": [1]}]})
    with pytest.raises(RateLimited, match=r"Expected available in \d+\.0 seconds"):
        client.render({"data": [{"y": [2]}]})
