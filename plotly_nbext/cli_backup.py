"""``plotly-nbext backup``, ``restore`` and ``verify``: all that a server keeps, in one file."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plotly_nbext.cli_location import existing_location, location, location_options, opened
from plotly_nbext.cli_stopping import Stopping
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.verifying import Report

__all__ = ["back_up", "backup_options", "restore", "restore_options", "verify", "verify_options"]

_PREFIX: Final = ".plotly-nbext-unfinished-"

REMOVALS: Final = 100


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
    from plotly_nbext.server import verifying
    from plotly_nbext.server.store import backups

    os.umask(0o077)
    with (
        Stopping("There is no backup.") as stopping,
        opened(existing_location(arguments), upgrades=False) as database,
        _drafted(arguments.file, stopping) as draft,
    ):
        backups.back_up(database, draft)
        with backups.opened(draft) as connection:
            report = verifying.verify(connection)
        _forget_fingerprints(database, report)
    size = arguments.file.stat().st_size
    print(f"{arguments.file}: {_counted(report)}, {size / 1e6:,.1f} MB.")
    return _tell(report)


def restore(arguments: argparse.Namespace) -> int:
    """Make a database from a backup."""
    from plotly_nbext.server.store import backups

    os.umask(0o077)
    with backups.opened(arguments.file):
        pass  # before a database is made for nothing
    with (
        Stopping("Nothing is restored.") as stopping,
        _removed_if_empty(arguments.data, stopping),
    ):
        place = location(arguments)
        if isinstance(place, Path) and not os.path.lexists(place / "grids.db"):
            with _drafted(place / "grids.db", stopping) as draft:
                report = _restored(arguments, draft.parent)
                if (draft.parent / "grids.db-wal").exists():
                    raise ServiceError("The database can't be brought to the disk.")
        else:
            stopping.state = "All of it is restored, or nothing: `plotly-nbext verify` tells."
            report = _restored(arguments, place, stopping)
    print(f"Restored: {_counted(report)}. API keys are what they were.")
    return _tell(report)


def _restored(
    arguments: argparse.Namespace, place: Path | str, stopping: Stopping | None = None
) -> Report:
    """Restore to a database, and read it; say once all is there, if it is the one to be."""
    from plotly_nbext.server import verifying
    from plotly_nbext.server.store import backups

    with opened(place) as database:
        backups.restore(arguments.file, database, damaged=arguments.damaged)
        if stopping is not None:
            stopping.state = "All is restored, and was not verified."
        with database.read() as connection:
            report = verifying.verify(connection)
        _forget_fingerprints(database, report)
        return report


def verify(arguments: argparse.Namespace) -> int:
    """Check a database, or a backup."""
    from plotly_nbext.server import verifying
    from plotly_nbext.server.store import backups

    altered, forgotten = [], 0
    with Stopping("Not all was looked at.") as stopping:
        if arguments.file is None:
            with opened(existing_location(arguments), upgrades=False) as database:
                with database.read() as connection:
                    report = verifying.verify(connection)
                stopping.state = "All was looked at."
                forgotten = _forget_fingerprints(database, report)
        else:
            if arguments.data is not None or arguments.database_url is not None:
                arguments.usage_error("name a backup or a database, not both")
            with backups.opened(arguments.file) as connection:
                report = verifying.verify(connection)
                altered = backups.altered(connection)
    if altered:
        print(f"The tables {', '.join(altered)} are not as they were written.")
    print(f"{_counted(report)}.")
    status = _tell(report)
    if forgotten:
        print("To write a grid anew mends it: the next push of a damaged one sends all of it.")
    return status or int(bool(altered))


@contextmanager
def _drafted(path: Path, stopping: Stopping) -> Iterator[Path]:
    """Tell where to write a file, which gets its name at the end, if all went well.

    Raises
    ------
    ServiceError
        There is one already, or it can't be written.
    """
    from plotly_nbext.server.store.scratch import Scratch, give_name

    taken = ServiceError(f"There is a file {path} already.", hint="Name another one.")
    if os.path.lexists(path):
        raise taken
    _check_alone(path)
    try:
        with Scratch(path.parent, _PREFIX).new() as folder:
            stopping.undo.append(partial(_remove, folder))
            draft = Path(folder) / path.name
            yield draft
            _check_alone(path)
            with stopping.held:
                give_name(draft, path)
                stopping.state = f"{path} is there, and whole."
    except FileExistsError:
        raise taken from None
    except OSError as error:
        raise ServiceError(f"{path} can't be written: {error.strerror or error}.") from None


def _check_alone(path: Path) -> None:
    """See that SQLite would take nothing for a part of a file that isn't."""
    for ending in ("-wal", "-shm", "-journal"):
        left = path.with_name(path.name + ending)
        if os.path.lexists(left):
            raise ServiceError(
                f"There is {left}, which is left of another database.",
                hint="Move it away, to where the rest of that database is.",
            )


def _remove(folder: str) -> None:
    """Remove a folder, in which a file may still be made."""
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            break


@contextmanager
def _removed_if_empty(folder: Path | None, stopping: Stopping) -> Iterator[None]:
    """Remove a new folder, and those above it that are new, if nothing comes into it."""
    places = [] if folder is None else [folder, *folder.parents]
    new = [each for each in places if not os.path.lexists(each)]

    def remove() -> None:
        with suppress(OSError):
            for each in new:
                each.rmdir()

    stopping.undo.append(remove)
    try:
        yield
    finally:
        remove()


def _forget_fingerprints(database: Database, report: Report) -> int:
    """See that whoever pushes a damaged grid anew sends all of it; tell for how many that is so."""
    from sqlalchemy.exc import SQLAlchemyError

    from plotly_nbext.server.store import grids

    done = 0
    for fid in report.damaged_grids:
        # a bad disk may take nothing any more
        with suppress(SQLAlchemyError, OSError), database.write() as connection:
            grids.forget_fingerprints(connection, fid)
            done += 1
    return done


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
