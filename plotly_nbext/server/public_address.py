"""The address that clients use, where a proxy is before the server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["PublicAddress"]


class PublicAddress:
    """Let every request be one to the public address, whatever the proxy made of it.

    Answers and pages link there, and the Origin of the server's own pages is known by it. A proxy
    may take the path of the address away from those that it passes on, as nginx does, or not, as
    JupyterHub's.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    url : str
        The address, without a slash at its end.
    """

    def __init__(self, app: ASGIApp, url: str) -> None:
        self.app = app
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = (b"host", parts.netloc.encode("idna"))
        self._root = parts.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            path = scope["path"]
            if f"{path}/".startswith(f"{self._root}/"):
                path = path.removeprefix(self._root)
            headers = [each for each in scope["headers"] if each[0] != b"host"]
            scope = dict(
                scope,
                scheme=self._scheme,
                headers=[self._host, *headers],
                root_path=self._root,
                path=f"{self._root}{path or '/'}",
            )
        await self.app(scope, receive, send)
