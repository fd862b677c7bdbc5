"""What names a server beside the user's own call: the environment, and the files in ``~/.plotly``.

Of Chart Studio's files are read: ``plotly_api_domain`` (``plotly_domain`` is where its web pages
were), ``plotly_ssl_verification`` and ``plotly_proxy_authorization`` of ``.config``; ``username``,
``api_key``, ``proxy_username`` and ``proxy_password`` of ``.credentials``. ``world_readable`` and
``sharing`` are not: what is pushed is private unless the call says otherwise.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plotly_nbext.accounts import json_files
from plotly_nbext.accounts.account import Secret
from plotly_nbext.accounts.addresses import is_closed, normalised
from plotly_nbext.errors import ApiError, PlotlyNbextError
from plotly_nbext.notices import notify

__all__ = ["Source", "environment", "files", "once"]


@dataclass(frozen=True)
class Source:
    """A server and the credentials for it, or a part of that.

    Attributes
    ----------
    named_by, key_in : str
        What names the server, and what holds the key.
    url, username : str or None
        The server's address, and who one is there.
    api_key : Secret or None
        The key, which is for that address alone; left out of the repr.
    verify, proxy
        As in :class:`~plotly_nbext.accounts.Account`.
    """

    named_by: str
    key_in: str
    url: str | None
    username: str | None
    api_key: Secret | None = field(repr=False)
    verify: bool = True
    proxy: tuple[str, str] | None = field(default=None, repr=False)


def environment() -> Source:
    """Read ``PLOTLY_API_DOMAIN``, ``PLOTLY_USERNAME`` and ``PLOTLY_API_KEY``.

    Raises
    ------
    ApiError
        The first is no address.
    """
    domain, named_by = _variable("PLOTLY_API_DOMAIN")
    username, _ = _variable("PLOTLY_USERNAME")
    api_key, key_in = _variable("PLOTLY_API_KEY")
    return Source(
        f"the environment variable {named_by}",
        f"the environment variable {key_in}",
        _address(domain, f"The environment variable {named_by}") if domain else None,
        username or None,
        Secret(api_key) if api_key else None,
    )


def files() -> Source:
    """Read ``.config`` and ``.credentials``; one that is broken is passed over, and told.

    Raises
    ------
    ApiError
        The server that they name has no address.
    """
    config, credentials = _folder() / ".config", _folder() / ".credentials"
    settings, secrets = _content(config), _content(credentials)
    domain = _text(settings, "plotly_api_domain", config)
    url = _live(_address(domain, f"plotly_api_domain in {config}"), config) if domain else None
    api_key = _text(secrets, "api_key", credentials)
    source = Source(
        str(config),
        str(credentials),
        url,
        _text(secrets, "username", credentials),
        Secret(api_key) if api_key else None,
        verify=_switch(settings, "plotly_ssl_verification", config, default=True),
        proxy=_proxy(secrets, credentials)
        if _switch(settings, "plotly_proxy_authorization", config, default=False)
        else None,
    )
    if url:
        _check_mode(config, stat.S_IWGRP | stat.S_IWOTH, "changed", settings)
    if url and (source.api_key or source.proxy):
        _check_mode(credentials, stat.S_IRWXG | stat.S_IRWXO, "read", secrets)
    return source


def _variable(name: str) -> tuple[str, str]:
    """Read a variable in upper case or, as R's client has it, in lower case."""
    for each in (name, name.lower()):
        if value := os.environ.get(each, "").strip():
            return value, each
    return "", name


def _folder() -> Path:
    return Path(os.environ.get("PLOTLY_DIR") or Path.home() / ".plotly").expanduser()


def _address(text: str, where: str) -> str:
    try:
        return normalised(text)
    except ApiError as error:
        said = error
    raise type(said)(f"{where}: {said.message}", field=said.field, hint=said.hint)


def _content(path: Path) -> dict[str, Any]:
    try:
        return json_files.read(path)
    except PlotlyNbextError as error:
        once(f"{error.message.removesuffix('.')}, and is passed over.")
        return {}


def _text(content: dict[str, Any], key: str, path: Path) -> str | None:
    value = content.get(key)
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    once(f"{key} in {path} is passed over: it has to be text in quotes.")
    return None


def _switch(content: dict[str, Any], key: str, path: Path, *, default: bool) -> bool:
    value = content.get(key, default)
    if isinstance(value, bool):
        return value
    once(f"{key} in {path} is passed over: it has to be true or false, not {value!r}.")
    return default


def _proxy(secrets: dict[str, Any], path: Path) -> tuple[str, str] | None:
    username = _text(secrets, "proxy_username", path)
    password = _text(secrets, "proxy_password", path)
    if username and password:
        return username, Secret(password)
    once(
        f"plotly_proxy_authorization is true, but {path} lacks proxy_username or proxy_password: "
        "the proxy is told none."
    )
    return None


def _live(url: str, path: Path) -> str | None:
    if not is_closed(url):
        return url
    once(
        f"{path} names {url}: Chart Studio's cloud closed on 2025-10-31. "
        "The local service is used instead."
    )
    return None


def _check_mode(path: Path, bits: int, done: str, content: dict[str, Any]) -> None:
    try:
        is_open = bool(content) and bool(path.stat().st_mode & bits)
    except OSError:
        return
    if is_open:
        once(f"{path} can be {done} by other users of this machine. Run: chmod 600 {path}")


_said: set[str] = set()


def once(sentence: str) -> None:
    """Warn of something the first time in a session."""
    if sentence not in _said:
        _said.add(sentence)
        notify(sentence)
