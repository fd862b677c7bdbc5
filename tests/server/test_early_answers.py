"""Who is refused while they send hears of it then, and not after the last byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from plotly_nbext import ApiError, AuthError, PlotlyNbextError
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
from plotly_nbext.server import grid_body

from .arrow import ARROW
from .conftest import Api
from .test_patience import connect, head, kept_awake, serving_here

PIECE = bytes(1 << 20)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """A user of a server within this process."""
    with serving_here(tmp_path) as user, kept_awake(user):
        yield user


@pytest.fixture
def connected(api: Api) -> Callable[[str], Client]:
    """Connect with some key."""
    return lambda key: Client(lambda: Account(api.url, api.username, key))


def test_a_stream_that_is_too_long_is_refused_while_it_is_sent(api, connected, monkeypatch):
    monkeypatch.setattr(grid_body, "MAX_BYTES", 5_000_000)
    client = connected(api.api_key)
    with pytest.raises(ApiError) as refused:
        client.push(pd.DataFrame({"x": np.zeros(700_000)}), "long")
    assert refused.value.status_code == 413
    assert refused.value.message == (
        "The body is longer than 5,000,000 bytes: send fewer columns or rows at a time."
    )
    assert client.list() == []


@pytest.mark.parametrize("what", ["too long", "a stranger"])
def test_a_body_without_end_is_answered(api, connected, monkeypatch, what):
    begun = []

    def endless() -> Iterator[bytes]:
        begun.append(what)
        while True:
            yield PIECE

    error: type[PlotlyNbextError] = ApiError
    if what == "too long":
        monkeypatch.setattr(grid_body, "MAX_BYTES", 5_000_000)
        words = "longer than 5,000,000 bytes"
    else:
        error, words = AuthError, "Bad API key"
    client = connected("no key" if what == "a stranger" else api.api_key)
    with pytest.raises(error, match=words):
        client._session.json("POST", "/grids", body=endless, headers={"Content-Type": ARROW})
    assert begun == [what]


def test_the_rest_of_a_body_that_is_refused_is_taken_and_the_connection_closed(api):
    body = bytes(1_000_000)
    with connect(api) as sender:
        sender.sendall(head(api, "PUT /v2/grids/x:1/content", f"Content-Length: {len(body)}"))
        answer = sender.recv(10_000)
        assert answer.startswith(b"HTTP/1.1 415 ")
        assert b"connection: close" in answer.lower()
        sender.sendall(body)
        assert b"".join(iter(lambda: sender.recv(10_000), b"")).count(b"HTTP/1.1") == 0


def test_a_short_body_that_is_refused_unread_costs_no_connection(api):
    with connect(api) as sender:
        for _ in range(2):
            request = head(api, "PUT /v2/grids/x:1/content", "Content-Length: 1000")
            sender.sendall(request + bytes(1000))
            answer = b""
            while not answer.endswith(b"}"):
                answer += sender.recv(10_000)
            assert answer.startswith(b"HTTP/1.1 415 ")
