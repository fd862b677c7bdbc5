"""The user's variables, as a magic reads and writes them."""

from __future__ import annotations

import ast
import linecache
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.utils.text import EvalFormatter

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

    def evaluate(self, expression: str) -> Any:
        """Give the value of a Python expression.

        Raises
        ------
        UsageError
            When it is not an expression. What the expression itself raises passes through.
        """
        __tracebackhide__ = True
        try:
            code = compile(expression, EXPRESSION, "eval")
        except SyntaxError as error:
            raise UsageError(
                f"This is not a Python expression ({error.msg}): {expression}"
            ) from None
        # for the traceback
        linecache.cache[EXPRESSION] = len(expression), None, [expression], EXPRESSION
        return eval(code, self._names)  # noqa: S307 - the user's own code, in the user's kernel

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
            When an expression in it fails.
        """
        if "{" not in template and "}" not in template:
            return str(template)
        try:
            return EvalFormatter().vformat(template, (), dict(self._names))
        except (ArithmeticError, AttributeError, LookupError, NameError, SyntaxError) as error:
            reason = f"{type(error).__name__}: {error}"
        except (TypeError, ValueError) as error:
            reason = str(error)
        raise UsageError(
            f"{str(template)!r} can't be filled in ({reason}). "
            "Write {{ and }} for the characters { and }."
        )

    def store(self, name: str, value: Any) -> None:
        """Set a variable of the user's."""
        self._shell.user_ns[name] = value
