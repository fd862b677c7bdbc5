"""A grid as a spreadsheet: seen through edits, an arrangement and a history.

Nothing here knows of widgets or of IPython. Data flows one way:

- the values as they are stored: :mod:`.reading`, once, for :mod:`.cache` keeps them;
- over them what was edited: :mod:`.draft` has the columns, the rows and by column an
  :mod:`.overlay` of cells; what is done is one of the :mod:`.operations`, which makes a
  :mod:`.change`, of which :mod:`.history` keeps what takes it back;
- both make the cells: :mod:`.cells`, which :mod:`.texts` writes and :mod:`.typed` reads, by the
  :mod:`.kinds` of their columns; :mod:`.clipboard` takes and gives many;
- :class:`Sheet` shows them, in an :mod:`.order` by :mod:`.filters` and :mod:`.keys`, with
  :mod:`.finding` and :mod:`.summary`;
- :mod:`.saving` sends the difference, which :mod:`.pending` counts and :mod:`.changes` tells, with
  the :mod:`.schema` of the types; :mod:`.carrying` takes the history along. Where others were
  first, :mod:`.rebasing` puts the edits over theirs if it is :mod:`.recognising` the rows.
"""

from plotly_nbext.notebook.sheet.sheet import Sheet

__all__ = ["Sheet"]
