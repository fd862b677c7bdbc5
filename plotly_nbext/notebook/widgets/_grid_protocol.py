"""What the page of a grid view asks of it: commands, with their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.notebook.sheet import Sheet, operations
from plotly_nbext.notebook.sheet.change import Place, Seen
from plotly_nbext.notebook.sheet.clipboard import block_of, check_size
from plotly_nbext.notebook.sheet.finding import find
from plotly_nbext.notebook.sheet.order import Arrangement
from plotly_nbext.notebook.widgets._answers import answering
from plotly_nbext.notebook.widgets._grid_state import GridState
from plotly_nbext.notebook.widgets._searches import Searches

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.notebook.sheet.reading import Source

    Message = dict[str, Any]

__all__ = ["GridProtocol"]


class GridProtocol(GridState):
    """The commands of the page of a :class:`GridView`.

    Every answer has ``ok``, and if that is false an ``error``; those to what changes something have
    the ``view`` that it led to.
    """

    def __init__(self, grid: Source, *, read_only: bool = False) -> None:
        self._searches = Searches()
        super().__init__(grid, read_only=read_only)

    @answering
    def _rows(self, message: Message) -> Message:
        """Write rows: ``columns`` of texts, and ``marks`` of what is not stored as it is shown."""
        window = message["start"], message["stop"], message.get("columns")
        view, (texts, marks) = self._read(lambda sheet: (sheet.version, sheet.texts(*window)))
        return {"view": view, "columns": texts, "marks": marks}

    @answering
    def _cell(self, message: Message) -> Message:
        row, column = message["row"], message["column"]
        return {"text": self._read(lambda sheet: sheet.edit_text(row, column))}

    @answering
    def _set(self, message: Message) -> Message:
        place = message["row"], message["column"]
        return self._operate(operations.set_cell, *place, message["text"])

    @answering
    def _clear(self, message: Message) -> Message:
        return self._operate(operations.clear, message["rows"], message["columns"])

    @answering
    def _fill(self, message: Message) -> Message:
        return self._operate(operations.fill, message["rows"], message["columns"])

    @answering
    def _paste(self, message: Message) -> Message:
        """Put tab-separated text into cells; a single value fills what is selected."""
        row, column, block = message["row"], message["column"], block_of(message["text"])
        rows, columns = message.get("rows"), message.get("columns")
        if len(block) == len(block[0]) == 1 and rows and columns:
            row, column = rows[0], columns[0]
            check_size(rows[1] - row, columns[1] - column, "filled")
            block = [block[0] * (columns[1] - column)] * (rows[1] - row)
        return self._operate(operations.paste, row, column, block) | {
            "rows": [row, row + len(block)],
            "columns": [column, column + len(block[0])],
        }

    @answering
    def _copy(self, message: Message) -> Message:
        ranges, header = (message["rows"], message["columns"]), message.get("header", False)
        return {"text": self._read(lambda sheet: sheet.copy(*ranges, header=header))}

    @answering
    def _insert_rows(self, message: Message) -> Message:
        return self._operate(operations.insert_rows, message["at"], message["count"])

    @answering
    def _delete_rows(self, message: Message) -> Message:
        return self._operate(operations.delete_rows, message["rows"])

    @answering
    def _rename(self, message: Message) -> Message:
        return self._operate(operations.rename, message["column"], message["name"])

    @answering
    def _move(self, message: Message) -> Message:
        return self._operate(operations.move, message["column"], message["to"])

    @answering
    def _add_column(self, message: Message) -> Message:
        place = message["name"], message["kind"], message["at"]
        return self._operate(operations.add_column, *place)

    @answering
    def _delete_columns(self, message: Message) -> Message:
        return self._operate(operations.delete_columns, message["columns"])

    @answering
    def _undo(self, _message: Message) -> Message:
        return self._seen(self._change(Sheet.undo))

    @answering
    def _redo(self, _message: Message) -> Message:
        return self._seen(self._change(Sheet.redo))

    @answering
    def _arrange(self, message: Message) -> Message:
        arrangement = Arrangement.read(message)
        self._arrange_by(lambda _: arrangement)
        return {"view": self.view}

    @answering
    def _find(self, message: Message) -> Message:
        """Look for the next cell that shows a text: its ``row`` and ``column``, if there is one.

        If that takes long, the answer has ``more``: to go on, the same is asked with that.
        """
        text, row, uid = message["text"], message["row"], message["column"]
        backwards = message.get("backwards", False)

        def found(sheet: Sheet) -> Message:
            draft = sheet.draft
            start = Place(row, draft.place_of_column(uid))
            place, more = self._searches.go_on(
                message.get("more"),
                sheet.version,
                lambda: find(draft, text, start, backwards=backwards),
            )
            if more is not None:
                return {"more": more}
            return (
                {}
                if place is None
                else {"row": place.row, "column": sheet.draft.columns[place.column].uid}
            )

        return {"view": self.view} | self._read(found)

    @answering
    def _summary(self, message: Message) -> Message:
        column = message["column"]
        return self._read(lambda sheet: sheet.summary(column))

    @answering
    def _save(self, message: Message) -> Message:
        """Save; with ``force`` of ``rebase`` over what others made of the grid.

        What is to be said beside that it was saved is in ``said``.
        """
        if message.get("force") == "rebase":
            self._change(Sheet.refresh)
        said = self._change(Sheet.save)
        return {"view": self.view} | ({"said": said} if said else {})

    @answering
    def _revert(self, _message: Message) -> Message:
        self._change(Sheet.revert)
        return {"view": self.view}

    @answering
    def _refresh(self, _message: Message) -> Message:
        """Show the grid as it is now, which settles a conflict: what was edited is dropped."""
        self._change(Sheet.revert if self.conflict else Sheet.refresh)
        return {"view": self.view}

    def _seen(self, seen: Seen | None) -> Message:
        """Tell the page where to look."""
        where = {} if seen is None else seen._asdict()
        return {"view": self.view} | {part: at for part, at in where.items() if at is not None}

    def _operate(self, operation: Callable[..., Any], *args: Any) -> Message:
        self._change(lambda sheet: sheet.do(operation(sheet.draft, *args)))
        return {"view": self.view}
