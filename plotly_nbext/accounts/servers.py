"""The servers that the user has signed in to under a name, in the file ``servers.json``.

It has names, addresses and usernames, and never a key; of a server whose key is in the user's
keyring it says so, and then it may go without a name.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from plotly_nbext import settings
from plotly_nbext.accounts import json_files
from plotly_nbext.accounts.addresses import looks_like, normalised
from plotly_nbext.accounts.sources import once
from plotly_nbext.errors import ApiError, PlotlyNbextError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["LOCAL", "Server", "all_servers", "at", "checked_name", "forget", "remember"]

LOCAL: Final = "local"
"""The name of this machine's own service."""

FILE_NAME: Final = "servers.json"
PATIENCE: Final = 5.0  # seconds, for a file that takes a moment to write


@dataclass(frozen=True)
class Server:
    """A server that was signed in to.

    Attributes
    ----------
    name : str
        What the user calls it; empty where they gave it no name.
    url, username : str
        Its address, and who one is there.
    keyring : bool
        Whether the key is in the user's keyring.
    """

    name: str
    url: str
    username: str
    keyring: bool = False


def checked_name(name: str) -> str:
    """Check the name that a server is to have.

    Raises
    ------
    ValidationError
        It can be mistaken for an address or an option, or is this machine's.
    """
    if looks_like(name) or not re.fullmatch(r"\w[\w-]*", name):
        raise ValidationError(
            f"{name!r} can't be the name of a server: take letters, digits, - and _.",
            field="name",
        )
    if name.lower() == LOCAL:
        raise ValidationError(
            f"{LOCAL!r} is the name of this machine's own service.",
            field="name",
            hint="Take another one.",
        )
    return name


def all_servers() -> list[Server]:
    """Read the file.

    Raises
    ------
    PlotlyNbextError
        It is broken.
    """
    return _read(_path())


def at(url: str) -> list[Server]:
    """List the servers of an address; a file that is broken is passed over, and told."""
    try:
        return [each for each in all_servers() if each.url == url]
    except PlotlyNbextError as error:
        said = error
    once(f"{said.message.removesuffix('.')}, and is passed over. {said.hint}")
    return []


def remember(server: Server) -> Server | None:
    """Keep a server, in place of the one of that name or, without one, of that user and address.

    Returns
    -------
    Server or None
        The one that had the name before, if that was elsewhere.
    """
    before: list[Server] = []

    def put(kept: list[Server]) -> list[Server]:
        before[:] = [each for each in kept if server.name and each.name == server.name]
        others = [
            each
            for each in kept
            if each not in before
            and (each.name or (each.url, each.username) != (server.url, server.username))
        ]
        return [*others, server]

    _change(put)
    return next((each for each in before if each.url != server.url), None)


def forget(server: Server) -> None:
    """Take a server off the list."""
    _change(lambda kept: [each for each in kept if each != server])


def _change(change: Callable[[list[Server]], list[Server]]) -> None:
    """Read the file, change it and write it, as the only process that does."""
    from filelock import FileLock, Timeout  # not before it is needed: 40 ms

    path = _path()
    lock = FileLock(path.with_suffix(".lock"), timeout=PATIENCE, mode=0o600)
    try:
        with lock:
            kept = change(_read(path))
            json_files.write(path, {"servers": [asdict(each) for each in kept]})
    except Timeout:
        raise PlotlyNbextError(f"Another process has been writing {path}. Try again.") from None
    except OSError as error:
        raise PlotlyNbextError(f"{path} can't be written: {error.strerror}.") from None


def _path() -> Path:
    return settings.home() / FILE_NAME


def _read(path: Path) -> list[Server]:
    try:
        listed = json_files.read(path).get("servers", [])
    except PlotlyNbextError as error:
        said = error.message
    else:
        try:
            servers = [Server(**each) for each in listed]
        except TypeError:
            servers = [Server("", "", "")]
        if all(map(_is_well_formed, servers)):
            return servers
        said = f"{path} holds something else than names, addresses and usernames."
    hint = f"Mend it, or move it away and sign in again. Run: mv '{path}' '{path}.old'"
    raise PlotlyNbextError(said, hint=hint)


def _is_well_formed(server: Server) -> bool:
    texts: tuple[Any, ...] = server.name, server.url, server.username
    try:
        return all(isinstance(text, str) for text in texts) and normalised(server.url) == server.url
    except ApiError:
        return False
