"""The files of a server, as one of its users finds them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from plotly_nbext.client.file import File, opened
from plotly_nbext.client.file_listing import listed
from plotly_nbext.client.folder import Folder
from plotly_nbext.client.grid import Grid
from plotly_nbext.client.paths import is_fid, lookup
from plotly_nbext.client.plot import Plot
from plotly_nbext.client.refusals import is_taken, is_trashed
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plotly_nbext.client.session import Session

__all__ = ["Library"]

AnyFile = TypeVar("AnyFile", bound=File)


class Library:
    """What a :class:`Client` finds: files by name, folder, star and search.

    Parameters
    ----------
    session : Session
        The server, and who asks.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def grid(
        self, reference: str, *, user: str | None = None, share_key: str | None = None
    ) -> Grid:
        """Return the grid with a fid (``alice:88``) or a path (``sales/2026``).

        ``GET /v2/grids/FID`` and ``GET /v2/grids/lookup``.

        Parameters
        ----------
        reference : str
            The fid or the path.
        user : str, optional
            Whose path it is; by default one's own.
        share_key : str, optional
            What lets a private grid of someone else be read.

        Returns
        -------
        Grid

        Raises
        ------
        NotFoundError
            There is none, or it is another type of file, or not for one's eyes.

        Examples
        --------
        >>> client.grid("sales/2026")
        Grid('sales/2026', 2 rows × 2 columns)
        >>> client.grid(grid.fid).path
        'sales/2026'
        """
        return self._open(Grid, reference, user, share_key)

    def plot(
        self, reference: str, *, user: str | None = None, share_key: str | None = None
    ) -> Plot:
        """Return the plot with a fid or a path: ``GET /v2/plots/FID``, ``GET /v2/plots/lookup``.

        Parameters
        ----------
        reference : str
            The fid or the path.
        user, share_key : str, optional
            As in :meth:`grid`.

        Returns
        -------
        Plot

        Raises
        ------
        NotFoundError
            There is none, or not for one's eyes.

        Examples
        --------
        >>> plot = client.push_plot({"data": [{"y": [5, 6]}]}, "sales/chart")
        >>> client.plot("sales/chart")
        Plot('sales/chart')
        """
        return self._open(Plot, reference, user, share_key)

    def folder(
        self, reference: str, *, user: str | None = None, share_key: str | None = None
    ) -> Folder:
        """Return the folder with a fid or a path.

        ``GET /v2/folders/FID`` and ``GET /v2/folders/lookup``.

        Parameters
        ----------
        reference : str
            The fid or the path.
        user, share_key : str, optional
            As in :meth:`grid`.

        Returns
        -------
        Folder

        Raises
        ------
        NotFoundError
            There is none, or not for one's eyes.

        Examples
        --------
        >>> client.folder("sales")
        Folder('sales')
        """
        return self._open(Folder, reference, user, share_key)

    def file(
        self, reference: str, *, user: str | None = None, share_key: str | None = None
    ) -> File:
        """Return the file of any type with a fid or a path.

        ``GET /v2/files/FID`` and ``GET /v2/files/lookup``.

        Parameters
        ----------
        reference : str
            The fid or the path.
        user, share_key : str, optional
            As in :meth:`grid`.

        Returns
        -------
        File
            Of its own type.

        Raises
        ------
        NotFoundError
            There is none, or not for one's eyes.

        Examples
        --------
        >>> client.file("sales/2026")
        Grid('sales/2026', 2 rows)
        """
        return self._open(File, reference, user, share_key)

    def exists(self, path: str, *, user: str | None = None) -> bool:
        """Tell whether there is a file of any type: ``GET /v2/files/lookup``.

        Parameters
        ----------
        path : str
            The path.
        user : str, optional
            Whose path it is; by default one's own.

        Returns
        -------
        bool

        Examples
        --------
        >>> client.exists("sales/2026"), client.exists("sales/2027")
        (True, False)
        """
        return lookup(self._session, path, user=user) is not None

    def all_files(
        self,
        *,
        order_by: str | None = None,
        filetype: str | Sequence[str] | None = None,
        user: str | None = None,
    ) -> list[File]:
        """List a user's files wherever they lie: ``GET /v2/folders/all``.

        Parameters
        ----------
        order_by, filetype
            As in :meth:`list`.
        user : str, optional
            Whose files; by default one's own.

        Returns
        -------
        list of File

        Examples
        --------
        >>> client.all_files(filetype="grid")
        [Grid('2026', 2 rows)]
        """
        return self._listed("all", order_by=order_by, filetype=filetype, user=user)

    def starred(
        self, *, order_by: str | None = None, filetype: str | Sequence[str] | None = None
    ) -> list[File]:
        """List the files with one's star: ``GET /v2/folders/starred``.

        Parameters
        ----------
        order_by, filetype
            As in :meth:`list`.

        Returns
        -------
        list of File

        Examples
        --------
        >>> star = grid.star()
        >>> client.starred()
        [Grid('2026', 2 rows)]
        """
        return self._listed("starred", order_by=order_by, filetype=filetype)

    def shared(
        self, *, order_by: str | None = None, filetype: str | Sequence[str] | None = None
    ) -> list[File]:
        """List what others share with one: ``GET /v2/folders/shared``.

        Parameters
        ----------
        order_by, filetype
            As in :meth:`list`.

        Returns
        -------
        list of File

        Examples
        --------
        >>> client.shared()
        []
        """
        return self._listed("shared", order_by=order_by, filetype=filetype)

    def trashed(
        self, *, order_by: str | None = None, filetype: str | Sequence[str] | None = None
    ) -> list[File]:
        """List the trash: ``GET /v2/folders/trashed``.

        Parameters
        ----------
        order_by, filetype
            As in :meth:`list`.

        Returns
        -------
        list of File

        Examples
        --------
        >>> trashed = grid.trash()
        >>> for file in client.trashed():
        ...     file.delete()
        """
        return self._listed("trashed", order_by=order_by, filetype=filetype)

    def search(
        self,
        q: str,
        *,
        filetype: str | Sequence[str] | None = None,
        user: str | None = None,
        order_by: str | None = None,
    ) -> list[File]:
        """Search one's own and all public files: ``GET /v2/search``.

        Parameters
        ----------
        q : str
            Part of a file's name, or the name of a grid's column.
        filetype : str or sequence of str, optional
            The types to find, as in :meth:`list`.
        user : str, optional
            Whose files to search; by default everyone's.
        order_by : str, optional
            As in :meth:`list`.

        Returns
        -------
        list of File

        Examples
        --------
        >>> client.search("2026")
        [Grid('2026', 2 rows)]
        """
        found = listed(
            self._session, "/search", filetype=filetype, q=q, user=user, order_by=order_by
        )
        return [*found]

    def _listed(self, which: str, **fields: Any) -> list[File]:
        return [*listed(self._session, f"/folders/{which}", **fields)]

    def _open(
        self, kind: type[AnyFile], reference: str, user: str | None, share_key: str | None
    ) -> AnyFile:
        noun = kind.__name__.lower()
        if not isinstance(reference, str):
            raise ValidationError(
                f"A {noun} is named by its path or fid, not by {reference!r}.", field=noun
            )
        if is_fid(reference):
            query = {"share_key": share_key} if share_key else {}
            try:
                meta = self._session.get(f"/{kind.resource}/{reference}", query=query)
                found = self._made(kind, meta, None, share_key)
                with suppress(NotFoundError):  # not every server tells paths
                    found.path  # noqa: B018 - read now, so that it shows itself by it
            except NotFoundError as error:  # then it may be a name that looks like one
                if is_trashed(error):
                    raise
            else:
                return found
        there = self._find(kind, reference, user, share_key)
        if there is None:
            raise NotFoundError(f"There is no {noun} {reference!r}.", field=noun)
        return there

    def _find(
        self,
        kind: type[AnyFile],
        path: str,
        user: str | None = None,
        share_key: str | None = None,
    ) -> AnyFile | None:
        path = path.strip("/")
        meta = lookup(self._session, path, kind.resource, user=user, share_key=share_key)
        return None if meta is None else self._made(kind, meta, path, share_key)

    def _made(
        self,
        kind: type[AnyFile],
        meta: Mapping[str, Any],
        path: str | None,
        share_key: str | None,
    ) -> AnyFile:
        if kind is File:  # then the server tells which
            return cast("AnyFile", opened(self._session, meta, path, share_key))
        return kind(self._session, meta, path, share_key=share_key)

    def _make_or_find(
        self, kind: type[AnyFile], path: str, make: Callable[[], AnyFile], *, must_make: bool
    ) -> tuple[AnyFile, bool]:
        """Make a file where none has its path; tell whether it was made."""
        if not must_make and (there := self._find(kind, path)):
            return there, False
        try:
            return make(), True
        except ValidationError as error:
            if not is_taken(error):
                raise
            # another process was faster, unless it is for the caller to know
            there = self._find(kind, path)
            if there and not must_make:
                return there, False
            raise _taken(kind, path, error.status_code, is_kind=there is not None) from None

    def _check_free(self, kind: type[AnyFile], path: str) -> None:
        """Refuse a path that a file has.

        Raises
        ------
        ValidationError
            One has it.
        """
        if self.exists(path):
            raise _taken(kind, path, None, is_kind=self._find(kind, path) is not None)

    def list(
        self,
        path: str = "",
        *,
        order_by: str | None = None,
        filetype: str | Sequence[str] | None = None,
        user: str | None = None,
    ) -> list[File]:
        """List what lies in a folder: ``GET /v2/folders/home`` and ``GET /v2/folders/FID``.

        Parameters
        ----------
        path : str
            The folder; ``""`` is home.
        order_by : str, optional
            ``filename`` (by default), ``filetype``, ``date_modified`` or ``creation_time``,
            several with commas; ``-`` before one turns it round.
        filetype : str or sequence of str, optional
            The types to list: ``grid``, ``plot``, ``fold``.
        user : str, optional
            Whose folder it is; by default one's own.

        Returns
        -------
        list of File
            Each a :class:`Grid`, :class:`Plot` or :class:`Folder` where it is one.

        Raises
        ------
        NotFoundError
            There is no folder of that path.

        Examples
        --------
        >>> client.list()
        [Folder('sales')]
        >>> client.list("sales", order_by="-date_modified")
        [Grid('sales/2026', 2 rows)]
        """
        if path.strip("/"):
            return self.folder(path, user=user).list(order_by=order_by, filetype=filetype)
        files = self._listed("home", folder="", order_by=order_by, filetype=filetype, user=user)
        if not filetype and user is None:
            self._session.seen.keep(None, {file.fid for file in files})
        return files


def _taken(
    kind: type[File], path: str, status_code: int | None, *, is_kind: bool
) -> ValidationError:
    noun = kind.__name__.lower()
    return ValidationError(
        f"There is a file {path!r} already.",
        status_code=status_code,
        field="name",
        hint=f"mode='replace' updates a {noun} of that name."
        if is_kind
        else f"It is not a {noun}: choose another name.",
    )
