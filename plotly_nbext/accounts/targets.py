"""Which server is meant, and who one is there as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from plotly_nbext import settings
from plotly_nbext.accounts import keys, servers
from plotly_nbext.accounts.account import checked_text
from plotly_nbext.accounts.addresses import looks_like, normalised, refuse_closed
from plotly_nbext.accounts.servers import LOCAL
from plotly_nbext.accounts.sources import environment, files
from plotly_nbext.errors import ValidationError
from plotly_nbext.service.state import read_state
from plotly_nbext.suggestions import did_you_mean

__all__ = ["Target", "find_target", "is_local_service", "login_line"]


@dataclass(frozen=True)
class Target:
    """A server that is meant.

    Attributes
    ----------
    url : str
        Its address.
    name : str
        What the user calls it; empty if it has no name.
    username : str or None
        Who one is there, as far as is known.
    named_by : str or None
        The variable or file that names it; None where the call does.
    """

    url: str
    name: str = ""
    username: str | None = None
    named_by: str | None = None


def find_target(server: Any = None) -> Target | None:
    """Tell which server is meant; None for the local service.

    Raises
    ------
    ApiError
        It is no address, and no server has that name; or nobody is there any more.
    """
    server = checked_text(server, "url")
    if server is None:
        for source in (environment(), files()):
            if source.url:
                refuse_closed(source.url, source.named_by)
                return Target(source.url, "", _username_at(source.url), source.named_by)
        return None
    if server.lower() == LOCAL:
        return None
    if looks_like(server):
        url = normalised(server)
        refuse_closed(url)
        return Target(url, "", _username_at(url))
    listed = [each for each in servers.all_servers() if each.name]
    found = next((each for each in listed if each.name == server), None)
    if found is None:
        names = [*(each.name for each in listed), LOCAL]
        meant = did_you_mean(server, names) or f"These have names: {', '.join(names)}."
        raise ValidationError(
            f"No server is named {server!r}.",
            field="url",
            hint=f"{meant} `%plotly_grid login https://… --name {server}` would name one; an "
            "address begins with https://.",
        )
    refuse_closed(found.url)
    return Target(found.url, found.name, found.username)


def _username_at(url: str) -> str | None:
    """Tell who one is at an address, by the first that knows."""
    for known, username in reversed(keys.signed_in()):
        if known == url:
            return username
    source = environment()
    if source.url == url and source.username:
        return source.username
    for each in servers.at(url):
        return each.username
    source = files()
    return source.username if source.url == url else None


def login_line(url: str, username: str | None) -> str:
    """Write the line that asks for a key."""
    named = [each for each in servers.at(url) if each.name and username in (None, each.username)]
    name = f" --name {named[0].name}" if named else ""
    return f"%plotly_grid login {url} -u {username or 'NAME'}{name}"


def is_local_service(address: str) -> bool:
    """Tell whether an address is that of this user's own local service."""
    own = read_state(settings.home())
    return own is not None and urlsplit(address).netloc == urlsplit(own.url).netloc
