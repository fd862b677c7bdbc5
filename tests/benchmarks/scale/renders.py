"""What many clients get who have figures drawn at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..grids.measures import Times
from ..rendering.engines import KEY, OverHTTP
from ..rendering.figures import figures, renew

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Drawn", "by_renders"]

BROWSERS: Final = 4
WARM_SECONDS: Final = 3.0


@dataclass
class Drawn:
    """What so many clients got.

    Attributes
    ----------
    times : Times
        How long each waited for each image.
    rate : float
        Images a second, of all.
    """

    times: Times
    rate: float


def by_renders(clients: Sequence[int], seconds: float) -> list[Drawn]:
    """Time light figures, each another, of so many users who each wait for one at a time."""
    with OverHTTP(BROWSERS) as server:
        _draw(server, BROWSERS, WARM_SECONDS)
        return [_draw(server, count, seconds) for count in clients]


def _draw(server: OverHTTP, clients: int, seconds: float) -> Drawn:
    figure, lock = next(iter(figures().values())), threading.Lock()
    drawn = Times()
    begun = time.perf_counter()

    def client(number: int) -> None:
        with server.session() as session:
            session.auth = (f"user-{number}", KEY)
            while time.perf_counter() < begun + seconds:
                with lock:
                    body = server.body(renew(figure), "png")
                drawn.add(lambda body=body: server.post(body, session))

    with ThreadPoolExecutor(clients) as threads:
        for work in [threads.submit(client, number) for number in range(clients)]:
            work.result()
    return Drawn(drawn, len(drawn.seconds) / (time.perf_counter() - begun))
