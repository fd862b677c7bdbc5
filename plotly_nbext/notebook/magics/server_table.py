"""The servers that there are to choose from, as a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plotly_nbext.accounts import Account
    from plotly_nbext.accounts.listing import KnownServer

__all__ = ["ServerTable"]

_HEADER = ("", "name", "url", "user", "key")


class ServerTable:
    """A line for each server, the one that calls go to with a star; keys are never shown.

    Parameters
    ----------
    servers : iterable of KnownServer
        What is known.
    current : Account, optional
        The account that calls use; without one it is the local service.
    nobody : bool
        Whether calls go nowhere yet.
    """

    def __init__(
        self,
        servers: Iterable[KnownServer],
        current: Account | None = None,
        *,
        nobody: bool = False,
    ) -> None:
        self.servers = list(servers)
        self._rows = [
            ("*" if not nobody and _is_current(server, current) else "", *_cells(server))
            for server in self.servers
        ]

    def __repr__(self) -> str:
        table = [_HEADER, *self._rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join("  ".join(map(str.ljust, cells, widths)).rstrip() for cells in table)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in _HEADER)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._rows
        )
        return (
            f'<table border="1" class="dataframe"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )


def _is_current(server: KnownServer, current: Account | None) -> bool:
    if current is None:
        return not server.url
    return (server.url, server.username) == (current.url, current.username)


def _cells(server: KnownServer) -> tuple[str, ...]:
    if not server.url:
        return server.name, "this machine", "", "needs none"
    key = f"known: {server.key_in}" if server.key_in else "login asks for it"
    return server.name, server.url, server.username, key
