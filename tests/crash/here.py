"""A server in this process, on a database that is open already."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from plotly_nbext.server.app import create_app
from plotly_nbext.server.config import ServerConfig
from plotly_nbext.server.middleware import Activity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plotly_nbext.server.store import Database

__all__ = ["served_here"]


@contextmanager
def served_here(data: Path, database: Database) -> Iterator[str]:
    """Serve a database, and give the address."""
    app = Activity(create_app(ServerConfig(data=data, cache_bytes=0), database))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
