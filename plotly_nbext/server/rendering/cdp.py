"""Chromium's DevTools protocol over the pipe that ``--remote-debugging-pipe`` opens."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import orjson

from plotly_nbext.server.rendering.errors import CommandRefused, PageLost

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

__all__ = ["Connection"]


class Connection:
    """Commands to a browser, and their answers.

    Nothing of an image or a figure goes this way, save a printed PDF: the pages have a socket
    of their own, which is ten times faster.

    Parameters
    ----------
    reader, writer : StreamReader, StreamWriter
        The two ends that are ours.
    """

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def call(
        self, method: str, params: dict[str, Any] | None = None, *, session: str | None = None
    ) -> dict[str, Any]:
        """Send a command and wait for its result.

        Raises
        ------
        PageLost
            The browser is gone, or went before it answered.
        CommandRefused
            It answered with an error.
        """
        if self._reading.done():
            raise PageLost("The browser is gone.")
        number = next(self._ids)
        command = {"id": number, "method": method, "params": params or {}}
        if session:
            command["sessionId"] = session
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            self._writer.write(orjson.dumps(command) + b"\0")
            return await answer
        finally:
            del self._answers[number]

    def close(self) -> None:
        """Stop listening; commands that still wait for an answer fail."""
        self._reading.cancel()

    async def _read(self) -> None:
        try:
            while True:
                message = orjson.loads((await self._reader.readuntil(b"\0"))[:-1])
                answer = self._answers.get(message.get("id"))
                if answer is None or answer.done():
                    continue  # an event, or nobody waits any more
                if "error" in message:
                    answer.set_exception(CommandRefused(message["error"]["message"]))
                else:
                    answer.set_result(message["result"])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser's end is closed
        finally:
            # Answers to commands in flight never come when a page or its browser is killed.
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(PageLost("The browser is gone."))
