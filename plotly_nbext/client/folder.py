"""A folder on the server, and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.client.file import File, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Folder"]


class Folder(File, filetype="fold", resource="folders"):
    """A folder; made by :meth:`Client.make_folder`, and on the way by all that writes files.

    It has what every :class:`File` has, and takes what lies in it along when it is moved, copied,
    trashed and restored.
    """

    def list(
        self, *, order_by: str | None = None, filetype: str | Sequence[str] | None = None
    ) -> list[File]:
        """List what lies in the folder: ``GET /v2/folders/FID``; see :meth:`Client.list`."""
        return [
            *listed(
                self._session,
                self._address(),
                folder=self.path,
                filetype=filetype,
                order_by=order_by,
                **self._query,
            )
        ]
