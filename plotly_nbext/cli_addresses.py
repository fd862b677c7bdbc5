"""Addresses of other machines, as the options of ``plotly-nbext serve`` take them."""

from __future__ import annotations

import argparse
from contextlib import suppress
from urllib.parse import urlsplit

__all__ = ["hub_url", "public_url"]


def public_url(text: str) -> str:
    """Take the address that clients use."""
    return _web_address(text, "https://HOST or https://HOST/PATH")


def hub_url(text: str) -> str:
    """Take the address of a JupyterHub's API."""
    return _web_address(text, "http://HOST:PORT/hub/api")


def _web_address(text: str, example: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(text)
        if (
            parts.scheme in {"http", "https"}
            and parts.hostname
            and parts.port != 0
            and "@" not in parts.netloc
            and not (parts.query or parts.fragment)
        ):
            return text.rstrip("/")
    raise argparse.ArgumentTypeError(f"it is an address such as {example}, not {text!r}")
