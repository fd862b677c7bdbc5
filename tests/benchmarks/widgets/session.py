"""All widgets in one JupyterLab, each in a notebook with a kernel and a browser of its own."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from tests.benchmarks.grids.engines import KEY, USER, Server, connect
from tests.lab import start_lab

from . import frames
from .measures import Found, measure
from .notebook import FailureError, Notebook
from .tables import OURS, TABLES

if TYPE_CHECKING:
    from .tables import Table

__all__ = ["MEMORY", "measure_all"]

MEMORY: Final = 6  # GB that a kernel may take
GRID: Final = "grid"


async def measure_all(rows: int, columns: int, rounds: int, seconds: float) -> dict[str, Found]:
    """Measure all widgets that are installed with a frame of some size.

    In each round one is shown and worked after the other, so that what else the machine does hits
    all alike. One that fails is left out from then on.
    """
    tables = [table for table in TABLES if table.version]
    found = {table.name: Found() for table in tables}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server())
        frame = folder / "frame.feather"
        frames.write(rows, columns, frame)
        connect(server.url).push(pd.read_feather(frame), GRID, progress=False)
        home = folder / "lab"
        home.mkdir()
        lab = stack.enter_context(start_lab(home))
        notebooks: dict[Table, Notebook] = {}

        async def open_one(table: Table) -> None:
            setup = _setup(table, frame, server.url)
            try:
                opened = Notebook.open(lab, setup, f"table = {table.make}\ntable")
                notebooks[table] = await stack.enter_async_context(opened)
            except FailureError as error:
                found[table.name].failure = str(error)

        await asyncio.gather(*map(open_one, tables))
        for _ in range(rounds):
            for table in tables:
                its = found[table.name]
                if its.failure:
                    continue
                notebook = notebooks[table]
                try:
                    await measure(table, notebook, rows, its, seconds)
                except FailureError as error:
                    its.failure = str(error)
                    await notebook.end()  # it may still be at work
    return found


def _setup(table: Table, frame: Path, url: str) -> str:
    """Write what runs before anything is measured."""
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_DATA, ({MEMORY} << 30,) * 2)"
    if table is OURS:
        data = f"grid = plotly_nbext.connect({url!r}, {USER!r}, {KEY!r}).grid({GRID!r})"
    else:
        data = f"import pandas\nframe = pandas.read_feather({str(frame)!r})"
    return f"{limit}\n{table.setup}\n{data}"
