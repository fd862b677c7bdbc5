"""plotly.js as the plotly package brings it, and how it is kept from the network."""

from __future__ import annotations

from importlib import resources
from typing import Final

__all__ = ["PRIVATE", "installed"]

PRIVATE: Final = {"plotlyServerURL": "", "showLink": False, "showSendToCloud": False}
"""The part of a ``config`` that keeps a figure from being sent to a service it might name."""


def installed() -> bytes:
    """Read the script, of the version that Python's figures are made for."""
    return (resources.files("plotly") / "package_data" / "plotly.min.js").read_bytes()
