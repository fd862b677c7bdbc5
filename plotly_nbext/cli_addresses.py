"""Addresses of other machines, as the options of ``plotly-nbext serve`` take them."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from urllib.parse import SplitResult

__all__ = ["hub_url", "public_url"]

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9._:-]+")
# whatever is written in one way only: it is compared with what a proxy passes on
_PATH: Final = re.compile(r"(/(?!\.\.?(/|$))[A-Za-z0-9._~-]+)*")


def public_url(text: str) -> str:
    """Take the address that clients use."""
    return _web_address(text, "https://HOST or https://HOST/PATH")


def hub_url(text: str) -> str:
    """Take the address of a JupyterHub's API."""
    return _web_address(text, "http://HOST:PORT/hub/api")


def _web_address(text: str, example: str) -> str:
    """Write an address as browsers do: what they name as their Origin is compared with it."""
    with suppress(ValueError):
        parts = urlsplit(text)
        path = parts.path.rstrip("/")
        if (
            parts.scheme in _DEFAULT_PORTS
            and parts.port != 0
            and "@" not in parts.netloc
            and not (parts.query or parts.fragment)
            and _PATH.fullmatch(path)
        ):
            return f"{parts.scheme}://{_authority(parts)}{path}"
    raise argparse.ArgumentTypeError(f"it is an address such as {example}, not {text!r}")


def _authority(parts: SplitResult) -> str:
    host = (parts.hostname or "").encode("idna").decode("ascii")
    if not _HOST.fullmatch(host):
        raise ValueError(host)
    written = f"[{host}]" if ":" in host else host
    is_default = parts.port in {None, _DEFAULT_PORTS[parts.scheme]}
    return written if is_default else f"{written}:{parts.port}"
