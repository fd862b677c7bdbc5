"""Errors, counted by their kind as they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from plotly_nbext.server.metrics.metrics import Metrics

    Handler = Callable[[Request, Exception], Awaitable[Response]]

__all__ = ["counted"]


def counted(handlers: Mapping[Any, Handler], metrics: Metrics) -> dict[Any, Handler]:
    """Have each of an app's handlers tell what kind of error it answers."""
    return {kind: _counted(handler, metrics) for kind, handler in handlers.items()}


def _counted(handler: Handler, metrics: Metrics) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        metrics.count("errors", kind=type(error).__name__)
        return await handler(request, error)

    return handle
