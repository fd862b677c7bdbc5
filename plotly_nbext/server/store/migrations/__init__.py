"""The steps that bring the tables of an earlier version to those of this one."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["config", "upgrade"]

# what a migration calls is the whole process's: alembic.op
_one_at_a_time = threading.Lock()


def config(connection: Connection) -> Config:
    """Configure alembic for the database at a connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Run what has not been run yet, in the connection's transaction."""
    with _one_at_a_time:
        command.upgrade(config(connection), "head")
