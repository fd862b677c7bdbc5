"""Writers over HTTP who take next to nothing of the processors: what is measured is the server."""

from __future__ import annotations

import json
import socket
import time
from base64 import b64encode
from contextlib import ExitStack
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Self
from urllib.parse import urlsplit

__all__ = ["Writer", "rate"]


class Writer:
    """A connection over which the same request is sent again and again.

    Parameters
    ----------
    url : str
        Where rows are appended.
    credentials : tuple of str
        The user and the API key.
    rows : list of list
        The rows.
    """

    def __init__(self, url: str, credentials: tuple[str, str], rows: list[list[Any]]) -> None:
        address = urlsplit(url)
        token = b64encode(":".join(credentials).encode()).decode()
        body = json.dumps({"rows": rows})
        lines = (
            f"POST {address.path} HTTP/1.1",
            f"Host: {address.netloc}",
            f"Authorization: Basic {token}",
            "Content-Type: application/json",
            "Prefer: return=minimal",
            f"Content-Length: {len(body)}",
        )
        self._request = "\r\n".join((*lines, "", body)).encode()
        self._received = b""
        self._socket = socket.create_connection((address.hostname, address.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def fileno(self) -> int:
        """Tell what a selector waits for."""
        return self._socket.fileno()

    def append(self) -> None:
        """Append, and wait until that is acknowledged."""
        self.send()
        while not self.receive():
            pass

    def send(self) -> None:
        """Send the request."""
        self._socket.sendall(self._request)

    def receive(self) -> bool:
        """Take what has come of the answer; tell whether that is all of it."""
        self._received += self._socket.recv(65_536)
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            assert head, "the server has closed the connection"
            return False
        assert head.startswith(b"HTTP/1.1 201 "), self._received
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if len(body) < int(length):
            return False
        self._received = b""
        return True


def rate(
    url: str, credentials: tuple[str, str], rows: list[list[Any]], writers: int, seconds: float
) -> float:
    """Count the rows that are acknowledged in a second.

    Each writer sends its next request when its last one is acknowledged.
    """
    with ExitStack() as stack, DefaultSelector() as selector:
        for _ in range(writers):
            writer = stack.enter_context(Writer(url, credentials, rows))
            writer.append()
            selector.register(writer, EVENT_READ, writer)
        start = time.perf_counter()
        for key in selector.get_map().values():
            key.data.send()
        acknowledged = 0
        while time.perf_counter() < start + seconds:
            for key, _ in selector.select(60):
                if key.data.receive():
                    acknowledged += len(rows)
                    key.data.send()
        return acknowledged / (time.perf_counter() - start)
