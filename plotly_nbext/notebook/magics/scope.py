"""The user's variables, as a magic reads and writes them."""

from __future__ import annotations

import ast
import linecache
from typing import TYPE_CHECKING, Any

from plotly_nbext.notebook.magics.usage import UsageError
from plotly_nbext.suggestions import did_you_mean

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Scope"]

EXPRESSION = "<expression>"


class Scope:
    """Where a magic's expressions are evaluated.

    Parameters
    ----------
    shell : InteractiveShell
        The shell whose user is meant.
    local : dict, optional
        The variables of the function that calls the magic.
    """

    def __init__(self, shell: InteractiveShell, local: dict[str, Any] | None = None) -> None:
        self._shell = shell
        # One namespace, because a comprehension inside eval sees the globals only.
        self._names: dict[str, Any] = (
            shell.user_ns if local is None or local is shell.user_ns else {**shell.user_ns, **local}
        )

    @property
    def variables(self) -> list[str]:
        """The names that the user gave."""
        hidden = self._shell.user_ns_hidden
        return [name for name in self._names if name not in hidden and not name.startswith("_")]

    def evaluate(self, expression: str) -> Any:
        """Give the value of a Python expression.

        Raises
        ------
        UsageError
            When it is not an expression, or names a variable that there is not. What the
            expression itself raises otherwise passes through.
        """
        __tracebackhide__ = True
        try:
            code = compile(expression, EXPRESSION, "eval")
        except SyntaxError as error:
            raise UsageError(
                f"This is not a Python expression ({error.msg}): {expression}",
                hint="Put quotes around an option's value that holds spaces.",
            ) from None
        # for the traceback
        linecache.cache[EXPRESSION] = len(expression), None, [expression], EXPRESSION
        try:
            return eval(code, self._names)  # noqa: S307 - the user's own code, in their kernel
        except NameError as error:
            if not _is_own(error):
                raise
            raise self._no_variable(error) from None

    def held(self, expression: str) -> Any:
        """Give what a variable holds, or an attribute, item or call of one: ``grids["a"]``.

        Returns
        -------
        Any
            Its value; None when the text is nothing of the kind, such as the path ``sales/2026``.
        """
        __tracebackhide__ = True
        try:
            node = ast.parse(expression, mode="eval").body
        except SyntaxError:
            return None
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        is_held = isinstance(node, ast.Name) and node.id in self._names
        return self.evaluate(expression) if is_held else None

    def run(self, cell: str) -> Any:
        """Run the Python of a cell and give the value of its last expression.

        Raises
        ------
        UsageError
            When the cell does not end with an expression; then nothing of it is run.
        """
        __tracebackhide__ = True
        compiler: Any = self._shell.compile
        history: Any = self._shell.history_manager
        # The empty line stands for the %% line: tracebacks count lines as the cell does.
        source = "\n" + self._shell.transform_cell(cell)
        filename = compiler.cache(source, len(history.input_hist_parsed) - 1)
        module = compiler.ast_parse(source, filename)
        last = module.body.pop() if module.body else None
        if not isinstance(last, ast.Expr):
            raise UsageError("The last line of the cell is not an expression that gives a figure.")
        exec(compiler(module, filename, "exec"), self._names)  # noqa: S102 - as above
        result = compiler(ast.Expression(last.value), filename, "eval")
        return eval(result, self._names)  # noqa: S307 - as above

    def fill(self, template: str) -> str:
        """Replace ``{expression}`` as an f-string does; ``{{`` and ``}}`` stand for braces.

        Raises
        ------
        UsageError
            When it can't be filled in. What a function of the user's raises passes through.
        """
        __tracebackhide__ = True
        if "{" not in template and "}" not in template:
            return str(template)
        quotes = "'''" if '"' in template else '"""'
        # the final space, because a backslash before the quotes would take them for text
        source = f"rf{quotes}{template} {quotes}"
        try:
            text: str = eval(compile(source, EXPRESSION, "eval"), self._names)  # noqa: S307 - as above
        except SyntaxError as error:
            reason = error.msg.removeprefix("f-string: ")
        except NameError as error:
            if not _is_own(error):
                raise
            raise self._no_variable(error, f" {str(template)!r} can't be filled in.") from None
        except Exception as error:
            if not _is_own(error):
                raise
            reason = f"{type(error).__name__}: {error}"
        else:
            return text[:-1]
        raise UsageError(
            f"{str(template)!r} can't be filled in ({reason}).",
            hint="Write {{ and }} for the characters { and }.",
        )

    def _no_variable(self, error: NameError, what: str = "") -> UsageError:
        name = error.name or ""
        meant = did_you_mean(name, self.variables)
        return UsageError(
            f"There is no variable {name}.{what}",
            hint=meant or "Run the cell that makes or imports it first.",
        )

    def store(self, name: str, value: Any) -> None:
        """Set a variable of the user's."""
        self._shell.user_ns[name] = value


def _is_own(error: Exception) -> bool:
    """Tell whether an expression itself fails, and no function that it calls."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_filename == EXPRESSION
