"""What fuzzing stands on: a server of its own that is watched, and a count of the examples."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from ..server.conftest import Api, OwnServer
from .changes import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 2**20
MAX_GROWTH = 700 * MEGABYTE
PATIENCE = 30
"""Seconds that any answer may take: a render waits for a browser that another one has hung."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many examples each test had."""
    counts = {
        report.nodeid: dict(report.user_properties).get("examples")
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
    }
    told = {node: count for node, count in counts.items() if count}
    if told:
        terminalreporter.section("examples")
        for node, count in sorted(told.items()):
            terminalreporter.write_line(f"{count:8,} {node}")
        terminalreporter.write_line(f"{sum(told.values()):8,} in all")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Take the count out of what hypothesis tells of a test."""
    told = getattr(item, "hypothesis_statistics", None)
    if told and not any(name == "examples" for name, _ in item.user_properties):
        found = map(int, re.findall(r"(\d+) (?:passing|failing|invalid)", told))
        item.user_properties.append(("examples", sum(found)))
    yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests more time where they are asked for more examples."""
    for item in items:
        if item.get_closest_marker("fuzz"):
            item.add_marker(pytest.mark.timeout(max(300, 6 * EXAMPLES)))


class Watched:
    """A server that takes whatever comes, and has to be as it was afterwards."""

    def __init__(self, own: OwnServer) -> None:
        self.own = own
        self.api: Api = own.user()
        self.process = psutil.Process(own.pid)
        self.grid = self.api.grid()["fid"]
        self.before = self._memory()

    @property
    def url(self) -> str:
        return self.own.url

    def send(self, method: str, path: str, **options: object) -> requests.Response:
        """Send what nobody should; look at what is said."""
        options = {"timeout": PATIENCE, "allow_redirects": False} | options
        session = requests.Session()
        session.trust_env = False
        with session, session.request(method, self.url + path, **options) as response:
            response.content  # noqa: B018 - read while it is there
        check(response)
        return response

    def check(self) -> None:
        """See that it is one process still, answers, and has not grown."""
        assert self.process.is_running()
        assert self.process.status() != psutil.STATUS_ZOMBIE
        begun = time.monotonic()
        assert self.api.expect(200, "GET", "/healthz", timeout=PATIENCE)
        assert self.api.table(self.grid) == {"x": [1, 2], "y": [3, 4]}
        assert time.monotonic() - begun < PATIENCE
        assert self._memory() - self.before < MAX_GROWTH

    def _memory(self) -> int:
        """Count bytes, without those of browsers: they have limits of their own."""
        family = [self.process, *self.process.children(recursive=True)]
        total = 0
        for each in family:
            try:
                if "chrom" not in each.name():
                    total += each.memory_info().rss
            except psutil.Error:
                continue
        return total


def check(response: requests.Response) -> None:
    """See that an answer is one that is documented, or a refusal in the form for it."""
    said = f"{response.request.method} {response.request.url}: {response.status_code}"
    assert response.status_code < 500 or response.status_code in {503, 507}, (
        said,
        response.text[:500],
    )
    is_json = response.headers.get("Content-Type") == "application/json"
    if response.status_code >= 400 and is_json and response.request.method != "HEAD":
        body = response.json()
        assert body["errors"], said
        assert body["detail"] == body["errors"][0]["message"]
        for error in body["errors"]:
            assert set(error) == {"code", "message", "path", "field"}


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server process that the tests of a worker share."""
    own = OwnServer(tmp_path_factory.mktemp("fuzz") / "data", ("--browsers", "1"))
    watched = Watched(own)
    yield watched
    log = own.stop()
    start = log.find("Traceback")
    assert start < 0, log[start : start + 5_000]


@pytest.fixture
def server(own_server: Watched) -> Iterator[Watched]:
    """The same, looked at when a test is over."""
    yield own_server
    own_server.check()
