"""From what a user wrote to an account: the server, who one is there, the key, and the way."""

from __future__ import annotations

import re
import warnings
from typing import Any
from urllib.parse import urlsplit

from plotly_nbext.accounts.account import Account, Secret, checked_text
from plotly_nbext.accounts.addresses import is_loopback
from plotly_nbext.accounts.known_keys import known_key
from plotly_nbext.accounts.servers import LOCAL
from plotly_nbext.accounts.sources import environment, files, once
from plotly_nbext.accounts.targets import Target, find_target, is_local_service, login_line
from plotly_nbext.errors import AuthError, ValidationError

__all__ = ["account_at", "checked_username", "resolve", "warn_of_way"]


def resolve(server: Any = None, username: Any = None, api_key: Any = None) -> Account | None:
    """Put a call's arguments, this session, the environment and the files together.

    Parameters
    ----------
    server : str, optional
        A server's address or name; ``"local"`` for this machine's own service.
    username, api_key : str, optional
        The credentials there.

    Returns
    -------
    Account or None
        None for the local service, whose account is its own affair.

    Raises
    ------
    ApiError
        What is given makes no account.
    """
    api_key = Secret.read(api_key, "api_key")
    username = checked_username(username)
    target = find_target(server)
    if target is None:
        if username or api_key:
            raise _for_nobody(server)
        return None
    username = username or target.username
    if api_key is None and username:
        known = known_key(target.url, username)
        api_key = known.api_key if known else None
    if username and api_key:
        return account_at(target.url, username, api_key)
    if is_local_service(target.url):
        return None
    raise _lacks(target, username)


def account_at(url: str, username: str, api_key: str) -> Account:
    """Make the account, with what ``.config`` says of the way to that server."""
    warn_of_way(url)
    source = files()
    if source.url != url:
        return Account(url, username, api_key)
    return Account(url, username, api_key, source.verify, source.proxy)


def warn_of_way(url: str) -> None:
    """Warn, once, where others may read a key on its way to a server."""
    source, split = files(), urlsplit(url)
    if split.scheme == "http" and not is_loopback(url):
        once(
            f"{url}: the API key crosses the network in clear. Write https:// if the server "
            "speaks it."
        )
    if split.scheme == "https" and source.url == url and not source.verify:
        once(
            f"{source.named_by} turns off plotly_ssl_verification: whoever is between here and "
            f"{url} can read the API key."
        )
        # urllib3 would say so again with each request
        host = re.escape(split.hostname or "")
        warnings.filterwarnings("ignore", f"Unverified HTTPS request is .* host '{host}'")


def checked_username(value: Any) -> str | None:
    """Check a username that may be left out.

    Raises
    ------
    ValidationError
        It is no text, or text that no server could read.
    """
    username = checked_text(value, "username")
    if username and ":" in username:
        # not quoted: the rest of it may be a key
        raise ValidationError("username can't have a colon in it.", field="username")
    return username


def _for_nobody(server: str | None) -> AuthError:
    if server is None:
        return AuthError(
            "A username or API key is given, but no server that they are for.",
            field="url",
            hint="Name it: plotly_nbext.connect(url, username, api_key).",
        )
    return AuthError(
        "The local service takes no username and no API key: it knows you by your own files.",
        field="username",
        hint=f'Write plotly_nbext.connect("{LOCAL}"), or the address of another server.',
    )


def _lacks(target: Target, username: str | None) -> AuthError:
    """Say what is missing, and why a key that there is does not go to that server."""
    host = urlsplit(target.url).netloc
    name = "api_key" if username else "username"
    hint = f"`{login_line(target.url, username)}` asks for it; in a script: "
    hint += f'plotly_nbext.connect("{target.url}", username, api_key), '
    if target.named_by is None or "environment" in target.named_by:
        hint += "or PLOTLY_API_DOMAIN, PLOTLY_USERNAME and PLOTLY_API_KEY in its environment."
    else:
        hint += "or username and api_key in .credentials beside that file."
    for source in (environment(), files()):
        if name == "api_key" and source.api_key and source.url != target.url:
            belongs = source.url or "no server that is named"
            hint += f"\nThe key in {source.key_in} is for {belongs}, and goes nowhere else."
    if target.named_by:
        hint += f"\n{target.named_by[0].upper()}{target.named_by[1:]} names that server: where "
        hint += "none is named, your local service is used."
    return AuthError(f"The server {host} needs your {name}.", field=name, hint=hint)
