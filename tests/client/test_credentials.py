"""The way to a server: through a proxy, by TLS with an authority of one's own, with which headers.

The server is a real one; the names that it is called by are known to the proxy alone.
"""

from __future__ import annotations

import base64
import select
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import trustme

from plotly_nbext import ServiceError
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client

from ..conftest import Server, start_server, stop_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "charts.example.org"
ENVIRONMENT = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"),
)


@pytest.fixture(autouse=True)
def no_proxy_and_no_authority(monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def tls_server(authority) -> Iterator[Server]:
    """A server with a certificate of an authority that nobody knows."""
    ca = trustme.CA()
    issued = ca.issue_cert(NAME, "127.0.0.1")
    ca.cert_pem.write_to_path(authority / "ca.pem")
    issued.private_key_pem.write_to_path(authority / "key.pem")
    issued.cert_chain_pems[0].write_to_path(authority / "cert.pem")
    options = ("--tls-cert", str(authority / "cert.pem"), "--tls-key", str(authority / "key.pem"))
    # one that listens on this machine alone answers to no other name
    process, url = start_server(authority / "data", "--host", "0.0.0.0", *options)
    url = f"https://127.0.0.1:{url.rpartition(':')[2]}"
    draft = Server(url, authority / "data", authority / "log", "alice", "")
    yield Server(url, draft.data, draft.log, "alice", draft.add_user("alice"))
    stop_server(process)


class Proxy(ThreadingHTTPServer):
    """Forwards to one port, whatever host is asked for, and tells what it was asked."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Forwarding)
        self.port, self.asked = port, []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Forwarding(BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self):
        self.server.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        with socket.create_connection(("127.0.0.1", self.server.port)) as there:
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: there, there: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    if not (data := end.recv(65536)):
                        return
                    ends[end].sendall(data)

    def log_message(self, *_):
        pass


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def proxy(tls_server) -> Iterator[Proxy]:
    made = Proxy(int(tls_server.url.rpartition(":")[2]))
    made.daemon_threads = True
    with serving(made):
        yield made


def client_of(server: Server, url: str | None = None, **options) -> Client:
    account = Account(url or server.url, server.username, server.api_key, **options)
    return Client(lambda: account)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_of_one_s_own_is_trusted(tls_server, authority, monkeypatch, variable):
    monkeypatch.setenv(variable, str(authority / "ca.pem"))
    assert client_of(tls_server).whoami() == "alice"


def test_the_bundle_of_requests_comes_before_that_of_openssl(tls_server, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority / "ca.pem"))
    assert client_of(tls_server).whoami() == "alice"


def test_without_it_the_server_is_not_trusted_and_the_variable_is_named(tls_server):
    with pytest.raises(ServiceError, match="does not trust") as refused:
        client_of(tls_server).whoami()
    assert "REQUESTS_CA_BUNDLE" in refused.value.hint


def test_a_bundle_that_is_not_there_is_told(tls_server, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(ServiceError, match="file of trusted certificates is not there") as refused:
        client_of(tls_server).whoami()
    assert "SSL_CERT_FILE" in refused.value.hint


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_certificates_go_unchecked_where_chart_studio_s_file_says_so(tls_server, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    assert client_of(tls_server, verify=False).whoami() == "alice"


def test_a_proxy_is_gone_through_with_its_name_and_password(
    tls_server, authority, proxy, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority / "ca.pem"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//p:hush@"))
    client = client_of(tls_server, f"https://{NAME}:8443")
    assert client.whoami() == "alice"
    token = base64.b64encode(b"p:hush").decode()
    assert proxy.asked == [(f"{NAME}:8443", f"Basic {token}")]


def test_a_host_in_no_proxy_is_reached_without_it(tls_server, proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "nowhere.invalid")
    with pytest.raises(ServiceError, match="there is no host"):
        client_of(tls_server, "https://nowhere.invalid").whoami()
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_reached_through_a_proxy(server, proxy, monkeypatch, host):
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, proxy.url)
    url = server.url.replace("127.0.0.1", host)
    assert client_of(server, url).whoami() == "alice"
    assert proxy.asked == []


def test_a_proxy_that_takes_the_header_for_itself_gets_its_own(server, monkeypatch):
    heard = []

    class Taking(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append((self.headers["Authorization"], self.headers["Plotly-Authorization"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"username": "alice"}')

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as taking, serving(taking):
        url = f"http://127.0.0.1:{taking.server_address[1]}"
        account = Account(url, "alice", "schlüssel", proxy=("p", "hush"))
        Client(lambda: account).whoami()
    told = [base64.b64decode(each.removeprefix("Basic ")).decode() for each in heard[0]]
    assert told == ["p:hush", "alice:schlüssel"]
    # and our own server reads the header that is its own
    assert client_of(server, proxy=("p", "hush")).whoami() == "alice"
