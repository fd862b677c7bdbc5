"""One of many users who do everything at once, and know what was acknowledged."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PIL import Image

from ..server.arrow import ARROW, stream

if TYPE_CHECKING:
    from random import Random

    from .caller import Caller

__all__ = ["Colleague"]

SIZE = (160, 120)


@dataclass
class _Grid:
    """What a grid is to hold."""

    fid: str
    name: str
    uids: dict[str, str]
    columns: dict[str, list[Any]]
    trashed: bool = False

    def append(self, rows: list[list[Any]]) -> None:
        for values, added in zip(self.columns.values(), zip(*rows, strict=True), strict=True):
            values.extend(added)


@dataclass
class Colleague:
    """Somebody who works with grids, plots and images of their own, in any order.

    Parameters
    ----------
    name : str
        Tells them from others of the same user.
    caller : Caller
        Sends their requests.
    random : Random
        Chooses what they do next.
    """

    name: str
    caller: Caller
    random: Random
    grids: list[_Grid] = field(default_factory=list)
    plots: dict[str, str] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    appended: list[int] = field(default_factory=list)
    done: int = 0

    def work(self) -> None:
        """Do one thing more."""
        actions = {
            self.create: 8,
            self.create_by_arrow: 4,
            self.append: 25,
            self.append_by_arrow: 10,
            self.append_to_ours: 15,
            self.replace_column: 6,
            self.add_column: 4,
            self.edit_cells: 6,
            self.upload: 3,
            self.rename: 3,
            self.move: 3,
            self.trash_or_restore: 3,
            self.delete: 2,
            self.copy: 2,
            self.read: 10,
            self.draw: 12,
            self.plot: 3,
            self.look_around: 4,
        }
        if not self.grids:
            self.create()
        else:
            self.random.choices([*actions], [*actions.values()])[0]()
        self.done += 1

    # what they do

    def create(self) -> None:
        columns = self._columns()
        cols = {name: {"data": data, "order": n} for n, (name, data) in enumerate(columns.items())}
        body = {"data": {"cols": cols}, "filename": self._new_name()}
        answer = self.caller.send("POST", "/v2/grids", (201,), json=body, once=True)
        self._take(answer.json()["file"], columns)

    def create_by_arrow(self) -> None:
        columns = self._columns()
        name = self._new_name()
        answer = self.caller.send(
            "POST",
            "/v2/grids",
            (201,),
            data=stream(columns, {"filename": name}),
            headers={"Content-Type": ARROW},
            once=True,
        )
        self._take(answer.json()["file"], columns)

    def append(self) -> None:
        if grid := self._grid():
            rows = self._rows(len(grid.columns))
            answer = self.caller.send(
                "POST", f"/v2/grids/{grid.fid}/row", (201,), json={"rows": rows}, once=True
            )
            grid.append(rows)
            assert answer.json()["row_count"] == len(grid.columns["n"]), answer.text[:300]

    def append_by_arrow(self) -> None:
        grid = self._grid()
        if grid and set(grid.columns) == {"n", "who"}:
            rows = self._rows(2)
            columns = dict(zip(grid.columns, map(list, zip(*rows, strict=True)), strict=True))
            self.caller.send(
                "POST",
                f"/v2/grids/{grid.fid}/row",
                (201,),
                data=stream(columns),
                headers={"Content-Type": ARROW, "Prefer": "return=minimal"},
                once=True,
            )
            grid.append(rows)

    def append_to_ours(self) -> None:
        """Append to the grid that this user's other colleagues append to as well."""
        number = len(self.appended)
        rows = [[self.name, number]]
        self.caller.send(
            "POST",
            f"/v2/grids/{self.ours}/row",
            (201,),
            json={"rows": rows},
            headers={"Prefer": "return=minimal"},
            once=True,
        )
        self.appended.append(number)

    @property
    def ours(self) -> str:
        """The fid of the user's common grid, which is the first that they had."""
        return f"{self.caller.username}:0"

    def replace_column(self) -> None:
        if grid := self._grid():
            values = [self.random.random() for _ in grid.columns["n"]]
            cols = json.dumps([{"data": values}])
            uid = grid.uids["n"]
            self.caller.send(
                "PUT", f"/v2/grids/{grid.fid}/col?uid={uid}", json={"cols": cols}, once=True
            )
            grid.columns["n"] = values

    def add_column(self) -> None:
        grid = self._grid()
        if grid and len(grid.columns) < 5:
            name = f"more {len(grid.columns)}"
            values = [str(n) for n in range(len(grid.columns["n"]))]
            cols = json.dumps([{"name": name, "data": values}])
            answer = self.caller.send(
                "POST", f"/v2/grids/{grid.fid}/col", (201,), json={"cols": cols}, once=True
            )
            grid.columns[name] = values
            grid.uids[name] = answer.json()["cols"][0]["uid"]

    def edit_cells(self) -> None:
        if grid := self._grid():
            row = self.random.randrange(len(grid.columns["n"]))
            value = self.random.random()
            body = {"cells": {grid.uids["n"]: {"rows": [row], "values": [value]}}}
            self.caller.send("PATCH", f"/v2/grids/{grid.fid}/content", json=body, once=True)
            grid.columns["n"][row] = value

    def upload(self) -> None:
        name = f"{self._new_name()}.csv"
        numbers = [*range(1, 50)]
        text = "n,who\n" + "".join(f"{number},{self.name}\n" for number in numbers)
        answer = self.caller.send(
            "POST",
            "/v2/grids/upload",
            (201,),
            also=(400,),
            data=text.encode(),
            headers={"X-File-Name": name, "Content-Type": "text/csv"},
        )
        if answer.status_code == 400:  # the name is taken, by the attempt before
            answer = self._look_up(name)
        meta = answer.json()
        self._take(meta.get("file", meta), {"n": numbers, "who": [self.name] * len(numbers)})

    def rename(self) -> None:
        if grid := self._grid():
            grid.name = self._new_name()
            self.caller.send("PATCH", f"/v2/grids/{grid.fid}", json={"filename": grid.name})

    def move(self) -> None:
        if grid := self._grid():
            path = f"{self.name} {self.random.randrange(3)}"
            body = {"parent_path": path}
            self.caller.send("PATCH", f"/v2/grids/{grid.fid}", json=body)

    def trash_or_restore(self) -> None:
        grid = self.random.choice(self.grids)
        action = "restore" if grid.trashed else "trash"
        # what is in the trash already, or no longer, is not found there
        self.caller.send("POST", f"/v2/grids/{grid.fid}/{action}", also=(400, 404))
        grid.trashed = not grid.trashed

    def delete(self) -> None:
        if grid := self._grid():
            path = f"/v2/grids/{grid.fid}/permanent_delete"
            self.caller.send("POST", f"/v2/grids/{grid.fid}/trash", also=(400, 404))
            self.caller.send("DELETE", path, (204,), also=(404,))
            self.grids.remove(grid)
            self.caller.send("GET", f"/v2/grids/{grid.fid}", (404,))

    def copy(self) -> None:
        if grid := self._grid():
            name = self._new_name()
            path = f"/v2/grids/{grid.fid}/copy"
            answer = self.caller.send("POST", path, (201,), also=(400,), json={"filename": name})
            if answer.status_code == 400:
                answer = self._look_up(name)
            meta = answer.json()
            columns = {name: [*values] for name, values in grid.columns.items()}
            self._take(meta.get("file", meta), columns)

    def read(self) -> None:
        if grid := self._grid():
            self.check(grid)

    def draw(self) -> None:
        """Draw a figure on a grid, or on none, and see that it is this one's image."""
        color = f"#{self.random.randrange(0x1000000):06x}"
        trace: dict[str, Any] = {"type": "scatter", "y": [1, 3, 2]}
        if (grid := self._grid()) and self.random.random() < 0.5:
            trace = {"type": "scatter", "ysrc": f"{grid.fid}:{grid.uids['n']}"}
        figure = {"data": [trace], "layout": {"paper_bgcolor": color}}
        body = {"figure": figure, "width": SIZE[0], "height": SIZE[1], "scale": 1}
        answer = self.caller.send("POST", "/v2/images", json=body)
        _check_image(answer.content, color)

    def plot(self) -> None:
        color = f"#{self.random.randrange(0x1000000):06x}"
        name = self._new_name()
        figure = {"data": [{"y": [1, 2]}], "layout": {"paper_bgcolor": color}}
        body = {"figure": figure, "filename": name}
        answer = self.caller.send("POST", "/v2/plots", (201,), also=(400,), json=body)
        if answer.status_code == 400:
            answer = self._look_up(name, "plots")
        meta = answer.json()
        self.plots[meta.get("file", meta)["fid"]] = color

    def look_around(self) -> None:
        user = self.caller.username
        self.caller.send("GET", f"/v2/folders/home?user={user}")
        self.caller.send("GET", f"/v2/search?q={self.name.replace(' ', '+')}")
        self.caller.send("GET", f"/~{user}/", (200, 401, 403))

    # what has to be there in the end

    def check_all(self) -> None:
        """See that all that was acknowledged is there, once and in order."""
        for grid in self.grids:
            if grid.trashed:
                self.caller.send("POST", f"/v2/grids/{grid.fid}/restore")
                grid.trashed = False
            self.check(grid)
        for fid, color in self.plots.items():
            figure = self.caller.send("GET", f"/v2/plots/{fid}/content").json()
            assert figure["layout"]["paper_bgcolor"] == color

    def check(self, grid: _Grid) -> None:
        """Compare a grid with what it is to hold."""
        cols = self.caller.send("GET", f"/v2/grids/{grid.fid}/content").json()["cols"]
        held = {name: cols[name]["data"] for name in sorted(cols, key=lambda n: cols[n]["order"])}
        assert held == grid.columns, f"{grid.fid} is not as it was acknowledged"
        meta = self.caller.send("GET", f"/v2/grids/{grid.fid}").json()
        assert meta["filename"] == grid.name

    # how

    def _grid(self) -> _Grid | None:
        there = [grid for grid in self.grids if not grid.trashed]
        return self.random.choice(there) if there else None

    def _take(self, meta: dict[str, Any], columns: dict[str, list[Any]]) -> None:
        uids = {col["name"]: col["uid"] for col in meta["cols"]}
        self.grids.append(_Grid(meta["fid"], meta["filename"], uids, columns))

    def _look_up(self, name: str, resource: str = "grids") -> Any:
        query = {"user": self.caller.username, "path": name}
        return self.caller.send("GET", f"/v2/{resource}/lookup", params=query)

    def _new_name(self) -> str:
        return f"{self.name} {self.random.getrandbits(64):x}"

    def _columns(self) -> dict[str, list[Any]]:
        length = self.random.choice([1, 10, 1_000, 20_000])
        return {"n": [*range(length)], "who": [self.name] * length}

    def _rows(self, width: int) -> list[list[Any]]:
        length = self.random.choice([1, 1, 1, 50, 2_000])
        return [[n, self.name, *["x"] * (width - 2)] for n in range(length)]


def _check_image(data: bytes, color: str) -> None:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.size == SIZE
    found = "#{:02x}{:02x}{:02x}".format(*image.getpixel((1, 1)))
    assert found == color, "the image of another figure"
