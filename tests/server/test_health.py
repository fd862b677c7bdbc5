"""What whoever watches over servers asks: does it live, and may requests come?"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from .conftest import Api


def test_a_server_that_lives_is_ready(anonymous):
    assert anonymous.expect(200, "GET", "/healthz").json()["status"] == "ok"
    assert anonymous.expect(200, "GET", "/readyz").json() == {"status": "ready", "missing": {}}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_by_head_are_answered(anonymous, path):
    assert anonymous.expect(200, "HEAD", path).content == b""


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_no_web_page_may_ask_a_server_of_this_machine(anonymous, path):
    anonymous.refused(403, "GET", path, headers={"Host": "attacker.example"})


@pytest.mark.sqlite
def test_tables_of_another_version_are_missing(serve):
    server = serve()
    with Api(server.url) as anonymous:
        with closing(sqlite3.connect(server.data / "grids.db")) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
            database.commit()
        answer = anonymous.expect(503, "GET", "/readyz").json()
        assert answer["status"] == "not ready"
        assert "9999" in answer["missing"]["database"]
        anonymous.expect(200, "GET", "/healthz")


@pytest.mark.sqlite
def test_a_database_that_is_no_more_is_missing_and_its_place_is_not_told(serve):
    server = serve()
    with Api(server.url) as anonymous:
        for file in server.data.glob("grids.db*"):
            file.unlink()
        (server.data / "grids.db").mkdir()
        answer = anonymous.expect(503, "GET", "/readyz")
        assert set(answer.json()["missing"]) == {"database"}
        assert str(server.data) not in answer.text
