"""Users and their API keys.

A key is 160 random bits, so its SHA-256 is safe to store and cheap to check on every request; a
slow hash, made for passwords, would add nothing to a random key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.store.prepared import Prepared
from plotly_nbext.server.store.schema import files, users

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = [
    "add",
    "admit",
    "count_files",
    "ensure",
    "exists",
    "lock",
    "names",
    "owner_of_key",
    "remove",
    "rotate_key",
    "verify",
]

_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}")

# spelled out, because SQLAlchemy has an "on conflict" of each database and none of both
_ENSURE = text(
    "INSERT INTO users (username, api_key_sha256, next_idlocal, created) "
    "VALUES (:username, :api_key_sha256, :next_idlocal, :created) "
    "ON CONFLICT (username) DO UPDATE SET api_key_sha256 = excluded.api_key_sha256"
).bindparams(bindparam("created", type_=DateTime))
_ADMIT = text(
    "INSERT INTO users (username, api_key_sha256, next_idlocal, created) "
    "VALUES (:username, :api_key_sha256, :next_idlocal, :created) ON CONFLICT (username) DO NOTHING"
).bindparams(bindparam("created", type_=DateTime))
# not against those who only refer to the user, by a foreign key
_LOCKED = Prepared(
    select(users.c.username)
    .where(users.c.username == bindparam("name"))
    .with_for_update(key_share=True)
)
_KEYS = Prepared(select(users.c.api_key_sha256).where(users.c.username == bindparam("name")))


def add(connection: Connection, username: str, *, api_key: str | None = None) -> str:
    """Add a user and return the API key, which is not kept and can't be shown again.

    Raises
    ------
    ValidationError
        The name has characters that a fid can't carry, or is taken.
    """
    key = api_key or secrets.token_hex(20)
    try:
        connection.execute(insert(users).values(_row(username, key)))
    except IntegrityError:
        raise ValidationError(f"There is a user {username!r} already.", field="username") from None
    return key


def ensure(connection: Connection, username: str, api_key: str) -> None:
    """Make sure that a user is there and has just this key."""
    connection.execute(_ENSURE, _row(username, api_key))


def admit(connection: Connection, username: str) -> None:
    """Make sure that a user is there, who has no key of this server unless they had one before.

    Raises
    ------
    ValidationError
        The name has characters that a fid can't carry.
    """
    connection.execute(_ADMIT, _row(username, secrets.token_hex(20)))


def exists(connection: Connection, username: str) -> bool:
    """Tell whether there is such a user."""
    return bool(_KEYS(connection, name=username))


def lock(connection: Connection, username: str) -> bool:
    """Let no one else change what a user has until the end of the transaction.

    A user's folders, names and numbers are changed by one at a time, who takes this lock before
    any other: nobody waits for somebody who waits for them.

    Returns
    -------
    bool
        Whether there is such a user.
    """
    return bool(_LOCKED(connection, name=username))


def names(connection: Connection) -> list[str]:
    """List all users by name."""
    return list(connection.execute(select(users.c.username).order_by(users.c.username)).scalars())


def rotate_key(connection: Connection, username: str) -> str:
    """Give a user a new key; the old one ends at once."""
    key = secrets.token_hex(20)
    _set_key(connection, username, key)
    return key


def count_files(connection: Connection, username: str) -> int:
    """Count what a user has, the trash included."""
    counted = select(func.count()).where(files.c.owner == username)
    return int(connection.execute(counted).scalar_one())


def remove(connection: Connection, username: str) -> None:
    """Remove a user with all files."""
    if connection.execute(delete(users).where(users.c.username == username)).rowcount == 0:
        raise NotFoundError(f"There is no user {username!r}.", field="username")


def verify(connection: Connection, username: str, api_key: str) -> bool:
    """Compare a key with the stored one, in constant time."""
    stored = [row.api_key_sha256 for row in _KEYS(connection, name=username)]
    # an unknown user takes as long as a wrong key
    expected = stored[0] if stored else _digest("")
    return hmac.compare_digest(expected, _digest(api_key)) and bool(stored)


def owner_of_key(connection: Connection, api_key: str) -> str | None:
    """Return the user whose key this is."""
    owner: str | None = connection.execute(
        select(users.c.username).where(users.c.api_key_sha256 == _digest(api_key))
    ).scalar()
    return owner


def _row(username: str, api_key: str) -> dict[str, Any]:
    if not _USERNAME.fullmatch(username):
        raise ValidationError(
            f"{username!r} can't be a username: letters, digits, '_', '-', '.' and '@', "
            "starting with a letter or digit, at most 100 characters.",
            field="username",
        )
    return {
        "username": username,
        "api_key_sha256": _digest(api_key),
        "next_idlocal": 0,
        "created": datetime.now(UTC).replace(tzinfo=None),
    }


def _set_key(connection: Connection, username: str, api_key: str) -> None:
    changed = connection.execute(
        update(users).where(users.c.username == username).values(api_key_sha256=_digest(api_key))
    )
    if changed.rowcount == 0:
        raise NotFoundError(f"There is no user {username!r}.", field="username")


def _digest(api_key: str) -> str:
    return hashlib.sha256(api_key.encode()).hexdigest()
