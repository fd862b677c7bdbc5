"""What a team gets that copies compose.yaml: through the proxy, with TLS, as clients see it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import requests

if TYPE_CHECKING:
    from .stack import Stack

pytestmark = [pytest.mark.deployment, pytest.mark.timeout(600)]

PNG = b"\x89PNG\r\n\x1a\n"


class Caller(requests.Session):
    """One user, who trusts the certificate of the proxy's authority and no other."""

    def __init__(self, stack: Stack, name: str, key: str) -> None:
        super().__init__()
        self.trust_env = False
        self.auth = (name, key)
        self.verify = stack.authority
        self.headers["Plotly-Client-Platform"] = "python 5.24.1"
        self._url = stack.url

    def request(self, method, url, **options):
        address = url if url.startswith("https://") else self._url + url
        return super().request(method, address, **({"timeout": 120} | options))


@pytest.fixture(scope="module")
def alice(stack: Stack) -> Caller:
    return Caller(stack, "alice", stack.add_user("alice"))


def test_a_notebook_pushes_renders_and_reads_back_through_the_proxy(stack: Stack) -> None:
    script = """
import pandas as pd
import plotly.graph_objects as go
import plotly_nbext

frame = pd.DataFrame({"x": range(1000), "y": [i * 0.5 for i in range(1000)]})
grid = plotly_nbext.push(frame, "team/numbers")
image = plotly_nbext.render(go.Figure(go.Scatter(x=frame["x"], y=frame["y"])), "png")
assert image.data.startswith(b"\\x89PNG"), image
pd.testing.assert_frame_equal(plotly_nbext.pull("team/numbers"), frame)
print(grid.url)
"""
    key = stack.add_user("notebook")
    environment = os.environ | {
        "PLOTLY_API_DOMAIN": stack.url,
        "PLOTLY_USERNAME": "notebook",
        "PLOTLY_API_KEY": key,
        "PLOTLY_NBEXT_HOME": str(stack.folder / "notebook"),
        "REQUESTS_CA_BUNDLE": stack.authority,
    }
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr + stack.logs()
    assert ran.stdout.startswith(f"{stack.url}/~notebook/")
    assert key not in ran.stdout + ran.stderr


def test_a_figure_of_a_grid_is_drawn(alice: Caller) -> None:
    cols = {"x": {"data": [1, 2, 3], "order": 0}, "y": {"data": [4, 1, 5], "order": 1}}
    grid = alice.post("/v2/grids", json={"data": {"cols": cols}, "filename": "drawn"}).json()[
        "file"
    ]
    x, y = (f"{grid['fid']}:{col['uid']}" for col in grid["cols"])
    figure = {"data": [{"type": "scatter", "xsrc": x, "ysrc": y}], "layout": {}}
    drawn = alice.post("/v2/images", json={"figure": figure, "format": "png"})
    assert drawn.status_code == 200, drawn.text
    assert drawn.content.startswith(PNG)


def test_addresses_in_answers_are_the_proxys(stack: Stack, alice: Caller) -> None:
    grid = alice.post("/v2/grids", json={"data": {"cols": {"x": {"data": [1], "order": 0}}}})
    said = grid.json()["file"]
    assert said["web_url"].startswith(f"{stack.url}/~alice/")
    assert alice.get(said["web_url"], headers={"Accept": "text/html"}).status_code == 200
    listing = alice.get("/v2/folders/home", params={"page_size": 1}).json()["children"]
    assert listing["first"].startswith(f"{stack.url}/v2/")
    assert alice.get(listing["first"]).status_code == 200
    addresses = json.dumps(said)
    assert "http://" not in addresses
    assert alice.get("/v2").json()["grids"] == f"{stack.url}/v2/grids"


def test_a_large_file_goes_up_and_comes_down(alice: Caller) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.random((800_000, 4)), columns=list("abcd"))
    text = frame.to_csv(index=False).encode()
    assert len(text) > 60_000_000
    sent = alice.post(
        "/v2/grids/upload", data=text, headers={"X-File-Name": "large.csv"}, timeout=300
    )
    assert sent.status_code == 201, sent.text
    grid = sent.json()["file"]
    with alice.get(
        f"/~alice/{grid['fid'].partition(':')[2]}.csv", stream=True, timeout=300
    ) as down:
        assert down.status_code == 200, down.text
        back = pd.read_csv(io.BytesIO(down.content))
    pd.testing.assert_frame_equal(back, frame)


def test_what_is_for_operators_is_not_for_the_world(stack: Stack) -> None:
    token = (stack.folder / "secrets" / "metrics_token").read_text().strip()
    inside = f"http://127.0.0.1:{stack.ports['server-1', 8000]}"
    with requests.Session() as session:
        session.trust_env = False
        session.verify = stack.authority
        session.headers["Authorization"] = f"Bearer {token}"
        for path in ("/metrics", "/metrics/", "//metrics", "/%6Detrics", "/readyz", "/readyz/"):
            assert session.get(inside + path, timeout=60).status_code == 200, path
            assert session.get(stack.url + path, timeout=60).status_code == 404, path
        assert session.get(f"{stack.url}/healthz", timeout=60).json()["status"] == "ok"


def test_nobody_gets_in_by_a_header_of_a_proxy(stack: Stack, alice: Caller) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "Host": "evil.example",
    }
    said = alice.get("/v2", headers=forged).json()
    assert said["grids"] == f"{stack.url}/v2/grids"


def test_passwords_are_in_no_list_of_processes(stack: Stack) -> None:
    secret = (stack.folder / "secrets" / "database_password").read_text().strip()
    listed = subprocess.run(
        ["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True
    )
    assert "--public-url" in listed.stdout
    assert secret not in listed.stdout
    assert secret not in stack.logs()


def test_a_share_key_is_in_no_log(stack: Stack, alice: Caller) -> None:
    assert alice.get("/~alice/1/", params={"share_key": "a-share-key"}).status_code in {200, 404}
    log = stack.folder / "proxy" / "access.log"
    deadline = time.monotonic() + 30
    while '"GET /~alice/1/" ' not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()[-1_000:]
        time.sleep(0.01)
    assert "a-share-key" not in log.read_text() + stack.logs()


def names(caller: Caller) -> list[str]:
    found: list[str] = []
    address = "/v2/folders/home?page_size=100&filetype=grid"
    while address is not None:
        listing = caller.get(address).json()["children"]
        found += [file["filename"] for file in listing["results"]]
        address = listing["next"]
    return found


def test_requests_go_on_when_a_server_is_killed(stack: Stack, alice: Caller) -> None:
    made: list[str] = []
    failed: list[str] = []
    stop = threading.Event()

    def work(number: int) -> None:
        caller = Caller(stack, *alice.auth)
        for attempt in count():
            if stop.is_set():
                return
            name = f"killed-{number}-{attempt}"
            body = {"data": {"cols": {"x": {"data": [number], "order": 0}}}, "filename": name}
            answers = caller.get("/v2/users/current"), caller.post("/v2/grids", json=body)
            failed.extend(
                f"{each.status_code} {each.request.method} {each.text[:200]}"
                for each in answers
                if not each.ok
            )
            if answers[1].status_code == 201:
                made.append(name)

    def await_made(number: int) -> None:
        deadline = time.monotonic() + 60
        while len(made) < number:
            assert time.monotonic() < deadline, (failed, stack.logs())
            time.sleep(0.01)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    try:
        await_made(30)
        stack.kill("server-1")
        await_made(len(made) + 60)
        at_once = len(failed)
        # nginx tries the dead one again after five seconds, and after five more
        later = time.monotonic() + 11
        while time.monotonic() < later:
            await_made(len(made) + 1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert len(failed) == at_once, failed
    # those that the dead server had begun with, and may have done: they are not repeated
    assert len(failed) <= len(threads), failed
    assert all(each.startswith("503 POST") for each in failed), failed
    found = names(alice)
    assert set(made) <= set(found)
    assert len(found) == len(set(found)), "a request was done twice"
