"""A server that answers what it is told to: what a real one said, with anything of it changed."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plotly_nbext.accounts import Account
from plotly_nbext.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Answering", "answering", "http"]


def http(body: bytes, kind: str = "application/json", status: str = "200 OK", **more: str) -> bytes:
    """Write an answer."""
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@dataclass
class Answering:
    """A server; ``answer`` gives the bytes to say to a request's first line."""

    port: int
    answer: Callable[[str], bytes] = lambda _: b""
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Client:
        """Make a client that knows nothing yet."""
        return Client(lambda: Account(self.url, "alice", "secret-key"))


@contextmanager
def answering() -> Iterator[Answering]:
    """Listen until the context ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Answering(listener.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_serve_one, args=(server, connection), daemon=True).start()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve_one(server: Answering, connection: socket.socket) -> None:
    connection.settimeout(10)
    with closing(connection):
        try:
            with connection.makefile("rb") as file:
                line = file.readline(65_536).decode("latin-1").strip()
                length, chunked = 0, False
                while (header := file.readline(65_536)) not in {b"\r\n", b""}:
                    name, _, value = header.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                    chunked = chunked or name.lower() == b"transfer-encoding"
                file.read(length)
                while chunked and (size := int(file.readline(), 16)):
                    file.read(size + 2)
            server.asked.append(line)
            connection.sendall(server.answer(line))
        except (OSError, ValueError):
            pass
