"""``plotly-nbext serve``: its options, and the configuration of a server that they make."""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
from contextlib import nullcontext, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plotly_nbext.cli_addresses import hub_url, public_url
from plotly_nbext.cli_limits import limit_options, limits_of, whole_number
from plotly_nbext.cli_location import location, location_options
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.server.config import ServerConfig

__all__ = [
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
        "--database-connections",
        type=whole_number(2),
        default=30,
        metavar="N",
        help="most connections to PostgreSQL; each download holds one (default: 30)",
    )
    add(
        "--browsers",
        type=whole_number(1),
        metavar="N",
        help="most browsers to render with, of which each may take 1 GB of memory, and up to 4 GB "
        "where the machine has that for it (default: one a core, up to 4)",
    )
    add(
        "--dask-scheduler",
        type=_scheduler,
        metavar="ADDRESS",
        help="render on the workers of this Dask cluster (tcp://HOST:8786, or tls://HOST:8786 "
        "with Dask's own configuration of TLS); --browsers is then for each worker (default: "
        "one a thread, up to 4)",
    )
    add(
        "--render-here-without-cluster",
        action="store_true",
        help="render on this machine while the Dask cluster can't; otherwise images are answered "
        "503 then",
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
        type=whole_number(0),
        default=256,
        metavar="MB",
        help="room for images that were rendered before: on the disk with --data; with "
        "--database-url in the database, for all of its servers (default: 256; 0: none)",
    )
    add(
        "--public-url",
        type=public_url,
        metavar="URL",
        help="the server's address for its clients, where a proxy is before it: answers and "
        "pages link there; it may have a path (https://HOST/services/plotly)",
    )
    add(
        "--jupyterhub-api-url",
        type=hub_url,
        metavar="URL",
        help="let the users of this JupyterHub in by their tokens, such as "
        "http://127.0.0.1:8081/hub/api",
    )
    add(
        "--jupyterhub-service",
        default="plotly",
        metavar="NAME",
        help="what the hub calls this server: a token is good if its scopes have "
        "access:services!service=NAME (default: plotly)",
    )
    add("--tls-cert", type=Path, metavar="FILE", help="PEM certificate, to serve https")
    add("--tls-key", type=Path, metavar="FILE", help="PEM key of the certificate")
    add(
        "--max-upload-mb",
        type=whole_number(1),
        default=500,
        metavar="N",
        help="most megabytes of an uploaded file (default: 500)",
    )
    add(
        "--drain-seconds",
        type=_seconds,
        default=0.0,
        metavar="S",
        help="on SIGTERM, go on for so long while /readyz says 503, until those who spread "
        "requests have seen it (default: 0)",
    )
    add(
        "--shutdown-seconds",
        type=_seconds,
        default=30.0,
        metavar="S",
        help="then finish the requests that have begun, in so long at the most (default: 30)",
    )
    add(
        "--metrics",
        action="store_true",
        help="tell at /metrics what happens, for Prometheus; beyond loopback, or behind a proxy, "
        "with --metrics-token-file",
    )
    add(
        "--metrics-token-file",
        type=Path,
        metavar="FILE",
        help="tell them who sends the token in this file (Authorization: Bearer TOKEN)",
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
    limit_options(command)


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 <= (number := float(text)) < math.inf:
            return number
    raise argparse.ArgumentTypeError(f"it is a number of seconds, 0 or more, not {text!r}")


def _scheduler(text: str) -> str:
    parts = urlsplit(text if "://" in text else f"tcp://{text}")
    with suppress(ValueError):
        if parts.hostname and parts.port and parts.path in {"", "/"}:
            return text
    raise argparse.ArgumentTypeError(f"it is an address such as tcp://HOST:8786, not {text!r}")


def _host(text: str) -> str:
    from plotly_nbext.server.rendering.origins import Origin

    try:
        return str(Origin.parse(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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
    metrics_token = _metrics_token(arguments)
    if arguments.render_here_without_cluster and not arguments.dask_scheduler:
        arguments.usage_error("--render-here-without-cluster goes with --dask-scheduler")
    if arguments.dask_scheduler:
        _need_dask()
    prepare_to_serve()
    where = location(arguments)
    folder = where if isinstance(where, Path) else None
    config = ServerConfig(
        host=arguments.host,
        port=arguments.port,
        data=folder,
        database_url=None if isinstance(where, Path) else where,
        browsers=arguments.browsers,
        dask_scheduler=arguments.dask_scheduler,
        render_here_without_cluster=arguments.render_here_without_cluster,
        allowed_hosts=tuple(arguments.allow_host),
        cache_bytes=arguments.cache_mb * 1_000_000,
        max_upload_bytes=arguments.max_upload_mb * 1_000_000,
        limits=limits_of(arguments),
        database_connections=arguments.database_connections,
        accept_any_credentials=arguments.accept_any_credentials,
        accept_cols_arrays=arguments.accept_cols_arrays,
        public_url=arguments.public_url,
        jupyterhub_api_url=arguments.jupyterhub_api_url,
        jupyterhub_service=arguments.jupyterhub_service,
        drain_seconds=arguments.drain_seconds,
        shutdown_seconds=arguments.shutdown_seconds,
        metrics=arguments.metrics or metrics_token is not None,
        metrics_token=metrics_token,
        tls_cert=arguments.tls_cert,
        tls_key=arguments.tls_key,
    )
    if config.accept_any_credentials and (config.public_url or not config.on_loopback):
        arguments.usage_error(
            "--accept-any-credentials lets anyone be any user; "
            f"{config.public_url or config.host} is not loopback"
        )
    if config.accept_any_credentials and config.jupyterhub_api_url:
        arguments.usage_error(
            "--accept-any-credentials lets anyone be any user, those of the JupyterHub too"
        )
    if config.metrics and not metrics_token and (config.public_url or not config.on_loopback):
        arguments.usage_error(
            "--metrics is open to whoever reaches "
            f"{config.public_url or config.host}; name a --metrics-token-file"
        )
    by_https = config.tls_cert or (config.public_url or "").startswith("https:")
    if not (config.on_loopback or by_https):
        print(
            "plotly-nbext: without --tls-cert, API keys cross the network in clear; "
            "put a proxy with TLS before it, or name a certificate.",
            file=sys.stderr,
        )
    with lease(folder) if folder else nullcontext():
        run_server(config, lambda url: print(f"plotly-nbext serving {url}", flush=True))


def _metrics_token(arguments: argparse.Namespace) -> str | None:
    file: Path | None = arguments.metrics_token_file
    if file is None:
        return None
    try:
        token = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        token = ""
    if not token or not token.isprintable():
        arguments.usage_error(f"--metrics-token-file names no file with a token: {file}")
    return token


def _need_dask() -> None:
    if find_spec("distributed") is None:
        raise ServiceError(
            "--dask-scheduler needs Dask, which is not installed.",
            hint='Install it: pip install "plotly_nbext[dask]"',
        )


def run_server(
    config: ServerConfig, on_ready: Callable[[str], None], *, insists: bool = True
) -> None:
    """Run a server that has this process to itself."""
    from plotly_nbext.server.lean import keep_pandas_from_pyarrow
    from plotly_nbext.server.run import run

    keep_pandas_from_pyarrow()
    run(config, on_ready=on_ready, insists=insists)


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
