"""Servers and databases that are killed at random moments, round by round on the same data."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

import pytest

from .. import postgres
from .changes import any_change
from .served import Served
from .sizes import ROUNDS, SEED
from .team import Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.crash, pytest.mark.timeout(0)]

CALLERS = 8
LONGEST_START = 30


class Rounds:
    """A server, its callers and their rounds.

    Parameters
    ----------
    folder : Path
        Where the server keeps what is its own.
    location : Path or str
        Where its database is.
    """

    def __init__(self, folder: Path, location: Path | str, random: Random) -> None:
        self.random = random
        self._location = location
        self.served = Served(folder, location)
        self.served.start()
        self.team = Team(self.served, CALLERS, random, any_change)

    def play(self, kill: Callable[[], None]) -> None:
        """Let all work, until what they work with is killed."""

        def end() -> None:
            time.sleep(self.random.uniform(0.02, 0.9))
            self._await_moment()
            kill()

        self.team.play(end)

    def _await_moment(self) -> None:
        """Wait for nothing, or until a change is being written or has just been answered.

        Of the changes that have one commit together, some are answered then, and others are not.
        """
        moments = (
            ["any", "answer", "write"] if isinstance(self._location, Path) else ["any", "answer"]
        )
        match self.random.choice(moments):
            case "answer":
                answered = self.random.choice(self.team.callers).answered
                answered.clear()
                answered.wait(2)
            case "write":
                log = self._location / "grids.db-wal"
                before, until = log.stat(), time.monotonic() + 2
                while log.stat().st_mtime_ns == before.st_mtime_ns and time.monotonic() < until:
                    time.sleep(0)

    def again(self) -> None:
        """Start the server, which now and then is killed while it starts."""
        if self.random.random() < 0.15:
            self.served.spawn()
            time.sleep(self.random.uniform(0.1, 1.5))
            self.served.kill()
        self.served.start()
        assert self.served.starts[-1] < LONGEST_START
        self.team.begin()


@contextmanager
def rounds(
    folder: Path, location: Path | str, record_property: Callable[[str, object], None]
) -> Iterator[Rounds]:
    """Play rounds, and tell what was counted in them."""
    played = Rounds(folder, location, Random(SEED))
    try:
        yield played
        starts = played.served.starts
        for name, value in [
            *played.team.count.items(),
            ("restarts", len(starts)),
            ("median restart in seconds", round(median(starts), 2)),
            ("longest restart in seconds", round(max(starts), 2)),
        ]:
            record_property(name, value)
    finally:
        played.served.stop()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_acknowledged_is_there_when_the_server_was_killed(kind, tmp_path, record_property):
    with ExitStack() as stack:
        location = tmp_path / "data"
        if kind == "postgresql":
            database = stack.enter_context(postgres.running(durable=True))
            location = stack.enter_context(database.database())
        played = stack.enter_context(rounds(tmp_path, location, record_property))
        for number in range(ROUNDS[kind]):
            with told(number):
                played.play(played.served.kill)
                played.again()
                played.team.check()
        if kind == "sqlite":
            _check_files(location)


@pytest.mark.parametrize("how", ["kill", "stop_immediately"])
def test_what_was_acknowledged_is_there_when_postgresql_was_killed_and_the_server_goes_on(
    how, tmp_path, record_property
):
    waits = []
    with (
        postgres.running(durable=True) as postgresql,
        postgresql.database() as location,
        rounds(tmp_path, location, record_property) as played,
    ):
        for caller in played.team.callers:
            caller.refusals = (503,)
        for number in range(ROUNDS["postgresql itself"]):
            with told(number):
                played.play(getattr(postgresql, how))
                begun = time.monotonic()
                postgresql.start()
                played.served.wait()
                waits.append(time.monotonic() - begun)
                played.team.check()
    record_property("longest wait for PostgreSQL in seconds", round(max(waits), 2))


@contextmanager
def told(number: int) -> Iterator[None]:
    """Say in which round something was not as it must be."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in round {number} of CRASH_SEED={SEED}")
        raise


def _check_files(data: Path) -> None:
    """See that nothing grows by being killed."""
    databases = {f"{name}.db{end}" for name in ("grids", "renders") for end in ("", "-wal", "-shm")}
    left = {path.name for path in data.iterdir()} - databases
    assert left == {"plotly-nbext-uploads", "server.lock"}
    assert not [*(data / "plotly-nbext-uploads").iterdir()]
