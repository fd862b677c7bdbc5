"""The servers that there are to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from plotly_nbext.accounts import keys, servers
from plotly_nbext.accounts.known_keys import key_place
from plotly_nbext.accounts.servers import LOCAL
from plotly_nbext.accounts.sources import environment, files

__all__ = ["KnownServer", "known_servers"]


@dataclass(frozen=True)
class KnownServer:
    """A server to choose.

    Attributes
    ----------
    name : str
        What the user calls it; empty if it has no name.
    url : str
        Its address; empty for the local service, which may be at another one each time.
    username : str
        Who one is there, as far as is known.
    key_in : str or None
        Where its key is; None if it is to be asked for.
    """

    name: str
    url: str
    username: str
    key_in: str | None


def known_servers() -> list[KnownServer]:
    """List the local service, the named servers and those that something else knows of.

    Raises
    ------
    PlotlyNbextError
        The list of named servers is broken, or an address is.
    """
    named = servers.all_servers()
    found = [
        KnownServer(LOCAL, "", "", None),
        *(_known(each.name, each.url, each.username) for each in named),
    ]
    others = [
        *keys.signed_in(),
        *((each.url, each.username or "") for each in (environment(), files()) if each.url),
    ]
    for url, username in others:
        if not any(each.url == url and username in ("", each.username) for each in found):
            found.append(_known("", url, username))
    return found


def _known(name: str, url: str, username: str) -> KnownServer:
    return KnownServer(name, url, username, key_place(url, username) if username else None)
