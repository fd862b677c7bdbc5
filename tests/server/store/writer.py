"""Appends rows to a grid, some folded, until it is killed; says after each commit how many rows."""

import os
import sys
from pathlib import Path

from plotly_nbext.server.store import Database, files, grids

location, fid, first = sys.argv[1:]
database = Database(location if "://" in location else Path(location))
rows = int(first)
with database.read() as connection:
    grid = files.load(connection, files.head(connection, fid))
while True:
    new = 1 + rows % 3
    with database.write() as connection:
        numbers = range(rows, rows + new)
        grids.append_rows(connection, grid, [[number, f"row {number}"] for number in numbers])
    rows += new
    # without a buffer, which would be lost
    os.write(1, b"%d\n" % rows)
    if rows % 7 == 0:
        with database.write() as connection:
            grids.fold(connection, grid)
