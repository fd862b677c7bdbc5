"""The connections of one server to PostgreSQL: how many, and how they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["CONNECTIONS", "pool_options"]

CONNECTIONS: Final = 30
"""Three servers of as many have room in a PostgreSQL as it comes, which takes a hundred."""

WAITING_SECONDS: Final = 10

# a host that is gone answers nothing: libpq would wait for many minutes
_REACHING: Final = {
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


def pool_options(url: URL, connections: int) -> dict[str, Any]:
    """Tell SQLAlchemy how many connections there may be, and how they are made.

    What the URL says of that counts.
    """
    return {
        "pool_pre_ping": True,
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": WAITING_SECONDS,
        "connect_args": {name: value for name, value in _REACHING.items() if name not in url.query},
    }
