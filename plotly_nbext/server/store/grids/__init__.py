"""The columns and values of grids.

Columns are ordered 0…n-1 and may differ in length; the grid's ``row_count`` is the longest one's.
Every function leaves a grid whole: it runs in the caller's transaction, and an exception undoes
what was written before it.
"""

from plotly_nbext.server.store.grids.columns import (
    ColumnArrays,
    ColumnChange,
    add_columns,
    delete_columns,
    forget_fingerprints,
    has_fingerprints,
    load_columns,
    replace_columns,
)
from plotly_nbext.server.store.grids.editing import EditedColumn, Edits, edit
from plotly_nbext.server.store.grids.reading import (
    arrow_schema,
    arrow_stream,
    json_runs,
    json_size,
    json_texts,
    values,
)
from plotly_nbext.server.store.grids.records import ColumnRecord, list_columns, pick_columns
from plotly_nbext.server.store.grids.row_log import append_rows, fold, wants_fold
from plotly_nbext.server.store.grids.spooled import SpooledValues
from plotly_nbext.server.store.grids.streams import append_batches, load_batches, replace_content

__all__ = [
    "ColumnArrays",
    "ColumnChange",
    "ColumnRecord",
    "EditedColumn",
    "Edits",
    "SpooledValues",
    "add_columns",
    "append_batches",
    "append_rows",
    "arrow_schema",
    "arrow_stream",
    "delete_columns",
    "edit",
    "fold",
    "forget_fingerprints",
    "has_fingerprints",
    "json_runs",
    "json_size",
    "json_texts",
    "list_columns",
    "load_batches",
    "load_columns",
    "pick_columns",
    "replace_columns",
    "replace_content",
    "values",
    "wants_fold",
]
