"""What a request would like of its answer: ``Prefer`` (RFC 7240)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["CHECKED", "MINIMAL", "is_preferred"]

MINIMAL: Final = "return=minimal"
"""That it says only what the request has changed."""

CHECKED: Final = "checked"
"""That all of it is read before it begins: what can't be read has a status, and isn't cut off."""


def is_preferred(request: Request, preference: str) -> bool:
    """Tell whether something is asked for, maybe among others."""
    asked = ",".join(request.headers.getlist("prefer")).split(",")
    return preference in {each.partition(";")[0].replace(" ", "").lower() for each in asked}
