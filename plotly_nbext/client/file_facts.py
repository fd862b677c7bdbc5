"""What a file on the server tells of itself.

In the docstrings, TYPE is the resource of the file's own type: grids, plots, folders, or files.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

from plotly_nbext.client import answers
from plotly_nbext.client.refusals import NO_API
from plotly_nbext.columns.schema import METADATA_KEY
from plotly_nbext.errors import NotFoundError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plotly_nbext.client.session import Session

__all__ = ["SCHEMA_KEY", "FileFacts"]

# where a grid's metadata keeps what JSON loses of a DataFrame; other clients leave it alone
SCHEMA_KEY: Final = METADATA_KEY

_Answer = TypeVar("_Answer")


class FileFacts:
    """What the server told last of a file; :meth:`refresh` asks again.

    Parameters
    ----------
    session : Session
        The server that it is on.
    meta : mapping
        The file's metadata.
    path : str, optional
        Where it lies, if that is known.
    share_key : str, optional
        What lets a private file of someone else be read.
    """

    resource: ClassVar[str] = "files"
    """What the server calls the files of the type, in their addresses."""

    _shape: ClassVar[Any] = answers.FileMeta
    """What the server has to tell of them."""

    def __init__(
        self,
        session: Session,
        meta: Mapping[str, Any],
        path: str | None = None,
        *,
        share_key: str | None = None,
    ) -> None:
        self._session = session
        self._meta: Mapping[str, Any] = session.checked(meta, self._shape)
        self._path = path
        self._query = {"share_key": share_key} if share_key else {}
        self._note()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._label!r})"

    @property
    def fid(self) -> str:
        """The file's id, ``owner:number``; it survives updates."""
        return str(self._meta["fid"])

    @property
    def name(self) -> str:
        """The file's name."""
        return str(self._meta["filename"])

    @property
    def path(self) -> str:
        """The folders to the file, and its name: ``GET /v2/TYPE/FID/path`` if not yet known."""
        if self._path is None:
            self._path = str(self._get("/path", answers.Path)["path"]).strip("/")
            self._note()
        return self._path

    @property
    def url(self) -> str:
        """The file's page on the web."""
        return self._told("web_url")

    @property
    def folder_fid(self) -> str | None:
        """The fid of the folder that it lies in; None at home."""
        folder = self._meta.get("parent", -1)
        return None if folder in (-1, None) else f"{self.owner}:{folder}"

    @property
    def filetype(self) -> str:
        """The type as the server names it: ``grid``, ``plot``, ``fold``, …."""
        return self._told("filetype")

    @property
    def owner(self) -> str:
        """Whose file it is."""
        return self._told("owner")

    @property
    def world_readable(self) -> bool:
        """Whether anyone may read it."""
        return bool(self._meta.get("world_readable"))

    @property
    def is_link_shared(self) -> bool:
        """Whether those may read it who have its share key; only its owner is told."""
        return bool(self._meta.get("share_key_enabled"))

    @property
    def metadata(self) -> dict[str, Any]:
        """What users attached to the file."""
        return {key: value for key, value in self.all_metadata.items() if key != SCHEMA_KEY}

    @property
    def all_metadata(self) -> dict[str, Any]:
        """What is attached to the file, the types of a grid's columns with it."""
        return dict(self._meta.get("metadata") or {})

    @property
    def created(self) -> datetime:
        """When it was made, in UTC."""
        return self._moment("creation_time")

    @property
    def modified(self) -> datetime:
        """When it was last changed, in UTC."""
        return self._moment("date_modified")

    @property
    def views(self) -> int:
        """How often its page was shown."""
        return int(self._meta.get("views") or 0)

    @property
    def stars(self) -> list[str]:
        """Who starred it."""
        return list((self._meta.get("stars") or {}).get("results") or [])

    @property
    def comments(self) -> list[Any]:
        """What people said of it, as the server tells it."""
        return list((self._meta.get("comments") or {}).get("results") or [])

    @property
    def collaborators(self) -> list[Any]:
        """With whom it is shared by name, as the server tells it."""
        return list((self._meta.get("collaborators") or {}).get("results") or [])

    @property
    def references(self) -> list[str]:
        """The fids of the files that it draws on."""
        return list(self._meta.get("references") or [])

    @property
    def referencers(self) -> list[str]:
        """The fids of the files that draw on it."""
        return list(self._meta.get("referencers") or [])

    def refresh(self) -> Self:
        """Ask what the server knows of the file now: ``GET /v2/TYPE/FID``.

        Returns
        -------
        File
            This one, as the server has it now.

        Raises
        ------
        NotFoundError
            It is gone, or in the trash.

        Examples
        --------
        >>> others = client.grid("sales/2026").append(sales)
        >>> grid.row_count, grid.refresh().row_count
        (2, 4)
        """
        self._meta = self._get("", self._shape)
        self._note()
        return self

    def _told(self, name: str) -> str:
        """Return a text that servers tell of each file."""
        if self._meta.get(name) is None:
            raise ServiceError(f"The server tells no {name} of {self._label!r}.", hint=NO_API)
        return str(self._meta[name])

    def _moment(self, name: str) -> datetime:
        text = self._told(name)
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ServiceError(
                f"The server tells no time as the {name} of {self._label!r}: {text!r}.", hint=NO_API
            ) from None

    def _note(self) -> None:
        self._session.seen.note(self._meta, self._path)

    @property
    def _label(self) -> str:
        return self.name if self._path is None else self._path

    def _address(self, action: str = "") -> str:
        return f"/{self.resource}/{self.fid}{action}"

    def _get(self, action: str, shape: Any, **query: str) -> Any:
        query = {**self._query, **query}
        return self.found(
            lambda: self._session.get(self._address(action), shape=shape, query=query)
        )

    def found(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask for the file, and name it where it is not found.

        Parameters
        ----------
        ask : callable
            Sends the request.

        Returns
        -------
        Any
            What it returns.

        Raises
        ------
        NotFoundError
            It is gone, or in the trash.
        """
        try:
            return ask()
        except NotFoundError as error:
            gone = NotFoundError(
                f"{self!r} is not there, or no longer for you to see.",
                status_code=error.status_code,
                request_id=error.request_id,
                hint="If it is in the trash, its restore() takes it back.",
            )
        self._session.seen.gone(self.fid)
        raise gone
