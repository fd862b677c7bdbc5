"""Those who change things, one after the other, until their server is gone."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests

from .model import File, World, seen

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

__all__ = ["Caller", "Change"]

PATIENCE = 120


class Refused(Exception):  # noqa: N818 - it is an answer
    """What was asked was answered with 503."""


@dataclass(frozen=True)
class Change:
    """A request, and what is there once it was done.

    Attributes
    ----------
    rows : int
        Those that it appends to the grid that all share.
    """

    method: str
    path: str
    wanted: int
    options: dict[str, Any]
    after: World
    rows: int = 0


@dataclass
class Caller:
    """A user who makes one change after the other, and knows what was acknowledged.

    Attributes
    ----------
    username, api_key : str
        Whose changes they are.
    random : Random
        Chooses what they change.
    choose : callable
        Chooses the next change of a caller; see ``changes.py``.
    shared : tuple
        The fid of the grid that all append to, and the credentials of its owner.
    world : dict
        What must be there.
    appended : int
        How many of the rows of the grid that all share are this caller's.
    pending : Change, optional
        What was sent and not answered.
    refusals : tuple of int
        What may be answered for now: 503, which is no more than no answer, or 507, which says that
        nothing was kept.
    enough : Event
        Ends the work.
    answered : Event
        Set by each answer.
    history : list
        Each answer by its id, with what must be there from then on.
    count : Counter
        What became of all changes.
    """

    username: str
    api_key: str
    random: Random
    choose: Callable[[Caller], Change]
    shared: tuple[str, tuple[str, str]]
    world: World = field(default_factory=dict)
    appended: int = 0
    made: int = 0
    pending: Change | None = None
    refusals: tuple[int, ...] = ()
    enough: Event = field(default_factory=Event)
    answered: Event = field(default_factory=Event)
    history: list[tuple[str, World, int]] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)
    url: str = ""
    _known: dict[str, Any] = field(default_factory=dict)

    def begin(self, url: str) -> None:
        """Go to a server that has just started."""
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (self.username, self.api_key)
        self._session.headers["Plotly-Client-Platform"] = "python 5.24.1"

    def work(self) -> None:
        """Make changes until one is not answered, or it is enough."""
        while self.pending is None and not self.enough.is_set():
            try:
                change = self.choose(self)
            except requests.RequestException:
                return
            except Refused:
                assert 503 in self.refusals
                return
            self.pending = change
            try:
                answer = self.send(change.method, change.path, **change.options)
            except requests.RequestException:
                self.count["unanswered"] += 1
                return
            if answer.status_code in self.refusals:
                self.count[f"refused with {answer.status_code}"] += 1
                assert answer.json()["errors"][0]["code"] in {"UNAVAILABLE", "NO_ROOM"}
                if answer.status_code == 507:
                    self.pending = None
                    continue
                assert int(answer.headers["Retry-After"]) > 0
                return
            told = f"{change.method} {change.path}: {answer.status_code} {answer.text[:300]}"
            assert answer.status_code == change.wanted, told
            self.count["acknowledged"] += 1
            self._done(change)
            self.history.append((answer.headers["X-Request-Id"], self.world, self.appended))
            self.answered.set()

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request."""
        return self._session.request(
            method, self.url + path, timeout=PATIENCE, allow_redirects=False, **options
        )

    def read(self, path: str, /, **params: Any) -> Any:
        """Read JSON that has to be there."""
        answer = self.send("GET", path, params=params)
        told = f"{path} {params}: {answer.status_code} {answer.text[:300]}"
        if answer.status_code == 503:
            raise Refused(told)
        assert answer.status_code == 200, told
        return answer.json()

    def known(self, name: str) -> dict[str, Any]:
        """Give the metadata of a file, of which the fid and the uids are of interest."""
        if name not in self._known:
            folder = self.world[name].folder
            path = f"{folder}/{name}" if folder else name
            self._known[name] = self.read("/v2/files/lookup", path=path)
        return self._known[name]

    def uids(self, name: str) -> dict[str, str]:
        """Give the uids of a grid's columns, by their names."""
        fid = self.known(name)["fid"]
        return {col["name"]: col["uid"] for col in self.read(f"/v2/grids/{fid}")["cols"]}

    def settle(self, rows: list[int]) -> None:
        """See that all that was acknowledged is there, and the rest wholly or not at all.

        Parameters
        ----------
        rows : list of int
            This caller's in the grid that all share, in their order.
        """
        pending, self.pending = self.pending, None
        there = self.observe()
        assert rows == [*range(len(rows))], f"{self.username}: rows are missing, or there twice"
        is_before = there == seen(self.world) and len(rows) == self.appended
        if pending is None:
            assert is_before, _difference(there, seen(self.world))
            return
        is_after = there == seen(pending.after) and len(rows) == self.appended + pending.rows
        told = f"{pending.method} {pending.path} is half there"
        assert is_before or is_after, (told, _difference(there, seen(self.world)))
        self.count["there" if is_after else "absent"] += 1
        if is_after:
            self._done(pending)
        if "Idempotency-Key" in pending.options.get("headers", {}) and self.random.random() < 0.5:
            self._repeat(pending, is_after=is_after)

    def observe(self) -> dict[str, Any]:
        """Read all that this user has, as :func:`seen` tells it."""
        found, folders = {}, {-1: ""}
        listed = self._listed("/v2/folders/all")
        folders |= {
            int(meta["fid"].split(":")[1]): meta["filename"]
            for meta in listed
            if meta["filetype"] == "fold"
        }
        for meta in listed:
            assert meta["filename"] not in found, f"{meta['filename']} is there twice"
            found[meta["filename"]] = self._observed(meta, folders[meta["parent"]])
        for meta in self._listed("/v2/folders/trashed"):
            found[meta["filename"]] = "in the trash"
        return found

    def _listed(self, path: str) -> list[dict[str, Any]]:
        found = []
        page: int | None = 1
        while page is not None:
            children = self.read(path, page=page, page_size=100)["children"]
            found += children["results"]
            page = page + 1 if children["next"] else None
        return found

    def _observed(self, meta: dict[str, Any], folder: str) -> dict[str, Any]:
        fid, kind = meta["fid"], meta["filetype"]
        columns: dict[str, Any] = {}
        metadata: dict[str, Any] = {}
        figure = None
        if kind == "grid":
            cols = self.read(f"/v2/grids/{fid}/content")["cols"]
            columns = {
                name: cols[name]["data"] for name in sorted(cols, key=lambda n: cols[n]["order"])
            }
            metadata = self.read(f"/v2/grids/{fid}")["metadata"] or {}
        elif kind == "plot":
            figure = self.read(f"/v2/plots/{fid}/content")
        file = File(kind, columns, figure, metadata, folder)
        return seen({"": File("fold"), folder: File("fold"), "this one": file})["this one"]

    def _done(self, change: Change) -> None:
        self.world = change.after
        self.appended += change.rows
        self.pending = None

    def _repeat(self, change: Change, *, is_after: bool) -> None:
        """Send a change that has a key again, as a client does."""
        answer = self.send(change.method, change.path, **change.options)
        assert answer.status_code == change.wanted, answer.text[:300]
        self.count["repeated"] += 1
        if not is_after:
            self._done(change)
        assert self.observe() == seen(self.world), f"{change.method} {change.path} was done twice"


def once() -> dict[str, str]:
    """Make a header by which a change is made once, however often it is sent."""
    return {"Idempotency-Key": uuid4().hex}


def archive(files: dict[str, str]) -> bytes:
    """Pack texts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            target.writestr(name, text)
    return packed.getvalue()


def _difference(there: dict[str, Any], wanted: dict[str, Any]) -> str:
    """Tell in which files two states differ, and how they begin."""
    names = sorted(name for name in {*there, *wanted} if there.get(name) != wanted.get(name))
    return "; ".join(
        f"{name}: there is {str(there.get(name))[:200]}, not {str(wanted.get(name))[:200]}"
        for name in names[:5]
    )
