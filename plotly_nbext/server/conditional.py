"""What the caller has already is not sent again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["is_known"]

_TAG = re.compile(r'"([!#-~\x80-\xff]*)"')


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
