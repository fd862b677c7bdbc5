"""Workbooks (xlsx, xlsb, xls, ods) → a table a sheet.

The first row of what a sheet has in it is the header. A number is an integer where it has no
fraction, as a sheet shows it; a date is written as any other moment, an error as null.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import structs
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from plotly_nbext.columns import json, wire
from plotly_nbext.server.uploads.limits import NotATable, Unreadable
from plotly_nbext.server.uploads.spool import ColumnWriter, block_rows, check_size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["read"]

_EXACT_INTEGERS = 2**53


def read(file: Path, spool: Spool, path: Sequence[str]) -> None:
    """Read the visible sheets into a spool.

    Parameters
    ----------
    file : Path
        The workbook.
    spool : Spool
        Where the tables go.
    path : sequence of str
        The path of a single sheet's table in the upload; those of several lie below it.

    Raises
    ------
    Unreadable
        It is damaged, encrypted, empty, or larger than may be.
    """
    before = len(spool.tables)
    file_bytes = file.stat().st_size
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ is not SheetTypeEnum.WorkSheet:
                    spool.warn(f"{sheet.name!r} is left out: it is no sheet of cells.")
                elif sheet.visible is not SheetVisibleEnum.Visible:
                    spool.warn(f"The sheet {sheet.name!r} is left out: it is hidden.")
                else:
                    _read_sheet(workbook.get_sheet_by_name(sheet.name), spool, path, file_bytes)
    except PasswordError:
        raise Unreadable("The workbook is encrypted: save it without a password.") from None
    except CalamineError as error:
        raise NotATable(f"The workbook can't be read: {error}.") from None
    if len(spool.tables) == before + 1:
        spool.tables[-1] = structs.replace(spool.tables[-1], path=list(path))


def _read_sheet(sheet: CalamineSheet, spool: Spool, path: Sequence[str], file_bytes: int) -> None:
    if sheet.start is None:
        spool.warn(f"The sheet {sheet.name!r} is left out: it is empty.")
        return
    check_size(sheet.height, sheet.width, file_bytes)
    rows = islice(sheet.iter_rows(), sheet.start[0], None)  # it gives the rows above, too
    header = [_value(cell) for cell in next(rows)]
    columns = [ColumnWriter(spool) for _ in header]
    count = block_rows(len(columns), spool.chunk_rows)
    while block := list(islice(rows, count)):
        for column, cells in zip(columns, zip(*block, strict=True), strict=True):
            if any(cell != "" for cell in cells):
                column.extend(wire.from_values([_value(cell) for cell in cells]))
            else:
                column.pad(len(cells))
    labels = [_label(value) for value in header]
    for label, column in zip(labels, columns, strict=True):
        if label and column.length and not column.written:
            spool.warn(
                f"The column {label!r} of the sheet {sheet.name!r} is empty. If it has formulas, "
                "they have no values until a spreadsheet program has calculated and saved them."
            )
    spool.add([*path, sheet.name], labels, columns)


def _value(cell: Any) -> Any:
    """Take a cell's value as JSON has it."""
    match cell:
        case "":
            return None
        case float() if cell.is_integer() and abs(cell) <= _EXACT_INTEGERS:
            return int(cell)
        case dt.datetime() | dt.time():
            return cell.isoformat()
        case dt.date():
            return dt.datetime.combine(cell, dt.time()).isoformat()
        case dt.timedelta():
            from plotly_nbext.columns import durations  # pandas, which few sheets need

            return durations.write(cell.days, cell.seconds, cell.microseconds * 1000)
    return cell


def _label(value: Any) -> str:
    if isinstance(value, str | None):
        return value or ""
    return json.dumps(value).decode()
