"""Callers over HTTP who take next to nothing of the processors: what is measured is the server."""

from __future__ import annotations

import json
import socket
import time
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Caller", "Request", "rate"]


@dataclass(frozen=True)
class Request:
    """What is sent again and again.

    Attributes
    ----------
    host, port : str, int
        Where to.
    text : bytes
        All of it.
    status : int
        What has to be answered.
    """

    host: str
    port: int
    text: bytes
    status: int

    @classmethod
    def get(cls, url: str, credentials: tuple[str, str]) -> Self:
        """Ask for something."""
        return cls._of("GET", url, credentials, "", 200)

    @classmethod
    def append(cls, url: str, credentials: tuple[str, str], rows: list[list[Any]]) -> Self:
        """Append rows to a grid, whose ``…/row`` is the address."""
        return cls._of("POST", url, credentials, json.dumps({"rows": rows}), 201)

    @classmethod
    def _of(
        cls, method: str, url: str, credentials: tuple[str, str], body: str, status: int
    ) -> Self:
        address = urlsplit(url)
        token = b64encode(":".join(credentials).encode()).decode()
        query = f"?{address.query}" if address.query else ""
        lines = (
            f"{method} {address.path}{query} HTTP/1.1",
            f"Host: {address.netloc}",
            f"Authorization: Basic {token}",
            "Content-Type: application/json",
            "Prefer: return=minimal",
            f"Content-Length: {len(body)}",
        )
        text = "\r\n".join((*lines, "", body)).encode()
        assert address.hostname is not None
        assert address.port is not None
        return cls(address.hostname, address.port, text, status)


class Caller:
    """A connection over which the same request is sent again and again."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._received = b""
        self._socket = socket.create_connection((request.host, request.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def fileno(self) -> int:
        """Tell what a selector waits for."""
        return self._socket.fileno()

    def ask(self) -> None:
        """Send the request, and wait until it is answered."""
        self.send()
        while not self.receive():
            pass

    def send(self) -> None:
        """Send the request."""
        self._socket.sendall(self._request.text)

    def receive(self) -> bool:
        """Take what has come of the answer; tell whether that is all of it."""
        self._received += self._socket.recv(65_536)
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            assert head, "the server has closed the connection"
            return False
        assert head.startswith(f"HTTP/1.1 {self._request.status} ".encode()), self._received
        if b"transfer-encoding: chunked" in head.lower():
            if not body.endswith(b"0\r\n\r\n"):
                return False
        else:
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            if len(body) < int(length):
                return False
        self._received = b""
        return True


def rate(requests: Sequence[Request], seconds: float) -> float:
    """Count the answers in a second to callers who each send their request when they have one."""
    with ExitStack() as stack, DefaultSelector() as selector:
        for request in requests:
            caller = stack.enter_context(Caller(request))
            caller.ask()
            selector.register(caller, EVENT_READ, caller)
        start = time.perf_counter()
        for key in selector.get_map().values():
            key.data.send()
        answered = 0
        while time.perf_counter() < start + seconds:
            for key, _ in selector.select(60):
                if key.data.receive():
                    answered += 1
                    key.data.send()
        return answered / (time.perf_counter() - start)
