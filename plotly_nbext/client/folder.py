"""A folder on the server, and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly_nbext.client.file import File
from plotly_nbext.client.file_listing import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Folder"]


class Folder(File, filetype="fold", resource="folders"):
    """A folder; made by :meth:`Client.make_folder`, and on the way by all that writes files.

    It has what every :class:`File` has, and takes what lies in it along when it is moved, copied,
    trashed and restored.

    Examples
    --------
    >>> folder = client.folder("sales")
    >>> folder.list()
    [Grid('sales/2026', 2 rows)]
    """

    def list(
        self, *, order_by: str | None = None, filetype: str | Sequence[str] | None = None
    ) -> list[File]:
        """List what lies in the folder: ``GET /v2/folders/FID``.

        Parameters
        ----------
        order_by, filetype
            As in :meth:`Client.list`.

        Returns
        -------
        list of File
            Each of its own type.

        Examples
        --------
        >>> client.folder("sales").list(filetype="grid")
        [Grid('sales/2026', 2 rows)]
        """
        files = [
            *listed(
                self._session,
                self._address(),
                folder=self.path,
                filetype=filetype,
                order_by=order_by,
                **self._query,
            )
        ]
        if not filetype:
            self._session.seen.keep(self.fid, {file.fid for file in files})
        return files
