"""What Chromium itself says of the network: each request, address tried, name looked up.

It sees what a server on the loopback interface can't: what the proxy stopped, and what would have
gone to other machines.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from plotly_nbext.server.rendering.discovery import find_browser

__all__ = ["MARK", "NetworkLog", "wrap_browser"]

MARK = "hostile"
"""What figures have in the addresses that would lead to the page's own server."""


def wrap_browser(folder: Path) -> Path:
    """Write a program that runs the browser and lets it log into a folder."""
    program = folder / "browser"
    program.write_text(
        f'#!/bin/sh\nexec "{find_browser()}" --log-net-log="{folder}/$$.netlog" "$@"\n'
    )
    program.chmod(0o755)
    return program


@dataclass
class NetworkLog:
    """What browsers did.

    Attributes
    ----------
    asked : set of str
        Addresses that pages asked for, whether or not a connection came of it.
    tried : set of str
        ``IP:PORT`` to which a TCP connection was tried, also by the browser of its own accord.
    resolved : set of str
        Names that were looked up, other than on the machine itself.
    """

    asked: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    resolved: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the logs of browsers that have ended."""
        log = cls()
        for path in folder.glob("*.netlog"):
            log._read(path)
        return log

    def beyond(self, assets: str, *proxies: str) -> list[str]:
        """What was not for the page's own server, nor for its own files there.

        Parameters
        ----------
        assets : str
            ``HOST:PORT`` of the page's own server.
        *proxies : str
            Where the browser's own requests go, and end.
        """
        own = (f"http://{assets}/", f"ws://{assets}/", "data:", "blob:")
        asked = {url for url in self.asked if not url.startswith(own) or MARK in url}
        return sorted(asked | self.resolved | (self.tried - {assets, *proxies}))

    def _read(self, path: Path) -> None:
        # an event a line; the last may be cut off, when the browser was killed
        lines = path.read_text(errors="replace").splitlines()
        if not lines:
            return
        constants = json.loads(lines[0].rstrip(",").removeprefix('{"constants":'))
        kinds = {number: name for name, number in constants["logEventTypes"].items()}
        for line in lines[2:]:
            with suppress(ValueError):
                event = json.loads(line.rstrip(","))
                self._note(kinds.get(event["type"], ""), event.get("params") or {})

    def _note(self, kind: str, params: dict[str, Any]) -> None:
        if kind == "URL_REQUEST_START_JOB" and "://" in str(params.get("initiator")):
            self.asked.add(params["url"])
        elif kind == "TCP_CONNECT_ATTEMPT" and "address" in params:
            self.tried.add(params["address"])
        elif kind == "HOST_RESOLVER_MANAGER_JOB" and "host" in params:
            self.resolved.add(params["host"])
