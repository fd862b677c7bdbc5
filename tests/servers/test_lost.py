"""The database, a connection to it or a server is lost: a clean refusal, nothing half-written."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import psycopg
import pyarrow as pa
import pytest
import requests

from .. import postgres
from ..server import arrow
from .conftest import PASSWORD, assert_quiet, meanwhile, running, wait_until

pytestmark = pytest.mark.postgres

MINIMAL = {"Prefer": "return=minimal"}

# of a commit of rows that were appended
SLOW = """
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON row_log DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait();
"""


@pytest.fixture
def mortal(tmp_path):
    """Servers of a PostgreSQL that the test may stop."""
    with postgres.running() as database, running(tmp_path, database) as servers:
        yield servers


def refused(caller, method: str, path: str, **options) -> None:
    answer = caller.expect(503, method, path, **options)
    assert int(answer.headers["Retry-After"]) >= 1
    body = answer.json()
    assert body["errors"][0]["code"] == "UNAVAILABLE"
    assert body["detail"] == body["errors"][0]["message"]
    assert PASSWORD not in answer.text


def append(caller, fid: str, **options):
    body = {"rows": [[9, 9]]}
    return caller.request("POST", f"/v2/grids/{fid}/row", json=body, **options)


def recovered(caller, path: str) -> None:
    wait_until(lambda: caller.request("GET", path).status_code == 200, "recovery")


def test_without_its_database_a_server_says_so_and_ends(mortal):
    mortal.database.stop()
    for command in (["serve", "--port", "0"], ["user", "add", "alice"]):
        done = mortal.command(*command)
        assert done.returncode == 1
        said = done.stdout + done.stderr
        assert said.count("can't be used") == 1
        assert "See that it runs and takes this user, or name another by --database-url." in said
        assert_quiet(said)
    mortal.database.start()


def test_a_database_that_stops_and_starts_again_is_waited_for(mortal):
    mortal.start(2)
    both = mortal.new_user()
    fid = both[0].grid({"x": [1], "y": [2]})["fid"]
    mortal.database.stop()
    for caller in both:
        for _ in range(2):
            refused(caller, "GET", f"/v2/grids/{fid}")
            refused(caller, "GET", f"/v2/grids/{fid}/content")
            refused(caller, "POST", "/v2/grids", json={"data": {"cols": {"x": {"data": [1]}}}})
            refused(caller, "POST", f"/v2/grids/{fid}/row", json={"rows": [[3, 4]]})
            body = {"rows": [[3, 4]]}
            refused(caller, "POST", f"/v2/grids/{fid}/row", json=body, headers=MINIMAL)
        assert requests.get(f"{caller.url}/healthz", timeout=30).status_code == 200
        assert requests.get(f"{caller.url}/readyz", timeout=30).status_code == 503
    mortal.database.start()
    for caller in both:
        recovered(caller, f"/v2/grids/{fid}")
        assert append(caller, fid).status_code == 201
    assert both[1].table(fid) == {"x": [1, 9, 9], "y": [2, 9, 9]}
    assert_quiet(mortal.logs())


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "return=minimal"}], ids=["whole", "minimal"])
def test_a_connection_that_is_cut_in_a_transaction_leaves_nothing(pair, both, prefer):
    fid = both[0].grid({"x": [1], "y": [2]})["fid"]
    owner, _, number = fid.partition(":")
    held = f"SELECT 1 FROM files WHERE owner = '{owner}' AND idlocal = {number} FOR UPDATE"
    headers = {"Idempotency-Key": "k"} | prefer
    with pair.changing(held), meanwhile(lambda: append(both[0], fid, headers=headers)) as answer:
        pair.cut("wait_event_type = 'Lock'")
        assert answer.result(60).status_code == 503
        assert answer.result().headers["Retry-After"]
    assert both[1].table(fid) == {"x": [1], "y": [2]}
    for caller in both:
        assert append(caller, fid, headers=headers).status_code == 201
    assert both[1].table(fid) == {"x": [1, 9], "y": [2, 9]}
    assert_quiet(pair.logs())


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "return=minimal"}], ids=["whole", "minimal"])
def test_a_connection_that_is_cut_at_its_commit_leaves_nothing(servers, prefer):
    servers.start(2)
    both = servers.new_user()
    fid = both[0].grid({"x": [1], "y": [2]})["fid"]
    with servers.connect() as connection:
        connection.execute(SLOW)
        with meanwhile(lambda: append(both[0], fid, headers=prefer)) as answer:
            servers.cut("wait_event = 'PgSleep'")
            assert answer.result(60).status_code == 503
            assert answer.result().headers["Retry-After"]
        connection.execute("DROP TRIGGER slow ON row_log")
    assert both[1].table(fid) == {"x": [1], "y": [2]}
    assert append(both[0], fid, headers=prefer).status_code == 201
    assert_quiet(servers.logs())


def test_a_download_whose_connection_is_cut_breaks_off(pair, both):
    table = pa.table({"x": pa.array([f"{number:040}" for number in range(500_000)])})
    headers = {"Content-Type": arrow.ARROW}
    body = arrow.stream(table, {"filename": "big"})
    fid = both[0].expect(201, "POST", "/v2/grids", data=body, headers=headers).json()["file"]["fid"]
    answer = both[0].request("GET", f"/v2/grids/{fid}/content", stream=True)
    pieces = answer.iter_content(10_000)
    next(pieces)
    pair.cut("xact_start IS NOT NULL")
    with pytest.raises(requests.RequestException):
        for _ in pieces:
            pass
    recovered(both[0], f"/v2/grids/{fid}")
    assert_quiet(pair.logs())


def test_with_no_room_for_a_connection_it_is_refused_until_there_is(mortal):
    mortal.start(1)
    [caller] = mortal.new_user()
    with mortal.connect() as admin, ExitStack() as others:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with suppress(psycopg.OperationalError):  # of which there may be a hundred
            while True:
                others.enter_context(mortal.connect())
        refused(caller, "GET", "/v2/users/current")
        refused(caller, "POST", "/v2/folders", json={"path": "a"})
    recovered(caller, "/v2/users/current")
    assert_quiet(mortal.logs())


def test_with_all_connections_in_use_it_is_refused_after_a_wait(servers):
    servers.start(1, "--database-connections", "2")
    [caller] = servers.new_user()
    fids = [caller.grid()["fid"] for _ in range(2)]
    with ExitStack() as stack:
        waiting = []
        with servers.changing("SELECT 1 FROM files FOR UPDATE"):
            for fid in fids:
                held = meanwhile(lambda fid=fid: append(caller, fid, headers=MINIMAL))
                waiting.append(stack.enter_context(held))
            locks = "wait_event_type = 'Lock'"
            wait_until(lambda: len(servers.sessions(locks)) == 2, "waiting")
            refused(caller, "GET", f"/v2/grids/{fids[0]}")
        assert {answer.result(60).status_code for answer in waiting} == {201}
    caller.expect(200, "GET", f"/v2/grids/{fids[0]}")
    assert_quiet(servers.logs())


def test_of_a_server_that_is_killed_while_a_push_goes_on_nothing_is_seen(servers):
    servers.start(2)
    both = servers.new_user()
    numbers = pa.array(range(400_000), pa.float64())
    body = arrow.stream({f"c{number}": numbers for number in range(10)}, {"filename": "big"})
    headers = {"Content-Type": arrow.ARROW, "Idempotency-Key": "k"}

    def push(caller):
        return caller.request("POST", "/v2/grids", data=body, headers=headers)

    with meanwhile(lambda: push(both[0])) as pushed:
        wait_until(lambda: servers.sessions("query LIKE 'COPY chunks%'"), "COPY")
        servers.all[0].kill()
        assert isinstance(pushed.exception(60), requests.ConnectionError)
    home = both[1].expect(200, "GET", "/v2/folders/home").json()["children"]
    assert home["count"] == 0
    first, second = push(both[1]), push(both[1])
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    home = both[1].expect(200, "GET", "/v2/folders/home").json()["children"]
    assert [each["filename"] for each in home["results"]] == ["big"]
    assert first.json()["file"]["row_count"] == 400_000
    with servers.connect() as connection:
        rows = "SELECT count(DISTINCT file_id), sum(length) FROM chunks"
        assert connection.execute(rows).fetchone() == (1, 4_000_000)
