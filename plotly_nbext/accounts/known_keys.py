"""The key that is known of a user of a server, wherever it is kept.

A key goes to the address that it is for and to no other: that of ``PLOTLY_API_KEY`` to
``PLOTLY_API_DOMAIN``, that of ``.credentials`` to the domain of ``.config``, one that was typed or
passed to the address that it was typed or passed for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from plotly_nbext.accounts import keys, servers
from plotly_nbext.accounts.sources import environment, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plotly_nbext.accounts.account import Secret
    from plotly_nbext.accounts.sources import Source

__all__ = ["KnownKey", "has_keyring", "key_place", "key_places", "known_key"]


class KnownKey(NamedTuple):
    """A key, and where it is from."""

    api_key: Secret
    place: str


def known_key(url: str, username: str) -> KnownKey | None:
    """Find the key of a user of a server: of this session, the environment, a keyring, a file.

    Raises
    ------
    PlotlyNbextError
        It is in a keyring that does not open.
    """
    for place, read in _places(url, username):
        if key := read():
            return KnownKey(key, place)
    return None


def key_place(url: str, username: str) -> str | None:
    """Tell where the key of a user of a server is, without opening a keyring."""
    return next((place for place, _ in _places(url, username)), None)


def _places(url: str, username: str) -> Iterator[tuple[str, Callable[[], Secret | None]]]:
    if key := keys.remembered(url, username):
        yield "this session", lambda: key
    if of_environment := _key_of(environment(), url, username):
        yield of_environment.place, lambda: of_environment.api_key
    if has_keyring(url, username):
        yield "the keyring", lambda: keys.from_keyring(url, username)
    if of_files := _key_of(files(), url, username):
        yield of_files.place, lambda: of_files.api_key


def _key_of(source: Source, url: str, username: str) -> KnownKey | None:
    is_theirs = source.username is None or source.username.lower() == username.lower()
    if source.url != url or source.api_key is None or not is_theirs:
        return None
    return KnownKey(source.api_key, source.key_in)


def key_places(url: str) -> list[str]:
    """Tell which variables and files have a key for an address."""
    return [each.key_in for each in (environment(), files()) if each.url == url and each.api_key]


def has_keyring(url: str, username: str) -> bool:
    """Tell whether the user's keyring has the key, as far as the list of servers knows."""
    return any(each.keyring and each.username == username for each in servers.at(url))
