"""What takes how long with how much: rows of a grid, files of a user, users of a server."""

from __future__ import annotations

import secrets
from contextlib import closing
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, text

from plotly_nbext.server.store import files, schema, users

from ..grids.engines import KEY, USER, connect, session
from ..grids.frames import mixed
from ..grids.load import Caller, Request
from ..grids.measures import ROW, Times

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    from .databases import Place

__all__ = ["by_files", "by_rows", "by_users"]

WINDOW_ROWS: Final = 100
FOLDER_FILES: Final = 100
AT_ONCE: Final = 10_000


def by_rows(place: Place, rows: int, count: int) -> dict[str, Times]:
    """Time what is done with a grid of so many rows, and ten columns of each type."""
    frame = mixed(rows)
    times = {name: Times() for name in ("push", "pull", "a window", "an append")}
    with place.server() as server, session() as sender:
        client = connect(server.url)
        client.push(frame.head(10), "to warm up", progress=False)
        for number in range(max(1, min(5, count // 10))):
            times["push"].add(partial(client.push, frame, f"frame {number}", progress=False))
        grid = client.grid("frame 0")
        for _ in range(max(1, min(5, count // 10))):
            times["pull"].add(partial(client.pull, grid))
        address = f"{server.url}/v2/grids/{grid.fid}"
        random = Random(0)

        def window() -> None:
            start = random.randrange(max(1, rows - WINDOW_ROWS))
            query = {"start": str(start), "stop": str(start + WINDOW_ROWS)}
            _ask(sender, f"{address}/content", query)

        _time(times["a window"], window, count)
        with Caller(Request.append(f"{address}/row", (USER, KEY), [ROW])) as writer:
            _time(times["an append"], writer.ask, count)
    return times


def by_files(place: Place, total: int, count: int) -> dict[str, Times]:
    """Time what is done with one of so many files of a user."""
    with closing(place.database()) as database, database.write() as connection:
        users.ensure(connection, USER, KEY)
        _make_files(connection, USER, total)
        _analyze(connection)
    return _ask_for_files(place, [USER], total, count)


def by_users(place: Place, total: int, count: int) -> dict[str, Times]:
    """Time what one of so many users does, each of whom has a hundred files."""
    names = [f"user-{number}" for number in range(total)]
    with closing(place.database()) as database, database.write() as connection:
        for name in names:
            users.ensure(connection, name, KEY)
            _make_files(connection, name, FOLDER_FILES)
        _analyze(connection)
    return _ask_for_files(place, names, FOLDER_FILES, count)


def _ask_for_files(place: Place, names: list[str], total: int, count: int) -> dict[str, Times]:
    random = Random(0)
    asked = ("sign in", "metadata", "by path", "a page of a folder", "search", "create")
    times = {name: Times() for name in asked}
    with place.server() as server, session() as sender:
        url = server.url

        def someone() -> str:
            name = random.choice(names)
            sender.auth = (name, KEY)
            return name

        def a_file() -> tuple[str, int, int]:
            number = random.randrange(total)
            return someone(), number, number // FOLDER_FILES

        def sign_in() -> None:
            someone()
            _ask(sender, f"{url}/v2/users/current")

        def metadata() -> None:
            owner, number, _ = a_file()
            _ask(sender, f"{url}/v2/files/{owner}:{_first(total) + number}")

        def by_path() -> None:
            owner, number, folder = a_file()
            query = {"user": owner, "path": f"folder {folder}/grid {number}"}
            _ask(sender, f"{url}/v2/files/lookup", query)

        def listing() -> None:
            owner, _, folder = a_file()
            _ask(sender, f"{url}/v2/folders/{owner}:{folder}")

        def search() -> None:
            owner, number, _ = a_file()
            _ask(sender, f"{url}/v2/search", {"q": f"grid {number}", "user": owner})

        def create() -> None:
            someone()
            body = {"data": {"cols": {"x": {"data": [1]}}}}
            sender.post(f"{url}/v2/grids", json=body).raise_for_status()

        works = (sign_in, metadata, by_path, listing, search, create)
        for noted, work in zip(times.values(), works, strict=True):
            _time(noted, work, count)
    return times


def _first(total: int) -> int:
    """Tell the idlocal of a user's first grid, which come after the folders."""
    return -(-total // FOLDER_FILES)


def _make_files(connection, owner: str, total: int) -> None:
    """Make folders of a hundred files each, as the store would, in few statements."""
    now = files.now()
    folders = _first(total)
    first = files.take_idlocals(connection, owner, folders + total)
    assert first == 0
    same = {
        "owner": owner,
        "world_readable": False,
        "share_key_enabled": False,
        "metadata": "{}",
        "created": now,
        "modified": now,
    }

    def row(idlocal: int, filetype: str, filename: str, parent: int) -> dict[str, object]:
        return same | {
            "idlocal": idlocal,
            "filetype": filetype,
            "filename": filename,
            "parent": parent,
            "share_key": secrets.token_urlsafe(24),
        }

    rows = [row(number, files.FOLDER, f"folder {number}", schema.HOME) for number in range(folders)]
    rows += [
        row(folders + number, files.GRID, f"grid {number}", number // FOLDER_FILES)
        for number in range(total)
    ]
    for place in range(0, len(rows), AT_ONCE):
        connection.execute(insert(schema.files), rows[place : place + AT_ONCE])


def _analyze(connection) -> None:
    # what its autovacuum does a minute after there are many more rows than before
    connection.execute(text("ANALYZE"))


def _ask(sender: requests.Session, url: str, query: dict[str, str] | None = None) -> None:
    answer = sender.get(url, params=query)
    assert answer.ok, answer.text


def _time(noted: Times, work: Callable[[], object], count: int) -> None:
    for _ in range(3):
        work()
    for _ in range(count):
        noted.add(work)
