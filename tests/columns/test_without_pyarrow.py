"""pyarrow is no dependency: without it, frames go to grids and come back all the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pandas as pd

from plotly_nbext.columns import encode_frame

PROGRAM = """
import json, sys
sys.modules["pyarrow"] = None  # from here on, importing it fails

import pandas as pd
from plotly_nbext.columns import decode_frame, encode_frame

def read(table):
    columns = [(name, json.loads(data)) for name, data in table["columns"]]
    return decode_frame(columns, table["schema"])

frame = read(json.load(sys.stdin))
table = encode_frame(frame)
again = read({"columns": [(c.name, c.data) for c in table.columns], "schema": table.schema})
pd.testing.assert_frame_equal(again, frame)
print(json.dumps({name: [str(column.dtype), column.tolist()] for name, column in frame.items()}))
"""


def test_a_grid_written_with_pyarrow_is_read_without_it():
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", ""], dtype=pd.StringDtype("pyarrow")),
            "arrow": pd.array([1, 2], dtype="int64[pyarrow]"),
            "category": pd.Categorical(["a", "b"]),
        }
    )
    table = encode_frame(frame)
    sent = {
        "columns": [(column.name, column.data.decode()) for column in table.columns],
        "schema": table.schema,
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "text": ["string", ["a", ""]],
        "arrow": ["int64", [1, 2]],
        "category": ["category", ["a", "b"]],
    }
