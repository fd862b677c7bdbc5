"""Keys can't be guessed: they are long, wrong ones are answered slowly, and old ones not at all."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server.conftest import Api

ELSEWHERE = ("--host", "127.1")  # which takes itself for an address that others reach


def timed(api: Api, status: int) -> float:
    start = time.monotonic()
    api.expect(status, "GET", "/v2/users/current")
    return time.monotonic() - start


def test_who_guesses_waits_and_who_knows_the_key_does_not(serve):
    server = serve(*ELSEWHERE)
    user = server.user()
    guesser = Api(server.url, user.username, "wrong")
    first = [timed(guesser, 401) for _ in range(20)]
    with ThreadPoolExecutor(5) as threads:
        others = [Api(server.url, user.username, f"wrong{n}") for n in range(5)]
        later = threads.map(lambda api: timed(api, 401), others)
        known = [timed(user, 200) for _ in range(10)]
        assert min(later) >= 1
    assert max(known) < 1
    assert sorted(first)[10] < 0.5


def test_on_loopback_nobody_waits(serve):
    server = serve()
    guesser = Api(server.url, server.user().username, "wrong")
    assert sorted(timed(guesser, 401) for _ in range(30))[-2] < 1


def test_a_key_is_long_random_and_shown_once(tmp_path):
    def user(*arguments: str) -> str:
        line = [sys.executable, "-m", "plotly_nbext", "user", *arguments, "--data", str(tmp_path)]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout

    keys = [user("add", name).splitlines()[-1] for name in ("alice", "bob")]
    keys.append(user("rotate-key", "bob").splitlines()[-1])
    assert len(set(keys)) == 3
    for key in keys:
        assert re.fullmatch("[0-9a-f]{40}", key)  # 160 bits
        for file in tmp_path.rglob("*"):
            assert not file.is_file() or key.encode() not in file.read_bytes()
    assert not any(key in user("list") for key in keys)


@pytest.mark.parametrize("scheme", ["basic", "bearer"])
def test_a_key_that_is_rotated_is_over_at_once_also_on_open_connections(serve, scheme):
    server = serve()
    user = server.user()
    if scheme == "bearer":
        user.auth = None
        user.headers["Authorization"] = f"Bearer {user.api_key}"
    user.expect(200, "GET", "/v2/folders/home")
    new = server.rotate_key(user.username)
    user.expect(401, "GET", "/v2/folders/home")
    new.expect(200, "GET", "/v2/folders/home")


def test_a_user_who_is_removed_is_nobody_at_once(serve):
    server = serve()
    user = server.user()
    fid = user.grid(world_readable=True)["fid"]
    subprocess.run(
        server._command("user", "remove", user.username, "--yes"), check=True, capture_output=True
    )
    user.expect(401, "GET", "/v2/folders/home")
    Api(server.url).expect(404, "GET", f"/v2/grids/{fid}")
