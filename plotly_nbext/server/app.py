"""The table of routes, and what they share."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware

from plotly_nbext.server import openapi, pages
from plotly_nbext.server.commits import Commits
from plotly_nbext.server.folding import Folding
from plotly_nbext.server.lanes import Lanes
from plotly_nbext.server.middleware import NoForeignChanges, OwnMachineOnly, TolerantPath
from plotly_nbext.server.pages.visits import Visits
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
    root,
    search,
    uploads,
    users,
)
from plotly_nbext.server.routes.files import FileEndpoints
from plotly_nbext.server.routes.resource import resource
from plotly_nbext.server.store.renders import Renders
from plotly_nbext.server.uploads.folders import Folders
from plotly_nbext.server.uploads.parse import Parser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.config import ServerConfig
    from plotly_nbext.server.store import Database

__all__ = ["create_app"]


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
        state.lanes = Lanes()
        state.commits = Commits(database, state.lanes)
        state.folding = Folding(database, state.lanes.writing)
        state.visits = Visits(database, state.lanes.writing)
        renders = (
            Renders(config.data, config.cache_bytes) if config.data and config.cache_bytes else None
        )
        renderer = Renderer(config.browsers, allowed=config.allowed_hosts)
        state.renderer = CachedRenderer(renderer, renders, config.allowed_hosts)
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
        resource("/v2/images", POST=images.create),
        *uploads.routes("/v2/grids/upload"),  # before the grid of that name
        *grids.routes("/v2/grids"),
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
    if config.on_loopback:
        middleware.append(Middleware(OwnMachineOnly, open_path=pages.STATIC))
    middleware.append(Middleware(NoForeignChanges))
    app = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    app.state.config = config
    app.state.database = database
    app.state.upload_folders = Folders(config.data)
    app.state.parser = Parser()
    return app
