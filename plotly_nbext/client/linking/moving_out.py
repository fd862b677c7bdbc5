"""The arrays of a figure, moved into columns of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from plotly_nbext.client.fingerprints import fingerprints
from plotly_nbext.client.linking.arrays import encoded, is_of_moments, taken_apart
from plotly_nbext.client.linking.attributes import Spot, spots, unshared
from plotly_nbext.client.linking.names import Label, label, unique_names
from plotly_nbext.columns import EncodedColumn, Table, json
from plotly_nbext.columns.schema import of_columns, write
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    from plotly_nbext.client.grid import Grid

__all__ = ["Draft"]


class _Column(NamedTuple):
    column: EncodedColumn
    spec: dict[str, Any]
    label: Label


class Draft:
    """A figure whose arrays are to be columns.

    Parameters
    ----------
    figure : Figure or JSON text
        The figure; it stays as it is.

    Attributes
    ----------
    figure : dict
        A copy of it.
    places : list
        The arrays in it, each with the keys of its columns.
    left : list of str
        The arrays that no column can hold, which stay in the figure.
    """

    def __init__(self, figure: Any) -> None:
        self.figure = unshared(figure)
        self._columns: dict[str, _Column] = {}  # by what is in them: the same is one column
        self.places: list[tuple[Spot, list[str]]] = []
        self.left: list[str] = []
        for spot in spots(self.figure):
            try:
                columns = self._columns_of(spot)
            except ValidationError:
                self.left.append(str(spot))
                continue
            if columns:
                for key, column in columns:
                    self._columns.setdefault(key, column)  # it is named by where it is first
                self.places.append((spot, [key for key, _ in columns]))

    @property
    def table(self) -> Table:
        """The columns, which may differ in length."""
        columns = list(self._columns.values())
        row_count = max((len(each.column.array) for each in columns), default=0)
        named = [
            EncodedColumn(name, each.column.array)
            for name, each in zip(self._names, columns, strict=True)
        ]
        specs = {name: each.spec for name, each in zip(self._names, columns, strict=True)}
        return Table(named, {**write(of_columns({}, row_count)), "columns": specs}, row_count)

    def drawn_on(self, grid: Grid) -> dict[str, Any]:
        """Put references to the grid that holds the table in place of the arrays."""
        uids = {column.name: column.uid for column in grid.columns}
        uid_of = {key: uids[name] for key, name in zip(self._columns, self._names, strict=True)}
        for spot, keys in self.places:
            del spot.holder[spot.attribute]
            named = ",".join(uid_of[key] for key in keys)
            spot.holder[f"{spot.attribute}src"] = f"{grid.fid}:{named}"
        return self.figure

    @property
    def _names(self) -> list[str]:
        return unique_names([each.label for each in self._columns.values()])

    def _columns_of(self, spot: Spot) -> list[tuple[str, _Column]]:
        """Write an array as columns.

        Raises
        ------
        ValidationError
            It would not come back the same, or not look the same meanwhile.
        """
        made: list[_Column] = []
        parts = taken_apart(spot.value)
        for row, (values, container) in enumerate(parts):
            column, spec = encoded(values, container, str(row))
            if is_of_moments(spec) and not _as_plotly(values, column):
                raise ValidationError(f"A grid writes dates of {container} otherwise than plotly.")
            named = label(spot, row if len(parts) > 1 else None, self.figure)
            made.append(_Column(column, spec, named))
        of = fingerprints([each.column for each in made])
        return [(of[each.column.name] + json.dumps(each.spec).decode(), each) for each in made]


def _as_plotly(values: Any, column: EncodedColumn) -> bool:
    """Tell whether plotly writes dates as grids do: plotly.js may show them as they are."""
    from plotly.io.json import to_json_plotly

    try:
        return bool(json.loads(to_json_plotly(values)) == json.loads(column.data))
    except TypeError:  # of which plotly writes nothing at all
        return False
