"""Magics whose options have defaults that the user sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics
from traitlets.config import Config

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["ConfiguredMagics"]


class ConfiguredMagics(Magics):
    """Magics with traits that are the defaults of options.

    Parameters
    ----------
    shell : InteractiveShell
        The shell that has them.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        # the shell's own configuration is set when they are registered, where a bad value is told
        super().__init__(shell, config=Config())
        self._shell = shell
        for name in self.magics["line"]:
            # what IPython asks for the text of `%magic?`
            getattr(type(self), name).getdoc = self._help

    @property
    def in_force(self) -> dict[str, Any]:
        """The defaults as they are now."""
        return {name: getattr(self, name) for name in sorted(self.traits(config=True))}

    def close(self) -> None:
        """Leave nothing behind in the shell."""
        for name in self.magics["line"]:
            vars(getattr(type(self), name)).pop("getdoc", None)

    def _help(self) -> str:
        name = type(self).__name__
        text = getattr(type(self), next(iter(self.magics["line"]))).__doc__
        lines = [f"  %config {name}.{key} = {value!r}" for key, value in self.in_force.items()]
        return "\n".join([text.rstrip(), "", "defaults now in force:", *lines, ""])
