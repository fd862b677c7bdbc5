"""``plotly-nbext serve``: its options, and the configuration of a server that they make."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from plotly_nbext import settings
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.server.config import ServerConfig

__all__ = [
    "location",
    "location_options",
    "prepare_to_serve",
    "run_server",
    "serve",
    "serve_options",
]


def serve_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``serve``."""
    add = command.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=int, default=0, help="port to listen on (default: a free one)")
    location_options(command)
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


def location(arguments: argparse.Namespace) -> Path | str:
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


def serve(arguments: argparse.Namespace) -> None:
    """Run a server in the foreground."""
    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.service.locks import lease

    if (arguments.tls_cert is None) != (arguments.tls_key is None):
        arguments.usage_error("--tls-cert and --tls-key go together")
    for option in ("tls_cert", "tls_key"):
        file = getattr(arguments, option)
        if file and not file.is_file():
            arguments.usage_error(f"--{option.replace('_', '-')} names no file: {file}")
    prepare_to_serve()
    where = location(arguments)
    folder = where if isinstance(where, Path) else None
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
        run_server(config, lambda url: print(f"plotly-nbext serving {url}", flush=True))


def run_server(config: ServerConfig, on_ready: Callable[[str], None]) -> None:
    """Run a server that has this process to itself."""
    from plotly_nbext.server.lean import keep_pandas_from_pyarrow
    from plotly_nbext.server.run import run

    keep_pandas_from_pyarrow()
    run(config, on_ready=on_ready)


def prepare_to_serve() -> None:
    """Keep what is written from other users, and end on SIGTERM in good order."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _on_sigterm)


def _on_sigterm(*_: object) -> None:
    import asyncio

    with suppress(RuntimeError):
        asyncio.get_running_loop()
        return  # uvicorn has ended its work by now, and repeats the signal that told it to
    sys.exit(0)
