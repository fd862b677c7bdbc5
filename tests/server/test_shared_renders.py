"""Several servers of one PostgreSQL database: what one has drawn, none draws again."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from contextlib import closing, contextmanager

import psycopg
import pytest

from plotly_nbext.server.store import Database, users
from tests import postgres

from .conftest import Api
from .test_metrics import read
from .test_patience import wait_for

pytestmark = pytest.mark.postgres

FIGURE = {"figure": {"data": [{"y": [1, 3, 2]}]}, "format": "svg"}


@pytest.fixture(scope="module")
def database_url():
    with postgres.running() as server, server.database() as url:
        yield url


@pytest.fixture
def account(database_url):
    name = f"u{secrets.token_hex(6)}"
    with closing(Database(database_url)) as database, database.write() as connection:
        return name, users.add(connection, name)


@contextmanager
def serving(url: str, account: tuple[str, str], home) -> Api:
    command = [sys.executable, "-m", "plotly_nbext", "serve", "--port", "0", "--browsers", "1"]
    with subprocess.Popen(
        [*command, "--metrics", "--database-url", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PLOTLY_NBEXT_HOME": str(home)},
    ) as process:
        ready = process.stdout.readline()
        try:
            assert " serving http" in ready, process.stderr.read()
            with Api(ready.split()[-1], *account) as user:
                user.process = process
                yield user
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def draw(user: Api) -> bytes:
    return user.expect(200, "POST", "/v2/images", json=FIGURE).content


def test_what_one_server_has_drawn_another_sends(database_url, account, tmp_path):
    with (
        serving(database_url, account, tmp_path) as first,
        serving(database_url, account, tmp_path) as second,
    ):
        # drawn twice, an svg has other ids
        drawn = draw(first)
        assert wait_for(lambda: kept(database_url) == 1)
        assert draw(second) == drawn
        found = read(second)
        assert found["image_cache_hits_total['shared']"] == 1
        assert not [name for name in found if name.startswith("renders_total")]
        assert found["browsers[]"] == 0
        # and again after it is gone
        with connected(database_url) as database:
            database.execute("DROP TABLE renders_1")
        assert draw(second) == drawn


def test_a_server_is_ready_again_once_its_database_is(database_url, account, tmp_path):
    with serving(database_url, account, tmp_path) as user, connected(database_url) as admin:
        user.expect(200, "GET", "/readyz")
        admin.execute("ALTER TABLE alembic_version RENAME TO elsewhere")
        assert set(user.expect(503, "GET", "/readyz").json()["missing"]) == {"database"}
        admin.execute("ALTER TABLE elsewhere RENAME TO alembic_version")
        user.expect(200, "GET", "/readyz")
        # who waits for a lock is told in time, and whoever asks meanwhile too
        with admin.transaction():
            admin.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
            for _ in range(2):
                answer = user.expect(503, "GET", "/readyz").json()
                assert "within" in answer["missing"]["database"]
            user.expect(200, "GET", "/healthz")
        assert wait_for(lambda: user.request("GET", "/readyz").status_code == 200)


@contextmanager
def connected(url: str):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def kept(url: str) -> int:
    with connected(url) as database:
        try:
            return database.execute("SELECT count(*) FROM renders_1").fetchone()[0]
        except psycopg.errors.UndefinedTable:
            return 0
