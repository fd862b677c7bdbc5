"""Clients who each send their next request when they have the last one's answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import quantiles
from typing import TYPE_CHECKING, Final

import httpx

from .kinds import GRID, MIX, asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["HEADERS", "Answered", "Answers", "run"]

REFUSALS: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
"""How a server says that more is asked of it than it can do."""

PATIENCE: Final = 120.0

HEADERS: Final = {"Plotly-Client-Platform": "benchmark", "Content-Type": "application/json"}
"""What each request has."""


@dataclass
class Answered:
    """What came of requests of one kind.

    Attributes
    ----------
    seconds : list of float
        How long each waited that was done as it was asked.
    refused : Counter
        How many were refused as too many, by status.
    failed : Counter
        How many came to anything else, by what that was.
    """

    seconds: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def missed(self) -> float:
        """Which share of them was not done."""
        missed = self.refused.total() + self.failed.total()
        return missed / (missed + len(self.seconds)) if missed else 0.0

    def percentile(self, percent: int) -> float:
        """Tell within how many seconds so many percent were done."""
        if len(self.seconds) == 1:
            return self.seconds[0]
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


@dataclass
class Answers:
    """What came of everything that some clients asked for.

    Attributes
    ----------
    kinds : dict
        By the kind of request.
    elapsed : float
        Seconds that it took.
    """

    kinds: dict[str, Answered] = field(default_factory=lambda: defaultdict(Answered))
    elapsed: float = 0.0

    @property
    def count(self) -> int:
        """How many were done."""
        return sum(len(each.seconds) for each in self.kinds.values())

    @property
    def refused(self) -> Counter[int]:
        """How many were refused as too many, by status."""
        return sum((each.refused for each in self.kinds.values()), Counter())

    @property
    def failed(self) -> Counter[str]:
        """How many came to anything else, by kind and what that was."""
        return Counter(
            {
                f"{kind}: {what}": count
                for kind, each in self.kinds.items()
                for what, count in each.failed.items()
            }
        )


def run(
    url: str,
    clients: int,
    goes_on: Callable[[Answers], bool],
    mix: Mapping[str, int] = MIX,
) -> Answers:
    """Have so many users ask a server, each with a grid of their own.

    Parameters
    ----------
    goes_on : callable
        Whether a client sends another request, by what was answered so far.
    mix : mapping of int
        How many of the requests are of a kind.
    """
    return asyncio.run(_run(url, clients, goes_on, mix))


async def _run(
    url: str, clients: int, goes_on: Callable[[Answers], bool], mix: Mapping[str, int]
) -> Answers:
    answers = Answers()
    async with AsyncExitStack() as stack:
        users = [
            _User(await stack.enter_async_context(_http(url)), f"user-{number}")
            for number in range(clients)
        ]
        await asyncio.gather(*(user.prepare() for user in users))
        begun = time.perf_counter()
        await asyncio.gather(*(user.ask(answers, goes_on, mix) for user in users))
        answers.elapsed = time.perf_counter() - begun
    return answers


def _http(url: str) -> httpx.AsyncClient:
    # one for each: a pool of a hundred takes more time than the server
    return httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False, verify=False)


class _User:
    def __init__(self, http: httpx.AsyncClient, name: str) -> None:
        self._http = http
        self._auth = (name, "any")
        self._dice = random.Random(name)
        self._fid = ""

    async def prepare(self) -> None:
        while True:  # more may come than a server takes at once
            made = await self._http.post(
                "/v2/grids", content=GRID, auth=self._auth, headers=HEADERS
            )
            if made.status_code not in REFUSALS:
                break
            await asyncio.sleep(float(made.headers["Retry-After"]))
        made.raise_for_status()
        self._fid = made.json()["file"]["fid"]

    async def ask(
        self, answers: Answers, goes_on: Callable[[Answers], bool], mix: Mapping[str, int]
    ) -> None:
        while goes_on(answers):
            (kind,) = self._dice.choices([*mix], [*mix.values()])
            await self._ask_once(answers.kinds[kind], kind)

    async def _ask_once(self, answered: Answered, kind: str) -> None:
        method, path, options = asked(kind, self._fid)
        headers = HEADERS | options.pop("headers", {})
        start = time.perf_counter()
        try:
            answer = await self._http.request(
                method, path, auth=self._auth, headers=headers, **options
            )
        except httpx.HTTPError as error:
            answered.failed[type(error).__name__] += 1
            return
        if answer.is_success:
            answered.seconds.append(time.perf_counter() - start)
        elif answer.status_code in REFUSALS:
            answered.refused[answer.status_code] += 1
            await asyncio.sleep(min(float(answer.headers["Retry-After"]), 1.0))
        else:
            answered.failed[str(answer.status_code)] += 1
