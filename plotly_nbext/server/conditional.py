"""Answers and changes that depend on what the caller has: the same as there is, or another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["is_as_seen", "is_known"]

_TAG = re.compile(r'"([!#-~\x80-\xff]*)"')
_STRONG_TAG = re.compile(rf"(?<!W/){_TAG.pattern}")


def is_known(request: Request, etag: str, *, exists: bool = True) -> bool:
    """Tell whether ``If-None-Match`` names what would be answered (RFC 9110, 13.1.2).

    Parameters
    ----------
    etag : str
        Its entity tag: ``"…"``, or ``W/"…"`` for a weak one, which is as good here.
    exists : bool
        Whether there is something already, which is all that ``*`` asks for.
    """
    known = ", ".join(request.headers.getlist("if-none-match")).strip()
    if known == "*":
        return exists
    return not set(_TAG.findall(etag)).isdisjoint(_TAG.findall(known))


def is_as_seen(request: Request, revision: int) -> bool:
    """Tell whether ``If-Match`` names a revision, or anything at all, or isn't there (13.1.1).

    Parameters
    ----------
    revision : int
        Of what the request is about to change; its strong entity tag is this in quotes.
    """
    seen = ", ".join(request.headers.getlist("if-match")).strip()
    if "if-match" not in request.headers or seen == "*":
        return True
    # of what is not in quotes, it is the number that was meant
    return str(revision) in {seen, *_STRONG_TAG.findall(seen)}
