"""``plotly-nbext backup``, ``restore`` and ``verify``: all that a server keeps, in one file."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext.cli_location import existing_location, location, location_options
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    import argparse

    from sqlalchemy import Connection

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.verifying import Report

__all__ = ["back_up", "backup_options", "restore", "restore_options", "verify", "verify_options"]


def backup_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``backup``."""
    command.add_argument("file", type=Path, metavar="FILE", help="where to; it must not be there")
    location_options(command)


def restore_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``restore``."""
    command.add_argument("file", type=Path, metavar="FILE", help="a backup")
    command.add_argument(
        "--damaged",
        action="store_true",
        help="also one in which rows or values are damaged, if its tables can be read",
    )
    location_options(command)


def verify_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``verify``."""
    command.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="a backup, in place of a database"
    )
    location_options(command)


def back_up(arguments: argparse.Namespace) -> int:
    """Write a backup, and read it again."""
    from plotly_nbext.server.store import backups

    os.umask(0o077)
    with closing(_existing(arguments)) as database:
        backups.back_up(database, arguments.file)
    with backups.opened(arguments.file) as connection:
        report = _verified(connection)
    size = arguments.file.stat().st_size
    print(f"{arguments.file}: {_counted(report)}, {size / 1e6:,.1f} MB.")
    return _tell(report)


def restore(arguments: argparse.Namespace) -> int:
    """Make a database from a backup."""
    from plotly_nbext.server.store import Database, backups

    os.umask(0o077)
    with backups.opened(arguments.file):
        pass  # before a database is made for nothing
    with closing(Database(location(arguments))) as database:
        backups.restore(arguments.file, database, damaged=arguments.damaged)
        with database.read() as connection:
            report = _verified(connection)
    print(f"Restored: {_counted(report)}. API keys are what they were.")
    return _tell(report)


def verify(arguments: argparse.Namespace) -> int:
    """Check a database, or a backup."""
    from plotly_nbext.server.store import backups

    if arguments.file is not None:
        if arguments.data is not None or arguments.database_url is not None:
            arguments.usage_error("name a backup or a database, not both")
        with backups.opened(arguments.file) as connection:
            report = _verified(connection)
            altered = backups.altered(connection)
        if altered:
            print(f"The tables {', '.join(altered)} are not as they were written.")
    else:
        altered = []
        with closing(_existing(arguments)) as database, database.read() as connection:
            report = _verified(connection)
    print(f"{_counted(report)}.")
    return _tell(report) or int(bool(altered))


def _existing(arguments: argparse.Namespace) -> Database:
    from plotly_nbext.server.store import Database

    return Database(existing_location(arguments), upgrades=False)


def _verified(connection: Connection) -> Report:
    from sqlalchemy.exc import DBAPIError

    from plotly_nbext.server import verifying
    from plotly_nbext.server.store.outages import reason

    try:
        return verifying.verify(connection)
    except DBAPIError as error:
        raise ServiceError(f"The database is lost: {reason(error).rstrip('.')}.") from None


def _counted(report: Report) -> str:
    users = "1 user" if report.users == 1 else f"{report.users:,} users"
    files = "1 file" if report.files == 1 else f"{report.files:,} files"
    return f"{users}, {files}, {report.chunks:,} chunks of values"


def _tell(report: Report) -> int:
    for finding in report.dangling:
        print(f"note: {finding}")
    for finding in report.damaged:
        print(f"DAMAGED: {finding}")
    if not report.damaged:
        print("Nothing is damaged.")
    return int(bool(report.damaged))
