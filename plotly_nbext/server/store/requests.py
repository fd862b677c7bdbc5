"""What was answered to requests that carry a key, so that none is done twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import DateTime, bindparam, delete, select, text, update

from plotly_nbext.errors import ValidationError
from plotly_nbext.server.store import files
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import requests

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["keep", "recall"]

KEPT = timedelta(days=1)

# one of so many requests clears away what is older
CLEARING = 100

# spelled out, because SQLAlchemy has an "on conflict" of each database and none of both
_NEW = text(
    "INSERT INTO requests (owner, key, digest, at) VALUES (:owner, :key, :digest, :at) "
    "ON CONFLICT DO NOTHING RETURNING key"
).bindparams(bindparam("at", type_=DateTime))
_CLAIM = Prepared(_NEW.columns(requests.c.key))
_KEEP = Prepared(
    update(requests)
    .where(requests.c.owner == bindparam("its_owner"), requests.c.key == bindparam("its_key"))
    .values(status=bindparam("its_status"), body=bindparam("its_body"))
)


def recall(connection: Connection, owner: str, key: str, digest: str) -> tuple[int, bytes] | None:
    """Return what was answered to a request, if it was.

    If it was not, the key is this transaction's: who else comes with it waits for its end.

    Parameters
    ----------
    owner : str
        Whose request it is.
    key : str
        What they call it, in 255 characters at most.
    digest : str
        The SHA-256 of all that it says, in hexadecimal.

    Returns
    -------
    tuple of int and bytes, or None
        The status and the body; None if the request is new, and :func:`keep` is to be called.

    Raises
    ------
    ValidationError
        422: the key is that of another request.
    """
    now = files.now()
    if crc32(key.encode()) % CLEARING == 0:
        connection.execute(delete(requests).where(requests.c.at < now - KEPT))
    if _CLAIM(connection, owner=owner, key=key, digest=digest, at=now):
        return None
    known = connection.execute(
        select(requests).where(requests.c.owner == owner, requests.c.key == key)
    ).one()
    if known.digest != digest:
        raise ValidationError(
            f"The Idempotency-Key {key!r} was used for another request: each needs its own.",
            status_code=422,
            field="Idempotency-Key",
        )
    return known.status, known.body


def keep(connection: Connection, owner: str, key: str, status: int, body: bytes) -> None:
    """Keep the answer to a request that :func:`recall` did not know, for a day or longer."""
    _KEEP(connection, its_owner=owner, its_key=key, its_status=status, its_body=body)
