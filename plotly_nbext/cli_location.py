"""Where a server's database is, as the command line and the environment name it."""

from __future__ import annotations

import argparse
import os
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plotly_nbext import settings
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.server.store import Database

__all__ = [
    "PASSWORD_FILE_VARIABLE",
    "URL_VARIABLE",
    "existing_location",
    "location",
    "location_options",
    "opened",
]

URL_VARIABLE = "PLOTLY_NBEXT_DATABASE_URL"
"""What ``--database-url`` is, where a list of processes must not show it."""

PASSWORD_FILE_VARIABLE = "PLOTLY_NBEXT_DATABASE_PASSWORD_FILE"  # noqa: S105 - names a file
"""A file with the database's password: what containers and systemd hand secrets over by."""


# as libpq has it, and as SQLAlchemy names the driver
_SCHEMES: Final = {"postgres", "postgresql", "postgresql+psycopg"}


def location_options(command: argparse.ArgumentParser) -> None:
    """Add the options that name a server's database."""
    group = command.add_mutually_exclusive_group()
    group.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder of the SQLite database (default: the local service's)",
    )
    group.add_argument(
        "--database-url",
        type=_database_url,
        metavar="URL",
        help=f"PostgreSQL database to use (or by the environment: {URL_VARIABLE}, and the "
        f"password in the file that {PASSWORD_FILE_VARIABLE} names, or as libpq takes it)",
    )


def existing_location(arguments: argparse.Namespace) -> Path | str:
    """Return what :func:`location` does, if there is a database: none is made.

    Raises
    ------
    ServiceError
        There is none, or what the environment names is none.
    """
    place = location(arguments) if arguments.data is None else arguments.data
    if isinstance(place, Path) and not (place / "grids.db").exists():
        raise ServiceError(f"There is no database in {place}.", hint="Name another folder.")
    return location(arguments)


def location(arguments: argparse.Namespace) -> Path | str:
    """Return the database's URL, or the folder that holds it, which is made.

    Raises
    ------
    ServiceError
        The folder can't be made, or what the environment names is no database.
    """
    url = arguments.database_url or (_url_of_environment() if arguments.data is None else None)
    if url:
        return _with_password(url)
    if arguments.data is None:
        return settings.home()
    folder: Path = arguments.data.resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceError(f"The data folder {folder} can't be made: {error.strerror}.") from None
    return folder


@contextmanager
def opened(place: Path | str, *, upgrades: bool = True) -> Iterator[Database]:
    """Open a database, for as long as the context.

    Raises
    ------
    ServiceError
        It can't be used, or no longer.
    """
    from sqlalchemy.exc import DBAPIError

    from plotly_nbext.server.store import Database
    from plotly_nbext.server.store.outages import is_damage, reason

    try:
        with closing(Database(place, upgrades=upgrades)) as database:
            yield database
    except DBAPIError as error:
        raise ServiceError(
            f"The database can't be used: {reason(error).rstrip('.')}.",
            hint="`plotly-nbext verify` tells what is damaged; go back to a backup."
            if is_damage(error)
            else None,
        ) from None


def _database_url(text: str) -> str:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if text.startswith("sqlite"):
        raise argparse.ArgumentTypeError("an SQLite database is named by its folder, with --data")
    scheme, separator, rest = text.partition("://")
    try:
        make_url(text)
    except (ArgumentError, ValueError):  # the latter of a port
        separator = ""
    if not separator or scheme not in _SCHEMES:
        # without the text, which may hold a password
        raise argparse.ArgumentTypeError(
            "it is a URL such as postgresql+psycopg://USER@HOST/DATABASE"
        )
    return f"postgresql+psycopg://{rest}"


def _url_of_environment() -> str | None:
    text = os.environ.get(URL_VARIABLE)
    if not text:
        return None
    try:
        return _database_url(text)
    except argparse.ArgumentTypeError as error:
        raise ServiceError(f"{URL_VARIABLE}: {error}.") from None


def _with_password(url: str) -> str:
    named = os.environ.get(PASSWORD_FILE_VARIABLE)
    if not named:
        return url
    from sqlalchemy import make_url

    parts = make_url(url)
    if parts.password is not None or "password" in parts.query:
        raise ServiceError(
            f"The database's URL has a password, and {PASSWORD_FILE_VARIABLE} names another.",
            hint="Leave one of them out.",
        )
    try:
        password = Path(named).read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ServiceError(
            f"{PASSWORD_FILE_VARIABLE} names {named}, which can't be read: {reason}."
        ) from None
    if not password:
        raise ServiceError(f"{PASSWORD_FILE_VARIABLE} names {named}, which is empty.")
    return parts.set(password=password).render_as_string(hide_password=False)
