"""What a client does with figures and the grids that they draw on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from plotly_nbext.client.facts import check_metadata
from plotly_nbext.client.grid import Grid
from plotly_nbext.client.library import Library
from plotly_nbext.client.paths import check_mode, checked_path
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly_nbext.client.figures import Figure

__all__ = ["Linking"]


class Linking(Library):
    """What a :class:`Client` does with figures and the grids that they draw on."""

    def link(
        self,
        figure: Figure | str | bytes,
        name: str,
        *,
        mode: Literal["replace", "create"] = "replace",
        parent: str | None = None,
        world_readable: bool = False,
        metadata: Mapping[str, Any] | None = None,
        progress: bool = True,
    ) -> dict[str, Any]:
        """Move the arrays of a figure into a grid, and leave references to its columns.

        ``POST /v2/grids``, or in place as :meth:`push` does. One grid holds the arrays of all
        traces and frames, each as long as it is; an array that is there twice is one column. It is
        named as plotly express or the title of the axis names it, else by the trace and the
        attribute.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            The figure, which stays as it is.
        name : str
            The grid's name or path; missing folders are made.
        mode : {"replace", "create"}
            ``replace`` updates a grid of that name in place, where columns of the same name keep
            their uids, or makes it; ``create`` refuses one that is there.
        parent : str, optional
            The folder that ``name`` starts from.
        world_readable : bool
            Whether anyone may read a new grid; true also opens one that is there.
        metadata : mapping, optional
            JSON values to attach; None leaves those of a grid that is there.
        progress : bool
            Whether a bar is shown when it takes more than a second.

        Returns
        -------
        dict
            The figure, with ``xsrc`` in place of ``x`` and so on. It is no graph object, because
            those of plotly 7 can't hold references; :meth:`render`, :meth:`push_plot`,
            ``%plotly_render`` and :class:`FigureView` take it.

        Raises
        ------
        ValidationError
            It is no figure, or the name is taken.

        See Also
        --------
        unlink : The way back.

        Notes
        -----
        Each row of an array of two dimensions, such as a heatmap's ``z``, is a column; a reference
        names them all. These stay in the figure: the layout with its template, ``customdata``,
        ``meta``, and an array of a single row in two dimensions; and, which a
        :class:`PlotlyNbextWarning` tells, what has more dimensions or more than 1,000 rows, or
        values that a grid can't keep, or writes otherwise than plotly (such as timedeltas).

        Examples
        --------
        >>> linked = client.link(fig, "sales/drawn")
        >>> "x" in linked["data"][0], linked["data"][0]["xsrc"].startswith(client.username)
        (False, True)
        >>> list(client.grid("sales/drawn"))
        ['day', 'total']
        """
        from plotly_nbext.client.linking.moving_out import Draft  # brings pandas

        check_mode(mode, "replace", "create")
        check_metadata(metadata or {})
        path = checked_path(parent, name, self._session.account.username)
        draft = Draft(figure)
        if draft.left:
            notify(f"No columns hold these arrays, which stay in the figure: {_few(draft.left)}.")
        if not draft.places:
            notify("The figure has no arrays that columns hold: no grid is made.")
            return draft.figure
        table = draft.table

        def make() -> Grid:
            return Grid.create(
                self._session,
                table,
                path,
                metadata=metadata,
                world_readable=world_readable,
                progress=progress,
            )

        grid, made = self._make_or_find(Grid, path, make, must_make=mode == "create")
        if not made:
            grid.update_to(table, metadata=metadata, progress=progress)
            if world_readable:
                grid.publish()
        return draft.drawn_on(grid)

    def unlink(self, figure: Figure | str | bytes) -> Any:
        """Put the values of grids in place of the references to them: ``GET /v2/grids/FID/col``.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure, mapping, or JSON text
            A figure that references grids, by :meth:`link` or by hand; it stays as it is.

        Returns
        -------
        dict or Figure
            A figure without references: a graph object of a graph object, else a dict. What
            :meth:`link` moved out comes back as it was, in values, types and lengths, unless the
            grid was changed.

        Raises
        ------
        ValidationError
            A grid or a column is not there, or not for one's eyes; it names the reference.

        See Also
        --------
        link : The way there.

        Examples
        --------
        >>> import plotly.graph_objects as go
        >>> linked = client.link(fig, "sales/drawn")
        >>> go.Figure(client.unlink(linked)) == fig
        True
        """
        from plotly_nbext.client.linking.moving_in import unlinked  # brings pandas

        return unlinked(self, figure)


def _few(places: list[str]) -> str:
    shown = ", ".join(places[:5])
    return shown if len(places) <= 5 else f"{shown} and {len(places) - 5} more"  # noqa: PLR2004
