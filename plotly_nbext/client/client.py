"""The client: everything that can be asked of a server."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Literal

from plotly_nbext.client.drawing import Drawing
from plotly_nbext.client.failures import NO_API
from plotly_nbext.client.folder import Folder
from plotly_nbext.client.grid import Grid
from plotly_nbext.client.library import AnyFile, Library
from plotly_nbext.client.paths import checked_path, ensure_folder
from plotly_nbext.client.plot import Plot
from plotly_nbext.client.session import Session
from plotly_nbext.columns import encode_frame
from plotly_nbext.errors import ServiceError, ValidationError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import pandas as pd

    from plotly_nbext.settings import Account

__all__ = ["Client"]


class Client(Drawing, Library):
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
        super().__init__(Session(locate, trust_seconds=trust_seconds))
        self._plot_schema: tuple[str, dict[str, Any]] = "", {}

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
        ServiceError
            It is no Chart Studio server.
        """
        answer = self._session.get("/users/current")
        if not isinstance(answer, dict) or "username" not in answer:
            raise ServiceError(f"{self.url} answered something that is no user.", hint=NO_API)
        return str(answer["username"] or "")

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
        _check_mode(mode, "replace", "create", "append")
        path = checked_path(parent, name)

        def make() -> Grid:
            table = encode_frame(frame, index=index)
            return Grid.create(
                self._session, table, path, metadata=metadata, world_readable=world_readable
            )

        grid, made = self._make_or_find(Grid, path, make, must_make=mode == "create")
        if made:
            return grid
        if mode == "append":
            grid.append(frame)
            if metadata is not None:
                grid.set_metadata(metadata)
            return grid.publish() if world_readable else grid
        table = encode_frame(frame, index=index)
        return grid.update_to(table, metadata=metadata, world_readable=world_readable)

    def pull(self, grid: Grid | str) -> pd.DataFrame:
        """Read a grid, or the one of a fid or path, as a DataFrame; see :meth:`Grid.to_frame`."""
        return (grid if isinstance(grid, Grid) else self.grid(grid)).to_frame()

    def upload(
        self,
        file: str | os.PathLike[str] | IO[bytes],
        name: str | None = None,
        *,
        parent: str | None = None,
        world_readable: bool = False,
        progress: bool = True,
    ) -> Grid | Folder:
        """Upload a file of tables, as it is: ``POST /v2/grids/upload``.

        The server reads csv, tsv, json, Excel, OpenDocument and parquet, and zip archives of
        these. What it has to say of them is shown as :class:`PlotlyNbextWarning`. The file is read
        while it is sent, which Ctrl-C or the kernel's interrupt ends; it is sent once only.

        Parameters
        ----------
        file : path or binary file object
            What to upload.
        name : str, optional
            The new file's name or path, whose ending tells the format where the content doesn't;
            by default the file's own. Missing folders are made.
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone may read it.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        Grid or Folder
            A grid for one table; for several, a folder of grids.

        Raises
        ------
        ValidationError
            The file can't be read, is no table or too large, or the name is taken.
        """
        from plotly_nbext.client.upload import upload  # brings tqdm

        return upload(
            self._session,
            file,
            name,
            parent=parent,
            world_readable=world_readable,
            progress=progress,
        )

    def push_plot(
        self,
        figure: Any,
        name: str,
        *,
        mode: Literal["replace", "create"] = "replace",
        parent: str | None = None,
        world_readable: bool = False,
    ) -> Plot:
        """Keep a figure as a plot: ``POST /v2/plots``, or in place with PATCH.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            A figure; its ``*src`` attributes may reference columns of grids.
        name : str
            The plot's name or path; missing folders are made.
        mode : {"replace", "create"}
            ``replace`` draws it in place of the plot of that name (whose fid and page stay), or
            makes it; ``create`` refuses one that is there.
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone may see a new plot; true also opens one that is there.

        Returns
        -------
        Plot

        Raises
        ------
        ValidationError
            It is no figure, it references what can't be read, or the name is taken.
        """
        _check_mode(mode, "replace", "create")
        path = checked_path(parent, name)

        def make() -> Plot:
            return Plot.create(self._session, figure, path, world_readable=world_readable)

        plot, made = self._make_or_find(Plot, path, make, must_make=mode == "create")
        if made:
            return plot
        plot.update(figure)
        return plot.publish() if world_readable else plot

    def make_folder(self, path: str) -> Folder:
        """Make a folder and those above it, or find the one there: ``POST /v2/folders``.

        Raises
        ------
        ValidationError
            A file that is no folder has the path, or a part of it.
        """
        path = checked_path(None, path)
        ensure_folder(self._session, path)
        folder = self._find(Folder, path)
        if folder is None:
            raise ValidationError(f"{path!r} is a file, but no folder.", field="path")
        return folder

    def plot_schema(self) -> dict[str, Any]:
        """Read what attributes plotly.js knows: ``GET /v2/plot-schema``.

        It is large, and sent again only where the server has another one by then.
        """
        sha1, known = self._plot_schema
        answer = self._session.get("/plot-schema", query={"sha1": sha1})
        if answer["schema"] is not None:
            self._plot_schema = sha1, known = answer["sha1"], answer["schema"]
        return known

    def endpoints(self) -> dict[str, str]:
        """Read which endpoints the server has, and their addresses: ``GET /v2``."""
        endpoints: dict[str, str] = self._session.get("")
        return endpoints

    def _make_or_find(
        self, kind: type[AnyFile], path: str, make: Callable[[], AnyFile], *, must_make: bool
    ) -> tuple[AnyFile, bool]:
        """Make a file where none has its path; tell whether it was made."""
        if not must_make and (there := self._find(kind, path)):
            return there, False
        try:
            return make(), True
        except ValidationError as error:
            if "already exists" not in error.message:
                raise
            # another process was faster, unless it is for the caller to know
            there = self._find(kind, path)
            if there and not must_make:
                return there, False
            noun = kind.__name__.lower()
            raise ValidationError(
                f"There is a file {path!r} already.",
                status_code=error.status_code,
                field="name",
                hint=f"mode='replace' updates a {noun} of that name."
                if there
                else f"It is not a {noun}: choose another name.",
            ) from None


def _check_mode(mode: str, *modes: str) -> None:
    if mode not in modes:
        raise ValidationError(
            f"mode must be one of {', '.join(modes)}, not {mode!r}.", field="mode"
        )
