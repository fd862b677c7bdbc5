"""What a loss of power leaves of an SQLite database; of PostgreSQL's, see ``test_killed.py``.

The order in which things reach the disk, each before the next:

1. A change is written to the log of the database (``grids.db-wal``), page by page; the last page
   of a transaction says that it is the last. Each page has a checksum that runs on from the one
   before, and the two salts of the log's head.
2. The log is synced (``synchronous = FULL``), and with its first sync the folder, in which its name
   is new.
3. The answer goes out, 2xx. From here on the change may not be lost.
4. Once the log is long, a checkpoint syncs it, writes its pages to the database, and syncs that.
5. Only then the log is written anew from its beginning, with other salts: what is left of it from
   before no longer counts.

So what is torn is either the end of the log, that nobody was told of and whose checksum is wrong,
or a page of the database that is still whole in the log. When a database is new, its folder and
those above it are synced before anything is answered. What SQLite relies on, and so do we: that a
disk has what it says is synced, and that a write leaves the bytes beside it alone.

That is tried here: each write, sync and answer of a server is traced, and images of the disk are
made as they may be at any moment: of what was not synced, nothing is there, or all, the first of
it, some of it, or some of its sectors or pages. On each a server has to find what was acknowledged.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import pytest
import requests

from plotly_nbext.server.store import Database, users

from . import sound
from .callers import Caller
from .changes import any_change
from .disk import SENT, STRACE, Call, Disk, calls
from .here import served_here
from .model import seen
from .served import Served
from .sizes import IMAGES, SEED
from .team import Team

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.crash, pytest.mark.timeout(0)]

CALLERS = 5
CHANGES = 250
FILES = ("grids.db", "grids.db-wal", "grids.db-journal")
LONGEST = 120


@dataclass(frozen=True)
class Traced:
    """What a server has done, and what its callers were told.

    Attributes
    ----------
    answers : dict
        Ids of answers to their places among the calls.
    """

    folder: Path
    calls: list[Call]
    callers: list[Caller]
    answers: dict[str, int]


@pytest.fixture(scope="module")
def traced(tmp_path_factory) -> Traced:
    folder = tmp_path_factory.mktemp("power")
    trace = folder / "trace"
    data = folder / "above" / "data"
    tracer = [*STRACE, "-o", str(trace)]
    served = Served(folder, data, before=tracer, any_credentials=True)
    served.start()
    team = Team(served, CALLERS, Random(SEED), any_change)

    def end() -> None:
        until = time.monotonic() + LONGEST
        while sum(len(caller.history) for caller in team.callers) < CHANGES:
            assert time.monotonic() < until
            time.sleep(0.01)
        served.server.kill()

    team.play(end)
    served.kill()
    found = [
        call
        for call in calls(trace)
        if call.name in SENT or call.path.startswith(str(folder.parents[1]))
    ]
    return Traced(data, found, team.callers, _answers(found, team.callers))


def _answers(found: list[Call], callers: list[Caller]) -> dict[str, int]:
    wanted = {name.encode() for caller in callers for name, _, _ in caller.history}
    places: dict[str, int] = {}
    marker = b"x-request-id: "
    for place, call in enumerate(found):
        if call.name in SENT and call.begins and marker in call.data:
            start = call.data.index(marker) + len(marker)
            name = call.data[start : start + 16]
            if name in wanted:
                places.setdefault(name.decode(), place)
    assert len(places) == len(wanted), "answers are missing in what was traced"
    return places


def test_a_new_databases_folders_are_on_the_disk_before_anything_is_answered(traced):
    synced = Counter(
        call.path
        for call in traced.calls[: min(traced.answers.values())]
        if call.name in {"fsync", "fdatasync"} and call.ends
    )
    for folder in [traced.folder, *traced.folder.parents][:3]:
        assert synced[str(folder)], f"{folder} was not synced: {synced}"


def test_what_was_acknowledged_survives_a_loss_of_power(traced, tmp_path, record_property):
    random = Random(SEED)
    answered = sorted(traced.answers.values())
    # at an answer, when a sync ends, or in the middle of it all
    moments = Counter(
        random.choice([random.choice(answered), random.randrange(answered[0], len(traced.calls))])
        for _ in range(IMAGES)
    )
    disk, ways = Disk(str(traced.folder), FILES), Counter[str]()
    for place, call in enumerate(traced.calls):
        disk.follow(call)
        for number in range(moments[place]):
            image = tmp_path / f"{place} {number}"
            image.mkdir()
            how = disk.image(image, random)
            ways[how] += 1
            try:
                _check(image, traced, place)
            except BaseException as error:
                error.add_note(f"{how}, at call {place} of {len(traced.calls)}, CRASH_SEED={SEED}")
                raise
            for file in image.rglob("*.db*"):
                file.unlink()
    assert disk.synced[str(traced.folder / "grids.db")] > 1, "there was no checkpoint"
    for name, value in [("images", IMAGES), ("changes", len(answered)), *ways.items()]:
        record_property(name, value)


def test_a_disk_that_lies_about_its_syncs_is_noticed_here(traced, tmp_path):
    """Else all of the above would be no test."""
    disk = Disk(str(traced.folder), FILES, deaf="grids.db-wal")
    lost = 0
    moments = sorted(traced.answers.values())[20:30]
    for place, call in enumerate(traced.calls[: moments[-1] + 1]):
        disk.follow(call)
        if place in moments:
            image = tmp_path / str(place)
            image.mkdir()
            disk.image(image, Random(place))
            try:
                _check(image, traced, place)
            except AssertionError:
                lost += 1
    assert lost > len(moments) / 4


def _check(image: Path, traced: Traced, place: int) -> None:
    """Start a server on an image, and see that it has what was acknowledged by then."""
    sound.check(image)
    states = [_states(caller, traced.answers, place) for caller in traced.callers]
    fid, (owner, _) = traced.callers[0].shared
    with closing(Database(image)) as database:
        with database.write() as connection:
            keys = {name: users.rotate_key(connection, name) for name in users.names(connection)}
        with served_here(image, database) as url:
            for caller, allowed in zip(traced.callers, states, strict=True):
                if caller.username not in keys:
                    assert allowed[0][1] == {}, caller.username
                    continue
                reader = Caller(
                    caller.username, keys[caller.username], Random(), any_change, caller.shared
                )
                reader.begin(url)
                assert reader.observe() in [seen(world) for _, world, _ in allowed]
            path = f"{url}/v2/grids/{fid}/content"
            cols = requests.get(path, auth=(owner, keys[owner]), timeout=60).json()["cols"]
    rows = [*zip(cols["who"]["data"], cols["n"]["data"], strict=True)]
    for caller, allowed in zip(traced.callers, states, strict=True):
        own = [number for who, number in rows if who == caller.username]
        assert own == [*range(len(own))]
        assert len(own) in [appended for _, _, appended in allowed]


def _states(caller: Caller, answers: dict[str, int], place: int) -> list[tuple[str, dict, int]]:
    """Give the states in which a caller's files may be: as last told, or one change further."""
    history = [("", {}, 0), *caller.history]
    told = bisect_right([answers[name] for name, _, _ in caller.history], place)
    allowed = history[told : told + 2]
    if told == len(caller.history) and caller.pending is not None:
        pending = caller.pending
        allowed.append(("", pending.after, caller.appended + pending.rows))
    return allowed
