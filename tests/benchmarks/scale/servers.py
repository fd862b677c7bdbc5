"""What several servers of one database answer in a second."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from ..grids.engines import KEY, USER, Server, connect
from ..grids.frames import mixed
from ..grids.load import Request, rate

if TYPE_CHECKING:
    from ... import postgres

__all__ = ["requests_per_second"]

CLIENTS: Final = 16


def requests_per_second(
    database: postgres.Server, servers: int, seconds: float
) -> dict[str, float]:
    """Count what is answered to clients who each ask one server, and have a grid of their own."""
    with ExitStack() as stack:
        url = stack.enter_context(database.database())
        urls = [stack.enter_context(Server(url)).url for _ in range(servers)]
        client = connect(urls[0])
        frame = mixed(1_000)
        fids = [
            client.push(frame, f"grid {number}", progress=False).fid for number in range(CLIENTS)
        ]
        addresses = [f"{urls[number % servers]}/v2/grids/{fid}" for number, fid in enumerate(fids)]
        row = frame.head(1).astype(str).to_numpy().tolist()
        return {
            "metadata": rate([Request.get(each, (USER, KEY)) for each in addresses], seconds),
            "windows of 100 rows": rate(
                [
                    Request.get(f"{each}/content?start=0&stop=100", (USER, KEY))
                    for each in addresses
                ],
                seconds,
            ),
            "appends of a row": rate(
                [Request.append(f"{each}/row", (USER, KEY), row) for each in addresses], seconds
            ),
        }
