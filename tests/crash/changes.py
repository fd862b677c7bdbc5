"""What callers change: of each kind that the server knows, and often what it does in parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..server.arrow import ARROW, stream
from .callers import Change, archive, once
from .model import File

if TYPE_CHECKING:
    from .callers import Caller
    from .model import World

__all__ = ["any_change"]

MOST_FILES = 7


def any_change(caller: Caller) -> Change:
    """Choose a change that can be made."""
    random = caller.random
    if len(caller.world) > MOST_FILES:
        trashed = [name for name, file in caller.world.items() if file.trashed]
        return _delete(caller, random.choice(trashed)) if trashed else _trash(caller)
    return random.choices([*_CHANGES], [*_CHANGES.values()])[0](caller)


def _create(caller: Caller) -> Change:
    name, columns = _name(caller, "grid"), _columns(caller)
    cols = {
        key: {"data": data, "order": place} for place, (key, data) in enumerate(columns.items())
    }
    body = {"data": {"cols": cols}, "filename": name}
    after = caller.world | {name: File("grid", columns)}
    return Change("POST", "/v2/grids", 201, {"json": body, "headers": once()}, after)


def _create_by_arrow(caller: Caller) -> Change:
    name, columns = _name(caller, "arrow"), _columns(caller)
    headers = {"Content-Type": ARROW, **once()}
    options = {"data": stream(columns, {"filename": name}), "headers": headers}
    return Change("POST", "/v2/grids", 201, options, caller.world | {name: File("grid", columns)})


def _append(caller: Caller) -> Change:
    """Append rows, so many that the grid's log is folded now and then."""
    name = _grid(caller)
    if name is None:
        return _create(caller)
    rows = _rows(caller, len(caller.world[name].columns), caller.random.choice([1, 50, 400, 1_500]))
    path = f"/v2/grids/{caller.known(name)['fid']}/row"
    options = {"json": {"rows": rows}, "headers": once()}
    return Change("POST", path, 201, options, _with_rows(caller, name, rows))


def _append_by_arrow(caller: Caller) -> Change:
    name = _grid(caller)
    if name is None:
        return _create_by_arrow(caller)
    columns = caller.world[name].columns
    rows = _rows(caller, len(columns), caller.random.choice([1, 2_000, 20_000]))
    sent = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    path = f"/v2/grids/{caller.known(name)['fid']}/row"
    options = {"data": stream(sent), "headers": {"Content-Type": ARROW, **once()}}
    return Change("POST", path, 201, options, _with_rows(caller, name, rows))


def _append_to_shared(caller: Caller) -> Change:
    """Append to the grid that all append to, with a commit that those who wait have together."""
    fid, auth = caller.shared
    count = caller.random.choice([1, 1, 5, 40])
    rows = [[caller.username, caller.appended + number] for number in range(count)]
    headers = {"Prefer": "return=minimal", **(once() if caller.random.random() < 0.5 else {})}
    options = {"json": {"rows": rows}, "headers": headers, "auth": auth}
    return Change("POST", f"/v2/grids/{fid}/row", 201, options, caller.world, count)


def _replace_column(caller: Caller) -> Change:
    name = _grid(caller)
    if name is None:
        return _create(caller)
    uid = caller.uids(name)["n"]
    columns = caller.world[name].columns
    values = [caller.random.randrange(1_000_000) for _ in columns["n"]]
    path = f"/v2/grids/{caller.known(name)['fid']}/col?uid={uid}"
    body = {"cols": json.dumps([{"data": values}])}
    after = _with_columns(caller, name, columns | {"n": values})
    return Change("PUT", path, 200, {"json": body, "headers": once()}, after)


def _add_or_remove_column(caller: Caller) -> Change:
    name = _grid(caller)
    if name is None:
        return _create(caller)
    path = f"/v2/grids/{caller.known(name)['fid']}/col"
    columns = caller.world[name].columns
    if len(columns) > 3:
        last = [*columns][-1]
        left = {key: values for key, values in columns.items() if key != last}
        after = _with_columns(caller, name, left)
        return Change("DELETE", f"{path}?uid={caller.uids(name)[last]}", 204, {}, after)
    caller.made += 1
    values = [f"{caller.made} {number}" for number in range(len(columns["n"]))]
    body = {"cols": json.dumps([{"name": f"more {caller.made}", "data": values}])}
    after = _with_columns(caller, name, columns | {f"more {caller.made}": values})
    return Change("POST", path, 201, {"json": body, "headers": once()}, after)


def _edit(caller: Caller) -> Change:
    """Edit cells, and delete and insert rows, as one change."""
    name = _grid(caller)
    if name is None:
        return _create(caller)
    columns = {key: [*values] for key, values in caller.world[name].columns.items()}
    length = len(columns["n"])
    row, value = caller.random.randrange(length), caller.random.randrange(1_000_000)
    body: dict[str, Any] = {"cells": {caller.uids(name)["n"]: {"rows": [row], "values": [value]}}}
    columns["n"][row] = value
    if length > 10 and caller.random.random() < 0.7:
        new = _rows(caller, len(columns), 3)
        body |= {"delete": [[2, 7]], "insert": [{"before": 1, "rows": new}]}
        for place, values in enumerate(columns.values()):
            values[:] = [values[0], *(line[place] for line in new), values[1], *values[7:]]
    path = f"/v2/grids/{caller.known(name)['fid']}/content"
    after = _with_columns(caller, name, columns)
    return Change("PATCH", path, 200, {"json": body, "headers": once()}, after)


def _describe(caller: Caller) -> Change:
    name = _grid(caller)
    if name is None:
        return _create(caller)
    metadata = {"note": caller.random.randrange(1_000_000)}
    path = f"/v2/grids/{caller.known(name)['fid']}"
    after = caller.world | {name: caller.world[name].changed(metadata=metadata)}
    return Change("PATCH", path, 200, {"json": {"metadata": metadata}}, after)


def _plot(caller: Caller) -> Change:
    grid = _grid(caller)
    if grid is None:
        return _create(caller)
    source = f"{caller.known(grid)['fid']}:{caller.uids(grid)['n']}"
    name = _name(caller, "plot")
    figure = {"data": [{"type": "scatter", "ysrc": source}], "layout": {"title": {"text": name}}}
    after = caller.world | {name: File("plot", figure=figure)}
    body = {"figure": figure, "filename": name}
    # it takes no key
    return Change("POST", "/v2/plots", 201, {"json": body}, after)


def _upload(caller: Caller) -> Change:
    name = _name(caller, "sheet") + ".csv"
    columns, text = _sheet(caller)
    headers = {"X-File-Name": name, "Content-Type": "text/csv"}
    after = caller.world | {name: File("grid", columns)}
    return Change("POST", "/v2/grids/upload", 201, {"data": text, "headers": headers}, after)


def _upload_archive(caller: Caller) -> Change:
    folder = _name(caller, "packed") + ".zip"
    after, texts = caller.world | {folder: File("fold")}, {}
    for _ in range(3):
        name = _name(caller, "inside") + ".csv"
        columns, texts[name] = _sheet(caller)
        after[name] = File("grid", columns, folder=folder)
    headers = {"X-File-Name": folder, "Content-Type": "application/zip"}
    options = {"data": archive(texts), "headers": headers}
    return Change("POST", "/v2/grids/upload", 201, options, after)


def _trash(caller: Caller) -> Change:
    there = [name for name, file in caller.world.items() if not file.trashed and not file.folder]
    if not there:
        return _restore(caller) if caller.world else _create(caller)
    name = caller.random.choice(there)
    path = f"/v2/files/{caller.known(name)['fid']}/trash"
    after = caller.world | {name: caller.world[name].changed(trashed=True)}
    return Change("POST", path, 200, {}, after)


def _restore(caller: Caller) -> Change:
    trashed = [name for name, file in caller.world.items() if file.trashed]
    if not trashed:
        return _trash(caller) if caller.world else _create(caller)
    name = caller.random.choice(trashed)
    path = f"/v2/files/{caller.known(name)['fid']}/restore"
    after = caller.world | {name: caller.world[name].changed(trashed=False)}
    return Change("POST", path, 200, {}, after)


def _delete(caller: Caller, name: str) -> Change:
    after = {key: file for key, file in caller.world.items() if name not in (key, file.folder)}
    path = f"/v2/files/{caller.known(name)['fid']}/permanent_delete"
    return Change("DELETE", path, 204, {}, after)


_CHANGES = {
    _create: 6,
    _create_by_arrow: 6,
    _append: 20,
    _append_by_arrow: 8,
    _append_to_shared: 25,
    _replace_column: 8,
    _add_or_remove_column: 5,
    _edit: 8,
    _describe: 4,
    _plot: 3,
    _upload: 4,
    _upload_archive: 2,
    _trash: 3,
    _restore: 3,
}


def _name(caller: Caller, kind: str) -> str:
    caller.made += 1
    return f"{kind} {caller.made}"


def _grid(caller: Caller) -> str | None:
    """Choose a grid that is not in the trash, nor in a folder that is."""
    there = [
        name
        for name, file in caller.world.items()
        if file.kind == "grid"
        and not file.trashed
        and not (file.folder and caller.world[file.folder].trashed)
    ]
    return caller.random.choice(there) if there else None


def _columns(caller: Caller) -> dict[str, list[Any]]:
    length = caller.random.choice([1, 30, 3_000, 20_000])
    start = caller.random.randrange(1_000_000)
    return {
        "n": [*range(start, start + length)],
        "text": [f"{caller.username} {number % 97}" for number in range(length)],
    }


def _rows(caller: Caller, width: int, count: int) -> list[list[Any]]:
    start = caller.random.randrange(1_000_000)
    return [[start + n, *(f"{n % 89}" for _ in range(width - 1))] for n in range(count)]


def _sheet(caller: Caller) -> tuple[dict[str, list[Any]], str]:
    start, length = caller.random.randrange(1_000_000), caller.random.choice([20, 2_000, 20_000])
    numbers = [*range(start, start + length)]
    columns = {"n": numbers, "text": [f"{caller.username} {number}" for number in numbers]}
    lines = (f"{number},{caller.username} {number}\n" for number in numbers)
    return columns, "n,text\n" + "".join(lines)


def _with_rows(caller: Caller, name: str, rows: list[list[Any]]) -> World:
    columns = caller.world[name].columns
    added = zip(*rows, strict=True)
    longer = {
        key: [*values, *more] for (key, values), more in zip(columns.items(), added, strict=True)
    }
    return _with_columns(caller, name, longer)


def _with_columns(caller: Caller, name: str, columns: dict[str, list[Any]]) -> World:
    return caller.world | {name: caller.world[name].changed(columns=columns)}
