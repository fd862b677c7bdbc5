"""The table of routes, and what they share."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware

from plotly_nbext.server import openapi, pages
from plotly_nbext.server.commits import Commits
from plotly_nbext.server.folding import Folding
from plotly_nbext.server.hub import Hub, HubUsers
from plotly_nbext.server.lanes import Lanes
from plotly_nbext.server.limits.quotas import Quotas
from plotly_nbext.server.limits.rates import Rates
from plotly_nbext.server.limits.requests import LimitedRequests
from plotly_nbext.server.metrics import Metrics
from plotly_nbext.server.metrics.errors import counted
from plotly_nbext.server.middleware import NoForeignChanges, OwnMachineOnly, TolerantPath
from plotly_nbext.server.pages.visits import Visits
from plotly_nbext.server.public_address import PublicAddress
from plotly_nbext.server.readiness import Readiness
from plotly_nbext.server.render_cache import CachedRenderer
from plotly_nbext.server.rendering import Renderer
from plotly_nbext.server.representation import file_meta
from plotly_nbext.server.responses import EXCEPTION_HANDLERS
from plotly_nbext.server.routes import (
    contents,
    folders,
    grids,
    health,
    images,
    plot_schema,
    plots,
    pushes,
    root,
    search,
    uploads,
    users,
)
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.shutdown import Shutdown
from plotly_nbext.server.store.renders_on_disk import RendersOnDisk
from plotly_nbext.server.store.renders_shared import SharedRenders
from plotly_nbext.server.uploads.folders import Folders
from plotly_nbext.server.uploads.parse import Parser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.server.rendering.cluster.renderer import ClusterRenderer
    from plotly_nbext.server.store import Database
    from plotly_nbext.server.store.renders import Renders

__all__ = ["create_app"]

WRITERS = 8
"""Changes that one server makes at a time, where the database can."""


def create_app(config: ServerConfig, database: Database) -> Starlette:
    """Build the server: an ASGI application.

    Parameters
    ----------
    config : ServerConfig
        What the operator chose.
    database : Database
        Where grids and users are kept; it stays the caller's to close.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        state = app.state
        state.lanes = Lanes(1 if database.one_writer else WRITERS)
        state.commits = Commits(database, state.lanes)
        state.folding = Folding(database, state.lanes.writing)
        state.visits = Visits(database, state.lanes.writing)
        renderer = _renderer(config)
        state.metrics.watch("browsers", lambda: renderer.browsers)
        state.metrics.watch("render_queue_length", lambda: renderer.waiting)
        state.metrics.watch("database_connections_in_use", lambda: database.in_use)
        database.traffic.tell = state.metrics.chunks
        state.renderer = CachedRenderer(
            renderer,
            _renders(config),
            renderer.edition,
            state.metrics,
            config.limits.waiting_renders,
        )
        state.readiness = Readiness(database, state.renderer, state.shutdown)
        await state.renderer.start()
        try:
            yield
        finally:
            await state.renderer.close()
            await state.commits.close()
            await state.folding.close()
            await state.visits.close()

    routes = [
        resource("/healthz", GET=health.healthz),
        resource("/readyz", GET=health.readyz),
        resource("/metrics", GET=health.metrics),
        resource("/v2/images", POST=images.create),
        *uploads.routes("/v2/grids/upload"),  # before the grid of that name
        *grids.routes("/v2/grids"),
        *pushes.routes("/v2/pushes"),
        *plots.routes("/v2/plots"),
        resource("/v2/plot-schema", GET=plot_schema.retrieve),
        *folders.routes("/v2/folders"),
        *FileEndpoints(None, file_meta).routes("/v2/files"),
        *contents.routes("/v2/files"),
        *users.routes("/v2/users"),
        *search.routes("/v2/search"),
        *root.routes("/v2"),
        *openapi.routes(),
        *pages.routes(),
    ]
    middleware = [Middleware(TolerantPath)]
    if config.public_url:
        middleware.append(Middleware(PublicAddress, config.public_url))
    elif config.on_loopback:
        middleware.append(Middleware(OwnMachineOnly, open_path=pages.STATIC))
    middleware.append(Middleware(NoForeignChanges))
    if config.jupyterhub_api_url:
        hub = Hub(config.jupyterhub_api_url, config.jupyterhub_service)
        middleware.append(Middleware(HubUsers, hub, database))
    metrics = _metrics(config)
    limits = config.limits
    # on loopback alone, whoever asks is on this machine
    slows_guesses = not config.on_loopback or config.public_url is not None
    if limits.requests or limits.failed_sign_ins or slows_guesses:
        middleware.append(
            Middleware(
                LimitedRequests,
                Rates(limits.requests, database),
                Rates(limits.failed_sign_ins),
                metrics,
                slows_guesses=slows_guesses,
            )
        )
    app = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers=counted(EXCEPTION_HANDLERS, metrics),
        lifespan=lifespan,
    )
    app.state.config = config
    app.state.database = database
    app.state.metrics = metrics
    app.state.quotas = Quotas(limits.quota_bytes, limits.quota_files)
    app.state.render_rates = Rates(limits.renders, database) if limits.renders else None
    app.state.shutdown = Shutdown()
    app.state.upload_folders = Folders(config.data)
    app.state.parser = Parser(metrics)
    return app


def _renderer(config: ServerConfig) -> Renderer | ClusterRenderer:
    """Choose where figures are drawn: by this machine's browsers, or those of a cluster."""
    here = Renderer(config.browsers, allowed=config.allowed_hosts)
    if config.dask_scheduler is None:
        return here
    from plotly_nbext.server.rendering.cluster.renderer import ClusterRenderer  # imports Dask

    local = here if config.render_here_without_cluster else None
    return ClusterRenderer(config.dask_scheduler, config.browsers, config.allowed_hosts, local)


def _renders(config: ServerConfig) -> Renders | None:
    """Choose where images are kept: beside the database of one server, or in that of several."""
    if not config.cache_bytes:
        return None
    if config.database_url:
        return SharedRenders(config.database_url, config.cache_bytes)
    return RendersOnDisk(config.data, config.cache_bytes) if config.data else None


def _metrics(config: ServerConfig) -> Metrics:
    if not config.metrics:
        return Metrics()
    from plotly_nbext.server.metrics.prometheus import Prometheus  # 0.03 s, for those who ask

    return Prometheus()
