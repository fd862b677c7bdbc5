"""A server with a certificate speaks nothing weak, and one with a wrong certificate says so."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager

import pytest
import trustme

WEAK = ["AES128-SHA", "AES256-SHA256", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"]


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    issued = authority.issue_cert("127.0.0.1")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    return certificate, key


def command(data, certificate, key) -> list[str]:
    served = ["-m", "plotly_nbext", "serve", "--port", "0", "--data", str(data)]
    return [sys.executable, *served, "--tls-cert", str(certificate), "--tls-key", str(key)]


@pytest.fixture(scope="module")
def port(files, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    process = subprocess.Popen(command(data, *files), stdout=subprocess.PIPE, text=True)
    ready = next(line for line in process.stdout if " serving https" in line)
    yield int(ready.rpartition(":")[2])
    process.terminate()
    process.wait(timeout=60)


@contextmanager
def greeted(authority, port, change):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    context.set_ciphers("ALL:@SECLEVEL=0")
    change(context)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        yield secured


def until(version):
    def change(context) -> None:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = version

    return change


def test_the_newest_tls_is_spoken(authority, port):
    with greeted(authority, port, lambda _: None) as secured:
        assert secured.version() == "TLSv1.3"


def test_tls_12_is_spoken_with_secrets_that_are_forgotten(authority, port):
    with greeted(authority, port, until(ssl.TLSVersion.TLSv1_2)) as secured:
        assert secured.version() == "TLSv1.2"
        assert secured.cipher()[0].startswith("ECDHE")


def test_who_never_shakes_hands_is_let_go(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as silent:
        assert silent.recv(1) == b""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_older_tls_is_not_spoken(authority, port, version):
    old = until(getattr(ssl.TLSVersion, version))
    with pytest.raises((ssl.SSLError, ConnectionError)), greeted(authority, port, old):
        pass


@pytest.mark.parametrize("cipher", WEAK)
def test_a_weak_cipher_is_not_spoken(authority, port, cipher):
    def change(context) -> None:
        until(ssl.TLSVersion.TLSv1_2)(context)
        context.set_ciphers(f"{cipher}:@SECLEVEL=0")

    with pytest.raises((ssl.SSLError, ConnectionError)), greeted(authority, port, change):
        pass


def test_a_certificate_with_the_key_of_another_is_told(authority, files, tmp_path):
    other = tmp_path / "other.pem"
    authority.issue_cert("127.0.0.1").private_key_pem.write_to_path(other)
    refused(command(tmp_path / "data", files[0], other), "key values mismatch")


def test_a_file_that_is_no_certificate_is_told(files, tmp_path):
    (tmp_path / "text").write_text("no certificate")
    refused(command(tmp_path / "data", tmp_path / "text", files[1]), "can't be served with")


def refused(line: list[str], why: str) -> None:
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr
