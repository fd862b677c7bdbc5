"""Asking for keys, and keeping and forgetting them where the user wants it."""

from __future__ import annotations

import getpass
import warnings
from typing import TYPE_CHECKING, Final

from IPython.core.error import StdinNotImplementedError

from plotly_nbext import accounts, api
from plotly_nbext.accounts import keys, servers
from plotly_nbext.accounts.account import Secret
from plotly_nbext.errors import AuthError, PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ask_username", "sign_in", "sign_out"]

TIMES: Final = 3
"""How often a key is asked for before the server's refusal is final."""


def ask_username(url: str) -> str:
    """Ask who one is at a server.

    Raises
    ------
    AuthError
        Nobody can be asked, or nothing was typed.
    """
    typed = _ask(input, f"Username at {url}: ", "username", url)
    return accounts.checked_username(typed) or typed


def sign_in(url: str, username: str, name: str, *, keyring: bool) -> str:
    """Sign in with the key that is known, or else with one that is asked for.

    Parameters
    ----------
    url, username : str
        The server's address, and who one is there.
    name : str
        What to call the server; empty for nothing.
    keyring : bool
        Whether to keep the key in the user's keyring.

    Returns
    -------
    str
        What was done, in a line.

    Raises
    ------
    AuthError
        The server refuses the keys, or nobody can be asked for one.
    PlotlyNbextError
        The keyring does not open, or the list of servers can't take the name.
    """
    __tracebackhide__ = True
    if name or keyring:
        servers.all_servers()  # one that is broken is told before anything is typed
    renews = has_keyring = accounts.has_keyring(url, username)
    kept = keys.from_keyring(url, username) if keyring else None  # before anything is typed
    known = accounts.KnownKey(kept, "the keyring") if kept else None
    try:
        known = accounts.known_key(url, username) or known
    except PlotlyNbextError as error:
        print(error.message)  # noqa: T201 - the cell's output
        renews = False
    accepted = _accepted(url, username, known, name)
    told = f"Signed in to {url} as {username}."
    if keyring or (renews and not accepted.place):
        if kept != accepted.api_key:
            keys.put_into_keyring(url, username, accepted.api_key)
        told += " The key is in your keyring."
    if name or keyring:
        server = servers.Server(name, url, username, keyring or has_keyring)
        before = servers.remember(server)
        told += f" {name} was {before.url} until now." if before else ""
    return told


def sign_out(url: str, *, forget: bool) -> str:
    """Forget the keys of a server, and its name where that is asked for.

    Returns
    -------
    str
        What was done, in a line.

    Raises
    ------
    PlotlyNbextError
        The keyring does not open, or the list of servers is broken; the key of this session is
        forgotten by then.
    """
    forgotten = [keys.forget(*each) for each in keys.signed_in() if each[0] == url]
    for server in [each for each in servers.all_servers() if each.url == url]:
        if server.keyring:
            forgotten.append(_drop_from_keyring(url, server.username))
        if server.keyring or forget:
            servers.forget(server)
        if server.keyring and server.name and not forget:
            servers.remember(servers.Server(server.name, url, server.username))
    told = f"Signed out of {url}." if any(forgotten) else f"There was no key of {url} to forget."
    for place in accounts.key_places(url):
        told += f" {place[0].upper()}{place[1:]} has a key for it still."
    return told


def _drop_from_keyring(url: str, username: str) -> bool:
    __tracebackhide__ = True
    try:
        return keys.drop_from_keyring(url, username)
    except PlotlyNbextError as error:
        said = error.message
    raise PlotlyNbextError(
        f"{said} The key in it is kept, that of this session is forgotten.",
        hint=f"Open the keyring, then: %plotly_grid logout {url}",
    )


def _accepted(
    url: str, username: str, known: accounts.KnownKey | None, name: str
) -> accounts.KnownKey:
    """Connect with the key that is known, or one that is asked for, until the server takes it.

    The place of one that was asked for is empty.
    """
    __tracebackhide__ = True
    accounts.warn_of_way(url)  # before a key is typed
    asked = 0
    while True:
        if known is None:
            typed = _ask(getpass.getpass, f"API key of {username} at {url}: ", "API key", url)
            known, asked = accounts.KnownKey(Secret(typed), ""), asked + 1
            del typed  # which a verbose traceback would show
        try:
            api.connect(url, username, known.api_key)
        except AuthError as error:
            if error.status_code is None:
                raise
            if asked == TIMES:
                named = f" --name {name}" if name else ""
                error.hint = f"`%plotly_grid login {url} -u {username}{named}` asks again."
                raise
            which = f"the key of {known.place}" if known.place else "that key"
            print(f"{url} refuses {which}: {error.message}")  # noqa: T201 - the cell's output
        else:
            return known
        if keys.remembered(url, username) == known.api_key:
            keys.forget(url, username)
        known = None


def _ask(ask: Callable[[str], str], prompt: str, what: str, url: str) -> str:
    __tracebackhide__ = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would be echoed
            typed = ask(prompt).strip()
    except (StdinNotImplementedError, EOFError, getpass.GetPassWarning):
        pass
    else:
        if typed:
            return typed
        raise AuthError(f"No {what} was typed, and nothing is changed.")
    raise AuthError(
        f"Nobody can be asked for the {what} at {url}: this notebook runs without input.",
        hint=f"Set PLOTLY_API_DOMAIN={url}, PLOTLY_USERNAME and PLOTLY_API_KEY in the environment "
        "that it is run in.",
    )
