"""The functions that a script calls, on the local service and on a server that is named."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pandas as pd
import psutil
import pytest
from pandas.testing import assert_frame_equal

import plotly_nbext
from plotly_nbext import AuthError, ServiceError, api, service
from plotly_nbext.accounts import keys


@pytest.fixture(autouse=True)
def a_new_session(monkeypatch):
    monkeypatch.setattr(api, "_current", None)


def test_the_first_call_starts_the_local_service_and_the_next_ones_use_it(home):
    assert service.find() is None
    frame = pd.DataFrame({"x": [1, 2]})
    grid = plotly_nbext.push(frame, "points")
    running = service.find()
    assert running is not None
    assert_frame_equal(plotly_nbext.pull("points"), frame)
    assert plotly_nbext.grid(grid.fid).row_count == 2
    assert service.find() == running


def test_a_service_that_was_stopped_is_started_again_with_its_grids(home):
    frame = pd.DataFrame({"x": [1, 2]})
    plotly_nbext.push(frame, "points")
    assert service.stop()
    assert_frame_equal(plotly_nbext.pull("points"), frame)


def test_connect_names_another_server(server, monkeypatch):
    client = plotly_nbext.connect(server.url, server.username, server.api_key)
    assert client.whoami() == "alice"
    assert repr(client) == f"Client('alice' at '{server.url}')"
    assert api.current_client() is client


def test_a_client_beside_the_current_one_leaves_it_where_it_is(server, home):
    before = plotly_nbext.connect(server.url, server.username, server.api_key)
    local = plotly_nbext.connect("local", current=False)
    assert local.whoami() == service.USERNAME
    assert api.current_client() is before
    plotly_nbext.connect("local")
    assert api.current_client().whoami() == service.USERNAME


def test_a_key_that_was_passed_once_is_known_for_its_server(server, home, monkeypatch):
    monkeypatch.setattr(keys, "_known", {})
    name = f"user-{secrets.token_hex(4)}"
    plotly_nbext.connect(server.url, name, server.add_user(name))
    plotly_nbext.connect("local")
    assert plotly_nbext.connect(server.url).whoami() == name
    assert plotly_nbext.connect(f"{server.url}/v2/").whoami() == name


def test_a_key_that_a_server_refuses_is_not_kept(server, home, monkeypatch):
    monkeypatch.setattr(keys, "_known", {})
    with pytest.raises(AuthError, match="Bad API key"):
        plotly_nbext.connect(server.url, server.username, "wrong")
    with pytest.raises(AuthError, match="needs your"):
        plotly_nbext.connect(server.url, server.username)


def test_connect_reads_the_environment(server, monkeypatch):
    monkeypatch.setenv("PLOTLY_API_DOMAIN", server.url)
    monkeypatch.setenv("PLOTLY_USERNAME", server.username)
    monkeypatch.setenv("PLOTLY_API_KEY", server.api_key)
    assert plotly_nbext.connect().whoami() == "alice"


def test_the_local_service_named_in_a_file_needs_no_credentials(home, tmp_path, monkeypatch):
    url = service.ensure().url
    folder = tmp_path / "plotly"
    folder.mkdir()
    (folder / ".config").write_text(json.dumps({"plotly_api_domain": url}))
    monkeypatch.setenv("PLOTLY_DIR", str(folder))
    assert plotly_nbext.connect().whoami() == service.USERNAME
    assert plotly_nbext.connect(url).whoami() == service.USERNAME


def test_connect_with_a_wrong_key_says_so_and_changes_nothing(server):
    before = plotly_nbext.connect(server.url, server.username, server.api_key)
    with pytest.raises(AuthError, match="Bad API key") as refused:
        plotly_nbext.connect(server.url, server.username, "wrong")
    assert f"%plotly_grid login {server.url} -u alice" in str(refused.value)
    assert api.current_client() is before


def test_connect_to_nothing_says_that_nothing_is_there():
    with pytest.raises(ServiceError, match="can't be reached"):
        plotly_nbext.connect("http://127.0.0.1:9", "alice", "key")


def test_an_address_with_a_password_is_refused_without_showing_it():
    with pytest.raises(AuthError, match="holds a name or password") as refused:
        plotly_nbext.connect("https://alice:hush@plotly.example.org", "alice", "key")
    assert "hush" not in str(refused.value)


def test_every_public_name_is_there():
    for name in plotly_nbext.__all__:
        assert getattr(plotly_nbext, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        plotly_nbext.nothing  # noqa: B018 - its absence is the point


def test_a_stranger_on_the_port_of_a_dead_service_gets_neither_key_nor_data(home):
    plotly_nbext.push(pd.DataFrame({"x": [1]}), "points")
    before = service.find()
    assert before is not None
    process = psutil.Process(before.pid)
    process.kill()
    process.wait(10)
    heard: list[str] = []

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(str(self.headers))
            self.send_response(404)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", urlsplit(before.url).port or 0), Stranger) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        deadline = time.monotonic() + 30
        while time.monotonic() - api.current_client()._session._answered < api.LOCAL_TRUST_SECONDS:
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        assert plotly_nbext.pull("points")["x"].tolist() == [1]
        http.shutdown()
    assert not [headers for headers in heard if "uthorization" in headers]


def test_a_file_is_uploaded_to_the_local_service(home, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x\n1\n2\n")
    grid = plotly_nbext.upload(path, parent="uploads")
    assert grid.path == "uploads/points.csv"
    assert plotly_nbext.pull(grid)["x"].tolist() == [1, 2]
    assert plotly_nbext.upload.__doc__ == plotly_nbext.Client.upload.__doc__


def test_figures_are_written_and_rendered_by_the_local_service(home, tmp_path):
    figures = [{"data": [{"y": [number, 1]}], "layout": {"width": 300}} for number in range(3)]
    plotly_nbext.write_image(figures[0], tmp_path / "one.png", validate=False)
    assert (tmp_path / "one.png").read_bytes() == plotly_nbext.render(figures)[0].data
    plotly_nbext.write_images(figures, [tmp_path / f"{number}.svg" for number in range(3)])
    assert len(list(tmp_path.glob("*.svg"))) == 3
    assert plotly_nbext.to_image(figures[0], "jpg").startswith(b"\xff\xd8")
