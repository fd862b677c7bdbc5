"""An operator allows hosts: of a server by an option, of the local service by the environment."""

from __future__ import annotations

import http.server
import io
import threading

import pytest
from PIL import Image

import plotly_nbext as pn
from plotly_nbext.errors import ServiceError

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<rect width="9" height="9" fill="red"/></svg>'
)


class RedSquare(http.server.BaseHTTPRequestHandler):
    """Answers everything with a red square."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "image/svg+xml")
        self.end_headers()
        self.wfile.write(SVG)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def web():
    """A host on the web."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), RedSquare) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def picture(url: str) -> dict:
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
    image = {"source": f"{url}/a.svg", "sizing": "stretch", **place}
    return {"data": [], "layout": {"images": [image]}}


def is_red(image: bytes) -> bool:
    with Image.open(io.BytesIO(image)) as picture:
        return picture.convert("RGB").getpixel((350, 250)) == (255, 0, 0)


def test_the_local_service_loads_from_the_hosts_of_its_environment(home, monkeypatch, web):
    monkeypatch.setenv("PLOTLY_NBEXT_ALLOW_HOSTS", f"tile.example.org, {web}")
    assert is_red(pn.render(picture(web)).data)


@pytest.mark.filterwarnings("ignore::plotly_nbext.errors.PlotlyNbextWarning")
def test_without_them_it_loads_nothing(home, monkeypatch, web):
    monkeypatch.delenv("PLOTLY_NBEXT_ALLOW_HOSTS", raising=False)
    assert not is_red(pn.render(picture(web)).data)


def test_a_host_that_is_none_keeps_the_service_from_starting_and_is_named(home, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_ALLOW_HOSTS", "*.example.org")
    with pytest.raises(ServiceError, match=r"'\*\.example\.org' is a wildcard; name each host"):
        pn.render(picture("https://a.example.org"))


def test_status_and_doctor_name_the_hosts_that_a_start_or_a_running_service_allows(
    command, monkeypatch
):
    monkeypatch.setenv("PLOTLY_NBEXT_ALLOW_HOSTS", "tile.example.org http://127.0.0.1:8000")
    hosts = "https://tile.example.org, http://127.0.0.1:8000"
    assert f"Hosts that it would allow: {hosts}\n" in command("status").stdout
    assert f"✓ Allowed hosts: {hosts}\n" in command("doctor").stdout

    assert f"Allowed hosts: {hosts}\n" in command("start").stdout
    monkeypatch.delenv("PLOTLY_NBEXT_ALLOW_HOSTS")
    assert f"Allowed hosts: {hosts}\n" in command("status").stdout
    assert f"✓ Allowed hosts: {hosts}\n" in command("doctor").stdout


def test_the_doctor_tells_of_hosts_that_a_running_service_does_not_know_yet(command, monkeypatch):
    monkeypatch.delenv("PLOTLY_NBEXT_ALLOW_HOSTS", raising=False)
    command("start")
    monkeypatch.setenv("PLOTLY_NBEXT_ALLOW_HOSTS", "tile.example.org")
    assert "Allowed hosts: none\n" in command("status").stdout
    done = command("doctor")
    assert done.returncode == 0  # all works, but for those hosts
    assert (
        "✗ Allowed hosts: none; PLOTLY_NBEXT_ALLOW_HOSTS names others than when the service was "
        "started\n    → plotly-nbext stop\n"
    ) in done.stdout


def test_status_and_doctor_say_which_host_would_keep_the_service_from_starting(
    command, monkeypatch
):
    monkeypatch.setenv("PLOTLY_NBEXT_ALLOW_HOSTS", "*.example.org")
    words = "PLOTLY_NBEXT_ALLOW_HOSTS: '*.example.org' is a wildcard; name each host"
    status, examined = command("status"), command("doctor")
    assert status.returncode == examined.returncode == 1
    assert words in status.stderr
    assert f"✗ {words}" in examined.stdout


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("*.example.org", "is a wildcard; name each host"),
        ("example.org/tiles", "is more than a host and a port"),
        ("localhost", "name its IP address"),
    ],
)
def test_serve_refuses_a_host_that_is_none(command, tmp_path, host, why):
    done = command("serve", "--data", str(tmp_path), "--allow-host", host)
    assert done.returncode == 2
    assert "--allow-host" in done.stderr
    assert why in done.stderr
