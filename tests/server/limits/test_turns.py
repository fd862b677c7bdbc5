"""Whose figure is drawn next, while many wait."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from plotly_nbext.server.limits.turns import Turns
from plotly_nbext.server.rendering import RendererUnavailable

AT_ONCE = 4


class Office:
    """Turns that end when the test says so."""

    def __init__(self, most_waiting: int = 1_000) -> None:
        self.at_once = AT_ONCE
        self.refused = 0
        self.turns = Turns(lambda: self.at_once, most_waiting, self._note)
        self.having: list[tuple[str, asyncio.Event]] = []

    def _note(self) -> None:
        self.refused += 1

    def ask(self, user: str) -> asyncio.Task[None]:
        async def work() -> None:
            async with self.turns.turn(user):
                done = asyncio.Event()
                self.having.append((user, done))
                await done.wait()

        return asyncio.create_task(work())

    async def end_first(self) -> None:
        self.having.pop(0)[1].set()
        await settle()

    @property
    def users(self) -> Counter:
        return Counter(user for user, _ in self.having)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_alone_has_all_turns():
    office = Office()
    works = [office.ask("alice") for _ in range(10)]
    await settle()
    assert office.users == {"alice": AT_ONCE}
    assert office.turns.waiting == 6
    for _ in works:
        await office.end_first()
    await asyncio.gather(*works)
    assert office.turns.waiting == 0


async def test_another_s_single_figure_has_the_next_turn_whatever_waits():
    office = Office()
    crowd = [office.ask("alice") for _ in range(200)]
    await settle()
    office.ask("bob")
    await settle()
    assert "bob" not in office.users
    await office.end_first()
    assert office.users == {"alice": AT_ONCE - 1, "bob": 1}
    for task in crowd:
        task.cancel()


async def test_turns_are_shared_evenly_among_those_who_wait():
    office = Office()
    for user, count in (("alice", 100), ("bob", 50), ("carol", 20)):
        for _ in range(count):
            office.ask(user)
    seen: Counter = Counter()
    await settle()
    for _ in range(40):
        seen[office.having[0][0]] += 1
        await office.end_first()
    assert max(seen.values()) - min(seen.values()) <= AT_ONCE


async def test_who_leaves_the_queue_makes_room_at_once():
    office = Office(most_waiting=2)
    having = [office.ask("alice") for _ in range(AT_ONCE)]
    await settle()
    leaving, staying = office.ask("alice"), office.ask("alice")
    await settle()
    leaving.cancel()
    await settle()
    assert office.turns.waiting == 1
    come = office.ask("bob")
    await settle()
    assert (office.turns.waiting, office.refused) == (2, 0)
    for _ in range(AT_ONCE + 2):
        await office.end_first()
    await asyncio.gather(*having, staying, come)


async def test_who_is_cancelled_just_as_their_turn_comes_passes_it_on():
    office = Office()
    for _ in range(AT_ONCE):
        office.ask("alice")
    await settle()
    leaving, next_one = office.ask("bob"), office.ask("carol")
    await settle()
    office.having.pop(0)[1].set()
    for _ in range(10):
        if office.turns.waiting == 1:
            break
        await asyncio.sleep(0)
    leaving.cancel()  # before he hears of it
    await settle()
    assert office.users == {"alice": AT_ONCE - 1, "carol": 1}
    next_one.cancel()


async def test_a_full_queue_refuses_whoever_has_most_in_it():
    office = Office(most_waiting=10)
    crowd = [office.ask("alice") for _ in range(AT_ONCE + 10)]
    await settle()
    one_more = office.ask("alice")
    await settle()
    with pytest.raises(RendererUnavailable, match="Too many figures wait"):
        one_more.result()
    single = office.ask("bob")
    await settle()
    assert not single.done()
    with pytest.raises(RendererUnavailable, match="Too many figures wait"):
        crowd[-1].result()
    assert office.refused == 2
    assert office.turns.waiting == 10
    for task in crowd:
        task.cancel()


async def test_more_turns_are_had_as_soon_as_there_are_more():
    office = Office()
    for _ in range(10):
        office.ask("alice")
    await settle()
    office.at_once = 8
    await office.end_first()
    assert office.users == {"alice": 8}
