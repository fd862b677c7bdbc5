"""What the operator of a server chooses."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.limits.chosen import Limits

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HOSTS_VARIABLE", "ServerConfig", "hosts_of_environment"]

HOSTS_VARIABLE = "PLOTLY_NBEXT_ALLOW_HOSTS"
"""For the local service, what ``serve --allow-host`` is for a server."""


@dataclass(frozen=True)
class ServerConfig:
    """A server's settings.

    Attributes
    ----------
    host, port : str, int
        Where to listen; port 0 takes a free one.
    data : Path, optional
        The folder of the SQLite database.
    database_url : str, optional
        A database by its SQLAlchemy URL, in place of ``data``.
    browsers : int, optional
        The most browsers to render with; by default one a core, up to four. With a cluster, the
        most on each of its workers; by default one for each thread of a worker, up to four.
    dask_scheduler : str, optional
        The address of a Dask scheduler, on whose workers figures are drawn.
    render_here_without_cluster : bool
        Whether this machine draws while that cluster can't.
    max_upload_bytes : int
        The most that the body of an upload may have.
    limits : Limits
        What each user may do.
    database_connections : int
        How many there are at most to a database of ``database_url``.
    allowed_hosts : tuple of str
        Hosts on the web from which figures may have images, map tiles and geojson; none by
        default. ``HOST[:PORT]`` means https, ``http://HOST[:PORT]`` says otherwise.
    cache_bytes : int
        How much disk the images that were rendered before may take, beside the SQLite database
        or, for all of its servers, in the one of ``database_url``; 0 keeps none.
    accept_any_credentials : bool
        Whether whoever comes is a user, by the name they give; for loopback only.
    accept_cols_arrays : bool
        Whether ``POST …/col`` takes ``cols`` as an array, which the documentation refuses.
    public_url : str, optional
        The address that clients use, where a proxy is before the server; it may have a path.
    jupyterhub_api_url : str, optional
        The API of a JupyterHub whose users come with its tokens.
    jupyterhub_service : str
        What that hub calls this server, in the scopes of its tokens.
    tls_cert, tls_key : Path, optional
        PEM files, to serve https.
    metrics : bool
        Whether ``/metrics`` tells what happens.
    metrics_token : str, optional
        The bearer token that it takes; without one it is open.
    drain_seconds : float
        How long the server still takes connections after it was told to end, while ``/readyz``
        sends them elsewhere.
    shutdown_seconds : float
        How long it then waits for requests that have begun.
    proof : str, optional
        The secret by which ``/healthz`` proves to be this server.
    idle_timeout : float, optional
        Seconds without a request after which the server stops by itself.
    """

    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    database_url: str | None = field(default=None, repr=False)
    browsers: int | None = None
    dask_scheduler: str | None = None
    render_here_without_cluster: bool = False
    max_upload_bytes: int = 500_000_000
    limits: Limits = field(default_factory=Limits)
    database_connections: int = 30
    allowed_hosts: tuple[str, ...] = ()
    cache_bytes: int = 256_000_000
    accept_any_credentials: bool = False
    accept_cols_arrays: bool = False
    public_url: str | None = None
    jupyterhub_api_url: str | None = None
    jupyterhub_service: str = "plotly"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    metrics: bool = False
    metrics_token: str | None = field(default=None, repr=False)
    drain_seconds: float = 0.0
    shutdown_seconds: float = 5.0
    proof: str | None = field(default=None, repr=False)
    idle_timeout: float | None = None

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def location(self) -> Path | str:
        """Where the database is, as :class:`~plotly_nbext.server.store.Database` takes it."""
        where = self.database_url or self.data
        if where is None:
            raise ValueError("data or database_url is needed")
        return where


def hosts_of_environment() -> tuple[str, ...]:
    """Read the hosts that the local service is to let figures load from.

    Raises
    ------
    ServiceError
        One of them is no host.
    """
    hosts = os.environ.get(HOSTS_VARIABLE, "").replace(",", " ").split()
    if not hosts:
        return ()
    from plotly_nbext.server.rendering.origins import Origin  # 0.2 s, for those who name some

    try:
        return tuple(str(Origin.parse(host)) for host in hosts)
    except ValueError as error:
        raise ServiceError(
            f"{HOSTS_VARIABLE}: {error}",
            hint="It takes hosts, with a space or a comma between them.",
        ) from None
