"""Statements that SQLAlchemy spells once, because it takes ten times as long as the database."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.sql.dml import UpdateBase
    from sqlalchemy.sql.selectable import SelectBase

__all__ = ["Prepared"]


class Prepared:
    """A statement of those that the commonest requests consist of.

    Each kind of database gets it from its driver; who listens to SQLAlchemy doesn't hear of it.

    Parameters
    ----------
    statement : SelectBase or UpdateBase
        With a ``bindparam`` for each value.
    """

    def __init__(self, statement: SelectBase | UpdateBase) -> None:
        self._statement = statement
        self._spelled: dict[str, _Spelled] = {}

    def __str__(self) -> str:
        return str(self._statement)

    def __call__(self, connection: Connection, **values: Any) -> list[Any]:
        """Run the statement, and return its rows, whose values are attributes by column.

        Raises
        ------
        sqlalchemy.exc.DBAPIError
            The database refused it.
        """
        dialect = connection.dialect
        spelled = self._spelled.get(dialect.name)
        if spelled is None:
            spelled = self._spelled[dialect.name] = _Spelled(self._statement, dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(spelled.text, spelled.bound(values))
            return spelled.rows(cursor.fetchall()) if cursor.description else []
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                spelled.text, None, error, dialect.loaded_dbapi.Error, dialect=dialect
            ) from None
        finally:
            cursor.close()


class _Spelled:
    """A statement in the words of one kind of database."""

    def __init__(self, statement: SelectBase | UpdateBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        given = compiled.binds.items()
        self._constants = {name: each.value for name, each in given if not each.required}
        self._to_database = {
            name: convert
            for name, each in given
            if (convert := each.type.dialect_impl(dialect).bind_processor(dialect))
        }
        columns = statement.exported_columns
        self._names = [column.name for column in columns]
        self._from_database = {
            place: convert
            for place, each in enumerate(columns)
            if (convert := each.type.dialect_impl(dialect).result_processor(dialect, None))
        }

    def bound(self, values: dict[str, Any]) -> Any:
        values |= self._constants
        for name, convert in self._to_database.items():
            values[name] = convert(values[name])
        return values if self._order is None else [values[name] for name in self._order]

    def rows(self, found: Sequence[Any]) -> list[Any]:
        rows = []
        for each in found:
            values = [*each]
            for place, convert in self._from_database.items():
                values[place] = convert(values[place])
            rows.append(SimpleNamespace(**dict(zip(self._names, values, strict=True))))
        return rows
