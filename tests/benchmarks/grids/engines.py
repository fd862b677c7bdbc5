"""What writes and reads frames. Each engine is opened once; each call is timed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import chart_studio.grid_objs
import pandas as pd
import requests
from plotly.utils import PlotlyJSONEncoder

import plotly_nbext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotly_nbext.client.client import Client

__all__ = [
    "ChartStudio",
    "Commit",
    "Engine",
    "Ours",
    "Parquet",
    "Server",
    "ToJSON",
    "ToSQL",
    "connect",
    "session",
]

USER, KEY = "benchmark", "any"


def connect(url: str) -> Client:
    """Make a client of a server of ours."""
    return plotly_nbext.connect(url, USER, KEY)


def session() -> requests.Session:
    """Make a connection that knows nothing of our client."""
    made = requests.Session()
    made.trust_env = False
    made.auth = (USER, KEY)
    made.headers["Plotly-Client-Platform"] = "benchmark"
    return made


class Engine(Protocol):
    """Something that writes frames. Those with a ``read`` read the last one again."""

    name: str

    def __enter__(self) -> Self:
        """Start it."""

    def __exit__(self, *_: object) -> None:
        """End it."""

    def prepare(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Make of a frame one that it can write; this is not timed."""

    def write(self, frame: pd.DataFrame) -> None:
        """Write a frame."""


class _Folder:
    """An engine with a folder of its own."""

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self._temporary.name)
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    def prepare(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame


class ChartStudio(_Folder):
    """What chart_studio does before it sends anything: the encoding alone."""

    name = "chart_studio, its encoding alone"

    def write(self, frame: pd.DataFrame) -> None:
        grid = chart_studio.grid_objs.Grid(frame)
        # as its own upload does
        json.dumps(grid._to_plotly_grid_json(), cls=PlotlyJSONEncoder)


class ToJSON(_Folder):
    """pandas' JSON, in memory alone."""

    name = '`df.to_json(orient="split")`, in memory'

    def write(self, frame: pd.DataFrame) -> None:
        frame.to_json(orient="split")


class Parquet(_Folder):
    """A file that is on the disk."""

    name = "`df.to_parquet` and fsync"
    read_name = "`pd.read_parquet`"

    def prepare(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Make texts of mixed objects, for which parquet has no type."""
        objects = frame.select_dtypes("object").columns
        return frame.astype(dict.fromkeys(objects, "str"))

    def write(self, frame: pd.DataFrame) -> None:
        path = self.folder / "frame.parquet"
        frame.to_parquet(path)
        with path.open("rb") as file:
            os.fsync(file.fileno())

    def read(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "frame.parquet")


class ToSQL(_Folder):
    """A table in SQLite, committed; by its defaults that is on the disk."""

    name = "`df.to_sql`, SQLite"

    def write(self, frame: pd.DataFrame) -> None:
        connection = sqlite3.connect(self.folder / "frame.db")
        frame.to_sql("frame", connection, if_exists="replace", index=False)
        connection.commit()
        connection.close()


class Server:
    """Our server, in a process of its own, on a folder of its own or on a database that is named.

    Parameters
    ----------
    database_url : str, optional
        The database.
    folder : Path, optional
        The folder, else a temporary one.
    options : sequence of str
        More options of ``serve``.
    """

    def __init__(
        self,
        database_url: str | None = None,
        folder: Path | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self._database_url = database_url
        self._folder = folder
        self._options = options

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory()
        where = ["--data", str(self._folder or self._temporary.name)]
        if self._database_url is not None:
            where = ["--database-url", self._database_url]
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "plotly_nbext", "serve", *where),
                *("--accept-any-credentials", *self._options),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._temporary.cleanup()

    @property
    def pid(self) -> int:
        """Which process it is."""
        return self._process.pid


class Ours(Server):
    """A push, from the cell to the disk; each writes to a new grid."""

    name = "`plotly_nbext.push`"
    read_name = "`plotly_nbext.pull`"

    def __enter__(self) -> Self:
        super().__enter__()
        self._client = connect(self.url)
        self._count = 0
        return self

    def prepare(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame

    def write(self, frame: pd.DataFrame) -> None:
        self._count += 1
        self.write_again(frame)

    def write_again(self, frame: pd.DataFrame) -> None:
        """Write to the grid of the last write."""
        self._client.push(frame, f"frame {self._count}", progress=False)

    def read(self) -> pd.DataFrame:
        frame: pd.DataFrame = self._client.pull(f"frame {self._count}")
        return frame


class Commit(_Folder):
    """One row committed to SQLite, as durably as the server does: the limit of an append."""

    name = "SQLite's own commit"

    def __enter__(self) -> Self:
        super().__enter__()
        self._connection = sqlite3.connect(self.folder / "rows.db", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB)")
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        super().__exit__()

    def append(self, row: bytes) -> None:
        self._connection.execute("INSERT INTO rows (data) VALUES (?)", (row,))
