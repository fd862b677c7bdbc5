"""The client: everything that can be asked of a server."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from plotly_nbext.client import files, folders, images
from plotly_nbext.client.grid import SCHEMA_KEY, Grid
from plotly_nbext.client.session import Session
from plotly_nbext.columns import encode_frame, json
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from plotly_nbext.client.files import FileInfo
    from plotly_nbext.client.images import Image
    from plotly_nbext.columns import Table
    from plotly_nbext.settings import Account

__all__ = ["Client"]

MODES = ("replace", "create", "append")


class Client:
    """A server, seen by one of its users; made by :func:`plotly_nbext.connect`.

    Parameters
    ----------
    locate : callable
        Returns the account; asked again when the server can't be reached.
    trust_seconds : float, optional
        How long after an answer the server need not be located anew.
    """

    def __init__(
        self, locate: Callable[[], Account], *, trust_seconds: float | None = None
    ) -> None:
        self._session = Session(locate, trust_seconds=trust_seconds)

    def __repr__(self) -> str:
        return f"Client({self.username!r} at {self.url!r})"

    @property
    def url(self) -> str:
        """The server's address."""
        return self._session.account.url

    @property
    def username(self) -> str:
        """Who we are there."""
        return self._session.account.username

    def whoami(self) -> str:
        """Ask the server who we are: ``GET /v2/users/current``.

        Raises
        ------
        AuthError
            The username or the API key is wrong.
        """
        return str(self._session.get("/users/current")["username"])

    def render(
        self,
        figure: Any,
        format: str = "png",  # noqa: A002 - the endpoint's word
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
        *,
        encoded: bool = False,
    ) -> Image:
        """Render a figure: ``POST /v2/images``.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            A figure; its ``*src`` attributes may reference columns of grids.
        format : {"png", "jpeg", "webp", "svg", "pdf", "eps"}
            The image's format.
        width, height : float, optional
            In CSS pixels; by default the layout's, else 700 × 500.
        scale : float, optional
            Pixels of the image per CSS pixel, 1 by default.
        encoded : bool
            Ask for a data-URI, which the image then has as ``data_uri``.

        Returns
        -------
        Image

        Raises
        ------
        ValidationError
            Something in the request is wrong, or plotly.js can't draw the figure.
        BrowserNotFound
            The server has no browser.
        """
        return images.render(
            self._session,
            figure,
            format=format,
            width=width,
            height=height,
            scale=scale,
            encoded=encoded,
        )

    def push(
        self,
        frame: pd.DataFrame,
        name: str,
        *,
        mode: Literal["replace", "create", "append"] = "replace",
        index: Literal["auto"] | bool = "auto",
        parent: str | None = None,
        world_readable: bool = False,
        metadata: Mapping[str, Any] | None = None,
    ) -> Grid:
        """Write a DataFrame as a grid: ``POST /v2/grids``, or in place with PUT, POST, DELETE col.

        Parameters
        ----------
        frame : pandas.DataFrame
            What to write.
        name : str
            The grid's name or path; missing folders are made.
        mode : {"replace", "create", "append"}
            ``replace`` updates a grid of that name in place (its fid and the uids of columns
            that stay survive) or makes it; ``create`` refuses one that is there; ``append`` adds
            rows to it, or makes it.
        index : {"auto", True, False}
            Whether the row labels are kept as columns; ``auto`` keeps a named or non-default index.
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone may read a new grid; true also opens one that is there.
        metadata : mapping, optional
            JSON values to attach; None leaves those of a grid that is there.

        Returns
        -------
        Grid

        Raises
        ------
        ValidationError
            A column, value or name can't be kept; nothing was written.
        """
        if mode not in MODES:
            raise ValidationError(
                f"mode must be one of {', '.join(MODES)}, not {mode!r}.", field="mode"
            )
        path = _checked_path(parent, name)
        there = None if mode == "create" else self._find(path)
        if there is None:
            table = encode_frame(frame, index=index)
            try:
                return self._create(table, path, metadata=metadata, world_readable=world_readable)
            except ValidationError as error:
                if error.field != "filename" or "already exists" not in error.message:
                    raise
                # another process was faster, unless it is for the caller to know
                there = self._find(path)
                if there is None or mode == "create":
                    raise ValidationError(
                        f"There is a file {path!r} already.",
                        status_code=error.status_code,
                        field="name",
                        hint="mode='replace' updates a grid of that name, mode='append' adds rows."
                        if there
                        else "It is not a grid: choose another name.",
                    ) from None
        if mode == "append":
            return there.append(frame)
        table = encode_frame(frame, index=index)
        return there.update_to(table, metadata=metadata, world_readable=world_readable)

    def pull(self, grid: Grid | str) -> pd.DataFrame:
        """Read a grid, or the one of a fid or path, as a DataFrame; see :meth:`Grid.to_frame`."""
        return (grid if isinstance(grid, Grid) else self.grid(grid)).to_frame()

    def grid(self, reference: str) -> Grid:
        """Return the grid with a fid (``alice:88``) or a path (``sales/2026``).

        Raises
        ------
        NotFoundError
            There is none, or it is another type of file.
        """
        if files.is_fid(reference):
            with suppress(NotFoundError):  # then it may be a name that looks like one
                meta = self._session.get(f"/grids/{reference}")
                return Grid(self._session, meta, files.path_of(self._session, reference))
        found = self._find(reference)
        if found is None:
            raise NotFoundError(f"There is no grid {reference!r}.", field="grid")
        return found

    def list(self, path: str = "") -> list[FileInfo]:
        """List what lies in a folder, ``""`` for home: ``GET /v2/folders/…``."""
        return [*folders.listing(self._session, path)]

    def _find(self, path: str) -> Grid | None:
        path = path.strip("/")
        meta = files.lookup(self._session, path, "grids")
        return None if meta is None else Grid(self._session, meta, path)

    def _create(
        self,
        table: Table,
        path: str,
        *,
        metadata: Mapping[str, Any] | None,
        world_readable: bool,
    ) -> Grid:
        folder, filename = files.split_path(path)
        rest: dict[str, Any] = {
            "filename": filename,
            "world_readable": world_readable,
            "metadata": {**(metadata or {}), SCHEMA_KEY: table.schema},
        }
        if folder:
            folders.ensure(self._session, folder)
            rest["parent_path"] = folder
        cols = b",".join(
            json.dumps(column.name) + b':{"data":' + column.data + b',"order":%d}' % place
            for place, column in enumerate(table.columns)
        )
        body = b'{"data":{"cols":{' + cols + b"}}," + json.dumps(rest)[1:]
        meta = self._session.json("POST", "/grids", body=body)
        return Grid(self._session, meta.get("file", meta), path)


def _checked_path(parent: str | None, name: str) -> str:
    for field, part in (("name", name), ("parent", parent or "")):
        if not isinstance(part, str):
            raise ValidationError(f"{field} must be a string, not {part!r}.", field=field)
        try:
            part.encode()
        except UnicodeEncodeError:
            raise ValidationError(
                f"{field} {part!r} holds half a surrogate pair, which no text can.", field=field
            ) from None
    path = "/".join(part.strip("/") for part in (parent, name) if part and part.strip("/"))
    if not path:
        raise ValidationError(f"name must be a name or a path, not {name!r}.", field="name")
    return path
