"""TAB on the lines of the magics: options, choices, variables, grids, columns and files."""

from plotly_nbext.notebook.magics.completion.matcher import add, take

__all__ = ["add", "take"]
