"""Servers' addresses: read in the one form in which they are compared."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from plotly_nbext.errors import AuthError, ServiceError, ValidationError

__all__ = ["CLOSED_CLOUD", "is_closed", "is_loopback", "looks_like", "normalised", "refuse_closed"]

CLOSED_CLOUD: Final = frozenset(
    {"api.plot.ly", "api.plotly.com", "plot.ly", "plotly.com", "chart-studio.plotly.com"}
)

_PORTS: Final = {"http": 80, "https": 443}
_EXAMPLE: Final = "Write it as in https://charts.example.org."


def looks_like(text: str) -> bool:
    """Tell an address, with or without its scheme, from the name of a server."""
    return text == "localhost" or any(part in text for part in (".", ":", "/", "@"))


def normalised(text: str) -> str:
    """Read an address: scheme, host, port and path, without ``/v2`` and a slash at the end.

    Without a scheme it is https, and http on this machine.

    Raises
    ------
    AuthError
        It holds a name or a password.
    ValidationError
        It is no address of a server.
    """
    if "@" in text:
        raise AuthError(
            "The server's address holds a name or password, and an address is shown.",
            field="url",
            hint="Leave them out of it: plotly_nbext.connect(url, username, api_key).",
        )
    split, port = _split(text)
    host = (split.hostname or "").rstrip(".")
    if split.scheme not in _PORTS:
        raise ValidationError(
            f"The address begins with {split.scheme}://, and a server's with https://.",
            field="url",
            hint=_EXAMPLE,
        )
    if not host or re.search(r"[\s\\]", text):
        raise ValidationError(f"{_shown(text)} is no server's address.", field="url", hint=_EXAMPLE)
    if split.query or split.fragment:
        raise ValidationError(
            f"{_shown(text)} is followed by a query or a fragment, which no server's address has.",
            field="url",
            hint=_EXAMPLE,
        )
    shown = f"[{host}]" if ":" in host else host
    where = shown if port in (None, _PORTS[split.scheme]) else f"{shown}:{port}"
    path = re.sub("/+", "/", split.path).rstrip("/").removesuffix("/v2")
    return f"{split.scheme}://{where}{path}"


def _shown(text: str) -> str:
    """Quote an address up to its host: what follows in one that is none may be a key."""
    host = re.match(r"(?:\w+://)?[^\s:/?#\\]*", text)
    begin = host[0] if host else ""
    return repr(begin if begin == text else f"{begin}…")


def _split(text: str) -> tuple[SplitResult, int | None]:
    address = text
    try:
        if "://" not in text:
            address = f"https://{text}"
            address = f"http://{text}" if is_loopback(address) else address
        split = urlsplit(address)
        port = split.port
        (split.hostname or "").rstrip(".").encode("idna")  # as it is looked up
    except UnicodeError:
        reason = "a part of its host is empty or too long"
    except ValueError as error:
        reason = str(error).partition(" as ")[0]  # it would quote what stands for the port
    else:
        return split, port
    raise ValidationError(
        f"{_shown(text)} is no server's address ({reason}).", field="url", hint=_EXAMPLE
    )


def is_loopback(address: str) -> bool:
    """Tell whether an address is on this machine, where no proxy and no network is between."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_closed(address: str) -> bool:
    """Tell whether an address is of the cloud that closed on 2025-10-31."""
    return (urlsplit(address).hostname or "").rstrip(".") in CLOSED_CLOUD


def refuse_closed(address: str, named_by: str | None = None) -> None:
    """Refuse the address of the closed cloud, that a variable or file names if not the call.

    Raises
    ------
    ServiceError
        It is one.
    """
    if not is_closed(address):
        return
    if named_by:
        hint = f"Take it out of {named_by}, and the local service is used."
    else:
        hint = 'plotly_nbext.connect("local") uses the local service of this machine.'
    raise ServiceError(f"{address} is Chart Studio's cloud, which closed on 2025-10-31.", hint=hint)
