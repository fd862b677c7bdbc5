"""The command line ``plotly-nbext``.

Each command imports what it needs itself, so that ``--help`` and ``status`` are quick, and so that
the local service steps into the background before anything has started a thread.
"""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext import __version__, service, settings
from plotly_nbext.cli_backup import (
    back_up,
    backup_options,
    restore,
    restore_options,
    verify,
    verify_options,
)
from plotly_nbext.cli_deployment import write as write_deployment
from plotly_nbext.cli_location import existing_location, location, location_options, opened
from plotly_nbext.cli_parser import Parser
from plotly_nbext.cli_serve import prepare_to_serve, run_server, serve, serve_options
from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.moving.command import export, export_options, import_, import_options

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

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
    serve_options(add("serve", serve, "run a server in the foreground"))
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
    backup_options(add("backup", back_up, "write all that a server keeps to one file"))
    restore_options(add("restore", restore, "make a database from a backup"))
    verify_options(add("verify", verify, "check every value of a database, or of a backup"))
    deployment = add("deployment", write_deployment, "write the files to deploy servers with")
    deployment.add_argument("folder", type=Path, metavar="DIR", help="where to; made if missing")
    # for the starter of the local service; without a help text it is not listed
    commands.add_parser(service.COMMAND).set_defaults(run=_service)
    return parser


def _user_options(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in USER_ACTIONS.items():
        action = actions.add_parser(name, help=text, description=text)
        if name != "list":
            action.add_argument("name", metavar="NAME")
        if name == "remove":
            action.add_argument("--yes", action="store_true", help="also if there are files")
        location_options(action)


def _demo(arguments: argparse.Namespace) -> None:
    from plotly_nbext import demo
    from plotly_nbext.server.rendering.discovery import find_browser

    find_browser()  # says what to do when there is none, before a cell does
    demo.run(demo.quickstart(), arguments.output.resolve(), print)


def _service(_: argparse.Namespace) -> None:
    from plotly_nbext.service.daemon import on_duty

    prepare_to_serve()
    home = settings.home()
    with on_duty(home) as duty:
        from plotly_nbext.server.config import ServerConfig, hosts_of_environment
        from plotly_nbext.server.store import users

        with opened(home) as database, database.write() as connection:
            users.ensure(connection, duty.username, duty.api_key)
        config = ServerConfig(
            port=duty.port,
            data=home,
            allowed_hosts=hosts_of_environment(),
            proof=duty.proof,
            idle_timeout=duty.idle_timeout,
        )
        run_server(config, lambda url: duty.publish(url, config.allowed_hosts), insists=False)


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
    from plotly_nbext.server.store import users

    os.umask(0o077)
    name = getattr(arguments, "name", "")
    where = (location if arguments.action == "add" else existing_location)(arguments)
    if name == service.USERNAME and arguments.action != "list" and where == settings.home():
        arguments.usage_error(
            f"{name} is the local service's own user, with a new key at each start: "
            "`plotly-nbext status --key` tells it"
        )
    with opened(where) as database, database.write() as connection:
        match arguments.action:
            case "add":
                lines = [f"The API key of {name}:", users.add(connection, name)]
            case "rotate-key":
                lines = [f"The new API key of {name}:", users.rotate_key(connection, name)]
            case "remove":
                users.lock(connection, name)  # who would make a file meanwhile
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
