"""Where things are kept, and which server to talk to.

The order is: what :func:`plotly_nbext.connect` was given, the environment (``PLOTLY_API_DOMAIN``,
``PLOTLY_USERNAME``, ``PLOTLY_API_KEY``), the files ``~/.plotly/.config`` and
``~/.plotly/.credentials`` of Chart Studio's clients, the local service.
"""

from __future__ import annotations

import json
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from plotly_nbext.errors import AuthError, PlotlyNbextError

__all__ = ["Account", "configured_account", "home", "named_server"]

CLOSED_CLOUD = frozenset(
    {"api.plot.ly", "api.plotly.com", "plot.ly", "plotly.com", "chart-studio.plotly.com"}
)


def home() -> Path:
    """Return the user's state folder, made with mode 0700 when it is missing.

    ``PLOTLY_NBEXT_HOME`` names another one. It holds the local service's database, its state
    file, lock and log.

    Raises
    ------
    PlotlyNbextError
        The folder can't be made.
    """
    named = os.environ.get("PLOTLY_NBEXT_HOME")
    folder = Path(named).expanduser() if named else platformdirs.user_data_path("plotly_nbext")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PlotlyNbextError(
            f"The state folder {folder} can't be made: {error.strerror}.",
            hint="Name another one in the environment variable PLOTLY_NBEXT_HOME.",
        ) from None
    return folder.resolve()


@dataclass(frozen=True)
class Account:
    """A server and who one is there.

    Attributes
    ----------
    url : str
        The server's address, without ``/v2``.
    username, api_key : str
        The credentials; the key is left out of the repr.
    """

    url: str
    username: str
    api_key: str = field(repr=False)


def named_server() -> tuple[str, str] | None:
    """Tell which server the environment or the files name, and which of them; None if none does."""
    if url := _environment("PLOTLY_API_DOMAIN"):
        return url, "the environment variable PLOTLY_API_DOMAIN"
    if url := _live(_plotly_file(".config").get("plotly_api_domain")):
        return url, str(_plotly_path(".config"))
    return None


def configured_account(
    url: str | None = None, username: str | None = None, api_key: str | None = None
) -> Account | None:
    """Put arguments, environment and files together.

    Returns
    -------
    Account or None
        None when nobody named a server, or the local service with no one else's credentials: it
        is meant.

    Raises
    ------
    AuthError
        A server is named and its username or API key is not, or its address holds them.
    """
    credentials = _plotly_file(".credentials")
    source = None
    if not url:
        url, source = named_server() or (None, None)
    if not url and (username or api_key):
        raise AuthError(
            "A username or API key is given, but no server that they are for.",
            field="url",
            hint="Name it: plotly_nbext.connect(url, username, api_key).",
        )
    if not url:
        return None
    if "@" in urlsplit(_with_scheme(url)).netloc:
        raise AuthError(
            "The server's address holds a name or password, and an address is shown.",
            field="url",
            hint="Leave them out of it: plotly_nbext.connect(url, username, api_key).",
        )
    username = username or _environment("PLOTLY_USERNAME") or credentials.get("username")
    api_key = api_key or _environment("PLOTLY_API_KEY") or credentials.get("api_key")
    address = _with_scheme(url).rstrip("/").removesuffix("/v2")
    for name, value in (("username", username), ("api_key", api_key)):
        if not value:
            if _is_local_service(address):
                return None
            hint = f"Pass it to plotly_nbext.connect(), or set PLOTLY_{name.upper()}."
            if source:
                hint += f" {source[0].upper()}{source[1:]} names that server: where none is named,"
                hint += " your local service is used."
            raise AuthError(f"The server {_host(url)} needs your {name}.", field=name, hint=hint)
    return Account(address, str(username), str(api_key))


def _is_local_service(address: str) -> bool:
    """Tell whether an address is that of this user's own local service."""
    from plotly_nbext.service.state import read_state  # which needs this module

    own = read_state(home())
    return own is not None and urlsplit(address).netloc == urlsplit(own.url).netloc


def _environment(name: str) -> str | None:
    """Read a variable in upper case or, as R's client has it, in lower case."""
    return os.environ.get(name) or os.environ.get(name.lower())


def _plotly_file(name: str) -> dict[str, Any]:
    """Read one of Chart Studio's JSON files; a missing one is empty, a broken one says so."""
    path = _plotly_path(name)
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        # the error of a JSON parser quotes nothing of the file, which may hold a key
        warnings.warn(f"{path} can't be read and is passed over ({error}).", stacklevel=5)
        return {}
    return content if isinstance(content, dict) else {}


def _plotly_path(name: str) -> Path:
    folder = Path(os.environ.get("PLOTLY_DIR") or Path.home() / ".plotly")
    return folder.expanduser() / name


_noticed: set[str] = set()


def _live(url: Any) -> str | None:
    """Pass over the hosts of the cloud that closed on 2025-10-31, with one notice."""
    if not isinstance(url, str) or not url:
        return None
    host = _host(url)
    if host not in CLOSED_CLOUD:
        return url
    if host not in _noticed:
        _noticed.add(host)
        warnings.warn(
            f"~/.plotly/.config names {host}: Chart Studio's cloud closed on 2025-10-31. "
            "The local service is used instead.",
            stacklevel=5,
        )
    return None


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _host(url: str) -> str:
    return urlsplit(_with_scheme(url)).hostname or url
