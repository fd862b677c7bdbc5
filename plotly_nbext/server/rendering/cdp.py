"""Chromium's DevTools protocol over the pipes that ``--remote-debugging-pipe`` opens."""

from __future__ import annotations

import asyncio
import itertools
import os
from typing import IO, Any

import orjson

from plotly_nbext.server.rendering.errors import CommandRefused, PageLost

__all__ = ["Connection"]

CHUNK = 1 << 16
"""Bytes that a pipe holds."""


class Connection:
    """Commands to a browser, and their answers.

    Nothing of an image or a figure goes this way, save a printed PDF: the pages have a socket
    of their own, which is ten times faster.

    Parameters
    ----------
    answers, commands : IO[bytes]
        Our ends of the pipes, unbuffered.
    """

    def __init__(self, answers: IO[bytes], commands: IO[bytes]) -> None:
        self._loop = asyncio.get_running_loop()
        self._answers = answers
        self._commands = commands
        self._unread = bytearray()
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._ended = asyncio.Event()
        os.set_blocking(answers.fileno(), False)
        self._loop.add_reader(answers.fileno(), self._read)

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
        number = next(self._ids)
        command = {"id": number, "method": method, "params": params or {}}
        if session:
            command["sessionId"] = session
        answer: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._waiting[number] = answer
        try:
            if self._ended.is_set():
                raise PageLost("The browser is gone.")
            self._commands.write(orjson.dumps(command) + b"\0")
            return await answer
        except BrokenPipeError as error:
            raise PageLost("The browser is gone.") from error
        finally:
            del self._waiting[number]

    async def wait_ended(self) -> None:
        """Wait until the browser has closed its end, which it does when it ends."""
        await self._ended.wait()

    def close(self) -> None:
        """Close our ends: a browser that is still there ends."""
        self._end()
        self._commands.close()
        self._answers.close()

    def _read(self) -> None:
        chunk = os.read(self._answers.fileno(), CHUNK)
        if not chunk:
            self._end()
            return
        self._unread += chunk
        if b"\0" in chunk:
            *messages, self._unread = self._unread.split(b"\0")
            for message in messages:
                self._settle(orjson.loads(message))

    def _settle(self, message: dict[str, Any]) -> None:
        answer = self._waiting.get(message.get("id", 0))
        if answer is None or answer.done():
            return  # an event, or nobody waits any more
        if "error" in message:
            answer.set_exception(CommandRefused(message["error"]["message"]))
        else:
            answer.set_result(message["result"])

    def _end(self) -> None:
        self._loop.remove_reader(self._answers.fileno())
        self._ended.set()
        # Answers to commands in flight never come once a page or its browser is killed.
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(PageLost("The browser is gone."))
