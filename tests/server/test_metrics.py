"""What the server tells Prometheus."""

from __future__ import annotations

import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from .conftest import Api


def read(caller: Api) -> dict[str, float]:
    """Give the samples, by their names and labels."""
    text = caller.expect(200, "GET", "/metrics").text
    return {
        f"{sample.name.removeprefix('plotly_nbext_')}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def measured(serve):
    server = serve("--metrics", "--browsers", "1")
    with server.user() as user:
        yield user


def test_requests_are_counted_by_route_method_and_status(measured):
    fid = measured.grid()["fid"]
    for _ in range(3):
        measured.expect(200, "GET", f"/v2/grids/{fid}")
    measured.refused(404, "GET", "/v2/grids/nobody:7")
    measured.refused(404, "GET", "/no/such/path")
    found = read(measured)
    assert found["requests_total['/v2/grids', '2xx', 'POST']"] == 1
    assert found["requests_total['/v2/grids/{fid}', '2xx', 'GET']"] == 3
    assert found["requests_total['/v2/grids/{fid}', '4xx', 'GET']"] == 1
    assert found["requests_total['4xx', 'GET', 'other']"] == 1
    assert found["request_seconds_count['/v2/grids/{fid}', 'GET']"] == 4
    assert 0 < found["request_seconds_sum['/v2/grids/{fid}', 'GET']"] < 10
    assert found["errors_total['NotFoundError']"] == 1
    # the one that asks
    assert found["requests_in_progress[]"] == 1


def test_nothing_that_a_user_has_chosen_is_told(measured):
    fid = measured.grid({"secret column": [1]}, filename="secret name")["fid"]
    for path in (f"/v2/grids/{fid}", "/secret-path", "/v2/files/secret:5", "/~secret/7/"):
        measured.request("GET", path)
        measured.request("DELETE", path)
    measured.request("PROPFIND", "/secret-path")
    text = measured.expect(200, "GET", "/metrics").text
    for word in ("secret", fid, measured.username, "PROPFIND"):
        assert word not in text


@pytest.mark.sqlite
def test_images_are_counted_by_how_they_came(measured):
    figure = {"figure": {"data": [{"y": [1, 2]}]}, "format": "svg"}
    for _ in range(3):
        image = measured.expect(200, "POST", "/v2/images", json=figure).content
    measured.refused(400, "POST", "/v2/images", json={"figure": {"data": ["no trace"]}})
    found = read(measured)
    assert found["renders_total['drawn', 'svg']"] == 1
    assert found["renders_total['png', 'refused']"] == 1
    assert found["render_seconds_count['svg']"] == 1
    assert found["image_cache_misses_total['memory']"] == 2
    assert found["image_cache_misses_total['disk']"] == 2
    assert found["image_cache_hits_total['memory']"] == 2
    assert found["image_cache_hit_bytes_total['memory']"] == 2 * len(image)
    assert found["image_cache_memory_bytes[]"] >= len(image)
    assert found["browsers[]"] == 1
    assert found["render_queue_length[]"] == found["renders_in_progress[]"] == 0
    assert found["render_wait_seconds_count[]"] == 2


@pytest.mark.sqlite
def test_images_that_were_kept_are_counted_as_such(serve):
    server = serve("--metrics", "--browsers", "1")
    user = server.user()
    figure = {"figure": {"data": [{"y": [1, 2]}]}}
    user.expect(200, "POST", "/v2/images", json=figure)
    server.stop()
    server.start()
    user.url = server.url
    user.expect(200, "POST", "/v2/images", json=figure)
    found = read(user)
    assert found["image_cache_hits_total['disk']"] == 1
    assert found["browsers[]"] == 0


def test_what_goes_to_the_database_and_comes_from_it_is_counted(measured):
    fid = measured.grid({"x": [1, 2], "y": [3, 4]})["fid"]
    assert read(measured)["chunks_total['written']"] == 2
    measured.content(fid)
    measured.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[5, 6]] * 7})
    measured.expect(201, "POST", "/v2/grids/upload", data=b"a\n1\n")
    measured.refused(400, "POST", "/v2/grids/upload", data=b"\0\1\2")
    found = read(measured)
    assert found["chunks_total['written']"] > 2
    assert found["chunks_total['read']"] >= 2
    assert found["chunk_bytes_total['written']"] > 0
    assert found["chunk_bytes_total['read']"] > 0
    assert found["rows_appended_total[]"] == 7
    assert found["uploads_total['read']"] == 1
    assert found["uploads_total['refused']"] == 1
    assert found["database_connections_in_use[]"] >= 0
    assert found["process_resident_memory_bytes[]"] > 10_000_000


def test_an_operator_who_does_not_ask_has_none(serve):
    with serve().user() as user:
        user.refused(404, "GET", "/metrics")


def test_only_who_has_the_token_is_told(serve, tmp_path):
    file = tmp_path / "token"
    file.write_text("s3cret\n")
    with Api(serve("--metrics-token-file", str(file)).url) as caller:
        for authorization in ({}, {"Authorization": "Bearer s3cre"}, {"Authorization": "s3cret"}):
            error = caller.refused(401, "GET", "/metrics", headers=authorization)
            assert "s3cret" not in str(error)
        told = caller.expect(200, "GET", "/metrics", headers={"Authorization": "Bearer s3cret"})
        assert "plotly_nbext_info" in told.text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--metrics", "--host", "0.0.0.0"], "name a --metrics-token-file"),
        (["--metrics", "--public-url", "https://here.example"], "name a --metrics-token-file"),
        (["--metrics-token-file", "no/such/file"], "names no file with a token: no/such/file"),
        (["--metrics-token-file", "/dev/null"], "names no file with a token"),
    ],
)
def test_metrics_are_not_open_to_all_by_mistake(tmp_path, options, told):
    command = [sys.executable, "-m", "plotly_nbext", "serve", "--data", str(tmp_path), *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 2
    assert told in " ".join(run.stderr.split())


def test_who_asks_for_none_loads_nothing_for_them(tmp_path):
    code = (
        "import sys; from plotly_nbext.server import run, app; "
        "print([name for name in sys.modules if name.startswith('prometheus')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
