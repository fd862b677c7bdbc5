"""The hosts on the web that an operator lets figures load from."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["Origin"]

PORTS = {"http": 80, "https": 443}

HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)

# what a browser takes for an IPv4 address, however it is written
NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """One scheme, host and port; its text is as a browser writes it.

    Attributes
    ----------
    scheme : str
        ``http`` or ``https``.
    host : str
        A name, ASCII and in lower case, or an IPv4 address.
    port : int
        The port, also where it is the scheme's own.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @classmethod
    def parse(cls, text: str) -> Origin:
        """Read ``HOST[:PORT]``, which means https, or the same with ``http://`` before it.

        Raises
        ------
        ValueError
            It is something else; the message says what.
        """
        if "*" in text:
            raise ValueError(
                f"{text!r} is a wildcard; name each host, as a.example.org and b.example.org."
            )
        scheme, separator, _ = text.partition("://")
        if not separator:
            scheme, text = "https", f"https://{text}"
        try:
            parts = urlsplit(text)
            port = parts.port
            host = (parts.hostname or "").encode("idna").decode()
        except ValueError as error:  # a port that is none, or a name that can't be
            raise ValueError(f"{text!r} names no host: {error}.") from None
        if scheme.lower() not in PORTS:
            raise ValueError(f"{text!r} begins with neither http:// nor https://.")
        if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"{text!r} is more than a host and a port.")
        if ":" in host:
            raise ValueError(
                f"{text!r} is an IPv6 address, which a browser's policy can't name; give a name."
            )
        if not HOST_NAME.fullmatch(host) or port == 0:
            raise ValueError(f"{text!r} names no host; write HOST[:PORT] or http://HOST[:PORT].")
        if NUMBER.fullmatch(host) and not _is_address(host):
            raise ValueError(f"{text!r} is no IP address; write four numbers.")
        if host == "localhost" or host.endswith(".localhost"):
            raise ValueError(f"{text!r} is this machine; to allow that, name its IP address.")
        return cls(scheme.lower(), host, port or PORTS[scheme.lower()])

    @property
    def is_address(self) -> bool:
        """Whether the operator named an IP address."""
        return _is_address(self.host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True
