"""Where pages and data are: paths of this server, for the links of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from starlette.requests import Request

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["Addresses", "fid_of"]


def fid_of(request: Request) -> str:
    """Return the fid of the file that the address of a request names."""
    return "{username}:{idlocal}".format_map(request.path_params)


@dataclass(frozen=True)
class Addresses:
    """The addresses that the page of one request links to.

    Attributes
    ----------
    root : str
        The path that the server is found at: empty unless a proxy has it in a folder.
    share_key : str or None
        What opened the page, and opens the other forms of the same file.
    """

    root: str
    share_key: str | None

    @classmethod
    def of(cls, request: Request) -> Addresses:
        """Take them from a request."""
        return cls(request.base_url.path.rstrip("/"), request.query_params.get("share_key"))

    def page(self, file: FileRecord) -> str:
        """Return where a file is shown, for whoever may see it without a share key."""
        return f"{self.user(file.owner)}{file.idlocal}/"

    def user(self, username: str) -> str:
        """Return where the files of a user are listed."""
        return f"{self.root}/~{username}/"

    def form(self, file: FileRecord, suffix: str = "", **query: object) -> str:
        """Return where the file of this page is in another form, such as ``.csv``; or itself.

        It is below the page's own address: there a browser sends the credentials that it was given
        for the page, without being asked again.
        """
        return self._shared(f"{self.page(file)}{suffix}", query)

    def api(self, file: FileRecord) -> str:
        """Return what the API tells of the file of this page."""
        return self._shared(f"{self.root}/v2/files/{file.fid}", {})

    def _shared(self, path: str, query: dict[str, object]) -> str:
        if self.share_key is not None:
            query = {**query, "share_key": self.share_key}
        return f"{path}?{urlencode(query)}" if query else path
