"""``plotly-nbext export`` and ``plotly-nbext import``: their options, and what they do."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plotly_nbext.errors import RateLimited, ServerError, ServiceError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from plotly_nbext.client import Client
    from plotly_nbext.moving.report import Report

__all__ = ["export", "export_options", "import_", "import_options"]

_AGAIN: Final = "Run the same command again: it goes on where it was."
_SERVER_HELP: Final = "address or name of a server, or local (default: the one that %s)"


def export_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``export``."""
    add = command.add_argument
    add("path", type=Path, metavar="PATH", help="folder to export to: a new one, or of before")
    add("--server", metavar="URL|NAME", help=_SERVER_HELP % "push and pull use")
    add("-u", "--username", metavar="NAME", help="who you are there; the key is asked for")
    add(
        "--format",
        choices=["parquet", "csv"],
        default="parquet",
        help="how the values of grids are written (default: parquet, which keeps their types)",
    )
    add("-q", "--quiet", action="store_true", help="show no bar")


def import_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``import``."""
    add = command.add_argument
    add(
        "source",
        metavar="PATH|URL",
        help="folder of an export, or of JSON and csv files of Chart Studio; or the https:// "
        "address of a server, such as Chart Studio's",
    )
    add("--server", metavar="URL|NAME", help=_SERVER_HELP % "push and pull use")
    add(
        "-u",
        "--username",
        metavar="NAME",
        help="who you are at the source's address, or at --server where the source is a folder; "
        "the key is asked for",
    )
    add(
        "--on-conflict",
        choices=["error", "skip", "replace", "rename"],
        default="error",
        help="where another file has the name: import nothing (the default), leave it, replace "
        'what it holds, or import as "name (2)"',
    )
    add("--into", metavar="FOLDER", default="", help="folder on the server that all goes into")
    add("--skip-damaged", action="store_true", help="import what is whole where some is not")
    add("-q", "--quiet", action="store_true", help="show no bar")


def export(arguments: argparse.Namespace) -> int:
    """Run ``export``; 1 where something could not be exported."""
    from plotly_nbext.moving.exporting import export_to

    client = _connected(arguments.server, arguments.username)
    with _going_on():
        report = export_to(
            arguments.path, client, format=arguments.format, progress=not arguments.quiet
        )
    return _told(report)


def import_(arguments: argparse.Namespace) -> int:
    """Run ``import``; 1 where something could not be imported."""
    from plotly_nbext.moving.importing import import_from

    source: Path | Client
    if "://" in arguments.source:
        source = _connected(arguments.source, arguments.username)
        client = _connected(arguments.server, None)
    else:
        source = Path(arguments.source)
        client = _connected(arguments.server, arguments.username)
    with _going_on():
        report = import_from(
            source,
            client,
            on_conflict=arguments.on_conflict,
            skip_damaged=arguments.skip_damaged,
            into=arguments.into,
            progress=not arguments.quiet,
        )
    return _told(report)


@contextmanager
def _going_on() -> Iterator[None]:
    """Say how to go on, where a server went away or the user stopped it."""
    try:
        yield
    except (ServiceError, ServerError, RateLimited) as error:
        error.hint = _AGAIN
        raise
    except KeyboardInterrupt:
        sys.stderr.write(f"plotly-nbext: interrupted. {_AGAIN}\n")
        raise


def _connected(server: str | None, username: str | None) -> Client:
    """Connect to a server; ask for what nobody told, if there is somebody to ask."""
    from plotly_nbext import accounts, api

    target = accounts.find_target(server)
    if target is None:
        return api.connect(server, username)
    username = username or target.username
    api_key = None
    if sys.stdin.isatty():
        if username is None:
            username = input(f"Username at {target.url}: ").strip() or None
        if username and accounts.known_key(target.url, username) is None:
            api_key = getpass(f"API key of {username} at {target.url}: ") or None
    return api.connect(target.url, username, api_key)


def _told(report: Report) -> int:
    sys.stdout.write(f"{report.summary}\n")
    sys.stderr.writelines(f"{line}\n" for line in report.problems)
    return 0 if report.is_complete else 1
