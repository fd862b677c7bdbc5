"""The command line ``plotly-nbext``.

Each command imports what it needs itself, so that ``--help`` and ``status`` are quick, and so that
the local service steps into the background before anything has started a thread.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import closing, nullcontext, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext import __version__, service, settings
from plotly_nbext.cli_parser import Parser
from plotly_nbext.errors import PlotlyNbextError, ServiceError
from plotly_nbext.moving.command import export, export_options, import_, import_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.service import ServiceInfo

__all__ = ["main"]

USER_ACTIONS = {
    "add": "add a user and print the API key, which is shown this once, on the last line",
    "list": "print the users' names",
    "rotate-key": "print a new API key for a user, as add does; the old one ends at once",
    "remove": "remove a user and everything that is theirs",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; ``sys.argv[1:]`` without it.

    Returns
    -------
    int
        The exit code: 0, or 1 after an error, which is printed as one message. Wrong usage exits
        with 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may know no ✓
    parser = _parser()
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        arguments.refuse(unknown)
    if arguments.run is None:
        parser.error("the following arguments are required: COMMAND")
    run: Callable[[argparse.Namespace], int | None] = arguments.run
    try:
        return run(arguments) or 0
    except PlotlyNbextError as error:
        print(f"plotly-nbext: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # `plotly-nbext doctor | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def _parser() -> Parser:
    parser = Parser(
        prog="plotly-nbext",
        description="Plotly figures as images and DataFrames as grids, on this machine.",
    )
    parser.add_argument("--version", action="version", version=f"plotly_nbext {__version__}")
    parser.set_defaults(run=None)  # what is mistyped before the command is told first
    commands = parser.add_subparsers(metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], int | None], text: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run, usage_error=command.error)
        return command

    demo = add("demo", _demo, "run the quickstart notebook on the local service")
    demo.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=Path("plotly-nbext-demo"),
        help="where the notebook, its HTML and its images go (default: ./plotly-nbext-demo)",
    )
    _serve_options(add("serve", _serve, "run a server in the foreground"))
    add("start", _start, "start the local service, unless it runs")
    add("stop", _stop, "stop the local service")
    status = add("status", _status, "say whether the local service runs, and where")
    status.add_argument(
        "--key",
        action="store_true",
        help="also say how to sign in to its pages in a browser; the key is new at each start",
    )
    _user_options(add("user", _user, "manage the users of a server"))
    add("install-browser", _install_browser, "make sure of a browser to render with")
    add("doctor", _doctor, "say what is missing, and the command that mends it")
    export_options(add("export", export, "write all your files to a folder"))
    import_options(add("import", import_, "bring an export, or files of Chart Studio, to a server"))
    # for the starter of the local service; without a help text it is not listed
    commands.add_parser(service.COMMAND).set_defaults(run=_service)
    return parser


def _serve_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=int, default=0, help="port to listen on (default: a free one)")
    _location_options(command)
    add(
        "--browsers",
        type=_whole_number(1),
        metavar="N",
        help="most browsers to render with, of which each may take 1 GB of memory, and up to 4 GB "
        "where the machine has that for it (default: one a core, up to 4)",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        type=_host,
        metavar="HOST[:PORT]",
        help="let figures load images, map tiles and geojson from this host by https "
        "(or http://HOST[:PORT]); may be repeated",
    )
    add(
        "--cache-mb",
        type=_whole_number(0),
        default=256,
        metavar="MB",
        help="disk for images that were rendered before, with --data (default: 256; 0: none)",
    )
    add("--tls-cert", type=Path, metavar="FILE", help="PEM certificate, to serve https")
    add("--tls-key", type=Path, metavar="FILE", help="PEM key of the certificate")
    add(
        "--max-upload-mb",
        type=_whole_number(1),
        default=500,
        metavar="N",
        help="most megabytes of an uploaded file (default: 500)",
    )
    add(
        "--accept-any-credentials",
        action="store_true",
        help="make a user of whoever comes, by the name they give; on loopback only",
    )
    add(
        "--accept-cols-arrays",
        action="store_true",
        help="take the columns of POST …/col also as an array, not only as a string of JSON",
    )


def _user_options(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in USER_ACTIONS.items():
        action = actions.add_parser(name, help=text, description=text)
        if name != "list":
            action.add_argument("name", metavar="NAME")
        if name == "remove":
            action.add_argument("--yes", action="store_true", help="also if there are files")
        _location_options(action)


def _location_options(command: argparse.ArgumentParser) -> None:
    location = command.add_mutually_exclusive_group()
    location.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder of the SQLite database (default: the local service's)",
    )
    location.add_argument(
        "--database-url", type=_database_url, metavar="URL", help="PostgreSQL database to use"
    )


def _whole_number(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        with suppress(ValueError):
            if (number := int(text)) >= least:
                return number
        raise argparse.ArgumentTypeError(f"it is a whole number from {least} on, not {text!r}")

    return parse


def _database_url(text: str) -> str:
    if text.startswith("sqlite"):
        raise argparse.ArgumentTypeError("an SQLite database is named by its folder, with --data")
    return text


def _host(text: str) -> str:
    from plotly_nbext.server.rendering.origins import Origin

    try:
        return str(Origin.parse(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _location(arguments: argparse.Namespace) -> Path | str:
    """Return the database's URL, or the folder that holds it, which is made."""
    if arguments.database_url:
        return str(arguments.database_url)
    if arguments.data is None:
        return settings.home()
    folder: Path = arguments.data.resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceError(f"The data folder {folder} can't be made: {error.strerror}.") from None
    return folder


def _demo(arguments: argparse.Namespace) -> None:
    from plotly_nbext import demo
    from plotly_nbext.server.rendering.discovery import find_browser

    find_browser()  # says what to do when there is none, before a cell does
    demo.run(demo.quickstart(), arguments.output.resolve(), print)


def _serve(arguments: argparse.Namespace) -> None:
    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.service.locks import lease

    if (arguments.tls_cert is None) != (arguments.tls_key is None):
        arguments.usage_error("--tls-cert and --tls-key go together")
    for option in ("tls_cert", "tls_key"):
        file = getattr(arguments, option)
        if file and not file.is_file():
            arguments.usage_error(f"--{option.replace('_', '-')} names no file: {file}")
    _prepare_to_serve()
    location = _location(arguments)
    folder = location if isinstance(location, Path) else None
    config = ServerConfig(
        host=arguments.host,
        port=arguments.port,
        data=folder,
        database_url=arguments.database_url,
        browsers=arguments.browsers,
        allowed_hosts=tuple(arguments.allow_host),
        cache_bytes=arguments.cache_mb * 1_000_000,
        max_upload_bytes=arguments.max_upload_mb * 1_000_000,
        accept_any_credentials=arguments.accept_any_credentials,
        accept_cols_arrays=arguments.accept_cols_arrays,
        tls_cert=arguments.tls_cert,
        tls_key=arguments.tls_key,
    )
    if config.accept_any_credentials and not config.on_loopback:
        arguments.usage_error(
            f"--accept-any-credentials lets anyone be any user; {config.host} is not loopback"
        )
    if not config.on_loopback and config.tls_cert is None:
        print(
            "plotly-nbext: without --tls-cert, API keys cross the network in clear; "
            "put a proxy with TLS before it, or name a certificate.",
            file=sys.stderr,
        )
    with lease(folder) if folder else nullcontext():
        _run_server(config, lambda url: print(f"plotly-nbext serving {url}", flush=True))


def _service(_: argparse.Namespace) -> None:
    from plotly_nbext.service.daemon import on_duty

    _prepare_to_serve()
    home = settings.home()
    with on_duty(home) as duty:
        from plotly_nbext.server.config import ServerConfig, hosts_of_environment
        from plotly_nbext.server.store import Database, users

        with closing(Database(home)) as database, database.write() as connection:
            users.ensure(connection, duty.username, duty.api_key)
        config = ServerConfig(
            port=duty.port,
            data=home,
            allowed_hosts=hosts_of_environment(),
            proof=duty.proof,
            idle_timeout=duty.idle_timeout,
        )
        _run_server(config, lambda url: duty.publish(url, config.allowed_hosts))


def _run_server(config: ServerConfig, on_ready: Callable[[str], None]) -> None:
    """Run a server that has this process to itself."""
    from plotly_nbext.server.lean import keep_pandas_from_pyarrow
    from plotly_nbext.server.run import run

    keep_pandas_from_pyarrow()
    run(config, on_ready=on_ready)


def _prepare_to_serve() -> None:
    """Keep what is written from other users, and end on SIGTERM in good order."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _on_sigterm)


def _on_sigterm(*_: object) -> None:
    import asyncio

    with suppress(RuntimeError):
        asyncio.get_running_loop()
        return  # uvicorn has ended its work by now, and repeats the signal that told it to
    sys.exit(0)


def _start(_: argparse.Namespace) -> None:
    print(_description(service.ensure()))


def _stop(_: argparse.Namespace) -> None:
    stopped = service.stop()
    print("The local service is stopped." if stopped else "The local service was not running.")


def _status(arguments: argparse.Namespace) -> int:
    from plotly_nbext.doctor import listed
    from plotly_nbext.server.config import hosts_of_environment

    info = service.find()
    if info is None:
        print("The local service is not running.")
        print(f"Hosts that it would allow: {listed(hosts_of_environment())}")
        return 1
    print(_description(info))
    if arguments.key:
        print(f"Its pages: {info.url}/~{info.username}/, user {info.username}, with the API key")
        print(info.api_key)
    return 0


def _description(info: ServiceInfo) -> str:
    from plotly_nbext.doctor import listed

    return (
        f"The local service runs: {info.url}, process {info.pid}, version {info.version}.\n"
        f"Allowed hosts: {listed(info.allowed_hosts)}"
    )


def _user(arguments: argparse.Namespace) -> None:
    from plotly_nbext.server.store import Database, users

    os.umask(0o077)
    name = getattr(arguments, "name", "")
    location = _location(arguments)
    if name == service.USERNAME and arguments.action != "list" and location == settings.home():
        arguments.usage_error(
            f"{name} is the local service's own user, with a new key at each start: "
            "`plotly-nbext status --key` tells it"
        )
    with closing(Database(location)) as database, database.write() as connection:
        match arguments.action:
            case "add":
                lines = [f"The API key of {name}:", users.add(connection, name)]
            case "rotate-key":
                lines = [f"The new API key of {name}:", users.rotate_key(connection, name)]
            case "remove":
                count = users.count_files(connection, name)
                if count and not arguments.yes:
                    arguments.usage_error(
                        f"{name} has {count} files, which are deleted for good too; "
                        "say --yes to go on"
                    )
                users.remove(connection, name)
                lines = [f"{name} is removed."]
            case _:
                lines = users.names(connection)
    for line in lines:
        print(line)


def _install_browser(_: argparse.Namespace) -> None:
    from plotly_nbext.server.rendering.trial import try_out
    from plotly_nbext.service import browser_setup

    browser_setup.install(lambda: str(try_out()), print)


def _doctor(_: argparse.Namespace) -> int:
    from plotly_nbext import doctor

    healthy = True
    for finding in doctor.examine():
        print(finding, flush=True)
        healthy &= not (finding.mend and finding.required)
    return 0 if healthy else 1
