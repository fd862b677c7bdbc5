"""The client: everything that can be asked of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from plotly_nbext.client import answers
from plotly_nbext.client.drawing import Drawing
from plotly_nbext.client.folder import Folder
from plotly_nbext.client.linking import Linking
from plotly_nbext.client.paths import check_mode, checked_path, ensure_folder
from plotly_nbext.client.plot import Plot
from plotly_nbext.client.refusals import NO_API
from plotly_nbext.client.session import Session
from plotly_nbext.client.tables import Tables
from plotly_nbext.errors import ServiceError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.accounts import Account

__all__ = ["Client"]


class Client(Drawing, Tables, Linking):
    """A server, seen by one of its users; made by :func:`plotly_nbext.connect`.

    Parameters
    ----------
    locate : callable
        Returns the account; asked again when the server can't be reached.
    trust_seconds : float, optional
        How long after an answer the server need not be located anew.

    Examples
    --------
    >>> client = plotly_nbext.connect()
    >>> client.push(sales, "sales/2027")
    Grid('sales/2027', 2 rows × 2 columns)
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

        Returns
        -------
        str
            The username.

        Raises
        ------
        AuthError
            The username or the API key is wrong.
        ServiceError
            It is no Chart Studio server.

        Examples
        --------
        >>> client.whoami() == client.username
        True
        """
        answer = self._session.get("/users/current")
        if not isinstance(answer, dict) or "username" not in answer:
            raise ServiceError(f"{self.url} answered something that is no user.", hint=NO_API)
        return str(answer["username"] or "")

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

        Examples
        --------
        >>> figure = {"data": [{"xsrc": grid["day"].src, "ysrc": grid["total"].src}]}
        >>> client.push_plot(figure, "sales/chart")
        Plot('sales/chart')
        """
        check_mode(mode, "replace", "create")
        path = checked_path(parent, name, self.username)

        def make() -> Plot:
            return Plot.create(self._session, figure, path, world_readable=world_readable)

        plot, made = self._make_or_find(Plot, path, make, must_make=mode == "create")
        if made:
            return plot
        plot.update(figure)
        return plot.publish() if world_readable else plot

    def make_folder(self, path: str) -> Folder:
        """Make a folder and those above it, or find the one there: ``POST /v2/folders``.

        Parameters
        ----------
        path : str
            Its path.

        Returns
        -------
        Folder

        Raises
        ------
        ValidationError
            A file that is no folder has the path, or a part of it.

        Examples
        --------
        >>> client.make_folder("sales/old")
        Folder('sales/old')
        """
        path = checked_path(None, path, self.username)
        ensure_folder(self._session, path)
        folder = self._find(Folder, path)
        if folder is None:
            raise ValidationError(f"{path!r} is a file, but no folder.", field="path")
        return folder

    def plot_schema(self) -> dict[str, Any]:
        """Read what attributes plotly.js knows: ``GET /v2/plot-schema``.

        It is large, and sent again only where the server has another one by then.

        Returns
        -------
        dict
            With ``traces``, ``layout`` and more, as ``Plotly.PlotSchema.get()`` gives it.

        Examples
        --------
        >>> "scatter" in client.plot_schema()["traces"]
        True
        """
        sha1, known = self._plot_schema
        answer = self._session.get("/plot-schema", shape=answers.PlotSchema, query={"sha1": sha1})
        if answer["schema"] is not None:
            self._plot_schema = sha1, known = answer["sha1"], answer["schema"]
        return known

    def endpoints(self) -> dict[str, str]:
        """Read which endpoints the server has, and their addresses: ``GET /v2``.

        Returns
        -------
        dict
            Addresses by name.

        Examples
        --------
        >>> "grids" in client.endpoints()
        True
        """
        endpoints: dict[str, str] = self._session.get("", shape=dict[str, Any])
        return endpoints
