"""What a sub-command gives, and what its cell shows of that."""

from __future__ import annotations

import ast
import dis
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from IPython.display import display

if TYPE_CHECKING:
    from types import FrameType

    from plotly_nbext.notebook.magics.scope import Scope

__all__ = ["Told", "finish", "if_kept"]

Value = TypeVar("Value")

_CALLS: Final = ("run_line_magic", "run_cell_magic")


@dataclass(frozen=True)
class Told:
    """A value of which a cell shows something else than the value itself.

    Attributes
    ----------
    value : Any
        What ``x = %plotly_grid …`` and ``-o x`` keep.
    told : Any
        What is shown: text is printed, anything else displayed.
    always : bool
        Whether it is shown where the value is kept, too.
    """

    value: Any
    told: Any
    always: bool = False

    def show(self) -> None:
        """Show what is to be told."""
        (print if isinstance(self.told, str) else display)(self.told)


def finish(result: Any, scope: Scope, *, out: str | None, silent: bool) -> Any:
    """Keep and show what a sub-command gave.

    Parameters
    ----------
    result : Any
        What it gave.
    scope : Scope
        Where variables are kept.
    out : str or None
        The variable to keep it in.
    silent : bool
        Whether the line ends with ``;``.

    Returns
    -------
    Any
        The magic's value.
    """
    is_told = isinstance(result, Told)
    value = result.value if is_told else result
    is_kept = out is not None or _is_kept()
    if is_told and not silent and (result.always or not is_kept):
        result.show()
    if out is not None:
        scope.store(out, value)
        return None
    return value if is_kept or not (is_told or silent) else None


def if_kept(value: Value) -> Value | None:
    """Give a value that the cell has shown by now, if the user's line keeps it.

    Else there is None: IPython shows the value of a cell's last line, and that would be twice.
    """
    return value if _is_kept() else None


def _is_kept() -> bool:
    """Tell whether the user's line does anything with the magic's value.

    IPython calls ``x = %plotly_grid …`` as ``%plotly_grid …``: it is told by the statement around
    the call.
    """
    from executing import Source  # which IPython's own tracebacks stand on

    frame = sys._getframe()  # noqa: SLF001 - as IPython finds the user's variables
    while frame.f_code.co_name not in _CALLS:
        if frame.f_back is None:
            return True  # called by none of IPython's magics
        frame = frame.f_back
    caller = frame.f_back
    if caller is None:
        return False
    call: Any = Source.executing(caller).node
    return not (_is_whole(caller) if call is None else isinstance(call.parent, ast.Expr))


def _is_whole(frame: FrameType) -> bool:
    """Tell whether the call is all of an expression whose text nobody has, and its value.

    Such is the last line of ``%%time``, which IPython compiles on its own, to show what it gives.
    """
    instructions = dis.get_instructions(frame.f_code)
    after = next(each for each in instructions if each.offset > frame.f_lasti)
    return frame.f_code.co_name == "<module>" and after.opname == "RETURN_VALUE"
